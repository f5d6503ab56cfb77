"""A workbook that is being opened: its sheets, their values, and what else is to be known of their cells.

python-calamine reads the values. What it does not tell (errors, formulas without a value, number formats, the
extent of a sheet, before it is held whole) is told from the parts of an .xlsx file; other formats have none.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from math import isfinite
from typing import Any, Final

from attrs import define, field, frozen

from participant_rules.batch.files.archives import BROKEN, Archive, archive_of
from participant_rules.batch.files.binary_extents import refuse_binary
from participant_rules.batch.files.calamine import Panicked, calamine_of, quietly
from participant_rules.batch.files.cell_remarks import Looked, cell_remarks
from participant_rules.batch.files.cell_texts import has_lost_digits, text_of_cell
from participant_rules.batch.files.columns import Knowledge
from participant_rules.batch.files.error_values import with_known_errors
from participant_rules.batch.files.extents import Scanned, refuse_giant, scan
from participant_rules.batch.files.headers import FIRST_ROWS, Chosen, choose_header, no_header
from participant_rules.batch.files.number_formats import shows_whole
from participant_rules.batch.files.placing import place_remarks
from participant_rules.batch.files.quoting import Row
from participant_rules.batch.files.sheets import Remark
from participant_rules.batch.records import Unusable

__all__ = ["HELP", "Book", "Remarks", "SheetRead"]

HELP: Final = "--sheet, --header-row and --map say how it is read"
Remarks = Mapping[int, Mapping[int, Remark]]
"""Remarks on cells, by the line of a row and the place in it."""

_TIMES: Final = (date, datetime, time, timedelta)


@frozen
class SheetRead:
    """A sheet that was read: its rows from the first one on, and its header."""

    name: str
    rows: Sequence[Row]
    chosen: Chosen
    remarks: Remarks
    dated: frozenset[int]
    left: int
    looked: Looked


@define
class _Values:
    """What the values of a sheet tell: remarks, columns with dates, and whether all numbers are whole."""

    remarks: dict[int, dict[int, Remark]] = field(factory=dict)
    dated: set[int] = field(factory=set)
    whole: bool = True

    def look(self, line: int, values: Sequence[Any]) -> None:
        """Take in the values of a row."""
        for place, value in enumerate(values):
            kind = value.__class__
            if kind is float:
                self._look_at_number(line, place, value)
            elif kind is not str and kind in _TIMES:
                self.dated.add(place)

    def _look_at_number(self, line: int, place: int, value: float) -> None:
        self.whole = self.whole and value.is_integer()
        if not isfinite(value):
            self.remarks.setdefault(line, {})[place] = Remark("unreadable", "it has no number")
        elif has_lost_digits(value):
            self.remarks.setdefault(line, {})[place] = Remark("digits")


@contextmanager
def _unbroken(name: str) -> Iterator[None]:
    """Make what reading a broken archive raises an Unusable."""
    try:
        yield
    except BROKEN:
        raise Unusable(f"{name}: the workbook cannot be read") from None


class Book:
    """A workbook that is being opened."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self.archive = name, archive_of(name, data)
        self._library = calamine = calamine_of(name)
        if self.archive is None:
            refuse_binary(name, data)
        try:
            with quietly():
                self._book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        except (calamine.CalamineError, Panicked):
            raise Unusable(f"{name}: the workbook cannot be read") from None
        table, visible = calamine.SheetTypeEnum.WorkSheet, calamine.SheetVisibleEnum.Visible
        sheets = [each for each in self._book.sheets_metadata if each.typ == table]  # others are charts
        self.names = [each.name for each in sheets]
        self.visible = [each.name for each in sheets if each.visible == visible]
        self._scanned: dict[str, Scanned] = {}

    def is_filled(self, sheet: str) -> bool:
        """Whether a sheet has a value."""
        if self.archive is not None and sheet in self.archive.sheets:
            return self._scan(self.archive, sheet).is_filled
        return bool(list(self._rows(sheet)))

    def read(self, sheet: str, known: Knowledge, header_row: int | None) -> SheetRead | None:
        """Its rows and the header among them; None where it is empty."""
        self._refuse_giant(sheet)
        rows, values = [], _Values()
        left = 0
        for line, cells, first in self._rows(sheet):
            left = first
            rows.append(
                Row(line, tuple([each if each.__class__ is str else text_of_cell(each) for each in cells]))
            )
            values.look(line, cells)
        looked = self._looked(sheet, whole=values.whole)
        place_remarks(looked, rows, left, values.remarks)
        chosen = choose_header(rows, known, header_row)
        if chosen is None and header_row is not None and rows:
            raise no_header(self.name, rows[:FIRST_ROWS], known, header_row, HELP)
        if chosen is None:
            return None
        return SheetRead(sheet, rows, chosen, values.remarks, frozenset(values.dated), left, looked)

    def _rows(self, sheet: str) -> Iterator[tuple[int, list[Any], int]]:
        """The values of its rows, from the first one on; the last is the first column that has a value."""
        line = 0
        try:
            with quietly():
                found = self._values(sheet)
            left = found.start[1] if found.start else 0
            for line, values in enumerate(found.iter_rows(), start=1):
                yield line, values, left
        except OverflowError:
            raise Unusable(f"{self.name}: row {line + 1}: a cell has a time that is too long") from None
        except (self._library.CalamineError, Panicked):
            raise Unusable(f"{self.name}: the workbook cannot be read") from None

    def _values(self, sheet: str) -> Any:
        """Its values as the library reads them; an error value that it does not know is another one there."""
        try:
            return self._book.get_sheet_by_name(sheet)
        except self._library.CalamineError:
            with _unbroken(self.name):
                mended = self.archive and with_known_errors(self.archive, sheet)
            if not mended:
                raise
            return self._library.CalamineWorkbook.from_filelike(BytesIO(mended)).get_sheet_by_name(sheet)

    def _refuse_giant(self, sheet: str) -> None:
        """Raise Unusable for a sheet that is too large."""
        if self.archive is not None and self._scan(self.archive, sheet).is_large:
            with _unbroken(self.name):
                refuse_giant(self.name, sheet, self.archive.pieces(sheet))

    def _looked(self, sheet: str, *, whole: bool) -> Looked:
        """The facts about its cells in the file's parts, all numbers of which are whole ones or not."""
        archive = self.archive
        if archive is None:
            return Looked()
        formats = {
            style: code for style, code in archive.formats.items() if not (whole and shows_whole(code))
        }
        if not self._scan(archive, sheet).is_odd(formats):
            return Looked()
        with _unbroken(self.name):
            return cell_remarks(archive.pieces(sheet), formats, text_of_cell)

    def _scan(self, archive: Archive, sheet: str) -> Scanned:
        if sheet not in self._scanned:
            with _unbroken(self.name):
                self._scanned[sheet] = scan(archive.pieces(sheet), archive.formats)
        return self._scanned[sheet]
