"""The participants of a project in the orders that queries ask for.

An order is made when it is first asked for and kept up since, so that a page costs what it shows. Few orders
are kept: those that were asked for last.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import define, field

from participant_rules.project.model import Stored
from participant_rules.project.query import Query, Sort
from participant_rules.project.search import sort_key

__all__ = ["MOST", "Entry", "Order", "Orders"]

MOST: Final = 8
"""Orders that are kept."""


@define(eq=False)
class Entry:
    """A stored participant, its place in the order of adding, and its keys beside the id."""

    stored: Stored
    place: int
    keys: Mapping[str, str]


class Order:
    """Entries by their sort keys; without one they come last, ties keep the order of adding.

    A descending order is kept the other way round and read from its end.
    """

    def __init__(self, sort: Sort, entries: Iterable[Entry], *, ascending: bool) -> None:
        self._sort, self._ascending = sort, ascending
        self._entries = sorted(entries, key=self._rank)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries) if self._ascending else reversed(self._entries)

    def page(self, start: int, size: int) -> Sequence[Entry]:
        """So many entries from a position on."""
        if self._ascending:
            return self._entries[start : start + size]
        end = max(len(self._entries) - start, 0)
        return self._entries[max(end - size, 0) : end][::-1]

    def add(self, entry: Entry) -> None:
        """Take an entry in."""
        insort(self._entries, entry, key=self._rank)

    def remove(self, entry: Entry) -> bool:
        """Take an entry out; false where it is not found, since its value has no order (NaN)."""
        at = bisect_left(self._entries, self._rank(entry), key=self._rank)
        found = at < len(self._entries) and self._entries[at] is entry
        if found:
            del self._entries[at]
        return found

    def _rank(self, entry: Entry) -> tuple[Any, ...]:
        key = sort_key(self._sort, entry.stored.participant)
        if self._ascending:
            return (key is None, key, entry.place)
        return (key is not None, key, -entry.place)


@define(eq=False)
class Orders:
    """The orders of some entries that were asked for last."""

    _kept: dict[tuple[Sort, bool], Order] = field(factory=dict, init=False)

    def of(self, query: Query, entries: Iterable[Entry]) -> Order:
        """The order that a query asks for; `entries` are all there are."""
        asked = (query.sort_by, query.ascending)
        order = self._kept.pop(asked, None) or Order(query.sort_by, entries, ascending=query.ascending)
        self._kept[asked] = order
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
        return order

    def replace(self, old: Entry | None, new: Entry | None) -> None:
        """Put an entry in the place of another one."""
        for asked, order in [*self._kept.items()]:
            if old is not None and not order.remove(old):
                del self._kept[asked]  # it is made anew
            elif new is not None:
                order.add(new)
