"""The definition that records are judged by: the options that name it, its table layout and its task."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

from attrs import field, frozen
from cyclopts import Parameter

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from participant_rules.batch.files import Layout
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.survey import SurveyLayout, variable_names
from participant_rules.cli.definitions import ProjectFile, SurveyFile, one_definition
from participant_rules.cli.own import Rules, own_of, usable
from participant_rules.cli.reading import FLAG
from participant_rules.cli.rules import Family
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.unusable import Unusable
from participant_rules.wire import Malformed

__all__ = ["NOBODY", "Against", "JudgedBy"]


TaskT = TypeVar("TaskT", ProjectTask, SurveyTask)


@frozen
class Against:
    """A definition: its table layout and its task."""

    family: Family
    layout: Layout
    task: ProjectTask | SurveyTask
    rules: Rules = field(factory=dict, repr=False)
    """Rules of one's own; without any, the documented ones judge."""


@Parameter(name="*")
@frozen
class JudgedBy:
    """What records are judged by: the options that `check`, `plan` and `send` have in common.

    Args:
        survey_file: The definition of a survey, with its stored participants if they are known.
        project_file: The definition of a project, with its stored participants; without it an empty project,
            which nothing is sent to.
        operation: How the records are sent to a survey: update (the default) or add.
        allow_update: Records may update stored participants of a project.
        rules: Rules of your own: a mapping from calls to rule sets in a Python module, as "mymodule:RULES".
        facts: Facts that these rules read: a mapping from names to facts, as "mymodule:FACTS".
    """

    survey_file: SurveyFile = None
    project_file: ProjectFile = None
    operation: Literal["add", "update"] | None = None
    allow_update: Annotated[bool, FLAG] = False
    rules: str | None = None
    facts: str | None = None

    @property
    def definition(self) -> str | None:
        """The file of the definition; None without one."""
        return self.project_file if self.survey_file is None else self.survey_file

    def refuse_strange(self) -> None:
        """Raise Unusable for options that do not go together."""
        if self.survey_file is not None and (self.project_file is not None or self.allow_update):
            raise Unusable("--survey goes with --operation only, not with --project or --allow-update")
        if self.survey_file is None and self.operation is not None:
            raise Unusable("--operation needs --survey")

    def read(self, *, assume_empty: bool = True) -> Against:
        """The definition in the file; without one an empty project. Raises Unusable.

        A project whose definition has no participants has none; or they are unknown, without `assume_empty`.
        """
        family, given = one_definition(self.survey_file, self.project_file)
        own = own_of(self.rules, self.facts, family)
        try:
            if family == "survey":
                return _against_survey(given.value, self.operation or "update", own)
            return _against_project(
                given.value, own, allow_update=self.allow_update, assume_empty=assume_empty
            )
        except Malformed as wrong:
            raise given.unusable(wrong) from None


NOBODY = JudgedBy()
"""An empty project."""


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
