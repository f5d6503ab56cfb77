"""The embedded store of surveys."""

import pickle

import pytest

from participant_rules import survey
from participant_rules.conflicts import Stale, Taken, Vanished
from participant_rules.memory import MemorySurveys
from participant_rules.survey.model import LoginSection, Participant
from participant_rules.wire import Malformed
from tests.survey.samples import SECRETS, a_survey, facts, login_section, payload, secret_participant, store

KIM = {"loginSection": login_section("kim")}


def _one(login: str = "kim", **members: object) -> Participant:
    return survey.wire.read_stored({"loginSection": login_section(login), **members})


def _find(register: MemorySurveys, *identities: str, of: str = "S1") -> survey.Known:
    return register.find(survey.Keys(of, frozenset(identities)))


def _stored(register: MemorySurveys, identity: str) -> survey.Stored:
    found = _find(register, identity).find(identity)
    assert isinstance(found, survey.Stored)
    return found


def test_json_in_and_out() -> None:
    """A store is written as it was filled, read-only members included."""
    given = [
        {**facts("both", interviewers=None), "participants": [secret_participant()]},
        {**facts("invite"), "id": "S2", "participants": []},
    ]
    assert MemorySurveys.from_json(given).to_json() == given
    assert MemorySurveys.from_json(
        [{**facts(), "participants": None}, {**facts(), "id": "S2"}]
    ).to_json() == [
        {**facts(), "participants": []},
        {**facts(), "id": "S2", "participants": []},
    ]


def test_a_store_of_surveys() -> None:
    """Surveys alone make an empty store."""
    assert MemorySurveys([a_survey()]).to_json() == [{**facts(), "participants": []}]
    assert MemorySurveys().to_json() == []


@pytest.mark.parametrize(
    ("participants", "message"),
    [
        (
            [{"loginSection": {"login": 5}}],
            r"^participant: /participants/0/loginSection/login The value must be a string or null\.$",
        ),
        (
            [KIM, {"loginsection": {"login": "lee"}}],
            r"^participant: /participants/1 The participant has no loginSection\.login\.$",
        ),
        ([KIM, KIM], r"^participant: /participants/1 The participant has the identity of an earlier one\.$"),
        (5, "^definition: /participants The value must be a list.$"),
        ({"kim": {}}, "^definition: /participants The value must be a list.$"),
        ([5], r"^participant: /participants/0 The value must be an object\.$"),
    ],
)
def test_a_store_that_cannot_be_filled(participants: object, message: str) -> None:
    """Data that cannot be stored is a set-up error, in one line."""
    with pytest.raises(Malformed, match=message):
        MemorySurveys.from_json([{**facts(), "participants": participants}])


def test_two_surveys_with_one_id() -> None:
    """One of the two would be gone."""
    with pytest.raises(Malformed) as wrong:
        MemorySurveys.from_json([facts(), facts()])
    assert str(wrong.value) == "survey: /id Two definitions have the id 'S1'."
    with pytest.raises(Malformed):
        MemorySurveys([a_survey(), a_survey()])


def test_somebody_without_an_identity() -> None:
    """Decisions that stand give everybody one."""
    with pytest.raises(Malformed, match=r"^a participant without an identity cannot be stored$"):
        MemorySurveys([a_survey()]).commit(survey.Write("S1", None, Participant()))


def test_find() -> None:
    """Named participants are answered by key; others do not exist."""
    register = store(KIM, {"loginSection": login_section("lee")})
    known = _find(register, "kim", "Kim", "nobody")
    assert known.survey == a_survey()
    assert known.participants == {"kim": _stored(register, "kim")}
    assert [known.find(each) for each in ("nobody", "Kim")] == [None, None]
    assert _find(register).participants == {}


def test_find_by_address() -> None:
    """Addresses name their participants in every spelling."""
    register = store(payload("invite"), kind="invite")
    assert list(_find(register, "KIM@Example.com", "kim@example.com").participants or ()) == [
        "kim@example.com"
    ]


def test_a_survey_that_is_not_there() -> None:
    """Nobody knows it, nothing can be written, nobody is listed."""
    register = store(KIM)
    assert _find(register, "kim", of="S2") == survey.Known(None)
    with pytest.raises(Stale):
        register.commit(survey.Write("S2", after=_one()))
    assert register.page("S2", "7", 10) == survey.Page((), "7", True)


def test_add() -> None:
    """An added participant is answered as it was committed."""
    register = store()
    register.commit(survey.Write("S1", after=_one()))
    assert _stored(register, "kim").participant == _one()


@pytest.mark.parametrize(("kind", "field"), [("login", "login"), ("both", "login"), ("invite", "email")])
def test_taken(kind: str, field: str) -> None:
    """An identity that another participant has is taken, and nothing changes."""
    both = survey.wire.read_stored(payload("both"))
    register = store(payload("both"), kind=kind)
    before = register.to_json()
    with pytest.raises(Taken) as taken:
        register.commit(survey.Write("S1", after=both))
    assert (taken.value.field, register.to_json()) == (field, before)


def test_replace() -> None:
    """A replaced participant has another version."""
    register = store(KIM)
    before = _stored(register, "kim")
    register.commit(survey.Write("S1", before, _one(enabled=False)))
    after = _stored(register, "kim")
    assert (after.participant, after.version != before.version) == (_one(enabled=False), True)


def test_versions_never_return() -> None:
    """A participant that is deleted and added again has a version that it never had."""
    register, versions = store(KIM), set[object]()
    for _ in range(5):
        stored = _stored(register, "kim")
        versions.add(stored.version)
        register.commit(survey.Write("S1", stored, None))
        register.commit(survey.Write("S1", after=_one()))
    assert len(versions) == 5


def test_replace_with_another_identity() -> None:
    """A participant may get another identity, if nobody has it, and keeps its place."""
    register = store(KIM, {"loginSection": login_section("lee")})
    with pytest.raises(Taken):
        register.commit(survey.Write("S1", _stored(register, "kim"), _one("lee")))
    register.commit(survey.Write("S1", _stored(register, "kim"), _one("joe")))
    assert _find(register, "kim").find("kim") is None
    assert _logins(register.page("S1", "0", 10)) == ["joe", "lee"]


def test_a_store_is_written_in_the_order_of_its_pages() -> None:
    """A participant with another identity keeps the place."""
    register = store(KIM, {"loginSection": login_section("lee")})
    register.commit(survey.Write("S1", _stored(register, "kim"), _one("robin")))
    copy = MemorySurveys.from_json(register.to_json())
    assert [_logins(each.page("S1", "0", 9)) for each in (register, copy)] == [["robin", "lee"]] * 2


def test_delete() -> None:
    """A deleted participant is gone; the identity is free."""
    register = store(KIM)
    register.commit(survey.Write("S1", _stored(register, "kim")))
    assert _find(register, "kim").participants == {}
    register.commit(survey.Write("S1", after=_one()))


def test_a_write_of_nothing() -> None:
    """Neither before nor after is nothing to do."""
    register = store(KIM)
    before = register.to_json()
    register.commit(survey.Write("S1"))
    assert register.to_json() == before


@pytest.mark.parametrize("after", [_one(enabled=False), None], ids=["replace", "delete"])
def test_vanished_and_stale(after: Participant | None) -> None:
    """A missing one has vanished; another version is stale; nothing changes."""
    register = store(KIM)
    first = _stored(register, "kim")
    register.commit(survey.Write("S1", first, _one()))
    before = register.to_json()
    with pytest.raises(Stale):
        register.commit(survey.Write("S1", first, after))
    assert register.to_json() == before
    register.commit(survey.Write("S1", _stored(register, "kim")))
    with pytest.raises(Vanished):
        register.commit(survey.Write("S1", first, after))


def test_an_import_begins_and_ends() -> None:
    """While an import is scheduled or running every write is stale."""
    register = store(KIM)
    for state in ("scheduled", "running"):
        register.set_import_state("S1", state)
        known = _find(register, "kim").survey
        assert known is not None
        assert known.import_state == state
        with pytest.raises(Stale):
            register.commit(survey.Write("S1", after=_one("lee")))
    register.set_import_state("S1", None)
    register.commit(survey.Write("S1", after=_one("lee")))


def _logins(page: survey.Page) -> list[object]:
    return [
        each.login_section.login for each in page.participants if isinstance(each.login_section, LoginSection)
    ]


def test_pages() -> None:
    """Pages go on from the token of the last, in the order of adding, until nothing comes after."""
    register = store(*[{"loginSection": login_section(login)} for login in "abcde"])
    seen, token, ends = [], "0", []
    for _ in range(3):
        page = register.page("S1", token, 2)
        seen.append(_logins(page))
        token = page.progress
        ends.append(page.up_to_date)
    assert (seen, ends) == ([["a", "b"], ["c", "d"], ["e"]], [False, False, True])
    assert register.page("S1", token, 2) == survey.Page((), token, True)
    assert register.page("S1", "9" * 18, 2) == survey.Page((), "9" * 18, True)
    assert register.page("S1", "0", 5).up_to_date is True


def test_tokens_stay_good() -> None:
    """While participants come, change and go, nobody is missed and nobody comes twice."""
    register = store(*[{"loginSection": login_section(login)} for login in "abcd"])
    first = register.page("S1", "0", 2)
    register.commit(survey.Write("S1", _stored(register, "b")))
    register.commit(survey.Write("S1", _stored(register, "a"), _one("a", enabled=False)))
    register.commit(survey.Write("S1", _stored(register, "c")))
    register.commit(survey.Write("S1", after=_one("e")))
    assert _logins(register.page("S1", first.progress, 10)) == ["d", "e"]


def test_nothing_personal_is_shown() -> None:
    """Neither the store nor its answers show a participant."""
    register = store(secret_participant(), kind="both")
    known = _find(register, "Robin")
    shown = repr(
        [
            register,
            known,
            known.participants and known.find("Robin"),
            survey.Keys("S1", frozenset({"Robin"})),
            survey.Write("S1", _stored(register, "Robin"), _stored(register, "Robin").participant),
            register.page("S1", "0", 10),
        ]
    )
    assert [secret for secret in SECRETS if secret in shown] == []


def test_a_store_travels() -> None:
    """A copy in another process has the store's answers, versions included, and goes its own way."""
    register = store(KIM, {"loginSection": login_section("lee")})
    register.commit(survey.Write("S1", _stored(register, "kim"), _one(enabled=False)))
    before = register.to_json()
    copy = pickle.loads(pickle.dumps(register))
    assert copy.to_json() == before
    assert _find(copy, "kim", "lee", "joe") == _find(register, "kim", "lee", "joe")
    copy.commit(survey.Write("S1", _stored(register, "kim")))
    copy.commit(survey.Write("S1", after=_one("joe")))
    assert _logins(copy.page("S1", "0", 10)) == ["lee", "joe"]
    assert register.to_json() == before
    versions = [_stored(register, "kim"), _stored(register, "lee"), _stored(copy, "joe")]
    assert len({each.version for each in versions}) == 3


def test_pages_after_many_changes() -> None:
    """A replaced or deleted one leaves no trace in the order, and is cleared away in time."""
    register = MemorySurveys([a_survey()])
    registrar = survey.Registrar(register)
    for name in ("A", "B", "C"):
        assert registrar.add("S1", _one(name))
    for number in range(100):
        assert registrar.update("S1", "B", _one("B", enabled=number % 2 == 0))
        assert registrar.delete("S1", "C")
        assert registrar.add("S1", _one("C"))
    shown, token, done = list[str](), "0", False
    while not done:
        page = register.page("S1", token, 1)
        shown += [str(a_survey().identity(each)) for each in page.participants]
        token, done = page.progress, page.up_to_date
    assert shown == ["A", "B", "C"]
    assert len(register._shelves["S1"].order) < 100


def test_what_there_is() -> None:
    """The definitions, and how many participants each has."""
    register = MemorySurveys.from_json([{**facts(), "participants": [KIM]}])
    assert register.surveys == (a_survey(),)
    assert (register.count("S1"), register.count("S2")) == (1, 0)
