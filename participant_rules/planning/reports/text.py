"""A plan for people: the totals, then record by record."""

from collections.abc import Iterator, Sequence
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import Final, TextIO

from participant_rules.batch.outcomes import About, Finding
from participant_rules.batch.reports.phrases import visible
from participant_rules.planning.records import PlannedRecord, Totals
from participant_rules.planning.reports.phrases import (
    change_phrases,
    finding_phrase,
    lines_of_totals,
    notice_phrases,
)

__all__ = ["TextPlan"]

_IN_MEMORY: Final = 1 << 20


class TextPlan:
    """Keeps the lines of records in a temporary file until the totals are known."""

    def __init__(self, out: TextIO, about: About, *, values: bool = False) -> None:
        self._out, self._values, self._file = out, values, ""
        self._is_single = len(about.files) == 1
        self._lines = SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="")  # noqa: SIM115  closed at the end

    def add(self, planned: PlannedRecord, /) -> None:
        """A line for the record, one for each change, and one for each finding."""
        self._lines.writelines(f"{line}\n" for line in self._lines_of(planned))

    def end(self, totals: Totals, notices: Sequence[Finding] = (), /) -> None:
        """The totals, then the notices, then the records."""
        for block in ([*lines_of_totals(totals)], [*notice_phrases(notices, is_single=self._is_single)]):
            if block:
                self._out.writelines(f"{line}\n" for line in [*block, ""])
        with self._lines as lines:
            lines.seek(0)
            copyfileobj(lines, self._out)

    def _lines_of(self, planned: PlannedRecord) -> Iterator[str]:
        outcome, effect = planned.outcome, planned.effect
        if outcome.file != self._file:
            self._file = outcome.file
            yield visible(outcome.file)
        invited = ", is invited" if effect.invited else ""
        yield f"row {outcome.place.row}  {outcome.action}{invited}"
        for change, column in zip(effect.changes, planned.columns, strict=True):
            phrases = change_phrases(change, column, values=self._values)
            yield "  " + "  ".join(each for each in phrases if each)
        yield from (f"  {finding_phrase(each)}" for each in outcome.findings)
