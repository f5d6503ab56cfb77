"""An update that keeps all that is stored breaks no law that compares with it, and loses nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import survey
from participant_rules.survey.likeness import keeps_all
from participant_rules.survey.wire import read_body, read_stored
from tests.survey.samples import a_survey

KEYS = st.dictionaries(st.sampled_from(["v1", "V1", "v2"]), st.sampled_from(["1", "", None]), max_size=2)
SUBJECTS = st.lists(
    st.fixed_dictionaries({"subjectName": st.sampled_from("ABC")}, optional={"questionnaireSeeding": KEYS}),
    min_size=1,
    max_size=2,
    unique_by=lambda each: str(each["subjectName"]),
)
LOGINS = st.fixed_dictionaries(
    {"login": st.just("kim"), "subjects": SUBJECTS},
    optional={"password": st.sampled_from(["p", None]), "interviewer": st.just(None)},
)
INVITATIONS = st.fixed_dictionaries(
    {"emailAddress": st.just("kim@example.com")},
    optional={
        "optedOut": st.booleans(),
        "sendInvitations": st.just(False),
        "inviteSeeding": st.none() | KEYS,
    },
)
BODIES = st.fixed_dictionaries(
    {"loginSection": LOGINS, "invitationSection": INVITATIONS}, optional={"enabled": st.booleans()}
)
LAWS = survey.UPDATE.only("subjects-mismatch", "reset-by-omission", "participant-not-found")
GROUP = a_survey("both", group=True)


def found(body: Any, stored: survey.Participant) -> list[str]:
    """What the laws that compare with the stored participant say."""
    asked, faults = read_body(survey.Participant, body)
    change = survey.Change(survey.Operation.UPDATE, "S1", asked=asked, faults=faults)
    case = survey.Case.of(change, survey.Known(GROUP, {"kim": survey.Stored(stored, 1)}), survey.Caller())
    return [each.code for each in (*LAWS.violations(case), *LAWS.warnings(case))]


@given(BODIES, BODIES)
def test_who_keeps_all_loses_nothing(body: dict[str, Any], before: dict[str, Any]) -> None:
    """Where it says yes, no rule finds anything."""
    stored = read_stored(before)
    if keeps_all(body, stored):
        assert found(body, stored) == []


WHOLE: dict[str, Any] = {
    "invitationSection": {
        "optedOut": False,
        "sendInvitations": False,
        "emailAddress": "kim@example.com",
        "inviteSeeding": {"a": "1"},
    },
    "loginSection": {
        "login": "kim",
        "password": "p",
        "interviewer": None,
        "subjects": [{"subjectName": "A", "questionnaireSeeding": {"v1": "1"}}],
    },
    "enabled": False,
}


def test_a_whole_update_keeps_all() -> None:
    """Otherwise it would be right and of no use."""
    assert keeps_all(WHOLE, read_stored(WHOLE))


@pytest.mark.parametrize(
    "section",
    [
        {"subjects": [{"subjectName": "B", "questionnaireSeeding": {"v1": "1"}}]},
        {"subjects": []},
        {"subjects": [{"subjectName": "A", "questionnaireSeeding": {}}]},
        {"subjects": [{"subjectName": "A"}]},
    ],
)
def test_a_subject_or_a_seed_that_is_lost(section: dict[str, Any]) -> None:
    """Another name, no subject, a seed less, no seeding."""
    body = WHOLE | {"loginSection": WHOLE["loginSection"] | section}
    assert not keeps_all(body, read_stored(WHOLE))


def test_sections_that_were_not_there() -> None:
    """What is new is left to the rules."""
    stored = read_stored(WHOLE)
    assert not keeps_all(WHOLE, read_stored({"invitationSection": WHOLE["invitationSection"]}))
    assert not keeps_all(WHOLE, read_stored({"loginSection": WHOLE["loginSection"]}))
    assert not keeps_all({name: WHOLE[name] for name in WHOLE if name != "enabled"}, stored)
