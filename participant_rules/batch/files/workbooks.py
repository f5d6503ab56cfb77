"""The first sheet of a workbook, each cell as the text that a person would type for it."""

import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from attrs import field, frozen

from participant_rules.batch.files.content import Content
from participant_rules.batch.files.held import sliced
from participant_rules.batch.files.sheets import Cells, Header, Read, is_blank_row
from participant_rules.batch.records import Kind, Unusable

__all__ = ["Workbook", "text_of_cell", "workbook"]

_Errors = Mapping[tuple[int, int], str]
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")  # where a compound file has a locked workbook


@frozen
class Workbook:
    """A workbook, whose rows are in memory."""

    content: Content
    kind: Kind = field(default="xlsx", init=False)
    dialect: None = field(default=None, init=False)
    header: Header
    _numbers: Sequence[int] = field(repr=False)
    _cells: list[list[str]] = field(repr=False)

    def rows(self, records: int) -> Iterator["WorkbookRows"]:
        """Its rows, so many at once."""
        for taken, size in sliced(len(self._cells), records, self.content.size):
            yield WorkbookRows(self._numbers[taken], self._cells[taken], size)


@frozen
class WorkbookRows:
    """Some rows of a sheet."""

    numbers: Sequence[int]
    cells: list[list[str]] = field(repr=False)
    size: int

    def read(self) -> Read:
        """The rows."""
        sound = not any("\0" in "".join(row) for row in self.cells)
        return Read(self.numbers, self.cells, sound, range(len(self.cells)) if sound else ())

    def row(self, offset: int) -> Cells:
        """The one at this place."""
        return self.cells[offset]


def workbook(content: Content) -> Workbook:
    """Open a workbook; raises Unusable where it cannot be read, or a library for it is missing."""
    with content.open() as file:
        data = file.read()
    if data.startswith(_COMPOUND) and _ENCRYPTED in data:
        raise Unusable(f"{content.name}: the workbook is locked with a password")
    rows = [(number, row) for number, row in _texts(content.name, data) if not is_blank_row(row)]
    if not rows:
        raise Unusable(f"{content.name}: the first sheet is empty")
    numbers, cells = [number for number, _ in rows], [row for _, row in rows]
    header = Header(numbers[0], tuple(cells[0]), numbers[0] + 1)
    return Workbook(content, header, numbers[1:], cells[1:])


def _texts(name: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    errors = _errors(name, data)
    for number, row in enumerate(_values(name, data), start=1):
        texts = [text_of_cell(each) for each in row]
        if errors:
            for place in range(len(texts)):
                texts[place] = errors.get((number, place + 1), texts[place])
        yield number, texts


def _values(name: str, data: bytes) -> Iterator[list[Any]]:
    """The values of the cells; rows are counted from the first row of the sheet."""
    try:
        import python_calamine as calamine  # noqa: PLC0415  the extra may be absent
    except ImportError:
        raise Unusable(
            f"{name}: a workbook needs python-calamine: pip install 'participant-rules[xlsx]'"
        ) from None
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        of_cells = [
            each.name for each in book.sheets_metadata if each.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        if of_cells:  # a chart may have a sheet of its own
            yield from book.get_sheet_by_name(of_cells[0]).iter_rows()
    except calamine.CalamineError:
        raise Unusable(f"{name}: the workbook cannot be read") from None


# ---- cells


def text_of_cell(value: object) -> str:
    """The text that stands for a value: a date as YYYY-MM-DD, a number with all digits and no exponent."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return _duration(value) if isinstance(value, timedelta) else str(value)


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(abs(round(value.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if value < timedelta() else ""
    return f"{sign}{hours:02}:{minutes:02}:{seconds:02}"


# ---- errors, which calamine gives as empty cells


_ERROR: Final = b't="e"'
_BROKEN: Final = (  # what openpyxl and zipfile raise on odd files; SyntaxError is XML's
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    SyntaxError,
    EOFError,
    RuntimeError,
    BadZipFile,
    zlib.error,
)


def _errors(name: str, data: bytes) -> _Errors:
    """The texts of the cells that have an error (#N/A, say), by row and column."""
    if not _has_errors(data):
        return {}
    try:
        # the extra may be absent
        from openpyxl import load_workbook  # type: ignore[import-untyped]  # noqa: PLC0415  the extra may be absent
    except ImportError:
        raise Unusable(
            f"{name}: a workbook with errors needs openpyxl: pip install 'participant-rules[xlsx]'"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of what has nothing to do with cells
            sheet = load_workbook(BytesIO(data), read_only=True, data_only=True).worksheets[0]
            cells = (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "e")
            return {(cell.row, cell.column): str(cell.value) for cell in cells}
    except _BROKEN:
        raise Unusable(f"{name}: the workbook cannot be read") from None


def _has_errors(data: bytes) -> bool:
    """Whether a sheet has one; what is no archive has none, and calamine says what is wrong with it."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            sheets = [each for each in archive.namelist() if each.startswith("xl/worksheets/")]
            return any(_ERROR in archive.read(each) for each in sheets)
    except _BROKEN:
        return False
