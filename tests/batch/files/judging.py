"""Files that are judged as the command line judges them."""

from pathlib import Path
from typing import Any, Final, NamedTuple

from participant_rules.batch import ProjectTask, SurveyTask, check_sources
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.survey import SurveyLayout
from participant_rules.memory import MemoryProjects
from participant_rules.project.model import Project
from participant_rules.survey.model import Survey
from tests.batch.files.samples import opened

__all__ = ["DEFINITION", "Judged", "in_project", "in_survey"]

DEFINITION: Final = {
    "id": "P",
    "customFields": [
        {"name": "Weight", "type": "Decimal"},
        {"name": "Visits", "type": "Integer"},
        {"name": "Notes", "type": "Text"},
        {"name": "Seen", "type": "Date"},
    ],
    "participants": [
        {"participantIdentifier": "001", "demographics": {"email": "ana@example.com", "firstName": "Ana"}},
        {"participantIdentifier": "002", "demographics": {"email": "bo@example.com"}},
    ],
}


class Judged(NamedTuple):
    """The outcomes of records, the findings on them (code and row), and the notices on the file."""

    actions: list[str]
    findings: list[tuple[str, int]]
    notices: list[str]


def in_project(
    folder: Path,
    data: bytes | str,
    name: str = "people.csv",
    *,
    allow_update: bool = True,
    definition: Any = DEFINITION,
    **options: Any,
) -> Judged:
    """A file of a project's participants."""
    project = Project.from_json(definition)
    task = ProjectTask(project, MemoryProjects.from_json([definition]), allow_update=allow_update)
    return _judged(opened(folder, data, ProjectLayout(project), name, **options), task)


def in_survey(folder: Path, data: bytes | str, *, group: bool = False, **options: Any) -> Judged:
    """A file of participants that are added to a survey."""
    survey = Survey.from_json(
        {"id": "S", "invited": True, "loggedOn": True, "group": group, "inviteSeeding": ["surname"]}
    )
    return _judged(opened(folder, data, SurveyLayout(survey), **options), SurveyTask(survey, None, "add"))


def _judged(source: Any, task: Any) -> Judged:
    outcomes = list(check_sources([source], task))
    return Judged(
        [each.action for each in outcomes],
        [(found.violation.code, found.place.row) for each in outcomes for found in each.findings],
        [each.violation.code for each in source.notices],
    )
