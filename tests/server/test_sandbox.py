"""The sandbox as an application, without a port."""

import asyncio
import json
import logging
from typing import Any

import httpx
import pytest

from participant_rules import openapi, survey
from participant_rules.http import Request
from participant_rules.jsontext import MAX_BYTES
from participant_rules.memory import MemorySurveys
from participant_rules.server import Access, MemoryStores, sandbox
from tests.server.asking import SURVEY, TOKEN, asking


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
        ("//api/v1/administration/projects/P1/participants", 200),
        ("///surveys/S1/participants", 200),
        ("//inv//api/v1/administration/projects/P1/participants", 404),
        ("/surveys//S1/participants", 404),
        ("/openapi.json", 200),
        ("//openapi.json", 200),
        ("/", 200),
    ],
)
def test_addresses(path: str, status: int) -> None:
    """Both APIs, where the pages and the vendors have them; nothing is redirected."""
    assert asking()(Request("GET", path)).status == status


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_a_page_that_is_written(method: str) -> None:
    """The pages document no `/`: its page is there for those who read it, and for nobody else."""
    answer = asking()(Request(method, "/"))
    assert (answer.status, answer.json()) == (404, {"message": "The path is none of the documented ones."})


def test_the_description() -> None:
    """It is that of the library, of this server, as it was started."""
    ask, server = asking(), "http://sandbox"
    assert ask(Request("GET", "/openapi.json")).json() == openapi.document(server=server)
    assert ask(Request("PUT", "/openapi.json")).status == 405
    ask = asking(access=Access("robin@example.com", "k3y"))
    assert ask(Request("GET", "/openapi.json")).json() == openapi.document(server=server, required=True)


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/surveys/S1/participants", "GET, HEAD, POST, OPTIONS"),
        ("/inv/api/v1/administration/projects/P1/participants/A/withdraw", "POST, OPTIONS"),
        ("/openapi.json", "GET, HEAD, OPTIONS"),
        ("/sandbox/given", "PUT, OPTIONS"),
        (TOKEN, "POST, OPTIONS"),
    ],
)
def test_options(path: str, allow: str) -> None:
    """Every address lists its methods, without credentials."""
    ask = asking(resettable=True, access=Access("robin@example.com", "k3y"))
    answer = ask(Request("OPTIONS", path))
    assert (answer.status, answer.header("Allow"), answer.body) == (204, allow, b"")
    assert ask(Request("OPTIONS", "/surveys")).status == 404


def test_head() -> None:
    """It is answered where GET is, with the same headers; a server leaves the body out."""
    ask = asking()
    for path in ("/", "/openapi.json", "/surveys/S1/participants", "/surveys/S1/participants/kim"):
        head, get = ask(Request("HEAD", path)), ask(Request("GET", path))
        assert (head.status, head.header("Content-Type")) == (get.status, get.header("Content-Type"))
    assert ask(Request("HEAD", TOKEN)).status == 405


@pytest.mark.parametrize("path", ["/surveys", "/api/v1/administration", "/anything"])
def test_a_path_that_is_none_needs_no_credentials(path: str) -> None:
    """It is unknown to any caller, in the form of the API with such paths."""
    with_, without = asking(access=Access("robin@example.com", "k3y")), asking()
    answer = with_(Request("GET", path))
    assert (answer.status, answer.json()) == (404, without(Request("GET", path)).json())


def test_pages_of_another_origin() -> None:
    """May ask where the sandbox allows them to, and see every header."""
    ask = asking(cors=("http://localhost:3000",))
    preflight = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "x-username, authorization",
    }
    answer = ask(Request("OPTIONS", "/surveys/S1/participants/kim", headers=preflight))
    assert answer.status == 200
    assert answer.header("Access-Control-Allow-Origin") == "http://localhost:3000"
    assert answer.header("Access-Control-Allow-Headers") == "x-username, authorization"
    got = ask(Request("GET", "/surveys/S1/participants", headers={"Origin": "http://localhost:3000"}))
    assert got.header("Access-Control-Allow-Origin") == "http://localhost:3000"
    assert got.header("Access-Control-Expose-Headers") == "*"
    other = ask(Request("GET", "/surveys/S1/participants", headers={"Origin": "http://example.com"}))
    assert other.header("Access-Control-Allow-Origin") is None
    off = asking()(Request("GET", "/surveys/S1/participants", headers={"Origin": "http://localhost:3000"}))
    assert off.header("Access-Control-Allow-Origin") is None


def test_what_is_too_large_is_not_read_to_its_end() -> None:
    """It is refused as the rules say."""
    answer = asking()(Request("POST", "/surveys/S1/participants", body=b" " * (MAX_BYTES + 9)))
    assert (answer.status, answer.json()) == (400, {"message": "The text is too large."})


def test_starting_again() -> None:
    """Everything is replaced, the clock stops, and the caller is the given one."""
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
    """It is an error, and nothing changes."""
    ask = asking(resettable=True)
    answer = ask(given(data))
    assert (answer.status, list(answer.json())) == (400, ["message"])
    assert ask(Request("GET", "/surveys/S1/participants")).status == 200


@pytest.mark.parametrize(
    ("body", "found"),
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
def test_what_is_misspelt_in_what_is_given(body: bytes, found: str) -> None:
    """A member that nobody knows is named with its place and the nearest one."""
    assert asking(resettable=True)(given(body)).json() == {"message": found}


def test_without_resettable_nothing_is_reset() -> None:
    """Neither the data nor the caller is anybody's to say."""
    assert asking()(given({})).status == 404
    ask = asking()
    assert ask(Request("GET", "/surveys/S1/participants", headers={"Sandbox-Caller": "{"})).status == 200


class Broken(MemorySurveys):
    """A store that fails, with a name in its error."""

    def find(self, keys: survey.Keys) -> survey.Known:
        raise RuntimeError(f"no connection for {keys.identities}")


def test_a_failure_is_reported_without_names(caplog: pytest.LogCaptureFixture) -> None:
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
