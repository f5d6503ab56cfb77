"""Conversations with ports, written once and held with sync or async ports.

A conversation is a generator that yields calls (functions without arguments) and is sent their answers; what
a port raises is raised in it. So the code between the calls has no async twin.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from inspect import iscoroutinefunction
from typing import Any, TypeVar

from attrs import frozen

from participant_rules.due import refuse_coroutine

__all__ = ["Pause", "Steps", "Within", "hold", "hold_async"]

T = TypeVar("T")
Steps = Generator[Callable[[], Any], Any, T]


@frozen
class Pause:
    """A call that waits for so many seconds at most, and then raises TimeoutError; the event loop goes on.

    Its answer is false where nobody waits: in an event loop that is not asyncio's.
    """

    happened: Future[None]
    seconds: float

    def __call__(self) -> bool:
        """Wait; returns whether the event has happened."""
        self.happened.result(self.seconds)
        return True


@frozen
class Within:
    """A call and its context, which lasts as long: a thread may outlive the task that waits for it."""

    call: Callable[[], Any]
    context: AbstractContextManager[object]

    def __call__(self) -> Any:
        """The answer."""
        with self.context:
            return self.call()


def hold(steps: Steps[T]) -> T:
    """Hold a conversation with ports that answer at once; raises TypeError for one of coroutines."""
    try:
        call = next(steps)
        while True:
            try:
                answer = call()
            except Exception as failure:  # noqa: BLE001  the conversation decides what it means
                call = steps.throw(failure)
            else:
                refuse_coroutine(answer, call)
                call = steps.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        steps.close()


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
    finally:
        steps.close()  # where the task is cancelled


async def _answer(call: Callable[[], Any]) -> Any:
    """The answer to a call, without keeping the event loop waiting."""
    if isinstance(call, Pause):
        return await _paused(call)
    call, context = (call.call, call.context) if isinstance(call, Within) else (call, nullcontext())
    method = call.func if isinstance(call, partial) else call
    port = getattr(method, "__self__", None)
    if iscoroutinefunction(method) or getattr(port, "answers_at_once", False):
        with context:
            answer = call()
            return await answer if isinstance(answer, Awaitable) else answer
    if not _is_asyncio():
        raise TypeError(f"{type(port).__name__} is a sync port, and would keep the event loop waiting")
    return await _in_thread(call, context)


async def _in_thread(call: Callable[[], Any], context: AbstractContextManager[object]) -> Any:
    """The answer of a function that may wait, or that returns a coroutine after all."""

    def run() -> tuple[Any, AbstractContextManager[object]]:
        with ExitStack() as stack:
            stack.enter_context(context)
            answer = call()
            return answer, stack.pop_all() if isinstance(answer, Awaitable) else nullcontext()

    answer, rest = await asyncio.to_thread(run)
    with rest:
        return await answer if isinstance(answer, Awaitable) else answer


async def _paused(pause: Pause) -> bool:
    if not _is_asyncio():
        return False
    await asyncio.wait_for(asyncio.wrap_future(pause.happened), pause.seconds)
    return True


def _is_asyncio() -> bool:
    """Whether this event loop has the threads of asyncio."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
