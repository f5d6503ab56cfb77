"""Stores that break the contract, each in one way, under the suites that must find it.

Not collected by itself: test_bites.py runs it and wants failures.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from participant_rules import project, survey
from participant_rules.conflicts import Conflict, Stale, Taken, Vanished
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.project.policy import Policy
from participant_rules.survey.wire import read_stored
from participant_rules.testing import ProjectRegisterContract, SurveyRegisterContract
from participant_rules.unset import UNSET

Definitions = list[dict[str, Any]]


# ---- projects


class Looking(MemoryProjects):
    """Looks whether the keys are free, then writes: there is a moment between."""

    def commit(self, writes: Sequence[project.Write]) -> None:
        """Try the writes on a copy; the copy is taken here without another look."""
        copy = MemoryProjects.from_json(self.to_json())
        for name, shelf in self._shelves.items():
            copy._shelves[name].entries.update(shelf.entries)
            copy._shelves[name].index_anew()
        copy.commit(writes)
        for each in writes:
            shelf = self._shelves[each.project]
            meant = each.before.participant if each.before else each.after
            key = str(meant.id if meant else "").lower()
            if each.after is None:
                shelf.put(key, None)
                continue
            number = shelf.number()
            old = shelf.entries.get(key)
            shelf.put(key, shelf.entry(project.Stored(each.after, number), old.place if old else number))
        self._leave_segments(writes, {})


class Forgetful(MemoryProjects):
    """Takes whoever is there for the version that the decision was made on."""

    def commit(self, writes: Sequence[project.Write]) -> None:
        """Write over whatever is there."""
        super().commit([self._now(each) for each in writes])

    def _now(self, each: project.Write) -> project.Write:
        if each.before is None or each.before.version is None:
            return each
        asked = project.Keys(each.project, {"id": frozenset({str(each.before.participant.id).lower()})})
        found = self.find(asked).participants
        version = found[0].version if isinstance(found, tuple) and found else each.before.version
        return evolve(each, before=evolve(each.before, version=version))


class Half(MemoryProjects):
    """Makes one write after the other, each for good."""

    def commit(self, writes: Sequence[project.Write]) -> None:
        """Stop at the first that fails."""
        for position, each in enumerate(writes):
            try:
                super().commit([each])
            except Taken as taken:
                raise Taken(taken.field, position) from None
            except Vanished:
                raise Vanished(position) from None


class TestProjectLooking(ProjectRegisterContract):
    """Selects and then inserts without a constraint."""

    def make(self, definitions: Definitions) -> Any:
        """A new store."""
        return Looking.from_json(definitions)


class TestProjectForgetful(ProjectRegisterContract):
    """Forgets versions."""

    def make(self, definitions: Definitions) -> Any:
        """A new store."""
        return Forgetful.from_json(definitions)


class TestProjectHalf(ProjectRegisterContract):
    """Writes half a batch."""

    def make(self, definitions: Definitions) -> Any:
        """A new store."""
        return Half.from_json(definitions)


class Narrow(MemoryProjects):
    """Has no column for the offset of a participant's time."""

    def commit(self, writes: Sequence[project.Write]) -> None:
        """Leave it out."""
        super().commit([evolve(each, after=self._without(each.after)) for each in writes])

    def _without(self, after: project.Participant | None) -> project.Participant | None:
        if after is None or not after.demographics:
            return after
        return evolve(after, demographics=evolve(after.demographics, utc_offset=UNSET))


class TestProjectNarrow(ProjectRegisterContract):
    """Loses a documented member."""

    def make(self, definitions: Definitions) -> Any:
        """A new store."""
        return Narrow.from_json(definitions)


class TestProjectCaseSensitive(ProjectRegisterContract):
    """Loses case-insensitive keys."""

    def make(self, definitions: Definitions) -> Any:
        """A new store."""
        return MemoryProjects.from_json(definitions, policy=Policy(email_key=lambda text: text))


# ---- surveys


class Naive:
    """Participants in SQLite, where nothing but a look guards their identities, and commits of two steps."""

    def __init__(self, file: Path, definitions: Definitions) -> None:
        self._file = file
        self._surveys = {each["id"]: survey.Survey.from_json(each) for each in definitions}
        self._documents: dict[int, survey.Participant] = {}
        self._do("CREATE TABLE participant (place INTEGER PRIMARY KEY AUTOINCREMENT, survey, key, document)")
        for each in definitions:
            for given in each.get("participants", ()):
                self._insert(each["id"], read_stored(given))

    def _do(self, statement: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(self._file, timeout=60, isolation_level=None)) as connection:
            return connection.execute(statement, values).fetchall()

    def _key(self, name: str, participant: survey.Participant) -> str:
        definition = self._surveys[name]
        return definition.key(definition.identity(participant) or "")

    def _insert(self, name: str, participant: survey.Participant) -> None:
        document = repr(id(participant))
        self._documents[id(participant)] = participant
        values = (name, self._key(name, participant), document)
        self._do("INSERT INTO participant (survey, key, document) VALUES (?, ?, ?)", *values)

    def find(self, keys: survey.Keys) -> survey.Known:
        """Ask for each key."""
        definition = self._surveys.get(keys.survey)
        if definition is None:
            return survey.Known(None)
        asked = "SELECT key, place, document FROM participant WHERE survey = ?"
        rows = {key: (place, document) for key, place, document in self._do(asked, keys.survey)}
        found = {key: rows[key] for key in map(definition.key, keys.identities) if key in rows}
        return survey.Known(
            definition,
            {key: survey.Stored(self._documents[int(doc)], place) for key, (place, doc) in found.items()},
        )

    def commit(self, each: survey.Write) -> None:
        """Look, then write: a replacement is a deletion and an addition."""
        definition = self._surveys.get(each.survey)
        if definition is None or definition.import_state:
            raise Stale
        if each.before is not None:
            identity = definition.identity(each.before.participant) or ""
            now = self.find(survey.Keys(each.survey, frozenset({identity}))).find(identity)
            if not isinstance(now, survey.Stored):
                raise Vanished
            if now.version != each.before.version:
                raise Stale
            self._do("DELETE FROM participant WHERE place = ?", now.version)
        if each.after is not None:
            key = self._key(each.survey, each.after)
            if self._do("SELECT 1 FROM participant WHERE survey = ? AND key = ?", each.survey, key):
                raise Taken("login" if definition.logged_on else "email")
            self._insert(each.survey, each.after)

    def page(self, name: str, starting_from: str, limit: int) -> survey.Page:
        """Ask for all."""
        asked = "SELECT place, document FROM participant WHERE survey = ? AND place > ? ORDER BY place"
        rows = self._do(asked, name.replace("\0", ""), int(starting_from))
        shown = rows[:limit]
        people = tuple(self._documents[int(document)] for _, document in shown)
        return survey.Page(people, str(shown[-1][0]) if shown else starting_from, len(shown) == len(rows))


class ForgetfulSurveys(MemorySurveys):
    """Takes whoever is there for the version that the decision was made on."""

    def commit(self, write: survey.Write) -> None:
        """Write over whatever is there."""
        while True:
            try:
                return super().commit(write)
            except Stale as stale:
                known = self.find(survey.Keys(write.survey, frozenset()))
                if known.survey is None or known.survey.import_state or write.before is None:
                    raise
                identity = known.survey.identity(write.before.participant) or ""
                now = self.find(survey.Keys(write.survey, frozenset({identity}))).find(identity)
                if not isinstance(now, survey.Stored):
                    raise Vanished from stale
                write = evolve(write, before=now)


class TestSurveyLooking(SurveyRegisterContract):
    """Selects and then inserts without a constraint, and is halfway between two steps at times."""

    @pytest.fixture(autouse=True)
    def _file(self, tmp_path: Path) -> None:
        self.file = tmp_path / "naive.db"

    def make(self, definitions: Definitions) -> Any:
        """A new store."""
        return Naive(self.file, definitions)


class TestSurveyForgetful(SurveyRegisterContract):
    """Forgets versions."""

    def make(self, definitions: Definitions) -> Any:
        """A new store."""
        return ForgetfulSurveys.from_json(definitions)


class Unsure(MemorySurveys):
    """Takes a full page for one that is not the last."""

    def page(self, survey: str, starting_from: str, limit: int) -> Any:
        """Do not look at what comes after the page."""
        page = super().page(survey, starting_from, limit)
        return evolve(page, up_to_date=len(page.participants) < limit)


class TestSurveyUnsure(SurveyRegisterContract):
    """Says of a full last page that more comes after it."""

    def make(self, definitions: Definitions) -> Any:
        """A new store."""
        return Unsure.from_json(definitions)


class CaseSensitive(MemorySurveys):
    """Finds an address only as it was spelt, and thinks that another spelling is another address."""

    def find(self, keys: survey.Keys) -> survey.Known:
        """Ask, and compare once more."""
        known = super().find(keys)
        if known.survey is None or not isinstance(known.participants, dict):
            return known
        found = {
            key: each
            for key, each in known.participants.items()
            if known.survey.identity(each.participant) in keys.identities
        }
        return evolve(known, participants=found)

    def commit(self, write: survey.Write) -> None:
        """An addition that is taken in another spelling is left out without a word."""
        try:
            super().commit(write)
        except Taken:
            shelf = self._shelves[write.survey]
            asked = shelf.survey.identity(write.after) if write.after else None
            spelt = [shelf.survey.identity(each.stored.participant) for each in shelf.entries.values()]
            if asked in spelt:
                raise


class TestSurveyCaseSensitive(SurveyRegisterContract):
    """Loses case-insensitive keys."""

    def make(self, definitions: Definitions) -> Any:
        """A new store."""
        return CaseSensitive.from_json(definitions)


# ---- async


class AsyncLooking:
    """Looks, waits for an answer as one does over a network, then inserts."""

    def __init__(self, definitions: Definitions) -> None:
        self._inner = MemorySurveys.from_json(definitions)

    async def find(self, keys: survey.Keys) -> survey.Known:
        """Ask."""
        return self._inner.find(keys)

    async def page(self, name: str, starting_from: str, limit: int) -> survey.Page:
        """Ask."""
        return self._inner.page(name, starting_from, limit)

    async def commit(self, write: survey.Write) -> None:
        """Write without looking again."""
        copy = MemorySurveys.from_json(self._inner.to_json())
        for name, shelf in self._inner._shelves.items():
            copy._shelves[name].entries = dict(shelf.entries)
        copy.commit(write)
        await asyncio.sleep(0.001)
        try:
            self._inner.commit(write)
        except Conflict:
            if write.before is None and write.after is not None:
                shelf = self._inner._shelves[write.survey]
                identity = shelf.survey.identity(write.after) or ""
                del shelf.entries[shelf.survey.key(identity)]
                self._inner.commit(write)  # the last one wins


class TestAsyncLooking(SurveyRegisterContract):
    """Selects and then inserts, in coroutines."""

    async def make(self, definitions: Definitions) -> Any:
        """A new store."""
        return AsyncLooking(definitions)
