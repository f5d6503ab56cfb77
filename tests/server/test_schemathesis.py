"""Whatever the description allows, and much that it does not, is answered as it describes."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from participant_rules import jsontext, project, survey
from participant_rules.server import Access, MemoryStores, sandbox
from tests.server.processes import ROOT

pytest_plugins = ["schemathesis.pytest.plugin"]  # plugins are not loaded by themselves: see pyproject.toml

EXAMPLES = ROOT / "docs" / "examples"
KINDS = {"S1": (True, True, True), "S2": (False, True, False), "S3": (True, False, False)}
SURVEYS = [json.loads((EXAMPLES / "survey.json").read_text())] + [
    {"id": name, "invited": invited, "loggedOn": logged_on, "group": group, "interviewers": None}
    for name, (invited, logged_on, group) in KINDS.items()
]
PROJECTS: list[dict[str, Any]] = [
    json.loads((EXAMPLES / "project.json").read_text()),
    {"id": "P1"},
    {"id": "P2", "customFields": [{"name": "Smoker", "type": "Integer"}]},
]
NAMES = {"surveyId": [*KINDS, None], "projectId": ["P1", "P2", None]}
FORMS = {
    "gender-unknown",
    "invitation-status-unknown",
    "date-of-birth-malformed",
    "utc-offset-malformed",
}
CODES = ({"text-malformed"} | {each.code for each in project.SENTENCES}) - FORMS

FEW = settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
MANY = settings(max_examples=300, deadline=None, suppress_health_check=[*HealthCheck])
WALKS = settings(max_examples=60, stateful_step_count=8, deadline=None, suppress_health_check=[*HealthCheck])

STORES = MemoryStores()
OPEN = sandbox(STORES)
CLOSED = sandbox(STORES, access=Access("robin@example.com", "k3y"))
EXAMPLES_ALONE = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})

schema = schemathesis.openapi.from_asgi("/openapi.json", OPEN)
examples = schemathesis.openapi.from_asgi("/openapi.json", OPEN, config=EXAMPLES_ALONE)
closed = schemathesis.openapi.from_asgi("/openapi.json", CLOSED)


@pytest.fixture(scope="module")
def reached() -> Iterator[dict[str, set[int]]]:
    """The statuses that each operation has answered; 200 is to be one of them."""
    found: dict[str, set[int]] = defaultdict(set)
    yield found
    assert [label for label, statuses in found.items() if 200 not in statuses] == []


def is_ours(answer: Any) -> bool:
    """Whether no schema can express a refusal.

    That is one of rules, of a token that was never issued, and of a NUL in a member that may be anything.
    Dates, offsets and choices it can express.
    """
    if "errors" in answer:
        return CODES.issuperset(each["code"] for each in answer["errors"])
    if "error" in answer:
        return bool(answer["error"] == "invalid_grant")
    sentence: str = answer["message"]
    known = any(laws.recognise(sentence) for laws in survey.RULES.values())
    return known or sentence == jsontext.text_malformed.violation().message


def ask(case: Case[Any], reached: dict[str, set[int]] | None = None) -> None:
    """Send it to a new sandbox, often about another survey or project; the answer is as described."""
    STORES.reset(SURVEYS, PROJECTS, None)
    mode = case.meta.generation.mode if case.meta else None
    if case.meta and case.meta.phase.name.value == "fuzzing" and mode is GenerationMode.POSITIVE:
        number = len(repr(case.path_parameters)) + len(repr(case.body))
        for name in case.path_parameters:
            known = NAMES.get(name, [None])
            case.path_parameters[name] = known[number % len(known)] or case.path_parameters[name]
    answer = case.call()
    case.validate_response(answer, excluded_checks=[positive_data_acceptance])
    if mode is GenerationMode.POSITIVE and answer.status_code == 400:
        assert is_ours(answer.json()), answer.text
    if reached is not None:
        reached[case.operation.label].add(answer.status_code)


@examples.parametrize()
@FEW
def test_a_few_requests(case: Case[Any], reached: dict[str, set[int]]) -> None:
    """Of every operation, its examples first."""
    ask(case, reached)


@pytest.mark.heavy
@schema.parametrize()
@MANY
def test_many_requests(case: Case[Any]) -> None:
    """Of every operation, and all that a description's values border on."""
    ask(case)


@pytest.mark.heavy
@closed.parametrize()
@FEW
def test_credentials(case: Case[Any]) -> None:
    """Where they are asked for nobody passes without."""
    answer = case.call()
    case.validate_response(answer, excluded_checks=[positive_data_acceptance])


def walk(settings: settings) -> None:
    """Follow the links of the description."""
    walked: dict[str, set[int]] = defaultdict(set)

    class Walk(schema.as_state_machine()):  # type: ignore[misc]  # a class that is made
        def setup(self) -> None:
            STORES.reset(SURVEYS, PROJECTS, None)

        def validate_response(self, response: Any, case: Case[Any], **options: Any) -> None:
            case.validate_response(response, excluded_checks=[positive_data_acceptance])
            walked[case.operation.label].add(response.status_code)

    run_state_machine_as_test(Walk, settings=settings)
    assert any(200 in statuses for statuses in walked.values())


@pytest.mark.heavy
def test_links() -> None:
    """One call after the other, with what the one before answered."""
    walk(WALKS)
