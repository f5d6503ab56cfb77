"""Rows of one identity, which are the subjects of one participant, wherever in the table they stand.

The participant stands at its first row, which says what is true of it as a whole.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from attrs import define, evolve, field, frozen

from participant_rules.batch.files.cell_checks import UNREADABLE, checked
from participant_rules.batch.files.columns import Column
from participant_rules.batch.files.fields import Path
from participant_rules.batch.files.notices import value_differs
from participant_rules.batch.files.plan import Identity, Plan, at_path
from participant_rules.batch.files.row_builder import Payload
from participant_rules.batch.files.sheets import Sheet
from participant_rules.batch.records import Chunk, Notice
from participant_rules.batch.subjects import of_subject

__all__ = ["Grouped", "Record", "grouped"]

_AT_ONCE: Final = 2_000  # rows
_SUBJECTS: Final[Path] = ("loginSection", "subjects")


@frozen
class Record:
    """A participant, and the row of each of its subjects."""

    payload: Payload = field(repr=False)
    rows: list[int] = field(factory=list)
    remarks: list[Notice] = field(factory=list)


@frozen
class Grouped:
    """The participants of a table in the order of their first rows, and findings on their rows."""

    records: Sequence[Record]
    notices: Sequence[Notice]
    sound: bool

    def chunk(self, taken: slice) -> Chunk:
        """Some of the participants."""
        records = self.records[taken]
        rows = [each.rows for each in records]
        remarks = {place: each.remarks for place, each in enumerate(records) if each.remarks}
        payloads, first = [each.payload for each in records], [each[0] for each in rows]
        return Chunk(payloads, first, rows, self.sound, remarks=remarks)


@define
class _Grouping:
    """The participants found so far."""

    identity: Identity
    common: Sequence[Column]  # what is true of a participant as a whole
    records: list[Record] = field(factory=list)
    notices: list[Notice] = field(factory=list)
    _known: dict[str, Record] = field(factory=dict)

    def add(self, row: int, payload: Payload, remarks: Sequence[Notice]) -> None:
        """Take in a row; one without an identity, or with an unreadable one, is a participant of its own."""
        key = self._key(payload)
        record = self._known.get(key) if key else None
        if record is None:
            record = Record(payload)
            self.records.append(record)
            if key:
                self._known[key] = record
        else:
            self.notices += self._differing(row, payload, record.payload)
            at_path(record.payload, _SUBJECTS).extend(at_path(payload, _SUBJECTS))
            self._spoil(payload, record.payload)
        record.remarks.extend(_of_subject(each, len(record.rows)) for each in remarks)
        record.rows.append(row)

    def _key(self, payload: Payload) -> str | None:
        text: str | None = _value(payload, self.identity.path)
        if text == UNREADABLE:
            return None
        return self.identity.key(text) if text else None

    def _spoil(self, payload: Payload, first: Payload) -> None:
        """Where a common value of a later row cannot be read, the participant cannot be judged."""
        for each in self.common:
            if _value(payload, each.field.path) == UNREADABLE:
                at_path(first, each.field.path[:-1])[each.field.path[-1]] = UNREADABLE

    def _differing(self, row: int, payload: Payload, first: Payload) -> Iterator[Notice]:
        for each in self.common:
            value = _value(payload, each.field.path)
            if value not in (None, UNREADABLE) and value != _value(first, each.field.path):
                yield Notice(row, each.name, value_differs.violation())


def grouped(sheet: Sheet, plan: Plan, identity: Identity) -> Grouped:
    """The participants of a table, which is held in memory; raises Unusable."""
    common = [
        each for each in plan.columns if each.field.path[:2] != _SUBJECTS and each.field.path != identity.path
    ]
    grouping = _Grouping(identity, common)
    sound = True
    for rows in sheet.rows(_AT_ONCE):
        read = rows.read()
        found = checked(read, plan.columns, plan.width, plan.spare)
        sound = sound and found.sound
        for place, payload in enumerate(plan.payloads(found.rows)):
            grouping.add(read.numbers[place], payload, found.remarks.get(place, ()))
    return Grouped(grouping.records, grouping.notices, sound)


def _of_subject(remark: Notice, place: int) -> Notice:
    """A finding on a row by itself, as one on the subject at a place."""
    violation = remark.violation
    return evolve(remark, violation=evolve(violation, pointer=of_subject(violation.pointer or "", place)))


def _value(payload: Payload, path: Path) -> Any:
    """The value at a path; its last member may be left out."""
    return at_path(payload, path[:-1]).get(path[-1])
