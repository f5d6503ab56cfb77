"""One project in memory: its participants by id, by their keys and in the orders that are asked for."""

from collections.abc import Iterator

from attrs import define, evolve, field

from participant_rules.project.keys import keys_of_stored, schema_of, stored_key_of, unique_demographic
from participant_rules.project.ledger import Index
from participant_rules.project.model import Participant, Project, Segment, Stored
from participant_rules.project.orders import Entry, Order, Orders
from participant_rules.project.policy import Policy
from participant_rules.project.query import Query

__all__ = ["Entry", "Shelf"]


@define(eq=False)
class Shelf:
    """One project, its participants by id and by their keys, and its segments by id."""

    project: Project
    policy: Policy
    entries: dict[str, Entry] = field(factory=dict)
    indices: dict[str, Index[Entry]] = field(init=False)
    orders: Orders = field(init=False)
    segments: dict[str, Segment] = field(factory=dict)
    last: int = 0

    def __attrs_post_init__(self) -> None:
        self.index_anew()

    def number(self) -> int:
        """A new number for a version or a place."""
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
        """Replace the participant with the id by the entry, or remove it."""
        old = self.entries.pop(key, None)
        if old is not None:
            for path, old_key in old.keys.items():
                self.indices[path].release(old_key, old)
        if entry is not None:
            self.entries[key] = entry
            for path, new_key in entry.keys.items():
                self.indices[path].give(new_key, entry)
        self.orders.replace(old, entry)

    def index_anew(self) -> None:
        """Make the indices of the entries; their orders are made when they are asked for."""
        unique = schema_of(self.project, self.policy).unique
        self.indices = {node.path: Index() for node in unique}
        self.orders = Orders()
        for entry in sorted(self.entries.values(), key=_place):
            for path, key in entry.keys.items():
                self.indices[path].give(key, entry)

    def in_order(self) -> Iterator[Participant]:
        """The participants in the order of their adding."""
        for entry in sorted(self.entries.values(), key=_place):
            yield entry.stored.participant

    def ordered(self, query: Query) -> Order:
        """All entries in the order that a query asks for."""
        return self.orders.of(query, self.entries.values())

    def candidates(self, query: Query) -> list[Participant] | None:
        """The participants that a segment or a key of the query names, in the order of their adding."""
        if query.segment_id is not None:
            return [*self._members(query.segment_id)]
        for attribute, wanted in query.demographics:
            node = unique_demographic(attribute, self.project, self.policy)
            key = stored_key_of(node, wanted) if node is not None else None
            if node is not None and key is not None:
                found = sorted(self.indices[node.path].holders(key), key=_place)
                return [each.stored.participant for each in found]
        return None

    def _members(self, segment_id: str) -> Iterator[Participant]:
        """The participants of a segment, and since when they belong to it."""
        segment = self.segments.get(segment_id.lower())
        joined = {each.id.lower(): each.add_date for each in segment.members} if segment else {}
        for entry in sorted((self.entries[key] for key in joined.keys() & self.entries.keys()), key=_place):
            date = joined[str(entry.stored.participant.id).lower()]
            yield evolve(entry.stored.participant, added_to_segment_date=date)


def _place(entry: Entry) -> int:
    return entry.place
