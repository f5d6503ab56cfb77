"""The definition that records are judged by: its table layout and its task."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, TypeVar

from attrs import field, frozen

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from participant_rules.batch.files import Layout
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.survey import SurveyLayout, variable_names
from participant_rules.cli.definitions import Definition, read_definition
from participant_rules.cli.own import Rules, own_of, usable
from participant_rules.cli.rules import Family
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.wire import Malformed

__all__ = ["Against", "against_of"]


TaskT = TypeVar("TaskT", ProjectTask, SurveyTask)


@frozen
class Against:
    """A definition: its table layout and its task."""

    family: Family
    layout: Layout
    task: ProjectTask | SurveyTask
    rules: Rules = field(factory=dict, repr=False)
    """Rules of one's own; without any, the documented ones judge."""


def against_of(
    survey_file: str | None,
    project_file: str | None,
    operation: Literal["add", "update"],
    *,
    allow_update: bool,
    rules: str | None = None,
    facts: str | None = None,
    assume_empty: bool = True,
) -> Against:
    """The definition in a file; without one an empty project. Raises Unusable.

    A project whose definition has no participants has none; or they are unknown, without `assume_empty`.
    `rules` and `facts` name objects of a module: rules of one's own, and facts for them.
    """
    name: Family = "survey" if survey_file is not None else "project"
    file = survey_file or project_file
    given = Definition("", "", {"id": ""}) if file is None else read_definition(file, name)
    own = own_of(rules, facts, name)
    try:
        if survey_file is not None:
            return _against_survey(given.value, operation, own)
        return _against_project(given.value, own, allow_update=allow_update, assume_empty=assume_empty)
    except Malformed as wrong:
        raise given.unusable(wrong) from None


def _against_survey(data: Any, operation: Literal["add", "update"], own: Mapping[str, Any]) -> Against:
    definition = survey.Survey.from_json(data)
    roster = MemorySurveys.from_json([data]) if "participants" in data else None
    task = _judging(partial(SurveyTask, definition, roster, operation, **own))
    return Against("survey", SurveyLayout(definition, variable_names(data)), task, own.get("rules", {}))


def _against_project(data: Any, own: Mapping[str, Any], *, allow_update: bool, assume_empty: bool) -> Against:
    definition, store = project.Project.from_json(data), MemoryProjects.from_json([data])
    roster = store if assume_empty or "participants" in data else None
    task = _judging(partial(ProjectTask, definition, roster, allow_update=allow_update, **own))
    return Against("project", ProjectLayout(definition), task, own.get("rules", {}))


def _judging(make: Callable[..., TaskT]) -> TaskT:
    """A task with usable rules; raises Unusable."""
    task = usable(make)
    usable(task.judge)
    return task
