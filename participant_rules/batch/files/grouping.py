"""Rows of one identity, which are the subjects of one participant, wherever in the table they stand.

The participant stands at its first row, which says what is true of it as a whole.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from attrs import define, field, frozen

from participant_rules.batch.files.columns import Column, Path
from participant_rules.batch.files.filling import Payload
from participant_rules.batch.files.notices import value_differs
from participant_rules.batch.files.plan import Plan, at_path
from participant_rules.batch.files.sheets import Sheet
from participant_rules.batch.records import Chunk, Notice
from participant_rules.survey.model import address_key

__all__ = ["Grouped", "Record", "grouped"]

_AT_ONCE: Final = 2_000  # rows
_SUBJECTS: Final[Path] = ("loginSection", "subjects")


@frozen
class Record:
    """A participant, and the row of each of its subjects."""

    payload: Payload = field(repr=False)
    rows: list[int] = field(factory=list)


@frozen
class Grouped:
    """The participants of a table in the order of their first rows, and what is odd about their rows."""

    records: Sequence[Record]
    notices: Sequence[Notice]
    sound: bool

    def chunk(self, taken: slice) -> Chunk:
        """Some of the participants."""
        records = self.records[taken]
        rows = [each.rows for each in records]
        return Chunk([each.payload for each in records], [each[0] for each in rows], rows, self.sound)


@define
class _Grouping:
    """The participants found so far."""

    identity: Path
    common: Sequence[Column]  # what is true of a participant as a whole
    records: list[Record] = field(factory=list)
    notices: list[Notice] = field(factory=list)
    _known: dict[str, Record] = field(factory=dict)

    def add(self, row: int, payload: Payload) -> None:
        """Take in a row; one without an identity is a participant of its own."""
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
        record.rows.append(row)

    def _key(self, payload: Payload) -> str | None:
        text: str | None = _value(payload, self.identity)
        return address_key(text) if text and self.identity[-1] == "emailAddress" else text

    def _differing(self, row: int, payload: Payload, first: Payload) -> Iterator[Notice]:
        for each in self.common:
            value = _value(payload, each.field.path)
            if value is not None and value != _value(first, each.field.path):
                yield Notice(row, each.name, value_differs.violation())


def grouped(sheet: Sheet, plan: Plan, identity: Path) -> Grouped:
    """The participants of a table, which is held in memory; raises Unusable."""
    common = [
        each for each in plan.columns if each.field.path[:2] != _SUBJECTS and each.field.path != identity
    ]
    grouping = _Grouping(identity, common)
    sound = True
    for rows in sheet.rows(_AT_ONCE):
        read = rows.read()
        sound = sound and read.sound
        for row, payload in zip(read.numbers, plan.payloads(read.rows), strict=True):
            grouping.add(row, payload)
    return Grouped(grouping.records, grouping.notices, sound)


def _value(payload: Payload, path: Path) -> Any:
    """What stands at a path whose last member may be left out."""
    return at_path(payload, path[:-1]).get(path[-1])
