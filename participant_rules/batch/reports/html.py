"""The findings as one web page that needs no network: totals, a bar chart, a table to search and sort."""

from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from typing import Final, TextIO

from participant_rules.batch.outcomes import About, Finding, Outcome, Summary
from participant_rules.batch.reports.phrases import (
    STOPPED,
    also,
    clipped,
    done,
    ending,
    explained,
    few_columns,
    title,
    visible,
)
from participant_rules.rules import Rule
from participant_rules.violations import Severity

__all__ = ["HtmlReport"]

_MOST: Final = 10_000
_HEADS: Final = ("File", "Row", "Column", "Reason", "Rule", "Provenance", "Severity")
_FILES: Final = 20


class HtmlReport:
    """Keeps the first 10,000 findings, since the page begins with the totals; all is written at the end.

    The page is complete without JavaScript, which only searches, sorts and pages the table.
    """

    def __init__(self, out: TextIO, *, values: bool = False, most: int = _MOST) -> None:
        self._out = out
        self._values = values
        self._most = most
        self._rows: list[str] = []
        self._counts = Counter[str]()
        self._severities: dict[str, Severity] = {}

    def begin(self, about: About, /) -> None:
        """The heading, and where each law comes from."""
        self._about = about
        self._rules: Mapping[str, Rule] = {each.code: each for each in about.rules}

    def add(self, outcome: Outcome, /) -> None:
        """Keep the findings, while there is room."""
        for finding in outcome.findings:
            self._take(finding)

    def end(self, summary: Summary, /) -> None:
        """The page."""
        rows, self._rows = self._rows, []
        for notice in summary.notices:
            self._take(notice)
        self._rows += rows[: self._most - len(self._rows)]
        style, script = _part("page.css"), _part("page.js")
        page = {
            "title": title(self._about.family),
            "lead": " ".join([*map(_text, few_columns(self._about)), ending(summary)]),
            "files": _names(self._about.files),
            "figures": _figures(summary),
            "stopped": f'<p class="note">{STOPPED}</p>\n' if summary.stopped else "",
            "findings": (self._findings() if self._counts else "<p>Nothing was found.</p>") + self._columns(),
        }
        code = {"style": style, "style_hash": _hash(style), "script": script, "script_hash": _hash(script)}
        self._out.write(Template(_part("page.html")).substitute(page | code))

    def _take(self, finding: Finding) -> None:
        self._counts[finding.violation.code] += 1
        self._severities.setdefault(finding.violation.code, finding.violation.severity)
        if len(self._rows) < self._most:
            self._rows.append(self._row(finding))

    def _row(self, finding: Finding) -> str:
        place, violation = finding.place, finding.violation
        cells = [
            _text(place.file),
            str(place.row),
            _text(place.column or violation.pointer or "whole record"),
            _text(f"{violation.text} {also(finding)}".strip()),
            f"<code>{_text(violation.code)}</code>",
            _text(self._provenance(finding)),
            violation.severity.value,
        ]
        if self._values:
            cells.append(_text(clipped(finding.value or "")))
        row = "".join(f"<td>{each}</td>" for each in cells)
        return f'<tr class="{violation.severity.value}" data-code="{_text(violation.code)}">{row}</tr>'

    def _provenance(self, finding: Finding) -> str:
        source, rule = finding.violation.source, self._rules.get(finding.violation.code)
        return " · ".join(each for each in (source.kind, source.section, rule.basis if rule else "") if each)

    def _findings(self) -> str:
        heads = (*_HEADS, "Value") if self._values else _HEADS
        listed, total = len(self._rows), self._counts.total()
        bound = f'<p class="bound">The table has the first {listed:,} of {total:,} findings.</p>\n'
        return Template(_part("findings.html")).substitute(
            chart=self._chart(),
            bound=bound if listed < total else "",
            head="".join(
                f'<th scope="col"><button type="button" disabled>{each}</button></th>' for each in heads
            ),
            rows="\n".join(self._rows),
        )

    def _columns(self) -> str:
        """How the columns of the tables are read."""
        lists = [
            f"<details><summary>Columns of {_text(name)}</summary><ul>"
            + "".join(f"<li>{_text(line)}</li>" for line in explained(columns))
            + "</ul></details>"
            for name, columns in self._about.columns.items()
        ]
        return "".join(lists)

    def _chart(self) -> str:
        """A bar a rule, errors before warnings, the most frequent first."""
        most = max(self._counts.values())
        ordered = sorted(self._counts.items(), key=lambda each: (self._severities[each[0]], -each[1]))
        return "".join(self._bar(code, count, most) for code, count in ordered)

    def _bar(self, code: str, count: int, most: int) -> str:
        rule = self._rules.get(code)
        law = f"<small>{_text(rule.law)}</small>" if rule else ""
        width = max(100 * count / most, 0.5)
        return (
            f'<li><button type="button" class="{self._severities[code].value}" data-code="{_text(code)}" '
            f"disabled><code>{_text(code)}</code>"
            f'<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect width="{width:.1f}" height="1"/></svg>'
            f'<span class="count">{count:,}</span>{law}</button></li>'
        )


def _text(text: str) -> str:
    """A text of a file or a rule, as text and never as markup."""
    return escape(visible(text))


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FILES} more" if len(names) > _FILES else ""
    return _text(", ".join(names[:_FILES]) + more)


def _figures(summary: Summary) -> str:
    figures = [("records", "", summary.records)]
    figures += [(words, action, summary.actions.get(action, 0)) for action, words in done(summary).items()]
    figures += [("violations", "error", summary.violations), ("warnings", "warning", summary.warnings)]
    return "".join(
        f'<div class="{colour}"><dt>{name}</dt><dd>{count:,}</dd></div>' for name, colour, count in figures
    )


def _part(name: str) -> str:
    return files("participant_rules.batch.reports").joinpath(name).read_text("utf-8")


def _hash(code: str) -> str:
    """The hash by which the page's security policy knows its own code."""
    return b64encode(sha256(code.encode()).digest()).decode("ascii")
