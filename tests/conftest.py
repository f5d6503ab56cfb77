"""Hypothesis profiles, and the common parts of the tests of several folders.

The profile `quick` draws the same few examples each time; `--hypothesis-profile heavy` draws many new ones.
"""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("quick", deadline=None, derandomize=True, max_examples=10)
settings.register_profile("heavy", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile("quick")


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Time is measured without the collector of garbage, which walks over all that other tests have left."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A running PostgreSQL, one a process for all tests; each test makes a database of its own in it."""
    from participant_rules.testing.postgres import Postgres  # noqa: PLC0415  before coverage is measured here

    with Postgres() as server:
        yield server
