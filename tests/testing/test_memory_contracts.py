"""The embedded stores keep the contracts."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from attrs import evolve

from participant_rules import project
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.project.model import DEMOGRAPHICS
from participant_rules.testing import ProjectRegisterContract, SurveyRegisterContract
from participant_rules.testing.harness import Harness
from participant_rules.testing.project.samples import GUID, KIM, LEE, PROJECTS, WHOLE, contact, person


class TestMemorySurveys(SurveyRegisterContract):
    """Surveys in memory."""

    def make(self, definitions: list[dict[str, Any]]) -> MemorySurveys:
        """A new store."""
        return MemorySurveys.from_json(definitions)


class TestMemoryProjects(ProjectRegisterContract):
    """Projects in memory."""

    shares_values = True

    def make(self, definitions: list[dict[str, Any]]) -> MemoryProjects:
        """A new store."""
        return MemoryProjects.from_json(definitions)


def test_the_samples_have_every_demographic() -> None:
    """A store that loses one is found out."""
    demographics = person("whole", **WHOLE).demographics
    assert [name for name in DEMOGRAPHICS if not getattr(demographics, name)] == []


class Elsewhere(MemorySurveys):
    """A store that has inherited its code from another file."""


def test_a_suite_wants_to_know_where_the_code_of_a_store_is() -> None:
    """It can neither stop nor crash a store at lines that are not run."""
    store = Elsewhere()
    call = partial(store.page, "S1", "0", 1)
    for begun in (
        Harness().overlaps(store, lambda _: (call, call)),
        Harness().crashes(store, lambda _: call),
    ):
        with pytest.raises(AssertionError, match="say in `crash_in` where the store's code is"):
            next(begun)


def test_an_interrupted_commit_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between any two lines; added, replaced, deleted and left participants are as before."""
    store = MemoryProjects.from_json(PROJECTS)
    before = store.to_json()
    lee, kim = (
        store.find(project.Keys(GUID, {"id": frozenset({each["id"].lower()})})).participants
        for each in (LEE, KIM)
    )
    assert isinstance(lee, tuple)
    assert isinstance(kim, tuple)
    leave = MemoryProjects._leave_segments

    def leave_and_stop(self: MemoryProjects, writes: Sequence[project.Write], found: Any) -> None:
        leave(self, writes, found)
        raise KeyboardInterrupt

    monkeypatch.setattr(MemoryProjects, "_leave_segments", leave_and_stop)
    added = person("new", **contact(email="new@example.com"))
    writes = [
        project.Write(GUID, None, added),
        project.Write(GUID, lee[0]),
        project.Write(GUID, kim[0], evolve(kim[0].participant, participant_identifier="A-7")),
    ]
    with pytest.raises(KeyboardInterrupt):
        store.commit(writes)
    assert store.to_json() == before
    monkeypatch.undo()
    store.commit(writes)
