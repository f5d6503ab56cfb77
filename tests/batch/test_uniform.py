"""Batches of one program: texts of a few shapes, mostly not decoded, have the findings of the rules."""

import json
from random import Random
from typing import Any, Literal

import pytest

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask, check_sources
from participant_rules.batch.sources import given
from tests.batch.samples import (
    a_group_survey,
    participants_one_by_one,
    results_of,
    rows_one_by_one,
    store_of,
    survey_store,
)

FIELDS = project.Project.from_json(
    {"id": "P", "customFields": [{"name": "Smoker", "type": "Integer"}, {"name": "Since", "type": "Date"}]}
)
EVERYBODY = [f"P-{number}" for number in range(90)]


def a_person(random: Random, name: str) -> dict[str, Any]:
    """Somebody as one program writes them, seldom with the address or the number of somebody else."""
    other = name if random.random() < 0.9 else random.choice(EVERYBODY)
    person = {
        "email": random.choice([f"{other}@x.com", f"{other}@x.com", f"{other.upper()}@X.com", "no address"]),
        "firstName": random.choice(["Ann", "Zoë", None, ""]),
        "mobilePhone": f"+1212555{int(other[2:]) + 100:04d}" if random.random() < 0.95 else "555",
        "gender": random.choice(["M", "F", None, "x"]),
        "utcOffset": random.choice(["-04:00:00", "+05:30:00", "-4"]),
    }
    fields = {
        "Smoker": random.choice([0, 1, None, "", "x"]),
        "Since": random.choice(["2020-01-31", "", "now"]),
    }
    return {"participantIdentifier": name, "demographics": person, "customFields": fields}


def a_row(random: Random) -> dict[str, Any]:
    """A row: most are right; some have an id, an alias, or a read-only member."""
    row = a_person(Random(random.choice(range(300))), random.choice(EVERYBODY))
    row |= {"excludeFromExport": random.choice([True, False, False, None])}
    if random.random() < 0.05:
        row["demographics"]["firstName"] = 7
    if random.random() < 0.15:
        row |= {"secondaryIdentifier": random.choice(["S1", None]), "enrolled": True}
    if random.random() < 0.1:
        row |= {"id": "3a713a06-295d-4803-9602-2aac73fe1a38"}
    return row


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("allow_update", [True, False])
@pytest.mark.parametrize("seed", [0, *(pytest.param(each, marks=pytest.mark.heavy) for each in range(1, 5))])
def test_rows(seed: int, *, allow_update: bool, asked: bool) -> None:
    """Whether somebody is stored already, has enrolled, or was added by an earlier row."""
    random = Random(seed)
    stored = [
        a_person(random, name) | {"enrolled": random.random() < 0.5} for name in random.sample(EVERYBODY, 40)
    ]
    store = store_of(FIELDS, stored, project.Policy()) if asked else None
    payloads = [json.dumps(a_row(random), ensure_ascii=False).encode() for _ in range(300)]
    task = ProjectTask(FIELDS, store, allow_update)
    expected = rows_one_by_one(payloads, FIELDS, store, allow_update=allow_update, policy=project.Policy())
    assert results_of(check_sources([given(payloads)], task, records=50)) == expected


def a_participant(random: Random, *, invited: bool) -> dict[str, Any]:
    """Somebody as one program writes them."""
    seeding = {"v1": random.choice(["1", "2", "1;2"]), "v2": random.choice(["1", "9", ""])}
    names = random.choice([["A"], ["A", "B"], ["A", "A"], [" "]])
    subjects = [{"subjectName": name, "questionnaireSeeding": seeding} for name in names]
    login = {"login": f"L{random.randrange(400)}", "interviewer": random.choice([None] * 9 + ["a@x.com"])}
    address = random.choice(["a@x.com", "A@x.com ", None, "no address"])
    invitation = {"optedOut": random.random() < 0.2, "sendInvitations": random.random() < 0.5}
    sections = {"invitationSection": invitation | {"emailAddress": address}} if invited else {}
    return sections | {"loginSection": login | {"subjects": subjects}, "enabled": random.random() < 0.9}


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("operation", ["add", "update"])
@pytest.mark.parametrize("invited", [True, False])
def test_participants(operation: Literal["add", "update"], *, invited: bool, asked: bool) -> None:
    """Whether somebody is stored already, or was added by an earlier record."""
    random = Random(f"{operation} {invited}")
    definition = a_group_survey(invited=invited)
    stored = [{"loginSection": {"login": f"L{number}"}} for number in range(0, 400, 7)]
    store = survey_store(definition, stored) if asked else None
    payloads = [json.dumps(a_participant(random, invited=invited)).encode() for _ in range(300)]
    task = SurveyTask(definition, store, operation)
    expected = participants_one_by_one(
        payloads, definition, store, operation=operation, caller=survey.Caller()
    )
    assert results_of(check_sources([given(payloads)], task, records=50)) == expected
