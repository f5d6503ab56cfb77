"""How a sender waits."""

import pytest

from participant_rules.delivery import Patience, Stopped
from participant_rules.delivery.waiting import is_lost, is_throttled
from participant_rules.http import NoResponse, Response, Unexpected
from participant_rules.sending import Clock

LOST = NoResponse("gone")


def odd(status: int, **headers: str) -> Unexpected:
    """An answer that no page documents."""
    return Unexpected(Response(status, {name.replace("_", "-"): value for name, value in headers.items()}))


def test_what_is_known_of_a_failure() -> None:
    """Nothing was done, or nobody knows."""
    failures = [LOST, odd(429), odd(500), odd(503), odd(200), odd(302), odd(413)]
    assert [is_throttled(each) for each in failures] == [False, True, False, False, False, False, False]
    assert [is_lost(each) for each in failures] == [True, False, True, True, True, False, False]


def test_the_server_decides_how_long() -> None:
    """Else it is longer each time, up to a minute; long waits are reported."""
    waited: list[float] = []
    shown: list[float] = []
    patience = Patience(20, 0.5, clock=Clock(lambda: 1000.0), sleep=waited.append, told=shown.append)
    for attempt, failure in enumerate([LOST, odd(500), LOST, odd(429, Retry_After="90"), odd(503), LOST], 1):
        patience.wait(attempt, failure)
    patience.wait(12, LOST)
    patience.wait(1, odd(429, X_RateLimit_Reset_Per_Min="1030"))
    assert waited == [0.5, 1.0, 2.0, 90.0, 8.0, 16.0, 60.0, 30.0]
    assert shown == [2.0, 90.0, 8.0, 16.0, 60.0, 30.0]


def test_when_it_is_given_up() -> None:
    """After so many calls, and where the server wants too long a wait."""
    with pytest.raises(Stopped, match=r"did not answer 3 calls in a row \(no response\)"):
        Patience(3).wait(3, LOST)
    with pytest.raises(Stopped, match=r"\(status 503\)"):
        Patience(3).wait(3, odd(503))
    with pytest.raises(Stopped, match="too long a wait"):
        Patience(3, longest=10).wait(1, odd(429, Retry_After="11"))


def test_asking_goes_on_until_there_is_an_answer() -> None:
    """But not where the answer is one that no server of these would give."""
    answers: list[Exception | str] = [LOST, odd(429), odd(502), "here"]

    def call() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    patience = Patience(sleep=lambda _: None)
    assert patience.ask(call) == "here"
    answers.append(odd(404))
    with pytest.raises(Stopped, match="404"):
        patience.ask(call)
