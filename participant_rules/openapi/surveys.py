"""Parameters and answers of a survey's calls that entities and rules do not have."""

from typing import Any, Final

from participant_rules import survey
from participant_rules.openapi.calls import Call, parameter
from participant_rules.openapi.parts import BOOLEAN, STRING, list_of, object_of
from participant_rules.openapi.schemas import TEXT, Schemas
from participant_rules.survey.api import BEGINNING, MOST_PARTICIPANTS
from participant_rules.unset import UNSET

__all__ = ["survey_calls", "survey_schemas"]

Json = dict[str, Any]


def survey_schemas() -> Schemas:
    """The schemas of a survey's entities, without parts that depend on a definition."""
    return Schemas("Survey", survey.SENTENCES, UNSET)


def survey_calls(schemas: Schemas) -> dict[survey.Operation, Call]:
    """The calls of a survey."""
    sent, participant = schemas.sent(survey.Participant), schemas.answered(survey.Participant)
    sent_subject, subject = schemas.sent(survey.Subject), schemas.answered(survey.Subject)
    page, subjects = _page(schemas, participant), list_of(subject)
    asks = survey.Operation
    calls = [
        Call(asks.LIST, "List participants", _LIST, page, query=_PAGING, links=_AFTER_LIST),
        Call(asks.READ, "Get a participant", _READ, participant),
        Call(asks.ADD, "Add a participant", _ADD, participant, body=sent, links=_AFTER_ADD),
        Call(asks.UPDATE, "Update a participant", _UPDATE, participant, body=sent),
        Call(asks.DELETE, "Delete a participant", _DELETE),
        Call(asks.LIST_SUBJECTS, "Get the subjects of a participant", _LIST_SUBJECTS, subjects),
        Call(asks.READ_SUBJECT, "Get a subject", "One subject.", subject),
        Call(
            asks.ADD_SUBJECT, "Add a subject", _ADD_SUBJECT, subject, body=sent_subject, links=_AFTER_SUBJECT
        ),
        Call(asks.UPDATE_SUBJECT, "Update a subject", _UPDATE_SUBJECT, subject, body=sent_subject),
        Call(asks.DELETE_SUBJECT, "Delete a subject", _DELETE_SUBJECT),
    ]
    return {asks(each.name): each for each in calls}


def _page(schemas: Schemas, participant: Json) -> Json:
    """The schema of the answer to a list call."""
    return schemas.name(
        "Page",
        "Some participants, and where to go on.",
        object_of(
            surveyId=TEXT,
            startingFrom=STRING,
            progress=STRING,
            upToDate=BOOLEAN,
            participants=list_of(participant),
        ),
    )


_LIST: Final = (
    "Participants in the order of their adding, without their subjects and seedings: at most"
    " `maxParticipants` of them, after the token `startingFrom`."
)
_READ: Final = "One participant, with the sections that its survey has."
_ADD: Final = "Adds a participant to a survey. Which sections it must have depends on the survey."
_UPDATE: Final = "Replaces all that may change of a participant: what is left out gets its default."
_DELETE: Final = "Deletes a participant with all its subjects."
_LIST_SUBJECTS: Final = "All subjects of one participant."
_ADD_SUBJECT: Final = "Adds a subject to a participant of a group questionnaire."
_UPDATE_SUBJECT: Final = "Replaces the seeding of a subject."
_DELETE_SUBJECT: Final = "Deletes a subject of a group questionnaire, but never the last one."

_PAGING: Final = (
    parameter(
        "maxParticipants",
        {"type": "integer", "minimum": 1, "maximum": MOST_PARTICIPANTS, "default": MOST_PARTICIPANTS},
        "How many participants to answer at most.",
    ),
    parameter(
        "startingFrom",
        {"type": "string", "pattern": "^[0-9]{1,18}$", "default": BEGINNING},
        "The `progress` of the page before.",
    ),
)

_THIS_SURVEY: Final = {"surveyId": "$request.path.surveyId"}
_FIRST: Final = _THIS_SURVEY | {"participantUniqueId": "$response.body#/participants/0/loginSection/login"}
_ADDED: Final = _THIS_SURVEY | {"participantUniqueId": "$response.body#/loginSection/login"}
_ADDED_SUBJECT: Final = _THIS_SURVEY | {
    "participantUniqueId": "$request.path.participantUniqueId",
    "subjectName": "$response.body#/subjectName",
}
_AFTER_LIST: Final = {
    "next": ("list", _THIS_SURVEY | {"startingFrom": "$response.body#/progress"}),
    "first": ("read", _FIRST),
    "firstSubjects": ("list-subjects", _FIRST),
}
_AFTER_ADD: Final = {
    "read": ("read", _ADDED),
    "update": ("update", _ADDED),
    "subjects": ("list-subjects", _ADDED),
    "addSubject": ("add-subject", _ADDED),
    "delete": ("delete", _ADDED),
}
_AFTER_SUBJECT: Final = {
    "read": ("read-subject", _ADDED_SUBJECT),
    "update": ("update-subject", _ADDED_SUBJECT),
    "delete": ("delete-subject", _ADDED_SUBJECT),
}
