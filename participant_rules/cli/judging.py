"""Judging the records of files, with a bar, a report and verdicts for copies."""

import gc
from collections.abc import Sequence
from importlib.util import find_spec

from participant_rules import jsontext
from participant_rules.batch import check_sources
from participant_rules.batch.copies import Verdicts
from participant_rules.batch.files import FileSource
from participant_rules.batch.fixing import Fixed
from participant_rules.batch.judges import Task
from participant_rules.batch.repairs import Repairer
from participant_rules.batch.reports import Report
from participant_rules.batch.summary import SummaryCounter
from participant_rules.cli.progress import progress

__all__ = ["judge"]


def judge(  # noqa: PLR0917  told apart by their types
    task: Task,
    sources: Sequence[FileSource],
    report: Report,
    counter: SummaryCounter,
    verdicts: Verdicts | None,
    untold: dict[str, str],
    max_errors: int | None,
    repaired: Fixed | None,
    *,
    values: bool,
    jobs: int,
) -> bool:
    """Judge the records, and pass each to the report; returns whether it stopped early.

    `untold` takes in the rules that could not judge a record, and the facts that they lacked.
    """
    gc.freeze()  # definitions and stored participants stay until the end
    repairer = Repairer(task.schema) if repaired is None else repaired.repairer
    with progress(sum(each.size for each in sources)) as advance:
        outcomes = check_sources(
            sources,
            task,
            values=values,
            repairer=repairer,
            glance=_glance(),
            jobs=jobs,
            progress=advance,
            untold=untold,
        )
        for outcome in outcomes if repaired is None else repaired.listed(outcomes, values=values):
            counter.add(outcome)
            report.add(outcome)
            if verdicts is not None:
                verdicts.add(outcome)
            if max_errors is not None and counter.violations >= max_errors:
                outcomes.close()
                return True
    return False


def _glance() -> jsontext.Glance:
    """The fastest sound decoder that is installed."""
    if find_spec("msgspec") is None:
        return jsontext.glance
    from participant_rules.adapters.msgspec import glance  # noqa: PLC0415  the extra may not be there

    return glance
