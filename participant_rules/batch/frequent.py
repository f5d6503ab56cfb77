"""Warnings that most records have: a report has them once, with their count, and not row by row."""

import re
from collections.abc import Iterator
from typing import Final

from attrs import define, field

from participant_rules.batch.outcomes import Finding, Frequent, Outcome
from participant_rules.batch.repairs import repair_collides, value_repaired
from participant_rules.violations import Severity

__all__ = ["FrequentCounter", "WarningKey", "warning_key"]

WarningKey = tuple[str, str, str]
"""What findings have in common that differ in their row alone: the code, the column or member, the text."""

_MOST: Final = 1_000  # different warnings that are counted; what most records have is among the first ones
_EACH: Final = frozenset([value_repaired.code, repair_collides.code])  # done to a record, and listed
_position: Final = re.compile("/[0-9]+(?=/|$)").sub


def warning_key(finding: Finding) -> WarningKey:
    """The common part of a finding and others; the positions in lists do not count."""
    violation = finding.violation
    where = finding.place.column or _position("/*", violation.pointer or "")
    return violation.code, where, violation.text


class FrequentCounter:
    """Counts the records that have the same warning."""

    def __init__(self) -> None:
        self._counts: dict[WarningKey, _Count] = {}

    def add(self, outcome: Outcome) -> None:
        """Count the warnings of a record."""
        counts = self._counts
        for finding in outcome.findings:
            if finding.violation.severity is Severity.ERROR:
                continue
            key = warning_key(finding)
            count = counts.get(key)
            if count is not None:
                count.findings += 1
                count.records += outcome.number != count.last
                count.last = outcome.number
            elif len(counts) < _MOST and finding.violation.code not in _EACH:
                counts[key] = _Count(finding, outcome.number)

    def of(self, records: int) -> Iterator[Frequent]:
        """The warnings that more than half of so many records have, and at least two."""
        for count in self._counts.values():
            if count.records > max(records / 2, 1):
                yield Frequent(count.first, count.records, count.findings)


@define
class _Count:
    """How often there is a warning, and which record had it last."""

    first: Finding = field(repr=False)
    last: int
    records: int = 1
    findings: int = 1
