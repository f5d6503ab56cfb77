"""The findings as CSV (RFC 4180), a finding a row, for spreadsheets."""

import csv
from typing import Final, TextIO

from participant_rules.batch.outcomes import About, Finding, Outcome, Summary
from participant_rules.batch.reports.phrases import also, certainty, encodable, new_value, no_formula, unseen

__all__ = ["CsvReport"]

_COLUMNS: Final = ("file", "row", "column", "pointer", "code", "severity", "text", "repair")


class CsvReport:
    """Writes every finding as soon as it is known, and at the end the notices on files as a whole.

    A cell that a spreadsheet might take for a formula begins with an apostrophe.
    """

    def __init__(self, out: TextIO, *, values: bool = False) -> None:
        self._rows = csv.writer(out)
        self._values = values

    def begin(self, _about: About, /) -> None:
        """The header."""
        self._rows.writerow((*_COLUMNS, "value", "repaired_value") if self._values else _COLUMNS)

    def add(self, outcome: Outcome, /) -> None:
        """A row a finding."""
        for finding in outcome.findings:
            self._rows.writerow(self._cells(finding))

    def end(self, summary: Summary, /) -> None:
        """A row for each notice."""
        for notice in summary.notices:
            self._rows.writerow(self._cells(notice))

    def _cells(self, finding: Finding) -> list[str]:
        place, violation = finding.place, finding.violation
        cells = [
            place.file,
            str(place.row),
            place.column or "",
            violation.pointer or "",
            violation.code,
            violation.severity.value,
            f"{violation.text} {also(finding)}".strip(),
            certainty(finding.violation.repair),
        ]
        if self._values:
            cells += [finding.value or "", new_value(finding) or ""]
        return [unseen(encodable(no_formula(each))) for each in cells]
