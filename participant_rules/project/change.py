"""What was asked, what a decision on it must know, and what a store answers."""

from collections.abc import Iterable
from enum import StrEnum

from attrs import define, field, frozen, setters

from participant_rules.project.model import Demographics, Participant, Project, Stored
from participant_rules.project.policy import MINT, POLICY, Mint, Policy
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["Change", "Keys", "Known", "Operation", "keys"]


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


@define(on_setattr=setters.NO_OP)  # it sets only what it remembers
class Change:
    """What was asked: one call or row, with the participant in its path or the partial update in its body.

    `participant` is the name in the path: an identifier, or with `by_id` the id. `faults` are those of the
    shape. It is a value, never changed; it only remembers the keys that it was asked for.
    """

    operation: Operation = field(converter=_operation)
    project: str = ""
    participant: str | Unset = field(default=UNSET, repr=False)
    by_id: bool = False
    asked: Participant | Unset = UNSET
    faults: tuple[Violation, ...] = ()
    _email: str | None | Unset = field(default=UNSET, init=False, eq=False, repr=False)
    _phone: str | None | Unset = field(default=UNSET, init=False, eq=False, repr=False)
    _region: str = field(default="", init=False, eq=False, repr=False)
    _policy: Policy = field(default=POLICY, init=False, eq=False, repr=False)

    def email_key(self, policy: Policy) -> str | None:
        """The key of the body's address; None where there is none or it is malformed. It is made once."""
        if self._policy is not policy:
            self._forget(policy)
        if self._email is UNSET:
            text = _demographic(self, "email")
            self._email = None if text is None else policy.email_key(text)
        return self._email  # type: ignore[return-value]  # it has just been set

    def phone_key(self, policy: Policy, region: str) -> str | None:
        """The key of the body's number; None where there is none or it is malformed. It is made once."""
        if self._policy is not policy:
            self._forget(policy)
        if self._phone is UNSET or self._region != region:
            text = _demographic(self, "mobile_phone")
            self._phone = None if text is None else policy.phone_key(text, region)
            self._region = region
        return self._phone  # type: ignore[return-value]  # it has just been set

    def _forget(self, policy: Policy) -> None:
        self._policy, self._email, self._phone = policy, UNSET, UNSET


def _demographic(change: Change, attribute: str) -> str | None:
    demographics = change.asked.demographics if isinstance(change.asked, Participant) else None
    value = getattr(demographics, attribute) if isinstance(demographics, Demographics) else None
    return value if isinstance(value, str) else None


@frozen(slots=False)  # made faster than with slots
class Keys:
    """What a store is asked: one project, and all its participants of whom a batch speaks.

    Ids are in lower case and identifiers trimmed. `emails` are the keys of the policy; those of phone numbers
    depend on the region of the project, which the store knows: it asks for `phones(region)`.
    """

    project: str
    ids: frozenset[str] = field(default=frozenset(), repr=False)
    identifiers: frozenset[str] = field(default=frozenset(), repr=False)
    emails: frozenset[str] = field(default=frozenset(), repr=False)
    policy: Policy = POLICY
    _changes: tuple[Change, ...] = field(default=(), eq=False, repr=False)
    _phones: frozenset[str] = field(default=frozenset(), repr=False)

    def phones(self, region: str) -> frozenset[str]:
        """The keys of the phone numbers."""
        if not self._changes:
            return self._phones
        found = {change.phone_key(self.policy, region) for change in self._changes}
        return self._phones.union([key for key in found if key is not None])


def keys(changes: Iterable[Change], policy: Policy = POLICY) -> Keys:
    """The question that decides these changes, which are all of one project: asked once for a whole batch."""
    changes = tuple(changes)
    ids, identifiers, emails = set[str](), set[str](), set[str]()
    for change in changes:
        asked = change.asked
        if isinstance(change.participant, str):
            name = change.participant.strip()
            (ids if change.by_id else identifiers).add(name.lower() if change.by_id else name)
        elif isinstance(asked, Participant):
            if isinstance(asked.id, str):
                ids.add(asked.id.lower())
            if isinstance(asked.participant_identifier, str):
                identifiers.add(asked.participant_identifier)
            email = change.email_key(policy)
            if email is not None:
                emails.add(email)
    return Keys(
        changes[0].project if changes else "",
        frozenset(ids),
        frozenset(identifiers),
        frozenset(emails),
        policy,
        changes,
    )


@frozen(slots=False)  # made faster than with slots
class Known:
    """What a store answers: the project (None: not found), and the stored participants that the keys name.

    Participants that are UNSET are unknown: nobody was asked. `mint` makes the ids of new participants and
    tells the time.
    """

    project: Project | None
    participants: tuple[Stored, ...] | Unset = field(default=UNSET, repr=False)
    mint: Mint = field(default=MINT, repr=False)
