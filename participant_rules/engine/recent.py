"""A bounded memory of results: results that are not used again give way."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Recent"]

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")


def _any(_key: object) -> bool:
    return True


class Recent(dict[KeyT, ValueT], Generic[KeyT, ValueT]):
    """A dictionary that makes missing values, and keeps at least the latest `most` values that were used.

    What it does not keep (`keeps`) is made each time. When as many were made, the older generation is
    dropped, so nothing is counted when a value is looked up.
    """

    def __init__(
        self, make: Callable[[KeyT], ValueT], most: int = 4096, *, keeps: Callable[[KeyT], bool] = _any
    ) -> None:
        super().__init__()
        self._make, self._most, self._keeps = make, most, keeps
        self._older: dict[KeyT, ValueT] = {}

    def __missing__(self, key: KeyT) -> ValueT:
        """The value of the older generation, or a new one."""
        found = self._older.get(key)
        if found is None:
            found = self._make(key)
            if not self._keeps(key):
                return found
        if len(self) >= self._most:
            self._older = dict(self)
            self.clear()
        self[key] = found
        return found

    def look_up(self, key: KeyT) -> ValueT:
        """The value; for a key that cannot be looked up, as one with a list in it, it is made each time."""
        try:
            return self[key]
        except TypeError:
            return self._make(key)
