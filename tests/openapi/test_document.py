"""The OpenAPI description."""

import json
import re
from typing import Any

import pytest
from attrs import evolve
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from participant_rules import RuleSet, openapi, project, survey
from participant_rules.formats.forms import DATE
from participant_rules.openapi.calls import Api, Call
from participant_rules.project.api import ROUTES as PROJECT_ROUTES
from participant_rules.project.keys import schema_of
from participant_rules.schema.form import Form
from participant_rules.schema.tree import Schema
from participant_rules.survey.api import ROUTES as SURVEY_ROUTES
from participant_rules.unset import UNSET

DOCUMENT = openapi.document()
OPERATIONS = [operation for each in DOCUMENT["paths"].values() for operation in each.values()]
PARTICIPANT = "/surveys/{surveyId}/participants/{participantUniqueId}"
PARTICIPANTS = "/api/v1/administration/projects/{projectId}/participants"


def fits(schema: dict[str, Any], value: Any) -> bool:
    """Whether a value is as a schema of the description says; dates are checked too."""
    described = {**schema, "components": DOCUMENT["components"]}
    return bool(Draft202012Validator(described, format_checker=FormatChecker()).is_valid(value))


def test_it_is_json() -> None:
    """And says which OpenAPI it is."""
    assert json.loads(json.dumps(DOCUMENT)) == DOCUMENT
    assert DOCUMENT["openapi"] == "3.1.0"


def test_every_documented_call_is_described() -> None:
    """Each route with each of its methods, under a name of its own."""
    described = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]
    routes = [*SURVEY_ROUTES.table.values(), *PROJECT_ROUTES.table.values()]
    assert len(described) == sum(map(len, routes)) + 1 == 18
    assert len({each["operationId"] for each in OPERATIONS}) == 18
    assert ("/identityserver/connect/token", "post") in described


def test_it_is_whole() -> None:
    """Its authors, its server, and a description of every operation."""
    info = DOCUMENT["info"]
    assert info["license"] == {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
    assert info["contact"]["name"]
    assert DOCUMENT["servers"][0]["url"] == "http://127.0.0.1:8000"
    assert openapi.document(server="http://host:1")["servers"][0]["url"] == "http://host:1"
    tags = {each["name"] for each in DOCUMENT["tags"] if each["description"]}
    assert tags == {"surveys", "projects", "tokens"}
    for each in OPERATIONS:
        assert each["summary"]
        assert each["description"].endswith(".")
        assert set(each["tags"]) <= tags


def test_security_is_as_the_server_was_started() -> None:
    """Three headers of one vendor, a token of the other; and none of both where nobody is asked for them."""
    keys: dict[str, list[str]] = {"SurveyUser": [], "SurveyKey": [], "SurveyVersion": []}
    token: dict[str, list[str]] = {"ProjectToken": []}
    for required in (False, True):
        anybody: list[Any] = [] if required else [{}]
        paths = openapi.document(required=required)["paths"]
        assert paths[PARTICIPANT]["put"]["security"] == [*anybody, keys]
        assert paths[PARTICIPANTS]["put"]["security"] == [*anybody, token]
        assert paths["/identityserver/connect/token"]["post"]["security"] == []
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert [schemes[each]["name"] for each in keys] == ["X-USERNAME", "X-API-KEY", "X-VERSION"]


def test_statuses_that_no_rule_gives() -> None:
    """An unknown caller, one without the right, and one that calls too often."""
    assert {"401", "429"} <= DOCUMENT["paths"][PARTICIPANT]["get"]["responses"].keys()
    responses = DOCUMENT["paths"][PARTICIPANTS]["get"]["responses"]
    assert {"401", "403", "429"} <= responses.keys()
    assert "Retry-After" in responses["429"]["headers"]


def test_every_call_may_fail() -> None:
    """By itself, or on purpose (`--faults`)."""
    for each in OPERATIONS:
        assert each["responses"]["500"].keys() == {"description"}


def test_links() -> None:
    """They lead to operations, and name parameters of theirs."""
    operations = {each["operationId"]: each for each in OPERATIONS}
    seen = 0
    for each in OPERATIONS:
        for link in each["responses"]["200"].get("links", {}).values():
            named = {parameter["name"] for parameter in operations[link["operationId"]]["parameters"]}
            assert link["parameters"].keys() <= named
            seen += 1
    assert seen == 17


def test_no_text_has_a_nul() -> None:
    """Neither a value nor a name of a body's members."""
    schemas = DOCUMENT["components"]["schemas"]
    login = schemas["SurveyLoginSectionInput"]
    assert not re.search(login["properties"]["login"]["pattern"], "a\0b")
    assert re.search(login["properties"]["login"]["pattern"], "a\nž")
    for name in ("SurveyParticipantInput", "SurveyLoginSectionInput", "ProjectBatch"):
        assert not re.search(schemas[name]["propertyNames"]["pattern"], "a\0")


def test_what_can_be_sorted_by() -> None:
    """Every value that is documented, and a custom field's name."""
    (sort,) = (
        each for each in DOCUMENT["paths"][PARTICIPANTS]["get"]["parameters"] if each["name"] == "sortBy"
    )
    named, custom = sort["schema"]["anyOf"]
    for each in named["enum"]:
        assert project.query.read_query({"sortBy": each})[1] == ()
    assert {"InsertedDate", "DemographicField.UtcOffset"} <= set(named["enum"])
    assert len(named["enum"]) == 19
    assert re.search(custom["pattern"], "CustomField.Smoker")
    assert not re.search(custom["pattern"], "CustomField.")


def test_titles() -> None:
    """For whoever makes a list of all calls."""
    titles = openapi.titles()
    assert [len(each) for each in titles.values()] == [10, 7, 1]
    assert ("PUT", PARTICIPANT, "Update a participant") in titles[
        "Participants of a survey, as Snap XMP Online has them"
    ]


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


def test_a_status_of_ones_own() -> None:
    """It is described by its phrase."""
    laws = RuleSet((evolve(survey.UPDATE["choice-unknown"], status=409),))
    api = Api("survey", "Surveys", [], [], frozenset({400}), problems=False)
    described = Call("list", "List", "A list.", laws).operation(api, [])["responses"]
    assert described["409"]["description"] == "Conflict."
    assert described["409"]["content"]["application/json"]["examples"].keys() == {"choice-unknown"}


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
        (
            "SurveySubjectInput",
            "questionnaireSeeding",
            {"additionalProperties": {"type": ["string", "null"], "pattern": "^[^\\u0000]*$"}},
        ),
        ("ProjectParticipant", "customFields", {"additionalProperties": True}),
        (
            "ProjectDemographics",
            "gender",
            {"anyOf": [{"type": "string", "enum": ["M", "F", "O"]}, {"type": "string"}, {"type": "null"}]},
        ),
        (
            "ProjectDemographicsInput",
            "gender",
            {"anyOf": [{"type": "string", "enum": ["M", "F", "O", ""]}, {"type": "null"}]},
        ),
        ("ProjectDemographics", "dateOfBirth", {"type": ["string", "null"]}),
        (
            "ProjectDemographicsInput",
            "dateOfBirth",
            {"anyOf": [DATE.json, {"type": "string", "maxLength": 0}, {"type": "null"}]},
        ),
        ("ProjectParticipant", "enrolled", {"readOnly": True}),
        ("ProjectMembership", "segmentID", {"type": "string"}),
    ],
)
def test_members(name: str, member: str, expected: dict[str, Any]) -> None:
    """Types, nulls, choices and read-only members come from the entities."""
    schema = DOCUMENT["components"]["schemas"][name]["properties"][member]
    assert schema | expected == schema


def with_form() -> list[Any]:
    """Each member with a form: its body's schema, its path, and the form."""
    terms = schema_of(project.Project(id=""), project.Policy()).definition
    bodies = {
        "ProjectParticipantInput": Schema(project.Participant, terms),
        "SurveyParticipantInput": Schema(survey.Participant, UNSET),
        "SurveySubjectInput": Schema(survey.Subject, UNSET),
    }
    return [
        pytest.param(name, path, node.form, id=f"{name}.{path}")
        for name, schema in bodies.items()
        for path, node in schema.nodes.items()
        if node.form is not None
    ]


def body_with(path: str, value: Any) -> Any:
    """A body with a value of the member at a path."""
    name, _, rest = path.partition(".")
    inner = body_with(rest, value) if rest else value
    return {name: inner} if not name.endswith("[]") else {name.removesuffix("[]"): [inner]}


@pytest.mark.parametrize(("name", "path", "form"), with_form())
def test_a_body_has_values_of_the_forms(name: str, path: str, form: Form) -> None:
    """Right examples, null and blank texts fit; wrong examples and other types do not."""
    schema = {"$ref": f"#/components/schemas/{name}"}
    for value in (*form.right, None, ""):
        assert fits(schema, body_with(path, value)), value
    for value in (*form.wrong, 5, True, [], {}):
        assert not fits(schema, body_with(path, value)) or value in IN_NO_SCHEMA, value


IN_NO_SCHEMA = ["12"]  # a number of two digits is possible somewhere


def test_most_values_have_a_form() -> None:
    """Dates, offsets, choices, addresses and numbers among them."""
    found = {each.values[1] for each in with_form() if each.values[2].wrong}
    assert found == {
        "invitationStatus",
        "demographics.email",
        "demographics.dateOfBirth",
        "demographics.gender",
        "demographics.mobilePhone",
        "demographics.utcOffset",
        "invitationSection.emailAddress",
    }


def test_answers_have_whatever_is_stored() -> None:
    """Values may be older than the forms; their types are right."""
    old = {"gender": "male", "dateOfBirth": "3.2.1980", "email": "kim", "mobilePhone": "-", "utcOffset": "-4"}
    schema = {"$ref": "#/components/schemas/ProjectParticipant"}
    assert fits(schema, {"demographics": old, "invitationStatus": "late"})
    assert not fits(schema, {"demographics": {"gender": 1}})


def test_what_is_read_only_is_no_part_of_a_body() -> None:
    """It is ignored there, whatever its type."""
    schemas = DOCUMENT["components"]["schemas"]
    assert "enrolled" not in schemas["ProjectParticipantInput"]["properties"]
    assert "status" not in schemas["SurveySubjectInput"]["properties"]
    assert fits({"$ref": "#/components/schemas/SurveySubjectInput"}, {"status": 5})


def test_laws_describe_members() -> None:
    """A member has the laws about it, in a request and in an answer."""
    for suffix in ("", "Input"):
        login = DOCUMENT["components"]["schemas"][f"SurveyLoginSection{suffix}"]["properties"]["login"]
        assert survey.SENTENCES["login-name-taken"].law in login["description"]
        email = DOCUMENT["components"]["schemas"][f"ProjectDemographics{suffix}"]["properties"]["email"]
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
