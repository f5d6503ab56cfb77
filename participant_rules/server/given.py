"""The initial state of a test: the body of `PUT /sandbox/given`."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final, Self

from attrs import frozen

from participant_rules import survey
from participant_rules.definitions import parsed, placed, unknown_member
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.server.stores import Definitions, definitions
from participant_rules.violations import pointer
from participant_rules.wire import Malformed

__all__ = ["CALLER", "Given", "caller_of"]

CALLER: Final = "sandbox-caller"
"""The header with which a test says, as JSON, who calls; without it it is the caller of what is given."""


@frozen
class Given:
    """Definitions with their participants, the time at which the clock stands, and the caller."""

    surveys: Definitions
    projects: Definitions
    now: Callable[[], datetime] | None
    caller: survey.Caller

    @classmethod
    def from_body(cls, body: bytes) -> Self:
        """The initial state in a body: JSON in UTF-8, or nothing; raises Malformed, with line and column."""
        try:
            text = body.decode("utf-8-sig") or "{}"
        except UnicodeDecodeError as failure:
            raise Malformed(f"given: the text is not UTF-8 (at byte {failure.start})") from None
        data = parsed(text, "given")
        try:
            return cls.from_json(data)
        except Malformed as wrong:
            raise placed(wrong, text) from None

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The initial state in a decoded body; raises Malformed, with the place of the fault."""
        if not isinstance(data, dict):
            raise Malformed("what is given is no object")
        _refuse_unknown(data, "", ("surveys", "projects", "now", "caller"))
        return cls(
            definitions(data.get("surveys"), "survey", MemorySurveys.from_json, "surveys"),
            definitions(data.get("projects"), "project", MemoryProjects.from_json, "projects"),
            _now(data),
            _caller(data.get("caller")),
        )


def caller_of(header: str | None, usual: survey.Caller) -> survey.Caller:
    """The caller named by a header; the usual one for none, and for a header that cannot be read."""
    try:
        return usual if header is None else _caller(json.loads(header))
    except (ValueError, Malformed):
        return usual


def _refuse_unknown(data: Mapping[str, Any], where: str, known: Collection[str]) -> None:
    strangers = [each for each in data if each not in known]
    if strangers:
        faults = [(where + pointer(each), unknown_member(each, known)) for each in strangers]
        raise Malformed.of("given", faults)


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
    _refuse_unknown(data or {}, "/caller", ("managesInterviewers",))
    return survey.Caller(manages_interviewers=manages)
