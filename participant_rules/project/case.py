"""What was asked and what is known, together: what a rule reads.

A `Change` is a request as values; `keys` says what a decision on it must know; a `Case` is both together.
Rules read the properties of a case: one whose fact nobody told raises Unknown, and the rule that reads it
does not run.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, TypeVar

from attrs import define, field

from participant_rules.project.change import Change, Keys, Known, Operation, keys
from participant_rules.project.ledger import Entry, Ledger, Standing
from participant_rules.project.model import SECONDARY, Demographics, Participant, Project, Stored
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.values import same_json, same_text, text_of, trimmed
from participant_rules.rules import Unknown, once
from participant_rules.unset import UNREADABLE, UNSET, Unset

__all__ = ["Case", "Change", "Keys", "Known", "Named", "Operation", "Stored", "keys", "told"]

T = TypeVar("T")

EMPTY: Final = Demographics()


class Named(Enum):
    """By what a change says who is meant; the value is the pointer of that member."""

    PATH = ""
    ID = "/id"
    IDENTIFIER = "/participantIdentifier"
    EMAIL = "/demographics/email"
    NOBODY = "nobody"
    UNREADABLE = "unreadable"


def told(value: T | Unset) -> T | None:
    """A value of the body, None where it was left out; raises Unknown where it cannot be read."""
    if value is UNREADABLE:
        raise Unknown("the value has the wrong type")
    return None if isinstance(value, Unset) else value


@define(eq=False, slots=False)
class Case:
    """A change, and every fact that a rule may ask for, as it was when the case was made.

    `entry` is who is meant: None for nobody, UNSET where that is not known. `lost` names what the store said
    at commit: "id" for a participant that is gone, else the members whose value another participant got
    first.
    """

    change: Change = field(repr=False)
    known: Known = field(repr=False)
    policy: Policy = POLICY
    allow_update: bool = True
    lost: frozenset[str] = frozenset()
    named: Named = Named.NOBODY
    entry: Entry | None | Unset = field(default=UNSET, repr=False)
    ledger: Ledger | None = field(default=None, repr=False)
    _stands: Standing | None = field(default=None, repr=False)
    email_key: str | None = field(default=None, repr=False)
    phone_key: str | None = field(default=None, repr=False)
    identifier_holder: Entry | None = field(default=None, repr=False)
    identifier_row: int | None = None
    email_holder: Entry | None = field(default=None, repr=False)
    email_row: int | None = None
    phone_holder: Entry | None = field(default=None, repr=False)
    phone_row: int | None = None

    @classmethod
    def of(
        cls,
        change: Change,
        known: Known,
        policy: Policy = POLICY,
        *,
        ledger: Ledger | None = None,
        allow_update: bool = True,
        lost: frozenset[str] = frozenset(),
    ) -> "Case":
        """The change with what a store answered to its keys, or with what a ledger makes of that."""
        case = cls(change, known, policy, allow_update, lost)
        project, asked = known.project, change.asked
        if project is None:
            return case
        if ledger is None:
            ledger = ledger_of(known, policy)
        case.ledger = ledger
        if asked.__class__ is Participant:
            case._find_meant(asked, ledger)
            case._find_holders(ledger, project.default_region)
        elif isinstance(change.participant, str):
            case._find_named(change.participant.strip(), ledger)
        return case

    def _find_meant(self, asked: Participant, ledger: Ledger) -> None:
        """Who is meant: by id, else by identifier, else a new participant with an address."""
        demographics, identifier = asked.demographics, asked.participant_identifier
        if asked.id:
            self.named = Named.ID
            self._enter(ledger.ids.get(asked.id.lower()), ledger)
        elif identifier and asked.id is not UNREADABLE:
            self.named = Named.IDENTIFIER
            self._enter(ledger.identifiers.first.get(identifier), ledger)
        elif UNREADABLE in (asked.id, identifier, demographics):
            self.named = Named.UNREADABLE
        elif not demographics:
            self.named = Named.NOBODY
        elif demographics.email:
            self.named = Named.EMAIL
            self.entry = None
        else:
            self.named = Named.UNREADABLE if demographics.email is UNREADABLE else Named.NOBODY

    def _find_named(self, name: str, ledger: Ledger) -> None:
        """Who is named in the path."""
        self.named = Named.PATH
        found = ledger.ids.get(name.lower()) if self.change.by_id else ledger.identifiers.first.get(name)
        self._enter(found, ledger)

    def _enter(self, found: Entry | None, ledger: Ledger) -> None:
        if "id" in self.lost:
            self.entry = None
        elif found is not None:
            self.entry, self._stands = found, found.standing
        elif ledger.complete:
            self.entry = None

    def _find_holders(self, ledger: Ledger, region: str) -> None:
        """Who has the identifier, the address and the number of the body, and since which row."""
        change = self.change
        if self.named is Named.ID:
            identifier = change.asked.participant_identifier  # type: ignore[union-attr]  # it has an id
            holder = ledger.identifiers.first.get(identifier) if identifier else None
            if holder is not None:
                self.identifier_holder, self.identifier_row = holder, holder.identifier_row
        self.email_key = key = change.email_key(self.policy)
        if key is not None and key in ledger.emails.first:
            self.email_holder = ledger.emails.first[key]
            self.email_row = self.email_holder.email_row
        self.phone_key = key = change.phone_key(self.policy, region)
        if key is not None and key in ledger.phones.first:
            self.phone_holder = ledger.phones.first[key]
            self.phone_row = self.phone_holder.phone_row

    # ---- what is known

    @property
    def project(self) -> Project:
        """The project; the gate fires where it is not found."""
        if self.known.project is None:
            raise Unknown("the project is not found")
        return self.known.project

    @once
    def standing(self) -> Participant | None:
        """Whom the change is about as it stands before it; None where nobody does, or nobody is known to."""
        return None if self._stands is None else self._stands.participant

    @property
    def before(self) -> Stored | None:
        """What a write replaces: as it is stored, or without a version as an earlier row left it."""
        return None if self._stands is None else self._stands.as_stored

    @property
    def meant(self) -> Entry | None:
        """Who is meant, None for a participant to be added; unknown where nobody is meant."""
        if isinstance(self.entry, Unset):
            if self.named in (Named.IDENTIFIER, Named.EMAIL):
                return None  # nobody that an earlier row spoke of
            raise Unknown("it is not known who is meant")
        if self.entry is None and self.named in (Named.ID, Named.PATH):
            raise Unknown("nobody is meant")
        return self.entry

    @once
    def stored_demographics(self) -> Demographics:
        """The demographics as they stand."""
        return (self.standing.demographics if self.standing else None) or EMPTY

    @once
    def stored_fields(self) -> Mapping[str, Any]:
        """The custom fields as they stand."""
        return (self.standing.custom_fields if self.standing else None) or {}

    # ---- what was asked

    @property
    def asked(self) -> Participant:
        """The body."""
        if not isinstance(self.change.asked, Participant):
            raise Unknown("there is no body to judge")
        return self.change.asked

    @property
    def demographics(self) -> Demographics:
        """The demographics of the body; null as a whole is left out."""
        return told(self.asked.demographics) or EMPTY

    @property
    def custom_fields(self) -> Mapping[str, Any]:
        """The custom fields of the body; null as a whole is left out."""
        return told(self.asked.custom_fields) or {}

    @property
    def secondary_identifier(self) -> str | None:
        """The body's alias of the custom field SecondaryIdentifier."""
        return told(self.asked.secondary_identifier)

    # ---- what it would change; a value that is the same as the stored one is not judged

    def new_demographic(self, attribute: str) -> str | None:
        """A demographic that the body sets; None where it sets none or the same as is stored."""
        value = told(getattr(self.demographics, attribute))
        return None if same_text(value, getattr(self.stored_demographics, attribute)) else trimmed(value)

    @property
    def new_invitation_status(self) -> str | None:
        """An invitation status that the body sets."""
        value = told(self.asked.invitation_status)
        stored = self.standing.invitation_status if self.standing else None
        return None if same_text(value, stored) else value

    @property
    def new_identifier(self) -> str | None:
        """The identifier that the body gives to the participant of its id."""
        value = told(self.asked.participant_identifier)
        stored = self.standing.participant_identifier if self.standing else None
        return value if self.named is Named.ID and not same_text(value, stored) else None

    @once
    def new_fields(self) -> tuple[tuple[str, Any], ...]:
        """The custom fields that the body sets or clears."""
        stored = self.stored_fields
        return tuple(
            (name, value)
            for name, value in self.custom_fields.items()
            if name not in stored or not same_json(value, stored[name])
        )

    @property
    def new_secondary_identifier(self) -> str | None:
        """The alias that the body sets, where the project has the custom field."""
        value = self.secondary_identifier
        if not self.project.has_secondary_identifier or value == text_of(self.stored_fields.get(SECONDARY)):
            return None
        return value

    @property
    def changes_email(self) -> bool:
        """Whether the address would no longer have the key it has; null and a first value are changes too."""
        asked, stored = self.demographics.email, trimmed(self.stored_demographics.email)
        if asked is UNSET:
            return False
        text = trimmed(told(asked))
        if text is None or stored is None:
            return text is not stored
        return self.policy.email(text) != self.policy.email(stored)

    @property
    def changes_phone(self) -> bool:
        """Whether the number would no longer have the key it has; null and a first value are changes too."""
        asked, stored = self.demographics.mobile_phone, trimmed(self.stored_demographics.mobile_phone)
        if asked is UNSET:
            return False
        text = trimmed(told(asked))
        if text is None or stored is None:
            return text is not stored
        region = self.project.default_region
        return self.policy.phone(text, region) != self.policy.phone(stored, region)

    @property
    def new_email(self) -> str | None:
        """An address that the body sets, other than the stored one."""
        return trimmed(told(self.demographics.email)) if self.changes_email else None

    @property
    def new_phone(self) -> str | None:
        """A number that the body sets, other than the stored one."""
        return trimmed(told(self.demographics.mobile_phone)) if self.changes_phone else None


def ledger_of(known: Known, policy: Policy) -> Ledger:
    """The ledger of what a store answered."""
    participants = None if isinstance(known.participants, Unset) else known.participants
    return Ledger.of(participants, known.project.default_region if known.project else "", policy)
