"""The ports that a caller implements to store the participants of surveys.

Each method may be a coroutine or not; `Registrar` and `Api` have a twin for either (`asubmit`,
`ahandle`). Arguments come by their places, so that parameters may have any names. An exception that the
contract does not name is a failure of the store and passes through. The clauses of these docstrings are
tested by `participant_rules.testing`, for your store too.
"""

from collections.abc import Awaitable
from typing import Protocol

from attrs import field, frozen

from participant_rules.survey.change import Keys, Known, Stored
from participant_rules.survey.model import Participant

__all__ = ["Page", "Register", "Roster", "Write"]


@frozen(slots=False)  # made faster than with slots
class Write:
    """One write to a survey's participants.

    Without `before` it adds, without `after` it deletes, with both it replaces. `before` is what the decision
    was made on, as `find` answered it.
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

    def find(self, keys: Keys, /) -> Known | Awaitable[Known]:
        """The survey and its participants that the keys name, in one question.

        Asked once for a whole batch: a store answers more keys than a database takes in one statement. Any
        text may be a key, or the id of the survey; one that a store cannot hold (with a NUL or half a
        surrogate pair, say) names nobody.

        Absence: the answer's `survey` is None where it does not exist or the user has no access to it. Its
        `participants` are by `Survey.key`, which says what identities compare by; whom the keys name and the
        answer lacks does not exist. A participant is answered just as it was committed.

        Versions: every `Stored` has the version under which a later commit may replace it: a value that is
        not None, stays while the participant stays as it is, and never returns once it has changed or is
        deleted.

        What is kept: every documented member with its value and its JSON type. Not the order of names within
        a seeding, nor what an entity holds in `extras` beyond the documented members.
        """
        ...


class Register(Roster, Protocol):
    """A store that can also be changed and listed."""

    def commit(self, write: Write, /) -> None | Awaitable[None]:
        """Make one write, wholly or not at all, whatever happens meanwhile.

        A replacement may bring another identity, which frees the old one.

        Raises, and has changed nothing then:
        - `Taken("login")`, or `Taken("email")` where addresses are the identities, when another participant
          has the identity. A unique constraint or a lock guards it, not a look-up: of writers at once one
          wins.
        - `Vanished` when the participant to replace or delete is gone. Where another one has been added under
          the same identity since, it is this or `Stale`.
        - `Stale` when it is no longer in the version of `before`, when an import has begun, and when the
          survey is gone: whoever asks again decides again.
        """
        ...

    def page(self, survey: str, starting_from: str, limit: int, /) -> Page | Awaitable[Page]:
        """At most `limit` participants after the token `starting_from`, "0" being the beginning.

        They come in the order of their adding, which a replacement does not change. A token is a decimal
        number of at most 18 digits. One that was answered before stays good while participants come and go:
        going on from it misses nobody who was there or is added later, and repeats nobody. A page with nobody
        in it has the token that it was asked for, and so has one of a survey that does not exist.
        """
        ...
