"""The losses of a full replacement."""

from typing import Any

import pytest

from participant_rules import survey
from tests.survey.samples import Json, a_survey, login_section

STORED: Json = {
    "invitationSection": {
        "optedOut": True,
        "sendInvitations": False,
        "emailAddress": "kim@example.com",
        "inviteSeeding": {"Surname": "Doe", "town": None, "street": " "},
    },
    "loginSection": {
        "login": "kim",
        "password": "secret",
        "interviewer": "ann@example.com",
        "status": "Saved",
        "subjects": [{"subjectName": "", "questionnaireSeeding": {"V46": "5", "v50": ""}, "status": "Saved"}],
    },
    "enabled": False,
}


def _warned(
    asked: Json, stored: Any = STORED, caller: survey.Caller | None = None, kind: str = "both", **known: Any
) -> list[str | None]:
    """Where the dry run of an update says that something is reset."""
    definition = a_survey(kind, **known)
    participants = {"kim": survey.Stored(survey.wire.read_stored(stored))}
    found = survey.check(
        asked,
        definition,
        uid="kim",
        known=survey.Known(definition, participants),
        caller=caller or survey.Caller(),
    )
    return [each.pointer for each in found if each.code == "reset-by-omission"]


def _without(*path: str | int) -> Json:
    """The stored participant as a body, but for one member."""
    asked: Json = survey.wire.write(survey.wire.read_stored(STORED))
    inner: Any = asked
    for part in path[:-1]:
        inner = inner[part]
    del inner[path[-1]]
    return asked


SEEDING = ("loginSection", "subjects", 0, "questionnaireSeeding")


@pytest.mark.parametrize(
    ("path", "pointers"),
    [
        (("enabled",), ["/enabled"]),
        (("invitationSection", "optedOut"), ["/invitationSection/optedOut"]),
        (("invitationSection", "sendInvitations"), []),
        (("invitationSection", "emailAddress"), ["/invitationSection/emailAddress"]),
        (("invitationSection", "inviteSeeding"), ["/invitationSection/inviteSeeding"]),
        (("invitationSection", "inviteSeeding", "Surname"), ["/invitationSection/inviteSeeding/Surname"]),
        (("invitationSection", "inviteSeeding", "town"), []),
        (("invitationSection", "inviteSeeding", "street"), []),
        (("loginSection", "password"), ["/loginSection/password"]),
        (("loginSection", "status"), []),
        (SEEDING, ["/loginSection/subjects/0/questionnaireSeeding"]),
        ((*SEEDING, "V46"), ["/loginSection/subjects/0/questionnaireSeeding/V46"]),
        ((*SEEDING, "v50"), []),
        (("invitationSection",), []),
        (("loginSection",), []),
    ],
)
def test_a_member_that_is_left_out(path: tuple[str | int, ...], pointers: list[str]) -> None:
    """It has a warning where a default would change the stored value, and nowhere else."""
    assert _warned(_without(*path)) == pointers


def test_nothing_is_left_out() -> None:
    """Sending all of it loses nothing."""
    assert _warned(survey.wire.write(survey.wire.read_stored(STORED))) == []


def test_null_is_meant() -> None:
    """Null clears the stored value on purpose."""
    asked = survey.wire.write(survey.wire.read_stored(STORED))
    asked["invitationSection"] |= {"emailAddress": None, "inviteSeeding": None}
    asked["loginSection"] |= {"password": None}
    asked["loginSection"]["subjects"][0]["questionnaireSeeding"] = None
    assert _warned(asked) == []


def test_what_is_said_is_not_left_out() -> None:
    """A body that says the opposite of all that is stored leaves nothing out."""
    stored = {**STORED, "invitationSection": {**STORED["invitationSection"], "sendInvitations": True}}
    asked = survey.wire.write(survey.wire.read_stored(STORED)) | {"enabled": True}
    asked["invitationSection"] |= {"optedOut": False, "sendInvitations": False, "emailAddress": "lee@x.org"}
    asked["invitationSection"]["inviteSeeding"] = {"surname": ""}
    asked["loginSection"] |= {"password": "other", "interviewer": ""}
    asked["loginSection"]["subjects"][0]["questionnaireSeeding"] = {"v46": ""}
    assert _warned(asked, stored) == []


def test_keys_in_another_spelling_are_kept() -> None:
    """Seeding keys compare without regard to case, under either name of the seeding."""
    asked = _without("invitationSection", "inviteSeeding")
    asked["invitationSection"]["invitationSeeding"] = {"SURNAME": "Doe"}
    asked["loginSection"]["subjects"][0]["questionnaireSeeding"] = {"v46": "6"}
    assert _warned(asked) == []
    asked["invitationSection"]["invitationSeeding"] = {}
    assert _warned(asked) == ["/invitationSection/inviteSeeding/Surname"]


def test_defaults_lose_nothing() -> None:
    """Where the defaults are stored, leaving everything out changes nothing."""
    assert (
        _warned(
            {"invitationSection": {}, "loginSection": login_section()}, {"loginSection": {"login": "kim"}}
        )
        == []
    )
    plain = {
        "invitationSection": {"optedOut": False, "emailAddress": " ", "inviteSeeding": {"surname": " "}},
        "loginSection": {
            "login": "kim",
            "password": "",
            "subjects": [{"subjectName": "", "questionnaireSeeding": {"v46": ""}}],
        },
    }
    assert _warned({"invitationSection": {}, "loginSection": login_section()}, plain) == []


def test_send_invitations_is_lost() -> None:
    """A participant with invitations would get none."""
    stored = {**STORED, "invitationSection": {"sendInvitations": True}}
    assert _warned({"invitationSection": {}, "loginSection": login_section(password="secret")}, stored)[
        :2
    ] == [
        "/enabled",
        "/invitationSection/sendInvitations",
    ]


def test_the_interviewer_of_a_caller_with_the_permission() -> None:
    """Where nobody knows whether a survey allows interviewers, one left out is lost; null is meant."""
    asked = _without("loginSection", "interviewer")
    assert _warned(asked) == ["/loginSection/interviewer"]
    assert _warned(asked, caller=survey.Caller(manages_interviewers=False)) == []
    for nobody in (None, ""):
        stored = {**STORED, "loginSection": {**STORED["loginSection"], "interviewer": nobody}}
        assert _warned(asked, stored) == []
    asked["loginSection"]["interviewer"] = None
    assert _warned(asked) == []


def test_an_unknown_stored_participant() -> None:
    """Without a stored participant there is nothing to lose, and an add loses nothing."""
    definition = a_survey("both")
    least = {"invitationSection": {}, "loginSection": login_section()}
    assert survey.check(least, definition) == ()
    assert survey.check(least, definition, operation="add", known=survey.Known(definition, {})) == ()


def test_new_subjects_lose_nothing() -> None:
    """A subject that is not stored has nothing to lose."""
    asked = _without("loginSection", "password")
    asked["loginSection"]["subjects"] = [{"subjectName": "new"}]
    assert _warned(asked, group=True, fixedSubjects=False) == ["/loginSection/password"]


def test_wrong_types_are_not_left_out() -> None:
    """A value that cannot be read is a fault, not an omission."""
    wrong = {
        "enabled": 1,
        "invitationSection": 5,
        "loginSection": {"login": "kim", "password": 1, "interviewer": 1},
    }
    assert _warned(wrong) == []
