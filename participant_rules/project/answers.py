"""The answers of a server of project participants, as entities; Malformed or Unexpected for any other."""

from typing import Any

from attrs import field, frozen

from participant_rules.calling import json_of, member
from participant_rules.http import Response, Unexpected
from participant_rules.project.decision import Action
from participant_rules.project.model import Membership, Participant, Project
from participant_rules.project.ports import Page
from participant_rules.project.wire import read_stored, read_stored_membership

__all__ = [
    "BulkResult",
    "Result",
    "read_bulk",
    "read_page",
    "read_participant",
    "read_result",
    "read_segments",
]


@frozen
class Result:
    """The action of a call ("add", "update", "delete" or "none"), and the participant after it."""

    action: Action
    participant: Participant = field(repr=False)


@frozen
class BulkResult:
    """The results of a bulk call: one a row, in their order."""

    total_added: int
    total_updated: int
    results: tuple[Result, ...] = field(repr=False)


def read_participant(response: Response, project: Project) -> Participant:
    """The answer of Get Participant."""
    return read_stored(json_of(response), project)


def read_page(response: Response, project: Project) -> Page:
    """The answer of Query Participants."""
    total, found = member(response, "totalParticipants"), member(response, "participants")
    if not isinstance(total, int) or not isinstance(found, list):
        raise Unexpected(response)
    return Page(tuple(read_stored(each, project) for each in found), total)


def read_result(response: Response, project: Project) -> Result:
    """The answer of Add/Update, Delete and Withdraw."""
    return _result(json_of(response), response, project)


def read_bulk(response: Response, project: Project) -> BulkResult:
    """The answer of Bulk Add/Update."""
    added, updated = member(response, "totalAdded"), member(response, "totalUpdated")
    results = member(response, "results")
    if not isinstance(added, int) or not isinstance(updated, int) or not isinstance(results, list):
        raise Unexpected(response)
    return BulkResult(added, updated, tuple(_result(each, response, project) for each in results))


def read_segments(response: Response) -> tuple[Membership, ...]:
    """The answer of Get Participant Segments: the bare list of the sample."""
    found = json_of(response)
    if not isinstance(found, list):
        raise Unexpected(response)
    return tuple(map(read_stored_membership, found))


def _result(data: Any, response: Response, project: Project) -> Result:
    if not isinstance(data, dict) or data.get("actionTaken") not in ("add", "update", "delete", "none"):
        raise Unexpected(response)
    return Result(data["actionTaken"], read_stored(data.get("result"), project))
