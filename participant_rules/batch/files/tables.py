"""A table as a source of records: each row is one, or several rows with one identity are."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from attrs import field, frozen

from participant_rules.batch.files.annotated import ours_at_the_end
from participant_rules.batch.files.cell_checks import checked
from participant_rules.batch.files.columns import Arranged, Column, arrange
from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.files.grouping import Grouped, grouped
from participant_rules.batch.files.headers import MOST_COLUMNS
from participant_rules.batch.files.layout import Layout
from participant_rules.batch.files.notices import column_read_as
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.plan import Plan
from participant_rules.batch.files.sheets import Cells, Rows, Sheet
from participant_rules.batch.files.slices import sliced
from participant_rules.batch.files.workbooks import Workbook
from participant_rules.batch.records import Chunk, ColumnRead, Held, Kind, Notice, Part, Unusable
from participant_rules.formats import is_guid
from participant_rules.rules import at
from participant_rules.violations import pointer as pointer_of

__all__ = ["Table", "table"]


@frozen
class Table:
    """A table with known columns; `grouped` has its records where they are made of several rows."""

    sheet: Sheet
    plan: Plan
    notices: Sequence[Notice]
    columns: Sequence[ColumnRead]
    _grouped: Grouped | None = field(repr=False)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.sheet.content.name

    @property
    def kind(self) -> Kind:
        """The kind of a file."""
        return self.sheet.kind

    @property
    def dialect(self) -> Dialect | None:
        """How its text is written; None for a workbook."""
        return self.sheet.dialect

    @property
    def header_row(self) -> int:
        """The row of its header."""
        return self.sheet.header.row

    @property
    def names(self) -> Sequence[str]:
        """The cells of its header."""
        return self.sheet.header.names

    @property
    def sheet_name(self) -> str:
        """The sheet of a workbook; "" for a text."""
        return self.sheet.sheet if isinstance(self.sheet, Workbook) else ""

    @property
    def left(self) -> int:
        """How many columns of a sheet stand before the first cell of its rows; 0 for a text."""
        return self.sheet.left if isinstance(self.sheet, Workbook) else 0

    @property
    def is_archive(self) -> bool:
        """Whether it is an .xlsx file."""
        return isinstance(self.sheet, Workbook) and self.sheet.is_archive

    def place(self, pointer: str) -> int | None:
        """The place in a row of the cell that is the member at a pointer into a record; None for none."""
        return self.plan.place(pointer)

    def values(self, pointer: str) -> Iterator[str]:
        """The texts of the column that is the member at a pointer."""
        place = self.place(pointer)
        if place is not None:
            yield from (cells[place] for _, cells in self.texts() if place < len(cells))

    @property
    def identity(self) -> str | None:
        """The pointer of the member that rows of one record share; None where each row is a record."""
        return None if self.plan.identity is None else pointer_of(*self.plan.identity.path)

    def texts(self) -> Iterator[tuple[int, Cells]]:
        """The rows that are not blank, below the header: where each stands, and the texts of its cells."""
        for rows in self.sheet.rows(_AT_ONCE):
            read = rows.read()
            yield from zip(read.numbers, read.rows, strict=True)

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
        plan = self.plan
        found = checked(read, plan.columns, plan.width, plan.spare)
        records = plan.records(found.rows, sound=found.sound)
        offsets = () if found.has_errors else read.offsets
        return Chunk(records, read.numbers, sound=found.sound, offsets=offsets, remarks=found.remarks)

    def payload(self, offset: int) -> object:
        """That of one row: only sound ones have offsets."""
        return self.plan.records([self.rows.row(offset)], sound=True)[0]


_SAMPLE: Final = 200  # rows
_AT_ONCE: Final = 2_000


def table(sheet: Sheet, layout: Layout, options: Options) -> Table:
    """The source of a table's records; raises Unusable where its columns are not known."""
    name, header = sheet.content.name, sheet.header
    if len(header.names) > MOST_COLUMNS:
        raise Unusable(f"{name}: the header has {len(header.names)} columns; at most {MOST_COLUMNS} are read")
    sample = list(next((each.read().rows for each in sheet.rows(_SAMPLE)), ()))  # split once for all columns
    arranged = arrange(name, header, layout, options.mapping, sample)
    if options.columns == "strict":
        _refuse_unread(name, arranged)
    plan = layout.plan(arranged.columns, header.names, clears=options.blank == "clear", spare=header.spare)
    ours = [ColumnRead(each, None, ignored=True) for each in header.copied[-ours_at_the_end(header.copied) :]]
    readings = (*arranged.readings, *ours)
    notices = [*sheet.notices, *arranged.notices, *_read_as_id(arranged.columns, sample, header.row, options)]
    if plan.identity is None:
        return Table(sheet, plan, tuple(notices), readings, None)
    records = grouped(sheet, plan, plan.identity)
    return Table(sheet, plan, (*notices, *records.notices), readings, records)


def _refuse_unread(name: str, arranged: Arranged) -> None:
    unread = [each for each in arranged.readings if each.pointer is None and not each.ignored]
    if unread:
        named = ", ".join([f'"{each.name}"' + (f" ({each.hint})" if each.hint else "") for each in unread])
        raise Unusable(f"{name}: columns that are not read: {named}")


def _read_as_id(
    columns: Sequence[Column], sample: Sequence[Cells], row: int, options: Options
) -> Iterator[Notice]:
    """The notice on a column that is read as the server's id, and has none."""
    for column in columns:
        if column.field.path != ("id",) or column.name in options.mapping:
            continue
        values = [cells[column.place].strip() for cells in sample if column.place < len(cells)]
        if any(values) and not any(map(is_guid, values)):
            option = f'--map "{column.name}=participantIdentifier"'
            yield Notice(row, column.name, column_read_as.violation(at(option=option)))
