"""Why there is no value where one could stand.

A payload that leaves a member out, sends null, and sends a value says three different things. `None` is the
null of JSON; `UNSET` is what was left out, of a payload or of a definition; `UNREADABLE` is a value of the
wrong JSON type, which no rule reads.
"""

from enum import Enum
from typing import Final, Literal

__all__ = ["UNREADABLE", "UNSET", "Unset"]


class Unset(Enum):
    """The two ways of having no value; both are false in a condition."""

    UNSET = "left out"
    UNREADABLE = "of the wrong type"

    __hash__ = object.__hash__  # by identity, in C: what is remembered is looked up by it

    def __bool__(self) -> Literal[False]:
        """There is no value, so there is no true one."""
        return False

    def __repr__(self) -> str:
        """Its name, as it is imported."""
        return self.name


UNSET: Final = Unset.UNSET
"""The value of what was left out."""

UNREADABLE: Final = Unset.UNREADABLE
"""The value of what has the wrong JSON type."""
