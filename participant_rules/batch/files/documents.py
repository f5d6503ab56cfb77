"""A JSON document: one payload, a list of them, or a bulk body with `participants`.

Each payload stays text, so that one with a fault does not hide the others.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from json import JSONDecodeError
from typing import Final, NamedTuple

from attrs import field, frozen

from participant_rules.batch.files.content import Content
from participant_rules.batch.files.json_remarks import remarks_of
from participant_rules.batch.files.lines import JsonFile, Lines
from participant_rules.batch.files.notices import members_unread
from participant_rules.batch.files.slices import sliced
from participant_rules.batch.files.text_places import fault_position
from participant_rules.batch.records import Chunk, Held, Kind, Notice, Unusable
from participant_rules.jsonplaces import DECODER, after_white, members, place, position_of_fault
from participant_rules.jsontext import MAX_DEPTH, too_deep_at
from participant_rules.rules import at

__all__ = ["Document", "Payloads", "Span", "document", "payloads_in"]

Span = tuple[int, int]
"""Where a payload begins and ends."""
_SECOND: Final = "more than one value"
_TWICE: Final = "more than one list"
_LIST: Final = "participants"


@frozen
class Document(JsonFile):
    """A document in memory, and where its payloads stand."""

    kind: Kind = field(default="json", init=False)
    _text: str = field(repr=False)
    _spans: Sequence[Span] = field(repr=False)
    notices: Sequence[Notice] = ()

    def parts(self, records: int) -> Iterator[Held]:
        """Its parts, of so many payloads each; a row is a position, from 1."""
        for taken, size in sliced(len(self._spans), records, self.size):
            payloads = [self._text[begin:end] for begin, end in self._spans[taken]]
            rows = range(taken.start + 1, taken.stop + 1)
            yield Held(Chunk(payloads, rows, remarks=remarks_of(payloads, rows)), size)

    def fault_place(self, row: int, payload: object, pointer: str) -> str:  # noqa: ARG002  the port's
        """The line and the column of a fault of a payload's text."""
        begin, end = self._spans[row - 1]
        position = fault_position(self._text[begin:end], pointer)
        return "" if position is None else str(place(self._text, begin + position))


def document(content: Content) -> Document | Lines:
    """The document, or the JSON lines that a file begins with; raises Unusable for any other file."""
    first, goes_on = _first_line(content)
    if goes_on and _is_object(first):
        return Lines(content)
    text = _text(content)
    try:
        found = payloads_in(text)
    except (ValueError, RecursionError) as failure:
        if goes_on and first.startswith(b"{") and first.endswith(b"}"):
            return Lines(content)  # its first line has a fault
        raise Unusable(f"{content.name}: {_why(text, failure)}") from None
    return Document(content, text, found.spans, tuple(_unread(found.beside)))


def _unread(others: Sequence[str]) -> Iterator[Notice]:
    """The notice on what a bulk body has beside its list."""
    if others:
        named = ", ".join(map(json.dumps, others))
        yield Notice(1, None, members_unread.violation(at(members=named)))


def _why(text: str, failure: Exception) -> str:
    """What is wrong with a document, with its line and its column."""
    if not isinstance(failure, JSONDecodeError):
        return f"{place(text, too_deep_at(text) or 0)}: {_DEEP}"
    return f"{place(text, position_of_fault(failure))}: {_SAID.get(failure.msg, _NO_JSON)}"


_NO_JSON: Final = "the file is no JSON"
_DEEP: Final = f"the file nests deeper than {MAX_DEPTH} levels"
_SAID: Final = {
    _SECOND: "a second value begins here; records stand in one list, or each on a line of its own",
    _TWICE: f'key-repeated: a second "{_LIST}" stands here',
}


def _first_line(content: Content) -> tuple[bytes, bool]:
    """The first line that is not blank, and whether there is more than white space behind it."""
    with content.open() as file:
        first = next(stripped for line in file if (stripped := line.removeprefix(BOM_UTF8).strip()))
        return first, any(line.strip() for line in file)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(DECODER.decode(line.decode()), dict)
    except (ValueError, RecursionError):
        return False


def _text(content: Content) -> str:
    with content.open() as file:
        data = file.read().removeprefix(BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as failure:
        before = data[: failure.start].decode()
        raise Unusable(f"{content.name}: {place(before, len(before))}: the file is not UTF-8") from None


# ---- where the payloads stand


class Payloads(NamedTuple):
    """Where the payloads of a document stand, and whether in a list; the names of members `beside` that."""

    spans: Sequence[Span]
    are_listed: bool
    beside: Sequence[str] = ()


def payloads_in(text: str, position: int = 0) -> Payloads:
    """Where the payloads of a document stand.

    Raises ValueError or RecursionError for a text that is no JSON, or has two lists of them.
    """
    start = after_white(text, position)
    if text[start : start + 1] == "[":
        return Payloads(_whole(text, *_elements(text, start)), are_listed=True)
    value, end = DECODER.raw_decode(text, start)
    _whole(text, [], end)
    if not (isinstance(value, dict) and isinstance(value.get(_LIST), list)):
        return Payloads([(start, end)], are_listed=False)
    lists = [where for name, _, where in members(text, start) if name == _LIST]
    if len(lists) > 1:
        raise JSONDecodeError(_TWICE, text, lists[1])
    beside = [each for each in value if each != _LIST]
    return Payloads(_elements(text, lists[0])[0], are_listed=True, beside=beside)


def _whole(text: str, spans: Sequence[Span], end: int) -> Sequence[Span]:
    position = after_white(text, end)
    if position != len(text):
        why = _SECOND if text[position] in "{[" else "something behind the value"
        raise JSONDecodeError(why, text, position)
    return spans


def _elements(text: str, position: int) -> tuple[Sequence[Span], int]:
    """Where the elements of the list at a position stand, and where it ends."""
    spans: list[Span] = []
    position = after_white(text, position + 1)
    if text[position : position + 1] == "]":
        return spans, position + 1
    while True:
        end = DECODER.raw_decode(text, position)[1]
        spans.append((position, end))
        position = after_white(text, end)
        if text[position : position + 1] == "]":
            return spans, position + 1
        if text[position : position + 1] != ",":
            raise JSONDecodeError("no list", text, position)
        position = after_white(text, position + 1)
