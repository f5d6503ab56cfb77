"""The documented endpoints, in both ways of holding a register."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from participant_rules import survey
from participant_rules.conformance import Vector, load
from participant_rules.http import Request, Response
from participant_rules.memory import MemorySurveys
from participant_rules.survey.case import Operation
from tests.survey.samples import (
    SECRETS,
    Later,
    Racing,
    codes,
    login_section,
    payload,
    request,
    secret_participant,
    store,
)

VECTORS = load([Path(__file__).parent.parent / "vectors" / "survey"])
KIM = {"loginSection": login_section()}


def _bytes(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.heavy)])
@pytest.mark.parametrize("file", [pytest.param(file.cases, id=Path(file.file).stem) for file in VECTORS])
def test_async_registers_give_the_same_answers(file: tuple[Vector, ...], every: int) -> None:
    """Over every fourth vector, `ahandle` and `acheck` answer as `handle` and `check`."""

    async def run() -> None:
        for case in file[::every]:
            one, other = (MemorySurveys.from_json(case.given.get("surveys", ())) for _ in range(2))
            for step in case.steps:
                by = survey.Caller(
                    **_rights(step.caller if step.caller is not None else case.given.get("caller", {}))
                )
                sync, later = survey.Api(one, caller=by), survey.Api(Later(other), caller=by)
                assert await later.acheck(step.request) == sync.check(step.request)
                assert await later.ahandle(step.request) == sync.handle(step.request)
                assert one.to_json() == other.to_json()

    asyncio.run(run())


def _rights(caller: Any) -> dict[str, bool]:
    return {"manages_interviewers": caller.get("managesInterviewers", True)}


def test_methods_in_any_case() -> None:
    """A transport may spell a method as it likes."""
    assert survey.Api(store(KIM)).handle(request("get", "/kim")).status == 200


def test_an_answer_is_json() -> None:
    """An answer says that it is JSON; the answer to a delete is empty."""
    api = survey.Api(store(KIM, interviewers=None))
    assert api.handle(request("GET", "/kim/subjects")) == Response(
        200,
        {"Content-Type": "application/json"},
        b'[{"subjectName": "", "questionnaireSeeding": {}, "status": null}]',
    )
    assert api.handle(request("GET", "/lee")) == Response(
        404, {"Content-Type": "application/json"}, b'{"message": "Participant not found."}'
    )
    assert api.handle(request("DELETE", "/kim")) == Response(200)


def test_method_not_allowed_has_an_allow_header() -> None:
    """The answer lists the methods that the path has."""
    response = survey.Api(store()).handle(request("PATCH"))
    assert (response.status, response.headers["Allow"]) == (405, "GET, POST")
    assert codes(survey.Api(store()).check(request("PATCH"))) == ["method-not-allowed"]


def test_a_body_that_is_too_large() -> None:
    """The limit is the caller's to set."""
    body = _bytes(KIM)
    for limit, expected in ((len(body), []), (len(body) - 1, ["too-large"])):
        api = survey.Api(store(), max_bytes=limit)
        assert codes(api.check(request("POST", body=body))) == expected
        assert api.handle(request("POST", body=body)).status == (400 if expected else 200)
    large = b'{"a": "' + b"a" * 10 * 1024 * 1024 + b'"}'
    response = survey.Api(store()).handle(request("POST", body=large))
    assert (response.status, response.json()) == (400, {"message": "The text is too large."})


@pytest.mark.parametrize(
    ("asked", "status"),
    [(request("PATCH"), 405), (request("POST", body=b"{"), 400), (request("PUT", "/kim", b""), 400)],
    ids=["method", "add", "update"],
)
def test_the_store_is_not_asked_for_nothing(asked: Request, status: int) -> None:
    """A path or a text that cannot be read is refused without a question."""
    register = Racing(store(KIM))
    api = survey.Api(register)
    assert (api.handle(asked).status, len(api.check(asked)), register.questions) == (status, 1, 0)


def test_a_callers_own_laws() -> None:
    """An Api judges by the rules that it is given."""
    rules = {**survey.RULES, Operation.ADD: survey.ADD.without("subject-required")}
    body = _bytes({"loginSection": login_section(subjects=[])})
    assert survey.Api(store()).handle(request("POST", body=body)).status == 400
    assert survey.Api(store(), rules=rules).handle(request("POST", body=body)).status == 200


def test_rules_that_refuse_everything() -> None:
    """Laws under which a call on nobody stands are a mistake, which raises."""
    rules = {**survey.RULES, Operation.READ: survey.READ.without("participant-not-found")}
    with pytest.raises(LookupError, match="a call that stands has a participant"):
        survey.Api(store(), rules=rules).handle(request("GET", "/kim"))


def test_a_store_that_fails() -> None:
    """The exception of the register passes through."""

    def fail(_: MemorySurveys) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        survey.Api(Racing(store(KIM), fail)).handle(request("DELETE", "/kim"))


def test_a_race_is_answered_with_its_sentence() -> None:
    """The loser of a race at commit gets the documented answer."""

    def add(register: MemorySurveys) -> None:
        survey.Api(register).handle(request("POST", body=_bytes(KIM)))

    response = survey.Api(Racing(store(), add)).handle(request("POST", body=_bytes(KIM)))
    assert (response.status, response.json()) == (
        400,
        {"message": "Participant with this login name already exists."},
    )


def test_the_dry_run_commits_nothing() -> None:
    """A check asks, and changes nothing."""

    def never(_: MemorySurveys) -> None:
        raise AssertionError

    register = store(KIM)
    before = register.to_json()
    api = survey.Api(Racing(register, never))
    assert api.check(request("DELETE", "/kim")) == ()
    assert api.check(request("POST", body=_bytes(payload(loginSection=login_section("lee"))))) == ()
    assert register.to_json() == before


def test_the_list_is_read_page_by_page() -> None:
    """A caller goes on from `progress` until `upToDate`."""
    logins = [f"p{number}" for number in range(11)]
    api = survey.Api(store(*[{"loginSection": login_section(login)} for login in logins]))
    seen: list[str] = []
    token, done = "0", False
    while not done:
        answer = api.handle(request("GET", maxParticipants="4", startingFrom=token)).json()
        assert (answer["surveyId"], answer["startingFrom"]) == ("S1", token)
        seen += [each["loginSection"]["login"] for each in answer["participants"]]
        token, done = answer["progress"], answer["upToDate"]
    assert seen == logins


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"maxParticipants": ["x", "1"]}, 200),
        ({"maxParticipants": ["1", "x"]}, 400),
        ({"MAXPARTICIPANTS": "x"}, 400),
        ({"startingFrom": ["x"]}, 400),
        ({"startingFrom": "9" * 18}, 200),
        ({"startingFrom": "9" * 19}, 400),
        ({"startingFrom": "²"}, 400),
        ({"startingFrom": []}, 200),
    ],
    ids=range(8),
)
def test_query_parameters(query: dict[str, Any], status: int) -> None:
    """Names compare without regard to case, the last of several values counts, and a token is a number."""
    assert survey.Api(store(KIM)).handle(Request("GET", "/surveys/S1/participants", query)).status == status


def test_a_malformed_query_is_refused() -> None:
    """Both parameters have a violation, with the expected value."""
    found = survey.Api(store()).check(request("GET", maxParticipants="0", startingFrom="x"))
    assert [(each.code, each.pointer, each.message) for each in found] == [
        (
            "parameter-malformed",
            "/maxParticipants",
            "The query parameter must be a whole number from 1 to 5000.",
        ),
        (
            "parameter-malformed",
            "/startingFrom",
            "The query parameter must be a token that a list has answered.",
        ),
    ]


def test_warnings_refuse_nothing() -> None:
    """A check has them; the answer does not."""
    api = survey.Api(store({"loginSection": login_section(), "enabled": False}))
    body = _bytes({**KIM, "colour": 1})
    assert codes(api.check(request("PUT", "/kim", body))) == ["reset-by-omission", "unknown-field"]
    response = api.handle(request("PUT", "/kim", body))
    assert (response.status, "colour" in response.json()) == (200, False)


def test_nothing_personal_is_shown() -> None:
    """Neither an Api nor its requests and answers show a participant."""
    api = survey.Api(store(secret_participant(), kind="both"))
    asked = request("PUT", "/Robin", _bytes(secret_participant()), q="hunter2")
    answered = api.handle(asked)
    assert b"hunter2" in asked.body
    shown = repr([api, asked, answered, api.check(asked), api.handle(request("GET", "/Robin"))])
    assert [secret for secret in SECRETS if secret in shown] == []
