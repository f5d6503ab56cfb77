"""`participant-rules plan`: the effects of sending files, before anything is sent."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from participant_rules.batch.files import NOTICES
from participant_rules.batch.outcomes import About
from participant_rules.batch.repeats import REPEATS
from participant_rules.batch.summary import notices_of
from participant_rules.cli.against import against_of
from participant_rules.cli.arguments import (
    plan_form_of,
    refuse_odd_numbers,
    refuse_overwriting,
    refuse_strange,
)
from participant_rules.cli.definitions import ProjectFile, SurveyFile
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
    survey_file: SurveyFile = None,
    project_file: ProjectFile = None,
    operation: Literal["add", "update"] | None = None,
    allow_update: Annotated[bool, FLAG] = False,
    notify: Annotated[bool, FLAG] = False,
    rules: str | None = None,
    facts: str | None = None,
    reading: Reading = AS_FOUND,
    output_format: Annotated[PlanFormat | None, Parameter(name="--format")] = None,
    output: Path | None = None,
    show_values: Annotated[bool, FLAG] = False,
    jobs: int = 1,
) -> int:
    """Show the effects of sending records: totals, then each action, change, loss and invitation.

    Args:
        files: CSV, XLSX, JSON or JSON lines, also packed with gzip; - is standard input. All are one batch.
        survey_file: The definition of a survey, with its stored participants if they are known.
        project_file: The definition of a project, with its stored participants; without it an empty project.
        operation: How the records are sent to a survey: update (the default) or add.
        allow_update: Records may update stored participants of a project.
        notify: Participants that a project's bulk adds get an invitation.
        rules: Rules of your own: a mapping from calls to rule sets in a Python module, as "mymodule:RULES".
        facts: Facts that these rules read: a mapping from names to facts, as "mymodule:FACTS".
        reading: How the files are read.
        output_format: For people (text, html) or programs (json).
        output: The file for the plan; without it standard output.
        show_values: Show stored and new values. They are personal data.
        jobs: How many processes judge.
    """
    refuse_strange(files, survey_file, project_file, operation, allow_update=allow_update)
    refuse_odd_numbers(None, jobs)
    refuse_overwriting(files, [] if output is None else [output])
    form = plan_form_of(output_format, output)
    sent = operation or "update"
    against = against_of(survey_file, project_file, sent, allow_update=allow_update, rules=rules, facts=facts)
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
