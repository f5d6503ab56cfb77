"""The reads of a rule: the paths of documented members, and how much of each.

`"demographics.email"` is the value as it is, and so is `asked(path)`, for values that seldom matter. `state`
is only whether there is one and whether it is well formed, `malformed` only the latter, `faults` what is
wrong with the members of an object whose names a definition makes, and `key` whose the unique value is;
`UNDECLARED` are the names of members that nobody documented. `[]` stands for every element of a list.
"""

from enum import Enum
from typing import Final

from attrs import frozen

from participant_rules.schema.form import Form

__all__ = [
    "IGNORED",
    "UNDECLARED",
    "Mode",
    "Read",
    "asked",
    "change",
    "faults",
    "key",
    "malformed",
    "state",
    "value",
]


class Mode(Enum):
    """How much of a member is read."""

    VALUE = "value"
    STATE = "state"
    MALFORMED = "malformed"
    FAULTS = "faults"
    KEY = "key"
    CHANGE = "change"
    ASKED = "asked"
    UNDECLARED = "undeclared"
    IGNORED = "ignored"

    __hash__ = object.__hash__  # by identity, in C: slots are looked up by it


@frozen(cache_hash=True)  # slots are looked up by it
class Read:
    """The path of a member, and how much of it is read; a `form` beside that of the member may judge it."""

    path: str
    mode: Mode = Mode.VALUE
    form: Form | None = None


def value(path: str) -> Read:
    """The value itself."""
    return Read(path)


def state(path: str) -> Read:
    """Whether the value is left out, null or blank, well formed, or malformed."""
    return Read(path, Mode.STATE)


def malformed(path: str, form: Form | None = None) -> Read:
    """Whether the value is malformed: by the form of its member, or by another one."""
    return Read(path, Mode.MALFORMED, form)


def asked(path: str) -> Read:
    """The value itself, of which nothing is remembered: a rule that gets so far is asked for each record."""
    return Read(path, Mode.ASKED)


def faults(path: str) -> Read:
    """The faults of the members of an object that a definition names."""
    return Read(path, Mode.FAULTS)


def key(path: str) -> Read:
    """The holder of the unique value: none, the participant itself, or another one."""
    return Read(path, Mode.KEY)


def change(path: str) -> Read:
    """Whether the value is not the stored one: the key of a unique value, else as `asked`."""
    return Read(path, Mode.CHANGE)


UNDECLARED: Final = Read("", Mode.UNDECLARED)
"""The names of the members that nobody documented, wherever they stand."""

IGNORED: Final = Read("", Mode.IGNORED)
"""The names of documented members that only a server sets, and that are sent along."""
