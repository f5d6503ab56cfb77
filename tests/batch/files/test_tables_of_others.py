"""Tables of other systems are read as far as their columns mean something, with hints for the rest."""

from pathlib import Path
from typing import Any

import pytest

from participant_rules.batch.files.fields import Field
from participant_rules.batch.files.suggestions import PROJECT_NAMES, suggested
from participant_rules.batch.records import Unusable
from tests.batch.files.judging import in_project
from tests.batch.files.samples import UNDECLARED, opened, payloads, survey_layout, workbook

QUALTRICS = [
    ["StartDate", "ResponseId", "RecipientEmail", "ExternalReference", "UserLanguage"],
    ["Start Date", "Response ID", "Recipient Email", "External Data Reference", "User Language"],
    ['{"ImportId":"startDate"}', '{"ImportId":"_recordId"}', "x", "x", "x"],
    ["2020-01-01", "R_1", "a@example.com", "N1", "EN"],
]
SURVEYMONKEY = (
    "Respondent ID,Collector ID,Email Address,First Name,Sex?\n,,,,Response\n1180,446,a@example.com,Ann,F\n"
)
REDCAP = (
    "record_id,redcap_data_access_group,first_name,email,phone,dob,sex,demographics_complete\n"
    "1,a,Ann,a@example.com,(212) 555-0188,1980-01-01,1,2\n"
)
LIMESURVEY = "tid,firstname,email,token,language, attribute_1 <Notes>\n1,Ann,a@example.com,f8,de,x\n"
OPENCLINICA = "Study Name:,z\n\nStudySubjectID,Sex,Date of Birth,Weight_E1_C1\nN1,m,1980-01-01,72\n"


def a_field(name: str) -> Field:
    """The member with this name."""
    return Field((name,))


def hints(source: Any) -> list[str]:
    """The options that notices of columns name."""
    found = [each.violation.text.partition("left out.")[2] for each in source.notices]
    return [each.strip().removesuffix(" reads it.") for each in found if "--map" in each]


@pytest.mark.parametrize(
    ("text", "read", "options"),
    [
        (
            REDCAP,
            {"demographics": {"firstName": "Ann", "email": "a@example.com", "dateOfBirth": "1980-01-01"}},
            (
                "record_id=participantIdentifier redcap_data_access_group=institutionCode phone=mobilePhone "
                "sex=gender"
            ),
        ),
        (
            SURVEYMONKEY,
            {"demographics": {"firstName": "Ann", "email": "a@example.com"}},
            "Respondent ID=participantIdentifier Sex?=gender",
        ),
        (
            LIMESURVEY,
            {"demographics": {"firstName": "Ann", "email": "a@example.com"}},
            "token=participantIdentifier language=preferredLanguage",
        ),
        (
            OPENCLINICA,
            {"demographics": {"dateOfBirth": "1980-01-01"}},
            "StudySubjectID=participantIdentifier Sex=gender",
        ),
    ],
    ids=["redcap", "surveymonkey", "limesurvey", "openclinica"],
)
def test_what_is_read(tmp_path: Path, text: str, read: Any, options: str) -> None:
    """Known columns are read; of the others, the meaningful ones come with the option."""
    source = opened(tmp_path, text)
    assert payloads(source) == [read]
    assert " ".join(hints(source)).replace('--map "', "").replace('"', "") == options


def test_rows_below_the_names(tmp_path: Path) -> None:
    """Questions and import ids below Qualtrics' names are no records, in a text and in a workbook."""
    email = {"RecipientEmail": "email"}
    text = "\n".join("\t".join(row) for row in QUALTRICS)
    for data, name in ((text, "q.csv"), (workbook([*QUALTRICS[:2], QUALTRICS[3]]), "q.xlsx")):
        source = opened(tmp_path, data, UNDECLARED, name, mapping=email)
        assert payloads(source) == [{"demographics": {"email": "a@example.com"}}]
        assert source.notices[0].violation.code == "rows-skipped"


def test_no_known_column_but_likely_ones(tmp_path: Path) -> None:
    """The error has the options that would read a column, and the fields; a row of values is no header."""
    rows = [*QUALTRICS[:3], ["2020-01-01", "R_1", "email", "N1", "EN"]]
    with pytest.raises(Unusable) as raised:
        in_project(tmp_path, "\n".join("\t".join(row) for row in rows))
    assert (
        '; --map "RecipientEmail=email" --map "ExternalReference=participantIdentifier" '
        '--map "UserLanguage=preferredLanguage" would read'
    ) in str(raised.value)
    assert "fields are id, invitationStatus, participantIdentifier" in str(raised.value)
    german = "Teilnehmernummer;Vorname;Straße\nN1;A;x\n"
    with pytest.raises(Unusable, match='"Teilnehmernummer=participantIdentifier" --map "Vorname=firstName"'):
        in_project(tmp_path, german)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["a@example.com", "b@example.com"], "email"),
        (["+12125550188", "(212) 555-0189"], "mobilePhone"),
        (["1980-01-01", "1999-12-31"], "dateOfBirth"),
        (["M", "F", ""], "gender"),
        (["2021-08-10"], None),
        (["x", "a@example.com"], None),
        ([], None),
    ],
)
def test_what_columns_hold(values: list[str], field: str | None) -> None:
    """A column that holds addresses, numbers, dates of birth or codes of gender may be these."""
    assert suggested("Column", values, PROJECT_NAMES, ["email"], field=a_field, taken=()) == field
    assert suggested("Column", values, PROJECT_NAMES, ["email"], field=a_field, taken=[f"/{field}"]) is None


def test_attributes_and_keys_of_a_survey(tmp_path: Path) -> None:
    """LimeSurvey's attributes are keys or variables by either name; a key is suggested in other languages."""
    layout = survey_layout(
        group=False,
        inviteSeeding=["surname", "Site"],
        variables=[{"variableId": "V3", "responseType": "Literal"}],
    )
    header = "Login name;E-Mail;attribute_1 <Site>;attribute_2 <V3>;attribute_3 <Other>;Nachname"
    text = f"{header}\nann;a@example.com;x;y;z;Lee\n"
    source = opened(tmp_path, text, layout)
    assert [each.pointer for each in source.columns] == [
        "/loginSection/login",
        "/invitationSection/emailAddress",
        "/invitationSection/inviteSeeding/Site",
        "/loginSection/subjects/0/questionnaireSeeding/V3",
        None,
        None,
    ]
    assert hints(source) == ['--map "Nachname=invite.surname"']
