"""Conversations with ports, written once and held with sync or async ports.

A conversation is a generator that yields calls (functions without arguments) and is sent their answers; what
a port raises is raised in it. So the code between the calls has no async twin.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from functools import partial
from inspect import iscoroutinefunction
from typing import Any, TypeVar

__all__ = ["Steps", "hold", "hold_async"]

T = TypeVar("T")
Steps = Generator[Callable[[], Any], Any, T]


def hold(steps: Steps[T]) -> T:
    """Hold a conversation with ports that answer at once."""
    try:
        call = next(steps)
        while True:
            try:
                answer = call()
            except Exception as failure:  # noqa: BLE001  the conversation decides what it means
                call = steps.throw(failure)
            else:
                call = steps.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result


async def hold_async(steps: Steps[T]) -> T:
    """Hold a conversation with ports of coroutines, or in a worker thread.

    Only a port that says with `answers_at_once = True` that it waits for nothing is called in the thread of
    the event loop. Raises TypeError for one that does not, in an event loop that is not asyncio's.
    """
    try:
        call = next(steps)
        while True:
            try:
                answer = await _answer(call)
            except Exception as failure:  # noqa: BLE001  the conversation decides what it means
                call = steps.throw(failure)
            else:
                call = steps.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result


async def _answer(call: Callable[[], Any]) -> Any:
    """The answer to a call, without keeping the event loop waiting."""
    method = call.func if isinstance(call, partial) else call
    port = getattr(method, "__self__", None)
    if iscoroutinefunction(method) or getattr(port, "answers_at_once", False):
        answer = call()
    elif _is_asyncio():
        answer = await asyncio.to_thread(call)
    else:
        raise TypeError(f"{type(port).__name__} is a sync port, and would keep the event loop waiting")
    return await answer if isinstance(answer, Awaitable) else answer


def _is_asyncio() -> bool:
    """Whether this event loop has the threads of asyncio."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
