"""Which row of a table is its header: the first of the first twenty with the most known columns."""

from collections.abc import Callable, Sequence
from typing import Final

from attrs import frozen

from participant_rules.batch.files.notices import rows_skipped
from participant_rules.batch.files.quoting import Row
from participant_rules.batch.files.sheets import is_blank_row
from participant_rules.batch.records import Notice, Unusable
from participant_rules.rules import at

__all__ = ["FIRST_ROWS", "Chosen", "Known", "choose_header", "empty", "no_header", "skipped"]

FIRST_ROWS: Final = 20

Known = Callable[[Sequence[str]], int]
"""How many of some names are known columns."""


@frozen
class Chosen:
    """A header, its place among the rows that were looked at, and how many of its columns are known.

    `records` is the place of the first row that is a record: exports may have further rows of titles.
    """

    row: Row
    place: int
    known: int
    records: int


def choose_header(rows: Sequence[Row], known: Known, line: int | None) -> Chosen | None:
    """The header among the first rows, or the one on the line that the caller names; None where none is.

    Args:
        rows: The first rows of the table, blank ones included.
        known: Tells known columns.
        line: The line, from 1; or None.
    """
    if line is not None:
        named = [place for place, row in enumerate(rows) if row.line == line and not is_blank_row(row.cells)]
        return _chosen(rows, named[0], known) if named else None
    found = [
        _chosen(rows, place, known)
        for place, row in enumerate(rows[:FIRST_ROWS])
        if not is_blank_row(row.cells)
    ]
    return max(found, key=lambda each: each.known, default=None)  # the first of those with the most


def _chosen(rows: Sequence[Row], place: int, known: Known) -> Chosen:
    return Chosen(rows[place], place, known(rows[place].cells), _first_record(rows, place))


def _first_record(rows: Sequence[Row], header: int) -> int:
    """The row behind the header, and behind rows that repeat it.

    Qualtrics writes two more below it: the questions, and import ids.
    """
    place = header + 1
    while place < len(rows) and rows[place].cells == rows[header].cells:
        place += 1
    for further in (place, place + 1):
        if further < len(rows) and any(each.startswith('{"ImportId":') for each in rows[further].cells):
            return further + 1
    return place


def skipped(rows: Sequence[Row], chosen: Chosen) -> Sequence[Notice]:
    """What is said of rows above the header that are not blank, and of those below it that are no records."""
    above = [row for row in rows[: chosen.place] if not is_blank_row(row.cells)]
    below = rows[chosen.place + 1 : chosen.records]
    notices = []
    if above:
        notices.append(_notice(above[0].line, f"{_amount(len(above))} above the header"))
    if below:
        notices.append(_notice(below[0].line, f"{_amount(len(below))} below the header"))
    return notices


def _amount(number: int) -> str:
    return "row" if number == 1 else f"{number} rows"


def _notice(line: int, rows: str) -> Notice:
    verb = "is no record" if rows.startswith("row ") else "are no records"
    return Notice(line, None, rows_skipped.violation(at(rows=f"{rows} {verb}")))


def no_header(name: str, line: int | None, options: str) -> Unusable:
    """The error of a file in which no header is found."""
    if line is not None:
        return Unusable(f"{name}: --header-row {line}: there is no such row, or it is blank")
    return Unusable(f"{name}: the file has no column that is known; is the header missing? {options}")


def empty(name: str) -> Unusable:
    """The error of a file that has blank rows only."""
    return Unusable(f"{name}: the file is empty")
