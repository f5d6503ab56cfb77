"""The stored participants are asked of the server, and kept as far as the file is about them."""

from typing import Any

import pytest

from participant_rules import batch, project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from participant_rules.delivery import fetching
from participant_rules.delivery.fetching import with_project_roster, with_survey_roster
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.violations import Refused
from tests.delivery.stage import Server, a_project, patience
from tests.survey.samples import facts, login_section


def test_the_roster_of_a_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """All pages are read; uniqueness, immutability and identity are judged by it."""
    monkeypatch.setattr(fetching, "_PAGE", 3)
    stored = [
        {
            "participantIdentifier": f"A-{n}",
            "enrolled": n == 4,
            "demographics": {"email": f"p{n}@example.com"},
        }
        for n in range(8)
    ]
    there = Server(MemoryProjects.from_json([a_project(*stored)]), troubles={0: 503, 2: "before", 3: 429})
    definition = project.Project(id="P")
    client = project.Client(there, projects=[definition])
    records = [
        {"participantIdentifier": "A-4", "demographics": {"email": "new@example.com"}},
        {"participantIdentifier": "B", "demographics": {"email": "P7@example.com"}},
        '{"participantIdentifier": "A-1"}',
        b"{",
    ]
    task = ProjectTask(definition, None, allow_update=True)
    known = with_project_roster(task, client, records, patience())
    codes = [[each.violation.code for each in outcome.findings] for outcome in batch.check(records, known)]
    assert codes == [["email-immutable"], ["email-taken"], [], ["not-json"]]
    assert isinstance(known.roster, MemoryProjects)
    kept = [each["participantIdentifier"] for each in known.roster.to_json()[0]["participants"]]
    assert kept == ["A-1", "A-4", "A-7"]
    assert there.calls == ["GET"] * 6


def test_pages_that_shift(monkeypatch: pytest.MonkeyPatch) -> None:
    """A participant that comes twice is kept once."""
    monkeypatch.setattr(fetching, "_PAGE", 2)
    stored = [
        {"id": f"00000000-0000-4000-8000-00000000000{n}", "participantIdentifier": f"A-{n}"} for n in range(4)
    ]
    there = Server(MemoryProjects.from_json([a_project(*stored)]))

    def shift(calls: int) -> None:
        if calls == 2:
            first = {"participantIdentifier": "new", "insertedDate": "1999-01-01"}
            dated = [each | {"insertedDate": f"2000-01-0{n + 1}"} for n, each in enumerate(stored)]
            there.projects = MemoryProjects.from_json([a_project(first, *dated)])

    there.meanwhile = shift
    definition = project.Project(id="P")
    task = ProjectTask(definition, None, allow_update=True)
    known = with_project_roster(task, project.Client(there, projects=[definition]), stored, patience())
    assert isinstance(known.roster, MemoryProjects)
    assert len(known.roster.to_json()[0]["participants"]) == 4


def test_a_survey_that_goes() -> None:
    """The refusal is raised."""
    people = [{"loginSection": login_section("kim")}]
    data = {**facts(interviewers=None), "participants": people}
    there, definition = Server(surveys=MemorySurveys.from_json([data])), survey.Survey.from_json(data)

    def close(calls: int) -> None:
        if calls == 2:
            there.surveys = MemorySurveys()

    there.meanwhile = close
    client = survey.Client(there, surveys=[definition])
    with pytest.raises(Refused):
        with_survey_roster(SurveyTask(definition, None), client, people, patience())


def test_a_survey_that_is_not_there() -> None:
    """The refusal is raised."""
    there, definition = Server(), survey.Survey.from_json(facts(interviewers=None))
    client = survey.Client(there, surveys=[definition])
    with pytest.raises(Refused):
        with_survey_roster(SurveyTask(definition, None), client, [], patience())


def test_an_empty_project() -> None:
    """One page suffices."""
    there = Server(MemoryProjects([project.Project(id="P")]))
    definition = project.Project(id="P")
    task = with_project_roster(
        ProjectTask(definition), project.Client(there, projects=[definition]), [{"id": "x"}], patience()
    )
    assert next(iter(batch.check([{"id": "x"}], task))).findings[0].violation.code == "participant-not-found"


@pytest.mark.parametrize(("operation", "calls"), [("add", 1), ("update", 3)])
def test_the_roster_of_a_survey(operation: Any, calls: int) -> None:
    """A list gives the stored participants; updated ones are asked for with seedings and subjects."""
    people = [
        {"loginSection": login_section(f"kim {n}", password="secret"), "enabled": False} for n in range(5)
    ]
    data = {**facts(interviewers=None), "participants": people}
    there = Server(surveys=MemorySurveys.from_json([data]))
    definition = survey.Survey.from_json(data)
    client = survey.Client(there, surveys=[definition])
    records = [{"loginSection": login_section(f"kim {n}")} for n in (1, 3, 9)]
    known = with_survey_roster(SurveyTask(definition, None, operation), client, [*records, "["], patience())
    codes = [{each.violation.code for each in outcome.findings} for outcome in batch.check(records, known)]
    lost = {"reset-by-omission"}
    expected = (
        [lost, lost, {"login-name-unknown"}]
        if operation == "update"
        else [*[{"login-name-taken"}] * 2, set()]
    )
    assert codes == expected
    assert there.calls == ["GET"] * calls


def test_a_participant_deleted_while_others_are_asked_for() -> None:
    """Is not there."""
    people = [{"loginSection": login_section(f"kim {n}")} for n in range(2)]
    data = {**facts(interviewers=None), "participants": people}
    there = Server(surveys=MemorySurveys.from_json([data]))
    definition = survey.Survey.from_json(data)
    client = survey.Client(there, surveys=[definition])

    def leave(calls: int) -> None:
        if calls == 2:
            there.surveys = MemorySurveys.from_json([data | {"participants": people[1:]}])

    there.meanwhile = leave
    known = with_survey_roster(SurveyTask(definition, None), client, people, patience())
    assert isinstance(known.roster, MemorySurveys)
    assert len(known.roster.to_json()[0]["participants"]) == 1
