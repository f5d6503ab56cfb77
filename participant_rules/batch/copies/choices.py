"""What a copy holds: some records or all, and the columns that say what became of them."""

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Final

from attrs import frozen

from participant_rules.batch.copies.verdicts import NO_RECORD, REFUSED, Verdict
from participant_rules.batch.files.columns import loose

__all__ = ["ALL", "BAD", "COLUMNS", "GOOD", "Choice", "free"]

COLUMNS: Final = ("outcome", "reasons")
"""The names of what is added to a copy; `free` finds others where a file has these itself."""


@frozen
class Choice:
    """The records of a copy, by outcome, and how many of COLUMNS it goes without."""

    takes: Callable[[str], bool]
    without: int

    @property
    def is_whole(self) -> bool:
        """Whether it has everything, rows that are no record included."""
        return self.takes(NO_RECORD[0])

    @property
    def columns(self) -> Sequence[str]:
        """Those of COLUMNS that it has."""
        return COLUMNS[self.without :]

    def says(self, verdict: Verdict) -> Sequence[str]:
        """What stands in them."""
        return verdict[self.without :]


ALL: Final = Choice(lambda _: True, 0)
GOOD: Final = Choice(lambda outcome: outcome not in (NO_RECORD[0], REFUSED), len(COLUMNS))
BAD: Final = Choice(lambda outcome: outcome == REFUSED, 1)


def free(name: str, taken: Iterable[str]) -> str:
    """The name, or "name 2", "name 3" … where it is taken.

    Names that differ as `loose` ignores are one column to whoever reads them.
    """
    spelt = {loose(each) for each in taken}
    numbered = (name if number == 1 else f"{name} {number}" for number in count(1))
    return next(each for each in numbered if loose(each) not in spelt)
