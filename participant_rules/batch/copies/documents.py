"""Copies of a JSON document: a payload, a list of them, or a bulk body with `participants`."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from attrs import field, frozen

from participant_rules.batch.copies.choices import Choice
from participant_rules.batch.copies.original import Original
from participant_rules.batch.copies.splicing import DECODER, MARK, spliced
from participant_rules.batch.copies.verdicts import NO_RECORD, Verdict, Verdicts
from participant_rules.batch.records import Unusable

__all__ = ["copy", "spans_of"]

_Span = tuple[int, int]


def copy(original: Original, verdicts: Verdicts, choice: Choice, out: BinaryIO) -> None:
    """Write the document with the wanted payloads; the text around them stays.

    A document that is one payload becomes an empty list where it is not wanted. Raises Unusable for what is
    no JSON in UTF-8.
    """
    with original.open() as file:
        try:
            document = _Document.of(file.read().decode())
        except (ValueError, RecursionError):
            raise Unusable(f"{original.name}: the file is no JSON") from None
    out.writelines(each.encode() for each in _copied(document, verdicts, choice))


def _copied(document: "_Document", verdicts: Verdicts, choice: Choice) -> Iterator[str]:
    """The pieces of the copy: the wanted payloads, each with the text before it."""
    text, spans = document.text, document.spans
    judged = [verdicts.of(row) for row in range(1, len(spans) + 1)]
    wanted = [place for place, verdict in enumerate(judged) if choice.takes(verdict[0])]
    if not (wanted or document.is_list):
        yield "[]\n"
        return
    yield text[: document.begin]
    for place in wanted:
        if place != wanted[0]:
            yield text[spans[place - 1][1] : spans[place][0]]
        yield _payload(text[slice(*spans[place])], choice, judged[place], place + 1)
    yield text[document.end :]


def _payload(text: str, choice: Choice, verdict: Verdict, row: int) -> str:
    if verdict == NO_RECORD:
        return text
    return spliced(text, dict(zip(choice.columns, choice.texts(verdict, row), strict=True)))


# ---- where the payloads stand


@frozen
class _Document:
    """The text of a document, and where its payloads stand."""

    text: str = field(repr=False)
    spans: Sequence[_Span]
    is_list: bool

    @classmethod
    def of(cls, text: str) -> "_Document":
        """Find the payloads; raises ValueError or RecursionError for a text that is no JSON."""
        value = DECODER.decode(text.removeprefix(MARK))
        start = _after_white(text, 1 if text.startswith(MARK) else 0)
        place = start if isinstance(value, list) else _bulk(text, start, value)
        if place is None:
            return cls(text, [(start, DECODER.raw_decode(text, start)[1])], is_list=False)
        return cls(text, list(_elements(text, place)), is_list=True)

    @property
    def begin(self) -> int:
        """Where the first payload begins."""
        return self.spans[0][0] if self.spans else len(self.text)

    @property
    def end(self) -> int:
        """Where the last payload ends."""
        return self.spans[-1][1] if self.spans else len(self.text)


def spans_of(text: str) -> Sequence[_Span]:
    """The spans of a document's payloads; raises ValueError or RecursionError for a text that is no JSON."""
    return _Document.of(text).spans


_white = re.compile(r"[ \t\r\n]*").match


def _after_white(text: str, position: int) -> int:
    """The position behind a value; the text is known to be sound."""
    found: Any = _white(text, position)
    end: int = found.end()
    return end


def _elements(text: str, position: int) -> Iterator[_Span]:
    """Where the elements of the list at a position stand."""
    position = _after_white(text, position + 1)
    while text[position] != "]":
        end = DECODER.raw_decode(text, position)[1]
        yield position, end
        position = _after_comma(text, end)


def _bulk(text: str, position: int, value: Any) -> int | None:
    """Where the list of a bulk body stands; None for a document that is none."""
    if not (isinstance(value, dict) and isinstance(value.get("participants"), list)):
        return None
    return dict(_members(text, position))["participants"]


def _members(text: str, position: int) -> Iterator[tuple[str, int]]:
    """The names in the object at a position, and where their values stand."""
    position = _after_white(text, position + 1)
    while text[position] != "}":
        name, end = DECODER.raw_decode(text, position)
        place = _after_white(text, _after_white(text, end) + 1)
        yield name, place
        position = _after_comma(text, DECODER.raw_decode(text, place)[1])


def _after_comma(text: str, position: int) -> int:
    """The position of the next element, or of the closing bracket."""
    position = _after_white(text, position)
    return _after_white(text, position + 1) if text[position] == "," else position
