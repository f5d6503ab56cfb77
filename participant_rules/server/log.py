"""The request log: method, route, status and milliseconds; no personal data."""

import asyncio
import json
import logging
from collections import deque
from datetime import UTC, datetime
from time import perf_counter
from traceback import format_tb
from typing import Any, Final

from attrs import asdict, define, frozen
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from participant_rules.server.addresses import DESCRIPTION, PAGE, RESET, raw_path, template_of

__all__ = ["LOG", "NOTE", "JsonLines", "Line", "Lines", "RequestLog", "route"]

LOG: Final = logging.getLogger("participant_rules.server")
NOTE: Final = "participant_rules.note"
"""The key of a scope for the fault that a request was given on purpose."""

_OWN: Final = (PAGE, DESCRIPTION, RESET)


@frozen
class Line:
    """One request; the status is None where there was no answer."""

    time: str
    method: str
    route: str
    status: int | None
    milliseconds: float
    note: str | None = None

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return f"{self.method} {self.route} {self.status or '-'} {self.milliseconds:.1f} ms{note}"


Lines = deque[Line]  # the last requests, for whoever looks at the sandbox


class JsonLines(logging.Formatter):
    """A log of JSON objects: requests by their parts, anything else as a message."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message has in it."""
        line = getattr(record, "line", None)
        entry: dict[str, Any] = (
            asdict(line)
            if isinstance(line, Line)
            else {"time": _now(), "level": record.levelname.lower(), "message": record.getMessage()}
        )
        return json.dumps({name: value for name, value in entry.items() if name != "note" or value})


@define(eq=False)
class RequestLog:
    """Logs every request after it has been answered, and keeps the last ones."""

    _app: ASGIApp
    last: Lines

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
        except ClientDisconnect:
            _note(scope, "the client hung up")
        except asyncio.CancelledError:
            _note(scope, "the sandbox stopped first")
            raise
        except ConnectionAbortedError:  # on purpose: see `faults`
            status = None
            raise
        except Exception as failure:  # noqa: BLE001  whatever it is, it is told without its words
            _report_failure(failure)
            if status is not None:
                raise ConnectionAbortedError from None  # an answer that has begun can only be broken off
            await PlainTextResponse("Internal Server Error", 500)(scope, receive, note)
        finally:
            self._log(scope, status, (perf_counter() - begun) * 1000)

    def _log(self, scope: Scope, status: int | None, took: float) -> None:
        line = Line(_now(), _method(scope["method"]), route(scope), status, round(took, 1), scope.get(NOTE))
        self.last.append(line)
        LOG.info("%s", line, extra={"line": line})


def _note(scope: Scope, remark: str) -> None:
    """Add a remark to the log line of a request."""
    scope[NOTE] = f"{scope[NOTE]}; {remark}" if scope.get(NOTE) else remark


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _report_failure(failure: Exception) -> None:
    """Log where something failed, and how, without the words of the failure: they may name people."""
    frames = "".join(format_tb(failure.__traceback__))
    LOG.error("%s at\n%s", type(failure).__name__, frames.rstrip())


def _method(method: str) -> str:
    return method if method in _METHODS else "(other)"


_METHODS: Final = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")


def route(scope: Scope) -> str:
    """The template of the route that a request takes."""
    path = raw_path(scope)
    return path if path in _OWN else template_of(path) or "(no documented path)"
