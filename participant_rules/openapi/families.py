"""What the calls of each family take and answer, beyond what entities and rules tell."""

from typing import Any, Final

from participant_rules import project, survey
from participant_rules.openapi.calls import Call, parameter
from participant_rules.openapi.schemas import Schemas
from participant_rules.project.query import FILTER_NAMES, PAGE_SIZE
from participant_rules.project.wire import Envelope
from participant_rules.schema.shapes import Shape
from participant_rules.survey.api import BEGINNING, MOST_PARTICIPANTS

__all__ = ["project_calls", "project_schemas", "survey_calls", "survey_schemas"]

Json = dict[str, Any]

STRING: Final[Json] = {"type": "string"}
BOOLEAN: Final[Json] = {"type": "boolean"}
COUNT: Final[Json] = {"type": "integer", "minimum": 0}


def _object(**members: Json) -> Json:
    return {"type": "object", "properties": members, "required": list(members)}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


# ---- participants of a survey


def survey_schemas() -> Schemas:
    """The schemas of the entities of a survey."""
    return Schemas("Survey", survey.SENTENCES)


def survey_calls(schemas: Schemas) -> dict[survey.Operation, Call]:
    """The calls of a survey."""
    participant = schemas.add(survey.Participant)
    subject = schemas.add(survey.Subject)
    page = _object(
        surveyId=STRING,
        startingFrom=STRING,
        progress=STRING,
        upToDate=BOOLEAN,
        participants=_list(participant),
    )
    paging = [
        parameter(
            "maxParticipants",
            {"type": "integer", "minimum": 1, "maximum": MOST_PARTICIPANTS, "default": MOST_PARTICIPANTS},
        ),
        parameter(
            "startingFrom",
            {"type": "string", "pattern": "^[0-9]{1,18}$", "default": BEGINNING},
            "The `progress` of the page before.",
        ),
    ]
    calls = [
        (survey.Operation.LIST, "List participants", page, None, paging),
        (survey.Operation.READ, "Get a participant", participant, None, ()),
        (survey.Operation.ADD, "Add a participant", participant, participant, ()),
        (survey.Operation.UPDATE, "Update a participant", participant, participant, ()),
        (survey.Operation.DELETE, "Delete a participant", None, None, ()),
        (survey.Operation.LIST_SUBJECTS, "Get the subjects of a participant", _list(subject), None, ()),
        (survey.Operation.READ_SUBJECT, "Get a subject", subject, None, ()),
        (survey.Operation.ADD_SUBJECT, "Add a subject", subject, subject, ()),
        (survey.Operation.UPDATE_SUBJECT, "Update a subject", subject, subject, ()),
        (survey.Operation.DELETE_SUBJECT, "Delete a subject", None, None, ()),
    ]
    return {
        operation: Call(operation.value, summary, survey.RULES[operation], answer, body, query)
        for operation, summary, answer, body, query in calls
    }


# ---- participants of a project


def project_schemas() -> Schemas:
    """The schemas of the entities of a project."""
    choices = {
        "/invitationStatus": (*project.InvitationStatus, None),
        "/demographics/gender": (*project.Gender, None),
    }
    return Schemas("Project", project.SENTENCES, choices)


def project_calls(schemas: Schemas) -> dict[project.Operation, Call]:
    """The calls of a project."""
    participant = schemas.add(project.Participant)
    membership = schemas.add(project.Membership)
    result = _object(
        actionTaken={"type": "string", "enum": ["add", "update", "delete", "none"]}, result=participant
    )
    page = _object(pageNumber=COUNT, totalParticipants=COUNT, participants=_list(participant))
    bulk = _object(totalAdded=COUNT, totalUpdated=COUNT, results=_list(result))
    by_id = [
        parameter("queryByID", BOOLEAN | {"default": False}, "The path names the participant by its id.")
    ]
    allow = [parameter("allowUpdate", BOOLEAN | {"default": False})]
    calls = [
        (project.Operation.QUERY, "Query participants", page, None, _query()),
        (project.Operation.READ, "Get a participant", participant, None, by_id),
        (project.Operation.PUT, "Add or update a participant", result, participant, ()),
        (project.Operation.SEGMENTS, "Get the segments of a participant", _list(membership), None, by_id),
        (project.Operation.BULK, "Add or update many participants", bulk, _batch(participant), allow),
        (project.Operation.DELETE, "Delete a participant", result, None, by_id),
        (project.Operation.WITHDRAW, "Withdraw a participant", result, None, by_id),
    ]
    return {
        operation: Call(operation.value, summary, project.RULES[operation], answer, body, query)
        for operation, summary, answer, body, query in calls
    }


def _batch(participant: Json) -> Json:
    """The body of a bulk call."""
    around = [each.name for each in Shape.of(Envelope).members if each.name != "participants"]
    return {
        "type": "object",
        "properties": {"participants": _list(participant), **dict.fromkeys(around, BOOLEAN)},
        "required": ["participants"],
    }


def _query() -> list[Json]:
    sorts = "CustomField.NAME, DemographicField.NAME, ParticipantIdentifier, SecondaryIdentifier, "
    return [
        parameter("query", STRING, "A demographic or an identifier contains this."),
        parameter("segmentID", {"type": "string", "format": "uuid"}),
        parameter(
            "sortBy",
            STRING | {"default": "InsertedDate"},
            sorts + "InvitationStatus, InsertedDate or EnrollmentDate.",
        ),
        parameter("sortAscending", BOOLEAN | {"default": True}),
        parameter("pageNumber", COUNT | {"default": 0}),
        parameter("pageSize", {"type": "integer", "minimum": 1, "default": PAGE_SIZE}),
        parameter(
            "customField.FIELDNAME", STRING, "Any custom field: put its name in the place of FIELDNAME."
        ),
        *(parameter(f"demographicField.{each}", STRING) for each in FILTER_NAMES),
    ]
