"""Which records were in which part of a batch, so that any of them can be found and read once more."""

from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, NamedTuple

from participant_rules.batch.outcomes import Place
from participant_rules.batch.records import Chunk, Part, Seekable, Source

__all__ = ["RowIndex"]

_RECENT: Final = 16  # parts whose payloads are kept for a while


class RowIndex:
    """The parts of a batch that were judged so far, and the places of their records."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._parts: list[_Entry] = []
        self._count = 0
        self._recent = OrderedDict[int, Sequence[object]]()  # payloads by part: repeated ones are often near

    def add(self, source: Source, part: Part, chunk: Chunk) -> None:
        """Note the next part, and keep the payloads of its chunk for a while, where it has them."""
        rows = chunk.rows
        if chunk.payloads:
            self._keep(len(self._parts), chunk.payloads)
        self._firsts.append(self._count)
        numbers = rows if isinstance(rows, range) else array("q", rows)
        self._parts.append(_Entry(source, part, numbers, chunk.offsets))
        self._count += len(rows)

    def payload(self, number: int) -> object:
        """A record's payload, once more; raises Unusable where the source has changed meanwhile."""
        place = bisect_right(self._firsts, number) - 1
        at = number - self._firsts[place]
        payloads = self._recent.get(place)
        if payloads is not None:
            return payloads[at]
        entry = self._parts[place]
        if entry.offsets and isinstance(entry.part, Seekable):
            return entry.part.payload(entry.offsets[at])
        return self._keep(place, entry.part.read().payloads)[at]

    def place(self, number: int) -> Place:
        """Where a record stands."""
        part = bisect_right(self._firsts, number) - 1
        entry = self._parts[part]
        return Place(entry.source.name, entry.rows[number - self._firsts[part]])

    def _keep(self, place: int, payloads: Sequence[object]) -> Sequence[object]:
        self._recent[place] = payloads
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
        return payloads


class _Entry(NamedTuple):
    """A part, where its records stand, and where they begin in its bytes."""

    source: Source
    part: Part
    rows: Sequence[int]
    offsets: Sequence[int]
