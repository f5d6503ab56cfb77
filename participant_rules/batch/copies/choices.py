"""The contents of a copy: some records or all, and the columns with their outcomes."""

from collections.abc import Callable, Sequence
from typing import Final

from attrs import frozen

from participant_rules.batch.copies.verdicts import NO_RECORD, REFUSED, Verdict
from participant_rules.batch.files.annotated import COLUMNS, OF_BAD

__all__ = ["ALL", "BAD", "GOOD", "Choice"]


@frozen
class Choice:
    """The records of a copy, by outcome, and the columns that it adds."""

    takes: Callable[[str], bool]
    columns: Sequence[str]

    @property
    def is_whole(self) -> bool:
        """Whether it has everything, rows that are no record included."""
        return self.takes(NO_RECORD[0])

    def texts(self, verdict: Verdict, row: int) -> Sequence[str]:
        """The cells of the added columns for a row of the original."""
        values = {"outcome": verdict[0], "reasons": verdict[1], "row": str(row) if verdict[0] else ""}
        return [values[each] for each in self.columns]


ALL: Final = Choice(lambda _: True, COLUMNS)
GOOD: Final = Choice(lambda outcome: outcome not in (NO_RECORD[0], REFUSED), ())
BAD: Final = Choice(lambda outcome: outcome == REFUSED, OF_BAD)
