"""How often and how fast requests are sent: values for any transport, and a conversation that keeps to them.

A call whose answer is lost is sent again only where a second arrival does no harm. The request says so itself
(`Request.repeatable`); of one that does not the method tells: GET, PUT and DELETE, never POST.
"""

from collections import deque
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import partial
from threading import Lock
from time import monotonic, time
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge

from participant_rules.http import NoResponse, Request, Response
from participant_rules.steps import Steps

__all__ = ["CLOCK", "Clock", "Pace", "RateLimit", "Retry", "sending"]


@frozen
class Clock:
    """The time: `now` in seconds since 1970, `monotonic` in seconds that are never set back."""

    now: Callable[[], float] = time
    monotonic: Callable[[], float] = monotonic


CLOCK: Final = Clock()
"""The clock of the machine."""
TOO_MANY: Final = 429


@frozen
class RateLimit:
    """The limits on a server's calls; the defaults are Snap XMP Online's.

    "You should ensure that you don't attempt to make more than one call per second or more than ten calls per
    minute" (Handling Throttling).
    """

    a_second: int = field(default=1, validator=ge(1))
    a_minute: int = field(default=10, validator=ge(1))

    @property
    def windows(self) -> tuple[tuple[int, float], ...]:
        """How many calls fit into how many seconds."""
        return (self.a_second, 1.0), (self.a_minute, 60.0)


class Pace:
    """The places in time that a rate limit leaves; threads and tasks may share one."""

    def __init__(self, limit: RateLimit) -> None:
        self._windows = limit.windows
        self._taken: deque[float] = deque(maxlen=max(calls for calls, _ in limit.windows))
        self._lock = Lock()

    def reserve(self, now: float) -> float:
        """Take the next free place; how many seconds to wait for it."""
        with self._lock:
            free = [
                self._taken[-calls] + seconds for calls, seconds in self._windows if len(self._taken) >= calls
            ]
            place = max([now, *free])
            self._taken.append(place)
            return place - now


@frozen
class Retry:
    """When a call is sent again: after no response or one of `statuses`, at most `attempts` times in all.

    The server says how long to wait (`Retry-After`, or the `X-RateLimit-Reset-…` of Snap XMP Online);
    otherwise it is `backoff` seconds, doubled each time. A server that wants more than `longest_wait` seconds
    gets no second attempt: its response is the caller's to judge. `methods` are those of requests that do not
    say themselves whether they can be repeated; a server that answers 429 has not acted on the request,
    whatever it was.
    """

    attempts: int = field(default=3, validator=ge(1))
    backoff: float = 0.5
    longest_wait: float = 60.0
    methods: frozenset[str] = frozenset({"GET", "PUT", "DELETE"})
    statuses: frozenset[int] = frozenset({429, 502, 503, 504})

    def may_repeat(self, request: Request, attempt: int) -> bool:
        """Whether another attempt may follow this one."""
        if request.repeatable is None:
            return attempt < self.attempts and request.method.upper() in self.methods
        return attempt < self.attempts and request.repeatable

    def delay(self, attempt: int) -> float:
        """The seconds to wait after an attempt without a word of the server."""
        return float(self.backoff * 2 ** (attempt - 1))

    def wait(self, response: Response, attempt: int, now: float) -> float | None:
        """The seconds after a response; None where it is final."""
        if response.status not in self.statuses:
            return None
        asked_for = _retry_after(response, now)
        seconds = self.delay(attempt) if asked_for is None else asked_for
        return seconds if seconds <= self.longest_wait else None


def sending(
    request: Request,
    carry: Callable[[Request], Any],
    *,
    retry: Retry,
    pace: Pace | None,
    clock: Clock,
    sleep: Callable[[float], Any],
) -> Steps[Response]:
    """Send a request through `carry`, in its place in time, and again where that is right."""
    attempt = 0
    while True:
        attempt += 1
        if pace and (seconds := pace.reserve(clock.monotonic())) > 0:
            yield partial(sleep, seconds)
        again = retry.may_repeat(request, attempt)
        try:
            response: Response = yield partial(carry, request)
        except NoResponse:
            if not again:
                raise
            delay = retry.delay(attempt)
        else:
            asked_for = retry.wait(response, attempt, clock.now())
            throttled = response.status == TOO_MANY and attempt < retry.attempts
            if asked_for is None or not (again or throttled):
                return response
            delay = asked_for
        yield partial(sleep, delay)


def _retry_after(response: Response, now: float) -> float | None:
    """The seconds to wait that the server asks for; None where it asks for none."""
    after = response.header("Retry-After")
    if after is not None:
        return _seconds(after, now)
    resets = [response.header(f"X-RateLimit-Reset-Per-{each}") for each in ("Sec", "Min")]
    moments = [float(each) for each in resets if each and each.isascii() and each.isdigit()]
    return max(0.0, max(moments) - now) if moments else None


def _seconds(after: str, now: float) -> float | None:
    """The value of `Retry-After`: seconds, or a date (RFC 9110, 10.2.3)."""
    if after.isascii() and after.isdigit():
        return float(after)
    try:
        return max(0.0, parsedate_to_datetime(after).timestamp() - now)
    except (ValueError, OverflowError):
        return None
