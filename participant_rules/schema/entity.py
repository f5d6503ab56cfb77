"""The base of entities: an entity that lacks what it was not given says so."""

from typing import Any

__all__ = ["Entity", "Sealed"]


class Sealed(Exception):
    """Something was read that is not there to be read.

    Rules are asked about as little as they declare; `name` is what one of them read beyond that.
    """

    def __init__(self, owner: str, name: str) -> None:
        super().__init__(owner, name)
        self.owner, self.name = owner, name


class Entity:
    """An entity whose members may be withheld: reading one that is raises Sealed."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        """What is not set: a member that is withheld, or no attribute at all."""
        if name in type(self).__slots__:
            raise Sealed(type(self).__name__, name)
        raise AttributeError(name)
