"""A request together with the known facts: the input of a rule."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from participant_rules.due import A_POLICY, KNOWN, refuse_other
from participant_rules.engine.case import known_value
from participant_rules.facts import NO_FACTS, FactValues
from participant_rules.once import once
from participant_rules.project.change import CHANGE, Change, Keys, Known, Operation, keys
from participant_rules.project.custom import CustomFields
from participant_rules.project.keys import ID, IDENTIFIER
from participant_rules.project.known import EMPTY, Holder, KnownCase
from participant_rules.project.ledger import Entry, Ledger
from participant_rules.project.model import SECONDARY, Demographics, Participant, Stored
from participant_rules.project.named import FINDS, Named, named_by
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.types import text_of
from participant_rules.project.values import is_nothing, same_json, same_text, trimmed
from participant_rules.quotas import Counts
from participant_rules.schema.kinds import Path
from participant_rules.unknown import Untold
from participant_rules.unset import UNREADABLE, Unset

__all__ = ["Case", "Change", "Holder", "Keys", "Known", "Operation", "Stored", "keys"]

EMAIL: Final = "demographics.email"


class Case(KnownCase):
    """A change, and every fact that a rule may ask for, as it was when the case was made."""

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
        facts: FactValues = NO_FACTS,
        counts: Counts | None = None,
    ) -> "Case":
        """The change with a store's answer to its keys, or with a ledger of it.

        `facts` are the caller's own; `counts` is what earlier rows of a batch took of quotas among them.
        """
        if change.__class__ is not Change or known.__class__ is not Known:  # each request asks
            refuse_other(change, Change, CHANGE)
            refuse_other(known, Known, KNOWN)
        if policy.__class__ is not Policy:
            refuse_other(policy, Policy, A_POLICY)
        case = cls(change, known, policy, allow_update, lost, fact_values=facts, counts=counts)
        project, asked = known.project, change.asked
        if project is None:
            return case
        case.ledger = ledger = ledger_of(known, policy) if ledger is None else ledger
        case.__dict__.update(project=project, keys=change.keys(project, policy))  # every decision asks
        if isinstance(asked, Participant):
            case.__dict__["asked"] = asked
            case._find_meant(asked, ledger)
        elif isinstance(change.participant, str):
            case.named = Named.PATH
            case._find_entry(ID if change.by_id else IDENTIFIER, ledger)
        return case

    def _find_meant(self, asked: Participant, ledger: Ledger) -> None:
        """Find the addressed participant."""
        demographics = asked.demographics
        email = demographics.email if demographics else demographics
        self.named = named = named_by(asked.id, asked.participant_identifier, email)
        path = FINDS.get(named)
        if path is not None:
            self._find_entry(path, ledger)
        elif named is Named.EMAIL:
            self.entry = None

    def _find_entry(self, path: str, ledger: Ledger) -> None:
        """Set the entry to the holder of the key at a path."""
        found = ledger.find(path, self.keys.get(path))
        if "id" in self.lost:
            self.entry = None
        elif found is not None:
            self.entry, self._stands = found, found.standing
        elif ledger.complete:
            self.entry = None

    # ---- the body

    def part(self, section: str) -> Any:
        """The body, or its demographics."""
        return self.demographics if section == "demographics" else self.asked

    @property
    def demographics(self) -> Demographics:
        """The demographics of the body; null as a whole is left out."""
        return known_value(self.asked.demographics) or EMPTY

    @property
    def custom_fields(self) -> Mapping[str, Any]:
        """The custom fields of the body; null as a whole is left out."""
        return known_value(self.asked.custom_fields) or {}

    @property
    def secondary_identifier(self) -> str | None:
        """The body's alias of the custom field SecondaryIdentifier."""
        return known_value(self.asked.secondary_identifier)

    # ---- its changes: a value that equals the stored one is not judged

    def is_judged(self, path: str) -> bool:
        """Whether a value differs from the stored one."""
        if not isinstance(self.entry, Entry):
            return True
        node = self.schema.node(path)
        if node.unique:
            return path in self.changed_keys
        stored = node.value_of(self.standing)
        return not same_text(node.value_of(self.asked), stored)

    @property
    def custom_forms(self) -> CustomFields:
        """The forms of the custom fields."""
        forms = self.schema.node("customFields").members
        assert isinstance(forms, CustomFields)  # noqa: S101  as the model declares
        return forms

    @property
    def adds(self) -> bool:
        """Whether a participant is added; unknown where the change addresses none, or perhaps updates one."""
        if isinstance(self.entry, Unset) and self.named is Named.IDENTIFIER and self.allow_update:
            raise Untold("it is not known who is meant")
        return not isinstance(self.meant, Entry)

    @once
    def faults_by_name(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The names and faults of the body's malformed custom fields."""
        found = self.faults("customFields")
        return tuple([(name, fault) for _, name, fault, _ in found if isinstance(fault, tuple)])

    @once
    def field_faults(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The names and faults of the malformed custom fields that the body sets or clears."""
        found = self.faults_by_name
        if not found or not isinstance(self.entry, Entry):
            return found
        new = {name for name, _ in self.new_fields}
        return tuple([(name, fault) for name, fault in found if name in new])

    @once
    def new_fields(self) -> tuple[tuple[str, Any], ...]:
        """The custom fields that the body sets or clears."""
        stored = self.stored_fields
        return tuple(
            (name, value)
            for name, value in self.custom_fields.items()
            if name not in stored or not same_json(value, stored[name])
        )

    @once
    def written_fields(self) -> Mapping[str, Any]:
        """The custom fields that the body writes, one perhaps by its alias: the stored value by its text."""
        sent, alias = self.custom_fields, self.asked.secondary_identifier
        if isinstance(alias, Unset) or SECONDARY in sent or not self.project.has_secondary_identifier:
            return sent
        stored = self.stored_fields.get(SECONDARY)
        return {**sent, SECONDARY: stored if alias == text_of(stored) else alias}

    @property
    def changed_fields(self) -> Iterator[tuple[str, Any]]:
        """The custom fields that change, and their values; null where there is none is no change.

        Of an immutable one who has enrolled keeps the spelling, as that of an address.
        """
        stored, forms = self.stored_fields, self.custom_forms
        for name, value in self.written_fields.items():
            before = stored.get(name)
            if same_json(value, before):
                continue
            keeps = name in forms.immutable and self.enrolled and forms.compare_alike(name, value, before)
            if not keeps:
                yield name, value

    def clears_field(self, name: str) -> bool:
        """Whether null, or no text, is another value of a custom field than the stored one."""
        stored = self.stored_fields
        return name not in stored or not is_nothing(stored[name])

    def pointer_of_field(self, name: str) -> tuple[str, ...]:
        """The path of a custom field that the body writes, which may be that of the alias."""
        is_alias = name == SECONDARY and not self.sends_field(name)
        return ("secondaryIdentifier",) if is_alias else ("customFields", name)

    def sends_field(self, name: str) -> bool:
        """Whether the body sends a custom field by its own name."""
        sent = self.asked.custom_fields
        return isinstance(sent, Mapping) and name in sent

    @property
    def alias_fault(self) -> tuple[str, ...]:
        """The faults of the alias as a value of the custom field, where it changes that."""
        if not self.malformed("secondaryIdentifier") or not self.changes_secondary_identifier:
            return ()
        return self.custom_forms.fault(SECONDARY, self.secondary_identifier) or ()

    @property
    def new_identifier(self) -> str | None:
        """The identifier that the body gives to the participant of its id."""
        value = known_value(self.asked.participant_identifier)
        stored = self.standing.participant_identifier if self.standing else None
        return value if self.named is Named.ID and not same_text(value, stored) else None

    @property
    def new_email(self) -> str | None:
        """An address that the body sets, other than the stored one."""
        return self._new_text(EMAIL, self.demographics.email)

    @property
    def new_phone(self) -> str | None:
        """A number that the body sets, other than the stored one."""
        return self._new_text("demographics.mobilePhone", self.demographics.mobile_phone)

    def new_demographic(self, attribute: str) -> str | None:
        """A demographic that the body sets; None where it sets none or the same as is stored."""
        value = known_value(getattr(self.demographics, attribute))
        if not isinstance(self.entry, Entry):
            return trimmed(value)
        return None if same_text(value, getattr(self.stored_demographics, attribute)) else trimmed(value)

    def _new_text(self, path: str, value: str | None | Unset) -> str | None:
        """The text of a unique member; None where it has the key of the stored one."""
        text = trimmed(known_value(value))
        if text is None or not isinstance(self.entry, Entry):
            return text
        return text if path in self.changed_keys else None

    def opened(self, path: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """The custom fields of the body, unless they are no object."""
        if self.asked.custom_fields is not UNREADABLE:
            yield (path,), self.custom_fields

    @property
    def changes_secondary_identifier(self) -> bool:
        """Whether the alias of the custom field has another value than the stored one, as it may."""
        if not self.project.has_secondary_identifier:
            return False
        if not isinstance(self.entry, Entry):
            return True
        stored = self.stored_fields.get(SECONDARY)
        return self.secondary_identifier != text_of(stored)


def ledger_of(known: Known, policy: Policy) -> Ledger:
    """The ledger of a store's answer."""
    project, participants = known.project, known.participants
    if project is None or isinstance(participants, Unset):
        return Ledger(complete=False)
    ledger = Ledger(complete=True)
    for each in participants:
        ledger.take_in(each, project, policy)
    return ledger
