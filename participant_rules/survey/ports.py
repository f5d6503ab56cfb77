"""What a caller implements to store the participants of surveys.

Each method may answer at once or be a coroutine; `Registrar` and `Api` have a twin for either (`aadd`, `ahandle`).
An exception that the contract does not name is a failure of the store and passes through.
"""

from collections.abc import Awaitable
from typing import Protocol

from attrs import field, frozen

from participant_rules.survey.case import Keys, Known, Stored
from participant_rules.survey.model import Participant

__all__ = ["Page", "Register", "Roster", "Write"]


@frozen
class Write:
    """One write to a survey's participants.

    Without `before` it adds, without `after` it deletes, with both it replaces. `before` is what the decision was
    made on, as `find` answered it.
    """

    survey: str
    before: Stored | None = field(default=None, repr=False)
    after: Participant | None = field(default=None, repr=False)


@frozen
class Page:
    """Some participants in the order of their adding, and where to go on.

    `progress` is the token of the next page, `up_to_date` whether nothing comes after this one.
    """

    participants: tuple[Participant, ...] = field(repr=False)
    progress: str
    up_to_date: bool


class Roster(Protocol):
    """A store that can be asked."""

    def find(self, keys: Keys) -> Known | Awaitable[Known]:
        """The survey and those of its participants that the keys name, in one question.

        The answer's `survey` is None where it does not exist or the user has no access to it. Its `participants`
        are by `Survey.key`; whom the keys name and the answer lacks does not exist. Every `Stored` has the version
        under which a later commit may replace it.
        """
        ...


class Register(Roster, Protocol):
    """A store that can also be changed and listed."""

    def commit(self, write: Write) -> None | Awaitable[None]:
        """Make one write, wholly or not at all.

        Raises `Taken("login")` or `Taken("email")` where another participant has the identity (a unique constraint
        guards it, not a look-up), `Vanished` where the participant to replace or delete is gone, and `Stale` where
        it is no longer in the version of `before`.
        """
        ...

    def page(self, survey: str, starting_from: str, limit: int) -> Page | Awaitable[Page]:
        """At most `limit` participants after the token `starting_from`, "0" being the beginning.

        A token is a decimal number; one that was answered before stays good while participants come and go.
        """
        ...
