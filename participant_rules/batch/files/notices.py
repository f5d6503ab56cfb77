"""What is said of a table as a whole; none of it refuses a record."""

from typing import Final

from participant_rules.rules import Rule, fault
from participant_rules.violations import Severity

__all__ = ["NOTICES", "column_overridden", "column_unknown", "value_differs"]

column_unknown = fault(
    "The column is not known and is left out.",
    "column-unknown",
    "A table has documented columns only; others are left out and said.",
    severity=Severity.WARNING,
)
column_overridden = fault(
    "Another column is mapped to the field of this one, which is left out.",
    "column-overridden",
    "A column that is mapped to a field takes the place of the column with its name.",
    severity=Severity.WARNING,
)
value_differs = fault(
    "The first row of the participant says something else, which is taken.",
    "value-differs",
    "Rows of one participant say the same of it; only its subjects differ.",
    severity=Severity.WARNING,
)

NOTICES: Final[tuple[Rule, ...]] = (column_unknown, column_overridden, value_differs)
"""The rules about tables, whose breaches are found when a file is opened."""
