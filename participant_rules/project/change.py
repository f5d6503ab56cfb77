"""Requests, the keys that a decision must know, and the answers of a store."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, Self

from attrs import define, field, frozen, setters

from participant_rules.due import (
    A_POLICY,
    KNOWN,
    PROJECT,
    each_of,
    refuse_other,
    refuse_unstored,
    refuse_unversioned,
)
from participant_rules.project.keys import ID, IDENTIFIER, schema_of
from participant_rules.project.model import Participant, Project, Stored
from participant_rules.project.policy import MINT, POLICY, Mint, Policy
from participant_rules.schema.documents import document_of
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = [
    "CHANGE",
    "Change",
    "Keys",
    "Known",
    "Operation",
    "due_changes",
    "keys",
    "refuse_unasked",
    "refuse_unknown",
]


class Operation(StrEnum):
    """The documented calls; "bulk" is one row of a Bulk Add/Update."""

    QUERY = "query"
    READ = "read"
    PUT = "put"
    SEGMENTS = "segments"
    BULK = "bulk"
    DELETE = "delete"
    WITHDRAW = "withdraw"


def _operation(value: Operation | str) -> Operation:
    # Calling an enum costs more than all else about a row.
    return value if isinstance(value, Operation) else Operation(value)


@define(on_setattr=setters.NO_OP, slots=False)  # made faster than with slots; it sets only what it remembers
class Change:
    """A request: one call or row, with the participant in its path or the partial update in its body.

    `participant` is the name in the path: an identifier, or with `by_id` the id. `faults` are those of the
    shape. `body` is the JSON value that `asked` was read of, where it was read. It is a value, never changed;
    it only remembers the keys that it was asked for.
    """

    operation: Operation = field(converter=_operation)
    project: str = ""
    participant: str | Unset = field(default=UNSET, repr=False)
    by_id: bool = False
    asked: Participant | Unset = UNSET
    faults: tuple[Violation, ...] = ()
    body: Any = field(default=UNSET, eq=False, repr=False)
    _keys: tuple[Any, ...] | None = field(default=None, init=False, eq=False, repr=False)

    @property
    def document(self) -> dict[str, Any] | None:
        """The JSON object of the body; None where there is none, or it cannot be read."""
        if not isinstance(self.asked, Participant):
            return None
        if self.body is UNSET:
            return None if self.faults else document_of(self.asked, stored=False)
        body: dict[str, Any] = self.body
        return body

    def keys(self, project: Project, policy: Policy) -> Mapping[str, str]:
        """The keys of the unique values of the body by path; they are made once for a project."""
        known = self._keys
        if known is None or known[0] is not project or known[1] is not policy:
            known = self._keys = (project, policy, self._made(project, policy))
        keys: Mapping[str, str] = known[2]
        return keys

    def knows(self, keys: Mapping[str, str], project: Project, policy: Policy) -> Self:
        """Itself, with keys that were made before."""
        self._keys = (project, policy, keys)
        return self

    def _made(self, project: Project, policy: Policy) -> Mapping[str, str]:
        asked = self.asked
        if isinstance(self.participant, str):
            name = self.participant.strip()
            return {ID: name.lower()} if self.by_id else {IDENTIFIER: name}
        if not isinstance(asked, Participant):
            return {}
        return schema_of(project, policy).keys_of(asked)


@frozen(slots=False)  # made faster than with slots
class Keys:
    """The question to a store: one project, and all its participants that a batch names.

    They are `named` by keys, and by the bodies of changes. What the keys of these are depends on the project,
    which the store knows: it asks for `of(project)`.
    """

    project: str
    named: Mapping[str, frozenset[str]] = field(factory=dict, repr=False)
    policy: Policy = POLICY
    changes: tuple[Change, ...] = field(default=(), eq=False, repr=False)

    def of(self, project: Project) -> Mapping[str, frozenset[str]]:
        """The keys of the participants by the paths of unique members, "demographics.email" and others.

        Ids are in lower case and identifiers trimmed; all others are keys by the policy.
        """
        if not self.changes:
            return self.named
        if len(self.changes) == 1 and not self.named:  # what a server asks
            (change,) = self.changes
            return {path: frozenset((key,)) for path, key in change.keys(project, self.policy).items()}
        found: dict[str, set[str]] = {path: set(some) for path, some in self.named.items()}
        for change in self.changes:
            for path, key in change.keys(project, self.policy).items():
                found.setdefault(path, set()).add(key)
        return {path: frozenset(some) for path, some in found.items()}


CHANGE: Final = "a change, as project.read(payload, project=…) makes one,"


def due_changes(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes; raises TypeError for anything else."""
    return each_of(changes, Change, CHANGE, "changes")


def keys(changes: Iterable[Change], policy: Policy = POLICY) -> Keys:
    """The question that decides these changes, which are all of one project: asked once for a whole batch.

    Raises ValueError for changes of several projects.
    """
    changes = due_changes(changes)
    if policy.__class__ is not Policy:  # each request asks
        refuse_other(policy, Policy, A_POLICY)
    if len(changes) > 1 and len({each.project for each in changes}) > 1:
        raise ValueError("the changes are of several projects, and one is asked about at a time")
    return Keys(changes[0].project if changes else "", policy=policy, changes=changes)


@frozen(slots=False)  # made faster than with slots
class Known:
    """The answer of a store: the project (None: not found), and the stored participants that the keys name.

    Participants that are UNSET are unknown: nobody was asked. `mint` makes the ids of new participants and
    tells the time.
    """

    project: Project | None
    participants: tuple[Stored, ...] | Unset = field(default=UNSET, repr=False)
    mint: Mint = field(default=MINT, repr=False)


def refuse_unknown(known: Known) -> None:
    """Raise TypeError for anything but the answer of a store: its constructor does not look, for speed."""
    refuse_other(known, Known, KNOWN)
    if known.project is not None:
        refuse_other(known.project, Project, PROJECT)
    found = known.participants
    if not isinstance(found, Unset):
        if found.__class__ is not tuple:
            refuse_other(found, list, "a tuple of Stored")
        refuse_unstored(found, Stored, Participant)


def refuse_unasked(known: Known) -> None:
    """Raise TypeError for an answer without participants or versions, before a commit decided by it."""
    if isinstance(known.participants, Unset):
        raise TypeError("find(…) left out who is stored: where nobody is, it answers Known(project, ())")
    refuse_unversioned(known.participants)
