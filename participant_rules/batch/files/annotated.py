"""Tables that are copies of ours: the columns added at their right, and their rows as before.

A copy fills short rows up, so that what is added stands in one column; the reasons say how many cells a
row had.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Final

from participant_rules.batch.files.notices import row_width_differs
from participant_rules.batch.files.sheets import Cells
from participant_rules.spelling import loose

__all__ = ["ADDED", "COLUMNS", "OF_BAD", "free", "names_before", "ours_at_the_end", "rows_before"]

COLUMNS: Final = ("outcome", "reasons")
"""The names of the columns added to a copy of all records."""

OF_BAD: Final = ("row", "reasons")
"""The names of the columns added to a copy of the refused records."""

ADDED: Final = frozenset([*COLUMNS, *OF_BAD])
"""The names of all columns that a copy of ours may have added."""

_width: Final = re.compile(
    re.escape(row_width_differs.text)
    .replace(re.escape("{cells}"), "([0-9]+) cells?")
    .replace(re.escape("{header}"), "([0-9]+)")
).search


def ours_at_the_end(names: Sequence[str]) -> int:
    """How many columns at the end of a header an earlier copy of ours has added, by names that were free."""
    before, last = names[: -len(COLUMNS)], names[-len(COLUMNS) :]
    copies = ([free(each, before) for each in added] for added in (COLUMNS, OF_BAD))
    return len(COLUMNS) if before and [*last] in copies else 0


def free(name: str, taken: Iterable[str]) -> str:
    """The name, or "name 2", "name 3" … where it is taken.

    Names that differ as `loose` ignores are one column to whoever reads them.
    """
    spelt = {loose(each) for each in taken}
    numbered = (name if number == 1 else f"{name} {number}" for number in count(1))
    return next(each for each in numbered if loose(each) not in spelt)


def names_before(names: Sequence[str], rows: Iterable[Cells]) -> tuple[str, ...]:
    """The names of a copy's columns without ours, and without the fillers of its header.

    A header is filled up where a row was wider, which the reasons of that row say. `rows` are the copy's.
    """
    left = tuple(names[: len(names) - ours_at_the_end(names)])
    if left[-1].strip():
        return left
    widths = (_width(row[-1]) for row in rows if len(row) == len(names))
    return next((left[: int(found[2])] for found in widths if found), left)


def rows_before(rows: Iterable[Cells], names: Sequence[str], width: int) -> list[Cells]:
    """The rows of a copy as they were before.

    Cells that a copy has added to a row are blank: what somebody has filled in since then stays.

    Args:
        rows: The rows of the copy.
        names: The names in its header.
        width: How many cells its header had before.
    """
    added = ours_at_the_end(names)
    return [_row_before(row, width, added) if len(row) == len(names) else row for row in rows]


def _row_before(row: Cells, width: int, added: int) -> Cells:
    found = _width(row[-1])
    cells = row[: len(row) - added]
    had = int(found[1]) if found else width
    return cells[:had] if not any(map(str.strip, cells[had:])) else cells
