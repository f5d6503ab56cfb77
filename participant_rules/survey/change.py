"""Requests, the keys that a decision must know, and the answers of a store."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from attrs import field, frozen

from participant_rules.due import KNOWN, SURVEY, each_of, refuse_other, refuse_unstored, refuse_unversioned
from participant_rules.schema.documents import document_of
from participant_rules.survey.model import (
    InvitationSection,
    LoginSection,
    Participant,
    Subject,
    Survey,
)
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = [
    "CHANGE",
    "ENTITIES",
    "Change",
    "Keys",
    "Known",
    "Operation",
    "Stored",
    "due_changes",
    "keys",
    "refuse_unasked",
    "refuse_unknown",
]


class Operation(StrEnum):
    """The documented calls."""

    LIST = "list"
    READ = "read"
    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"
    LIST_SUBJECTS = "list-subjects"
    READ_SUBJECT = "read-subject"
    ADD_SUBJECT = "add-subject"
    UPDATE_SUBJECT = "update-subject"
    DELETE_SUBJECT = "delete-subject"


ENTITIES: Final[Mapping[Operation, type[Participant | Subject]]] = {
    Operation.ADD: Participant,
    Operation.UPDATE: Participant,
    Operation.ADD_SUBJECT: Subject,
    Operation.UPDATE_SUBJECT: Subject,
}
"""The entity in the body of each call."""


def _operation(named: str) -> Operation:
    return named if isinstance(named, Operation) else Operation(named)


@frozen(slots=False)  # made faster than with slots
class Change:
    """A request: one call, with the names in its path and the entity in its body.

    A `uid` that is left out means that the body is judged alone. `faults` are those of the body's shape.
    `body` is the JSON value that `asked` was read of, where it was read.
    """

    operation: Operation = field(converter=_operation)
    survey: str = ""
    uid: str | Unset = field(default=UNSET, repr=False)
    subject_name: str | Unset = field(default=UNSET, repr=False)
    asked: Participant | Subject | Unset = UNSET
    faults: tuple[Violation, ...] = ()
    body: Any = field(default=UNSET, eq=False, repr=False)

    @property
    def has_no_text(self) -> bool:
        """Whether the text of the body has faults: then nothing else is judged."""
        return self.asked is UNSET and self.operation in ENTITIES and bool(self.faults)

    @property
    def document(self) -> dict[str, Any] | None:
        """The JSON object of the participant in the body; None where there is none, or it cannot be read."""
        if not isinstance(self.asked, Participant):
            return None
        if self.body is UNSET:
            return None if self.faults else document_of(self.asked, stored=False)
        body: dict[str, Any] = self.body
        return body


@frozen(slots=False)  # made faster than with slots
class Keys:
    """The question to a store: one survey, and all the participants that a batch names.

    The identities are as they were written; the survey says what they are (`Survey.key`).
    """

    survey: str
    identities: frozenset[str] = field(repr=False)


@frozen
class Stored:
    """A stored participant and its version: any value that changes whenever the participant does."""

    participant: Participant
    version: object = None


@frozen(slots=False)  # made faster than with slots
class Known:
    """The answer of a store: the survey (None: not accessible), and the participants by `Survey.key`.

    Participants that are UNSET are unknown: nobody was asked. Where the answer is not `complete`, so is
    whoever is not in it.
    """

    survey: Survey | None
    participants: Mapping[str, Stored] | Unset = field(default=UNSET, repr=False)
    complete: bool = True

    def find(self, identity: str) -> Stored | None | Unset:
        """The participant with the identity; None where there is none, UNSET where it is not known."""
        if isinstance(self.participants, Unset) or self.survey is None:
            return UNSET
        found = self.participants.get(self.survey.key(identity))
        return found if found is not None or self.complete else UNSET


CHANGE: Final = "a change, as survey.Change(operation, survey, …) makes one,"


def due_changes(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes; raises TypeError for anything else."""
    return each_of(changes, Change, CHANGE, "changes")


def keys(changes: Iterable[Change]) -> Keys:
    """The question that decides these changes, which are all of one survey: asked once for a whole batch.

    Raises ValueError for changes of several surveys.
    """
    changes = due_changes(changes)
    if len(changes) > 1 and len({each.survey for each in changes}) > 1:
        raise ValueError("the changes are of several surveys, and one is asked about at a time")
    identities = [identity for change in changes for identity in _identities(change)]
    return Keys(changes[0].survey if changes else "", frozenset(identities))


def _identities(change: Change) -> list[str]:
    """The texts that may identify the participant: the id in the path, else login and address of the body."""
    if not isinstance(change.uid, Unset):
        return [change.uid]
    found = []
    if isinstance(change.asked, Participant):
        login, invitation = change.asked.login_section, change.asked.invitation_section
        if isinstance(login, LoginSection) and isinstance(login.login, str):
            found.append(login.login)
        if isinstance(invitation, InvitationSection) and isinstance(invitation.email_address, str):
            found.append(invitation.email_address)
    return found


def refuse_unknown(known: Known) -> None:
    """Raise TypeError for anything but the answer of a store: its constructor does not look, for speed."""
    refuse_other(known, Known, KNOWN)
    if known.survey is not None:
        refuse_other(known.survey, Survey, SURVEY)
    found = known.participants
    if not isinstance(found, Unset):
        if found.__class__ is not dict:
            refuse_other(found, Mapping, "participants by their keys")
        refuse_unstored(found.values(), Stored, Participant)


def refuse_unasked(known: Known) -> None:
    """Raise TypeError for an answer without participants or versions, before a commit decided by it."""
    if isinstance(known.participants, Unset):
        raise TypeError("find(…) left out who is stored: where nobody is, it answers Known(survey, {})")
    refuse_unversioned(known.participants.values())
