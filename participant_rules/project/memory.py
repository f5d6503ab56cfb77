"""The embedded store of projects: in memory, thread-safe, atomic."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from threading import RLock
from typing import Any, Final, Self

from attrs import evolve

from participant_rules.conflicts import Conflict, Stale, Taken, Vanished
from participant_rules.definitions import due, several
from participant_rules.formats import is_guid
from participant_rules.project import wire
from participant_rules.project.change import Keys, Known
from participant_rules.project.keys import ID, field_of
from participant_rules.project.model import Member, Membership, Participant, Project, Segment, Stored
from participant_rules.project.policy import MINT, POLICY, Mint, Policy
from participant_rules.project.ports import Page, Write
from participant_rules.project.query import Query
from participant_rules.project.search import find_page, page_of
from participant_rules.project.shelf import Entry, Shelf
from participant_rules.wire import Malformed, Wire, read_each

__all__ = ["MemoryProjects"]


_Before = dict[tuple[Shelf, str], Entry | None]  # what a commit found, by shelf and id
_Segments = dict[Shelf, dict[str, Segment]]  # the segments that it found where somebody left them


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
        self._shelves = dict[str, Shelf]()
        for project, _ in several(projects, partial(due, Project), _name):
            self._shelves[_name(project.id)] = Shelf(project, policy)
        self._lock = RLock()

    @classmethod
    def from_json(cls, projects: Iterable[Mapping[str, Any]], **options: Any) -> Self:
        """The store of definitions with their `participants` in wire form and `segments`; raises Malformed.

        `options` are those of the constructor.
        """
        store = cls(**options)
        for project, data in several(projects, Project.from_json, _name):
            shelf = store._shelves[_name(project.id)] = Shelf(project, store._policy)
            for each in read_each(data, "participants", partial(store._read, shelf)):
                shelf.put(str(each.id).lower(), _renewed(shelf, each, None))
            for segment in wire.read_segments(data):
                shelf.segments[segment.segment_id.lower()] = segment
        return store

    def _read(self, shelf: Shelf, data: object) -> Participant:
        """A participant as it is given, with an id; a legacy one may share a key."""
        participant = wire.read_stored(data, shelf.project)
        if not participant.id:
            participant = evolve(participant, id=self._mint.new_id())
        if str(participant.id).lower() in shelf.entries:
            raise Malformed.of("participant", [("/id", "An earlier participant has the same id.")])
        return participant

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

    @property
    def projects(self) -> tuple[Project, ...]:
        """The definitions."""
        with self._lock:
            return tuple(each.project for each in self._shelves.values())

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
            shelf = self._shelf(keys.project)
            if shelf is None:
                return Known(None, (), self._mint)
            found: list[Entry] = []
            for path, some in keys.of(shelf.project).items():
                index = shelf.indices.get(path)
                if index is not None and not index.first.keys().isdisjoint(some):
                    for key in some & index.first.keys():
                        found += index.holders(key)
            if not found:
                return Known(shelf.project, (), self._mint)
            entries = sorted(dict.fromkeys(found), key=lambda each: each.place)
            return Known(shelf.project, tuple([each.stored for each in entries]), self._mint)

    def commit(self, writes: Sequence[Write]) -> None:
        """Make the writes; see `Register.commit`."""
        before: _Before = {}
        segments: _Segments = {}
        with self._lock:
            try:
                for position, write in enumerate(writes):
                    self._make(write, position, before)
                self._leave_segments(writes, segments)
            except Conflict:
                _restore(before)
                raise
            except BaseException:
                _repair(before, segments)
                raise

    def search(self, project: str, query: Query) -> Page:
        """Answer a query; see `Register.search`."""
        with self._lock:
            shelf = self._shelf(project)
            if shelf is None:
                return Page((), 0)
            few = shelf.candidates(query)
            if few is not None:
                return Page(*find_page(query, few, shelf.project, self._policy))
            order = shelf.ordered(query)
            if query.is_for_all:
                shown = order.page(query.start, query.page_size)
                return Page(tuple(each.stored.participant for each in shown), len(order))
            everybody = [*order]
        participants = (each.stored.participant for each in everybody)
        return Page(*page_of(query, participants, shelf.project, self._policy))

    def segments(self, project: str, participant: str) -> tuple[Membership, ...]:
        """Answer a participant's segments; see `Register.segments`."""
        with self._lock:
            shelf = self._shelf(project)
            if shelf is None:
                return ()
            key = participant.lower()
            joined = (
                (segment, [each.add_date for each in segment.members if each.id.lower() == key])
                for segment in shelf.segments.values()
            )
            return tuple(
                Membership(segment.segment_id, segment.segment_name, dates[-1])
                for segment, dates in joined
                if dates
            )

    def invite(self, project: str, participants: Sequence[Participant]) -> None:
        """Record the recipients of the default invitation notifications."""
        with self._lock:
            self.invitations.append((project, tuple(participants)))

    def _shelf(self, project: str) -> Shelf | None:
        """The shelf of a project; ids compare as names do, and most are written as they are kept."""
        return self._shelves.get(project) or self._shelves.get(_name(project))

    # ---- one write

    def _make(self, write: Write, position: int, before: _Before) -> None:
        """Make one write, and keep the earlier state in `before`."""
        shelf = self._shelf(write.project)
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
            write.before.version is not None or (shelf, key) not in before
        ):
            raise Stale
        new = None if write.after is None else _renewed(shelf, write.after, old, write.found_by)
        if new is not None:
            _refuse_taken(shelf, new, old, position)
        before.setdefault((shelf, key), old)
        shelf.put(key, new)

    def _leave_segments(self, writes: Sequence[Write], segments: _Segments) -> None:
        """Take deleted participants out of all segments, and keep the earlier ones in `segments`."""
        gone: dict[Shelf, set[str]] = {}
        for write in writes:
            if write.before is not None and write.after is None:
                shelf = self._shelf(write.project)
                assert shelf is not None  # noqa: S101  the write has been made
                gone.setdefault(shelf, set()).add(str(write.before.participant.id).lower())
        for shelf, ids in gone.items():
            segments[shelf] = shelf.segments
            shelf.segments = {key: _without(each, ids) for key, each in shelf.segments.items()}


def _restore(before: _Before) -> None:
    """Undo a commit: all its participants leave before any comes back, since keys may have changed hands."""
    for shelf, key in before:
        shelf.put(key, None)
    for (shelf, key), entry in before.items():
        shelf.put(key, entry)


def _repair(before: _Before, segments: _Segments) -> None:
    """Rebuild a shelf after an interrupted commit, which may have ended at any step."""
    for (shelf, key), entry in before.items():
        shelf.entries.pop(key, None)
        if entry is not None:
            shelf.entries[key] = entry
    for shelf in {shelf for shelf, _ in before}:
        shelf.index_anew()
    for shelf, some in segments.items():
        shelf.segments = some


def _without(segment: Segment, ids: Collection[str]) -> Segment:
    stay: tuple[Member, ...] = tuple(each for each in segment.members if each.id.lower() not in ids)
    return evolve(segment, members=stay)


def _renewed(
    shelf: Shelf, participant: Participant, old: Entry | None, found_by: tuple[Any, ...] | None = None
) -> Entry:
    """The entry of a participant, in a version that was never used."""
    number = shelf.number()
    stored = Stored(participant, number).kept(found_by)
    return shelf.entry(stored, old.place if old else number)


def _refuse_taken(shelf: Shelf, new: Entry, old: Entry | None, position: int) -> None:
    """Raise Taken where a key that is new to the participant has another holder."""
    kept = old.keys if old else {}
    for path, key in new.keys.items():
        if path != ID and key != kept.get(path) and key in shelf.indices[path].first:
            raise Taken(field_of(path), position)


def _name(project: str) -> str:
    """The comparison key of a project id: GUIDs without regard to case."""
    return project.lower() if is_guid(project) else project


_wire = Wire(stored=True)
