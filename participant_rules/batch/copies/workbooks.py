"""Copies of a workbook: its first sheet with columns of ours at the right, or with some rows only.

openpyxl reads and writes it: cells, formats, formulas and the other sheets stay, charts and pictures do not.
A number keeps sixteen digits; a spreadsheet shows fifteen. What formulas come to is not kept with them:
whoever opens the copy calculates it again.
"""

import warnings
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO, Final
from zipfile import BadZipFile

from attrs import frozen

from participant_rules.batch.copies.choices import Choice, free
from participant_rules.batch.copies.original import Original
from participant_rules.batch.copies.verdicts import Verdicts
from participant_rules.batch.files.sheets import is_blank_row
from participant_rules.batch.records import Unusable

__all__ = ["copy"]

_LAST_COLUMN: Final = 16_384  # of a sheet
_BROKEN: Final = (  # what openpyxl raises on odd files; SyntaxError is XML's
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


def copy(original: Original, verdicts: Verdicts, choice: Choice, out: BinaryIO) -> None:
    """Write the workbook with the rows that are wanted, and what stands above them.

    A copy of some rows has the values that were judged in place of formulas: these might say something else
    where other rows are gone. Raises Unusable where openpyxl is missing or cannot keep the workbook's cells.
    """
    with _opened(original, values=not choice.is_whole) as workbook:
        sheet = workbook.worksheets[0]
        table = _Table.of(sheet)
        if table.width + len(choice.columns) > _LAST_COLUMN:
            raise Unusable(f"{original.name}: the sheet has no column left for what is added")
        _add_columns(sheet, table, verdicts, choice)
        if not choice.is_whole:
            _keep(sheet, table, [row for row in table.rows if choice.takes(verdicts.of(row)[0])])
        buffer = BytesIO()  # a workbook is written back and forth, which a compressed stream cannot do
        workbook.save(buffer)
    out.write(buffer.getbuffer())


@contextmanager
def _opened(original: Original, *, values: bool) -> Iterator[Any]:
    workbook = _load(original, values=values)
    try:
        yield workbook
    finally:
        if workbook.vba_archive is not None:
            workbook.vba_archive.close()  # the collector would close what it writes to before it


def _load(original: Original, *, values: bool) -> Any:
    try:
        # the extra may be absent
        from openpyxl import load_workbook  # type: ignore[import-untyped]  # noqa: PLC0415  the extra may be absent
        from openpyxl.formula.tokenizer import TokenizerError  # type: ignore[import-untyped]  # noqa: PLC0415  the extra may be absent
    except ImportError:
        raise Unusable(
            f"{original.name}: a copy of a workbook needs openpyxl: pip install 'participant-rules[xlsx]'"
        ) from None
    with original.open() as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # what it cannot keep is said above
        warnings.filterwarnings("error", ".* is marked as a date", UserWarning)  # it would replace the number
        try:
            workbook = load_workbook(
                BytesIO(file.read()), rich_text=True, data_only=values, keep_vba=_has_macros(original.name)
            )
        except UserWarning:
            raise Unusable(
                f"{original.name}: a number is formatted as a date that does not exist; "
                "format its column as a number or text, then it can be copied"
            ) from None
        except (*_BROKEN, TokenizerError):
            raise Unusable(f"{original.name}: the workbook cannot be copied") from None
    if not workbook.worksheets:
        raise Unusable(f"{original.name}: the workbook has no sheet")
    return workbook


def _has_macros(name: str) -> bool:
    return name.casefold().removesuffix(".gz").endswith(".xlsm")


@frozen
class _Table:
    """Where the table of a sheet stands: the row of its header, the last row and the last column."""

    header: int
    last: int
    width: int

    @classmethod
    def of(cls, sheet: Any) -> "_Table":
        """Find it: blank cells are none of it, and what is merged counts as a whole."""
        cells = sheet._cells.items()  # noqa: SLF001  asking row by row makes a cell of every empty place
        places = [place for place, cell in cells if not _is_blank(cell)]
        rows = [row for row, _ in places] or [1]
        merged = [each.max_col for each in sheet.merged_cells.ranges]
        return cls(min(rows), max(rows), max([column for _, column in places] + merged, default=0))

    @property
    def rows(self) -> Sequence[int]:
        """The rows below the header."""
        return range(self.header + 1, self.last + 1)


def _is_blank(cell: Any) -> bool:
    return cell.value is None or is_blank_row([str(cell.value)])


def _add_columns(sheet: Any, table: _Table, verdicts: Verdicts, choice: Choice) -> None:
    """Write our cells at the right; an empty sheet stays empty."""
    if not table.width:
        return
    names = [str(cell.value) for cell in sheet[table.header] if cell.value is not None]
    _write(sheet, table, table.header, [free(each, names) for each in choice.columns])
    for row in table.rows:
        _write(sheet, table, row, choice.says(verdicts.of(row)))


def _write(sheet: Any, table: _Table, row: int, ours: Sequence[str]) -> None:
    for column, text in enumerate(ours, start=table.width + 1):
        if text:
            cell = sheet.cell(row, column, text)
            cell.data_type = "s"  # never a formula, whatever it begins with


# ---- some rows only


def _keep(sheet: Any, table: _Table, rows: Sequence[int]) -> None:
    """Close the rows up below the header, and take the others away."""
    for merged in [each for each in sheet.merged_cells.ranges if each.max_row > table.header]:
        sheet.unmerge_cells(merged.coord)  # it would lie over other rows
    ends = _ends(sheet)
    for target, row in enumerate(rows, start=table.header + 1):
        if target != row:
            _move(sheet, row, target, max(ends[row], ends[target]))
    _cut(sheet, table.header + len(rows))


def _cut(sheet: Any, last: int) -> None:
    """Take away what stands below the last row."""
    for place in [each for each in sheet._cells if each[0] > last]:  # noqa: SLF001  as above
        del sheet._cells[place]  # noqa: SLF001  as above
    for row in [each for each in sheet.row_dimensions if each > last]:
        del sheet.row_dimensions[row]


def _ends(sheet: Any) -> Mapping[int, int]:
    """The last cell of each row: a single cell far to the right does not make all rows that wide."""
    ends = defaultdict[int, int](lambda: 1)
    for row, column in sheet._cells:  # noqa: SLF001  as above
        ends[row] = max(ends[row], column)
    return ends


def _move(sheet: Any, row: int, target: int, width: int) -> None:
    """Move a row with its height and links."""
    sheet.move_range(f"A{row}:{sheet.cell(row, width).coordinate}", rows=target - row)
    for column in range(1, width + 1):
        cell = sheet.cell(target, column)
        if cell.hyperlink:
            cell.hyperlink.ref = cell.coordinate
    sheet.row_dimensions.pop(target, None)
    if height := sheet.row_dimensions.pop(row, None):
        sheet.row_dimensions[target] = height
