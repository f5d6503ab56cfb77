"""The seven calls, without a server."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from participant_rules import project
from participant_rules.http import Request, Response
from participant_rules.project.memory import MemoryProjects

ID = "3a713a06-295d-4803-9602-776f09a1483b"
SEGMENT = "f4828980-3a25-46c7-8d54-ea6bfc4fa970"
BASE = "/api/v1/administration/projects/P/participants"
LEE = {
    "id": ID,
    "participantIdentifier": "A-7",
    "demographics": {"email": "lee@example.com"},
    "accountEmail": "x",
}
KIM = {"participantIdentifier": "B 1/é", "enrolled": True}
ANSWER = {
    "id": ID,
    "enrolled": False,
    "insertedDate": None,
    "invitationStatus": None,
    "participantIdentifier": "A-7",
    "demographics": {"email": "lee@example.com"},
    "customFields": {},
    "excludeFromExport": False,
    "institutionCode": "",
}


class Server:
    """An Api over a store; every answer is held against the dry run."""

    def __init__(self, *participants: object) -> None:
        members = [{"id": ID, "addDate": "2022-11-10T02:20:05.44Z"}]
        segments = [{"segmentID": SEGMENT, "segmentName": "Under 35", "members": members}]
        given = [{"id": "P", "participants": participants, "segments": segments}]
        self.store = MemoryProjects.from_json(given, now=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
        self.api = project.Api(self.store)

    def ask(self, method: str, path: str = "", body: object = None, **query: Any) -> Response:
        """Send a request."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        request = Request(method, path if path.startswith("/api") else BASE + path, query, body=sent)
        before = self.store.to_json()
        found = [each for each in self.api.check(request) if each.severity == "error"]
        assert self.store.to_json() == before
        response = self.api.handle(request)
        if found:
            assert [each["code"] for each in response.json()["errors"]] == [each.code for each in found]
            assert self.store.to_json() == before
        else:
            assert response.status == 200
        return response


@pytest.fixture
def server() -> Server:
    """A server with two participants."""
    return Server(LEE, KIM)


def errors(response: Response) -> tuple[int, list[tuple[str, str]]]:
    """The status, and the codes and pointers of the errors."""
    assert response.headers["Content-Type"] == "application/problem+json"
    return response.status, [(each["code"], each["pointer"]) for each in response.json()["errors"]]


def test_get(server: Server) -> None:
    """By identifier, or by id without regard to case; undocumented members are not answered."""
    assert server.ask("GET", "/A-7").json() == ANSWER
    assert server.ask("GET", "/%20A-7").json() == ANSWER
    assert server.ask("GET", f"/{ID.upper()}", queryByID="TRUE").json() == ANSWER
    assert server.ask("GET", "/B%201%2F%C3%A9").json()["enrolled"] is True


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("DELETE", ""), ("GET", "/segments"), ("POST", "/withdraw")]
)
def test_a_path_without_a_name(server: Server, method: str, path: str) -> None:
    """An identifier is no id, and an id is no identifier."""
    for name, query in ((ID, {}), ("A-7", {"queryByID": "true"}), ("a-7", {"queryById": "false"})):
        assert errors(server.ask(method, f"/{name}{path}", **query)) == (
            404,
            [("participant-not-found", "#")],
        )
    for name in ("A-7", "nobody"):
        assert errors(server.ask(method, f"/{name}{path}", queryByID="yes")) == (
            400,
            [("parameter-malformed", "#/queryByID")],
        )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PUT", ""),
        ("POST", ""),
        ("GET", "/A-7"),
        ("DELETE", "/A-7"),
        ("GET", "/A-7/segments"),
        ("POST", "/A-7/withdraw"),
    ],
)
def test_an_unknown_project(server: Server, method: str, path: str) -> None:
    """It comes before anything else."""
    where = BASE.replace("/P/", "/Q/") + path
    query = {"queryByID": "x", "allowUpdate": "x", "pageSize": "0"}
    assert errors(server.ask(method, where, b"{", **query)) == (404, [("project-not-found", "#")])
    assert errors(server.ask(method, where, {"participants": [1]})) == (404, [("project-not-found", "#")])


def test_other_paths_and_methods(server: Server) -> None:
    """They come before the project."""
    assert errors(server.ask("GET", "/api/v1/administration/projects/Q")) == (
        404,
        [("endpoint-unknown", "#")],
    )
    response = server.ask("PATCH", BASE.replace("/P/", "/Q/"))
    assert (errors(response), response.headers["Allow"]) == (
        (405, [("method-not-allowed", "#")]),
        "GET, PUT, POST",
    )


def test_put(server: Server) -> None:
    """Add, update and none."""
    body = {
        "demographics": {"email": "someone@example.com", "name": "John Doe"},
        "customFields": {"Smoker": 1},
    }
    added = server.ask("PUT", "", body).json()
    made = {name: added["result"].pop(name) for name in ("id", "participantIdentifier")}
    assert added == {
        "actionTaken": "add",
        "result": {
            "enrolled": False,
            "insertedDate": "2026-01-02T03:04:05+00:00",
            "invitationStatus": None,
            "demographics": {"email": "someone@example.com"},
            "customFields": {"Smoker": 1},
            "excludeFromExport": False,
            "institutionCode": "",
        },
    }
    assert made["id"] != made["participantIdentifier"]
    update = {"participantIdentifier": "A-7", "institutionCode": "North"}
    expected = ANSWER | {"institutionCode": "North"}
    assert server.ask("PUT", "", update).json() == {"actionTaken": "update", "result": expected}
    assert server.ask("PUT", "", update).json() == {"actionTaken": "none", "result": expected}


def test_a_refused_put(server: Server) -> None:
    """RFC 9457, with every violation; the status is that of the first one."""
    response = server.ask("PUT", "", {"id": "x", "customFields": 1, "demographics": {"gender": "m"}})
    assert response.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "errors": [
            {
                "code": "wrong-type",
                "pointer": "#/customFields",
                "detail": "The value must be an object or null.",
            },
            {"code": "participant-not-found", "pointer": "#/id", "detail": "Participant not found."},
            {
                "code": "gender-unknown",
                "pointer": "#/demographics/gender",
                "detail": "Gender code: M, F, O, or null.",
            },
        ],
    }
    assert errors(server.ask("PUT", "", {"id": "x"})) == (404, [("participant-not-found", "#/id")])
    assert errors(server.ask("PUT", "", b"")) == (400, [("not-json", "#")])
    assert errors(server.ask("PUT", "", [])) == (400, [("wrong-type", "#")])


def test_bulk(server: Server) -> None:
    """One entry a row, "none" included and counted in neither total."""
    rows = [
        {"participantIdentifier": "A-7", "institutionCode": "x"},
        {"id": ID},
        {"participantIdentifier": "N"},
    ]
    body = {"participants": rows, "sendDefaultInvitationNotifications": True}
    answer = server.ask("POST", "", body, allowupdate="True").json()
    assert (answer["totalAdded"], answer["totalUpdated"], list(answer)) == (
        1,
        1,
        ["totalAdded", "totalUpdated", "results"],
    )
    assert [each["actionTaken"] for each in answer["results"]] == ["update", "none", "add"]
    assert answer["results"][1]["result"] == ANSWER | {"institutionCode": "x"}
    assert [each.participant_identifier for _, added in server.store.invitations for each in added] == ["N"]
    server.ask("POST", "", {"participants": [{"participantIdentifier": "M"}]})
    assert len(server.store.invitations) == 1
    assert server.ask("POST", "", {"participants": []}).json() == {
        "totalAdded": 0,
        "totalUpdated": 0,
        "results": [],
    }


def test_a_refused_bulk(server: Server) -> None:
    """It is always 400, and nothing is written."""
    rows = [{"participantIdentifier": "N"}, {"id": "x"}]
    assert errors(server.ask("POST", "", {"participants": rows})) == (
        400,
        [("participant-not-found", "#/participants/1/id")],
    )
    assert errors(server.ask("POST", "", {"participants": [{"participantIdentifier": "A-7"}]})) == (
        400,
        [("update-not-allowed", "#/participants/0/participantIdentifier")],
    )
    body = {"participants": [{"id": ID, "customFields": 1}, None], "sendDefaultInvitationNotifications": 1}
    assert errors(server.ask("POST", "", body, allowUpdate="1")) == (
        400,
        [
            ("parameter-malformed", "#/allowUpdate"),
            ("wrong-type", "#/sendDefaultInvitationNotifications"),
            ("wrong-type", "#/participants/0/customFields"),
            ("wrong-type", "#/participants/1"),
        ],
    )
    assert errors(server.ask("POST", "", b"{", allowUpdate="1")) == (400, [("not-json", "#")])
    good = {"participants": [{"participantIdentifier": "N"}], "sendDefaultInvitationNotifications": True}
    assert errors(server.ask("POST", "", good, allowUpdate="1")) == (
        400,
        [("parameter-malformed", "#/allowUpdate")],
    )
    assert server.store.invitations == []


def test_segments(server: Server) -> None:
    """The bare list of the sample."""
    joined = {"segmentID": SEGMENT, "segmentName": "Under 35", "addDate": "2022-11-10T02:20:05.44Z"}
    assert server.ask("GET", "/A-7/segments").json() == [joined]
    assert server.ask("GET", f"/{ID}/segments", queryByID="true").json() == [joined]
    assert server.ask("GET", "/B%201%2F%C3%A9/segments").json() == []


def test_withdraw_and_delete(server: Server) -> None:
    """Withdrawing again does nothing; a withdrawn participant is still there; their bodies are not read."""
    withdrawn = ANSWER | {"withdrawDate": "2026-01-02T03:04:05+00:00"}
    assert server.ask("POST", "/A-7/withdraw", b"{").json() == {"actionTaken": "update", "result": withdrawn}
    assert server.ask("POST", "/A-7/withdraw").json() == {"actionTaken": "none", "result": withdrawn}
    assert server.ask("GET").json()["totalParticipants"] == 2
    assert errors(server.ask("PUT", "", {"demographics": {"email": "lee@example.com"}}))[0] == 400
    assert server.ask("DELETE", "/A-7", b"{").json() == {"actionTaken": "delete", "result": withdrawn}
    assert server.ask("DELETE", "/A-7").status == 404
    assert (
        server.ask("PUT", "", {"demographics": {"email": "lee@example.com"}}).json()["actionTaken"] == "add"
    )
    assert server.ask("GET", "", segmentID=SEGMENT).json()["totalParticipants"] == 0


def test_query(server: Server) -> None:
    """A page of participants, with the date of their joining only when a segment is asked for."""
    answer = server.ask("GET").json()
    assert (answer["pageNumber"], answer["totalParticipants"], len(answer["participants"])) == (0, 2, 2)
    assert answer["participants"][0] == ANSWER
    joined = ANSWER | {"addedToSegmentDate": "2022-11-10T02:20:05.44Z"}
    found = server.ask("GET", "", segmentId=SEGMENT.upper()).json()
    assert found == {"pageNumber": 0, "totalParticipants": 1, "participants": [joined]}
    paged = server.ask("GET", "", pageSize="1", pageNumber="1").json()
    assert (paged["pageNumber"], paged["totalParticipants"], len(paged["participants"])) == (1, 2, 1)
    assert errors(server.ask("GET", "", pageSize="0", sortBy="x")) == (
        400,
        [("parameter-malformed", "#/pageSize"), ("parameter-malformed", "#/sortBy")],
    )


def test_the_async_twin_answers_the_same() -> None:
    """Over a store of coroutines, every call."""

    class Async:
        def __init__(self, store: MemoryProjects) -> None:
            self.store = store

        def __getattr__(self, name: str) -> Any:
            async def call(*arguments: Any) -> Any:
                return getattr(self.store, name)(*arguments)

            return call

    requests = [
        Request("GET", BASE),
        Request("GET", f"{BASE}/A-7"),
        Request("PUT", BASE, body=b'{"participantIdentifier": "A-7", "institutionCode": "x"}'),
        Request("GET", f"{BASE}/A-7/segments"),
        Request(
            "POST",
            BASE,
            {"allowUpdate": "true"},
            body=b'{"participants": [{"participantIdentifier": "A-7"}]}',
        ),
        Request("POST", BASE, body=b'{"participants": 1}'),
        Request("POST", f"{BASE}/A-7/withdraw"),
        Request("DELETE", f"{BASE}/A-7"),
        Request("DELETE", f"{BASE}/A-7"),
        Request("DELETE", "/x"),
    ]
    one, other = Server(LEE), Server(LEE)
    api = project.Api(Async(other.store), notifier=None)

    async def both(request: Request) -> None:
        assert await api.acheck(request) == one.api.check(request)
        assert await api.ahandle(request) == one.api.handle(request)

    for request in requests:
        asyncio.run(both(request))


def test_a_body_may_be_limited(server: Server) -> None:
    """By the caller."""
    api = project.Api(server.store, max_bytes=10)
    for method in ("PUT", "POST"):
        assert (
            api.handle(Request(method, BASE, body=b'{"participants": []}')).json()["errors"][0]["code"]
            == "too-large"
        )
