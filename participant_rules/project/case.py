"""A request together with the known facts: the input of a rule."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, ClassVar, Final

from attrs import define, field

from participant_rules.engine.case import RecordCase, known_value
from participant_rules.facts import NOTHING_TOLD, Told
from participant_rules.project.change import Change, Keys, Known, Operation, keys
from participant_rules.project.custom import CustomFields
from participant_rules.project.keys import ID, IDENTIFIER, field_of, schema_of
from participant_rules.project.ledger import Entry, Ledger, Standing
from participant_rules.project.model import SECONDARY, Demographics, Participant, Project, Stored
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.types import text_of
from participant_rules.project.values import is_nothing, same_json, same_text, trimmed
from participant_rules.quotas import Counts
from participant_rules.rules import Unknown, Untold, once
from participant_rules.schema.kinds import Path
from participant_rules.schema.reads import Read
from participant_rules.schema.tree import Schema
from participant_rules.unset import UNREADABLE, UNSET, Unset

__all__ = [
    "Case",
    "Change",
    "Keys",
    "Known",
    "Named",
    "Operation",
    "Stored",
    "Whose",
    "keys",
    "member_of_row",
]

EMPTY: Final = Demographics()
EMAIL: Final = "demographics.email"


class Named(Enum):
    """The member by which a change names its participant; the value is its pointer."""

    PATH = ""
    ID = "/id"
    IDENTIFIER = "/participantIdentifier"
    EMAIL = "/demographics/email"
    NOBODY = "nobody"
    UNREADABLE = "unreadable"

    __hash__ = object.__hash__  # by identity, in C: facts are looked up by it


class Whose(Enum):
    """The holder of a unique value."""

    NOBODY = "nobody's"
    OWN = "the participant's own"
    OTHER = "another one's"

    __hash__ = object.__hash__  # by identity, in C: facts are looked up by it


@define(eq=False, slots=False)
class Case(RecordCase):
    """A change, and every fact that a rule may ask for, as it was when the case was made.

    `entry` is who is meant: None for nobody, UNSET where that is not known. `lost` names what the store said
    at commit: "id" for a participant that is gone, else the members whose value another participant got
    first.
    """

    fact_names: ClassVar = frozenset(
        {"named", "entry", "lost", "allow_update", "whose_keys", "changed_keys", "enrolled"}
    )
    content: ClassVar = frozenset({"_stands", "ledger", "told"})

    change: Change = field(repr=False)
    known: Known = field(repr=False)
    policy: Policy = POLICY
    allow_update: bool = True
    lost: frozenset[str] = frozenset()
    named: Named = Named.NOBODY
    entry: Entry | None | Unset = field(default=UNSET, repr=False)
    ledger: Ledger | None = field(default=None, repr=False)
    _stands: Standing | None = field(default=None, repr=False)
    readings: Mapping[Read, Any] | None = field(default=None, repr=False)
    told: Told = field(default=NOTHING_TOLD, repr=False)
    counts: Counts | None = field(default=None, repr=False)

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
        facts: Told = NOTHING_TOLD,
        counts: Counts | None = None,
    ) -> "Case":
        """The change with a store's answer to its keys, or with a ledger of it.

        `facts` are the caller's own; `counts` is what earlier rows of a batch took of quotas among them.
        """
        case = cls(change, known, policy, allow_update, lost, told=facts, counts=counts)
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
            case._enter(ID if change.by_id else IDENTIFIER, ledger)
        return case

    def _find_meant(self, asked: Participant, ledger: Ledger) -> None:
        """The addressed participant: by id, else by identifier, else a new one with an address."""
        demographics, identifier = asked.demographics, asked.participant_identifier
        if asked.id:
            self.named = Named.ID
            self._enter(ID, ledger)
        elif identifier and asked.id is not UNREADABLE:
            self.named = Named.IDENTIFIER
            self._enter(IDENTIFIER, ledger)
        elif UNREADABLE in (asked.id, identifier, demographics):
            self.named = Named.UNREADABLE
        elif not demographics:
            self.named = Named.NOBODY
        elif demographics.email:
            self.named = Named.EMAIL
            self.entry = None
        else:
            self.named = Named.UNREADABLE if demographics.email is UNREADABLE else Named.NOBODY

    def _enter(self, path: str, ledger: Ledger) -> None:
        """Find the holder of the key at a path."""
        found = ledger.find(path, self.keys.get(path))
        if "id" in self.lost:
            self.entry = None
        elif found is not None:
            self.entry, self._stands = found, found.standing
        elif ledger.complete:
            self.entry = None

    # ---- what is known

    @once
    def project(self) -> Project:
        """The project; the gate fires where it is not found."""
        if self.known.project is None:
            raise Unknown("the project is not found")
        return self.known.project

    @property
    def schema(self) -> Schema:
        """The schema of a participant's members."""
        return schema_of(self.project, self.policy)

    @once
    def standing(self) -> Participant | None:
        """The participant before the change; None where there is none."""
        return None if self._stands is None else self._stands.participant

    @property
    def before(self) -> Stored | None:
        """The participant that a write replaces: as stored, or as an earlier row left it."""
        return None if self._stands is None else self._stands.as_stored

    @property
    def meant(self) -> Entry | None:
        """The addressed participant, None for one to be added; unknown where the change addresses none."""
        if isinstance(self.entry, Unset):
            if self.named in (Named.IDENTIFIER, Named.EMAIL):
                return None  # nobody that an earlier row spoke of
            could_be_told = self.named in (Named.ID, Named.PATH)
            raise (Untold if could_be_told else Unknown)("it is not known who is meant")
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

    # ---- unique values

    @once
    def keys(self) -> Mapping[str, str]:
        """The keys of the unique values of the body by path."""
        return self.change.keys(self.project, self.policy)

    @once
    def enrolled(self) -> bool:
        """Whether the addressed participant has enrolled."""
        return isinstance(self.entry, Entry) and self.entry.enrolled

    @once
    def changed_keys(self) -> frozenset[str]:
        """The paths of unique members with a value that the body sets, clears or replaces."""
        before = self.entry.keys if isinstance(self.entry, Entry) else {}
        nodes, asked, keys = self.schema.unique, self.asked, self.keys
        return frozenset(
            node.path
            for node in nodes
            if not isinstance(value := node.value_of(asked), Unset)
            and (keys.get(node.path) or (trimmed(value) or "").lower() or None) != before.get(node.path)
        )

    @once
    def whose_keys(self) -> Mapping[str, Whose]:
        """The holders of the body's unique values, by path."""
        entry = self.entry
        return {path: self._whose(path, key, entry) for path, key in self.keys.items()}

    def _whose(self, path: str, key: str, entry: Entry | None | Unset) -> Whose:
        holder = self.ledger.find(path, key) if self.ledger is not None else None
        if holder is None:
            return Whose.NOBODY
        return Whose.OWN if holder is entry else Whose.OTHER

    def changes(self, path: str) -> bool:
        """Whether a unique value would no longer compare as it does; null and a first value are changes too.

        Unknown where nobody is meant.
        """
        self.meant  # noqa: B018  who is not there has nothing to change
        return path in self.changed_keys

    def is_taken(self, path: str) -> bool:
        """Whether the unique value that the body sets is another one's; unknown where it addresses none."""
        whose = self.whose_keys.get(path) if self.changes(path) else None
        return whose is not None and (field_of(path) in self.lost or whose is Whose.OTHER)

    def related(self, path: str) -> str | None:
        """The member of the earlier row that has the value; None where it was stored before."""
        if self.readings is not None:
            return None  # rows that are judged together are told by whoever knows the row
        holder = self.ledger.find(path, self.keys.get(path)) if self.ledger is not None else None
        return holder.rows.get(path) if holder is not None else None

    def member_of_row(self, path: str, row: int) -> str:
        """The pointer of the unique member in the batch, if this is the row of that number."""
        return member_of_row(self.schema, path, row, lambda: self.change.document)

    # ---- what was asked

    @once
    def asked(self) -> Participant:
        """The body."""
        if not isinstance(self.change.asked, Participant):
            raise Unknown("there is no body to judge")
        return self.change.asked

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

    # ---- what it would change; a value that is the same as the stored one is not judged

    def is_judged(self, path: str) -> bool:
        """Whether a value is another one than the stored one."""
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
            keeps = name in forms.immutable and self.enrolled and forms.compare_alike(name, value, before)
            if not keeps and not same_json(value, before):
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
        return self._new_text(EMAIL)

    @property
    def new_phone(self) -> str | None:
        """A number that the body sets, other than the stored one."""
        return self._new_text("demographics.mobilePhone")

    def new_demographic(self, attribute: str) -> str | None:
        """A demographic that the body sets; None where it sets none or the same as is stored."""
        value = known_value(getattr(self.demographics, attribute))
        if not isinstance(self.entry, Entry):
            return trimmed(value)
        return None if same_text(value, getattr(self.stored_demographics, attribute)) else trimmed(value)

    def _new_text(self, path: str) -> str | None:
        text = trimmed(known_value(self.schema.node(path).value_of(self.asked)))
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


def member_of_row(schema: Schema, path: str, row: int, body: Callable[[], Any]) -> str:
    """The pointer of a unique member of a batch's row."""
    return f"/participants/{row}{schema.node(path).pointer_in(body)}"


def ledger_of(known: Known, policy: Policy) -> Ledger:
    """The ledger of a store's answer."""
    project, participants = known.project, known.participants
    if project is None or isinstance(participants, Unset):
        return Ledger(complete=False)
    ledger = Ledger(complete=True)
    for each in participants:
        ledger.enter(each, project, policy)
    return ledger
