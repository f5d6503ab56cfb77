"""A later row names the earlier one that is about the same participant, or has the same value."""

import json
from typing import Any

import pytest

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask, check
from participant_rules.declared import state, unique
from participant_rules.memory import MemoryProjects
from participant_rules.project.model import Project
from participant_rules.survey.model import Survey

DEFINITION = {"id": "P", "participants": [{"participantIdentifier": "S", "demographics": {"firstName": "x"}}]}
RowResult = list[tuple[str, int | None]]


def of_project(records: list[Any], *, allow_update: bool = True, warnings: bool = True) -> list[RowResult]:
    """The codes of each record's findings, and the earlier records that they name."""
    task = ProjectTask(
        Project.from_json(DEFINITION), MemoryProjects.from_json([DEFINITION]), allow_update=allow_update
    )
    return results(records, task, warnings=warnings)


def results(records: list[Any], task: Any, *, warnings: bool = True) -> list[RowResult]:
    """The findings on records."""
    return [
        [(found.violation.code, found.other.row if found.other else None) for found in each.findings]
        for each in check(records, task, warnings=warnings)
    ]


def person(name: str, **demographics: str) -> dict[str, Any]:
    """A payload."""
    return {"participantIdentifier": name, "demographics": demographics}


@pytest.mark.parametrize("name", ["N", "S"])
def test_a_participant_twice(name: str) -> None:
    """The participant that an earlier row adds or updates is named with it."""
    records = [person(name, city="a"), person("other"), person(name, city="b")]
    assert of_project(records) == [[], [], [("identity-repeated", 1)]]
    assert of_project(records, warnings=False) == [[], [], []]


def test_no_update_is_allowed() -> None:
    """The error names the earlier row."""
    records = [person("N", city="a"), person("N", city="b")]
    assert of_project(records, allow_update=False) == [
        [], [("update-not-allowed", 1), ("identity-repeated", 1)]
    ]  # fmt: skip


def test_a_value_of_a_refused_row() -> None:
    """A value of a refused row has no holder, and would be found in the next round."""
    wrong = person("A", email="a@example.com", gender="?")
    records = [wrong, person("B", email="A@example.com"), person("C", email="a@example.com")]
    assert of_project(records) == [
        [("gender-unknown", None)],
        [("value-repeated", 1)],
        [("email-taken", 2)],
    ]


def test_an_address_of_somebody_stored() -> None:
    """An earlier row about the same participant does not have it."""
    stored = {"participantIdentifier": "T", "demographics": {"email": "t@example.com"}}
    definition = {"id": "P", "participants": [stored]}
    store = MemoryProjects.from_json([definition])
    task = ProjectTask(store.projects[0], store, allow_update=True)
    records = [person("N", city="a"), person("N", email="T@example.com")]
    assert results(records, task) == [[], [("email-taken", None), ("identity-repeated", 1)]]


def test_a_rule_of_ones_own_about_unique_values() -> None:
    """Its code is as good as ours: a value that a stored participant has is said once."""
    stored = {"participantIdentifier": "T", "demographics": {"email": "t@example.com"}}
    store = MemoryProjects.from_json([{"id": "P", "participants": [stored]}])
    own = unique("demographics.email", "Somebody has it.", code="email-in-use", law="Addresses are unique.")
    rules = project.RULES.removing("email-taken").adding(own, to=project.Operation.BULK)
    task = ProjectTask(store.projects[0], store, rules=rules)
    records = [person("A", email="t@example.com"), person("B", email="T@example.com")]
    assert results(records, task) == [[("email-in-use", None)], [("email-in-use", None)]]


def test_a_rule_of_ones_own_about_logins() -> None:
    """It names the earlier row too."""
    definition = Survey.from_json({"id": "S", "invited": False, "loggedOn": True, "group": False})
    own = unique(
        "loginSection.login",
        "Somebody has it.",
        code="login-in-use",
        law="Logins are unique.",
        reads=[state("loginSection.login"), state("invitationSection.emailAddress")],
    )
    rules = survey.RULES.removing("login-name-taken").adding(own, to=survey.Operation.ADD)
    kim = {"loginSection": {"login": "kim", "subjects": [{"subjectName": ""}]}}
    assert results([kim, kim], SurveyTask(definition, None, "add", rules=rules)) == [
        [], [("login-in-use", 1)]
    ]  # fmt: skip


def test_records_that_cannot_be_read() -> None:
    """They repeat nothing."""
    assert of_project(["{", "{"]) == [[("not-json", None)]] * 2


def test_a_login_twice() -> None:
    """A login that is taken by an earlier row names it."""
    definition = Survey.from_json({"id": "S", "invited": False, "loggedOn": True, "group": False})
    kim = {"loginSection": {"login": "kim", "subjects": [{"subjectName": ""}]}}
    nobody = {"loginSection": {"subjects": [{"subjectName": ""}]}}
    assert results([kim, kim, nobody], SurveyTask(definition, None, "add")) == [
        [], [("login-name-taken", 1)], [("login-name-required", None)]
    ]  # fmt: skip


class Text(str):
    """A string as other packages have it: a value with one is read by itself."""

    __slots__ = ()


def odd(record: dict[str, Any]) -> Any:
    """The same record with such strings."""
    pairs = [(name, odd(each) if isinstance(each, dict) else Text(each)) for name, each in record.items()]
    return dict(pairs)


@pytest.mark.parametrize("write", [dict, json.dumps, odd], ids=["values", "texts", "odd values"])
def test_a_malformed_address_twice(write: Any) -> None:
    """It is to be put right first, and nobody knows what it will be then."""
    definition = Survey.from_json({"id": "S", "invited": True, "loggedOn": False, "group": False})
    wrong = {"invitationSection": {"emailAddress": "kim@@example.com"}}
    assert (
        results([write(wrong)] * 2, SurveyTask(definition, None, "add")) == [[("email-required", None)]] * 2
    )
    person = {"participantIdentifier": "A", "demographics": {"email": "kim@@example.com"}}
    other = person | {"participantIdentifier": "B"}
    assert of_project([write(person), write(other)]) == [[("email-malformed", None)]] * 2
