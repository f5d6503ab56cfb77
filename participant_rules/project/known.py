"""The facts of a case about the addressed participant and the holders of unique values."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, ClassVar, Final

from attrs import define, field

from participant_rules.engine.case import RecordCase, known_value
from participant_rules.facts import NO_FACTS, FactValues
from participant_rules.once import once
from participant_rules.project.change import Change, Known
from participant_rules.project.keys import field_of, member_of_row, schema_of
from participant_rules.project.ledger import Entry, Ledger, Standing
from participant_rules.project.model import Demographics, Participant, Project, Stored
from participant_rules.project.named import Named
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.values import same_text, trimmed
from participant_rules.quotas import Counts
from participant_rules.schema.reads import Read
from participant_rules.schema.tree import Schema
from participant_rules.unknown import Unknown, Untold
from participant_rules.unset import UNSET, Unset

__all__ = ["EMPTY", "Holder", "KnownCase"]

EMPTY: Final = Demographics()


class Holder(Enum):
    """The holder of a unique value: nobody, the participant itself, or another one."""

    NOBODY = "nobody's"
    OWN = "the participant's own"
    OTHER = "another one's"

    __hash__ = object.__hash__  # by identity, in C: facts are looked up by it


@define(eq=False, slots=False)
class KnownCase(RecordCase):
    """A change, the participant that it addresses, and the holders of its unique values.

    `entry` is the addressed participant: None for nobody, UNSET where it is not known. `lost` names what the
    store reported at commit: "id" for a participant that is gone, else the members whose value another
    participant got first.
    """

    fact_names: ClassVar = frozenset(
        {"named", "entry", "lost", "allow_update", "key_holders", "changed_keys", "enrolled"}
    )
    content: ClassVar = frozenset({"_stands", "ledger", "fact_values"})

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
    fact_values: FactValues = field(default=NO_FACTS, repr=False)
    counts: Counts | None = field(default=None, repr=False)

    @once
    def asked(self) -> Participant:
        """The body."""
        if not isinstance(self.change.asked, Participant):
            raise Unknown("there is no body to judge")
        return self.change.asked

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
                return None  # no participant of an earlier row
            is_named = self.named in (Named.ID, Named.PATH)
            raise (Untold if is_named else Unknown)("it is not known who is meant")
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
    def key_holders(self) -> Mapping[str, Holder]:
        """The holders of the body's unique values, by path."""
        entry = self.entry
        return {path: self._holder_of(path, key, entry) for path, key in self.keys.items()}

    def _holder_of(self, path: str, key: str, entry: Entry | None | Unset) -> Holder:
        holder = self.ledger.find(path, key) if self.ledger is not None else None
        if holder is None:
            return Holder.NOBODY
        return Holder.OWN if holder is entry else Holder.OTHER

    def changes(self, path: str) -> bool:
        """Whether a value would be another one, or a unique value get another key; null is a change too.

        So is a first value, but nothing changes of whom a row adds. Unknown where nobody is meant.
        """
        if self.meant is None:
            return False
        node = self.schema.node(path)
        if node.unique:
            return path in self.changed_keys
        sent = node.value_of(self.asked)
        if sent is UNSET:
            return False
        value, stored = known_value(sent), node.value_of(self.standing)
        return bool(value) is not bool(stored) if node.is_flag else not same_text(value, stored)

    def is_taken(self, path: str) -> bool:
        """Whether the unique value that the body sets is another one's; unknown where it addresses none."""
        holder = self.key_holders.get(path) if self.meant is None or path in self.changed_keys else None
        return holder is not None and (field_of(path) in self.lost or holder is Holder.OTHER)

    def related(self, path: str) -> str | None:
        """The member of the earlier row that has the value; None where it was stored before."""
        if self.readings is not None:
            return None  # rows that are judged together get it from the roll
        holder = self.ledger.find(path, self.keys.get(path)) if self.ledger is not None else None
        return holder.rows.get(path) if holder is not None else None

    def member_of_row(self, path: str, row: int) -> str:
        """The pointer of the unique member in a batch whose row of that number this is."""
        return member_of_row(self.schema, path, row, lambda: self.change.document)
