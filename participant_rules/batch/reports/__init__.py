"""Reports: the findings of a check, written while it runs.

    about ──begin──▶ report ◀──add── every outcome, in order ──end── summary

`jsonl`, `csv`, `json` and `sarif` write a finding as soon as it is known and keep nothing. The others need
the counts first, so they keep a little: `text` the first rows of each rule, `html` the first 100,000
findings, `junit` the first 10,000 refused records; each says what it leaves out.
"""

from collections.abc import Callable
from typing import Literal, Protocol, TextIO

from participant_rules.batch.outcomes import About, Outcome, Summary
from participant_rules.batch.reports.csv import CsvReport
from participant_rules.batch.reports.html import HtmlReport
from participant_rules.batch.reports.json import JsonReport
from participant_rules.batch.reports.jsonl import JsonLinesReport
from participant_rules.batch.reports.junit import JUnitReport
from participant_rules.batch.reports.lines import PLAIN, Look
from participant_rules.batch.reports.sarif import SarifReport
from participant_rules.batch.reports.text import TextReport

__all__ = ["Format", "Look", "Report", "open_report"]

Format = Literal["text", "json", "jsonl", "csv", "junit", "sarif", "html"]


class Report(Protocol):
    """The writer of a check's findings, for people or programs."""

    def begin(self, about: About, /) -> None:
        """The check begins; called once, before anything else."""
        ...

    def add(self, outcome: Outcome, /) -> None:
        """Take in the outcome of the next record, also without findings."""
        ...

    def end(self, summary: Summary, /) -> None:
        """The check has ended; called once, and the report is complete then."""
        ...


def open_report(form: Format, out: TextIO, *, values: bool = False, look: Look = PLAIN) -> Report:
    """The report of that form, written to `out`, which is neither flushed nor closed.

    `out` takes UTF-8, and line ends as they are (`newline=""`) for CSV. With `values` the tables of CSV and
    HTML have a column for what stands in the file; the other forms show a value where a finding has one.
    `look` colours the text for people, and says how wide it may be.
    """
    makers: dict[Format, Callable[[], Report]] = {
        "text": lambda: TextReport(out, look),
        "json": lambda: JsonReport(out),
        "jsonl": lambda: JsonLinesReport(out),
        "csv": lambda: CsvReport(out, values=values),
        "junit": lambda: JUnitReport(out),
        "sarif": lambda: SarifReport(out),
        "html": lambda: HtmlReport(out, values=values),
    }
    return makers[form]()
