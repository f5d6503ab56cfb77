"""Payload to participant and back."""

from typing import Any
from uuid import UUID

import pytest

from participant_rules import UNSET, Refused, survey
from participant_rules.survey.model import InvitationSection, LoginSection, Participant, Subject
from participant_rules.survey.wire import answer, answer_subject, read_stored, summary, write
from participant_rules.unset import UNREADABLE
from participant_rules.wire import Malformed
from tests.asked import asked_of_survey as read_body
from tests.survey.samples import SECRETS, Json, a_survey, codes, secret_participant

EXAMPLE = {
    "invitationSection": {
        "optedOut": False,
        "sendInvitations": True,
        "emailAddress": "sborg4@titan.local",
        "inviteSeeding": {"surname": "D", "forenames": "David"},
    },
    "loginSection": {
        "login": "A4",
        "password": None,
        "interviewer": "",
        "status": "NotStarted",
        "subjects": [
            {"subjectName": "Alton Towers", "questionnaireSeeding": {"v45": "David"}, "status": "NotStarted"}
        ],
    },
    "enabled": True,
}
ASKED = Participant(
    InvitationSection(False, True, "sborg4@titan.local", {"surname": "D", "forenames": "David"}),
    LoginSection("A4", None, "", UNSET, (Subject("Alton Towers", {"v45": "David"}),)),
    True,
)
STORED = Participant(
    InvitationSection(False, True, "sborg4@titan.local", {"surname": "D", "forenames": "David"}),
    LoginSection("A4", None, "", "NotStarted", (Subject("Alton Towers", {"v45": "David"}, "NotStarted"),)),
    True,
)


def test_read() -> None:
    """A payload is read from bytes, text or decoded JSON; the read-only status is left out."""
    assert survey.read(EXAMPLE) == ASKED
    assert survey.read(b'{"enabled": false}') == Participant(enabled=False)
    assert survey.read('{"loginSection": null}') == Participant(login_section=None)
    assert survey.read("{}") == Participant(UNSET, UNSET, UNSET)


def test_read_refuses_with_every_fault() -> None:
    """An unreadable payload is refused, with all faults and without a value."""
    with pytest.raises(Refused) as refused:
        survey.read({"enabled": "hunter2", "loginSection": {"login": 5, "subjects": [None]}})
    assert [(each.code, each.pointer) for each in refused.value.violations] == [
        ("wrong-type", "/loginSection/login"),
        ("wrong-type", "/loginSection/subjects/0"),
        ("wrong-type", "/enabled"),
    ]
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", "not-json"), (b"[]", "wrong-type"), ('{"a": 1, "a": 1}', "key-repeated"), (None, "wrong-type")],
)
def test_read_refuses_bad_texts(body: object, code: str) -> None:
    """A text with faults is refused with them."""
    with pytest.raises(Refused) as refused:
        survey.read(body)
    assert codes(refused.value.violations) == [code]


def test_read_body() -> None:
    """A body is an entity and its faults; a text with faults is no entity at all."""
    assert read_body(Subject, b'{"subjectName": "a", "status": 1}') == (Subject("a"), ())
    subject, faults = read_body(Subject, b'{"subjectName": 1}')
    assert (subject, codes(faults)) == (Subject(UNREADABLE), ["wrong-type"])
    entity, faults = read_body(Participant, b'"\xff')
    assert (entity, codes(faults)) == (UNSET, ["not-json"])
    entity, faults = read_body(Participant, b"{}", 1)
    assert (entity, codes(faults)) == (UNSET, ["too-large"])


def test_what_is_stored() -> None:
    """A stored participant has its status; an unreadable one is a set-up error."""
    assert read_stored(EXAMPLE) == STORED
    with pytest.raises(Malformed, match=r"^participant: /enabled The value must be true or false\.$"):
        read_stored({"enabled": 1})


@pytest.mark.parametrize(
    "participant",
    [
        STORED,
        ASKED,
        Participant(),
        Participant(None, None, False),
        Participant(InvitationSection(), LoginSection()),
    ],
)
def test_write(participant: Participant) -> None:
    """A written participant is read as the same; left out members stay out."""
    assert read_stored(write(participant)) == participant


def test_write_a_subject() -> None:
    """A subject is written alone."""
    assert write(Subject("a", {"v1": None})) == {"subjectName": "a", "questionnaireSeeding": {"v1": None}}


def test_the_page_s_example_is_written_as_it_is_printed() -> None:
    """Every documented member goes both ways."""
    assert write(STORED) == EXAMPLE


CALLER, OTHER = survey.Caller(), survey.Caller(manages_interviewers=False)


def test_an_answer_has_the_sections_of_the_survey() -> None:
    """A section that does not apply is left out; all else is there."""
    known: Json = {"interviewers": []}
    assert answer(STORED, a_survey("both", **known), CALLER) == EXAMPLE
    assert answer(STORED, a_survey("login", **known), CALLER) == {
        "loginSection": EXAMPLE["loginSection"],
        "enabled": True,
    }
    assert answer(STORED, a_survey("invite", **known), CALLER) == {
        "invitationSection": EXAMPLE["invitationSection"],
        "enabled": True,
    }


@pytest.mark.parametrize("nothing", [Participant(), Participant(None, None), read_stored({})])
def test_an_answer_has_every_documented_member(nothing: Participant) -> None:
    """A missing value is answered as its default."""
    assert answer(nothing, a_survey("both", interviewers=None), CALLER) == {
        "invitationSection": {
            "optedOut": False,
            "sendInvitations": False,
            "emailAddress": None,
            "inviteSeeding": {},
        },
        "loginSection": {
            "login": None,
            "password": None,
            "interviewer": None,
            "status": None,
            "subjects": [],
        },
        "enabled": True,
    }


def test_a_summary_has_no_seedings_and_no_subjects() -> None:
    """A list answers the participants, without their seedings."""
    invitation = {"optedOut": False, "sendInvitations": True, "emailAddress": "sborg4@titan.local"}
    login = {"login": "A4", "password": None, "interviewer": None, "status": "NotStarted"}
    assert summary(STORED, a_survey("both", interviewers=None), CALLER) == {
        "invitationSection": invitation,
        "loginSection": login,
        "enabled": True,
    }
    assert summary(STORED, a_survey("login", interviewers=None), CALLER) == {
        "loginSection": login,
        "enabled": True,
    }
    assert summary(Participant(enabled=False), a_survey("invite"), CALLER) == {
        "invitationSection": {"optedOut": False, "sendInvitations": False, "emailAddress": None},
        "enabled": False,
    }


@pytest.mark.parametrize("stored", [UNSET, None, "", "ann@example.com"])
def test_an_answer_s_interviewer(stored: str | None) -> None:
    """Null where none is allowed or the caller may not manage them; else never null; unknown: as stored."""
    participant = Participant(login_section=LoginSection("kim", interviewer=stored))
    shown = stored if isinstance(stored, str) else None

    def answered(caller: survey.Caller, **known: Any) -> object:
        return answer(participant, a_survey(**known), caller)["loginSection"]["interviewer"]

    assert answered(CALLER, interviewers=["ann@example.com"]) == (shown or "")
    assert answered(CALLER, interviewers=[]) == (shown or "")
    assert answered(CALLER, interviewers=None) is None
    assert answered(CALLER) == shown
    assert answered(OTHER, interviewers=["ann@example.com"]) is None
    assert answered(OTHER) is None


def test_the_seeding_is_answered_under_one_spelling() -> None:
    """A value stored under the other spelling is answered as inviteSeeding."""
    stored = read_stored({"invitationSection": {"invitationSeeding": {"surname": "D"}}})
    assert answer(stored, a_survey("invite"), CALLER)["invitationSection"] == {
        "optedOut": False,
        "sendInvitations": False,
        "emailAddress": None,
        "inviteSeeding": {"surname": "D"},
    }


def test_an_answered_subject() -> None:
    """A subject has name, seeding and status, whatever is stored."""
    assert answer_subject(Subject()) == {"subjectName": "", "questionnaireSeeding": {}, "status": None}
    assert answer_subject(Subject("a", {"v1": None}, "Saved")) == {
        "subjectName": "a",
        "questionnaireSeeding": {"v1": None},
        "status": "Saved",
    }


def test_faults_hold_nothing_personal() -> None:
    """A fault has its place, never its value."""
    wrong = secret_participant()
    wrong["loginSection"]["password"] = ["hunter2"]
    wrong["invitationSection"]["emailAddress"] = {"robin@example.com": 1}
    with pytest.raises(Refused) as refused:
        survey.read(wrong)
    shown = (
        repr(refused.value.violations)
        + str(refused.value)
        + repr([each.as_dict() for each in refused.value.violations])
    )
    assert [secret for secret in SECRETS if secret in shown] == []


def test_what_a_database_holds_and_json_does_not() -> None:
    """A row of a caller's own tables is told what is in it."""
    with pytest.raises(Malformed) as wrong:
        survey.read_stored({"loginSection": {"login": UUID(int=1), "subjects": ({"subjectName": ""},)}})
    assert str(wrong.value) == (
        "participant: /loginSection/login The value is of the type UUID, which JSON does not have.; "
        "/loginSection/subjects The value is of the type tuple, which JSON does not have."
    )
