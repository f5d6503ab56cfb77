"""Notices on the rows and columns of a worksheet that are read although nobody sees them."""

from collections.abc import Iterator, Sequence

from participant_rules.batch.files.cell_remarks import Looked
from participant_rules.batch.files.headers import Known
from participant_rules.batch.files.notices import columns_hidden, rows_hidden
from participant_rules.batch.files.quoting import Row
from participant_rules.batch.records import Notice
from participant_rules.rules import at

__all__ = ["hidden"]


def hidden(looked: Looked, header: Row, left: int, lines: Sequence[int], known: Known) -> Iterator[Notice]:
    """One notice on all hidden records, and one on each hidden column that is read.

    Args:
        looked: The facts about the sheet.
        header: Its header.
        left: How many columns of the sheet stand before the first cell of a row.
        lines: The lines of the records.
        known: Tells known columns.
    """
    unseen = [line for line in lines if line in looked.hidden_rows]
    if unseen:
        rows = "The row is" if len(unseen) == 1 else f"From this one on {len(unseen)} rows are"
        yield Notice(unseen[0], None, rows_hidden.violation(at(rows=rows)))
    for place, name in enumerate(header.cells, start=left + 1):
        if any(first <= place <= last for first, last in looked.hidden_columns) and known((name,)):
            yield Notice(header.line, name, columns_hidden.violation())
