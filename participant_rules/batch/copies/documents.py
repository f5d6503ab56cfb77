"""Copies of a JSON document: a payload, a list of them, or a bulk body with `participants`."""

from collections.abc import Iterator
from typing import BinaryIO

from participant_rules.batch.copies.choices import Choice
from participant_rules.batch.copies.original import Original
from participant_rules.batch.copies.splicing import spliced
from participant_rules.batch.copies.verdicts import NO_RECORD, Verdict, Verdicts
from participant_rules.batch.files.documents import Payloads, payloads_in
from participant_rules.batch.files.text_places import behind_mark
from participant_rules.batch.records import Unusable

__all__ = ["copy"]


def copy(original: Original, verdicts: Verdicts, choice: Choice, out: BinaryIO) -> None:
    """Write the document with the wanted payloads; the text around them stays.

    A document that is one payload becomes an empty list where it is not wanted. Raises Unusable for what is
    no JSON in UTF-8.
    """
    with original.open() as file:
        try:
            text = file.read().decode()
            found = payloads_in(text, behind_mark(text))
        except (ValueError, RecursionError):
            raise Unusable(f"{original.name}: the file is no JSON") from None
    out.writelines(each.encode() for each in _copied(text, found, verdicts, choice))


def _copied(text: str, found: Payloads, verdicts: Verdicts, choice: Choice) -> Iterator[str]:
    """The pieces of the copy: the wanted payloads, each with the text before it."""
    spans = found.spans
    judged = [verdicts.of(row) for row in range(1, len(spans) + 1)]
    wanted = [place for place, verdict in enumerate(judged) if choice.takes(verdict[0])]
    if not (wanted or found.are_listed):
        yield "[]\n"
        return
    yield text[: spans[0][0]] if spans else text
    for place in wanted:
        if place != wanted[0]:
            yield text[spans[place - 1][1] : spans[place][0]]
        yield _payload(text[slice(*spans[place])], choice, judged[place], place + 1)
    if spans:
        yield text[spans[-1][1] :]


def _payload(text: str, choice: Choice, verdict: Verdict, row: int) -> str:
    if verdict == NO_RECORD:
        return text
    return spliced(text, dict(zip(choice.columns, choice.texts(verdict, row), strict=True)))
