"""Repairs of the member at a pointer."""

from datetime import date
from typing import Any

import pytest

from participant_rules.project import Policy, Project
from participant_rules.project.keys import schema_of
from participant_rules.schema.form import Fix, one_of, respelled
from participant_rules.schema.repairing import places, repair_at, repaired, value_at
from participant_rules.survey import Survey
from participant_rules.unset import UNSET
from participant_rules.violations import Repair

PROJECT = Project.from_json(
    {
        "id": "P",
        "customFields": [
            {"name": "Site", "type": "Text", "oneOf": ["North", "South-West"]},
            {"name": "Visits", "type": "Integer", "maximum": 9},
            {"name": "a/b", "type": "Boolean"},
        ],
    }
)
SURVEY = Survey.from_json(
    {
        "id": "S",
        "invited": True,
        "loggedOn": True,
        "group": True,
        "inviteSeeding": ["Given name"],
        "questionnaireSeeding": ["V1", "V2", "weight"],
        "variables": [
            {
                "variableId": "V1",
                "responseType": "Multiple",
                "codes": [
                    {"codeValue": "1", "codeLabel": "Yes, often"},
                    {"codeValue": "2", "codeLabel": "No"},
                    {"codeValue": "A1", "codeLabel": "No answer"},
                    {"codeValue": "4", "codeLabel": "no answer"},
                ],
            },
            {"variableId": "V2", "responseType": "Single", "codes": [{"codeValue": "1"}, {"codeValue": "2"}]},
            {"variableId": "V3", "responseType": "Single"},
            {"variableId": "weight", "responseType": "Quantity"},
        ],
    }
)
OF_PROJECT = schema_of(PROJECT, Policy())


def seeds(**seeding: Any) -> dict[str, Any]:
    """A participant of the survey with these seeds of its only subject."""
    return {"loginSection": {"subjects": [{"questionnaireSeeding": seeding}]}}


SEEDS = "/loginSection/subjects/0/questionnaireSeeding"


@pytest.mark.parametrize(
    ("payload", "where", "repair"),
    [
        ({"invitationStatus": "Not invited"}, "/invitationStatus", ("/invitationStatus", "notInvited", True)),
        ({"invitationStatus": "aproved"}, "/invitationStatus", ("/invitationStatus", "approved", False)),
        ({"excludeFromExport": "yes"}, "/excludeFromExport", ("/excludeFromExport", True, True)),
        ({"excludeFromExport": 0}, "/excludeFromExport", ("/excludeFromExport", False, True)),
        ({"participantIdentifier": 5}, "/participantIdentifier", ("/participantIdentifier", "5", False)),
        ({"demographics": {"gender": " f"}}, "/demographics/gender", ("/demographics/gender", "F", True)),
        ({"demographics": {"gender": "Male"}}, "/demographics/gender", ("/demographics/gender", "M", True)),
        (
            {"demographics": {"utcOffset": -4}},
            "/demographics/utcOffset",
            ("/demographics/utcOffset", "-04:00:00", True),
        ),
        (
            {"demographics": {"mobilePhone": 2125550123.0}},
            "/demographics/mobilePhone",
            ("/demographics/mobilePhone", "2125550123", False),
        ),
        ({"demographics": {"gender": "(F)"}}, "/demographics/gender", ("/demographics/gender", "F", True)),
        ({"demographics": {"gender": "woman"}}, "/demographics/gender", ("/demographics/gender", "F", False)),
        ({"demographics": {"city": 5}}, "/demographics/city", ("/demographics/city", "5", False)),
        (
            {"demographics": {"dateOfBirth": date(1990, 12, 31)}},
            "/demographics/dateOfBirth",
            ("/demographics/dateOfBirth", "1990-12-31", True),
        ),
        (
            {"demographics": {"city": date(1990, 12, 31)}},
            "/demographics/city",
            ("/demographics/city", "1990-12-31", True),
        ),
        (
            {"customFields": {"Site": "south west"}},
            "/customFields/Site",
            ("/customFields/Site", "South-West", True),
        ),
        ({"customFields": {"Site": "Nort"}}, "/customFields/Site", ("/customFields/Site", "North", False)),
        ({"customFields": {"Visits": "3.0"}}, "/customFields/Visits", ("/customFields/Visits", "3", True)),
        ({"customFields": {"a/b": "no"}}, "/customFields/a~1b", ("/customFields/a~1b", "false", True)),
        ({"customFields": {"site": "x"}}, "/customFields/site", ("/customFields/Site", "x", True)),
        ({"customFields": {"Vists": 3}}, "/customFields/Vists", ("/customFields/Visits", 3, False)),
        ({"Demographics": {}}, "/Demographics", ("/demographics", {}, True)),
        (
            {"demographics": {"first_name": "K"}},
            "/demographics/first_name",
            ("/demographics/firstName", "K", True),
        ),
        ({"demographics": {"lastNam": "K"}}, "/demographics/lastNam", ("/demographics/lastName", "K", False)),
    ],
)
def test_a_repair_in_a_project(payload: Any, where: str, repair: tuple[str, Any, bool]) -> None:
    """Values by their forms, names by the known ones."""
    found = repair_at(OF_PROJECT, payload, where)
    assert found is not None
    assert (found.pointer, found.value, found.certain) == repair
    assert (
        value_at(
            repaired(payload, [found]), [each.replace("~1", "/") for each in found.pointer.split("/")[1:]]
        )
        == repair[1]
    )


@pytest.mark.parametrize(
    ("payload", "where", "repair"),
    [
        ({"enabled": "no"}, "/enabled", ("/enabled", False, True)),
        (
            {"invitationSection": {"inviteSeeding": {"given_name": "K"}}},
            "/invitationSection/inviteSeeding/given_name",
            ("/invitationSection/inviteSeeding/Given name", "K", True),
        ),
        (seeds(v1="no;a-1"), f"{SEEDS}/v1", (f"{SEEDS}/v1", "2;A1", True)),
        (seeds(v1="Yes, often"), f"{SEEDS}/v1", (f"{SEEDS}/v1", "1", True)),
        (seeds(v1="'2'"), f"{SEEDS}/v1", (f"{SEEDS}/v1", "2", True)),
        (seeds(v1="\uff12;1.0"), f"{SEEDS}/v1", (f"{SEEDS}/v1", "2;1", True)),
        (seeds(v1="Yes, offten;2"), f"{SEEDS}/v1", (f"{SEEDS}/v1", "1;2", False)),
        (seeds(v1="1,2"), f"{SEEDS}/v1", (f"{SEEDS}/v1", "1;2", True)),
        (seeds(v1="2;2"), f"{SEEDS}/v1", (f"{SEEDS}/v1", "2", True)),
        (seeds(v1=2), f"{SEEDS}/v1", (f"{SEEDS}/v1", "2", False)),
        (seeds(**{"v 1": "2"}), f"{SEEDS}/v 1", (f"{SEEDS}/v1", "2", True)),
        (seeds(wieght="2"), f"{SEEDS}/wieght", (f"{SEEDS}/weight", "2", False)),
    ],
)
def test_a_repair_in_a_survey(payload: Any, where: str, repair: tuple[str, Any, bool]) -> None:
    """Labels and other spellings of codes, and of names."""
    found = repair_at(SURVEY.schema, payload, where)
    assert found is not None
    assert (found.pointer, found.value, found.certain) == repair


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        ({"invitationStatus": "approved"}, "/invitationStatus"),
        ({"invitationStatus": " approved "}, "/invitationStatus"),  # the server trims
        ({"invitationStatus": None}, "/invitationStatus"),
        ({"invitationStatus": " "}, "/invitationStatus"),
        ({"invitationStatus": "soon"}, "/invitationStatus"),
        ({"excludeFromExport": True}, "/excludeFromExport"),
        ({"excludeFromExport": "perhaps"}, "/excludeFromExport"),
        ({"enrolled": "yes"}, "/enrolled"),  # nobody can set it
        ({"Enrolled": True}, "/Enrolled"),
        ({"demographics": {}}, "/demographics"),
        ({"demographics": {"city": "K"}}, "/demographics/city"),
        ({"demographics": {"city": True}}, "/demographics/city"),
        ({"demographics": {"city": 5.5}}, "/demographics/city"),
        ({"demographics": {"city": []}}, "/demographics/city"),
        ({"demographics": {"dateOfBirth": "12/11/1990"}}, "/demographics/dateOfBirth"),
        ({"demographics": {"gender": "M", "Gender": "F"}}, "/demographics/Gender"),
        ({"demographics": {"GENDER": "M", "Gender": "F"}}, "/demographics/Gender"),
        ({"customFields": {"Visits": "12"}}, "/customFields/Visits"),
        ({"customFields": {"Visits": ""}}, "/customFields/Visits"),
        ({"customFields": {"Visits": 3}}, "/customFields/Visits"),
        ({"customFields": {"Zzz": 3}}, "/customFields/Zzz"),
        ({"customFields": {"Site": {"x": "y"}}}, "/customFields/Site/x"),
        ({"other": {"x": "y"}}, "/other/x"),
        ({}, "/demographics/gender"),
        ({"demographics": "M"}, "/demographics/gender"),
        ([], "/0/gender"),
        ({}, ""),
    ],
)
def test_what_has_no_repair(payload: Any, where: str) -> None:
    """A right value, an ambiguous one, a name that would stand there twice, a missing member."""
    assert repair_at(OF_PROJECT, payload, where) is None


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        (seeds(v1="1;2"), f"{SEEDS}/v1"),
        (seeds(v1="no answer"), f"{SEEDS}/v1"),  # two codes have the label
        (seeds(v1="9"), f"{SEEDS}/v1"),
        (seeds(v2="1;2"), f"{SEEDS}/v2"),
        (seeds(v3="1"), f"{SEEDS}/v3"),
        (seeds(v4="1"), f"{SEEDS}/v4"),
        (seeds(v1=None), f"{SEEDS}/v1"),
        (seeds(v1=[]), f"{SEEDS}/v1"),
        ({"loginSection": {"subjects": []}}, "/loginSection/subjects/0/subjectName"),
        ({"loginSection": {"subjects": [{}]}}, "/loginSection/subjects/0"),
    ],
)
def test_what_has_no_repair_in_a_survey(payload: Any, where: str) -> None:
    """A right value, and an ambiguous one."""
    assert repair_at(SURVEY.schema, payload, where) is None


def test_an_unknown_survey() -> None:
    """Where variables and keys are unknown no name is near to one."""
    unknown = Survey(id="S", invited=True, logged_on=True, group=True)
    assert repair_at(unknown.schema, seeds(v1="1"), f"{SEEDS}/v1") is None
    payload = {"invitationSection": {"inviteSeeding": {"x": "K"}}}
    assert repair_at(unknown.schema, payload, "/invitationSection/inviteSeeding/x") is None


def test_names_alone() -> None:
    """A value can be left as it is."""
    payload = {"demographics": {"gender": "f", "Email": "x"}}
    assert repair_at(OF_PROJECT, payload, "/demographics/gender", renames_only=True) is None
    found = repair_at(OF_PROJECT, payload, "/demographics/Email", renames_only=True)
    assert found == Repair("/demographics/email", "x", certain=True, renames="Email")
    assert places(found) == ("demographics", "Email")
    assert repaired(payload, [found]) == {"demographics": {"gender": "f", "email": "x"}}


def test_a_column() -> None:
    """A repair that the other values of a column make likely."""
    payload = {"demographics": {"dateOfBirth": "12/11/1990"}}
    asked = []

    def column(form: Any) -> Any:
        asked.append(form)
        return form.among(["31/12/1990"])

    where = "/demographics/dateOfBirth"
    assert repair_at(OF_PROJECT, payload, where, column=column) == Repair(where, "1990-11-12", certain=False)
    assert repair_at(OF_PROJECT, payload, where, column=lambda _: None) is None
    assert len(asked) == 1


def test_a_payload_is_copied() -> None:
    """A repaired value is another one; parts that have no repair are the same ones."""
    kept = {"subjectName": "a"}
    payload = {"subjects": [kept, {"subjectName": 5}]}
    done = repaired(payload, [Repair("/subjects/1/subjectName", "5", certain=False)])
    assert done == {"subjects": [{"subjectName": "a"}, {"subjectName": "5"}]}
    assert done["subjects"][0] is kept
    assert payload["subjects"][1] == {"subjectName": 5}


def test_no_value_in_a_repr() -> None:
    """A repair is personal data."""
    assert (
        repr(Repair("/a", "secret", certain=True, renames="secret")) == "Repair(pointer='/a', certain=True)"
    )


def test_choices() -> None:
    """Another spelling is certain, another letter likely; words may certainly mean a choice."""
    form = one_of(["north", "south-west"], {"up": "north"})
    assert form.fix("South_West") == Fix("south-west", certain=True)
    assert form.fix("UP") == Fix("north", certain=True)
    assert form.fix("nroth") == Fix("north", certain=False)
    assert form.fix("east") is None
    assert form.fix(5) is None
    assert respelled("nroth", ["north"]) == Fix("north", certain=False)
    assert value_at({"a": 1}, ["a", "b"]) is UNSET
