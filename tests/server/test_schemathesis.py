"""Whatever the description allows, and much that it does not, is answered as it describes."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.server import MemoryStores, sandbox

pytest_plugins = ["schemathesis.pytest.plugin"]  # plugins are not loaded by themselves: see pyproject.toml

KINDS = {"S1": (True, True, True), "S2": (False, True, False), "S3": (True, False, False)}
SURVEYS = [
    {"id": name, "invited": invited, "loggedOn": logged_on, "group": group, "interviewers": None}
    for name, (invited, logged_on, group) in KINDS.items()
]
PROJECTS: list[dict[str, Any]] = [
    {"id": "P1"},
    {"id": "P2", "customFields": [{"name": "Smoker", "type": "Integer"}]},
]
NAMES = {"surveyId": [*KINDS, None], "projectId": ["P1", "P2", None]}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FEW = settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
MANY = settings(max_examples=300, deadline=None, suppress_health_check=[*HealthCheck])

STORES = MemoryStores(MemorySurveys.from_json(SURVEYS), MemoryProjects.from_json(PROJECTS))
schema = schemathesis.openapi.from_asgi("/openapi.json", sandbox(STORES))


def ask(case: Case[Any]) -> None:
    """Send it, most often to a survey or a project that is there; the answer is as described."""
    number = len(repr(case.path_parameters)) + len(repr(case.body))
    for name in case.path_parameters:
        known = NAMES.get(name, [None])
        case.path_parameters[name] = known[number % len(known)] or case.path_parameters[name]
    case.call_and_validate(checks=CHECKS)


@schema.parametrize()
@FEW
def test_a_few_requests(case: Case[Any]) -> None:
    """Of every operation."""
    ask(case)


@pytest.mark.heavy
@schema.parametrize()
@MANY
def test_many_requests(case: Case[Any]) -> None:
    """Of every operation."""
    ask(case)
