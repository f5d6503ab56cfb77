"""One project in memory: its participants by id, by their keys and in their order."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, evolve, field

from participant_rules.project.keys import keys_of_stored, schema_of
from participant_rules.project.ledger import Index
from participant_rules.project.model import Participant, Project, Segment, Stored
from participant_rules.project.policy import Policy
from participant_rules.project.query import DEFAULT_SORT
from participant_rules.project.search import sort_key

__all__ = ["Entry", "Shelf"]


@define(eq=False)
class Entry:
    """A stored participant, its place in the order of adding, and its keys beside the id."""

    stored: Stored
    place: int
    keys: Mapping[str, str]
    rank: tuple[Any, ...] = field(init=False)  # in a list that is asked for without anything else

    def __attrs_post_init__(self) -> None:
        key = sort_key(DEFAULT_SORT, self.stored.participant)
        self.rank = (key is None, key, self.place)


@define(eq=False)
class Shelf:
    """One project, its participants by id and by their keys, and its segments by id."""

    project: Project
    policy: Policy
    entries: dict[str, Entry] = field(factory=dict)
    indices: dict[str, Index[Entry]] = field(init=False)
    order: list[Entry] = field(factory=list)
    segments: dict[str, Segment] = field(factory=dict)
    last: int = 0

    def __attrs_post_init__(self) -> None:
        self.index_anew()

    def number(self) -> int:
        """A number for a version or a place that there never was."""
        self.last += 1
        return self.last

    def copied(self) -> "Shelf":
        """The same participants and segments on a shelf of their own."""
        copy = evolve(self, entries=dict(self.entries), segments=dict(self.segments))
        copy.index_anew()
        return copy

    def entry(self, stored: Stored, place: int) -> Entry:
        """An entry for this project."""
        keys = keys_of_stored(stored, self.project, self.policy)
        return Entry(stored, place, keys)

    def put(self, key: str, entry: Entry | None) -> None:
        """Replace whoever has the id by the entry, or by nobody."""
        old = self.entries.pop(key, None)
        if old is not None:
            del self.order[bisect_left(self.order, old.rank, key=_rank)]
            for path, old_key in old.keys.items():
                self.indices[path].release(old_key, old)
        if entry is not None:
            self.entries[key] = entry
            if not self.order or self.order[-1].rank < entry.rank:
                self.order.append(entry)  # as mostly
            else:
                insort(self.order, entry, key=_rank)
            for path, new_key in entry.keys.items():
                self.indices[path].claim(new_key, entry)

    def index_anew(self) -> None:
        """Make the indices and the order of the entries."""
        unique = schema_of(self.project, self.policy).unique
        self.indices = {node.path: Index() for node in unique}
        self.order = sorted(self.entries.values(), key=_rank)
        for entry in sorted(self.entries.values(), key=lambda each: each.place):
            for path, key in entry.keys.items():
                self.indices[path].claim(key, entry)

    def in_order(self) -> Iterator[Participant]:
        """The participants in the order of their adding."""
        for entry in sorted(self.entries.values(), key=lambda each: each.place):
            yield entry.stored.participant


def _rank(entry: Entry) -> tuple[Any, ...]:
    return entry.rank
