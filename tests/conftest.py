"""Hypothesis profiles: `ci`, which repeats itself, for every run; `--hypothesis-profile heavy` looks on."""

import gc
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("ci", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("heavy", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("ci")


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Time is measured without the collector of garbage, which walks over all that other tests have left."""
    gc.disable()
    yield
    gc.enable()
