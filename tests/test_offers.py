"""Repairs of violations that decisions, registrars and servers find: made when they are asked for."""

import json
import pickle
from collections.abc import Iterable
from typing import Any

import pytest

from participant_rules import Refused, Violation, project, survey
from participant_rules.http import Request
from participant_rules.memory import MemoryProjects, MemorySurveys

PROJECT = {"id": "P", "customFields": [{"name": "Visits", "type": "Integer"}]}
WRONG = {
    "participantIdentifier": "A",
    "demographics": {"gender": "Male", "Email": "x"},
    "customFields": {"Visits": 3.0},
}
FOUND = [
    ("gender-unknown", "/demographics/gender", "M"),
    ("custom-field-mistyped", "/customFields/Visits", 3),
    ("unknown-field", "/demographics/email", "x"),
]
SURVEY = {
    "id": "S",
    "invited": True,
    "loggedOn": True,
    "group": True,
    "variables": [
        {"variableId": "V1", "responseType": "Single", "codes": [{"codeValue": "1", "codeLabel": "Yes"}]}
    ],
}
SUBJECT = {"subjectName": "x", "questionnaireSeeding": {"V1": "yes"}}
PARTICIPANT = {
    "loginSection": {"login": "kim", "subjects": [SUBJECT]},
    "invitationSection": {"emailAddress": "kim@example.com,"},
}


def made(found: Iterable[Violation]) -> list[tuple[str, str, Any]]:
    """The repairs: the code, the place and the value."""
    return [(each.code, each.repair.pointer, each.repair.value) for each in found if each.repair is not None]


def test_a_decision_of_a_project() -> None:
    """Its errors and its warnings have repairs, whether its payload was read or its entity made."""
    registrar = project.Registrar(MemoryProjects.from_json([PROJECT]))
    decision = registrar.put(project.read(json.dumps(WRONG), project="P"))
    assert made((*decision.violations, *decision.warnings)) == FOUND
    entity = project.Participant(demographics=project.Demographics(gender="female"))
    by_hand = registrar.put(project.Change(project.Operation.PUT, "P", asked=entity))
    assert made(by_hand.violations) == [("gender-unknown", "/demographics/gender", "F")]
    assert made(registrar.delete("P", "nobody").violations) == []
    assert made(registrar.put(project.read(WRONG, project="Q")).violations) == []


def test_a_bulk_of_a_project() -> None:
    """Their pointers begin with the row's."""
    registrar = project.Registrar(MemoryProjects.from_json([PROJECT]))
    bulk = registrar.put_many(
        [project.read({"participantIdentifier": "B"}, project="P"), project.read(WRONG, project="P")]
    )
    assert made((*bulk.violations, *bulk.warnings)) == [
        (code, f"/participants/1{where}", value) for code, where, value in FOUND
    ]


@pytest.mark.parametrize("call", ["PUT", "POST"])
def test_the_dry_run_of_a_project(call: str) -> None:
    """It has the repairs of a check, also around the rows."""
    api = project.Api(MemoryProjects.from_json([PROJECT]))
    body: Any = (
        WRONG if call == "PUT" else {"participants": [WRONG], "sendDefaultInvitationNotifications": "yes"}
    )
    found = api.check(
        Request(call, "/api/v1/administration/projects/P/participants", body=json.dumps(body).encode())
    )
    base = "" if call == "PUT" else "/participants/0"
    around = [] if call == "PUT" else [("wrong-type", "/sendDefaultInvitationNotifications", True)]
    assert made(found) == around + [(code, base + where, value) for code, where, value in FOUND]


def test_a_decision_of_a_survey() -> None:
    """The participant's, and a subject's alone."""
    registrar = survey.Registrar(MemorySurveys.from_json([{**SURVEY, "participants": []}]))
    decision = registrar.add("S", survey.read(PARTICIPANT))
    repairs = [
        ("email-malformed", "/invitationSection/emailAddress", "kim@example.com"),
        ("choice-unknown", "/loginSection/subjects/0/questionnaireSeeding/V1", "1"),
    ]
    assert made(decision.violations) == repairs
    api = survey.Api(MemorySurveys.from_json([SURVEY]))
    assert (
        made(api.check(Request("POST", "/surveys/S/participants", body=json.dumps(PARTICIPANT).encode())))
        == repairs
    )
    right = {
        **PARTICIPANT,
        "invitationSection": {"emailAddress": "kim@example.com"},
        "loginSection": {"login": "kim", "subjects": [{"subjectName": "y"}]},
    }
    assert registrar.add("S", survey.read(right))
    (at_subject,) = registrar.add_subject(
        "S", "kim", survey.Subject(subject_name="x", questionnaire_seeding={"V1": "yes"})
    ).violations
    assert made([at_subject]) == [("choice-unknown", "/questionnaireSeeding/V1", "1")]


@pytest.mark.parametrize("read", [project.read, survey.read], ids=["project", "survey"])
def test_what_cannot_be_read(read: Any) -> None:
    """A type that is wrong under any definition is repaired too."""
    name = "excludeFromExport" if read is project.read else "enabled"
    with pytest.raises(Refused) as refused:
        read({name: "no"})
    assert made(refused.value.violations) == [("wrong-type", f"/{name}", False)]
    again = pickle.loads(pickle.dumps(refused.value))
    assert again.violations == refused.value.violations
    assert made(again.violations) == made(refused.value.violations)
    with pytest.raises(Refused) as unread:
        read("[")
    assert made(unread.value.violations) == []
