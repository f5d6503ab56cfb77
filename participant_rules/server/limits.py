"""The vendors' limits of requests, with their headers.

Sources: "Handling Throttling" of Snap XMP Online: one call a second, ten calls a minute. "Rate Limits" of
MyDataHelps: "1000 administrative requests through the REST API" an hour, "500 of delegated requests for each
participant".
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from time import time
from typing import Final

from attrs import define, field

from participant_rules.http import Response, json_response, problem
from participant_rules.violations import Violation

__all__ = ["Limits", "Window"]

SECOND: Final = 1
MINUTE: Final = 60
HOUR: Final = 3600

_TOO_MANY: Final = Violation("too-many-requests", "Too many requests.", status=429)


@define
class Window:
    """Counts the requests of each caller in a period of so many seconds.

    Of more than `most` callers in a period those are forgotten whose first request was the earliest.
    """

    seconds: int
    limit: int
    most: int = 10_000
    _period: int = 0
    _counts: Counter[int] = field(factory=Counter, init=False, repr=False)

    def remaining(self, caller: str, now: float) -> int:
        """Count a request; how many more the caller may make in this period, less than 0 for one too many."""
        period = int(now // self.seconds)
        if period != self._period:
            self._period = period
            self._counts.clear()
        key = hash(caller)  # names may be long
        self._counts[key] += 1
        if len(self._counts) > self.most:
            del self._counts[next(iter(self._counts))]
        return self.limit - self._counts[key]

    def ends(self, now: float) -> int:
        """When the period ends, as UNIX time."""
        return (int(now // self.seconds) + 1) * self.seconds


@define
class Limits:
    """The rest of the limit of each caller of either API."""

    clock: Callable[[], float] = time
    second: Window = field(factory=lambda: Window(SECOND, 1))
    minute: Window = field(factory=lambda: Window(MINUTE, 10))
    service: Window = field(factory=lambda: Window(HOUR, 1000))
    delegated: Window = field(factory=lambda: Window(HOUR, 500))

    def of_survey(self, username: str) -> tuple[Mapping[str, str], Response | None]:
        """The headers of an answer of the survey API, and the answer to a request that is one too many."""
        now, waits = self.clock(), list[int]()
        headers: dict[str, str] = {}
        for name, window in (("Sec", self.second), ("Min", self.minute)):
            remaining = window.remaining(username, now)
            wait = window.ends(now) if remaining <= 0 else math.ceil(now)
            waits.append(wait if remaining < 0 else 0)
            headers |= {
                f"X-RateLimit-Limit-Per-{name}": str(window.limit),
                f"X-RateLimit-Remaining-Per-{name}": str(remaining),
                f"X-RateLimit-Reset-Per-{name}": str(wait),
            }
        if not any(waits):
            return headers, None
        return headers, json_response(429, {"message": _TOO_MANY.message}, headers=_after(max(waits), now))

    def of_project(self, participant: str | None) -> tuple[Mapping[str, str], Response | None]:
        """The same of the project API; a participant's token has limits of its own."""
        now, window = self.clock(), self.service if participant is None else self.delegated
        remaining = window.remaining(participant or "", now)
        headers = {
            "RateLimit-Limit": str(window.limit),
            "RateLimit-Remaining": str(max(remaining, 0)),
            "RateLimit-Reset": str(math.ceil(window.ends(now) - now)),
        }
        if remaining >= 0:
            return headers, None
        return headers, problem(429, [_TOO_MANY], _after(window.ends(now), now))


def _after(moment: float, now: float) -> Mapping[str, str]:
    return {"Retry-After": str(math.ceil(moment - now))}
