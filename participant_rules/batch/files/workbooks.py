"""A sheet of a workbook, each cell as the text that a person would type for it.

python-calamine reads the values. What it does not tell (errors, formulas without a value, number formats, the
extent of a sheet, before it is held whole) is told from the parts of an .xlsx file; other formats have none.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from math import isfinite
from typing import Any, Final

from attrs import field, frozen

from participant_rules.batch.files.annotated import ours_at_the_end
from participant_rules.batch.files.archives import BROKEN, Archive, archive_of
from participant_rules.batch.files.binary_extents import refuse_binary
from participant_rules.batch.files.calamine import Panicked, calamine_of, quietly
from participant_rules.batch.files.cell_remarks import Looked, cell_remarks
from participant_rules.batch.files.cell_texts import has_lost_digits, text_of_cell
from participant_rules.batch.files.content import Content
from participant_rules.batch.files.extents import Scanned, refuse_giant, scan
from participant_rules.batch.files.headers import FIRST_ROWS, Chosen, Known, choose_header, no_header, skipped
from participant_rules.batch.files.held import sliced
from participant_rules.batch.files.hidden import hidden
from participant_rules.batch.files.notices import errors_not_told, sheet_chosen
from participant_rules.batch.files.number_formats import shows_whole
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.placing import place_remarks
from participant_rules.batch.files.quoting import Row
from participant_rules.batch.files.sheets import (
    Cells,
    Header,
    Read,
    Remark,
    is_blank_row,
    repeated_headers,
)
from participant_rules.batch.files.suspects import suspects_of
from participant_rules.batch.records import Kind, Notice, Unusable
from participant_rules.rules import at

__all__ = ["Workbook", "workbook"]

_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")  # where a compound file has a locked workbook
_HELP: Final = "--sheet, --header-row and --map say how it is read"
_TIMES: Final = (date, datetime, time, timedelta)
_Remarks = Mapping[int, Mapping[int, Remark]]


@frozen
class Workbook:
    """A sheet of a workbook, with its rows in memory, from the column behind `left` others.

    `is_archive` is true of an .xlsx file.
    """

    content: Content
    kind: Kind = field(default="xlsx", init=False)
    dialect: None = field(default=None, init=False)
    header: Header
    notices: Sequence[Notice]
    sheet: str
    is_archive: bool
    _numbers: Sequence[int] = field(repr=False)
    _cells: list[list[str]] = field(repr=False)
    _remarks: _Remarks = field(repr=False)
    _dated: frozenset[int] = frozenset()
    left: int = 0

    def rows(self, records: int) -> Iterator["WorkbookRows"]:
        """Its rows, so many at once."""
        names = self.header.names
        names = names[: len(names) - ours_at_the_end(names)]
        for taken, size in sliced(len(self._cells), records, self.content.size):
            numbers = self._numbers[taken]
            remarks = {
                place: self._remarks[number]
                for place, number in enumerate(numbers)
                if number in self._remarks
            }
            yield WorkbookRows(numbers, self._cells[taken], size, remarks, self._dated, names)


@frozen
class WorkbookRows:
    """Some rows of a sheet."""

    numbers: Sequence[int]
    cells: list[list[str]] = field(repr=False)
    size: int
    remarks: _Remarks = field(factory=dict, repr=False)
    dated: frozenset[int] = frozenset()
    names: tuple[str, ...] = ()

    def read(self) -> Read:
        """The rows."""
        text = "\n".join(map("\t".join, self.cells))
        sound = "\0" not in text
        suspects = suspects_of(text.encode("utf-8", "surrogatepass"), text, undecoded=False)
        offsets = range(len(self.cells)) if sound else ()
        return Read(
            self.numbers,
            self.cells,
            sound,
            offsets,
            suspects,
            self.remarks,
            self.dated,
            headers=repeated_headers(text, self.cells, self.names),
        )

    def row(self, offset: int) -> Cells:
        """The one at this place."""
        return self.cells[offset]


def workbook(content: Content, known: Known, options: Options) -> Workbook:
    """Open a workbook; raises Unusable where it cannot be read, or a library for it is missing.

    Of several filled sheets it is the first visible one with known columns, or the one that the caller names.
    """
    name = content.name
    book = _Workbook(name, _data_of(content))
    found = _chosen(book, known, options)
    notices = [*_named(book, found), *skipped(found.rows, found.chosen)]
    if book.archive is None:
        notices.append(Notice(found.chosen.row.line, None, errors_not_told.violation()))
    remarks = found.remarks
    header = found.chosen.row
    _refuse_unreadable_header(name, header, remarks)
    rows = [row for row in found.rows[found.chosen.records :] if not _is_blank(row, remarks)]
    notices += hidden(found.looked, header, found.left, [row.line for row in rows], known)
    return Workbook(
        content,
        Header(header.line, tuple(header.cells), header.line + 1),
        notices,
        found.name,
        book.archive is not None,
        [row.line for row in rows],
        [list(row.cells) for row in rows],
        remarks,
        found.dated,
        found.left,
    )


def _data_of(content: Content) -> bytes:
    """The bytes of a workbook; raises Unusable for a locked one."""
    with content.open() as file:
        data = file.read()
    if data.startswith(_COMPOUND) and _ENCRYPTED in data:
        raise Unusable(f"{content.name}: the workbook is locked with a password")
    return data


def _refuse_unreadable_header(name: str, header: Row, remarks: _Remarks) -> None:
    """Raise Unusable where a cell of the header cannot be read."""
    for place, remark in sorted(remarks.get(header.line, {}).items()):
        if remark.kind == "unreadable":
            raise Unusable(
                f"{name}: row {header.line}, cell {place + 1}: the header cannot be read: {remark.why}"
            )


def _is_blank(row: Row, remarks: _Remarks) -> bool:
    kinds = remarks.get(row.line, {}).values()
    return is_blank_row(row.cells) and all(each.kind == "merged" for each in kinds)


# ---- sheets


@frozen
class _Sheet:
    """A sheet that was read: its rows from the first one on, and its header."""

    name: str
    rows: Sequence[Row]
    chosen: Chosen
    remarks: _Remarks
    dated: frozenset[int]
    left: int
    looked: Looked


def _chosen(book: "_Workbook", known: Known, options: Options) -> _Sheet:
    """The sheet with the records; raises Unusable."""
    if options.sheet is not None:
        if options.sheet not in book.names:
            sheets = ", ".join(f'"{each}"' for each in book.names)
            raise Unusable(f"{book.name}: --sheet: there is no such sheet; the workbook has {sheets}")
        found = book.read(options.sheet, known, options.header_row)
        if found is None:
            raise Unusable(f'{book.name}: the sheet "{options.sheet}" is empty')
        return _usable(book, found, known, options)
    read = []
    for sheet in book.visible:
        found = book.read(sheet, known, options.header_row)
        if found is not None:
            if found.chosen.known:
                return found
            read.append(found)
    hidden = [each for each in book.names if each not in book.visible and book.is_filled(each)]
    if hidden:
        raise Unusable(
            f'{book.name}: no visible sheet has a known column; --sheet "{hidden[0]}" reads a hidden one'
        )
    if not read:
        raise Unusable(f"{book.name}: the workbook's sheets are empty")
    return _usable(book, read[0], known, options)


def _usable(book: "_Workbook", found: _Sheet, known: Known, options: Options) -> _Sheet:
    if not (found.chosen.known or options.header_row or options.mapping):
        raise no_header(book.name, found.rows[:FIRST_ROWS], known, None, _HELP)
    return found


def _named(book: "_Workbook", found: _Sheet) -> Iterator[Notice]:
    """The notice where other sheets are filled too."""
    others = [each for each in book.names if each != found.name and book.is_filled(each)]
    if others:
        named = ", ".join(f'"{each}"' for each in others)
        violation = sheet_chosen.violation(at(sheet=found.name, others=named))
        yield Notice(found.chosen.row.line, None, violation)


class _Workbook:
    """A workbook that is being opened."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self.archive = name, archive_of(name, data)
        calamine = calamine_of(name)
        if self.archive is None:
            refuse_binary(name, data)
        self._error = calamine.CalamineError
        try:
            with quietly():
                self._workbook = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        except (calamine.CalamineError, Panicked):
            raise Unusable(f"{name}: the workbook cannot be read") from None
        sheets = [
            each for each in self._workbook.sheets_metadata if each.typ == calamine.SheetTypeEnum.WorkSheet
        ]  # a chart may have a sheet of its own
        visible = calamine.SheetVisibleEnum.Visible
        self.names = [each.name for each in sheets]
        self.visible = [each.name for each in sheets if each.visible == visible]
        self._scanned: dict[str, Scanned] = {}

    def is_filled(self, sheet: str) -> bool:
        """Whether a sheet has a value."""
        if self.archive is not None and sheet in self.archive.sheets:
            return self._scan(self.archive, sheet).is_filled
        return bool(list(self._rows(sheet)))

    def read(self, sheet: str, known: Known, header_row: int | None) -> _Sheet | None:
        """Its rows and the header among them; None where it is empty."""
        self._refuse_giant(sheet)
        remarks: dict[int, dict[int, Remark]] = {}
        rows: list[Row] = []
        dated: set[int] = set()
        left, whole = 0, True
        for line, values, first in self._rows(sheet):
            left = first
            texts = [each if each.__class__ is str else text_of_cell(each) for each in values]
            for place, value in enumerate(values):
                kind = value.__class__
                if kind is float:
                    whole = whole and value.is_integer()
                    if not isfinite(value):
                        remarks.setdefault(line, {})[place] = Remark("unreadable", "it has no number")
                    elif has_lost_digits(value):
                        remarks.setdefault(line, {})[place] = Remark("digits")
                elif kind is not str and kind in _TIMES:
                    dated.add(place)
            rows.append(Row(line, tuple(texts)))
        looked = self._looked(sheet, whole=whole)
        place_remarks(looked, rows, left, remarks)
        chosen = choose_header(rows, known, header_row)
        if chosen is None and header_row is not None and rows:
            raise no_header(self.name, rows[:FIRST_ROWS], known, header_row, _HELP)
        if chosen is None:
            return None
        return _Sheet(sheet, rows, chosen, remarks, frozenset(dated), left, looked)

    def _rows(self, sheet: str) -> Iterator[tuple[int, list[Any], int]]:
        """The values of its rows, from the first one on; the last is the first column that has a value."""
        line = 0
        try:
            with quietly():
                found = self._workbook.get_sheet_by_name(sheet)
            left = found.start[1] if found.start else 0
            for line, values in enumerate(found.iter_rows(), start=1):
                yield line, values, left
        except OverflowError:
            raise Unusable(f"{self.name}: row {line + 1}: a cell has a time that is too long") from None
        except (self._error, Panicked):
            raise Unusable(f"{self.name}: the workbook cannot be read") from None

    def _refuse_giant(self, sheet: str) -> None:
        """Raise Unusable for a sheet that is too large."""
        if self.archive is not None and self._scan(self.archive, sheet).is_large:
            try:
                refuse_giant(self.name, sheet, self.archive.pieces(sheet))
            except BROKEN:
                raise Unusable(f"{self.name}: the workbook cannot be read") from None

    def _looked(self, sheet: str, *, whole: bool) -> Looked:
        """The facts about its cells in the file's parts, all numbers of which are whole ones or not."""
        archive = self.archive
        if archive is None:
            return Looked()
        formats = {
            style: code for style, code in archive.formats.items() if not (whole and shows_whole(code))
        }
        try:
            if not self._scan(archive, sheet).is_odd(formats):
                return Looked()
            return cell_remarks(archive.pieces(sheet), formats, text_of_cell)
        except BROKEN:
            raise Unusable(f"{self.name}: the workbook cannot be read") from None

    def _scan(self, archive: Archive, sheet: str) -> Scanned:
        if sheet not in self._scanned:
            try:
                self._scanned[sheet] = scan(archive.pieces(sheet), archive.formats)
            except BROKEN:
                raise Unusable(f"{self.name}: the workbook cannot be read") from None
        return self._scanned[sheet]
