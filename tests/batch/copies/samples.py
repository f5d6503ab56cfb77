"""Files and outcomes that copies are made of."""

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from attrs import field, frozen

from participant_rules.batch.copies import Verdicts
from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.outcomes import Action, Finding, Outcome, Place
from participant_rules.batch.records import Kind
from participant_rules.violations import Severity, Violation

UTF8 = Dialect("utf-8", b"", ",")
WRONG = Violation("wrong", "It is wrong.", pointer="/a")
ODD = Violation("odd", "It is odd.", pointer="/b", severity=Severity.WARNING)
REASON = "/a: It is wrong. [wrong]"


@frozen
class Written:
    """A file of known bytes."""

    data: bytes = field(repr=False)
    kind: Kind = "csv"
    dialect: Dialect = UTF8
    name: str = "in.csv"
    header_row: int = 1
    sheet_name: str = ""
    is_archive: bool = True
    left: int = 0

    @property
    def names(self) -> Sequence[str]:
        return ()

    def texts(self) -> Iterator[tuple[int, Sequence[str]]]:
        return iter(())

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)


def found(
    row: int, violation: Violation = WRONG, column: str | None = None, other: Place | None = None
) -> Finding:
    """A finding in a file called in.csv."""
    return Finding(Place("in.csv", row, column), violation, other, value="secret")


def became(action: Action, *rows: int, findings: Sequence[Finding] | None = None, number: int = 0) -> Outcome:
    """The outcome of a record; a refused one has WRONG unless it has other findings."""
    if findings is None:
        findings = [found(rows[0])] if action == "refused" else []
    return Outcome(number, "in.csv", rows, action, tuple(findings))


def verdicts(*outcomes: Outcome) -> Verdicts:
    """The verdicts of all of them."""
    collected = Verdicts()
    for each in outcomes:
        collected.add(each)
    return collected
