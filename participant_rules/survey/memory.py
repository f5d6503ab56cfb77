"""The embedded store of surveys: in memory, thread-safe, atomic."""

from collections.abc import Iterable, Mapping
from itertools import count
from threading import RLock
from typing import Any, Self

from attrs import define, evolve, field

from participant_rules.conflicts import Stale, Taken, Vanished
from participant_rules.survey.case import Keys, Known, Stored
from participant_rules.survey.model import Participant, Survey
from participant_rules.survey.ports import Page, Write
from participant_rules.survey import wire
from participant_rules.wire import Malformed

__all__ = ["MemorySurveys"]


@define
class _Entry:
    """A stored participant, its version, and its place in the order of adding."""

    participant: Participant
    version: int
    place: int


@define
class _Shelf:
    """One survey and its participants by key."""

    survey: Survey
    entries: dict[str, _Entry] = field(factory=dict)
    places: "count[int]" = field(factory=lambda: count(1))


class MemorySurveys:
    """A Register that keeps surveys and their participants in memory."""

    def __init__(self, surveys: Iterable[Survey] = ()) -> None:
        self._shelves = {survey.id: _Shelf(survey) for survey in surveys}
        self._lock = RLock()

    @classmethod
    def from_json(cls, surveys: Iterable[Mapping[str, Any]]) -> Self:
        """The store of definitions with their `participants` in wire form; raises Malformed."""
        store = cls()
        for data in surveys:
            survey = Survey.from_json(data)
            store._shelves[survey.id] = _Shelf(survey)
            for each in data.get("participants") or ():
                store._put(survey.id, wire.read_stored(each))
        return store

    def to_json(self) -> list[dict[str, Any]]:
        """Everything that is stored, as `from_json` takes it."""
        with self._lock:
            return [
                shelf.survey.to_json()
                | {"participants": [wire.write(each.participant) for each in shelf.entries.values()]}
                for shelf in self._shelves.values()
            ]

    def set_import_state(self, survey: str, state: str | None) -> None:
        """An import is "scheduled" or "running", or there is none (None)."""
        with self._lock:
            shelf = self._shelves[survey]
            shelf.survey = evolve(shelf.survey, import_state=state)

    # ---- the port

    def find(self, keys: Keys) -> Known:
        """Answer a question; see `Roster.find`."""
        with self._lock:
            shelf = self._shelves.get(keys.survey)
            if shelf is None:
                return Known(None)
            found = {key: shelf.entries.get(key) for key in map(shelf.survey.key, keys.identities)}
            return Known(
                shelf.survey,
                {key: Stored(each.participant, each.version) for key, each in found.items() if each},
            )

    def commit(self, write: Write) -> None:
        """Make a write; see `Register.commit`."""
        with self._lock:
            shelf = self._shelves[write.survey]
            if shelf.survey.import_state:
                raise Stale
            if write.before is None:
                self._add(shelf, write)
                return
            key = _key(shelf.survey, write.before.participant)
            entry = shelf.entries.get(key)
            if entry is None:
                raise Vanished
            if entry.version != write.before.version:
                raise Stale
            if write.after is None:
                del shelf.entries[key]
            else:
                entry.participant, entry.version = write.after, entry.version + 1

    def page(self, survey: str, starting_from: str, limit: int) -> Page:
        """Answer a page; see `Register.page`. Raises KeyError for a survey that is not there."""
        start = int(starting_from)
        with self._lock:
            rest = [each for each in self._shelves[survey].entries.values() if each.place > start]
        shown = rest[:limit]
        return Page(
            tuple(each.participant for each in shown),
            str(shown[-1].place) if shown else starting_from,
            len(shown) == len(rest),
        )

    def _add(self, shelf: _Shelf, write: Write) -> None:
        if write.after is not None:
            key = _key(shelf.survey, write.after)
            if key in shelf.entries:
                raise Taken("login" if shelf.survey.logged_on else "email")
            shelf.entries[key] = _Entry(write.after, 1, next(shelf.places))

    def _put(self, survey: str, participant: Participant) -> None:
        shelf = self._shelves[survey]
        key = _key(shelf.survey, participant)
        if key in shelf.entries:
            raise Malformed(f"participants: two have the same identity in survey {survey!r}")
        self._add(shelf, Write(survey, after=participant))


def _key(survey: Survey, participant: Participant) -> str:
    identity = survey.identity(participant)
    if identity is None:
        raise Malformed("a participant without an identity cannot be stored")
    return survey.key(identity)
