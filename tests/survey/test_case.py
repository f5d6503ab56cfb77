"""The request and the known facts."""

import pytest

from participant_rules import UNSET, survey
from participant_rules.engine.case import known_value
from participant_rules.survey.case import Case, Change, Known, Operation, Stored, blank, keys
from participant_rules.unknown import Unknown
from participant_rules.unset import UNREADABLE
from tests.survey.samples import SECRETS, a_survey, login_section, payload, secret_participant

KIM = survey.wire.read_stored({"loginSection": login_section()})


def _case(change: Change, known: Known) -> Case:
    return Case.of(change, known, survey.Caller())


def _update(body: object, uid: str = "kim") -> Change:
    return Change(Operation.UPDATE, "S1", uid, asked=survey.read(body))


# ---- keys


def test_the_keys_of_a_batch() -> None:
    """One question names all participants of a batch, as they were written."""
    changes = [
        _update(payload("both"), "E"),
        Change(Operation.DELETE, "S1", "F"),
        Change(Operation.ADD, "S1", asked=survey.read(payload("both"))),
        Change(
            Operation.ADD,
            "S1",
            asked=survey.read({"invitationSection": {"emailAddress": " Lee@example.com "}}),
        ),
        Change(Operation.ADD, "S1", asked=survey.read({"loginSection": {"login": " x "}})),
        Change(Operation.ADD, "S1", asked=survey.read({"loginSection": {}, "invitationSection": {}})),
        Change(Operation.ADD, "S1", asked=survey.read({"loginSection": None})),
        Change(Operation.LIST, "S1"),
    ]
    assert keys(changes) == survey.Keys(
        "S1", frozenset({"E", "F", "kim", "kim@example.com", "Lee@example.com", " x "})
    )


def test_the_keys_of_nothing() -> None:
    """A batch without changes asks for nothing."""
    assert keys([]) == survey.Keys("", frozenset())


# ---- what is known


def test_known_participants() -> None:
    """An answered participant is there, another one is not, and without an answer nothing is known."""
    known = Known(a_survey(), {"kim": Stored(KIM, 1)})
    assert [known.find(each) for each in ("kim", "lee")] == [Stored(KIM, 1), None]
    assert [Known(a_survey()).find("kim"), Known(None, {}).find("kim")] == [UNSET, UNSET]
    invite = Known(a_survey("invite"), {"kim@example.com": Stored(KIM)})
    assert invite.find(" KIM@example.com") == Stored(KIM)


@pytest.mark.parametrize(
    ("change", "known", "stored", "taken"),
    [
        (_update(payload()), Known(a_survey(), {"kim": Stored(KIM)}), KIM, UNSET),
        (_update(payload(), "lee"), Known(a_survey(), {"kim": Stored(KIM)}), None, UNSET),
        (_update(payload()), Known(a_survey()), UNSET, UNSET),
        (_update(payload()), Known(None), UNSET, UNSET),
        (Change("update", asked=survey.read(payload())), Known(a_survey(), {"kim": Stored(KIM)}), KIM, UNSET),
        (Change("update", asked=survey.read(payload())), Known(a_survey(), {}), None, UNSET),
        (Change("update", asked=survey.read({})), Known(a_survey(), {}), UNSET, UNSET),
        (Change("update", asked=UNREADABLE), Known(a_survey(), {}), UNSET, UNSET),
        (Change("add", asked=survey.read(payload())), Known(a_survey(), {"kim": Stored(KIM)}), UNSET, True),
        (Change("add", asked=survey.read(payload())), Known(a_survey(), {}), UNSET, False),
        (Change("add", asked=survey.read(payload())), Known(a_survey()), UNSET, UNSET),
        (Change("add", asked=survey.read({})), Known(a_survey(), {}), UNSET, UNSET),
        (Change("list", "S1"), Known(a_survey(), {}), UNSET, UNSET),
    ],
    ids=[
        "stored",
        "nobody",
        "not asked",
        "no survey",
        "body alone",
        "body alone, nobody",
        "body without identity",
        "no body",
        "taken",
        "free",
        "not asked who has it",
        "add without identity",
        "list",
    ],
)
def test_facts_of_a_change_and_an_answer(change: Change, known: Known, stored: object, taken: object) -> None:
    """A case knows the participant of the path or the body, and by an add whether the identity is taken."""
    case = _case(change, known)
    assert (case.known_survey, case.known_stored, case.known_taken) == (known.survey, stored, taken)


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        ("is_there", "the stored participant is not known"),
        ("standing", "the stored participant is not known"),
        ("stored_subjects", "the stored participant is not known"),
        ("taken", "who has the identity is not known"),
        ("uid", "the path's id is not known"),
        ("path_subject", "the path's subject is not known"),
        ("import_state", "the import state is not known"),
        ("interviewers", "the survey's interviewers are not known"),
        ("may_name_interviewer", "the survey's interviewers are not known"),
        ("variables", "the survey's variables are not known"),
        ("seedable", "the questionnaire seeding is not known"),
        ("invitable", "the invite seeding is not known"),
    ],
)
def test_an_unknown_fact(fact: str, why: str) -> None:
    """A rule that reads it does not run."""
    with pytest.raises(Unknown) as unknown:
        getattr(_case(Change("update", "S1"), Known(a_survey())), fact)
    assert str(unknown.value) == why


@pytest.mark.parametrize(
    "fact", ["asked", "participant", "login", "identity", "body_subject", "subjects", "seed_faults"]
)
def test_an_unknown_body(fact: str) -> None:
    """Without a body nothing about it is judged."""
    with pytest.raises(Unknown):
        getattr(_case(Change("update", "S1"), Known(a_survey())), fact)


def test_a_survey_that_is_not_accessible() -> None:
    """Nothing is known of it."""
    with pytest.raises(Unknown, match="the survey is not accessible"):
        _ = _case(_update(payload()), Known(None)).survey


def test_no_participant_is_stored() -> None:
    """Rules that compare with stored values do not run."""
    with pytest.raises(Unknown, match="nobody is stored"):
        _ = _case(_update(payload()), Known(a_survey(), {})).standing


def test_bodies_of_the_other_kind() -> None:
    """A subject is no participant, and a participant no subject."""
    with pytest.raises(Unknown, match="the body is no participant"):
        _ = _case(Change("update-subject", "S1", "kim", "A", survey.Subject()), Known(a_survey())).participant
    with pytest.raises(Unknown, match="the body is no subject"):
        _ = _case(_update(payload()), Known(a_survey())).body_subject


@pytest.mark.parametrize("body", [{}, {"loginSection": None}])
def test_sections_that_are_not_there(body: object) -> None:
    """Inside a missing section nothing is judged."""
    case = _case(_update(body), Known(a_survey("both")))
    with pytest.raises(Unknown, match="there is no login section to judge"):
        _ = case.login_section
    with pytest.raises(Unknown, match="there is no invitation section to judge"):
        _ = case.invitation_section


def test_sections_that_are_not_wanted() -> None:
    """Inside an unexpected section nothing is judged."""
    with pytest.raises(Unknown):
        _ = _case(_update(payload("both")), Known(a_survey("invite"))).login_section
    with pytest.raises(Unknown):
        _ = _case(_update(payload("both")), Known(a_survey("login"))).invitation_section


def test_the_path_s_subject() -> None:
    """The word null is the empty name, but for a group's."""
    for group, expected in ((False, ["", "A"]), (True, ["null", "A"])):
        known = Known(a_survey(group=group))
        changes = [Change("read-subject", "S1", "kim", name) for name in ("null", "A")]
        assert [_case(each, known).path_subject for each in changes] == expected


def test_callers_that_may_name_an_interviewer() -> None:
    """A caller without the permission needs no further fact."""
    stranger = survey.Caller(manages_interviewers=False)
    change = _update(payload())
    assert Case.of(change, Known(a_survey()), stranger).may_name_interviewer is False
    assert Case.of(change, Known(a_survey(interviewers=[])), stranger).may_name_interviewer is False
    assert _case(change, Known(a_survey(interviewers=None))).may_name_interviewer is False
    assert _case(change, Known(a_survey(interviewers=[]))).may_name_interviewer is True


# ---- values of the body


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (UNSET, True),
        (None, True),
        ("", True),
        (" \t\u00a0", True),
        ("a", False),
        (UNREADABLE, False),
        ({}, False),
    ],
)
def test_blank(value: object, expected: bool) -> None:
    """Left out, null and white space are blank; an unreadable value is not."""
    assert blank(value) is expected


def test_known_values() -> None:
    """A left out value is None; an unreadable one is unknown."""
    assert [known_value(each) for each in (UNSET, None, "", "a", False)] == [None, None, "", "a", False]
    with pytest.raises(Unknown, match="the value has the wrong type"):
        known_value(UNREADABLE)


def test_nothing_personal_is_shown() -> None:
    """Neither a change nor a case shows its participant or its values."""
    asked = survey.read(secret_participant())
    change = Change(Operation.UPDATE, "S1", "Robin", "Loxley", asked)
    known = Known(a_survey("both"), {"Robin": Stored(asked)})
    shown = repr([change, _case(change, known), known, keys([change]), _case(change, known).invite_faults])
    assert [secret for secret in SECRETS if secret in shown] == []


def test_the_invite_seeding_in_either_spelling() -> None:
    """Where a body has both, the documented one counts; without any it is empty, at the other one's place."""
    for section, expected in (
        ({"inviteSeeding": {"a": "1"}}, ("inviteSeeding", {"a": "1"})),
        ({"invitationSeeding": {"a": "2"}}, ("invitationSeeding", {"a": "2"})),
        ({"inviteSeeding": {"a": "1"}, "invitationSeeding": {"a": "2"}}, ("inviteSeeding", {"a": "1"})),
        ({}, ("invitationSeeding", {})),
    ):
        path, seeding = _case(_update({"invitationSection": section}), Known(a_survey("both"))).invite_seeding
        assert (path, seeding) == (("invitationSection", expected[0]), expected[1])


def test_an_address_that_a_program_gives_is_trimmed() -> None:
    """As one that is read is; what results has it so, too."""
    asked = survey.Participant(survey.InvitationSection(email_address=" kim@example.com\t"))
    case = _case(Change(Operation.ADD, "S1", asked=asked), Known(a_survey("invite"), {}))
    assert (case.email_address, case.identity) == ("kim@example.com", "kim@example.com")
    result = survey.decide(case).result
    assert result is not None
    assert result.invitation_section == survey.InvitationSection(
        opted_out=False, send_invitations=False, email_address="kim@example.com", invite_seeding={}
    )
