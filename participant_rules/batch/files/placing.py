"""Remarks on the cells of a sheet, put at the rows and places where its reader finds these cells."""

from collections.abc import Iterator, Sequence

from participant_rules.batch.files.cell_remarks import Looked, Place
from participant_rules.batch.files.quoting import Row
from participant_rules.batch.files.sheets import Remark

__all__ = ["merged_cells", "place_remarks"]


def place_remarks(looked: Looked, rows: list[Row], left: int, remarks: dict[int, dict[int, Remark]]) -> None:
    """Note the remarks on cells of these rows by line and place; cells that read as displayed get that text.

    Rows below the last value are added where a cell of theirs cannot be read. `left` is how many columns of
    the sheet stand before the first cell of a row.
    """
    for (line, column), remark in looked.remarks.items():
        place, cells = column - 1 - left, rows[line - 1].cells if line <= len(rows) else ()
        if not 0 <= place < len(cells):
            continue
        others = remarks.setdefault(line, {})
        if place not in others or remark.kind == "unreadable":  # lost digits matter more than a format
            others[place] = remark
        if (line, column) in looked.applied:
            shown = looked.applied[line, column]
            rows[line - 1] = Row(line, (*cells[:place], shown, *cells[place + 1 :]))
    for line, place in merged_cells(looked.merged, rows, left):
        is_blank = not rows[line - 1].cells[place].strip()
        remarks.setdefault(line, {}).setdefault(place, Remark("merged" if is_blank else "covered"))
    rows += _unreadable_below(looked, rows, left, remarks)


def _unreadable_below(
    looked: Looked, rows: Sequence[Row], left: int, remarks: dict[int, dict[int, Remark]]
) -> Sequence[Row]:
    """The rows below the last value that have a cell which cannot be read; its remark is noted."""
    blank = ("",) * max([len(row.cells) for row in rows], default=0)
    added: set[int] = set()
    for (line, column), remark in looked.remarks.items():
        place = column - 1 - left
        if remark.kind == "unreadable" and line > len(rows) and 0 <= place < len(blank):
            remarks.setdefault(line, {})[place] = remark
            added.add(line)
    return [Row(line, blank) for line in sorted(added)]


def merged_cells(ranges: Sequence[tuple[Place, Place]], rows: Sequence[Row], left: int) -> Iterator[Place]:
    """The lines and places of cells that have a value below a merged one, or in which another one is seen.

    Args:
        ranges: The first and the last cell of each merged range.
        rows: The rows of the sheet, from the first one on.
        left: How many columns of the sheet stand before the first cell of a row.
    """
    room = sum(len(row.cells) for row in rows)  # ranges do not overlap, so they have no more cells than that
    for (top, first), (bottom, last) in ranges:
        value = _value(rows, top, first - left - 1)
        for row in rows[top - 1 : bottom]:
            for place in range(max(0, first - left - 1), min(last - left, len(row.cells))):
                room -= 1
                if room < 0:
                    return
                is_first = (row.line, place) == (top, first - left - 1)
                if not is_first and (value or row.cells[place].strip()):
                    yield row.line, place


def _value(rows: Sequence[Row], line: int, place: int) -> str:
    cells = rows[line - 1].cells if line <= len(rows) else ()
    return cells[place].strip() if 0 <= place < len(cells) else ""
