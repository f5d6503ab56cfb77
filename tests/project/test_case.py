"""The facts of a case, as a rule of one's own reads them."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from attrs import evolve

from participant_rules import at, project, rule
from participant_rules.memory import MemoryProjects
from participant_rules.rules import At
from participant_rules.unknown import Unknown

EMAIL, PHONE = "demographics.email", "demographics.mobilePhone"
STORED: Final[dict[str, Any]] = {
    "id": "P",
    "participants": [
        {
            "id": "3a713a06-295d-4803-9602-776f09a1483b",
            "participantIdentifier": "A",
            "demographics": {"email": "kim@example.com", "mobilePhone": "212-555-0123"},
        }
    ],
}


@rule("The address is new.", pointer="/demographics/email", reads=[EMAIL])
def address_new(case: project.Case) -> Iterator[At]:
    """Nobody gets another address."""
    if case.new_email:
        yield at()


@rule("The number is new.", pointer="/demographics/mobilePhone", reads=[PHONE])
def number_new(case: project.Case) -> Iterator[At]:
    """Nobody gets another number."""
    if case.new_phone:
        yield at()


RULES: Final = {**project.RULES, project.Operation.PUT: project.PUT + address_new + number_new}


@pytest.mark.parametrize(
    ("identifier", "demographics", "codes"),
    [
        ("A", {"email": "Kim@Example.com", "mobilePhone": "+12125550123"}, []),
        ("A", {"email": "lee@example.com", "mobilePhone": "2125550199"}, ["address-new", "number-new"]),
        ("B", {"email": "lee@example.com"}, ["address-new"]),
        ("B", {"email": " "}, []),
        ("B", {}, []),
    ],
)
def test_new_contacts(identifier: str, demographics: dict[str, Any], codes: list[str]) -> None:
    """An address and a number are new where they compare otherwise than the stored ones."""
    payload = {"participantIdentifier": identifier, "demographics": demographics}
    store = MemoryProjects.from_json([STORED])
    found = project.check(payload, project.Project(id="P"), roster=store, rules=RULES)
    assert [each.code for each in found if each.code.endswith("-new")] == codes


def test_of_an_unknown_project_nothing_is_known() -> None:
    """Rules that read it do not run; an unknown attribute is an error as of any object."""
    change = project.Change(project.Operation.PUT, "P", asked=project.Participant(participant_identifier="A"))
    case = project.Case.of(change, project.Known(None))
    assert case.asked is change.asked
    with pytest.raises(Unknown, match=r"^the project is not found$"):
        _ = case.project
    with pytest.raises(AttributeError, match=r"^colour$"):
        _ = case.colour


def test_rows_of_an_unknown_project() -> None:
    """A store's answer about further rows changes nothing."""
    rows = project.bulk.Rows(project.Known(None), allow_update=True)
    rows.learn([])
    change = project.Change(
        project.Operation.BULK, "P", asked=project.Participant(participant_identifier="A")
    )
    assert [each.code for each in rows.decide(change).violations] == ["project-not-found"]


def test_an_alias_of_no_field_changes_nothing() -> None:
    """A project that declares its fields, and not that one, has no place for it."""
    asked = project.Participant(secondary_identifier="S")
    change = project.Change(project.Operation.PUT, "P", asked=asked)
    fields = {"none": (), "alias": (project.CustomField("SecondaryIdentifier", "Text"),)}
    cases = {
        name: project.Case.of(change, project.Known(project.Project(id="P", custom_fields=declared)))
        for name, declared in fields.items()
    }
    assert {name: case.changes_secondary_identifier for name, case in cases.items()} == {
        "none": False,
        "alias": True,
    }


def test_a_malformed_stored_address() -> None:
    """It compares by its text, which a check with a store looks at."""
    store = MemoryProjects.from_json([STORED])
    for payload in ({"participantIdentifier": "A", "demographics": {"email": "kim"}},):
        for text in (payload, json.dumps(payload)):
            found = project.check(text, project.Project(id="P"), roster=store)
            assert [each.code for each in found] == ["email-malformed"]


def test_a_case_made_of_another_one() -> None:
    """It works the keys of its body out by itself."""
    change = project.read(
        {"participantIdentifier": "A", "demographics": {"email": "KIM@example.com"}}, project="P"
    )
    case = project.Case.of(change, project.Known(project.Project.from_json(STORED)))
    assert evolve(case).keys == case.keys == {"participantIdentifier": "A", EMAIL: "kim@example.com"}


@pytest.mark.parametrize(
    ("identifier", "sent", "expected"),
    [
        ("A", " Kim ", None),
        ("A", " Lee ", "Lee"),
        ("A", "kim", "kim"),
        ("A", None, None),
        ("B", " Kim ", "Kim"),
        ("B", " ", None),
        ("B", None, None),
    ],
)
def test_a_new_demographic(identifier: str, sent: str | None, expected: str | None) -> None:
    """It is new where it is another text than the stored one, and for whom nothing is stored."""
    stored = {"participantIdentifier": "A", "demographics": {"firstName": "Kim"}}
    store = MemoryProjects.from_json([{"id": "P", "participants": [stored]}])
    change = project.read(
        {"participantIdentifier": identifier, "demographics": {"firstName": sent}}, project="P"
    )
    case = project.Case.of(change, store.find(project.keys([change])))
    assert case.new_demographic("first_name") == expected


def test_a_call_without_a_body() -> None:
    """Nothing is asked for that a rule could judge."""
    change = project.Change(project.Operation.DELETE, "P", "A-1")
    case = project.Case.of(change, project.Known(project.Project(id="P"), ()))
    with pytest.raises(Unknown, match=r"^there is no body to judge$"):
        _ = case.asked
