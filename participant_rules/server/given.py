"""What a test starts with: the body of `PUT /sandbox/given`."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, Self

from attrs import frozen

from participant_rules import survey
from participant_rules.server.stores import Definitions, definitions
from participant_rules.wire import Malformed

__all__ = ["CALLER", "Given", "caller_of"]

CALLER: Final = "sandbox-caller"
"""The header with which a test says, as JSON, who calls; without it it is the caller of what is given."""


@frozen
class Given:
    """Definitions with their participants, the time at which the clock stands, and who calls."""

    surveys: Definitions
    projects: Definitions
    now: Callable[[], datetime] | None
    caller: survey.Caller

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """What a body gives; raises Malformed, or ValueError or RecursionError for what is no JSON."""
        data = json.loads(body or b"{}")
        if not isinstance(data, dict):
            raise Malformed("what is given is no object")
        return cls(
            definitions(data.get("surveys"), "surveys"),
            definitions(data.get("projects"), "projects"),
            _now(data),
            _caller(data.get("caller")),
        )


def caller_of(header: str | None, usual: survey.Caller) -> survey.Caller:
    """The caller whom a header names; the usual one for none, and for a header that cannot be read."""
    try:
        return usual if header is None else _caller(json.loads(header))
    except (ValueError, Malformed):
        return usual


def _now(data: Mapping[str, Any]) -> Callable[[], datetime] | None:
    if data.get("now") is None:
        return None
    try:
        moment = datetime.fromisoformat(data["now"])
    except (TypeError, ValueError):
        raise Malformed("now: an ISO 8601 date-time is expected") from None
    return lambda: moment


def _caller(data: Any) -> survey.Caller:
    manages = data.get("managesInterviewers", True) if isinstance(data, dict) else data is None
    if not isinstance(manages, bool) or not isinstance(data, dict | None):
        raise Malformed("caller: an object with `managesInterviewers` is expected")
    return survey.Caller(manages_interviewers=manages)
