"""How often and how fast requests are sent, without waiting for it."""

import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest
from attrs import define, field

from participant_rules.http import NoResponse, Request, Response
from participant_rules.sending import Clock, Pace, RateLimit, Retry, sending
from participant_rules.steps import hold

GET = Request("GET", "/a")
NOW = 1_700_000_000.0


@define
class World:
    """A clock that sleeping moves on, and a server with prepared responses."""

    responses: list[Response | Exception]
    seconds: float = 0.0
    naps: list[float] = field(factory=list)
    sent: list[float] = field(factory=list)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.naps.append(round(seconds, 6))
        self.seconds += seconds

    def carry(self, _: Request) -> Response:
        """The next response."""
        self.sent.append(round(self.seconds, 6))
        response = self.responses.pop(0)
        if isinstance(response, Exception):
            raise response
        return response

    def send(self, request: Request = GET, retry: Retry | None = None, pace: Pace | None = None) -> Response:
        """Send a request in this world."""
        clock = Clock(now=lambda: NOW + self.seconds, monotonic=lambda: self.seconds)
        steps = sending(request, self.carry, retry=retry or Retry(), pace=pace, clock=clock, sleep=self.sleep)
        return hold(steps)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "get"])
def test_a_repeatable_call_is_sent_again(method: str) -> None:
    """No response, or one that says "later", leads to another attempt, each after twice the time."""
    world = World([NoResponse(), Response(503), Response(200)])
    assert world.send(Request(method, "/a")).status == 200
    assert world.naps == [0.5, 1.0]


def test_a_post_is_never_sent_again() -> None:
    """The effect of the first one on the server is unknown."""
    world = World([Response(503), Response(200)])
    assert world.send(Request("POST", "/a")).status == 503
    with pytest.raises(NoResponse):
        World([NoResponse(), Response(200)]).send(Request("POST", "/a"))


@pytest.mark.parametrize("lost", [NoResponse(), Response(502), Response(503), Response(504)])
def test_a_request_knows_whether_it_can_be_repeated(lost: Response | Exception) -> None:
    """The request's own word goes before its method's default."""
    assert World([lost, Response(200)]).send(Request("POST", "/a", repeatable=True)).status == 200
    world = World([lost, Response(200)])
    try:
        assert world.send(Request("PUT", "/a", repeatable=False)) is lost
    except NoResponse as failure:
        assert failure is lost  # noqa: PT017  one of the cases is no exception
    assert world.sent == [0.0]


@pytest.mark.parametrize("request_", [Request("POST", "/a"), Request("PUT", "/a", repeatable=False)])
def test_whoever_is_throttled_comes_again(request_: Request) -> None:
    """A server that answers 429 has not acted, so any request may come again, but not for ever."""
    assert World([Response(429), Response(200)]).send(request_).status == 200
    assert World([Response(429), Response(429), Response(429)]).send(request_).status == 429


def test_attempts_come_to_an_end() -> None:
    """The last response is the caller's, and so is the last failure."""
    assert World([Response(502), Response(502), Response(429)]).send().status == 429
    with pytest.raises(NoResponse):
        World([NoResponse(), NoResponse(), NoResponse()]).send()
    assert World([Response(502)]).send(retry=Retry(attempts=1)).status == 502


@pytest.mark.parametrize("status", [200, 400, 401, 404, 500])
def test_other_responses_are_final(status: int) -> None:
    """Refusals and errors would only be repeated."""
    world = World([Response(status)])
    assert world.send().status == status
    assert world.naps == []


@pytest.mark.parametrize(
    ("headers", "nap"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": formatdate(NOW + 9, usegmt=True)}, 9.0),
        ({"Retry-After": formatdate(NOW - 9, usegmt=True)}, 0.0),
        ({"Retry-After": "soon"}, 0.5),
        ({"Retry-After": "Mon, 01 Jan 99999999999 00:00:00 GMT"}, 0.5),
        ({"Retry-After": "Mon, 01 Jan 2020 00:00:00 +99999999999999"}, 0.5),
        (
            {"X-RateLimit-Reset-Per-Sec": str(int(NOW) + 1), "X-RateLimit-Reset-Per-Min": str(int(NOW) + 42)},
            42.0,
        ),
        ({"X-RateLimit-Reset-Per-Min": str(int(NOW) - 42)}, 0.0),
        ({"X-RateLimit-Reset-Per-Min": "-"}, 0.5),
        ({}, 0.5),
    ],
)
def test_the_server_decides_how_long_to_wait(headers: dict[str, str], nap: float) -> None:
    """In seconds, as a date, or as the moment of the next request."""
    world = World([Response(429, headers), Response(200)])
    assert world.send().status == 200
    assert world.naps == [nap]


def test_a_server_that_wants_too_much_gets_no_second_attempt() -> None:
    """A caller is not left waiting for an hour."""
    assert World([Response(503, {"Retry-After": "3600"}), Response(200)]).send().status == 503


def test_one_call_a_second_and_ten_a_minute() -> None:
    """Twenty calls at once are sent in the places that the limit leaves."""
    world, pace = World([Response(200) for _ in range(21)]), Pace(RateLimit())
    for _ in range(21):
        world.send(pace=pace)
    assert world.sent == [*range(10), *range(60, 70), 120]


def test_a_second_attempt_takes_its_place_too() -> None:
    """A retry is a call like any other."""
    world = World([Response(503), Response(200)])
    world.send(retry=Retry(backoff=0.1), pace=Pace(RateLimit()))
    assert world.sent == [0.0, 1.0]


def test_time_that_passes_is_not_waited_for() -> None:
    """A slow caller never waits."""
    world, pace = World([Response(200), Response(200)]), Pace(RateLimit())
    world.send(pace=pace)
    world.seconds = 5.0
    world.send(pace=pace)
    assert world.naps == []


def test_the_clock_is_the_systems() -> None:
    """Without another one."""
    clock = Clock()
    assert abs(clock.now() - time.time()) < 60
    assert clock.monotonic() <= time.monotonic()


def test_threads_share_a_pace() -> None:
    """Each gets a place of its own."""
    reserve: Callable[[float], float] = Pace(RateLimit(a_second=2, a_minute=3)).reserve
    places: list[Any] = [reserve(0.0) for _ in range(5)]
    assert places == [0.0, 0.0, 1.0, 60.0, 60.0]
