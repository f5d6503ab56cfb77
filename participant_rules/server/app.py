"""The sandbox as an ASGI application."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import quote, unquote

from attrs import define, evolve, field
from starlette import requests, responses
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from participant_rules import openapi, project, survey
from participant_rules.facts import NO_FACTS, FactValues
from participant_rules.http import Request, Response, from_asgi, json_response, target_path
from participant_rules.jsontext import MAX_BYTES
from participant_rules.project.api import ROUTES as PROJECTS
from participant_rules.routes import Endpoint, Routes
from participant_rules.ruleset import RuleSet
from participant_rules.server import page
from participant_rules.server.access import Access, Grant
from participant_rules.server.addresses import (
    DESCRIPTION,
    PAGE,
    RESET,
    TOKENS,
    raw_path,
    routes_of,
    template_of,
    without_prefix,
)
from participant_rules.server.faults import Faults, FaultyApp
from participant_rules.server.given import CALLER, Given, caller_of
from participant_rules.server.limits import Limits
from participant_rules.server.log import Lines, RequestLog
from participant_rules.server.ruling import Ruling
from participant_rules.server.stores import MemoryStores, Stores
from participant_rules.survey.api import ROUTES as SURVEYS
from participant_rules.wire import Malformed

__all__ = ["sandbox"]

ROOT: Final = "participant_rules.root"  # of a scope: the path below which the sandbox is mounted


def sandbox(
    stores: Stores | None = None,
    *,
    access: Access | None = None,
    resettable: bool = False,
    cors: tuple[str, ...] = (),
    limits: Limits | None = None,
    faults: Faults | None = None,
    survey_rules: Mapping[survey.Operation, RuleSet] = survey.RULES,
    project_rules: Mapping[project.Operation, RuleSet] = project.RULES,
    survey_facts: FactValues = NO_FACTS,
    project_facts: FactValues = NO_FACTS,
) -> ASGIApp:
    """The application: both documented APIs, the token endpoint, `/openapi.json`, a page about it all at `/`.

    With `resettable`, `PUT /sandbox/given` starts the stores again, and the header Sandbox-Caller is
    honoured. `cors` are the origins whose pages may ask (`*` for all of them), `limits` count requests, and
    `faults` happen on purpose. The rules may be those of a caller's own, and read facts; quotas among these
    are counted down, and begin again with the stores.
    """
    rulings = Ruling(survey_rules, survey_facts), Ruling(project_rules, project_facts)
    room = _Sandbox(stores or MemoryStores(), access or Access(), resettable, limits, *rulings)
    routes = [
        _route("GET", PAGE, room.show),
        Route(PAGE, room),  # by other methods it is a path that is none of the documented ones
        _route("GET", DESCRIPTION, room.describe),
        _route("GET", "/sandbox/page/{name}", page.part),
        *(_route("POST", each, room.give_token) for each in TOKENS),
    ]
    if resettable:
        routes.append(_route("PUT", RESET, room.reset))
    # A path with a slash too many is none of the documented ones.
    app = Router(routes, redirect_slashes=False, default=room, lifespan=room.lifespan)
    return _Targets(
        RequestLog(_with_cors(FaultyApp(app, faults or Faults(), _is_documented), cors), room.last)
    )


def _route(
    method: str, path: str, answer: Callable[[requests.Request], Awaitable[responses.Response]]
) -> Route:
    """A fixed address, which also has OPTIONS, and HEAD beside GET."""

    async def respond(asked: requests.Request) -> responses.Response:
        return _response(_allow([method])) if asked.method == "OPTIONS" else await answer(asked)

    return Route(path, respond, methods=[method, "OPTIONS"])


def _with_cors(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    """The application for pages of these origins too (https://fetch.spec.whatwg.org/#http-cors-protocol)."""
    if not origins:
        return app
    methods = ("GET", "HEAD", "PUT", "POST", "DELETE")
    return CORSMiddleware(app, origins, methods, allow_headers=["*"], expose_headers=["*"])


@define(eq=False)
class _Targets:
    """Hands on every request with the path of its target: below the place where the sandbox is mounted."""

    _app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            came = target_path((scope.get("raw_path") or b"").decode("latin-1"))
            path = from_asgi(scope, b"").path
            root = came.removesuffix(path) if came.endswith(path) else quote(scope.get("root_path", ""))
            own = {"path": unquote(path), "raw_path": path.encode("latin-1"), "root_path": "", ROOT: root}
            scope = {**scope, **own}
        await self._app(scope, receive, send)


def _is_documented(scope: Scope) -> bool:
    """Whether a request is one that a vendor answers too."""
    return template_of(raw_path(scope)) is not None


@define
class _Sandbox:
    """The answers at all other addresses: the documented APIs."""

    stores: Stores
    access: Access
    resettable: bool
    limits: Limits | None
    of_surveys: Ruling
    of_projects: Ruling
    caller: survey.Caller = field(factory=survey.Caller)
    last: Lines = field(factory=lambda: Lines(maxlen=20))

    @asynccontextmanager
    async def lifespan(self, _: Any) -> AsyncIterator[None]:
        yield
        self.stores.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked = requests.Request(scope, receive)
            answer = await self._answer(await _read(asked), asked.headers)
            await _response(answer)(scope, receive, send)
        else:
            await responses.Response(status_code=404)(scope, receive, send)

    async def _answer(self, request: Request, headers: Mapping[str, str]) -> Response:
        path = without_prefix(request.path)
        method = "GET" if request.method == "HEAD" else request.method  # the server leaves its body out
        asked = Request(method, path, request.query, body=request.body)
        routes = routes_of(path)
        template = routes.template(path)
        if method == "OPTIONS" and path == "*":  # the server as a whole (RFC 9110, 9.3.7)
            return _allow(["GET", "PUT", "POST", "DELETE"])
        if template is None:
            return await self._handle(routes, asked, headers)
        if method == "OPTIONS":
            return _allow(routes.table[template])
        if routes is PROJECTS:
            return await self._answer_project(asked, headers)
        return await self._answer_survey(asked, headers)

    async def _answer_survey(self, asked: Request, headers: Mapping[str, str]) -> Response:
        if refused := self.access.refuse_survey(headers):
            return refused
        if self.limits is None:
            return await self._handle(SURVEYS, asked, headers)
        left, refused = self.limits.of_survey(headers.get("x-username", ""))
        return _with(refused or await self._handle(SURVEYS, asked, headers), left)

    async def _answer_project(self, asked: Request, headers: Mapping[str, str]) -> Response:
        if refused := self.access.refuse_project(headers):
            return refused
        grant = self.access.grant(headers) or Grant()
        if self.limits is None:
            return await self._answer_grant(asked, headers, grant)
        left, refused = self.limits.of_project(grant.participant)
        return _with(refused or await self._answer_grant(asked, headers, grant), left)

    async def _answer_grant(self, asked: Request, headers: Mapping[str, str], grant: Grant) -> Response:
        endpoint = PROJECTS.find(asked.method, asked.path)
        reads = isinstance(endpoint, Endpoint) and endpoint.call is project.Operation.READ
        refused = None if reads else grant.refuse()
        return refused or grant.only_own(await self._handle(PROJECTS, asked, headers))

    async def _handle(self, routes: Routes[Any], asked: Request, headers: Mapping[str, str]) -> Response:
        api: survey.Api | project.Api = project.Api(self.stores.projects, **self.of_projects.given)
        if routes is SURVEYS:
            caller = caller_of(headers.get(CALLER) if self.resettable else None, self.caller)
            api = survey.Api(self.stores.surveys, caller=caller, **self.of_surveys.given)
        if self.stores.blocking:
            return await run_in_threadpool(api.handle, asked)
        return await api.ahandle(asked)

    # ---- the addresses that no vendor has in this form

    async def show(self, asked: requests.Request) -> responses.Response:
        if not page.is_wanted(asked.headers.get("accept"), by_name=self.resettable):
            answer = await self._handle(SURVEYS, Request(asked.method, "/"), asked.headers)
            return _response(answer)
        held = await run_in_threadpool(self.stores.overview)
        root = asked.scope[ROOT]
        return page.show(held, tuple(self.last), _address(asked), root, resettable=self.resettable)

    async def describe(self, asked: requests.Request) -> responses.Response:
        described = openapi.document(server=_address(asked), required=self.access.is_required)
        return _response(json_response(200, described))

    async def give_token(self, asked: requests.Request) -> responses.Response:
        return _response(self.access.answer_token(await _read(asked)))

    async def reset(self, asked: requests.Request) -> responses.Response:
        request = await _read(asked)
        try:
            given = Given.from_body(request.body)
            await run_in_threadpool(self.stores.reset, given.surveys, given.projects, given.now)
        except Malformed as wrong:
            return _response(json_response(400, {"message": str(wrong)}))
        self.caller = given.caller
        self.of_surveys.begin_again()
        self.of_projects.begin_again()
        return responses.Response(status_code=204)


def _allow(methods: Iterable[str]) -> Response:
    """The answer to OPTIONS: these methods, HEAD beside GET (RFC 9110, 9.1), and OPTIONS."""
    every = [each for method in methods for each in ((method, "HEAD") if method == "GET" else (method,))]
    return Response(204, {"Allow": ", ".join([*every, "OPTIONS"])})


async def _read(asked: requests.Request) -> Request:
    """The request as a plain value; of a body that is too large no more than shows that it is."""
    body = bytearray()
    async for chunk in asked.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            break
    return from_asgi(asked.scope, bytes(body))


def _address(asked: requests.Request) -> str:
    return f"{asked.url.scheme}://{asked.url.netloc}{asked.scope[ROOT]}"


def _with(answer: Response, headers: Mapping[str, str]) -> Response:
    return evolve(answer, headers={**answer.headers, **headers})


def _response(answer: Response) -> responses.Response:
    return responses.Response(answer.body, answer.status, dict(answer.headers))
