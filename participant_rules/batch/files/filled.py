"""How many rows of a table have a value in each column: a pass of its own, for reports that show it."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from participant_rules.batch.files.sheets import Cells
from participant_rules.batch.files.tables import Table
from participant_rules.batch.outcomes import Filled
from participant_rules.spelling import without_invisible

__all__ = ["filled"]

_AT_ONCE = 2_000  # rows


def filled(table: Table) -> Filled:
    """The rows below the header, and the cells with a value in each of its `columns`; raises Unusable."""
    rows, counts, texts = 0, Counter[int](), table.texts()
    while some := [cells for _, cells in islice(texts, _AT_ONCE)]:
        rows += len(some)
        counts.update(_values(some))
    named = [place for place, name in enumerate(table.names) if without_invisible(name).strip()]
    return Filled(rows, [counts[place] for place in named])


def _values(rows: Sequence[Cells]) -> dict[int, int]:
    """How many cells with a value there are in each place."""
    width = max(map(len, rows))
    whole = [row if len(row) == width else (*row, *[""] * (width - len(row))) for row in rows]
    columns = enumerate(zip(*whole, strict=True))
    return {place: sum(map(bool, map(str.strip, column))) for place, column in columns}
