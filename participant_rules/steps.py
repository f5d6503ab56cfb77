"""Conversations with ports, written once and held with sync or async ports.

A conversation is a generator that yields calls (functions without arguments) and is sent their answers; what
a port raises is raised in it. So the code between the calls has no async twin.
"""

from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeVar

__all__ = ["Steps", "hold", "hold_async"]

T = TypeVar("T")
Steps = Generator[Callable[[], Any], Any, T]


def hold(steps: Steps[T]) -> T:
    """Hold a conversation with ports whose methods answer at once."""
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
    """Hold a conversation with ports whose methods are coroutines, or answer at once."""
    try:
        call = next(steps)
        while True:
            try:
                answer = call()
                if isinstance(answer, Awaitable):
                    answer = await answer
            except Exception as failure:  # noqa: BLE001  the conversation decides what it means
                call = steps.throw(failure)
            else:
                call = steps.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result
