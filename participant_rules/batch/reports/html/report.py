"""The page: totals, a chart that filters, the findings, the reading of files, the count of each rule."""

from collections.abc import Sequence
from string import Template
from typing import Final, TextIO

from participant_rules.batch.frequent import warning_key
from participant_rules.batch.outcomes import About, Finding, Outcome, Summary
from participant_rules.batch.reports.html.findings import findings_of
from participant_rules.batch.reports.html.parts import code_hash, packaged, text
from participant_rules.batch.reports.html.reading import reading_of
from participant_rules.batch.reports.html.rules import Rules
from participant_rules.batch.reports.html.store import FindingStore
from participant_rules.batch.reports.phrases import STOPPED, done, ending, few_columns, title
from participant_rules.violations import Severity

__all__ = ["HtmlReport"]

_MOST: Final = 100_000
_FILES: Final = 20


class HtmlReport:
    """Keeps the first 100,000 findings, since the page begins with the totals; all is written at the end.

    The page needs no network. Without JavaScript it lists the first 500 findings and has all else.
    """

    def __init__(self, out: TextIO, *, values: bool = False, most: int = _MOST) -> None:
        self._out = out
        self._store = FindingStore(most, values=values)
        self._values = values
        self._severities: dict[str, Severity] = {}
        self._count = 0

    def begin(self, about: About, /) -> None:
        """The subject of the check."""
        self._about = about

    def add(self, outcome: Outcome, /) -> None:
        """Keep the findings, while there is room."""
        for finding in outcome.findings:
            self._count_one(finding)
            self._store.add(finding)

    def end(self, summary: Summary, /) -> None:
        """The page."""
        for notice in summary.notices:
            self._count_one(notice)
        rules = Rules(self._about, summary, self._severities)
        style, script = packaged("page.css"), packaged("page.js")
        page = {
            "title": title(self._about.family),
            "lead": self._lead(summary),
            "files": _names(self._about.files),
            "figures": _figures(summary),
            "stopped": f'<p class="note">{STOPPED}</p>\n' if summary.stopped else "",
            "few": "".join(f'<p class="note">{text(line)}</p>\n' for line in few_columns(self._about)),
            "chart": rules.chart() or "<p>Nothing was found.</p>",
            "findings": self._findings(summary),
            "file_was": "file was" if len(self._about.files) == 1 else "files were",
            "reading": reading_of(self._about, summary),
            "laws": rules.laws(),
        }
        code = {
            "style": style,
            "style_hash": code_hash(style),
            "script": script,
            "script_hash": code_hash(script),
        }
        self._out.write(Template(packaged("page.html")).substitute(page | code))

    def _count_one(self, finding: Finding) -> None:
        self._count += 1
        self._severities.setdefault(finding.violation.code, finding.violation.severity)

    def _lead(self, summary: Summary) -> str:
        return " ".join([*map(text, few_columns(self._about)), ending(summary)])

    def _findings(self, summary: Summary) -> str:
        listed = self._store.listed(summary.notices, {warning_key(each.first) for each in summary.frequent})
        total = self._count - sum(each.findings for each in summary.frequent)
        single = len(self._about.files) == 1
        return findings_of(listed, total, values=self._values, single=single) if listed else ""


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FILES} more" if len(names) > _FILES else ""
    return text(", ".join(names[:_FILES]) + more)


def _figures(summary: Summary) -> str:
    figures = [("records", "", summary.records)]
    figures += [(phrase, action, summary.actions.get(action, 0)) for action, phrase in done(summary).items()]
    figures += [("violations", "error", summary.violations), ("warnings", "warning", summary.warnings)]
    return "".join(
        f'<div class="{colour}"><dt>{name}</dt><dd>{count:,}</dd></div>' for name, colour, count in figures
    )
