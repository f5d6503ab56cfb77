"""The embedded store of surveys: in memory, thread-safe, atomic."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from threading import RLock
from typing import Any, Final, Self

from attrs import define, evolve, field, frozen

from participant_rules.conflicts import Stale, Taken, Vanished
from participant_rules.definitions import due, several
from participant_rules.survey import wire
from participant_rules.survey.change import Keys, Known, Stored
from participant_rules.survey.model import Participant, Survey
from participant_rules.survey.ports import Page, Write
from participant_rules.wire import Malformed

__all__ = ["MemorySurveys"]


@frozen(eq=False)
class _Entry:
    """A stored participant with its version, its key, and its place in the order of adding."""

    stored: Stored
    key: str
    place: int


@define
class _Shelf:
    """One survey and its participants, by key and in their order.

    An entry counts while it is the one of its key: what `order` has beside those is left over, and taken away
    when there is as much of it. So no interruption between two steps loses anybody.
    """

    survey: Survey
    entries: dict[str, _Entry] = field(factory=dict)
    order: list[_Entry] = field(factory=list)
    last: int = 0  # of the numbers of versions and places: none is given twice

    def put(self, participant: Participant, old_key: str | None = None) -> None:
        """Add a participant, or replace the one with the old key."""
        self.last += 1
        key, number = _key(self.survey, participant), self.last
        if key != old_key and key in self.entries:
            raise Taken("login" if self.survey.logged_on else "email")
        old = self.entries.get(old_key) if old_key is not None else None
        new = _Entry(Stored(participant, number), key, old.place if old else number)
        if not self.order or self.order[-1].place < new.place:
            self.order.append(new)
        else:
            self.order.insert(self._after(new.place), new)
        if old is None or key == old_key:
            self.entries[key] = new
        else:
            self.entries = {name: each for name, each in self.entries.items() if each is not old} | {key: new}
        if len(self.order) > 2 * len(self.entries) + _LEFT_OVER:
            self.order = list(self.after(0))

    def after(self, place: int) -> Iterator[_Entry]:
        """The entries after a place, in their order."""
        for position in range(self._after(place), len(self.order)):
            each = self.order[position]
            if self.entries.get(each.key) is each:
                yield each

    def _after(self, place: int) -> int:
        return bisect_right(self.order, place, key=_place)


def _place(entry: _Entry) -> int:
    return entry.place


_LEFT_OVER = 64


class MemorySurveys:
    """A Register that keeps surveys and their participants in memory.

    Async Apis call it in their own thread.
    """

    answers_at_once: Final = True

    def __init__(self, surveys: Iterable[Survey] = ()) -> None:
        self._shelves = dict[str, _Shelf]()
        for survey, _ in several(surveys, partial(due, Survey)):
            self._shelves[survey.id] = _Shelf(survey)
        self._lock = RLock()

    @classmethod
    def from_json(cls, surveys: Iterable[Mapping[str, Any]]) -> Self:
        """The store of definitions with their `participants` in wire form; raises Malformed."""
        store = cls()
        for survey, data in several(surveys, Survey.from_json):
            shelf = store._shelves[survey.id] = _Shelf(survey)
            for each in wire.read_participants(data, survey):
                shelf.put(each)
        return store

    def to_json(self) -> list[dict[str, Any]]:
        """Everything that is stored, as `from_json` takes it."""
        with self._lock:
            return [
                shelf.survey.to_json()
                | {"participants": [wire.write(each.stored.participant) for each in shelf.after(0)]}
                for shelf in self._shelves.values()
            ]

    @property
    def surveys(self) -> tuple[Survey, ...]:
        """The definitions."""
        with self._lock:
            return tuple(each.survey for each in self._shelves.values())

    def count(self, survey: str) -> int:
        """How many participants a survey has; none where it does not exist."""
        with self._lock:
            shelf = self._shelves.get(survey)
            return len(shelf.entries) if shelf else 0

    def set_import_state(self, survey: str, state: str | None) -> None:
        """An import is "scheduled" or "running", or there is none (None)."""
        with self._lock:
            shelf = self._shelves[survey]
            shelf.survey = evolve(shelf.survey, import_state=state)

    # ---- travelling: a copy in another process has everything but the lock

    def __getstate__(self) -> dict[str, Any]:
        with self._lock:
            shelves = {
                key: evolve(each, entries=dict(each.entries), order=list(each.order))
                for key, each in self._shelves.items()
            }
            state = vars(self) | {"_shelves": shelves}
        del state["_lock"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=RLock())

    # ---- the port

    def find(self, keys: Keys) -> Known:
        """Answer a question; see `Roster.find`."""
        with self._lock:
            shelf = self._shelves.get(keys.survey)
            if shelf is None:
                return Known(None)
            entries, wanted = shelf.entries, shelf.survey.keys(keys.identities)
            return Known(shelf.survey, {key: entries[key].stored for key in entries.keys() & wanted})

    def commit(self, write: Write) -> None:
        """Make a write; see `Register.commit`."""
        with self._lock:
            shelf = self._shelves.get(write.survey)
            if shelf is None or shelf.survey.import_state:
                raise Stale
            if write.before is None:
                if write.after is not None:
                    shelf.put(write.after)
                return
            key = _key(shelf.survey, write.before.participant)
            entry = shelf.entries.get(key)
            if entry is None:
                raise Vanished
            if entry.stored.version != write.before.version:
                raise Stale
            if write.after is None:
                del shelf.entries[key]
            else:
                shelf.put(write.after, key)

    def page(self, survey: str, starting_from: str, limit: int) -> Page:
        """Answer a page; see `Register.page`."""
        start = int(starting_from)
        with self._lock:
            shelf = self._shelves.get(survey)
            found = list(islice(shelf.after(start), limit + 1)) if shelf else []
        shown = found[:limit]
        return Page(
            tuple(each.stored.participant for each in shown),
            str(shown[-1].place) if shown else starting_from,
            len(found) <= limit,
        )


def _key(survey: Survey, participant: Participant) -> str:
    identity = survey.identity(participant)
    if identity is None:
        raise Malformed("a participant without an identity cannot be stored")
    return survey.key(identity)
