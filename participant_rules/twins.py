"""Async twins of methods: written once, for classes that differ in what they wait for alone."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

__all__ = ["as_coroutine"]

P = ParamSpec("P")
T = TypeVar("T")


def as_coroutine(
    method: Callable[Concatenate[Any, P], T],
) -> Callable[Concatenate[Any, P], Coroutine[Any, Any, T]]:
    """The method of a sync class as the one of its async twin, with the same parameters and docstring.

    Its body is the same: it ends with the answer of an attribute that answers a coroutine in the async class.
    """
    body: Callable[..., Any] = method

    @wraps(method)
    async def twin(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        answer: T = await body(self, *args, **kwargs)
        return answer

    return twin
