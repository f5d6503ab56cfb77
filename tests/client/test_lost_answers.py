"""Connections that break after the server has acted: nothing is done twice."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from attrs import define, field

from participant_rules import Refused, project, survey
from participant_rules.adapters.httpx import AsyncHttpxTransport, HttpxTransport
from participant_rules.http import NoResponse, Request, Unexpected
from participant_rules.memory import MemoryProjects, MemorySurveys

ID = "3a713a06-295d-4803-9602-776f09a1483b"
PARTICIPANT = {"loginSection": {"login": "kim", "subjects": [{"subjectName": "A"}, {"subjectName": "B"}]}}
SURVEYS: list[dict[str, Any]] = [
    {"id": "S1", "invited": False, "loggedOn": True, "group": True, "participants": [PARTICIPANT]}
]
PROJECTS: list[dict[str, Any]] = [
    {"id": "P1", "participants": [{"id": ID, "participantIdentifier": "A"}, {"participantIdentifier": "B"}]}
]
UPDATED = PARTICIPANT | {"enabled": False}
LEE = {"loginSection": {"login": "lee", "subjects": [{"subjectName": "A"}]}}
BY_MAIL = {"demographics": {"email": "kim@example.com"}}
ONE, MORE = {"participantIdentifier": "C"}, {"participantIdentifier": "D"}
RENAMED = {"id": ID, "participantIdentifier": "Z"}


@define
class Cutting:
    """A server that acts and then loses its first answer."""

    api: survey.Api | project.Api
    lose: Callable[[httpx.Request], httpx.Response]
    arrived: int = 0
    committed: list[int] = field(factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The answer of the second arrival."""
        self.arrived += 1
        query = {name: request.url.params.get_list(name) for name in request.url.params}
        path = request.url.raw_path.decode().partition("?")[0]
        answer = self.api.handle(Request(request.method, path, query, body=request.content))
        if answer.status == 200 and request.method != "GET":
            self.committed.append(self.arrived)
        if self.arrived == 1:
            return self.lose(request)
        return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)


def cut(request: httpx.Request) -> httpx.Response:
    """The connection breaks."""
    raise httpx.ReadError("cut", request=request)


def gateway(_: httpx.Request) -> httpx.Response:
    """A gateway answers in the server's place."""
    return httpx.Response(502)


Call = Callable[[Any], Any]
SURVEY_CALLS: dict[str, tuple[Call, int]] = {
    "page": (lambda client: client.page("S1"), 2),
    "get": (lambda client: client.get("S1", "kim"), 2),
    "add": (lambda client: client.add("S1", LEE), 1),
    "update": (lambda client: client.update("S1", "kim", UPDATED), 2),
    "delete": (lambda client: client.delete("S1", "kim"), 2),
    "subjects": (lambda client: client.subjects("S1", "kim"), 2),
    "get_subject": (lambda client: client.get_subject("S1", "kim", "A"), 2),
    "add_subject": (lambda client: client.add_subject("S1", "kim", {"subjectName": "C"}), 1),
    "update_subject": (lambda client: client.update_subject("S1", "kim", "A", {"subjectName": "A"}), 2),
    "delete_subject": (lambda client: client.delete_subject("S1", "kim", "A"), 2),
}
PROJECT_CALLS: dict[str, tuple[Call, int]] = {
    "page": (lambda client: client.page("P1"), 2),
    "get": (lambda client: client.get("P1", "A"), 2),
    "put by identifier": (lambda client: client.put("P1", ONE), 2),
    "put by id": (lambda client: client.put("P1", {"id": ID, "participantIdentifier": "Z"}), 2),
    "put by e-mail": (lambda client: client.put("P1", BY_MAIL), 1),
    "put by a blank": (lambda client: client.put("P1", BY_MAIL | {"participantIdentifier": " "}), 1),
    "put_many": (lambda client: client.put_many("P1", [ONE, MORE]), 1),
    "put_many with updates": (lambda client: client.put_many("P1", [ONE, MORE], allow_update=True), 2),
    "put_many about one participant": (
        lambda client: client.put_many("P1", [ONE, ONE | {"institutionCode": "x"}], allow_update=True),
        1,
    ),
    "put_many that renames whom it has called": (
        lambda client: client.put_many("P1", [{"participantIdentifier": "A"}, RENAMED], allow_update=True),
        1,
    ),
    "put_many that renames": (
        lambda client: client.put_many("P1", [RENAMED, {"participantIdentifier": "A"}], allow_update=True),
        2,
    ),
    "put_many by ids": (
        lambda client: client.put_many("P1", [ONE, {"id": ID, "institutionCode": "x"}], allow_update=True),
        2,
    ),
    "put_many by e-mail": (lambda client: client.put_many("P1", [ONE, BY_MAIL], allow_update=True), 1),
    "delete": (lambda client: client.delete("P1", "A"), 2),
    "withdraw": (lambda client: client.withdraw("P1", "A"), 2),
    "segments": (lambda client: client.segments("P1", "A"), 2),
}


def outcome(call: Callable[[], Any]) -> str:
    """The result for the caller."""
    try:
        call()
    except (NoResponse, Unexpected) as failure:
        return str(failure)
    except Refused as refused:
        return refused.violations[0].code
    return "an answer"


def families() -> list[Any]:
    """Every call of both clients, with the number of its arrivals."""
    calls = [("survey", name, *each) for name, each in SURVEY_CALLS.items()]
    calls += [("project", name, *each) for name, each in PROJECT_CALLS.items()]
    return [pytest.param(family, call, times, id=f"{family} {name}") for family, name, call, times in calls]


@pytest.mark.parametrize("lose", [cut, gateway])
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize(("family", "call", "times"), families())
def test_nothing_is_done_twice(
    family: str, call: Call, times: int, kind: str, lose: Callable[[httpx.Request], httpx.Response]
) -> None:
    """A call is sent again only where the second arrival changes nothing."""
    served, alone = served_by(family), served_by(family)
    server, undisturbed = Cutting(served, lose), Cutting(alone, lose, arrived=1)
    seen = outcome(lambda: run(kind, family, server, call))
    outcome(lambda: run("sync", family, undisturbed, call))
    assert server.arrived == times
    assert contents(served) == contents(alone)
    if times == 1:
        assert "not known" in seen
        assert server.committed == [1]
    else:
        assert seen in ("an answer", "participant-not-found", "subject-not-found")


def served_by(family: str) -> survey.Api | project.Api:
    """A server of the family, which starts anew."""
    if family == "survey":
        return survey.Api(MemorySurveys.from_json(SURVEYS))
    return project.Api(MemoryProjects.from_json(PROJECTS))


def run(kind: str, family: str, server: Cutting, call: Call) -> Any:
    """Make a call through a transport over HTTP."""
    client: Any
    if kind == "sync":
        client = httpx.Client(transport=httpx.MockTransport(server))
        transport = HttpxTransport("http://server.test", client, sleep=lambda _: None)
        return call(survey.Client(transport) if family == "survey" else project.Client(transport))

    async def rest(_: float) -> None:
        pass

    async def make() -> Any:
        client = httpx.AsyncClient(transport=httpx.MockTransport(server))
        async with AsyncHttpxTransport("http://server.test", client, sleep=rest) as transport:
            return await call(
                survey.AsyncClient(transport) if family == "survey" else project.AsyncClient(transport)
            )

    return asyncio.run(make())


def contents(api: Any) -> Any:
    """The stored data, without values that are made anew each time."""
    found = api.register.to_json()
    for each in found[0]["participants"]:
        for made in ("id", "insertedDate", "withdrawDate"):
            each.pop(made, None)
        if each.get("demographics"):
            each.pop("participantIdentifier")
    return found
