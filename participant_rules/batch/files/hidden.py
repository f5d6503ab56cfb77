"""Notices on the rows and columns of a worksheet that are read although nobody sees them."""

from collections.abc import Iterator, Sequence

from participant_rules.batch.files.book import SheetRead
from participant_rules.batch.files.columns import Knowledge
from participant_rules.batch.files.notices import columns_hidden, rows_hidden
from participant_rules.batch.records import Notice
from participant_rules.rules import at

__all__ = ["hidden"]


def hidden(sheet: SheetRead, lines: Sequence[int], known: Knowledge) -> Iterator[Notice]:
    """One notice on all hidden records, and one on each column that is read, and hidden, or whose name is.

    Args:
        sheet: The sheet.
        lines: The lines of its records.
        known: The known columns.
    """
    unseen = [line for line in lines if line in sheet.looked.hidden_rows]
    if unseen:
        rows = "The row is" if len(unseen) == 1 else f"From this one on {len(unseen)} rows are"
        yield Notice(unseen[0], None, rows_hidden.violation(at(rows=rows)))
    header = sheet.chosen.row
    covered = {place for place, each in sheet.remarks.get(header.line, {}).items() if each.kind == "covered"}
    for place, name in enumerate(header.cells):
        column = place + sheet.left + 1
        is_hidden = any(first <= column <= last for first, last in sheet.looked.hidden_columns)
        if (is_hidden or place in covered) and known((name,)):
            yield Notice(header.line, name, columns_hidden.violation())
