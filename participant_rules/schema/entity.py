"""The base of entities: reading a withheld member raises."""

from typing import Any

__all__ = ["Entity", "Sealed"]


class Sealed(Exception):
    """Raised for reading a member that a sealed case withholds.

    Rules are asked about as little as they declare; `name` is what one of them read beyond that.
    """

    def __init__(self, owner: str, name: str) -> None:
        super().__init__(owner, name)
        self.owner, self.name = owner, name


class Entity:
    """An entity with members that may be withheld: reading one of these raises Sealed."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        """Raise for an attribute that is not set: Sealed for a withheld member, else AttributeError."""
        if name in type(self).__slots__:
            raise Sealed(type(self).__name__, name)
        raise AttributeError(name)
