"""What a family makes of tables."""

from collections.abc import Sequence
from typing import Protocol

from participant_rules.batch.files.columns import Column, Reading
from participant_rules.batch.files.plan import Plan

__all__ = ["Layout"]


class Layout(Reading, Protocol):
    """What the columns of a family's tables are called, and how rows become payloads."""

    def plan(self, columns: Sequence[Column], names: Sequence[str], *, clears: bool, spare: int = 0) -> Plan:
        """The plan for a table whose header has these names, of which these columns are read.

        With `clears` blank cells are null. `spare` is how many blank cells more every row has.
        """
        ...
