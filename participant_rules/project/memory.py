"""The embedded store of projects: in memory, thread-safe, atomic."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from threading import RLock
from typing import Any, Final, Self

from attrs import define, evolve, field

from participant_rules.conflicts import Conflict, Stale, Taken, Vanished
from participant_rules.formats import is_guid
from participant_rules.project import wire
from participant_rules.project.change import Keys, Known
from participant_rules.project.ledger import Index, keys_of_stored
from participant_rules.project.model import Member, Membership, Participant, Project, Segment, Stored
from participant_rules.project.policy import MINT, POLICY, Mint, Policy
from participant_rules.project.ports import Page, Write
from participant_rules.project.query import Query
from participant_rules.project.search import find_page
from participant_rules.wire import Malformed, Wire, read_each

__all__ = ["MemoryProjects"]


@define(eq=False)
class _Entry:
    """A stored participant, its place in the order of adding, and its keys beside the id."""

    stored: Stored
    place: int
    keys: tuple[str | None, str | None, str | None]


_Before = dict[tuple[str, str], _Entry | None]  # what a commit found, by project and id


@define(eq=False)
class _Shelf:
    """One project, its participants by id and by their keys, and its segments by id."""

    project: Project
    policy: Policy
    entries: dict[str, _Entry] = field(factory=dict)
    indices: tuple[Index[_Entry], Index[_Entry], Index[_Entry]] = field(
        factory=lambda: (Index(), Index(), Index())
    )
    segments: dict[str, Segment] = field(factory=dict)
    last: int = 0

    def number(self) -> int:
        """A number for a version or a place that there never was."""
        self.last += 1
        return self.last

    def copied(self) -> "_Shelf":
        """The same participants and segments on a shelf of their own."""
        copy = evolve(self, entries=dict(self.entries), segments=dict(self.segments))
        copy.index_anew()
        return copy

    def entry(self, stored: Stored, place: int) -> _Entry:
        keys = keys_of_stored(stored, self.project.default_region, self.policy)
        return _Entry(stored, place, keys)

    def put(self, key: str, entry: _Entry | None) -> None:
        """Replace whoever has the id by the entry, or by nobody."""
        old = self.entries.pop(key, None)
        if old is not None:
            for index, old_key in zip(self.indices, old.keys, strict=True):
                index.release(old_key, old)
        if entry is not None:
            self.entries[key] = entry
            for index, new_key in zip(self.indices, entry.keys, strict=True):
                index.claim(new_key, entry)

    def index_anew(self) -> None:
        """Make the indices of the entries."""
        self.indices = (Index(), Index(), Index())
        for entry in sorted(self.entries.values(), key=lambda each: each.place):
            for index, key in zip(self.indices, entry.keys, strict=True):
                index.claim(key, entry)

    def in_order(self) -> Iterator[Participant]:
        """The participants in the order of their adding."""
        for entry in sorted(self.entries.values(), key=lambda each: each.place):
            yield entry.stored.participant


class MemoryProjects:
    """A Register that keeps projects, their participants and their segments in memory.

    `now` tells the time and `new_id` makes GUIDs. As a Notifier it records whom it should have invited, in
    `invitations`. Async Apis call it in their own thread.
    """

    answers_at_once: Final = True

    def __init__(
        self,
        projects: Iterable[Project] = (),
        *,
        policy: Policy = POLICY,
        now: Callable[[], datetime] = MINT.now,
        new_id: Callable[[], str] = MINT.new_id,
    ) -> None:
        self.invitations: list[tuple[str, tuple[Participant, ...]]] = []
        self._policy = policy
        self._mint = Mint(new_id, now)
        self._shelves = {_name(each.id): _Shelf(each, policy) for each in projects}
        self._lock = RLock()

    @classmethod
    def from_json(cls, projects: Iterable[Mapping[str, Any]], **options: Any) -> Self:
        """The store of definitions with their `participants` in wire form and `segments`; raises Malformed.

        `options` are those of the constructor.
        """
        store = cls(**options)
        for data in projects:
            project = Project.from_json(data)
            shelf = store._shelves[_name(project.id)] = _Shelf(project, store._policy)
            for each in read_each(data, "participants", partial(wire.read_stored, project=project)):
                store._enter(shelf, each)
            for segment in read_each(data, "segments", partial(_wire.read_stored, Segment, name="segment")):
                shelf.segments[segment.segment_id.lower()] = segment
        return store

    def _enter(self, shelf: _Shelf, participant: Participant) -> None:
        """Keep a participant as it is given; a legacy one may have a key that another one has."""
        if not participant.id:
            participant = evolve(participant, id=self._mint.new_id())
        key = str(participant.id).lower()
        if key in shelf.entries:
            raise Malformed(f"participants: two have the same id in project {shelf.project.id!r}")
        shelf.put(key, _renewed(shelf, participant, None))

    def to_json(self) -> list[dict[str, Any]]:
        """Everything that is stored, as `from_json` takes it."""
        with self._lock:
            return [
                shelf.project.to_json()
                | {
                    "participants": [wire.write(each) for each in shelf.in_order()],
                    "segments": [_wire.write(each) for each in shelf.segments.values()],
                }
                for shelf in self._shelves.values()
            ]

    # ---- travelling: a copy in another process has everything but the lock

    def __getstate__(self) -> dict[str, Any]:
        with self._lock:
            shelves = {name: shelf.copied() for name, shelf in self._shelves.items()}
            state = vars(self) | {"_shelves": shelves, "invitations": [*self.invitations]}
        del state["_lock"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=RLock())

    # ---- the ports

    def find(self, keys: Keys) -> Known:
        """Answer a question; see `Roster.find`."""
        with self._lock:
            shelf = self._shelves.get(_name(keys.project))
            if shelf is None:
                return Known(None, (), self._mint)
            asked = (keys.identifiers, keys.emails, keys.phones(shelf.project.default_region))
            found = [shelf.entries[key] for key in keys.ids & shelf.entries.keys()]
            for index, some in zip(shelf.indices, asked, strict=True):
                for key in some & index.first.keys():
                    found += index.holders(key)
            entries = sorted(dict.fromkeys(found), key=lambda each: each.place) if found else ()
            return Known(shelf.project, tuple(each.stored for each in entries), self._mint)

    def commit(self, writes: Sequence[Write]) -> None:
        """Make the writes; see `Register.commit`."""
        before: _Before = {}
        with self._lock:
            segments = {name: shelf.segments for name, shelf in self._shelves.items()}
            try:
                for position, write in enumerate(writes):
                    self._make(write, position, before)
                self._leave_segments(writes)
            except Conflict:
                self._restore(before)
                raise
            except BaseException:
                self._repair(before, segments)
                raise

    def search(self, project: str, query: Query) -> Page:
        """Answer a query; see `Register.search`."""
        with self._lock:
            shelf = self._shelves.get(_name(project))
            if shelf is None:
                return Page((), 0)
            participants = list(shelf.in_order())
            segment = shelf.segments.get((query.segment_id or "").lower())
        if query.segment_id is not None:
            joined = {each.id.lower(): each.add_date for each in segment.members} if segment else {}
            participants = [
                evolve(each, added_to_segment_date=joined[str(each.id).lower()])
                for each in participants
                if str(each.id).lower() in joined
            ]
        found, total = find_page(query, participants, shelf.project, self._policy)
        return Page(found, total)

    def segments(self, project: str, participant: str) -> tuple[Membership, ...]:
        """Answer a participant's segments; see `Register.segments`."""
        with self._lock:
            shelf = self._shelves.get(_name(project))
            if shelf is None:
                return ()
            return tuple(
                Membership(segment.segment_id, segment.segment_name, each.add_date)
                for segment in shelf.segments.values()
                for each in segment.members
                if each.id.lower() == participant.lower()
            )

    def invite(self, project: str, participants: Sequence[Participant]) -> None:
        """Record whom the default invitation notifications would go to."""
        with self._lock:
            self.invitations.append((project, tuple(participants)))

    # ---- one write

    def _make(self, write: Write, position: int, before: _Before) -> None:
        """Make one write, and keep in `before` what the commit found."""
        shelf = self._shelves.get(_name(write.project))
        if shelf is None:
            raise Stale
        named = write.before.participant if write.before else write.after
        key = str(named.id if named else "").lower()
        old = shelf.entries.get(key)
        if write.before is None:
            if old is not None:
                raise Taken("id", position)
        elif old is None:
            raise Vanished(position)
        elif write.before.version != old.stored.version and (
            write.before.version is not None or (_name(write.project), key) not in before
        ):
            raise Stale
        new = None if write.after is None else _renewed(shelf, write.after, old)
        if new is not None:
            _refuse_taken(shelf, new, old, position)
        before.setdefault((_name(write.project), key), old)
        shelf.put(key, new)

    def _restore(self, before: _Before) -> None:
        """Undo a commit: everybody leaves before anybody comes back, since keys may have changed hands."""
        for name, key in before:
            self._shelves[name].put(key, None)
        for (name, key), entry in before.items():
            self._shelves[name].put(key, entry)

    def _repair(self, before: _Before, segments: Mapping[str, dict[str, Segment]]) -> None:
        """Undo a commit that was interrupted, nobody knows where: by Ctrl+C, for one."""
        for (name, key), entry in before.items():
            entries = self._shelves[name].entries
            entries.pop(key, None)
            if entry is not None:
                entries[key] = entry
        for name in {name for name, _ in before}:
            self._shelves[name].index_anew()
        for name, some in segments.items():
            self._shelves[name].segments = some

    def _leave_segments(self, writes: Sequence[Write]) -> None:
        gone: dict[str, set[str]] = {}
        for write in writes:
            if write.before is not None and write.after is None:
                gone.setdefault(_name(write.project), set()).add(str(write.before.participant.id).lower())
        for name, ids in gone.items():
            shelf = self._shelves[name]
            shelf.segments = {key: _without(each, ids) for key, each in shelf.segments.items()}


def _without(segment: Segment, ids: Collection[str]) -> Segment:
    stay: tuple[Member, ...] = tuple(each for each in segment.members if each.id.lower() not in ids)
    return evolve(segment, members=stay)


def _renewed(shelf: _Shelf, participant: Participant, old: _Entry | None) -> _Entry:
    """The entry of a participant, in a version that there never was."""
    number = shelf.number()
    return shelf.entry(Stored(participant, number), old.place if old else number)


_FIELDS = ("participantIdentifier", "email", "mobilePhone")


def _refuse_taken(shelf: _Shelf, new: _Entry, old: _Entry | None, position: int) -> None:
    """Raise Taken where a key that is new to the participant is another one's."""
    kept = old.keys if old else (None, None, None)
    for name, index, key, before in zip(_FIELDS, shelf.indices, new.keys, kept, strict=True):
        if key is not None and key != before and key in index.first:
            raise Taken(name, position)


def _name(project: str) -> str:
    """What project ids compare by: GUIDs without regard to case."""
    return project.lower() if is_guid(project) else project


_wire = Wire(stored=True)
