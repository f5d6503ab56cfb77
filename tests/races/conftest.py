"""A PostgreSQL for the tests of this folder."""

from collections.abc import Iterator

import pytest

from participant_rules.testing.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running server."""
    with Postgres() as server:
        yield server
