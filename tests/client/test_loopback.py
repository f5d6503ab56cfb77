"""Transports into Apis of the same process."""

import asyncio

import pytest

from participant_rules import survey
from participant_rules.http import Request
from participant_rules.memory import AsyncLoopback, Loopback, MemorySurveys

ONE = survey.Api(MemorySurveys([survey.Survey(id="S1", invited=False, logged_on=True, group=False)]))
NONE = survey.Api(MemorySurveys())
REQUEST = Request("GET", "/surveys/S1/participants")


def test_the_longest_prefix_has_the_path() -> None:
    """Whatever the order of the Apis."""
    assert Loopback({"": NONE, "/surveys/": ONE}).send(REQUEST).status == 200
    assert Loopback({"": NONE, "/projects/": ONE}).send(REQUEST).status == 401


def test_a_path_that_no_api_has() -> None:
    """It is a fault of the program that put the transport together."""
    with pytest.raises(LookupError):
        Loopback({"/projects/": ONE}).send(REQUEST)
    with pytest.raises(LookupError):
        asyncio.run(AsyncLoopback({}).send(REQUEST))


def test_an_async_loopback() -> None:
    """It asks the async twin."""
    assert asyncio.run(AsyncLoopback({"": ONE}).send(REQUEST)).status == 200
