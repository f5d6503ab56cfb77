"""The vendors' limits."""

import json
import time
from typing import Any

import pytest

from participant_rules.http import Request
from participant_rules.sending import Retry
from participant_rules.server import Limits
from participant_rules.server.limits import Window
from tests.server.asking import ASSERTION, asking, form

SURVEY = "/surveys/S1/participants"
PROJECT = "/api/v1/administration/projects/P1/participants"


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def limited(headers: Any) -> dict[str, str]:
    """The headers about limits."""
    return {
        name.lower(): value
        for name, value in headers.items()
        if "ratelimit" in name.lower() or name.lower() == "retry-after"
    }


def test_a_survey() -> None:
    """One a second and ten a minute; the remaining number may be negative."""
    clock = Clock(600.25)
    ask = asking(limits=Limits(clock))
    first, second = (ask(Request("GET", SURVEY)) for _ in range(2))
    assert (first.status, second.status) == (200, 429)
    assert limited(first.headers) == {
        "x-ratelimit-limit-per-sec": "1",
        "x-ratelimit-remaining-per-sec": "0",
        "x-ratelimit-reset-per-sec": "601",
        "x-ratelimit-limit-per-min": "10",
        "x-ratelimit-remaining-per-min": "9",
        "x-ratelimit-reset-per-min": "601",
    }
    assert second.json() == {"message": "Too many requests."}
    assert second.header("Retry-After") == "1"
    assert second.header("X-RateLimit-Remaining-Per-Sec") == "-1"
    statuses = []
    for clock.now in range(601, 612):
        statuses.append(ask(Request("GET", SURVEY)))
    assert [each.status for each in statuses] == [200] * 8 + [429] * 3
    assert limited(statuses[-1].headers)["retry-after"] == "49"
    assert statuses[-1].header("X-RateLimit-Reset-Per-Min") == "660"
    other = Request("GET", SURVEY, headers={"X-USERNAME": "robin@example.com"})
    assert ask(other).status == 200
    clock.now = 660
    assert ask(Request("GET", SURVEY)).status == 200


def test_our_own_client_understands_it() -> None:
    """It waits as long as the server asks."""
    clock = Clock(time.time())
    ask = asking(limits=Limits(clock, second=Window(1, 100), minute=Window(60, 1)))
    ask(Request("GET", SURVEY))
    refused = ask(Request("GET", SURVEY))
    wait = Retry().wait(refused, 1, clock.now)
    assert wait == pytest.approx(60 - clock.now % 60, abs=1)


def test_a_project() -> None:
    """An hour's requests of the service, and of each participant."""
    clock = Clock(7200.5)
    ask = asking(limits=Limits(clock, service=Window(3600, 2), delegated=Window(3600, 1)))
    answers = [ask(Request("GET", PROJECT)) for _ in range(3)]
    assert [each.status for each in answers] == [200, 200, 429]
    assert limited(answers[0].headers) == {
        "ratelimit-limit": "2",
        "ratelimit-remaining": "1",
        "ratelimit-reset": "3600",
    }
    assert limited(answers[2].headers) == {
        "ratelimit-limit": "2",
        "ratelimit-remaining": "0",
        "ratelimit-reset": "3600",
        "retry-after": "3600",
    }
    assert json.loads(answers[2].body)["errors"] == [
        {"code": "too-many-requests", "pointer": "#", "detail": "Too many requests."}
    ]
    service = ask(form(**ASSERTION)).json()["access_token"]
    granted = ask(form(grant_type="delegated_participant", token=service, participant_id="B-1")).json()
    own = Request(
        "GET", f"{PROJECT}/B-1", {"queryByID": "true"}, {"Authorization": f"Bearer {granted['access_token']}"}
    )
    answers = [ask(own) for _ in range(2)]
    assert [each.status for each in answers] == [200, 429]
    assert answers[0].header("RateLimit-Limit") == "1"


def test_the_vendors_numbers() -> None:
    """As they are published."""
    limits = Limits()
    windows = (limits.second, limits.minute, limits.service, limits.delegated)
    assert [(each.seconds, each.limit) for each in windows] == [(1, 1), (60, 10), (3600, 1000), (3600, 500)]


def test_what_is_no_call_is_not_limited() -> None:
    """The token endpoint, the description, and missing addresses."""
    limits = Limits(Clock(60), second=Window(1, 0), service=Window(3600, 0))
    ask = asking(limits=limits)
    assert ask(form(**ASSERTION)).status == 200
    assert ask(Request("GET", "/openapi.json")).status == 200
    assert ask(Request("GET", "/surveys")).status == 404
    assert ask(Request("OPTIONS", SURVEY)).status == 204


def test_counts_of_an_earlier_period_are_forgotten() -> None:
    """So that a sandbox does not grow with its callers."""
    window = Window(60, 10)
    for now in range(0, 600, 60):
        for caller in range(100):
            assert window.remaining(str(caller), now) == 9
    assert len(window._counts) == 100


def test_callers_without_number() -> None:
    """Of very many in one period the first ones are forgotten, and nobody else."""
    window = Window(60, 10, most=50)
    for caller in range(500):
        assert window.remaining(f"{caller} " * 100, 0) == 9
    assert len(window._counts) == 50
    assert window.remaining("499 " * 100, 0) == 8
    assert window.remaining("0 " * 100, 0) == 9
