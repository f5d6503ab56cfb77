"""Properties that are worked out once for each case."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

__all__ = ["once"]

FactT = TypeVar("FactT")


class once(Generic[FactT]):  # noqa: N801  used like a decorator of the standard library
    """A property of a case that is worked out when the first rule reads it; one that raises is tried again.

    It is functools.cached_property without the lock that this has before Python 3.12, where taking it costs
    more than most facts do.
    """

    def __init__(self, work_out: Callable[[Any], FactT]) -> None:
        self._work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, case: None, owner: type) -> Self: ...

    @overload
    def __get__(self, case: object, owner: type) -> FactT: ...

    def __get__(self, case: object | None, owner: type) -> Self | FactT:
        if case is None:
            return self
        fact = case.__dict__[self._name] = self._work_out(case)
        return fact
