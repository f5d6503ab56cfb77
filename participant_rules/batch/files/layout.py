"""A family's reading of tables."""

from collections.abc import Sequence
from typing import Protocol

from participant_rules.batch.files.columns import Column, Reading
from participant_rules.batch.files.plan import Plan

__all__ = ["Layout"]


class Layout(Reading, Protocol):
    """The names of the columns of a family's tables, and the way from rows to payloads."""

    def plan(self, columns: Sequence[Column], names: Sequence[str], *, clears: bool, spare: int = 0) -> Plan:
        """The plan for a table with these names in its header, and these columns to read.

        With `clears` blank cells are null. `spare` is how many blank cells more every row has.
        """
        ...
