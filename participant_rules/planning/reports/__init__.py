"""Reports of plans: totals first, then every record.

The totals are known last, so what is told of records waits in a temporary file; the page keeps the first
10,000 records that change something or are refused, and says what it leaves out.
"""

from collections.abc import Sequence
from typing import Literal, Protocol, TextIO

from participant_rules.batch.outcomes import About, Finding
from participant_rules.planning.records import PlannedRecord, Totals
from participant_rules.planning.reports.html import HtmlPlan
from participant_rules.planning.reports.json import JsonPlan
from participant_rules.planning.reports.text import TextPlan

__all__ = ["PlanFormat", "PlanReport", "open_plan"]

PlanFormat = Literal["text", "json", "html"]


class PlanReport(Protocol):
    """Writes a plan for people or programs."""

    def add(self, planned: PlannedRecord, /) -> None:
        """The next record."""
        ...

    def end(self, totals: Totals, notices: Sequence[Finding] = (), /) -> None:
        """All records were added; the report is written, with the notices on the files."""
        ...


def open_plan(form: PlanFormat, out: TextIO, about: About, *, values: bool = False) -> PlanReport:
    """The report of that form, written to `out`, which is neither flushed nor closed.

    Values are shown with `values` alone: they are personal data.
    """
    if form == "html":
        return HtmlPlan(out, about, values=values)
    return JsonPlan(out, about, values=values) if form == "json" else TextPlan(out, about, values=values)
