"""Faults on purpose, for testing how programs bear them."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Final

from attrs import define, field, frozen
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from participant_rules.server.log import NOTE

__all__ = ["KINDS", "Faults", "FaultyApp"]

KINDS: Final = ("server error", "cut before the commit", "cut after the commit", "slow")
"""The faults: 500, no answer and nothing done, no answer and all done, a late answer and all done."""


@frozen
class Faults:
    """How many of the requests get a fault (0 to 1), and the seconds that every answer waits beside.

    Which request gets which fault depends on the seed and on how many requests came before it. `slow` is the
    seconds of a slow answer.
    """

    share: float = 0.0
    latency: float = 0.0
    slow: float = 10.0
    seed: int = 0

    def drawing(self) -> Callable[[], str | None]:
        """A function that draws the fault of the next request, or none."""
        random = Random(self.seed)  # noqa: S311  it is to be repeatable

        def draw() -> str | None:
            hit, kind = random.random() < self.share, random.choice(KINDS)
            return kind if hit else None

        return draw


@define(eq=False)
class FaultyApp:
    """Answers the documented calls as the application does, but for faults.

    A connection is cut by a ConnectionAbortedError, which the server understands.
    """

    _app: ASGIApp
    faults: Faults
    is_documented: Callable[[Scope], bool]
    _draw: Callable[[], str | None] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._draw = self.faults.drawing()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or cause the drawn fault."""
        if scope["type"] != "http" or not self.is_documented(scope):
            await self._app(scope, receive, send)
            return
        kind = self._draw()
        if kind:
            scope[NOTE] = f"fault: {kind}"
        await asyncio.sleep(self.faults.latency)
        if kind == "server error":
            await PlainTextResponse("Internal Server Error", 500)(scope, receive, send)
        elif kind == "cut before the commit":
            raise ConnectionAbortedError
        elif kind == "cut after the commit":
            await self._app(scope, receive, _nowhere)
            raise ConnectionAbortedError
        elif kind == "slow":
            await self._app(scope, receive, _after(self.faults.slow, send))
        else:
            await self._app(scope, receive, send)


def _after(seconds: float, send: Send) -> Send:
    """A function that sends an answer so much later."""

    async def send_later(message: Message) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(seconds)
        await send(message)

    return send_later


async def _nowhere(_: Message) -> None:
    """Drop a message of an answer that is not sent."""
