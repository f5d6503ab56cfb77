"""Conversations with ports, held in both ways."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from threading import Event, get_ident
from typing import Any

import pytest

from participant_rules.steps import Steps, hold, hold_async

Holding = Callable[[Steps[Any]], Any]


def _hold_async(steps: Steps[Any]) -> Any:
    return asyncio.run(hold_async(steps))


BOTH = pytest.mark.parametrize(
    "holding", [pytest.param(hold, id="sync"), pytest.param(_hold_async, id="async")]
)


def _fails() -> Any:
    raise KeyError("gone")


def _twice(number: int) -> int:
    return 2 * number


async def _twice_later(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


@BOTH
def test_answers_are_sent_back(holding: Holding) -> None:
    """Each call's answer is the value of its yield, and the conversation's end is the result."""

    def steps() -> Steps[tuple[int, int]]:
        first = yield partial(_twice, 1)
        second = yield partial(_twice, first)
        return first, second

    assert holding(steps()) == (2, 4)


@BOTH
def test_failures_are_raised_where_they_were_asked_for(holding: Holding) -> None:
    """A conversation may catch a port's exception, and go on."""

    def steps() -> Steps[str]:
        try:
            yield _fails
        except KeyError:
            answer = yield partial(_twice, 3)
            return f"caught, then {answer}"
        return "not caught"

    assert holding(steps()) == "caught, then 6"


@BOTH
def test_uncaught_failures_pass_through(holding: Holding) -> None:
    """A failing port's exception reaches the caller."""

    def steps() -> Steps[None]:
        yield _fails

    with pytest.raises(KeyError, match="gone"):
        holding(steps())


@BOTH
def test_a_conversation_may_ask_nothing(holding: Holding) -> None:
    """Without a call the result is there at once."""

    def steps() -> Steps[str]:
        yield from ()
        return "done"

    assert holding(steps()) == "done"


def test_coroutines_are_awaited() -> None:
    """The async holder awaits awaitables and takes other answers as they are."""

    def steps() -> Steps[tuple[int, int]]:
        first = yield partial(_twice_later, 1)
        second = yield partial(_twice, first)
        return first, second

    assert _hold_async(steps()) == (2, 4)


def test_a_coroutine_that_fails() -> None:
    """A coroutine's exception is raised in the conversation."""

    async def fails_later() -> None:
        raise KeyError("later")

    def steps() -> Steps[str]:
        try:
            yield fails_later
        except KeyError as failure:
            return str(failure)
        return ""

    assert _hold_async(steps()) == "'later'"


def test_the_sync_holder_awaits_nothing() -> None:
    """A port of coroutines wants the async holder."""

    def steps() -> Steps[Awaitable[int]]:
        answer: Awaitable[int] = yield partial(_twice_later, 1)
        return answer

    with pytest.raises(TypeError, match=r"^_twice_later is a coroutine: await the async twin"):
        hold(steps())


class Port:
    """A port that notes the thread of each call."""

    def ask(self) -> int:
        """A sync method."""
        return get_ident()

    async def ask_later(self) -> int:
        """A coroutine."""
        return get_ident()

    def ask_oddly(self) -> Awaitable[int]:
        """A function that answers with a coroutine without being one."""
        return self.ask_later()

    def fail(self) -> int:
        """A method that fails."""
        raise KeyError(get_ident())


class QuickPort(Port):
    """A port that waits for nothing."""

    answers_at_once = True


def one(call: Callable[[], Any]) -> Steps[Any]:
    """A conversation of one call."""
    return (yield call)


def test_a_sync_port_does_not_keep_the_event_loop_waiting() -> None:
    """It is called in another thread, unless it says that it answers at once."""
    here = get_ident()
    assert _hold_async(one(Port().ask)) != here
    assert _hold_async(one(partial(Port().ask))) != here
    assert _hold_async(one(Port().ask_later)) == here
    assert _hold_async(one(Port().ask_oddly)) == here
    assert _hold_async(one(QuickPort().ask)) == here
    assert hold(one(Port().ask)) == here
    with pytest.raises(KeyError) as failure:
        _hold_async(one(Port().fail))
    assert failure.value.args[0] != here


def test_the_event_loop_goes_on() -> None:
    """While a store blocks, other tasks run."""
    arrived = Event()

    async def both() -> object:
        asking = asyncio.ensure_future(hold_async(one(partial(arrived.wait, 10))))
        await asyncio.sleep(0)
        arrived.set()
        return await asking

    assert asyncio.run(both())


def test_another_event_loop() -> None:
    """Where there is no worker thread to be had, a sync port is an error and not a standstill."""

    def step(port: Port) -> object:
        with pytest.raises(StopIteration) as end:
            hold_async(one(port.ask)).send(None)
        return end.value.value

    assert step(QuickPort()) == get_ident()
    with pytest.raises(TypeError, match=r"^Port is a sync port, and would keep the event loop waiting$"):
        step(Port())
