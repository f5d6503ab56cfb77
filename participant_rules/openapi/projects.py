"""Parameters and answers of a project's calls that entities and rules do not have."""

from typing import Any, Final

from participant_rules import project
from participant_rules.openapi.calls import Call, parameter
from participant_rules.openapi.parts import BOOLEAN, COUNT, STRING, list_of, object_of
from participant_rules.openapi.schemas import NAMES, Schemas
from participant_rules.project.keys import schema_of
from participant_rules.project.model import DEMOGRAPHICS
from participant_rules.project.query import FILTER_NAMES, PAGE_SIZE
from participant_rules.project.wire import Envelope
from participant_rules.schema.members import camel_case
from participant_rules.schema.shapes import Shape

__all__ = ["project_calls", "project_schemas"]

Json = dict[str, Any]


def project_schemas() -> Schemas:
    """The schemas of a project's entities; forms that depend on it are as in an empty one."""
    terms = schema_of(project.Project(id=""), project.Policy()).definition
    return Schemas("Project", project.SENTENCES, terms)


def project_calls(schemas: Schemas) -> dict[project.Operation, Call]:
    """The calls of a project."""
    sent, participant = schemas.sent(project.Participant), schemas.answered(project.Participant)
    membership = schemas.answered(project.Membership)
    result = _result(schemas, participant)
    page, bulk = _page(schemas, participant), _bulk_result(schemas, result)
    batch = schemas.name("Batch", "Participants to add or update.", _batch(sent))
    asks = project.Operation
    calls = [
        Call(asks.QUERY, "Query participants", _QUERY, page, query=_query(), links=_AFTER_QUERY),
        Call(asks.READ, "Get a participant", "One participant.", participant, query=_BY_ID),
        Call(asks.PUT, "Add or update a participant", _PUT, result, body=sent, links=_AFTER_PUT),
        Call(
            asks.SEGMENTS, "Get the segments of a participant", _SEGMENTS, list_of(membership), query=_BY_ID
        ),
        Call(asks.BULK, "Add or update many participants", _BULK, bulk, body=batch, query=_ALLOW),
        Call(asks.DELETE, "Delete a participant", _DELETE, result, query=_BY_ID),
        Call(asks.WITHDRAW, "Withdraw a participant", _WITHDRAW, result, query=_BY_ID),
    ]
    return {asks(each.name): each for each in calls}


def _result(schemas: Schemas, participant: Json) -> Json:
    """The schema of the answer to a call that writes one participant."""
    action: Json = {"type": "string", "enum": ["add", "update", "delete", "none"]}
    return schemas.name(
        "Result",
        "What was done to a participant, and the participant after it.",
        object_of(actionTaken=action, result=participant),
    )


def _page(schemas: Schemas, participant: Json) -> Json:
    """The schema of the answer to a query."""
    return schemas.name(
        "Page",
        "One page of the participants that match.",
        object_of(pageNumber=COUNT, totalParticipants=COUNT, participants=list_of(participant)),
    )


def _bulk_result(schemas: Schemas, result: Json) -> Json:
    """The schema of the answer to a bulk call."""
    return schemas.name(
        "BulkResult",
        "What was done to each participant, in their order.",
        object_of(totalAdded=COUNT, totalUpdated=COUNT, results=list_of(result)),
    )


_QUERY: Final = "The participants that meet every filter, sorted, one page of them."
_SEGMENTS: Final = "The segments that a participant belongs to."
_DELETE: Final = "Removes a participant from the project."
_WITHDRAW: Final = "Ends the enrollment of a participant."
_PUT: Final = (
    "Updates the participant that the body names by `id` or `participantIdentifier`; else adds one, which"
    " must have an identifier or an e-mail address. What is left out stays as it is, null clears it."
)
_BULK: Final = (
    "Adds many participants and, with `allowUpdate`, updates those that exist: all of them, or none where one"
    " is refused."
)

_BY_ID: Final = (
    parameter("queryByID", BOOLEAN | {"default": False}, "Whether the path names the participant by its id."),
)
_ALLOW: Final = (
    parameter("allowUpdate", BOOLEAN | {"default": False}, "Whether existing participants are updated."),
)


def _by_id(participant: str) -> Json:
    return {
        "projectId": "$request.path.projectId",
        "participantID": f"$response.body#{participant}/id",
        "queryByID": "true",
    }


_AFTER_QUERY: Final = {
    "first": ("read", _by_id("/participants/0")),
    "firstSegments": ("segments", _by_id("/participants/0")),
}
_AFTER_PUT: Final = {name: (name, _by_id("/result")) for name in ("read", "segments", "withdraw", "delete")}


def _batch(participant: Json) -> Json:
    """The body of a bulk call."""
    around = [each for each in Shape.of(Envelope).names if each != "participants"]
    return {
        "type": "object",
        "properties": {"participants": list_of(participant), **dict.fromkeys(around, BOOLEAN)},
        "required": ["participants"],
        **NAMES,
    }


def _query() -> list[Json]:
    custom = "Any custom field has this value: put its name in the place of FIELDNAME."
    return [
        parameter("query", STRING, "A demographic or an identifier contains this."),
        parameter("segmentID", {"type": "string", "format": "uuid"}, "In this segment."),
        parameter("sortBy", _sorts(), "What to sort by; `CustomField.` stands before the name of any."),
        parameter("sortAscending", BOOLEAN | {"default": True}, "Whether the least comes first."),
        parameter("pageNumber", COUNT | {"default": 0}, "Which page; the first is 0."),
        parameter("pageSize", {"type": "integer", "minimum": 1, "default": PAGE_SIZE}, "How many on a page."),
        parameter("customField.FIELDNAME", STRING, custom),
        *(parameter(f"demographicField.{each}", STRING, f"{each} is this.") for each in FILTER_NAMES),
    ]


_SORTS: Final = (
    "ParticipantIdentifier",
    "SecondaryIdentifier",
    "InvitationStatus",
    "InsertedDate",
    "EnrollmentDate",
)


def _sorts() -> Json:
    names = (camel_case(each) for each in DEMOGRAPHICS)
    demographics = [f"DemographicField.{each[0].upper()}{each[1:]}" for each in names]
    return {
        "anyOf": [
            {"type": "string", "enum": [*_SORTS, *demographics]},
            {"type": "string", "pattern": "^CustomField\\.[^\\u0000]+$"},
        ],
        "default": "InsertedDate",
    }
