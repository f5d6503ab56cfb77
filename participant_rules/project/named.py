"""The member by which a change names its participant.

Source: "Add/Update Participant" and "Bulk Add/Update Participants", Body Parameters.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from participant_rules.project.keys import ID, IDENTIFIER
from participant_rules.unset import UNREADABLE

__all__ = ["FINDS", "Named", "named_by"]


class Named(Enum):
    """The member by which a change names its participant; the value is its pointer."""

    PATH = ""
    ID = "/id"
    IDENTIFIER = "/participantIdentifier"
    EMAIL = "/demographics/email"
    NOBODY = "nobody"
    UNREADABLE = "unreadable"

    __hash__ = object.__hash__  # by identity, in C: facts are looked up by it


FINDS: Final[Mapping[Named, str]] = {Named.ID: ID, Named.IDENTIFIER: IDENTIFIER}
"""The unique member whose key finds a participant: an address that is sent alone always adds one."""


def named_by(id_: Any, identifier: Any, email: Any) -> Named:
    """The member that names the participant of a body: the id, else the identifier, else the address.

    The values are trimmed texts or keys; blank ones are None, and those of a wrong type UNREADABLE.
    """
    if id_:
        return Named.ID
    if identifier and id_ is not UNREADABLE:
        return Named.IDENTIFIER
    if UNREADABLE in (id_, identifier, email):
        return Named.UNREADABLE
    return Named.EMAIL if email else Named.NOBODY
