"""The sandbox as an application, without a port."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from participant_rules import openapi, survey
from participant_rules.adapters.httpx import AsyncHttpxTransport
from participant_rules.http import Request, Response
from participant_rules.jsontext import MAX_BYTES
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.server import Access, MemoryStores, sandbox

SURVEY = survey.Survey(id="S1", invited=False, logged_on=True, group=False)
PROJECTS = [{"id": "P1", "participants": [{"participantIdentifier": "A"}]}]
TOKEN = "/identityserver/connect/token"
ASSERTION = {"grant_type": "client_credentials", "client_assertion": "any.signed.jwt", "scope": "api"}

Ask = Callable[[Request], Response]


def asking(**options: Any) -> Ask:
    """A function that asks a new sandbox."""
    app = sandbox(MemoryStores(MemorySurveys([SURVEY]), MemoryProjects.from_json(PROJECTS)), **options)

    async def ask(request: Request) -> Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            return await AsyncHttpxTransport("http://sandbox", client).send(request)

    return lambda request: asyncio.run(ask(request))


def form(**members: str) -> Request:
    """A request to the token endpoint."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request("POST", TOKEN, headers=headers, body=urlencode(members).encode())


def given(data: Any) -> Request:
    """A request to start again."""
    return Request(
        "PUT", "/sandbox/given", body=data if isinstance(data, bytes) else json.dumps(data).encode()
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/surveys/S1/participants", 200),
        ("/snaponline/api/surveys/S1/participants", 200),
        ("/snaponline/apisurveys/S1/participants", 404),
        ("/surveys/S1/participants/", 404),
        ("/surveys/S1/participants/a%0Ab", 404),
        ("/api/v1/administration/projects/P1/participants", 200),
        ("/inv/api/v1/administration/projects/P1/participants", 200),
        ("/inv/surveys/S1/participants", 404),
        ("/openapi.json", 200),
        ("/", 404),
    ],
)
def test_addresses(path: str, status: int) -> None:
    """Both APIs, where the pages and the vendors have them; nothing is redirected."""
    assert asking()(Request("GET", path)).status == status


def test_the_description() -> None:
    """It is that of the library."""
    assert asking()(Request("GET", "/openapi.json")).json() == openapi.document()
    assert asking()(Request("PUT", "/openapi.json")).status == 405


def test_what_is_too_large_is_not_read_to_its_end() -> None:
    """It is refused as the rules say."""
    answer = asking()(Request("POST", "/surveys/S1/participants", body=b" " * (MAX_BYTES + 9)))
    assert (answer.status, answer.json()) == (400, {"message": "The text is too large."})


def test_a_token_for_any_assertion() -> None:
    """In the form of RFC 6749, and not to be kept."""
    answer = asking()(form(**ASSERTION))
    granted = answer.json()
    assert (answer.status, answer.header("Cache-Control")) == (200, "no-store")
    assert granted.pop("access_token")
    assert granted == {"expires_in": 300, "token_type": "Bearer", "scope": "api"}
    assert asking()(form(grant_type="delegated_participant", token="x", participant_id="A")).status == 200


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
        ({"grant_type": "delegated_participant"}, "invalid_grant"),
    ],
)
def test_no_token(members: dict[str, str], error: str) -> None:
    """What is no request for one is refused."""
    answer = asking()(form(**members))
    assert (answer.status, answer.json()) == (400, {"error": error})


def test_required_credentials_of_a_survey() -> None:
    """All three headers; the token endpoint and the description stay open."""
    ask = asking(access=Access("robin@example.com", "k3y"))
    right = {"X-USERNAME": "robin@example.com", "X-API-KEY": "k3y", "X-VERSION": "2.0"}
    assert ask(Request("GET", "/surveys/S1/participants", headers=right)).status == 200
    for name in right:
        for wrong in ({}, {name: "other"}):
            headers = {key: value for key, value in right.items() if key != name} | wrong
            answer = ask(Request("GET", "/surveys/S1/participants", headers=headers))
            assert (answer.status, list(answer.json())) == (401, ["message"])
    assert ask(Request("GET", "/openapi.json")).status == 200


def test_required_tokens_of_a_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that this sandbox gave, and that is still good."""
    ask = asking(access=Access("robin@example.com", "k3y"))
    address = "/api/v1/administration/projects/P1/participants"
    token = ask(form(**ASSERTION)).json()["access_token"]
    assert ask(Request("GET", address, headers={"Authorization": f"bearer {token}"})).status == 200
    forged = [token + "0", "9" * 12 + token[10:], "", ".", "9" * 400]
    for header in (None, "Basic " + token, *(f"Bearer {each}" for each in forged)):
        headers = {"Authorization": header} if header is not None else {}
        answer = ask(Request("GET", address, headers=headers))
        assert (answer.status, answer.header("WWW-Authenticate")) == (401, "Bearer")
        assert answer.json()["errors"][0]["code"] == "token-required"
    later = time.time() + 301
    monkeypatch.setattr("participant_rules.server.access.time", lambda: later)
    assert ask(Request("GET", address, headers={"Authorization": f"Bearer {token}"})).status == 401


@pytest.mark.parametrize("odd", ["Bearer ².a", "Bearer ž", "ÿ", "Bearer"])
def test_odd_headers_are_no_server_error(odd: str) -> None:
    """Whatever bytes come."""
    access = Access("robin@example.com", "k3y")
    assert access.refuse_project({"authorization": odd}) is not None
    assert access.refuse_survey({"x-username": odd}) is not None


def test_secrets_are_not_shown() -> None:
    """Not in a repr."""
    assert repr(Access("robin@example.com", "k3y")) == "Access()"


def test_starting_again() -> None:
    """Everything is replaced, the clock stops, and the caller is who is given."""
    ask = asking(resettable=True)
    definition = SURVEY.to_json() | {"id": "S2", "interviewers": ["i@example.com"]}
    data = {
        "surveys": [definition],
        "projects": [{"id": "P2"}],
        "now": "2026-01-02T03:04:05+00:00",
        "caller": {"managesInterviewers": False},
    }
    assert ask(given(data)).status == 204
    assert ask(Request("GET", "/surveys/S1/participants")).status == 401
    participant = {"loginSection": {"login": "kim", "interviewer": "", "subjects": [{"subjectName": ""}]}}
    request = Request("POST", "/surveys/S2/participants", body=json.dumps(participant).encode())
    assert ask(request).json() == {"message": "Not allowed to add, update or delete an interviewer."}
    manager = {"Sandbox-Caller": '{"managesInterviewers": true}'}
    assert ask(Request("POST", request.path, headers=manager, body=request.body)).status == 200
    for odd in ("{", "7", '{"managesInterviewers": 1}'):
        headers = {"Sandbox-Caller": odd}
        assert ask(Request("POST", request.path, headers=headers, body=request.body)).status == 400
    put = Request(
        "PUT", "/api/v1/administration/projects/P2/participants", body=b'{"participantIdentifier": "B"}'
    )
    assert ask(put).json()["result"]["insertedDate"] == "2026-01-02T03:04:05+00:00"
    assert ask(given(b"")).status == 204
    assert ask(put).status == 404


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"\xff",
        b"[" * 100_000,
        [],
        {"surveys": 7},
        {"surveys": [7]},
        {"surveys": [{"id": "S1"}]},
        {"projects": [{"id": 7}]},
        {"now": "yesterday"},
        {"now": 7},
        {"caller": 7},
        {"caller": {"managesInterviewers": "yes"}},
        {"surveys": [SURVEY.to_json() | {"participants": [{}]}]},
        {"surveys": [SURVEY.to_json() | {"participants": 7}]},
        {"projects": [{"id": "P1", "segments": 7}]},
    ],
)
def test_what_cannot_be_given(data: Any) -> None:
    """It is said, and nothing changes."""
    ask = asking(resettable=True)
    answer = ask(given(data))
    assert (answer.status, list(answer.json())) == (400, ["message"])
    assert ask(Request("GET", "/surveys/S1/participants")).status == 200


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            b'{"projects":\n [{"customfields": []}]}',
            (
                "project: /projects/0/customfields (line 2, column 4) The member is unknown; "
                "the nearest known one is customFields."
            ),
        ),
        (
            b'{"survey": []}',
            ("given: /survey (line 1, column 2) The member is unknown; the nearest known one is surveys."),
        ),
        (
            b'{"caller": {"manager": true}}',
            (
                "given: /caller/manager (line 1, column 13) The member is unknown; "
                "the nearest known one is managesInterviewers."
            ),
        ),
        (
            b'{"surveys": {"id": "S"}, "projects": [7]}',
            (
                "survey: /surveys/invited (line 1, column 2) The value must be true or false.; "
                "/surveys/loggedOn (line 1, column 2) The value must be true or false.; "
                "/surveys/group (line 1, column 2) The value must be true or false."
            ),
        ),
        (b'{"a": 1,}', "given: (line 1, column 9) The text is not JSON."),
    ],
)
def test_what_is_misspelt_in_what_is_given(body: bytes, said: str) -> None:
    """A member that nobody knows is named with its place and the nearest one."""
    assert asking(resettable=True)(given(body)).json() == {"message": said}


def test_without_resettable_nothing_is_reset() -> None:
    """Neither the data nor the caller is anybody's to say."""
    assert asking()(given({})).status == 404
    ask = asking()
    assert ask(Request("GET", "/surveys/S1/participants", headers={"Sandbox-Caller": "{"})).status == 200


class Broken(MemorySurveys):
    """A store that fails, and says of whom."""

    def find(self, keys: survey.Keys) -> survey.Known:
        raise RuntimeError(f"no connection for {keys.identities}")


def test_a_failure_is_told_without_names(caplog: pytest.LogCaptureFixture) -> None:
    """The log has the place and the kind of a failure; the answer has neither."""
    app = sandbox(MemoryStores(Broken()))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            return await client.get("http://sandbox/surveys/S1/participants/robin")

    with caplog.at_level(logging.INFO, "participant_rules.server"):
        answer = asyncio.run(ask())
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")
    assert "RuntimeError at" in caplog.text
    assert "GET /surveys/{}/participants/{} 500" in caplog.text
    assert "robin" not in "".join(each.getMessage() for each in caplog.records if each.name != "httpx")
