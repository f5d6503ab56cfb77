"""Judging the records of files, with a bar, a report and verdicts for copies."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from attrs import frozen

from participant_rules import jsontext
from participant_rules.batch import check_sources
from participant_rules.batch.copies import Verdicts
from participant_rules.batch.files import FileSource
from participant_rules.batch.files.filled import filled
from participant_rules.batch.files.tables import Table
from participant_rules.batch.fixing import Fixed
from participant_rules.batch.judges import Task
from participant_rules.batch.outcomes import About, Outcome, Summary
from participant_rules.batch.repairs import Repairer
from participant_rules.batch.reports import Format
from participant_rules.batch.summary import SummaryCounter, notices_of
from participant_rules.cli.progress import progress
from participant_rules.cli.reporting import begun_report

__all__ = ["Judging"]


class _Recorder(Protocol):
    """A receiver of outcomes."""

    def add(self, outcome: Outcome, /) -> object:
        """Take in the outcome of a record."""


@frozen
class Judging:
    """The judging of records, and its report.

    `most` is the number of violations at which it stops. With `values` findings show the values that they are
    about.
    """

    form: Format
    output: Path | None = None
    values: bool = False
    every_warning: bool = False
    most: int | None = None
    jobs: int = 1

    def report(
        self,
        task: Task,
        sources: Sequence[FileSource],
        about: About,
        *,
        verdicts: Verdicts | None = None,
        repaired: Fixed | None = None,
    ) -> tuple[SummaryCounter, Summary]:
        """Judge the records of files and write the report; `verdicts` take in the outcomes for copies."""
        counter, untold = SummaryCounter(every_warning=self.every_warning), dict[str, str]()
        with begun_report(self.form, self.output, about, values=self.values) as report:
            recorders: list[_Recorder] = [counter, report]
            recorders += [] if verdicts is None else [verdicts]
            with self._outcomes(task, sources, repaired, untold) as outcomes:
                stopped = self._record(outcomes, counter, recorders)
            notices = [notice for source in sources for notice in notices_of(source)]
            tables = [each for each in sources if self.form == "html" and isinstance(each, Table)]
            counts = {each.name: filled(each) for each in tables}
            summary = counter.summary(notices, stopped=stopped, filled=counts, skipped=untold)
            report.end(summary)
        return counter, summary

    def _record(
        self, outcomes: Iterable[Outcome], counter: SummaryCounter, recorders: Sequence[_Recorder]
    ) -> bool:
        """Pass each outcome on; returns whether it stopped early."""
        for outcome in outcomes:
            for each in recorders:
                each.add(outcome)
            if self.most is not None and counter.violations >= self.most:
                return True
        return False

    @contextmanager
    def _outcomes(
        self,
        task: Task,
        sources: Sequence[FileSource],
        repaired: Fixed | None,
        untold: dict[str, str],
    ) -> Iterator[Iterable[Outcome]]:
        """The outcomes of records, with a bar; `untold` takes in rules that could not judge, and why."""
        gc.freeze()  # definitions and stored participants stay until the end
        repairer = Repairer(task.schema) if repaired is None else repaired.repairer
        with progress(sum(each.size for each in sources)) as advance:
            outcomes = check_sources(
                sources,
                task,
                values=self.values,
                repairer=repairer,
                glance=_glance(),
                jobs=self.jobs,
                progress=advance,
                untold=untold,
            )
            with closing(outcomes):
                yield outcomes if repaired is None else repaired.listed(outcomes, values=self.values)


def _glance() -> jsontext.Glance:
    """The fastest sound decoder that is installed."""
    if find_spec("msgspec") is None:
        return jsontext.glance
    from participant_rules.adapters.msgspec import glance  # noqa: PLC0415  the extra may not be there

    return glance
