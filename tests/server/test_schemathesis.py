"""Whatever the description allows, and much that it does not, is answered as it describes."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis import Case
from schemathesis.config import SchemathesisConfig

from tests.server.described import FEW, OPEN, ask

pytest_plugins = ["schemathesis.pytest.plugin"]  # plugins are not loaded by themselves: see pyproject.toml

EXAMPLES_ALONE = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})
examples = schemathesis.openapi.from_asgi("/openapi.json", OPEN, config=EXAMPLES_ALONE)


@pytest.fixture(scope="module")
def reached() -> Iterator[dict[str, set[int]]]:
    """The statuses that each operation has answered; 200 is to be one of them."""
    found: dict[str, set[int]] = defaultdict(set)
    yield found
    assert [label for label, statuses in found.items() if 200 not in statuses] == []


@examples.parametrize()
@FEW
def test_a_few_requests(case: Case[Any], reached: dict[str, set[int]]) -> None:
    """Of every operation, its examples first."""
    ask(case, reached)
