"""What a row claims, and the signs of what the laws say of it.

Rows with the same signs break the same laws and get the same warnings, however they were read.
"""

import re
from functools import partial
from typing import Final, NamedTuple

from participant_rules.unset import Unset

__all__ = [
    "MALFORMED_EMAIL",
    "MALFORMED_PHONE",
    "NOBODY",
    "NONE",
    "NOT_TEN_DIGITS",
    "PLAIN_DATE",
    "STRANGER",
    "Claim",
    "Key",
    "Signs",
    "claim_of",
    "is_plain_name",
    "is_ten_digits",
]

Key = str | None | Unset
Signs = tuple[str, ...]


class Claim(NamedTuple):
    """What a row says of itself.

    `colons` is how many its JSON text has when no name stands twice in an object. The id is in lower case,
    the identifier trimmed; the keys of address and number are None where the row clears them, UNSET where it
    leaves them out. `faults` are the signs of what refuses it, `odd` of what it is warned about.
    """

    colons: int
    id: str | None
    identifier: str | None
    email: Key
    phone: Key
    faults: Signs
    odd: Signs

    def has_fault(self, sign: Signs) -> bool:
        """Whether that is among its faults."""
        return not set(sign).isdisjoint(self.faults)

    def of_stranger(self) -> "Claim":
        """The claim of a row with an id that nobody has."""
        return self._replace(faults=(*STRANGER, *self.faults))


claim_of = partial(tuple.__new__, Claim)
"""The claim of a tuple of its members, at half the price of the class."""

NONE: Final[Signs] = ()

NOBODY: Final[Signs] = ("",)
"""The row names nobody."""

STRANGER: Final[Signs] = ("id",)
"""Nobody has the row's id; only a store knows that."""

MALFORMED_EMAIL: Final[Signs] = ("email",)
"""The address is none."""

MALFORMED_PHONE: Final[Signs] = ("mobilePhone",)
"""The number is none, or is not admitted."""

NOT_TEN_DIGITS: Final[Signs] = ("mobilePhone",)
"""The number is written in another way than in ten digits; it is odd, and no fault."""

PLAIN_DATE: Final = "(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
"""Dates that need no calendar: nearly all are."""

is_plain_name = re.compile(r"[A-Za-z0-9_]+").fullmatch
"""Whether the name of a custom field is not warned about."""


def is_ten_digits(text: str) -> bool:
    """Whether a number is written in ten digits and nothing else."""
    return len(text) == _TEN and text.isdigit() and text.isascii()


_TEN: Final = 10
