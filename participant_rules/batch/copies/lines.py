"""Copies of JSON lines: each object as it stands, with members of ours before its last brace."""

from typing import BinaryIO

from participant_rules.batch.copies.choices import Choice
from participant_rules.batch.copies.original import Original
from participant_rules.batch.copies.splicing import spliced
from participant_rules.batch.copies.verdicts import NO_RECORD, Verdict, Verdicts

__all__ = ["copy"]


def copy(original: Original, verdicts: Verdicts, choice: Choice, out: BinaryIO) -> None:
    """Write the lines that are wanted; one that is no object, or was not judged, stays as it is."""
    with original.open() as file:
        for number, line in enumerate(file, start=1):
            verdict = verdicts.of(number)
            if choice.takes(verdict[0]):
                out.write(_with_members(line, choice, verdict, number))


def _with_members(line: bytes, choice: Choice, verdict: Verdict, row: int) -> bytes:
    if verdict == NO_RECORD:
        return line
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return line
    return spliced(text, dict(zip(choice.columns, choice.texts(verdict, row), strict=True))).encode()
