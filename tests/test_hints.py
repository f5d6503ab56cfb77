"""The error of an unknown name has the known name near to it, wherever names are."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from participant_rules import Violation, project, survey
from participant_rules.batch.files import open_source
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.project.query import read_query

PROJECT = project.Project.from_json({"id": "P", "customFields": [{"name": "Site", "type": "Text"}]})
SURVEY = survey.Survey.from_json(
    {
        "id": "S",
        "invited": True,
        "loggedOn": True,
        "group": False,
        "inviteSeeding": ["firstname"],
        "variables": [
            {
                "variableId": "weight",
                "responseType": "Single",
                "codes": [{"codeValue": "heavy"}, {"codeValue": "light"}],
            }
        ],
    }
)


def texts_of(found: Sequence[Violation]) -> list[tuple[str, str]]:
    """The codes and the texts."""
    return [(each.code, each.text) for each in found]


@pytest.mark.parametrize(
    ("member", "code", "hint"),
    [
        (
            {"customFields": {"Sites": "x"}},
            "custom-field-undeclared",
            "The project declares no such custom field; Site is one.",
        ),
        (
            {"customFields": {"Zone": "x"}},
            "custom-field-undeclared",
            "The project declares no such custom field.",
        ),
        (
            {"demographics": {"first_name": "x"}},
            "unknown-field",
            "The member is not documented and is ignored; firstName is.",
        ),
        (
            {"demographics": {"dateOfBrith": "x"}},
            "unknown-field",
            "The member is not documented and is ignored; dateOfBirth is.",
        ),
        ({"colour": "x"}, "unknown-field", "The member is not documented and is ignored."),
    ],
)
def test_members_and_custom_fields(member: Any, code: str, hint: str) -> None:
    """Two letters of a long name, one of a short one."""
    assert (code, hint) in texts_of(project.check({"participantIdentifier": "A"} | member, PROJECT))


@pytest.mark.parametrize(
    ("seeding", "invited", "text", "message"),
    [
        (
            {"wieght": "heavy"},
            {},
            "Survey does not have a 'wieght' variable; it has 'weight'.",
            " Survey does not have a 'wieght' variable.",
        ),
        (
            {"colour": "x"},
            {},
            "Survey does not have a 'colour' variable.",
            " Survey does not have a 'colour' variable.",
        ),
        (
            {"weight": "havy"},
            {},
            "Survey variable 'weight' does not contain code value 'havy'; it has 'heavy'.",
            " Survey variable 'weight' does not contain code value 'havy'.",
        ),
        (
            {},
            {"firstnam": "x"},
            "Participant invite seeding does not have a 'firstnam' seeding property; it has 'firstname'.",
            " Participant invite seeding does not have a 'firstnam' seeding property.",
        ),
    ],
)
def test_seedings(seeding: Any, invited: Any, text: str, message: str) -> None:
    """The text for people has the hint; the server's own sentence stays byte for byte."""
    subject = {"subjectName": "", "questionnaireSeeding": seeding}
    payload = {
        "loginSection": {"login": "k", "subjects": [subject]},
        "invitationSection": {"inviteSeeding": invited},
    }
    (found,) = survey.check(payload, SURVEY)
    assert (found.text, found.message) == (text, message)
    assert survey.UPDATE.recognise(message) is not None


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("EnrolmentDate", "; EnrollmentDate is the nearest"),
        ("demographicField.LastNam", "; DemographicField.LastName is the nearest"),
        ("Colour", ""),
    ],
)
def test_sort_keys(name: str, hint: str) -> None:
    """One of a query."""
    _, faults = read_query({"sortBy": name})
    assert texts_of(faults) == [
        ("parameter-malformed", f"The query parameter must be one of the documented values{hint}.")
    ]


def test_columns(tmp_path: Path) -> None:
    """One of a table."""
    path = tmp_path / "in.csv"
    path.write_text("participantIdentifier,Genedr,Colour\nA,M,x\n", "utf-8")
    notices = open_source(str(path), ProjectLayout(PROJECT)).notices
    assert [(each.column, "gender" in each.violation.text) for each in notices] == [
        ("Genedr", True),
        ("Colour", False),
    ]
