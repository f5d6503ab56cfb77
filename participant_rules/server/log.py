"""The request log: method, route, status and milliseconds; who was asked for is nobody's business."""

import logging
from time import perf_counter
from traceback import format_tb
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from participant_rules.project.api import ROUTES as PROJECTS
from participant_rules.survey.api import ROUTES as SURVEYS

__all__ = ["LOG", "RequestLog", "route"]

LOG: Final = logging.getLogger("participant_rules.server")

_FIXED: Final = ("/openapi.json", "/sandbox/given", "/identityserver/connect/token")
_PREFIXES: Final = ("/snaponline/api", "/inv", "")


class RequestLog:
    """Logs every request after it has been answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = perf_counter(), None

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception as failure:
            _tell(failure)
            if status is not None:
                raise  # an answer that has begun can only be broken off
            await PlainTextResponse("Internal Server Error", 500)(scope, receive, note)
        finally:
            took = (perf_counter() - begun) * 1000
            LOG.info("%s %s %s %.1f ms", _method(scope["method"]), route(scope), status, took)


def _tell(failure: Exception) -> None:
    """Log where something failed, and how, without the words of the failure: they may name people."""
    frames = "".join(format_tb(failure.__traceback__))
    LOG.error("%s at\n%s", type(failure).__name__, frames.rstrip())


def _method(method: str) -> str:
    return method if method in _METHODS else "(other)"


_METHODS: Final = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")


def route(scope: Scope) -> str:
    """The template of the route that a request takes."""
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    for prefix in _PREFIXES:
        if path.startswith(prefix):
            rest = path.removeprefix(prefix)
            template = rest if rest in _FIXED else SURVEYS.template(rest) or PROJECTS.template(rest)
            if template:
                return prefix + template
    return "(no documented path)"
