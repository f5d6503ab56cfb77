"""`participant-rules check`: judge the records of files before they are sent."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from attrs import evolve
from cyclopts import Parameter

from participant_rules import project, survey
from participant_rules.cli.files import Record, Unusable, read_definition, read_records
from participant_rules.cli.report import Outcome, print_json, print_text
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.project.wire import read_body
from participant_rules.survey.wire import read_body as read_participant
from participant_rules.unset import UNSET
from participant_rules.wire import Malformed

__all__ = ["check"]


def check(
    files: Annotated[list[str], Parameter(name="FILE", negative="", allow_leading_hyphen=True)],
    /,
    *,
    survey_file: Annotated[str | None, Parameter(name="--survey")] = None,
    project_file: Annotated[str | None, Parameter(name="--project")] = None,
    operation: Literal["add", "update"] | None = None,
    allow_update: Annotated[bool, Parameter(negative="")] = False,
    output_format: Annotated[Literal["text", "json"], Parameter(name="--format")] = "text",
) -> int:
    """Say what a server would answer to each record of the files, and everything that is wrong with it.

    Args:
        files: JSON (a payload, or a list of them) or JSON lines; - is standard input.
        survey_file: The definition of a survey, with its stored participants if they are known.
        project_file: The definition of a project, with its stored participants; without it an empty project.
        operation: How the records are sent to a survey: update (the default) or add.
        allow_update: Records may update stored participants of a project.
        output_format: For people (text) or for programs (json).
    """
    if survey_file is not None and (project_file is not None or allow_update):
        raise Unusable("--survey goes with --operation only, not with --project or --allow-update")
    if survey_file is None and operation is not None:
        raise Unusable("--operation needs --survey")
    if unknown := next((file for file in files if file.startswith("-") and file != "-"), None):
        raise Unusable(f"unknown option {unknown}")
    records = read_records(files)
    try:
        if survey_file is not None:
            outcomes = list(_of_survey(records, survey_file, operation or "update"))
        else:
            outcomes = list(_of_project(records, project_file, allow_update=allow_update))
    except Malformed as wrong:
        raise Unusable(f"{survey_file or project_file}: {wrong}") from None
    (print_json if output_format == "json" else print_text)(outcomes)
    return 1 if any(each.refused for each in outcomes) else 0


def _of_survey(
    records: Sequence[Record], file: str, operation: Literal["add", "update"]
) -> Iterator[Outcome]:
    """Each record is judged by its body, in order; later ones see what earlier accepted ones did."""
    data = read_definition(file)
    definition = survey.Survey.from_json(data)
    changes, unread = [], {}
    for position, record in enumerate(records):
        asked, faults = read_participant(survey.Participant, record.text)
        if asked is UNSET:
            unread[position] = faults
        else:
            changes.append(
                survey.Change(survey.Operation(operation), definition.id, asked=asked, faults=faults)
            )
    known = survey.Known(definition)
    if "participants" in data:
        known = MemorySurveys.from_json([data]).find(survey.keys(changes))
    decisions = iter(survey.decide_all(changes, known))
    for position, record in enumerate(records):
        if position in unread:
            yield Outcome(record, "none", unread[position])
        else:
            decision = next(decisions)
            yield Outcome(record, decision.action, (*decision.violations, *decision.warnings))


def _of_project(records: Sequence[Record], file: str | None, *, allow_update: bool) -> Iterator[Outcome]:
    """The records are one batch: later ones see what earlier accepted ones did."""
    data = {"id": ""} if file is None else read_definition(file)
    definition = project.Project.from_json(data)
    changes = [_row(record, definition.id) for record in records]
    known = MemoryProjects.from_json([data]).find(project.keys(changes))
    decisions = project.decide_all(changes, known, allow_update=allow_update)
    for row, (record, decision) in enumerate(zip(records, decisions, strict=True)):
        base = f"/participants/{row}"
        findings = [
            evolve(each, pointer=(each.pointer or "").removeprefix(base))
            for each in (*decision.violations, *decision.warnings)
        ]
        yield Outcome(record, decision.action, tuple(findings))


def _row(record: Record, project_id: str) -> project.Change:
    asked, faults = read_body(record.text)
    return project.Change(project.Operation.BULK, project_id, asked=asked, faults=faults)
