"""The findings as JSON lines, a finding a line, for pipelines."""

import json
from typing import TextIO

from participant_rules.batch.outcomes import About, Finding, Outcome, Summary
from participant_rules.batch.reports.json import with_file

__all__ = ["JsonLinesReport"]


class JsonLinesReport:
    """Writes every finding as soon as it is known, and at the end the notices on files as a whole."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def begin(self, about: About, /) -> None:
        """Nothing: the lines are findings, all of them."""

    def add(self, outcome: Outcome, /) -> None:
        """A line a finding."""
        for finding in outcome.findings:
            self._out.write(_line(finding))

    def end(self, summary: Summary, /) -> None:
        """A line for each notice."""
        for notice in summary.notices:
            self._out.write(_line(notice))


def _line(finding: Finding) -> str:
    return json.dumps(with_file(finding)) + "\n"
