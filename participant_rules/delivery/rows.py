"""A row that is sent, and its state: values."""

from collections.abc import Sequence
from enum import Enum
from typing import Literal, Protocol

from attrs import field, frozen

from participant_rules.batch.outcomes import Action
from participant_rules.violations import Violation

__all__ = ["Arrival", "Mark", "Post", "Row", "State"]

Mark = tuple[str, int]
"""The mark of a row: the keyed hash of its payload, and how many equal rows come before it."""


@frozen
class Row:
    """A record that stands, counted from 0 over its file, its JSON text, and the action that is planned."""

    number: int
    mark: Mark
    payload: bytes = field(repr=False)
    action: Action = "add"


@frozen
class State:
    """The state of a row that was sent.

    It was `sent`, with the action that the server took; it was `refused` by the server, with its violations
    (whose pointers start at the record); or it is `unknown` whether it arrived.
    """

    kind: Literal["sent", "refused", "unknown"]
    action: Action = "none"
    violations: tuple[Violation, ...] = ()


class Arrival(Enum):
    """Whether a call arrived of which no answer came."""

    ARRIVED = "arrived"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Post(Protocol):
    """Carries rows to a server, as one call."""

    @property
    def most(self) -> int:
        """How many rows a call takes."""
        ...

    def send(self, rows: Sequence[Row]) -> Sequence[Action]:
        """Send rows in one call; returns the state of each.

        Raises what a client raises: Refused, Unexpected, NoResponse.
        """
        ...

    def by_row(self, violations: Sequence[Violation]) -> dict[int, tuple[Violation, ...]] | None:
        """The server's violations by the row of the call; None where they are about the call as a whole."""
        ...

    def arrival(self, rows: Sequence[Row]) -> Arrival:
        """Whether a call with these rows arrived, by asking the server; raises the errors of a client."""
        ...
