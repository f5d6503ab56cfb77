"""The ports that a caller implements to store the participants of projects.

Each method may be a coroutine or not; `Registrar` and `Api` have a twin for either (`aput`,
`ahandle`). Arguments come by their places, so that parameters may have any names. An exception that the
contract does not name is a failure of the store and passes through. The clauses of these docstrings are
tested by `participant_rules.testing`, for your store too.
"""

from collections.abc import Awaitable, Sequence
from typing import Any, Protocol, runtime_checkable

from attrs import field, frozen

from participant_rules.project.change import Keys, Known
from participant_rules.project.model import Membership, Participant, Stored
from participant_rules.project.query import Query

__all__ = ["Notifier", "Page", "Register", "Roster", "Write"]


@frozen(slots=False)  # made faster than with slots
class Write:
    """One write to a project's participants.

    Without `before` it adds, without `after` it deletes, with both it replaces. `before` is what the decision
    was made on, as `find` answered it; one without a version is somebody whom an earlier write of the same
    commit wrote.
    """

    project: str
    before: Stored | None = field(default=None, repr=False)
    after: Participant | None = field(default=None, repr=False)
    found_by: tuple[Any, ...] | None = field(default=None, eq=False, repr=False)
    """The keys of `after`, and the terms that they were made with, where known: for `Stored.kept`."""


@frozen
class Page:
    """Some of the participants that match a query, and how many there are in all.

    With a segment each participant has its `added_to_segment_date`.
    """

    participants: tuple[Participant, ...] = field(repr=False)
    total: int


class Roster(Protocol):
    """A store that can be asked."""

    def find(self, keys: Keys, /) -> Known | Awaitable[Known]:
        """The project and its participants that the keys name, in one question.

        Asked once for a whole batch: a store answers more keys than a database takes in one statement. A
        participant is named by the key of any of its unique members: `keys.of(project)` has those that are
        asked for, and `keys_of(participant, project)` those of a stored participant, both by the paths of the
        members ("id", "demographics.email", "customFields.Badge" …), which the definition tells. Any text may
        be a key, or the id of the project; one that a store cannot hold (with a NUL or half a surrogate pair,
        say) names nobody, and so does a path that is not unique.

        Absence: the answer's `project` is None where it does not exist; ids of projects that are GUIDs
        compare without regard to case. Whom the keys name and the answer lacks does not exist. Each
        participant is answered once, in the order of their adding, and just as it was committed. Of legacy
        participants who share a value that should be unique all are answered; a store with unique constraints
        has none.

        Versions: every `Stored` has the version under which a later commit may replace it: a value that is
        not None, stays while the participant stays as it is, and never returns once it has changed or is
        deleted.

        What is kept: every documented member with its value and its JSON type. Not the order of names within
        `customFields`, nor what an entity holds in `extras` beyond the documented members.
        """
        ...


class Register(Roster, Protocol):
    """A store that can also be changed and queried."""

    def commit(self, writes: Sequence[Write], /) -> None | Awaitable[None]:
        """Make all writes in their order or none, whatever happens meanwhile: no writes, one, or thousands.

        A write sees what those before it did: a unique value that one gives up another may take, and a
        participant may be written twice. Commits that want the same in another order end, some with a
        conflict.
        Raises, and has changed nothing then:
        - `Taken` with the field whose key another participant has ("id", "participantIdentifier", "email",
          "mobilePhone", "customFields.Badge": `field_of` its path), and the position of the write. A unique
          constraint or a lock guards it, not a look-up: of writers at once one wins. A key that a participant
          has already, in any spelling, is no conflict.
        - `Vanished` with the position, when the participant to replace or delete is gone. Where another one
          has been added under the same id since, it is this or `Stale`.
        - `Stale` when it is no longer in the version of `before`, when that has none and no earlier write of
          this commit wrote it, and when the project is gone: whoever asks again decides again.

        Who is deleted frees all unique values, and leaves all segments.
        """
        ...

    def search(self, project: str, query: Query, /) -> Page | Awaitable[Page]:
        """The participants of a project that match, sorted, one page of them.

        What matches and how it sorts is said by `find_page`, which any store may use. In a segment, whose id
        compares without regard to case, each participant has its `added_to_segment_date`. Nobody matches in a
        project or segment that does not exist.
        """
        ...

    def segments(
        self, project: str, participant: str, /
    ) -> Sequence[Membership] | Awaitable[Sequence[Membership]]:
        """The segments of the participant with this id, in any case of it; none where nobody has it."""
        ...


@runtime_checkable
class Notifier(Protocol):
    """Sends the default invitation notifications."""

    def invite(self, project: str, participants: Sequence[Participant], /) -> None | Awaitable[None]:
        """Notify participants that have just been added, after the commit."""
        ...
