"""Many more requests; a module of its own, since it takes seconds to make them."""

from collections import defaultdict
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from participant_rules.server import Access, sandbox
from tests.server.described import FEW, OPEN, PROJECTS, STORES, SURVEYS, ask

pytest_plugins = ["schemathesis.pytest.plugin"]

MANY = settings(max_examples=300, deadline=None, suppress_health_check=[*HealthCheck])
WALKS = settings(max_examples=60, stateful_step_count=8, deadline=None, suppress_health_check=[*HealthCheck])
CLOSED = sandbox(STORES, access=Access("robin@example.com", "k3y"))
schema = schemathesis.openapi.from_asgi("/openapi.json", OPEN)
closed = schemathesis.openapi.from_asgi("/openapi.json", CLOSED)


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


def value_reader(settings: settings) -> None:
    """Follow the links of the description."""
    by_value: dict[str, set[int]] = defaultdict(set)

    class Walk(schema.as_state_machine()):  # type: ignore[misc]  # a class that is made
        def setup(self) -> None:
            STORES.reset(SURVEYS, PROJECTS, None)

        def validate_response(self, response: Any, case: Case[Any], **options: Any) -> None:
            case.validate_response(response, excluded_checks=[positive_data_acceptance])
            by_value[case.operation.label].add(response.status_code)

    run_state_machine_as_test(Walk, settings=settings)
    assert any(200 in statuses for statuses in by_value.values())


@pytest.mark.heavy
def test_links() -> None:
    """One call after the other, with values from the answer before."""
    value_reader(WALKS)
