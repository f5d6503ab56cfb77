"""The OpenAPI description."""

import json
from typing import Any

import pytest

from participant_rules import openapi, project, survey
from participant_rules.project.api import ROUTES as PROJECT_ROUTES
from participant_rules.survey.api import ROUTES as SURVEY_ROUTES

DOCUMENT = openapi.document()
PARTICIPANT = "/surveys/{surveyId}/participants/{participantUniqueId}"
PARTICIPANTS = "/api/v1/administration/projects/{projectId}/participants"


def test_it_is_json() -> None:
    """And says which OpenAPI it is."""
    assert json.loads(json.dumps(DOCUMENT)) == DOCUMENT
    assert DOCUMENT["openapi"] == "3.1.0"


def test_every_documented_call_is_described() -> None:
    """Each route with each of its methods, under a name of its own."""
    described = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]
    routes = [*SURVEY_ROUTES.table.values(), *PROJECT_ROUTES.table.values()]
    assert len(described) == sum(map(len, routes)) == 17
    names = {operation["operationId"] for each in DOCUMENT["paths"].values() for operation in each.values()}
    assert len(names) == 17


def examples(path: str, method: str, status: str, media_type: str) -> dict[str, Any]:
    """The examples of a refusal."""
    found: dict[str, Any] = DOCUMENT["paths"][path][method]["responses"][status]["content"][media_type][
        "examples"
    ]
    return found


def test_every_sentence_is_an_example() -> None:
    """As it is sent, byte for byte."""
    refusals = examples(PARTICIPANT, "put", "400", "application/json")
    expected = {each.code for each in survey.UPDATE if each.severity == "error" and each.status == 400}
    assert expected <= refusals.keys()
    assert refusals["choice-unknown"] == {
        "summary": "A seeded code is one that the variable defines.",
        "value": {"message": " Survey variable '<item>' does not contain code value '<code>'."},
    }
    assert examples(PARTICIPANT, "put", "404", "application/json").keys() == {"participant-not-found"}
    problems = examples(PARTICIPANTS, "put", "400", "application/problem+json")
    assert problems["email-immutable"]["value"]["errors"] == [
        {
            "code": "email-immutable",
            "pointer": "#/demographics/email",
            "detail": "Cannot be updated once a participant has enrolled.",
        }
    ]


def test_faults_of_reading_stand_where_something_is_read() -> None:
    """A body can be no JSON, a parameter can be malformed."""
    assert "not-json" in examples(PARTICIPANT, "put", "400", "application/json")
    assert "not-json" not in examples(PARTICIPANT, "delete", "400", "application/json")
    assert "parameter-malformed" in examples(PARTICIPANTS, "get", "400", "application/problem+json")


@pytest.mark.parametrize(
    ("name", "member", "expected"),
    [
        ("SurveyParticipant", "enabled", {"type": "boolean"}),
        ("SurveyLoginSection", "subjects", {"type": ["array", "null"]}),
        ("SurveySubject", "status", {"type": ["string", "null"], "readOnly": True}),
        ("SurveySubject", "questionnaireSeeding", {"additionalProperties": {"type": ["string", "null"]}}),
        ("ProjectDemographics", "gender", {"enum": ["M", "F", "O", None]}),
        ("ProjectParticipant", "enrolled", {"readOnly": True}),
        ("ProjectMembership", "segmentID", {"type": "string"}),
    ],
)
def test_members(name: str, member: str, expected: dict[str, Any]) -> None:
    """Types, nulls, choices and what is read-only come from the entities."""
    schema = DOCUMENT["components"]["schemas"][name]["properties"][member]
    assert schema | expected == schema


def test_laws_describe_members() -> None:
    """A member tells the laws about it."""
    login = DOCUMENT["components"]["schemas"]["SurveyLoginSection"]["properties"]["login"]
    assert survey.SENTENCES["login-name-taken"].law in login["description"]
    email = DOCUMENT["components"]["schemas"]["ProjectDemographics"]["properties"]["email"]
    assert project.SENTENCES["email-taken"].law in email["description"]


def test_what_must_be_there() -> None:
    """Is required, and nothing else is."""
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["ProjectMembership"]["required"] == ["segmentID"]
    assert "required" not in schemas["SurveyParticipant"]


def test_every_reference_leads_somewhere() -> None:
    """To a schema of the document."""
    text = json.dumps(DOCUMENT)
    named = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= DOCUMENT["components"]["schemas"].keys()
