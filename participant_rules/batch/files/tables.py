"""A table as a source of records: each row is one, or several rows with one identity are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from attrs import field, frozen

from participant_rules.batch.files.columns import Blank, arrange
from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.files.grouping import Grouped, grouped
from participant_rules.batch.files.held import Held, sliced
from participant_rules.batch.files.layout import Layout
from participant_rules.batch.files.plan import Plan
from participant_rules.batch.files.sheets import Rows, Sheet
from participant_rules.batch.records import Chunk, Kind, Notice, Part

__all__ = ["Table", "table"]


@frozen
class Table:
    """A table whose columns are known; `grouped` has its records where they are made of several rows."""

    sheet: Sheet
    plan: Plan
    notices: Sequence[Notice]
    _grouped: Grouped | None = field(repr=False)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.sheet.content.name

    @property
    def kind(self) -> Kind:
        """What kind of file it is."""
        return self.sheet.kind

    @property
    def dialect(self) -> Dialect | None:
        """How its text is written; None for a workbook."""
        return self.sheet.dialect

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.sheet.content.size

    def open(self) -> BinaryIO:
        """Its bytes from the beginning."""
        return self.sheet.content.open()

    def parts(self, records: int) -> Iterator[Part]:
        """Its parts, of about so many records each; raises Unusable."""
        if self._grouped is None:
            for rows in self.sheet.rows(records):
                yield TablePart(rows, self.plan)
            return
        for taken, size in sliced(len(self._grouped.records), records, self.size):
            yield Held(self._grouped.chunk(taken), size)

    def column(self, pointer: str) -> str | None:
        """The column that a pointer into a record stands for."""
        return self.plan.column(pointer)


@frozen
class TablePart:
    """Some rows, each of which is a record."""

    rows: Rows
    plan: Plan

    @property
    def size(self) -> int:
        """The bytes that they take."""
        return self.rows.size

    def read(self) -> Chunk:
        """Their payloads; raises Unusable."""
        read = self.rows.read()
        records = self.plan.records(read.rows, sound=read.sound)
        return Chunk(records, read.numbers, sound=read.sound, offsets=read.offsets)

    def payload(self, offset: int) -> object:
        """That of one row: only sound ones have offsets."""
        return self.plan.records([self.rows.row(offset)], sound=True)[0]


def table(sheet: Sheet, layout: Layout, mapping: Mapping[str, str], blank: Blank) -> Table:
    """The source of a table's records; raises Unusable where its columns cannot be told."""
    header = sheet.header
    columns, notices = arrange(sheet.content.name, header, layout, mapping)
    plan = layout.plan(columns, header.names, clears=blank == "clear")
    if plan.identity is None:
        return Table(sheet, plan, tuple(notices), None)
    records = grouped(sheet, plan, plan.identity)
    return Table(sheet, plan, (*notices, *records.notices), records)
