"""Who is there is asked of the server, and kept as far as the file speaks of it."""

from typing import Any

import pytest

from participant_rules import batch, project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from participant_rules.delivery import fetching
from participant_rules.delivery.fetching import with_project_roster, with_survey_roster
from participant_rules.memory import MemoryProjects, MemorySurveys
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


def test_of_a_project_with_nobody() -> None:
    """One page tells that."""
    there = Server(MemoryProjects([project.Project(id="P")]))
    definition = project.Project(id="P")
    task = with_project_roster(
        ProjectTask(definition), project.Client(there, projects=[definition]), [{"id": "x"}], patience()
    )
    assert next(iter(batch.check([{"id": "x"}], task))).findings[0].violation.code == "participant-not-found"


@pytest.mark.parametrize(("operation", "calls"), [("add", 1), ("update", 3)])
def test_the_roster_of_a_survey(operation: Any, calls: int) -> None:
    """A list tells who is there; who is updated is asked for with seedings and subjects."""
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


def test_a_participant_who_goes_while_others_are_asked_for() -> None:
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
