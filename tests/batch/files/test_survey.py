"""Tables of a survey's participants: rows are participants, or their subjects."""

from pathlib import Path
from typing import Any

import pytest

from participant_rules.batch import SurveyTask, check_sources
from participant_rules.batch.files.survey import SurveyLayout
from participant_rules.batch.records import Unusable
from participant_rules.survey import Survey
from tests.batch.files.samples import (
    ALONE,
    GROUP,
    chunks,
    notices,
    opened,
    payloads,
    rows,
    survey_layout,
    workbook,
)

SUBJECT = "/loginSection/subjects/0"


@pytest.mark.parametrize(
    ("column", "path"),
    [
        *[(name, "/loginSection/login") for name in ("login", "LOGIN", "loginSection.Login")],
        ("Password", "/loginSection/password"),
        ("interviewer", "/loginSection/interviewer"),
        *[(name, "/invitationSection/emailAddress") for name in ("emailAddress", "Email", "e-mail address")],
        ("invitation section.Email", "/invitationSection/emailAddress"),
        ("opted out", "/invitationSection/optedOut"),
        ("SendInvitations", "/invitationSection/sendInvitations"),
        ("Enabled", "/enabled"),
        *[(name, f"{SUBJECT}/subjectName") for name in ("subjectName", "Subject", "loginSection.subject")],
        *[
            (name, f"/invitationSection/inviteSeeding/{name[7:]}")
            for name in ("invite.Surname", "Invite.a b")
        ],
        *[(name, f"{SUBJECT}/questionnaireSeeding/{name}") for name in ("v46", "V7", "Q.Age", "q.age")],
    ],
)
def test_names_of_columns(tmp_path: Path, column: str, path: str) -> None:
    """A column is found by its loose name, and its pointer leads back to it as it is spelled."""
    layout = survey_layout(group=True, variables=[{"variableId": "Q.Age"}])
    source = opened(
        tmp_path, f"{column},interviewer,v1\n".replace("interviewer,interviewer", "interviewer"), layout
    )
    assert (source.column(path), source.notices) == (column, ())
    assert source.column(path.replace("/0/", "/17/")) == column
    assert [source.column(each) for each in ("", "/loginSection/subjects", "/other")] == [None] * 3


@pytest.mark.parametrize(
    "column", ["name", "v", "v1a", "invite.", "loginSection.optedOut", "subjects", "Age"]
)
def test_unknown_columns(tmp_path: Path, column: str) -> None:
    """A column that is none of these is left out, with a notice."""
    source = opened(tmp_path, f"login,{column}\na,b\n", ALONE)
    assert list(notices(source)) == [(1, column, "column-unknown")]
    assert payloads(source) == [{"loginSection": {"login": "a", "subjects": [{"subjectName": ""}]}}]


def test_the_status_is_left_out(tmp_path: Path) -> None:
    """A status cannot be set, and has no notice."""
    source = opened(tmp_path, "login,Status,loginSection.status\na,NotStarted,b\n", ALONE)
    assert (source.notices, payloads(source)) == (
        (),
        [{"loginSection": {"login": "a", "subjects": [{"subjectName": ""}]}}],
    )


FULL = (
    "login,password,interviewer,email,optedOut,sendInvitations,enabled,subject,invite.surname,v46,V47\n"
    "kim,pw,,kim@example.com,false,TRUE,true,Mother,Kim,1;2,x\n"
)


def test_a_full_row(tmp_path: Path) -> None:
    """Every column has its place, and booleans are booleans."""
    assert payloads(opened(tmp_path, FULL, GROUP)) == [
        {
            "loginSection": {
                "login": "kim",
                "password": "pw",
                "subjects": [{"subjectName": "Mother", "questionnaireSeeding": {"v46": "1;2", "V47": "x"}}],
            },
            "invitationSection": {
                "emailAddress": "kim@example.com",
                "optedOut": False,
                "sendInvitations": True,
                "inviteSeeding": {"surname": "Kim"},
            },
            "enabled": True,
        }
    ]


@pytest.mark.parametrize(
    ("layout", "text", "payload"),
    [
        (ALONE, "login\na\n", {"loginSection": {"login": "a", "subjects": [{"subjectName": ""}]}}),
        (GROUP, "login\na\n", {"loginSection": {"login": "a", "subjects": [{}]}}),
        (ALONE, "login,subject\na, \n", {"loginSection": {"login": "a", "subjects": [{"subjectName": ""}]}}),
        (ALONE, "login,subject\na,b\n", {"loginSection": {"login": "a", "subjects": [{"subjectName": "b"}]}}),
        (GROUP, "login,subject\na, \n", {"loginSection": {"login": "a", "subjects": [{}]}}),
        (
            ALONE,
            "email,v1\na,\n",
            {
                "invitationSection": {"emailAddress": "a"},
                "loginSection": {"subjects": [{"subjectName": "", "questionnaireSeeding": {}}]},
            },
        ),
        (ALONE, "enabled,email\nfalse,\n", {"enabled": False, "invitationSection": {}}),
        (GROUP, "email,invite.x\na,\n", {"invitationSection": {"emailAddress": "a", "inviteSeeding": {}}}),
    ],
)
def test_sections(tmp_path: Path, layout: SurveyLayout, text: str, payload: dict[str, Any]) -> None:
    """A section is there when the table has a column of it; the only subject has an empty name."""
    assert payloads(opened(tmp_path, text, layout)) == [payload]


def test_blank_cells_that_clear(tmp_path: Path) -> None:
    """With blank="clear" a blank cell is null, where the field can be null; not the only subject's name."""
    text = "login,password,email,optedOut,enabled,subject,invite.x,v1\na,,,,,,,\n"
    for layout, name in ((ALONE, ""), (GROUP, None)):
        assert payloads(opened(tmp_path, text, layout, blank="clear")) == [
            {
                "loginSection": {
                    "login": "a",
                    "password": None,
                    "subjects": [{"subjectName": name, "questionnaireSeeding": {"v1": None}}],
                },
                "invitationSection": {"emailAddress": None, "inviteSeeding": {"x": None}},
            }
        ]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("v46,V46", 'the columns "v46" and "V46" are the same field'),
        ("login,invite.a,Invite.A", 'the columns "invite.a" and "Invite.A" are the same field'),
        ("subject,login,subjectName", 'the columns "subject" and "subjectName" are the same field'),
    ],
)
def test_repeated_columns(tmp_path: Path, header: str, why: str) -> None:
    """Keys of seedings are the same in capitals and in small letters."""
    with pytest.raises(Unusable) as raised:
        opened(tmp_path, f"{header}\n", GROUP)
    assert str(raised.value) == f"{tmp_path / 'people.csv'}: {why}"


def test_mapped_columns(tmp_path: Path) -> None:
    """Columns are mapped to fields by the names that columns have."""
    mapping = {"User": "login", "Who": "subjectName", "Age": "v46", "Family": "invite.surname"}
    source = opened(tmp_path, "User,Who,Age,Family\na,b,1,c\n", GROUP, mapping=mapping)
    assert payloads(source) == [
        {
            "loginSection": {
                "login": "a",
                "subjects": [{"subjectName": "b", "questionnaireSeeding": {"v46": "1"}}],
            },
            "invitationSection": {"inviteSeeding": {"surname": "c"}},
        }
    ]
    assert source.column("/loginSection/subjects/3/questionnaireSeeding/v46") == "Age"


# ---- rows of one participant


def names(payload: dict[str, Any]) -> list[str]:
    """The names of the subjects."""
    return [each["subjectName"] for each in payload["loginSection"]["subjects"]]


def test_rows_with_one_login_are_one_participant(tmp_path: Path) -> None:
    """Wherever they stand, in the order of their rows; the participant stands at its first row."""
    text = "login,subject\nkim,A\nlee,B\n\nkim,C\nKim,D\n kim,E\nlee,F\nkim,G\n"
    source = opened(tmp_path, text, GROUP)
    for records in (1, 3, 2_000):
        assert [names(each) for each in payloads(source, records)] == [
            ["A", "C", "G"],
            ["B", "F"],
            ["D"],
            ["E"],
        ]
        assert rows(source, records) == [2, 3, 6, 7]
        shown = [list(each) for chunk in chunks(source, records) for each in chunk.subjects]
        assert shown == [[2, 5, 9], [3, 8], [6], [7]]
    assert source.notices == ()


def test_rows_in_a_workbook(tmp_path: Path) -> None:
    """Rows of a workbook are grouped in the same way."""
    data = workbook([["login", "subject"], ["kim", "A"], [7, "B"], ["kim", "C"], [7, "D"]])
    source = opened(tmp_path, data, GROUP, "people.xlsx")
    assert [names(each) for each in payloads(source)] == [["A", "C"], ["B", "D"]]
    (chunk,) = chunks(source)
    assert (chunk.subjects, chunk.sound) == ([[2, 4], [3, 5]], True)


def test_a_nul_in_a_workbook(tmp_path: Path) -> None:
    """A text that has a NUL is left to the reader of payloads."""
    source = opened(tmp_path, workbook([["login"], ["a_x0000_b"]]), GROUP, "people.xlsx")
    assert [each.sound for each in chunks(source)] == [False]


def test_rows_without_a_login(tmp_path: Path) -> None:
    """Rows with a blank login are participants of their own."""
    source = opened(tmp_path, "login,subject\n,A\n ,B\n,C\n", GROUP)
    assert [names(each) for each in payloads(source)] == [["A"], ["B"], ["C"]]
    assert [each.subjects for each in chunks(source)] == [[[2], [3], [4]]]
    source = opened(tmp_path, "login,subject\n,A\n ,B\n", GROUP, blank="clear")
    assert [names(each) for each in payloads(source)] == [["A"], ["B"]]


def test_rows_with_one_address(tmp_path: Path) -> None:
    """Without logins the address identifies, in any case; without both each row is a record."""
    text = "email,subject\nkim@example.com,A\n,B\n,C\nKim@Example.com ,D\n"
    source = opened(tmp_path, text, GROUP)
    assert [names(each) for each in payloads(source)] == [["A", "D"], ["B"], ["C"]]
    assert source.notices == ()
    source = opened(tmp_path, "subject\nA\nA\n", GROUP)
    assert [names(each) for each in payloads(source)] == [["A"], ["A"]]
    assert [each.subjects for each in chunks(source)] == [()]


def test_rows_without_subjects(tmp_path: Path) -> None:
    """Where a table has nothing of the login section, two rows with one address are two records."""
    source = opened(tmp_path, "email\nkim@example.com\nkim@example.com\n", ALONE)
    assert payloads(source) == [{"invitationSection": {"emailAddress": "kim@example.com"}}] * 2


def test_rows_that_differ(tmp_path: Path) -> None:
    """The first row has the participant's values; a row that differs has a finding."""
    text = (
        "login,email,optedOut,invite.x,subject,v1\n"
        "kim,kim@example.com,true,,A,1\n"
        "kim,KIM@example.com,TRUE,,B,2\n"
        "kim,,false,y,C,\n"
        "kim,kim@example.com,,,D,1\n"
    )
    source = opened(tmp_path, text, GROUP)
    (payload,) = payloads(source)
    assert payload["invitationSection"] == {
        "emailAddress": "kim@example.com",
        "optedOut": True,
        "inviteSeeding": {},
    }
    assert list(notices(source)) == [
        (3, "email", "value-differs"),
        (4, "optedOut", "value-differs"),
        (4, "invite.x", "value-differs"),
    ]
    assert "kim@" not in "".join(each.violation.text for each in source.notices).lower()


def test_findings_on_subjects(tmp_path: Path) -> None:
    """Those of reading point at the subject of their row, and those on the participant at it."""
    text = "login,email,subject,v1\nkim,k@x.org,A,\nlee,l@x.org,B,\nkim,k@gmial.com,C\u200b,=A1\n"
    (chunk,) = chunks(opened(tmp_path, text, GROUP))
    assert [
        (place, each.row, each.column, each.violation.code, each.violation.pointer)
        for place, remarks in chunk.remarks.items()
        for each in remarks
    ] == [
        (0, 4, "email", "domain-mistyped", "/invitationSection/emailAddress"),
        (0, 4, "subject", "invisible-character", "/loginSection/subjects/1/subjectName"),
        (0, 4, "v1", "cell-unreadable", "/loginSection/subjects/1/questionnaireSeeding/v1"),
    ]


def test_cells_without_a_column(tmp_path: Path) -> None:
    """A cell beyond the header, or below no name, is a member that nobody knows of the row's subject."""
    source = opened(tmp_path, "login,,subject\nkim,x,A\nkim,,B,y\n", GROUP)
    (payload,) = payloads(source)
    assert payload["loginSection"]["subjects"] == [
        {"subjectName": "A", "column 2": "x"},
        {"subjectName": "B", "column 4": "y"},
    ]
    assert source.notices == ()
    assert payloads(opened(tmp_path, "email,\na,x\n", GROUP)) == [
        {"invitationSection": {"emailAddress": "a"}, "column 2": "x"}
    ]


def test_columns_of_seedings_are_judged(tmp_path: Path) -> None:
    """An undeclared key of the invite seeding, and a wrong code, are found in each row with a value."""
    variables = [{"variableId": "V1", "responseType": "Single", "codes": [{"codeValue": "1"}]}]
    facts = {"id": "S", "invited": True, "loggedOn": True, "group": False}
    definition = Survey.from_json(facts | {"inviteSeeding": ["surname"], "variables": variables})
    rows = ["a,Lee,,1", "b,Lee,Bath,2", "c,,Ely,1;1", "d,,,"]
    text = "\n".join(["login,invite.SURNAME,invite.town,v1", *rows])
    source = opened(tmp_path, text, SurveyLayout(definition))
    outcomes = check_sources([source], SurveyTask(definition, None, "add"))
    found = [[(each.violation.code, each.place.column) for each in outcome.findings] for outcome in outcomes]
    town = ("invite-seeding-unknown", "invite.town")
    assert found == [[], [town, ("choice-unknown", "v1")], [town, ("choice-not-single", "v1")], []]
