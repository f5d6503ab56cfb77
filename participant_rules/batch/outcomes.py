"""The outcome of each record: values that reports are made of."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from attrs import field, frozen

from participant_rules.batch.records import ColumnRead
from participant_rules.rules import Rule
from participant_rules.violations import Severity, Violation

__all__ = ["About", "Action", "Filled", "Finding", "Frequent", "Outcome", "Place", "Repairable", "Summary"]

Action = Literal["add", "update", "none", "refused"]
"""What becomes of a record."""


class Place(NamedTuple):
    """Where something stands, as a person finds it: the row of a file, and the column of a table."""

    file: str
    row: int
    column: str | None = None


@frozen(slots=False)  # nearly every record has one, and without slots it can be filled in at half the price
class Finding:
    """One finding on a record.

    The violation's pointer starts at the record. `other` is the earlier record that has the value which must
    be unique. `value` is what stands there, where the caller wants values shown (else None).
    """

    place: Place
    violation: Violation
    other: Place | None = None
    value: str | None = field(default=None, repr=False)

    @property
    def is_error(self) -> bool:
        """Whether the finding refuses the record."""
        return self.violation.severity is Severity.ERROR


class Outcome(NamedTuple):
    """A record, counted from 0 over all sources, its action, and all findings on it.

    `rows` are the rows of its file that it was made of: one, or one for each subject of a survey's table.
    """

    number: int
    file: str
    rows: Sequence[int]
    action: Action
    findings: tuple[Finding, ...] = ()

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.file, self.rows[0])

    @property
    def refused(self) -> bool:
        """Whether the record has a violation."""
        return self.action == "refused"


@frozen
class Frequent:
    """A warning that more than half of the records have: its first finding, and how many there are."""

    first: Finding = field(repr=False)
    records: int
    findings: int


@frozen
class Filled:
    """How many rows a table has, and in how many of them each of its columns has a value."""

    rows: int
    columns: Sequence[int]


@frozen
class About:
    """The subject of a check: the family, the files, and the catalogue of all rules that may be named.

    `columns` says how the columns of each table are read, by the names of the files. `asked` are the rules
    that are asked about every record.
    """

    family: Literal["project", "survey"]
    files: Sequence[str]
    rules: Sequence[Rule] = field(repr=False)
    columns: Mapping[str, Sequence[ColumnRead]] = field(factory=dict, repr=False)
    asked: Sequence[Rule] = field(default=(), repr=False)


class Repairable(NamedTuple):
    """How many findings would be repaired: for certain, and the others that are merely likely."""

    certain: int = 0
    likely: int = 0


@frozen
class Summary:
    """How a check ended.

    `actions` counts the records by what would be done with them, `rules` the findings by code. `notices` are
    what was said of files as a whole. `stopped` tells that the check ended early, at the greatest number of
    violations that was asked for. `frequent` are the warnings that are said once, and not row by row.
    `filled` counts the values in the columns of tables, by the names of the files. `skipped` says which rules
    could not judge a record, by their codes, and which fact they lacked. `sent` tells that the records were
    sent to a server: what would be done is done. `repairs` counts the findings that have a repair, by code.
    """

    records: int
    actions: Mapping[Action, int]
    violations: int
    warnings: int
    rules: Mapping[str, int]
    notices: Sequence[Finding] = ()
    stopped: bool = False
    frequent: Sequence[Frequent] = ()
    filled: Mapping[str, Filled] = field(factory=dict)
    skipped: Mapping[str, str] = field(factory=dict)
    sent: bool = False
    repairs: Mapping[str, Repairable] = field(factory=dict)
