"""The body of a request and its faults, for changes that the rules judge one by one."""

from typing import Any, TypeVar

from participant_rules import project, survey
from participant_rules.project.wire import read_change as read_project_change
from participant_rules.survey.wire import read_change as read_survey_change
from participant_rules.violations import Violation

EntityT = TypeVar("EntityT")

_OPERATIONS = {
    survey.Participant: survey.Operation.UPDATE,
    survey.Subject: survey.Operation.UPDATE_SUBJECT,
}


def asked_of_survey(entity: Any, payload: object, *limits: int) -> tuple[Any, tuple[Violation, ...]]:
    """The entity of a survey's body, and the faults."""
    change = read_survey_change(survey.Change(_OPERATIONS[entity]), payload, *limits)
    return change.asked, change.faults


def asked_of_project(payload: object, *limits: int) -> tuple[Any, tuple[Violation, ...]]:
    """The participant of a project's body, and the faults."""
    change = read_project_change(payload, project.Operation.PUT, "", *limits)
    return change.asked, change.faults
