"""`participant-rules plan`: the effects of sending files, before anything is sent."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from participant_rules.batch.files import NOTICES
from participant_rules.batch.outcomes import About
from participant_rules.batch.repeats import REPEATS
from participant_rules.batch.summary import notices_of
from participant_rules.cli.against import NOBODY, JudgedBy
from participant_rules.cli.arguments import (
    COUNT,
    plan_form_of,
    refuse_overwriting,
    refuse_strange_files,
)
from participant_rules.cli.output import report_output
from participant_rules.cli.progress import progress
from participant_rules.cli.reading import AS_FOUND, FLAG, Reading
from participant_rules.cli.rules import catalogue_of
from participant_rules.planning import TotalsCounter, plan_sources
from participant_rules.planning.effects import effects_of
from participant_rules.planning.reports import PlanFormat, open_plan

__all__ = ["plan"]


def plan(
    *files: Annotated[str, Parameter(name="FILE", negative="", required=True, allow_leading_hyphen=True)],
    judged_by: JudgedBy = NOBODY,
    notify: Annotated[bool, FLAG] = False,
    reading: Reading = AS_FOUND,
    output_format: Annotated[PlanFormat | None, Parameter(name="--format")] = None,
    output: Path | None = None,
    show_values: Annotated[bool, FLAG] = False,
    jobs: Annotated[int, COUNT] = 1,
) -> int:
    """Show the effects of sending records: totals, then each action, change, loss and invitation.

    Args:
        files: CSV, XLSX, JSON or JSON lines, also packed with gzip; - is standard input. All are one batch.
        judged_by: What the records are judged by.
        notify: Participants that a project's bulk adds get an invitation.
        reading: How the files are read.
        output_format: For people (text, html) or programs (json).
        output: The file for the plan; without it standard output.
        show_values: Show stored and new values. They are personal data.
        jobs: How many processes judge.
    """
    judged_by.refuse_strange()
    refuse_strange_files(files, judged_by.definition)
    refuse_overwriting([*files, judged_by.definition], [output])
    form = plan_form_of(output_format, output)
    against = judged_by.read()
    sources = reading.sources(files, against.layout)
    laws = (*catalogue_of(against.family, against.rules), *NOTICES, *REPEATS)
    about = About(against.family, tuple(files), laws)
    counter = TotalsCounter(effects_of(against.task).known)
    with report_output(output) as out, progress(sum(each.size for each in sources)) as advance:
        report = open_plan(form, out, about, values=show_values)
        planned = plan_sources(
            sources, against.task, notify=notify, values=show_values, jobs=jobs, progress=advance
        )
        for each in planned:
            counter.add(each)
            report.add(each)
        totals = counter.totals()
        report.end(totals, [notice for each in sources for notice in notices_of(each)])
    return 1 if totals.actions.get("refused") else 0
