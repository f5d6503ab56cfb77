"""Conversations with ports, held in both ways."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
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
    """Each call's answer is what its yield gives, and the conversation's end is the result."""

    def steps() -> Steps[tuple[int, int]]:
        first = yield partial(_twice, 1)
        second = yield partial(_twice, first)
        return first, second

    assert holding(steps()) == (2, 4)


@BOTH
def test_failures_are_raised_where_they_were_asked_for(holding: Holding) -> None:
    """A conversation may catch what a port raises, and go on."""

    def steps() -> Steps[str]:
        try:
            yield _fails
        except KeyError:
            answer = yield partial(_twice, 3)
            return f"caught, then {answer}"
        return "not caught"

    assert holding(steps()) == "caught, then 6"


@BOTH
def test_failures_that_nobody_catches_pass_through(holding: Holding) -> None:
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
    """The async holder awaits what is awaitable and takes other answers as they are."""

    def steps() -> Steps[tuple[int, int]]:
        first = yield partial(_twice_later, 1)
        second = yield partial(_twice, first)
        return first, second

    assert _hold_async(steps()) == (2, 4)


def test_a_coroutine_that_fails() -> None:
    """What a coroutine raises is raised in the conversation."""

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

    coroutine = hold(steps())
    assert asyncio.run(_awaited(coroutine)) == 2


async def _awaited(awaitable: Awaitable[int]) -> int:
    return await awaitable
