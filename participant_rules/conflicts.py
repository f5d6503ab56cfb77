"""Conflicts of a commit: exceptions of a store when the facts of a decision no longer hold.

Nothing is written then. Every other exception of a port is a failure, and passes through.
"""

__all__ = ["Conflict", "Stale", "Taken", "Vanished"]


class Conflict(Exception):
    """The store is no longer as it was when it was asked."""


class Taken(Conflict):
    """Another participant got a unique value first.

    `field` is the documented name of the member ("login", "email", "mobilePhone", "participantIdentifier");
    `position` is the place of the losing write in the commit.
    """

    def __init__(self, field: str, position: int = 0) -> None:
        super().__init__(field, position)
        self.field = field
        self.position = position


class Vanished(Conflict):
    """The participant of a write is gone; `position` is the place of the write in the commit."""

    def __init__(self, position: int = 0) -> None:
        super().__init__(position)
        self.position = position


class Stale(Conflict):
    """Something that the decision was made on has changed: ask and decide again."""
