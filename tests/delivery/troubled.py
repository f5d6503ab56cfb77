"""A sandbox in a process of its own with failing calls, set by `PUT /troubles {"3": "after"}`.

By their number since then: "before" and "after" cut the connection before and after the commit; a status
answers that, with a Retry-After of no time, and does nothing; a time in seconds makes all calls slow
(`"every"`). Data is given by `PUT /sandbox/given`. Prints its address once it is ready.
"""

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from participant_rules.server import sandbox, serve


class Troubled:
    """The application behind troubles."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._troubles: dict[str, Any] = {}
        self._calls = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or fail as set."""
        if scope["type"] != "http" or scope["path"].startswith("/sandbox/"):
            await self._app(scope, receive, send)
        elif scope["path"] == "/troubles":
            self._troubles, self._calls = json.loads(await Request(scope, receive).body()), 0
            await PlainTextResponse("")(scope, receive, send)
        else:
            trouble = self._troubles.get(str(self._calls))
            self._calls += 1
            await asyncio.sleep(self._troubles.get("every", 0))
            await self._answer(trouble, scope, receive, send)

    async def _answer(self, trouble: Any, scope: Scope, receive: Receive, send: Send) -> None:
        if isinstance(trouble, int):
            await PlainTextResponse("trouble", trouble, {"Retry-After": "0"})(scope, receive, send)
        elif trouble == "before":
            raise ConnectionAbortedError
        elif trouble == "after":
            await self._app(scope, receive, _nowhere)
            raise ConnectionAbortedError
        else:
            await self._app(scope, receive, send)


async def _nowhere(_: Message) -> None:
    """Where an answer goes that nobody gets."""


if __name__ == "__main__":
    serve(Troubled(sandbox(resettable=True)), "127.0.0.1", 0, lambda address: print(address, flush=True))  # noqa: T201  the test reads it
