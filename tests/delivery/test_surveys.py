"""Participants to a survey arrive once each, one call at a time."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from participant_rules import survey
from participant_rules.delivery import Row, Stopped, SurveyPost
from participant_rules.memory import MemorySurveys
from tests.delivery.stage import Killed, Server, patience, run, survey_job, texts
from tests.survey.samples import Json, facts, login_section

SURVEY = survey.Survey.from_json(facts(interviewers=None))
COUNT = 6


def server(*participants: Json, troubles: Any = ()) -> Server:
    """One with the survey S1."""
    data = {**facts(interviewers=None), "participants": list(participants)}
    return Server(surveys=MemorySurveys.from_json([data]), troubles=dict(troubles))


def person(number: int, **members: Any) -> Json:
    """A participant."""
    return {"loginSection": login_section(f"kim {number}", **members)}


def there_is(there: Server) -> list[tuple[Any, Any]]:
    """Logins and passwords."""
    found = there.surveys.to_json()[0]["participants"]
    return sorted((each["loginSection"]["login"], each["loginSection"].get("password")) for each in found)


@pytest.mark.parametrize("operation", ["add", "update"])
@pytest.mark.parametrize("seed", range(6))
def test_any_mixture_of_troubles(tmp_path: Path, operation: str, seed: int) -> None:
    """Nothing is lost, nothing comes twice; kills are among the troubles."""
    random = Random(seed)
    kinds = ["before", "after", "killed before", "killed after", 429, 500, 503]
    stored = [person(n, password="old") for n in range(COUNT)] if operation == "update" else []
    there = server(*stored, troubles={n: random.choice(kinds) for n in range(60) if random.random() < 0.4})
    sent = [person(n, password=f"new {n}") for n in range(COUNT)]
    outcomes: Any = None
    while outcomes is None:
        try:
            outcomes = run(survey_job(tmp_path, there, SURVEY, sent, operation))
        except (Killed, Stopped):
            continue
    assert outcomes == [(operation, ())] * COUNT
    assert there_is(there) == [(f"kim {n}", f"new {n}") for n in range(COUNT)]


@pytest.mark.parametrize(("trouble", "posts"), [("before", COUNT + 1), ("after", COUNT)])
def test_an_addition_is_asked_for(tmp_path: Path, trouble: str, posts: int) -> None:
    """By a GET, before it is sent again."""
    there = server(troubles={2: trouble})
    assert (
        run(survey_job(tmp_path, there, SURVEY, [person(n) for n in range(COUNT)], "add"))
        == [("add", ())] * 6
    )
    assert (there.calls.count("POST"), there.calls.count("GET")) == (posts, 1)


def test_refusals_are_recognised_and_the_others_sent(tmp_path: Path) -> None:
    """Each call is about one participant."""
    there = server(person(1))
    job = survey_job(tmp_path, there, SURVEY, [person(n) for n in range(3)], "add")
    assert run(job) == [("add", ()), ("refused", ("login-name-taken",)), ("add", ())]
    (finding,) = [each for outcome in job.outcomes() for each in outcome.findings]
    assert (finding.place.row, finding.violation.pointer) == (2, "/loginSection/login")


def test_an_addition_of_unknown_arrival(tmp_path: Path) -> None:
    """Another participant has the identity: it is reported and left, and never sent again."""
    there = server(person(1, password="somebody else's"), troubles={0: "before"})
    job = survey_job(tmp_path, there, SURVEY, [person(1, password="mine")], "add")
    assert run(job) == [("refused", ("arrival-unknown",))]
    assert run(survey_job(tmp_path, there, SURVEY, [person(1, password="mine")], "add")) == [
        ("refused", ("arrival-unknown",))
    ]
    assert there.calls == ["POST", "GET"]


def test_a_survey_that_cannot_be_written_to(tmp_path: Path) -> None:
    """While an import runs nobody can be added: that is no fault of a participant, and may end."""
    data = {**facts(interviewers=None), "importState": "running"}
    there = Server(surveys=MemorySurveys.from_json([data]))
    job = survey_job(tmp_path, there, SURVEY, [person(1)], "add")
    with pytest.raises(Stopped, match="import-in-progress") as stopped:
        run(job)
    assert (texts(job), stopped.value.resumable) == ([], True)


def test_a_server_that_cannot_be_asked(tmp_path: Path) -> None:
    """The call stays open in the journal, and the next run asks again."""
    there = server(troubles={0: "after", 1: 404})
    with pytest.raises(Stopped):
        run(survey_job(tmp_path, there, SURVEY, [person(1)], "add", patience(attempts=2)))
    job = survey_job(tmp_path, there, SURVEY, [person(1)], "add")
    assert len(job.journal.open) == 1
    assert run(job) == [("add", ())]
    assert there.calls == ["POST", "GET", "GET"]


def test_a_row_of_an_open_call_that_has_left_the_file(tmp_path: Path) -> None:
    """Nobody can be asked about it; the others go on."""
    there = server(troubles={0: "killed after"})
    with pytest.raises(Killed):
        run(survey_job(tmp_path, there, SURVEY, [person(1)], "add"))
    job = survey_job(tmp_path, there, SURVEY, [person(2)], "add")
    assert run(job) == [("add", ())]
    assert sorted(state.kind for state in job.journal.states.values()) == ["sent", "unknown"]


def test_a_question_that_is_refused(tmp_path: Path) -> None:
    """The call stays open, and is asked for by the next run."""
    there = server(troubles={0: "after"})
    store = there.surveys

    def close(calls: int) -> None:
        there.surveys = MemorySurveys() if calls == 2 else store

    there.meanwhile = close
    job = survey_job(tmp_path, there, SURVEY, [person(1)], "add")
    with pytest.raises(Stopped, match="does not say what has arrived: survey-not-accessible"):
        run(job)
    assert run(survey_job(tmp_path, there, SURVEY, [person(1)], "add")) == [("add", ())]


def test_rows_that_equal_each_other_in_an_open_call(tmp_path: Path) -> None:
    """The row of the open call that is still there is distinguished from the missing ones."""
    there = server(troubles={0: "killed before"})
    with pytest.raises(Killed):
        run(survey_job(tmp_path, there, SURVEY, [person(1)], "add"))
    assert run(survey_job(tmp_path, there, SURVEY, [person(2), person(1)], "add")) == [("add", ())] * 2


def test_a_row_without_an_identity() -> None:
    """The check refuses it; a post that gets one all the same says so."""
    post = SurveyPost(survey.Client(server()), SURVEY)
    with pytest.raises(LookupError):
        post.send([Row(0, ("", 0), b"{}")])
