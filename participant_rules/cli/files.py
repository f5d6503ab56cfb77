"""Reading files: records of payloads, and definitions."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen

from participant_rules import jsontext

__all__ = ["Record", "Unusable", "read_definition", "read_records"]


class Unusable(Exception):
    """A file that cannot be used; the message is one line for the person who named it."""


@frozen
class Record:
    """One payload of a file: its text, and its number as a person counts."""

    file: str
    number: int
    text: str = field(repr=False)


def read_records(files: Sequence[str]) -> list[Record]:
    """The payloads of files: a JSON value, a list, a bulk body, or JSON lines; `-` is standard input."""
    return [record for file in files for record in _records(file)]


def read_definition(file: str) -> Any:
    """The JSON value of a definition."""
    value, faults = jsontext.read(_text(file))
    if faults:
        raise Unusable(f"{file}: {faults[0].text}{f' ({faults[0].pointer})' if faults[0].pointer else ''}")
    return value


def _records(file: str) -> Iterator[Record]:
    text = _text(file)
    if not text.strip():
        raise Unusable(f"{file}: the file is empty")
    if file.endswith((".jsonl", ".ndjson")):
        yield from _lines(file, text)
        return
    try:
        elements = _elements(text)
    except (ValueError, RecursionError):
        if not _begins_with_a_whole_line(text):
            raise Unusable(f"{file}: the file is no JSON") from None
        yield from _lines(file, text)
    else:
        yield from (Record(file, number, element) for number, element in enumerate(elements, start=1))


def _text(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as failure:
        raise Unusable(f"{file}: {failure.strerror}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise Unusable(f"{file}: the file is not UTF-8 (at byte {failure.start})") from None


def _lines(file: str, text: str) -> Iterator[Record]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield Record(file, number, line)


def _begins_with_a_whole_line(text: str) -> bool:
    """Whether the first line is a JSON object by itself, so that the file is meant as JSON lines."""
    first, _, rest = text.lstrip().partition("\n")
    return bool(rest.strip()) and first.startswith("{") and first.rstrip().endswith("}")


_decoder = json.JSONDecoder()


def _elements(text: str) -> list[str]:
    """The texts of a list's elements, or of a bulk body's `participants`, or the text itself.

    Each element stays text, so that one with a fault does not hide the others. Raises ValueError for what is
    no JSON at all.
    """
    start = len(text) - len(text.lstrip())
    value, end = _decoder.raw_decode(text, start)
    if text[end:].strip():
        raise ValueError("more than one JSON value")
    if isinstance(value, dict) and isinstance(value.get("participants"), list):
        return [json.dumps(each) for each in value["participants"]]
    if not isinstance(value, list):
        return [text]
    return list(_split(text, start + 1, len(value)))


def _split(text: str, position: int, length: int) -> Iterator[str]:
    """The texts of so many elements of a list that is known to be sound."""
    for _ in range(length):
        while text[position] in " \t\r\n,":
            position += 1
        _, end = _decoder.raw_decode(text, position)
        yield text[position:end]
        position = end
