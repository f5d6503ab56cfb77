"""How long a sender bears with a server, and how it waits."""

import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from attrs import field, frozen

from participant_rules.http import NoResponse, Response, Unexpected
from participant_rules.sending import CLOCK, Clock, Retry
from participant_rules.violations import Refused

__all__ = ["Patience", "Stopped", "is_lost", "is_throttled"]

T = TypeVar("T")

TOO_MANY: Final = 429
_FAILURES: Final = 500  # and above: the server's own, after which nobody knows what it has done
_SUCCESSES: Final = range(200, 300)  # one of which is documented


class Stopped(Exception):
    """Sending has come to an end before all was sent; `resumable` where another run goes on from here."""

    def __init__(self, why: str, *, resumable: bool = True) -> None:
        super().__init__(why)
        self.resumable = resumable


def is_throttled(failure: Exception) -> bool:
    """Whether the server has not acted, since there were too many calls."""
    return isinstance(failure, Unexpected) and failure.response.status == TOO_MANY


def is_lost(failure: Exception) -> bool:
    """Whether the effect on the server is unknown: no answer, a failure of its own, or an odd success."""
    if isinstance(failure, Unexpected):
        return failure.response.status >= _FAILURES or failure.response.status in _SUCCESSES
    return isinstance(failure, NoResponse)


@frozen
class Patience:
    """How often a call is made again, and how long is waited in between.

    At most `attempts` calls in a row without success; the server says how long to wait (`Retry-After` and
    others, up to `longest` seconds), otherwise it is `backoff` seconds, doubled each time up to a minute.
    `sleep` waits, `told` is called with the seconds before a wait of more than one.
    """

    attempts: int = 8
    backoff: float = 0.5
    longest: float = 3_900.0  # an hour's limit, and a little
    clock: Clock = field(default=CLOCK, repr=False)
    sleep: Callable[[float], Any] = field(default=time.sleep, repr=False)
    told: Callable[[float], Any] = field(default=lambda _: None, repr=False)

    def wait(self, attempt: int, failure: Exception) -> None:
        """Wait after an attempt that failed, the first being 1; raises Stopped where it is the last."""
        if attempt >= self.attempts:
            raise Stopped(f"the server did not answer {attempt} calls in a row ({_named(failure)})")
        seconds = self._seconds(attempt, failure)
        if seconds > 1:
            self.told(seconds)
        self.sleep(seconds)

    def ask(self, call: Callable[[], T]) -> T:
        """The answer of a call that only reads, made again as often as it takes; raises Stopped."""
        attempt = 0
        while True:
            attempt += 1
            try:
                return call()
            except (NoResponse, Unexpected) as failure:
                if not (is_throttled(failure) or is_lost(failure)):
                    raise Stopped(str(failure)) from None
                self.wait(attempt, failure)

    def find(self, call: Callable[[], T]) -> T | None:
        """The same of a call that reads one participant: None where the server has no such participant."""
        try:
            return self.ask(call)
        except Refused as refused:
            if [each.code for each in refused.violations] == ["participant-not-found"]:
                return None
            raise

    def _seconds(self, attempt: int, failure: Exception) -> float:
        own = float(min(self.backoff * 2 ** (attempt - 1), 60.0))
        if not isinstance(failure, Unexpected):
            return own
        retry = Retry(longest_wait=self.longest, backoff=self.backoff)
        seconds = retry.wait(failure.response, attempt, self.clock.now())
        if seconds is None and failure.response.status in retry.statuses:
            raise Stopped("the server asks for too long a wait")
        return own if seconds is None else float(seconds)


def _named(failure: Exception) -> str:
    response: Response | None = getattr(failure, "response", None)
    return "no response" if response is None else f"status {response.status}"
