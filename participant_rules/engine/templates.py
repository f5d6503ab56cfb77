"""JSON texts of a shape that is met often, read without being decoded.

Files repeat their shape: the same members in the same order, with the same white space between them. From a
few texts of a shape a regular expression is made, which matches only JSON whose names are these, and whose
values are such that no more than what it captures needs to be looked at. So a match is the same as a strict
reading, and costs a fraction of it; a text that does not match proves nothing and is decoded.

Many texts are read in one go, and told by columns: nearly all is done in C then.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, count
from operator import itemgetter, not_
from typing import Any, Final, Generic, NamedTuple, TypeVar

from participant_rules.jsontext import MAX_BYTES
from participant_rules.patterns import Style

__all__ = ["Columns", "Row", "Shape", "Skimmer", "Tell", "where"]

T = TypeVar("T")
Columns = Sequence[Sequence[str]]
"""What was captured of some texts: for each group a text of each, empty where the group matched nothing.

The last column is blank.
"""

Row = tuple[str, ...]
"""What was captured of one text."""

Tell = Callable[[Columns], tuple[Iterable[T], Iterable[int]]]
"""Tells what captured values say of each text, and the places of those of which it is not sure."""


class Shape(NamedTuple, Generic[T]):
    """What matches texts, and what tells of them: of many, and perhaps of one alone."""

    pattern: str
    tell: Tell[T]
    tell_one: Callable[[Row], T | None] | None = None


class Skimmer(Generic[T]):
    """Learns shapes of texts, and tells what texts of these shapes say.

    Trying to learn takes some milliseconds, so after each shape but the first, and each try in vain, twice as
    many texts must be met before the next one.

    `shape_of` gives the shape of a value that is written in a style; None where its like cannot be told.
    """

    def __init__(self, shape_of: Callable[[Any, Style], Shape[T] | None]) -> None:
        self._shape_of = shape_of
        self._known: tuple[_Known[T], ...] = ()
        # The texts that no shape matched since the last try: all, by about how many names they have, and as
        # many as have the same number most often.
        self._met, self._alike, self._most_alike = 0, Counter[int](), 0
        self._tries_in_vain = 0

    def skim(self, payloads: Sequence[object]) -> dict[int, T]:
        """What texts say, by their places; left out where it is not sure, and for what is not bytes."""
        told: dict[int, T] = {}
        self._skim(payloads, range(len(payloads)), told)
        return told

    def skim_one(self, payload: object) -> T | None:
        """What one text says; None where it is not sure, or there is no telling of one alone."""
        text = _plain(payload) if self._known else None
        if text is None:
            return None
        for known in self._known:
            row = known.row(text)
            if row is not None:
                return known.tell_one(row) if known.tell_one is not None else None
        return None

    def sift(
        self, payloads: Sequence[object], places: Sequence[int], read: Callable[[int], bool]
    ) -> dict[int, T]:
        """What the texts at some places say, and `read` reads those that are not told.

        It is given their places, in order, and says whether a shape was learned by the way; if so, those that
        follow are skimmed again.
        """
        told: dict[int, T] = {}
        while places:
            self._skim(payloads, places, told)
            rest = iter([place for place in places if place not in told])
            places = list(rest) if any(map(read, rest)) else ()
        return told

    def _skim(self, payloads: Sequence[object], places: Sequence[int], told: dict[int, T]) -> None:
        rest = _lines(payloads, places) if self._known else _NO_LINES
        for known in self._known:
            if not rest.places:
                break
            left = known.read(rest, told)
            if len(rest.places) - len(left.places) > max(_OFTEN, len(places) // 2):
                self._try_first(known)
            rest = left

    def _try_first(self, known: "_Known[T]") -> None:
        """Try the shape of most texts before all others."""
        if known is not self._known[0]:
            self._known = (known, *[each for each in self._known if each is not known])

    def learn(self, payload: object, value: Any) -> bool:
        """Note a text that was decoded, and may be skimmed when many are like it.

        Returns whether a shape was learned now, so that it pays to skim what was not told before.
        """
        if not isinstance(payload, bytes) or len(payload) > _LONGEST or len(self._known) == _MOST:
            return False
        names = payload.count(b'":')
        self._met, self._alike[names] = self._met + 1, self._alike[names] + 1
        self._most_alike = max(self._most_alike, self._alike[names])
        seldom = self._alike[names] < self._most_alike  # one that is like most others is learned from
        if seldom or self._met < _OFTEN << (max(1, len(self._known)) - 1 + self._tries_in_vain):
            return False
        self._met, self._alike, self._most_alike = 0, Counter(), 0
        learned = self._learned(payload, value)
        self._tries_in_vain += not learned
        return learned

    def _learned(self, payload: bytes, value: Any) -> bool:
        """Whether a shape was made of a text: its own expression must match it."""
        shape = self._shape_of(value, Style.of(payload.decode()))
        if shape is None:
            return False
        known, lines = _Known(shape), _lines([payload], [0])
        if not lines.places or known.read(lines, {}).places:
            return False
        self._known = (*self._known, known)
        return True


class _Lines(NamedTuple):
    """Texts, each with a line break behind it and none within, and their places."""

    places: Sequence[int]
    text: str

    def halves(self) -> Iterator["_Lines"]:
        """The first half of them, and the second one."""
        middle, lines = len(self.places) // 2, self.text.split("\n")
        yield _Lines(self.places[:middle], "\n".join(lines[:middle]) + "\n")
        yield _Lines(self.places[middle:], "\n".join(lines[middle:]))


class _Known(Generic[T]):
    """A shape that was learned."""

    def __init__(self, shape: Shape[T]) -> None:
        # The last group captures a line of another shape, and is blank else.
        expression = re.compile(f"(?:{shape.pattern}\\n|([^\\n]*+\\n))")
        self._find: Callable[[str], list[Row]] = expression.findall
        if expression.groups == 1:  # what is found are no tuples then
            self._find = lambda text: [(other,) for other in expression.findall(text)]
        self._tell, self.tell_one = shape.tell, shape.tell_one

    def row(self, text: str) -> Row | None:
        """What is captured of one text; None where it has another shape."""
        (groups,) = self._find(text + "\n")
        return None if groups[-1] else groups

    def read(self, lines: _Lines, told: dict[int, T]) -> _Lines:
        """Tell of the texts of this shape; returns the others."""
        rows = self._find(lines.text)
        if len(rows) != len(lines.places):  # a text without its last quote ran into the next line
            first, second = [self.read(half, told) for half in lines.halves()]
            return _Lines([*first.places, *second.places], first.text + second.text)
        others = list(map(_last, rows))
        if not any(others):
            self._note(lines.places, rows, told)
            return _NO_LINES
        if not all(others):
            ours = list(map(not_, others))
            self._note([*compress(lines.places, ours)], compress(rows, ours), told)
        return _Lines([*compress(lines.places, others)], "".join(others))

    def _note(self, places: Sequence[int], rows: Iterable[Row], told: dict[int, T]) -> None:
        """Tell of rows that were captured."""
        said, unsure = self._tell(list(zip(*rows, strict=True)))
        told.update(zip(places, said, strict=True))
        for each in unsure:
            del told[places[each]]


def _lines(payloads: Sequence[object], places: Sequence[int]) -> _Lines:
    """Those that are objects in UTF-8 without escapes or control characters; white space behind is cut off.

    Mostly all are, and they are looked at together.
    """
    if len(places) < len(payloads):
        payloads = [payloads[place] for place in places]
    joined = _joined(payloads)
    if joined is not None:
        return _Lines(places, joined)
    texts = [*map(_plain, payloads)]
    plain = [text is not None for text in texts]
    return _Lines([*compress(places, plain)], "".join([f"{text}\n" for text in compress(texts, plain)]))


def _joined(payloads: Sequence[Any]) -> str | None:
    """Texts with a line break behind each; None where one of them is not plain, or has white space behind."""
    if {*map(type, payloads)} != {bytes} or {*map(_end, payloads)} != {b"}"}:
        return None
    joined = b"".join(payloads)
    if len(joined) > MAX_BYTES or any(map(joined.__contains__, _ODD_BYTES)):
        return None
    try:
        return b"\n".join([*payloads, b""]).decode()
    except UnicodeDecodeError:
        return None


def _plain(payload: object) -> str | None:
    if payload.__class__ is not bytes or len(payload) > MAX_BYTES:
        return None
    text = payload if payload.endswith(b"}") else payload.rstrip(b" \t\r\n")
    if not text.endswith(b"}") or len(text.translate(None, _ODD)) != len(text):
        return None
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None


def where(found: Iterable[object]) -> list[int]:
    """The places of what is true in a column."""
    return [*compress(count(), found)]


_NO_LINES: Final = _Lines((), "")
_last: Callable[[Row], str] = itemgetter(-1)
_end: Callable[[Any], Any] = itemgetter(slice(-1, None))
_ODD: Final = bytes([*range(0x20), ord("\\")])
_ODD_BYTES: Final = [bytes([each]) for each in _ODD]
_OFTEN: Final = 32  # texts, before it is tried to learn their shape
_MOST: Final = 6  # shapes: a text that is of none of them has tried all
_LONGEST: Final = 1 << 16  # bytes of a text to learn from
