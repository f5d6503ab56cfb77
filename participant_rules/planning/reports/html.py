"""A plan as one web page that needs no network and no code: figures, then a table."""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Final, TextIO

from participant_rules.batch.outcomes import About, Finding
from participant_rules.batch.reports.phrases import spot, title, visible
from participant_rules.planning.records import PlannedRecord, Totals
from participant_rules.planning.reports.phrases import (
    UNKNOWN,
    change_phrases,
    figures,
    finding_phrase,
    notice_phrases,
)

__all__ = ["HtmlPlan"]

_MOST: Final = 10_000


class HtmlPlan:
    """Keeps the first rows of the table; all is written at the end."""

    def __init__(self, out: TextIO, about: About, *, values: bool = False, most: int = _MOST) -> None:
        self._out, self._about, self._values, self._most = out, about, values, most
        self._rows: list[str] = []
        self._count = 0

    def add(self, planned: PlannedRecord, /) -> None:
        """A row for the record, or one for each change and each finding of it."""
        for cells in self._rows_of(planned):
            self._count += 1
            if len(self._rows) < self._most:
                row = "".join(f"<td>{escape(each)}</td>" for each in cells)
                self._rows.append(f'<tr class="{planned.outcome.action}">{row}</tr>')

    def end(self, totals: Totals, notices: Sequence[Finding] = (), /) -> None:
        """The page."""
        page = files("participant_rules.planning.reports").joinpath("plan.html").read_text("utf-8")
        left_out = self._count - len(self._rows)
        notes = [UNKNOWN] if not totals.known else []
        notes += [f"The table has the first {len(self._rows):,} of {self._count:,} rows."] if left_out else []
        notes += notice_phrases(notices, is_single=len(self._about.files) == 1)
        heads = ["Place", "Action", "Member", "What becomes of it", *(["Values"] if self._values else [])]
        self._out.write(
            Template(page).substitute(
                title=escape(title(self._about.family)),
                files=escape(visible(", ".join(self._about.files))),
                notes="".join(f"<p>{escape(each)}</p>\n" for each in notes),
                figures="\n".join(f"<div><dt>{name}</dt><dd>{n:,}</dd></div>" for name, n in figures(totals)),
                heads="".join(f'<th scope="col">{each}</th>' for each in heads),
                rows="\n".join(self._rows),
            )
        )

    def _rows_of(self, planned: PlannedRecord) -> Iterator[tuple[str, ...]]:
        outcome, effect = planned.outcome, planned.effect
        action = f"{outcome.action}, invited" if effect.invited else outcome.action
        begin = (visible(spot(outcome.place, named=len(self._about.files) != 1)), action)
        blank = ("",) if self._values else ()
        for change, column in zip(effect.changes, planned.columns, strict=True):
            member, kind, pair = change_phrases(change, column, values=self._values)
            yield (*begin, member, kind, *([pair] if self._values else []))
        for finding in outcome.findings:
            yield (*begin, "", finding_phrase(finding), *blank)
        if not (effect.changes or outcome.findings):
            yield (*begin, "", "", *blank)
