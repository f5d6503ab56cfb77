"""From a case to a decision."""

from collections.abc import Mapping
from typing import Any

import pytest

from participant_rules import UNSET, at, survey
from participant_rules.survey.case import Case, Change, Known, Operation, Stored
from participant_rules.survey.decision import Standing, decide, decide_all
from participant_rules.survey.model import InvitationSection, LoginSection, Participant, Subject
from participant_rules.survey.wire import read_change
from participant_rules.wrong_types import wrong_type
from tests.survey.samples import SECRETS, Json, a_survey, codes, login_section, payload, secret_participant

KIM = Participant(
    InvitationSection(True, False, "kim@example.com", {"surname": "Doe"}),
    LoginSection("kim", "secret", "ann@example.com", "Saved", (Subject("", {"v1": "1"}, "Partial"),)),
    False,
)
SUBJECTS = (Subject("A", {"v1": "1"}, "Saved"), Subject("B", {}, "Started"))
GROUP = Participant(None, LoginSection("kim", None, None, "Started", SUBJECTS), True)
NOBODY: Mapping[str, Stored] = {}


def _decide(
    operation: str,
    body: object = UNSET,
    *,
    kind: str = "both",
    uid: str = "kim",
    name: Any = UNSET,
    stored: Participant | None = KIM,
    caller: survey.Caller | None = None,
    **known: Any,
) -> survey.Decision:
    asked: Any = survey.read(body) if isinstance(body, dict) else body
    change = Change(operation, "S1", UNSET if operation == "add" else uid, name, asked)
    participants = {"kim": Stored(stored)} if stored else {}
    return decide(Case.of(change, Known(a_survey(kind, **known), participants), caller or survey.Caller()))


LEAST = {"invitationSection": {}, "loginSection": login_section(interviewer="")}


def test_an_update_is_a_full_replacement() -> None:
    """A left out member gets its default; a read-only one is kept."""
    decision = _decide("update", LEAST)
    assert (bool(decision), decision.action, decision.violations) == (True, "update", ())
    assert decision.result == Participant(
        InvitationSection(False, False, None, {}),
        LoginSection("kim", None, "", "Saved", (Subject("", {}, "Partial"),)),
        True,
    )


def test_an_update_takes_everything_that_is_sent() -> None:
    """Every member of the body is stored, the seeding under its one name."""
    decision = _decide(
        "update",
        {
            "invitationSection": {
                "optedOut": False,
                "sendInvitations": True,
                "emailAddress": " new@example.com ",
                "invitationSeeding": {"Surname": "Roe", "town": None},
            },
            "loginSection": {
                "login": "kim",
                "password": " p ",
                "interviewer": "bob@example.com",
                "subjects": [{"subjectName": "", "questionnaireSeeding": {"V1": "2;"}}],
            },
            "enabled": False,
        },
    )
    assert decision.result == Participant(
        InvitationSection(False, True, "new@example.com", {"Surname": "Roe", "town": None}),
        LoginSection("kim", " p ", "bob@example.com", "Saved", (Subject("", {"V1": "2;"}, "Partial"),)),
        False,
    )


def test_what_a_store_holds_beyond_the_documented_members_is_kept() -> None:
    """An update does not lose undocumented members stored beside a participant."""
    stored = survey.wire.read_stored({**survey.write(KIM), "note": {"by": "somebody"}})
    result = _decide("update", {**LEAST, "note": "another"}, stored=stored).result
    assert result is not None
    assert result.extras == {"note": {"by": "somebody"}}


def test_an_add_starts_anew() -> None:
    """A new participant has not started, nor have its subjects."""
    decision = _decide("add", LEAST, stored=None)
    assert (decision.action, decision.result) == (
        "add",
        Participant(
            InvitationSection(False, False, None, {}),
            LoginSection("kim", None, "", "NotStarted", (Subject("", {}, "NotStarted"),)),
            True,
        ),
    )


@pytest.mark.parametrize(("kind", "sections"), [("login", (True, False)), ("invite", (False, True))])
def test_only_the_sections_of_the_survey_result(kind: str, sections: tuple[bool, bool]) -> None:
    """A section that the survey does not want is not stored."""
    body = payload(kind)
    result = _decide("add", body, kind=kind, stored=None).result
    assert result is not None
    assert (result.login_section is not None, result.invitation_section is not None) == sections


def test_every_interviewer_is_kept_as_well() -> None:
    """The stored empty text stays what it is; where nothing is stored there is none."""
    asked = survey.read({"loginSection": login_section(interviewer=None)})
    change = Change(Operation.UPDATE, "S1", "kim", asked=asked)
    kept = []
    for stored in ({"login": "kim", "interviewer": ""}, {"login": "kim"}):
        known = Known(a_survey(), {"kim": Stored(survey.wire.read_stored({"loginSection": stored}))})
        result = decide(Case.of(change, known, survey.Caller(manages_interviewers=False))).result
        assert result is not None
        assert isinstance(result.login_section, LoginSection)
        kept.append(result.login_section.interviewer)
    assert kept == ["", None]


@pytest.mark.parametrize(
    ("sent", "manages", "expected"),
    [
        ({"interviewer": None}, False, "ann@example.com"),
        ({}, False, "ann@example.com"),
        ({"interviewer": None}, True, None),
        ({"interviewer": ""}, True, ""),
        ({"interviewer": "bob@example.com"}, True, "bob@example.com"),
    ],
)
def test_the_interviewer_is_kept_for_a_caller_without_the_permission(
    sent: dict[str, object],
    manages: bool,
    expected: str | None,
) -> None:
    """Null or nothing from a caller without the permission keeps the stored one."""
    body = {
        "invitationSection": {},
        "loginSection": {"login": "kim", "subjects": [{"subjectName": ""}], **sent},
    }
    result = _decide("update", body, caller=survey.Caller(manages)).result
    assert result is not None
    assert isinstance(result.login_section, LoginSection)
    assert result.login_section.interviewer == expected


@pytest.mark.parametrize(("password", "expected"), [(None, None), ("", ""), (" p ", " p "), (UNSET, None)])
def test_passwords(password: object, expected: str | None) -> None:
    """A password is stored as it is sent; one that is left out is none."""
    body: Json = {"invitationSection": {}, "loginSection": login_section(interviewer="")}
    if password is not UNSET:
        body["loginSection"]["password"] = password
    result = _decide("update", body).result
    assert result is not None
    assert isinstance(result.login_section, LoginSection)
    assert result.login_section.password == expected


def test_subjects_are_kept_by_name() -> None:
    """Where subjects are not fixed, one that is kept keeps its status, a new one has not started."""
    body = {"loginSection": login_section("kim", "C", "A", interviewer="")}
    result = _decide("update", body, kind="login", group=True, stored=GROUP, fixedSubjects=False).result
    assert result is not None
    assert isinstance(result.login_section, LoginSection)
    assert result.login_section.subjects == (Subject("C", {}, "NotStarted"), Subject("A", {}, "Saved"))


@pytest.mark.parametrize(
    ("operation", "name", "body", "subjects"),
    [
        (
            "add-subject",
            UNSET,
            Subject("C", {"v1": "x"}),
            (*SUBJECTS, Subject("C", {"v1": "x"}, "NotStarted")),
        ),
        (
            "update-subject",
            "A",
            Subject("A"),
            (Subject("A", {}, "Saved"), Subject("B", {}, "Started")),
        ),
        ("delete-subject", "A", UNSET, (Subject("B", {}, "Started"),)),
    ],
)
def test_subject_calls(operation: str, name: Any, body: Any, subjects: tuple[Subject, ...]) -> None:
    """A subject call changes the subjects of its participant and nothing else."""
    decision = _decide(operation, body, kind="login", group=True, name=name, stored=GROUP)
    assert (decision.action, decision.result) == (
        "update",
        Participant(None, LoginSection("kim", None, None, "Started", subjects), True),
    )


@pytest.mark.parametrize("operation", ["read", "list-subjects", "list"])
def test_reading_changes_nothing(operation: str) -> None:
    """A call that reads stands, and does nothing."""
    decision = _decide(operation)
    assert (bool(decision), decision.action, decision.result) == (True, "none", KIM)


def test_a_delete_leaves_nobody() -> None:
    """After a delete nobody stands."""
    decision = _decide("delete")
    assert (decision.action, decision.result) == ("delete", None)


def test_a_refused_change_leaves_what_was_there() -> None:
    """The result of a refused change is the stored participant, or nobody."""
    refused = _decide("update", {"enabled": True})
    assert (bool(refused), refused.action, refused.result) == (False, "none", KIM)
    assert codes(refused.violations) == ["login-section-required", "invitation-section-required"]
    assert _decide("delete", uid="lee").result is None
    unknown = decide(
        Case.of(Change("delete", "S1", "kim"), Known(a_survey(importState="running")), survey.Caller())
    )
    assert (unknown.result, codes(unknown.violations)) == (None, ["import-in-progress"])


def test_faults_of_the_shape_come_first() -> None:
    """A decision has the faults of the body, then the violations of the rules."""
    fault = wrong_type.violation(at("enabled", expected="true or false"))
    change = Change(Operation.ADD, asked=survey.Participant(), faults=(fault,))
    decision = decide(Case.of(change, Known(a_survey()), survey.Caller()))
    assert codes(decision.violations) == ["wrong-type", "login-section-required"]


def test_warnings_and_explanation() -> None:
    """A decision has its warnings, and the verdict of every rule."""
    decision = _decide("update", {**LEAST, "colour": 1})
    assert [(each.code, each.pointer) for each in decision.warnings] == [
        ("reset-by-omission", "/enabled"),
        ("reset-by-omission", "/invitationSection/optedOut"),
        ("reset-by-omission", "/invitationSection/emailAddress"),
        ("reset-by-omission", "/invitationSection/inviteSeeding"),
        ("reset-by-omission", "/loginSection/password"),
        ("reset-by-omission", "/loginSection/subjects/0/questionnaireSeeding"),
        ("unknown-field", "/colour"),
    ]
    verdicts = {each.rule.code: (each.outcome, each.why) for each in decision.explain()}
    assert tuple(verdicts) == survey.UPDATE.codes
    assert verdicts["login-name-required"] == ("held", "")
    assert verdicts["import-in-progress"] == ("skipped", "the import state is not known")
    assert verdicts["reset-by-omission"] == ("fired", "")


def test_nothing_personal_is_shown() -> None:
    """A decision does not show its participant."""
    stored = survey.wire.read_stored(secret_participant())
    decision = _decide("update", {**secret_participant(), "enabled": False}, uid="Robin", stored=stored)
    refused = _decide("update", {**secret_participant(), "loginSection": None}, stored=stored)
    shown = repr(
        [decision, refused, decision.result, refused.violations, decision.warnings, decision.explain()]
    )
    assert [secret for secret in SECRETS if secret in shown] == []


# ---- batches


def _add(login: str) -> Change:
    return Change(Operation.ADD, "S1", asked=survey.read({"loginSection": login_section(login)}))


def test_a_batch_is_its_changes_one_by_one() -> None:
    """Each change sees the results of the accepted ones before it."""
    known = Known(a_survey(group=False), {"kim": Stored(Participant(None, LoginSection("kim")))})
    decisions = decide_all(
        [
            _add("lee"),
            _add("lee"),
            Change(Operation.DELETE, "S1", "lee"),
            _add("lee"),
            Change(Operation.UPDATE, "S1", "kim", asked=survey.read({})),
            Change(Operation.DELETE, "S1", "kim"),
            Change(Operation.UPDATE, "S1", "kim", asked=survey.read({"loginSection": login_section()})),
            _add("kim"),
            Change(Operation.READ, "S1", "kim"),
        ],
        known,
    )
    assert [(each.action, codes(each.violations)) for each in decisions] == [
        ("add", []),
        ("none", ["login-name-taken"]),
        ("delete", []),
        ("add", []),
        ("none", ["login-section-required"]),
        ("delete", []),
        ("none", ["participant-not-found"]),
        ("add", []),
        ("none", []),
    ]
    assert known.participants == {"kim": Stored(Participant(None, LoginSection("kim")))}


def test_a_batch_by_addresses() -> None:
    """One address in two spellings is one participant."""
    adds = [
        Change(Operation.ADD, "S1", asked=survey.read({"invitationSection": {"emailAddress": address}}))
        for address in ("kim@example.com", "KIM@example.com")
    ]
    decisions = decide_all(adds, Known(a_survey("invite"), NOBODY))
    assert [codes(each.violations) for each in decisions] == [[], ["email-taken"]]


def test_a_batch_of_which_nothing_is_known() -> None:
    """Where nobody was asked, nobody is known to be there."""
    decisions = decide_all([_add("lee"), Change(Operation.DELETE, "S1", "lee")], Known(a_survey()))
    assert [bool(each) for each in decisions] == [True, True]


def test_a_batch_under_other_rules_and_another_caller() -> None:
    """The caller's rights and the caller's own laws count for every change."""
    asked = survey.read({"loginSection": login_section(interviewer="")})
    decisions = decide_all(
        [Change(Operation.ADD, "S1", asked=asked)],
        Known(a_survey(), NOBODY),
        caller=survey.Caller(manages_interviewers=False),
    )
    assert [codes(each.violations) for each in decisions] == [["interviewer-not-allowed"]]
    rules = {Operation.ADD: survey.ADD.without("login-name-required")}
    nameless = Change(Operation.ADD, "S1", asked=survey.read({"loginSection": login_section(None)}))
    assert [bool(each) for each in decide_all([nameless], Known(a_survey(), NOBODY), rules=rules)] == [True]


# ---- changes that come later


def _update(login: str) -> Change:
    return Change(Operation.UPDATE, "S1", asked=survey.read({"loginSection": login_section(login)}))


def _stands(standing: Standing, *changes: Change) -> list[list[str]]:
    """Decide changes and make the accepted ones; returns the codes of each."""
    found = []
    for change in changes:
        decision = standing.decide(change)
        standing.stand(decision)
        found.append(codes(decision.violations))
    return found


LEE = {"lee": Stored(Participant(None, LoginSection("lee", status="Saved")))}


def test_what_is_learned_is_known_to_later_changes() -> None:
    """Beside the participants that earlier ones have added."""
    standing = Standing(Known(a_survey(), NOBODY), caller=survey.Caller())
    unknown, taken = ["login-name-unknown"], ["login-name-taken"]
    assert _stands(standing, _add("kim"), _update("lee")) == [[], unknown]
    standing.learn(LEE)
    assert _stands(standing, _update("lee"), _add("lee"), _add("kim")) == [[], taken, taken]


def test_a_change_that_is_not_made_to_stand_leaves_nothing() -> None:
    """Nor does one that is refused."""
    standing = Standing(Known(a_survey(), NOBODY), caller=survey.Caller())
    assert standing.decide(_add("kim"))
    assert _stands(
        standing, Change(Operation.ADD, "S1", asked=survey.read({})), _add("kim"), _add("kim")
    ) == [
        ["login-section-required"],
        [],
        ["login-name-taken"],
    ]


def test_without_a_store_only_the_added_are_known() -> None:
    """An update of anybody else stands, and leaves no facts for later ones."""
    standing = Standing(Known(a_survey()), caller=survey.Caller())
    assert _stands(standing, _update("lee"), _add("lee"), _add("lee"), _update("kim"), _add("kim")) == [
        [],
        [],
        ["login-name-taken"],
        [],
        [],
    ]


def test_an_answer_that_is_not_complete() -> None:
    """Whoever is not in it is unknown, neither there nor absent; whoever is, is there."""
    known = Known(a_survey(), LEE, complete=False)
    assert (known.find("lee"), known.find("kim")) == (LEE["lee"], UNSET)
    assert (Known(a_survey(), LEE).find("kim"), Known(a_survey()).find("lee")) == (None, UNSET)
    decisions = decide_all([_update("kim"), _add("lee"), _add("kim"), _add("kim")], known)
    assert [codes(each.violations) for each in decisions] == [
        [],
        ["login-name-taken"],
        [],
        ["login-name-taken"],
    ]


def test_what_a_store_answered_is_not_changed() -> None:
    """Changes that stand are kept beside it."""
    stored = dict(LEE)
    standing = Standing(Known(a_survey(), stored), caller=survey.Caller())
    assert _stands(standing, Change(Operation.DELETE, "S1", "lee"), _add("kim"), _update("lee")) == [
        [],
        [],
        ["login-name-unknown"],
    ]
    assert stored == LEE


@pytest.mark.parametrize("operation", ["add", "update", "add-subject", "update-subject"])
def test_a_body_that_is_no_json(operation: str) -> None:
    """No gate is asked about it, and no other rule."""
    call = Change(operation, "S1", UNSET if operation == "add" else "kim", "A")
    change = read_change(call, "{")
    decision = decide(Case.of(change, Known(a_survey(importState="running"), {}), survey.Caller()))
    assert codes(decision.violations) == ["not-json"]
    assert decision.warnings == ()
    assert {(each.outcome, each.why) for each in decision.explain()} == {("skipped", "the text has faults")}


def test_facts_without_a_quota() -> None:
    """A change that takes nothing of a quota gives nothing back."""
    standing = Standing(Known(a_survey("login"), {}), caller=survey.Caller(), facts={"site": "A"})
    add, delete = (
        Change(Operation.ADD, "S1", asked=survey.read(payload("login"))),
        Change(Operation.DELETE, "S1", "kim"),
    )
    for change, action, there in ((add, "add", True), (delete, "delete", False)):
        decision = standing.decide(change)
        standing.stand(decision)
        assert (decision.action, "kim" in standing) == (action, there)


def test_facts_that_nobody_told() -> None:
    """A rule that lacks one is named with it; a body that is judged alone lacks no path."""
    change = Change(Operation.UPDATE, "S1", asked=survey.read(payload()))
    known = Known(a_survey(importState=None, interviewers=None, inviteSeeding=[], variables=[]))
    decision = survey.decide(survey.Case.of(change, known, survey.Caller()))
    assert dict(decision.untold) == {
        "questionnaire-seeding-unknown": "the questionnaire seeding is not known",
        "login-name-unknown": "the stored participant is not known",
    }
