"""Ask, decide, commit: the outcomes of changes, and of the races that a commit can lose."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from participant_rules import survey
from participant_rules.conflicts import Stale, Taken, Vanished
from participant_rules.memory import MemorySurveys
from participant_rules.survey.case import Change, Operation
from participant_rules.survey.registrar import ATTEMPTS
from tests.survey.samples import Later, Racing, codes, login_section, payload, store

KIM = {"loginSection": login_section()}
GROUP = {"loginSection": login_section("kim", "A", "B")}


def _participant(**members: Any) -> survey.Participant:
    return survey.read(payload(**members))


def _stored(register: MemorySurveys, *logins: str) -> dict[str, survey.Stored]:
    known = register.find(survey.Keys("S1", frozenset(logins)))
    assert isinstance(known.participants, dict)
    return known.participants


# ---- the calls


def test_add() -> None:
    """An added participant is stored as the decision says."""
    register = store()
    decision = survey.Registrar(register).add("S1", _participant())
    assert (bool(decision), decision.action, decision.violations) == (True, "add", ())
    assert decision.result is _stored(register, "kim")["kim"].participant
    assert register.to_json()[0]["participants"] == [
        {
            "loginSection": {
                "login": "kim",
                "password": None,
                "interviewer": None,
                "status": "NotStarted",
                "subjects": [{"subjectName": "", "questionnaireSeeding": {}, "status": "NotStarted"}],
            },
            "invitationSection": None,
            "enabled": True,
        }
    ]


def test_an_entity_made_by_hand() -> None:
    """An address is trimmed, then judged, then stored, wherever the entity comes from."""
    register = store(kind="invite")
    asked = survey.Participant(survey.InvitationSection(email_address=" kim@example.com\t"))
    assert survey.Registrar(register).add("S1", asked)
    assert register.to_json()[0]["participants"][0]["invitationSection"]["emailAddress"] == "kim@example.com"
    assert codes(survey.Registrar(register).add("S1", asked).violations) == ["email-taken"]


def test_update() -> None:
    """An updated participant replaces the stored one."""
    register = store(KIM)
    decision = survey.Registrar(register).update("S1", "kim", _participant(enabled=False))
    assert (bool(decision), decision.action) == (True, "update")
    assert _stored(register, "kim")["kim"].participant == decision.result
    assert decision.result is not None
    assert decision.result.enabled is False


def test_delete() -> None:
    """A deleted participant is gone."""
    register = store(KIM)
    decision = survey.Registrar(register).delete("S1", "kim")
    assert (bool(decision), decision.action, decision.result) == (True, "delete", None)
    assert _stored(register, "kim") == {}


def test_subjects() -> None:
    """Subjects are added, replaced and deleted."""
    register = store(GROUP, group=True)
    registrar = survey.Registrar(register)
    decisions = [
        registrar.add_subject("S1", "kim", survey.Subject("C")),
        registrar.update_subject("S1", "kim", "A", survey.Subject("A", {"v1": "x"})),
        registrar.delete_subject("S1", "kim", "B"),
    ]
    assert [(bool(each), each.action) for each in decisions] == [(True, "update")] * 3
    section = _stored(register, "kim")["kim"].participant.login_section
    assert isinstance(section, survey.LoginSection)
    assert section.subjects == (survey.Subject("A", {"v1": "x"}), survey.Subject("C", {}, "NotStarted"))


@pytest.mark.parametrize(
    ("call", "found"),
    [
        (lambda registrar: registrar.add("S1", _participant()), ["login-name-taken"]),
        (lambda registrar: registrar.update("S1", "lee", _participant()), ["participant-not-found"]),
        (lambda registrar: registrar.delete("S1", "lee"), ["participant-not-found"]),
        (lambda registrar: registrar.delete("S2", "kim"), ["survey-not-accessible"]),
        (lambda registrar: registrar.add_subject("S1", "kim", survey.Subject("A")), ["subject-not-single"]),
        (
            lambda registrar: registrar.update_subject("S1", "kim", "A", survey.Subject("A")),
            ["subject-not-found"],
        ),
        (lambda registrar: registrar.delete_subject("S1", "kim", "null"), ["subject-required"]),
    ],
    ids=["add", "update", "delete", "delete from", "add subject", "update subject", "delete subject"],
)
def test_a_refused_change_changes_nothing(
    call: Callable[[survey.Registrar], survey.Decision], found: list[str]
) -> None:
    """A refused change is not stored, and the decision has the reason."""
    register = store(KIM)
    before = register.to_json()
    decision = call(survey.Registrar(register))
    assert (bool(decision), decision.action, codes(decision.violations)) == (False, "none", found)
    assert register.to_json() == before


def test_reading_asks_and_commits_nothing() -> None:
    """A call that only reads is a decision without an action."""
    decision = survey.Registrar(Racing(store(KIM), _fail)).submit(Change(Operation.READ, "S1", "kim"))
    assert (bool(decision), decision.action, decision.result) == (
        True,
        "none",
        _stored(store(KIM), "kim")["kim"].participant,
    )


def _fail(_: MemorySurveys) -> None:
    raise OSError("the disk is full")


def test_a_callers_own_laws_and_rights() -> None:
    """A registrar judges by its rules, in the name of its caller."""
    rules = {**survey.RULES, Operation.ADD: survey.ADD.without("login-name-required")}
    caller = survey.Caller(manages_interviewers=False)
    interviewed = survey.read({"loginSection": login_section(interviewer="")})
    registrar = survey.Registrar(store(), caller, rules)
    assert codes(registrar.add("S1", interviewed).violations) == ["interviewer-not-allowed"]


# ---- the same through coroutines


def test_async_stores() -> None:
    """A register of coroutines gives the same decisions."""

    async def talk() -> list[survey.Decision]:
        registrar = survey.Registrar(Later(store(KIM)))
        return [
            await registrar.asubmit(Change(Operation.ADD, "S1", asked=_participant())),
            await registrar.asubmit(Change(Operation.UPDATE, "S1", "kim", asked=_participant())),
            await registrar.asubmit(Change(Operation.DELETE, "S1", "kim")),
            await registrar.asubmit(Change(Operation.DELETE, "S1", "kim")),
        ]

    assert [(each.action, codes(each.violations)) for each in asyncio.run(talk())] == [
        ("none", ["login-name-taken"]),
        ("update", []),
        ("delete", []),
        ("none", ["participant-not-found"]),
    ]


def test_the_named_calls_have_async_twins() -> None:
    """Each does the same as the other one."""

    async def talk(registrar: survey.Registrar) -> list[survey.Decision]:
        return [
            await registrar.aadd("S1", survey.read({"loginSection": login_section("lee", "A")})),
            await registrar.aupdate("S1", "kim", survey.read(GROUP)),
            await registrar.aadd_subject("S1", "kim", survey.Subject("C")),
            await registrar.aupdate_subject("S1", "kim", "A", survey.Subject("A", {"v1": "x"})),
            await registrar.adelete_subject("S1", "kim", "B"),
            await registrar.adelete("S1", "lee"),
        ]

    register = store(GROUP, group=True)
    decisions = asyncio.run(talk(survey.Registrar(Later(register))))
    assert [each.action for each in decisions] == ["add", "update", "update", "update", "update", "delete"]
    section = _stored(register, "kim")["kim"].participant.login_section
    assert isinstance(section, survey.LoginSection)
    assert section.subjects == (survey.Subject("A", {"v1": "x"}), survey.Subject("C", {}, "NotStarted"))
    assert _stored(register, "lee") == {}


# ---- races


def _add(login: str) -> Callable[[MemorySurveys], object]:
    return lambda register: survey.Registrar(register).add(
        "S1", survey.read({"loginSection": login_section(login)})
    )


def _delete(register: MemorySurveys) -> None:
    survey.Registrar(register).delete("S1", "kim")


def _touch(register: MemorySurveys) -> None:
    assert survey.Registrar(register).update("S1", "kim", _participant(enabled=False))


def _import(register: MemorySurveys) -> None:
    register.set_import_state("S1", "scheduled")


def test_somebody_else_was_first_with_the_login() -> None:
    """Taken at commit becomes login-name-taken."""
    register = Racing(store(), _add("kim"))
    decision = survey.Registrar(register).add("S1", _participant())
    assert [(each.code, each.pointer, each.message) for each in decision.violations] == [
        ("login-name-taken", "/loginSection/login", "Participant with this login name already exists.")
    ]
    assert (decision.action, register.questions) == ("none", 1)


def test_somebody_else_was_first_with_the_address() -> None:
    """Taken at commit becomes email-taken where the address is the identity."""

    def add(register: MemorySurveys) -> None:
        survey.Registrar(register).add("S1", survey.read(payload("invite")))

    decision = survey.Registrar(Racing(store(kind="invite"), add)).add("S1", survey.read(payload("invite")))
    assert [(each.code, each.pointer) for each in decision.violations] == [
        ("email-taken", "/invitationSection/emailAddress")
    ]


def test_the_participant_to_update_vanished() -> None:
    """Vanished at commit becomes participant-vanished."""
    decision = survey.Registrar(Racing(store(KIM), _delete)).update("S1", "kim", _participant())
    assert [(each.code, each.pointer, each.message, each.status) for each in decision.violations] == [
        ("participant-vanished", "", "Participant to update does not exist.", 400)
    ]


@pytest.mark.parametrize(
    "call",
    [
        lambda registrar: registrar.add_subject("S1", "kim", survey.Subject("C")),
        lambda registrar: registrar.update_subject("S1", "kim", "A", survey.Subject("A")),
        lambda registrar: registrar.delete_subject("S1", "kim", "A"),
    ],
    ids=["add", "update", "delete"],
)
def test_the_participant_of_a_subject_vanished(call: Callable[[survey.Registrar], survey.Decision]) -> None:
    """A subject call is an update of its participant."""
    decision = call(survey.Registrar(Racing(store(GROUP, group=True), _delete)))
    assert codes(decision.violations) == ["participant-vanished"]


def test_the_participant_to_delete_vanished() -> None:
    """A missing one cannot be deleted: nobody is found."""
    decision = survey.Registrar(Racing(store(KIM), _delete)).delete("S1", "kim")
    assert [(each.code, each.status) for each in decision.violations] == [("participant-not-found", 404)]


def test_a_stale_decision_is_made_again() -> None:
    """The store is asked again, and the change made on the present data."""
    register = Racing(store(KIM), _touch, _touch)
    decision = survey.Registrar(register).update("S1", "kim", _participant())
    assert (bool(decision), register.questions) == (True, 3)
    assert _stored(register.register, "kim")["kim"].participant == decision.result


def test_a_stale_decision_may_be_refused_the_second_time() -> None:
    """An import that begins meanwhile refuses the change."""
    register = Racing(store(KIM), _import)
    decision = survey.Registrar(register).delete("S1", "kim")
    assert (codes(decision.violations), register.questions) == (["import-in-progress"], 2)


def test_a_store_that_never_rests() -> None:
    """After some attempts the last Stale passes through, and nothing is written."""
    register = Racing(store(KIM), *[_touch] * (ATTEMPTS + 1))
    with pytest.raises(Stale):
        survey.Registrar(register).update("S1", "kim", _participant(enabled=True))
    assert (register.questions, len(register.happenings), ATTEMPTS) == (100, 1, 100)
    assert register.register.to_json()[0]["participants"][0]["enabled"] is False


def test_a_store_that_fails() -> None:
    """The exception of a failing store passes through."""
    with pytest.raises(OSError, match="the disk is full"):
        survey.Registrar(Racing(store(KIM), _fail)).delete("S1", "kim")


def _raise(conflict: Exception) -> Callable[[MemorySurveys], None]:
    def happen(_: MemorySurveys) -> None:
        raise conflict

    return happen


@pytest.mark.parametrize(
    ("conflict", "without"),
    [(Taken("login"), ()), (Vanished(), ("participant-vanished",))],
    ids=["taken", "vanished"],
)
def test_a_conflict_that_breaks_no_law_is_not_hidden(conflict: Exception, without: tuple[str, ...]) -> None:
    """A decision stands only where the change was made: a conflict without a rule passes through."""
    rules = {**survey.RULES, Operation.UPDATE: survey.UPDATE.without(*without)}
    registrar = survey.Registrar(Racing(store(KIM), _raise(conflict)), rules=rules)
    with pytest.raises(type(conflict)):
        registrar.update("S1", "kim", _participant())


def test_many_threads_add_one_login() -> None:
    """Of writers at once one wins, the others learn that the login is taken."""
    register = store()
    registrar = survey.Registrar(register)
    with ThreadPoolExecutor(16) as pool:
        decisions = list(pool.map(lambda _: registrar.add("S1", _participant()), range(200)))
    assert (
        sorted(codes(each for decision in decisions for each in decision.violations))
        == ["login-name-taken"] * 199
    )
    assert len(register.to_json()[0]["participants"]) == 1


def test_many_threads_change_one_participant() -> None:
    """Every subject that was added is there: no writer undoes another's work."""
    register = store({"loginSection": login_section("kim", "0")}, group=True)
    registrar = survey.Registrar(register)

    def add(number: int) -> bool:
        try:
            return bool(registrar.add_subject("S1", "kim", survey.Subject(str(number))))
        except Stale:
            return False

    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(add, range(1, 101)))
    subjects = register.to_json()[0]["participants"][0]["loginSection"]["subjects"]
    assert {each["subjectName"] for each in subjects} == {
        "0",
        *(str(number) for number, done in enumerate(added, 1) if done),
    }
    assert any(added)


# ---- an update that is judged by its body alone


def test_an_update_without_an_id() -> None:
    """The body names its participant, by login or address."""
    registrar = survey.Registrar(store(KIM))
    assert registrar.submit(Change(Operation.UPDATE, "S1", asked=_participant())).action == "update"
    lee = survey.read({"loginSection": login_section("lee")})
    assert [
        (each.code, each.pointer, each.message)
        for each in registrar.submit(Change(Operation.UPDATE, "S1", asked=lee)).violations
    ] == [("login-name-unknown", "/loginSection/login", "Participant with this login name does not exist.")]
    invite = survey.Registrar(store(kind="invite"))
    asked = survey.read(payload("invite"))
    assert [
        (each.code, each.pointer, each.message)
        for each in invite.submit(Change(Operation.UPDATE, "S1", asked=asked)).violations
    ] == [
        (
            "email-unknown",
            "/invitationSection/emailAddress",
            "Participant with this email address does not exist.",
        )
    ]


def test_an_update_without_an_id_or_an_identity() -> None:
    """A body without a name is refused for that, and no participant is missing."""
    registrar = survey.Registrar(store(KIM))
    asked = survey.read({"loginSection": login_section(None)})
    found = registrar.submit(Change(Operation.UPDATE, "S1", asked=asked)).violations
    assert codes(found) == ["login-name-required"]
