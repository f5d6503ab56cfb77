"""Copies of a workbook: its sheet with columns of ours at the right, or with some rows only.

openpyxl reads and writes it: cells, formats, formulas with their stored values and the other sheets stay.
Charts and pictures do not, which is said. A number keeps sixteen digits; a spreadsheet shows fifteen.
"""

import re
import warnings
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO, Final
from zipfile import BadZipFile

from attrs import frozen

from participant_rules.batch.copies.choices import Choice
from participant_rules.batch.copies.formulas import Formulas, formulas_of, lost_parts, with_values
from participant_rules.batch.copies.original import Original, Spreadsheet
from participant_rules.batch.copies.values import rows_of_copy
from participant_rules.batch.copies.verdicts import REFUSED, Verdicts
from participant_rules.batch.files.annotated import free, ours_at_the_end
from participant_rules.batch.files.sheets import is_blank_row
from participant_rules.batch.records import Unusable

__all__ = ["copy", "copy_values"]

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


def copy(original: Spreadsheet, verdicts: Verdicts, choice: Choice, out: BinaryIO) -> Sequence[str]:
    """Write the workbook with the wanted rows, and the ones above them; returns the parts that are lost.

    A copy of some rows has the values that were judged in place of formulas: these might say something else
    where other rows are gone; a formula without a stored value becomes a text. Raises Unusable where openpyxl
    is missing or cannot keep the workbook's cells.
    """
    with original.open() as file:
        data = file.read()
    formulas = formulas_of(original.name, data)
    with _opened(original, data, values=not choice.is_whole) as workbook:
        sheet = workbook[original.sheet_name] if original.sheet_name else workbook.worksheets[0]
        if not choice.is_whole:
            _write_formulas(sheet, formulas.get(sheet.title, {}))
        table = _Table.of(sheet, original.header_row)
        if table.width + len(choice.columns) > _LAST_COLUMN:
            raise Unusable(f"{original.name}: the sheet has no column left for what is added")
        _add_columns(sheet, table, verdicts, choice)
        if choice.is_whole:
            _dress(sheet, table, verdicts)
        else:
            _keep(sheet, table, [row for row in table.rows if choice.takes(verdicts.of(row)[0])])
        titles = [each.title for each in workbook.worksheets]
        buffer = BytesIO()  # a workbook is written back and forth, which a compressed stream cannot do
        workbook.save(buffer)
    kept = with_values(buffer, [formulas.get(title, {}) for title in titles]) if choice.is_whole else buffer
    out.write(kept.getbuffer())
    return lost_parts(data)


def copy_values(original: Spreadsheet, verdicts: Verdicts, choice: Choice, out: BinaryIO) -> Sequence[str]:
    """Write the texts of the wanted rows as an .xlsx file; returns the parts that are lost."""
    openpyxl = _openpyxl(original.name)
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Participants")
    for row in rows_of_copy(original, verdicts, choice):
        cells = [openpyxl.cell.WriteOnlyCell(sheet, _unwritable("\ufffd", each)) for each in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    buffer = BytesIO()
    workbook.save(buffer)
    out.write(buffer.getbuffer())
    return ("everything but the values of the sheet: the copy is an .xlsx file",)


_unwritable = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]").sub


@contextmanager
def _opened(original: Original, data: bytes, *, values: bool) -> Iterator[Any]:
    workbook = _load(original, data, values=values)
    try:
        yield workbook
    finally:
        if workbook.vba_archive is not None:
            workbook.vba_archive.close()  # the collector would close what it writes to before it


def _openpyxl(name: str) -> Any:
    try:
        # the extra may be absent
        import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415  the extra may be absent
    except ImportError:
        raise Unusable(
            f"{name}: a copy of a workbook needs openpyxl: pip install 'participant-rules[xlsx]'"
        ) from None
    return openpyxl


def _load(original: Original, data: bytes, *, values: bool) -> Any:
    openpyxl = _openpyxl(original.name)
    from openpyxl.formula.tokenizer import TokenizerError  # type: ignore[import-untyped]  # noqa: PLC0415  as above

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # what it cannot keep is said
        warnings.filterwarnings("error", ".* is marked as a date", UserWarning)  # it would replace the number
        try:
            workbook = openpyxl.load_workbook(
                BytesIO(data), rich_text=True, data_only=values, keep_vba=_has_macros(original.name)
            )
        except UserWarning:
            raise Unusable(
                f"{original.name}: a number is formatted as a date that does not exist; "
                "format its column as a number or text, then it can be copied"
            ) from None
        except (*_BROKEN, TokenizerError):
            raise Unusable(f"{original.name}: the workbook cannot be copied") from None
    if not workbook.worksheets:  # charts alone, or the strict form of Open XML
        raise Unusable(
            f"{original.name}: the workbook has no sheet that can be copied; save it as a plain .xlsx file"
        )
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
    def of(cls, sheet: Any, header: int) -> "_Table":
        """Find the table: blank cells do not count, merged ones count as a whole.

        The columns of an earlier copy of ours are none of it either, and become blank.
        """
        cells = sheet._cells.items()  # noqa: SLF001  asking row by row makes a cell of every empty place
        places = [place for place, cell in cells if not _is_blank(cell)]
        rows = [row for row, _ in places] or [1]
        merged = [each.max_col for each in sheet.merged_cells.ranges]
        width = max([column for _, column in places] + merged, default=0)
        top = header or min(rows)
        names = [str(sheet.cell(top, column).value) for column in range(1, width + 1)] if width else []
        added = ours_at_the_end(names)
        for place in [each for each in places if each[1] > width - added]:
            del sheet._cells[place]  # noqa: SLF001  as above
        return cls(top, max(rows), width - added)

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
        _write(sheet, table, row, choice.texts(verdicts.of(row), row))


def _write(sheet: Any, table: _Table, row: int, ours: Sequence[str]) -> None:
    for column, text in enumerate(ours, start=table.width + 1):
        if text:
            cell = sheet.cell(row, column, text)
            cell.data_type = "s"  # never a formula, whatever it begins with


# ---- what makes it easy to read

_REFUSED: Final = "FFF4CCCC"
_WARNED: Final = "FFFFF2CC"
_MOST_COMMENTS: Final = 2_000
_AUTHOR: Final = "participant-rules"


def _dress(sheet: Any, table: _Table, verdicts: Verdicts) -> None:
    """Freeze the header, add a filter, colour the outcomes, and put reasons on the cells they are about."""
    if not table.width:
        return
    from openpyxl.cell.cell import MergedCell  # type: ignore[import-untyped]  # noqa: PLC0415  as above
    from openpyxl.comments import Comment  # type: ignore[import-untyped]  # noqa: PLC0415  as above
    from openpyxl.styles import PatternFill  # type: ignore[import-untyped]  # noqa: PLC0415  as above

    if sheet.freeze_panes is None:
        sheet.freeze_panes = f"A{table.header + 1}"
    if not sheet.auto_filter.ref and not sheet.tables:
        last = sheet.cell(max(table.last, table.header), table.width + 2).coordinate
        sheet.auto_filter.ref = f"A{table.header}:{last}"
    names = {str(sheet.cell(table.header, column).value): column for column in range(1, table.width + 1)}
    fills = [PatternFill("solid", fgColor=each) for each in (_REFUSED, _WARNED)]
    left = _MOST_COMMENTS
    for cell in [each for each in sheet._cells.values() if each.comment and each.comment.author == _AUTHOR]:  # noqa: SLF001  as above
        cell.comment = None  # an earlier copy's
    for row in table.rows:
        outcome, reasons = verdicts.of(row)
        if not reasons:
            continue
        sheet.cell(row, table.width + 1).fill = fills[outcome != REFUSED]
        for reason in reasons.split(" | "):
            cell = sheet.cell(row, names.get(_column_of(reason, names), table.width + 1))
            if left and not isinstance(cell, MergedCell):
                before = f"{cell.comment.text}\n" if cell.comment else ""
                cell.comment = Comment(before + reason, _AUTHOR)
                left -= 1


def _column_of(reason: str, names: Iterable[str]) -> str:
    """The name of the column that a reason begins with; "" for none."""
    reason_text = reason.removeprefix("warning: ")
    return max((each for each in names if reason_text.startswith(f"{each}: ")), key=len, default="")


def _write_formulas(sheet: Any, formulas: Formulas) -> None:
    """Write formulas that have no stored value as texts: a copy loses nothing that stands in a cell."""
    for reference, formula in formulas.items():
        if formula.value is None:
            cell = sheet[reference]
            cell.value = f"={formula.text}"
            cell.data_type = "s"


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
    """Take away everything below the last row."""
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
