"""The definition that records are judged against: how its tables are read, and what judges its records."""

from typing import Literal

from attrs import frozen

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from participant_rules.batch.files import Layout
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.survey import SurveyLayout, variable_names
from participant_rules.batch.judges import Task
from participant_rules.cli.definitions import Definition, read_definition
from participant_rules.cli.rules import Family
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.wire import Malformed

__all__ = ["Against", "against_of"]


@frozen
class Against:
    """A definition: how its tables are read, and what judges its records."""

    family: Family
    layout: Layout
    task: Task


def against_of(
    survey_file: str | None,
    project_file: str | None,
    operation: Literal["add", "update"],
    *,
    allow_update: bool,
) -> Against:
    """The definition in a file; without one an empty project. Raises Unusable."""
    name = "survey" if survey_file is not None else "project"
    file = survey_file or project_file
    given = Definition("", "", {"id": ""}) if file is None else read_definition(file, name)
    data = given.value
    try:
        if survey_file is not None:
            surveyed = survey.Survey.from_json(data)
            known = MemorySurveys.from_json([data]) if "participants" in data else None
            layout = SurveyLayout(surveyed, variable_names(data))
            return Against("survey", layout, SurveyTask(surveyed, known, operation))
        definition, store = project.Project.from_json(data), MemoryProjects.from_json([data])
        task = ProjectTask(definition, store, allow_update=allow_update)
        return Against("project", ProjectLayout(definition), task)
    except Malformed as wrong:
        raise given.unusable(wrong) from None
