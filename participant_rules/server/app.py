"""The sandbox as an ASGI application."""

import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from typing import Any, Final

from attrs import define, field
from starlette import requests, responses
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from participant_rules import openapi, project, survey
from participant_rules.definitions import parsed, placed, unknown_member
from participant_rules.http import Request, Response, from_asgi, json_response
from participant_rules.jsontext import MAX_BYTES
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.server.access import Access
from participant_rules.server.log import RequestLog
from participant_rules.server.stores import Definitions, MemoryStores, Stores, definitions
from participant_rules.violations import pointer
from participant_rules.wire import Malformed

__all__ = ["CALLER", "sandbox"]

PROJECT: Final = "/api/v1/"
SURVEY: Final = "/surveys/"
SURVEY_PREFIX: Final = "/snaponline/api"
PROJECT_PREFIX: Final = "/inv"  # the host that the older quickstart programs name has it
TOKEN: Final = "/identityserver/connect/token"  # noqa: S105  an address
CALLER: Final = "sandbox-caller"
"""The header with which a test says, as JSON, who calls; without it it is the caller of what is given."""


def sandbox(
    stores: Stores | None = None, *, access: Access | None = None, resettable: bool = False
) -> Starlette:
    """The application: both documented APIs, the token endpoint, `/openapi.json`, and, for tests, its reset.

    With `resettable`, `PUT /sandbox/given` starts the stores again, and the header Sandbox-Caller is
    honoured.
    """
    room = _Sandbox(stores or MemoryStores(), access or Access(), resettable)
    routes = [
        Route("/openapi.json", room.describe, methods=["GET"]),
        Route(TOKEN, room.give_token, methods=["POST"]),
        Route(PROJECT_PREFIX + TOKEN, room.give_token, methods=["POST"]),
    ]
    if resettable:
        routes.append(Route("/sandbox/given", room.reset, methods=["PUT"]))
    app = Starlette(routes=routes, middleware=[Middleware(RequestLog)], lifespan=room.lifespan)
    app.router.redirect_slashes = False  # a path with a slash too many is none of the documented ones
    app.router.default = room
    return app


@define
class _Sandbox:
    """Answers what is no fixed address: the documented APIs."""

    stores: Stores
    access: Access
    resettable: bool
    caller: survey.Caller = field(factory=survey.Caller)

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        yield
        self.stores.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked = requests.Request(scope, receive)
            answer = await self._answer(await _read(asked), asked.headers)
            await _written(answer)(scope, receive, send)
        else:
            await responses.Response(status_code=404)(scope, receive, send)

    async def _answer(self, request: Request, headers: Mapping[str, str]) -> Response:
        path = _without_prefix(request.path)
        api: survey.Api | project.Api
        if path.startswith(PROJECT):
            refused, api = self.access.refuse_project(headers), project.Api(self.stores.projects)
        else:
            refused = self.access.refuse_survey(headers)
            api = survey.Api(self.stores.surveys, caller=self._caller(headers))
        if refused:
            return refused
        asked = Request(request.method, path, request.query, body=request.body)
        if self.stores.blocking:
            return await run_in_threadpool(api.handle, asked)
        return await api.ahandle(asked)

    def _caller(self, headers: Mapping[str, str]) -> survey.Caller:
        if not self.resettable or CALLER not in headers:
            return self.caller
        try:
            return _caller(json.loads(headers[CALLER]))
        except (ValueError, Malformed):
            return self.caller

    # ---- the addresses that no vendor has in this form

    async def describe(self, _: requests.Request) -> responses.Response:
        return _written(_description())

    async def give_token(self, asked: requests.Request) -> responses.Response:
        return _written(self.access.answer_token(await _read(asked)))

    async def reset(self, asked: requests.Request) -> responses.Response:
        request = await _read(asked)
        try:
            given = _Given.from_text(request.body.decode() or "{}")
            await run_in_threadpool(self.stores.reset, given.surveys, given.projects, given.now)
        except Malformed as wrong:
            return _written(json_response(400, {"message": str(wrong)}))
        except UnicodeDecodeError:
            return _written(json_response(400, {"message": "the body is not UTF-8"}))
        self.caller = given.caller
        return responses.Response(status_code=204)


@define
class _Given:
    """What a test starts with."""

    surveys: Definitions
    projects: Definitions
    now: Callable[[], datetime] | None
    caller: survey.Caller

    @classmethod
    def from_text(cls, text: str) -> "_Given":
        """What a text gives; raises Malformed, with line and column."""
        data = parsed(text, "given")
        try:
            return cls.from_json(data)
        except Malformed as wrong:
            raise placed(wrong, text) from None

    @classmethod
    def from_json(cls, data: Any) -> "_Given":
        if not isinstance(data, dict):
            raise Malformed("what is given is no object")
        _refuse_unknown(data, "", ("surveys", "projects", "now", "caller"))
        return cls(
            definitions(data.get("surveys"), "survey", MemorySurveys.from_json, "surveys"),
            definitions(data.get("projects"), "project", MemoryProjects.from_json, "projects"),
            _now(data),
            _caller(data.get("caller")),
        )


def _refuse_unknown(data: Mapping[str, Any], where: str, known: Collection[str]) -> None:
    strangers = [each for each in data if each not in known]
    if strangers:
        said = [(where + pointer(each), unknown_member(each, known)) for each in strangers]
        raise Malformed.of("given", said)


def _now(data: Mapping[str, Any]) -> Callable[[], datetime] | None:
    if data.get("now") is None:
        return None
    try:
        moment = datetime.fromisoformat(data["now"])
    except (TypeError, ValueError):
        raise Malformed("now: an ISO 8601 date-time is expected") from None
    return lambda: moment


def _caller(data: Any) -> survey.Caller:
    manages = data.get("managesInterviewers", True) if isinstance(data, dict) else data is None
    if not isinstance(manages, bool) or not isinstance(data, dict | None):
        raise Malformed("caller: an object with `managesInterviewers` is expected")
    _refuse_unknown(data or {}, "/caller", ("managesInterviewers",))
    return survey.Caller(manages_interviewers=manages)


@cache
def _description() -> Response:
    return json_response(200, openapi.document())


def _without_prefix(path: str) -> str:
    """The path as the pages print it, of one as it is at a vendor."""
    if path.startswith(PROJECT_PREFIX + PROJECT):
        return path.removeprefix(PROJECT_PREFIX)
    return path.removeprefix(SURVEY_PREFIX) if path.startswith(SURVEY_PREFIX + SURVEY) else path


async def _read(asked: requests.Request) -> Request:
    """The request as a plain value; of a body that is too large no more than shows that it is."""
    body = bytearray()
    async for chunk in asked.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            break
    return from_asgi(asked.scope, bytes(body))


def _written(answer: Response) -> responses.Response:
    return responses.Response(answer.body, answer.status, dict(answer.headers))
