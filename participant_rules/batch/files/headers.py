"""Which row of a table is its header: the first of the first twenty with the most known columns."""

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from participant_rules.batch.files.columns import Knowledge
from participant_rules.batch.files.notices import rows_skipped
from participant_rules.batch.files.quoting import Row
from participant_rules.batch.files.sheets import is_blank_row
from participant_rules.batch.records import Notice, Unusable
from participant_rules.rules import at

__all__ = ["FIRST_ROWS", "MOST_COLUMNS", "Chosen", "choose_header", "empty", "no_header", "skipped"]

FIRST_ROWS: Final = 20
MOST_COLUMNS: Final = 16_384  # as many as a spreadsheet has


@frozen
class Chosen:
    """A header, its place among the rows that were looked at, and how many of its columns are known.

    `records` is the place of the first row that is a record: exports may have further rows of titles.
    """

    row: Row
    place: int
    known: int
    records: int


def choose_header(rows: Sequence[Row], known: Knowledge, line: int | None) -> Chosen | None:
    """The header among the first rows, or the one on the line that the caller names; None where none is.

    Args:
        rows: The first rows of the table, blank ones included.
        known: The known columns.
        line: The line, from 1; or None.
    """
    if line is not None:
        named = [place for place, row in enumerate(rows) if row.line == line and not is_blank_row(row.cells)]
        return _chosen(rows, named[0], known) if named else None
    filled = [place for place, row in enumerate(rows) if not is_blank_row(row.cells)]
    found = [_chosen(rows, place, known) for place in filled[:FIRST_ROWS]]
    best = max(found, key=lambda each: each.known, default=None)  # the first of those with the most
    if best is None or best is found[0]:
        return best
    # A row of values may have a word that is a field's name, below a header of which no name is known.
    earlier = max(found[: found.index(best)], key=lambda each: len(known.hints(each.row.cells)))
    return earlier if len(known.hints(earlier.row.cells)) > best.known else best


def _chosen(rows: Sequence[Row], place: int, known: Knowledge) -> Chosen:
    names = rows[place].cells[:MOST_COLUMNS]
    return Chosen(rows[place], place, known(names), _first_record(rows, place, known))


def _first_record(rows: Sequence[Row], header: int, known: Knowledge) -> int:
    """The row behind the header, behind rows that repeat it, and behind further rows of titles."""
    names, place = rows[header].cells, header + 1
    while place < len(rows) and _repeats(names, rows[place].cells, known):
        place += 1
    for further in (place, place + 1):
        if further < len(rows) and any(each.startswith('{"ImportId":') for each in rows[further].cells):
            return further + 1  # Qualtrics: the questions, and import ids
    if place < len(rows) and _is_no_record(names, rows[place].cells):
        return place + 1
    return place


def _repeats(names: Sequence[str], cells: Sequence[str], known: Knowledge) -> bool:
    """Whether a row has the names of the columns once more, in whatever spelling."""
    return cells == names or (len(cells) == len(names) and all(map(known.are_alike, names, cells)))


_SUBTITLES: Final = (
    ("ResponseId", "Response ID"),  # Qualtrics' workbooks have the questions below the names
    ("Respondent ID", ""),  # SurveyMonkey has the choices below the questions
)


_STROKES: Final = frozenset("-=_:+|")  # between names and records, as programs of databases write them


def _is_no_record(names: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a row below the names is none: where the response's own id is due, there is none, or a line."""
    found = dict(zip(names, cells, strict=False))
    lines = [cell.strip() for name, cell in found.items() if name.strip()]
    is_line = all(len(each) > 1 and _STROKES.issuperset(each) for each in lines)
    return (bool(lines) and is_line) or any(found.get(name) == text for name, text in _SUBTITLES)


def skipped(rows: Sequence[Row], chosen: Chosen) -> Sequence[Notice]:
    """Notices on rows above the header that are not blank, and on rows below it that are no records."""
    above = [row for row in rows[: chosen.place] if not is_blank_row(row.cells)]
    below = rows[chosen.place + 1 : chosen.records]
    return [
        Notice(rows[0].line, None, rows_skipped.violation(at(rows=_phrase(len(rows), where))))
        for rows, where in ((above, "above"), (below, "below"))
        if rows
    ]


def _phrase(count: int, where: str) -> str:
    if count == 1:
        return f"row {where} the header is no record"
    return f"{count} rows {where} the header are no records"


def no_header(name: str, rows: Sequence[Row], known: Knowledge, line: int | None, options: str) -> Unusable:
    """The error of a file in which no header is found: which options may help, and which fields there are."""
    if line is not None:
        return Unusable(f"{name}: --header-row {line}: there is no such row, or it is blank")
    hints = max((known.hints(row.cells) for row in rows), key=len, default=())
    advice = f"{' '.join(hints)} would read what may be one" if hints else f"is the header missing? {options}"
    return Unusable(f"{name}: the file has no column that is known; {advice}; fields are {known.fields}")


def empty(name: str) -> Unusable:
    """The error of a file that has blank rows only."""
    return Unusable(f"{name}: the file is empty")
