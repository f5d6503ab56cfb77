"""Plans of many records, of an unknown roster, and of one that waits."""

from typing import Any

import pytest

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.planning import plan, run
from participant_rules.planning.effects import effects_of
from participant_rules.planning.records import Effect
from tests.survey.samples import Json, a_survey, facts, login_section

PROJECT = project.Project(id="P")


def shown(records: list[Any], task: Any, **options: Any) -> list[tuple[str, int, bool]]:
    """Actions, how many members change, and invitations."""
    plans = plan(records, task, **options)
    return [(each.outcome.action, len(each.effect.changes), each.effect.invited) for each in plans]


@pytest.fixture
def chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every chunk has two records."""
    monkeypatch.setattr(run, "RECORDS", 2)


@pytest.mark.usefixtures("chunks_of_two")
def test_later_chunks_see_what_earlier_ones_did() -> None:
    """An added participant is updated by a later row; a store is asked about each chunk."""
    stored = [{"participantIdentifier": f"A-{n}", "demographics": {"city": "Old"}} for n in range(4)]
    store = MemoryProjects.from_json([{"id": "P", "participants": stored}])
    city: Any = {"demographics": {"city": "New"}}
    rows = [{"participantIdentifier": name} | city for name in ("A-0", "B", "A-1", "B", "A-1", "A-2")]
    rows[3] = {"participantIdentifier": "B", "invitationStatus": "pending", "demographics": {"city": "New"}}
    known = shown(rows, ProjectTask(PROJECT, store, allow_update=True), notify=True)
    assert known == [
        ("update", 1, False),
        ("add", 0, True),
        ("update", 1, False),
        ("update", 1, False),
        ("none", 0, False),
        ("update", 1, False),
    ]


@pytest.mark.usefixtures("chunks_of_two")
def test_an_unknown_roster() -> None:
    """The file itself is known: its second row about a participant updates."""
    rows = [{"participantIdentifier": "A"}, {"participantIdentifier": "B"}]
    rows += [{"participantIdentifier": "A", "institutionCode": "X"}]
    task = ProjectTask(PROJECT, None, allow_update=True)
    assert shown(rows, task) == [("add", 0, False), ("add", 0, False), ("update", 1, False)]
    assert not effects_of(task).known
    people: list[Json] = [{"loginSection": login_section(f"kim {n}")} for n in range(3)]
    unknown = SurveyTask(a_survey(), None)
    assert shown(people, unknown) == [("update", 0, False)] * 3


@pytest.mark.usefixtures("chunks_of_two")
def test_participants_of_a_survey() -> None:
    """Later ones see the results of earlier ones; a record without an identity is refused."""
    people = [{"loginSection": login_section(f"kim {n}")} for n in range(3)]
    data = facts(interviewers=None) | {"participants": people}
    store, definition = MemorySurveys.from_json([data]), survey.Survey.from_json(data)
    off = [{"loginSection": login_section(f"kim {n}"), "enabled": False} for n in range(3)]
    found = shown([*off, {"loginSection": {}}, off[0]], SurveyTask(definition, store))
    assert found == [*[("update", 1, False)] * 3, ("refused", 0, False), ("update", 0, False)]


class Waiting:
    """A roster of coroutines."""

    async def find(self, _keys: Any) -> Any:
        """Never asked."""


@pytest.mark.filterwarnings("ignore:coroutine")
def test_a_roster_that_is_waited_for() -> None:
    """A plan asks one that answers at once."""
    for task in (ProjectTask(PROJECT, Waiting()), SurveyTask(a_survey(), Waiting())):
        with pytest.raises(TypeError, match="answer at once"):
            effects_of(task).of([{"loginSection": login_section()}])


def test_a_record_that_does_not_stand() -> None:
    """It has no effect, and leaves nothing behind."""
    effects = effects_of(ProjectTask(PROJECT, MemoryProjects([PROJECT])), notify=True)
    row: Any = {"participantIdentifier": "A", "demographics": {"gender": "?"}}
    assert effects.of([row, row, {}]) == [Effect(), Effect(), Effect()]
    assert effects_of(SurveyTask(a_survey(), None)).of([{}, {"loginSection": {}}]) == [Effect(), Effect()]
