"""Ask, decide, commit: the questions to a store, and the outcome of a lost commit."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from participant_rules import project
from participant_rules.conflicts import Conflict, Stale, Taken, Vanished
from participant_rules.project.memory import MemoryProjects
from participant_rules.project.registrar import ATTEMPTS

ID = "3a713a06-295d-4803-9602-776f09a1483b"
LEE = {"id": ID, "participantIdentifier": "A-7", "demographics": {"email": "lee@example.com"}}


class Counting(MemoryProjects):
    """A store that counts the questions and the commits, and loses the first commits as set."""

    asked = 0
    committed = 0
    conflicts: Sequence[Conflict] = ()

    def find(self, keys: project.Keys) -> project.Known:
        self.asked += 1
        return super().find(keys)

    def commit(self, writes: Sequence[project.Write]) -> None:
        self.committed += 1
        if self.conflicts:
            first, *rest = self.conflicts
            self.conflicts = rest
            raise first
        super().commit(writes)


class Async:
    """The store behind coroutines."""

    def __init__(self, store: MemoryProjects) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        async def call(*arguments: Any) -> Any:
            await asyncio.sleep(0)
            return getattr(self.store, name)(*arguments)

        return call


def counting(*participants: object, conflicts: Sequence[Conflict] = ()) -> Counting:
    """A store with these participants."""
    store = Counting.from_json([{"id": "P", "participants": participants}])
    store.conflicts = conflicts
    return store


def put(store: Any, payload: object) -> project.Decision:
    """Put a payload."""
    return project.Registrar(store).put(project.read(payload, project="P"))


def codes(decision: project.Decision | project.BulkDecision) -> list[tuple[str, str | None]]:
    """The codes and pointers of the violations."""
    return [(each.code, each.pointer) for each in decision.violations]


@pytest.mark.parametrize("count", [1, 500, pytest.param(10_000, marks=pytest.mark.heavy)])
def test_one_question_and_one_commit_a_batch(count: int) -> None:
    """However many rows it has."""
    store = counting()
    rows = [
        {
            "participantIdentifier": f"N{i}",
            "demographics": {"email": f"n{i}@example.com", "mobilePhone": f"+1212{i:07d}"},
        }
        for i in range(count)
    ]
    batch = project.read_batch({"participants": rows}, project="P")
    bulk = project.Registrar(store).put_many(batch.changes)
    assert (bool(bulk), bulk.total_added) == (True, count)
    assert (store.asked, store.committed, len(store.to_json()[0]["participants"])) == (1, 1, count)


def test_one_question_and_one_commit_a_row() -> None:
    """A refused one and one that changes nothing are not committed."""
    store = counting(LEE)
    assert put(store, {"participantIdentifier": "N"}).action == "add"
    assert put(store, {"id": ID}).action == "none"
    assert not put(store, {"id": ID, "invitationStatus": "x"})
    assert (store.asked, store.committed) == (3, 1)


def test_a_participant_may_be_in_every_row() -> None:
    """However long the batch is, and whether or not a row changes something."""
    store = counting(LEE)
    rows = [{"id": ID, "institutionCode": str(i // 2)} for i in range(5_000)]
    changes = project.read_batch({"participants": rows}, project="P").changes
    bulk = project.decide_all(changes, store.find(project.keys(changes)), allow_update=True)
    assert bulk[-1].participant.institution_code == "2499"
    bulk = project.Registrar(store).put_many(changes, allow_update=True)
    assert (bulk.total_updated, store.to_json()[0]["participants"]) == (
        2500,
        [LEE | {"institutionCode": "2499"}],
    )


def test_the_life_of_a_participant() -> None:
    """Add, update, withdraw, update, delete, and everything is free again."""
    store = counting()
    registrar = project.Registrar(store)
    row = {"participantIdentifier": "N", "demographics": {"email": "n@example.com"}}
    assert put(store, row).action == "add"
    assert put(store, row).action == "none"
    assert codes(put(store, {"demographics": {"email": "N@example.com"}})) == [
        ("email-taken", "/demographics/email")
    ]
    assert [registrar.withdraw("P", " N ").action for _ in range(2)] == ["update", "none"]
    assert put(store, row | {"institutionCode": "x"}).action == "update"
    assert codes(put(store, {"demographics": {"email": "n@example.com"}})) == [
        ("email-taken", "/demographics/email")
    ]
    assert registrar.delete("P", "N").action == "delete"
    assert codes(registrar.delete("P", "N")) == [("participant-not-found", "")]
    assert codes(registrar.withdraw("P", ID, by_id=True)) == [("participant-not-found", "")]
    assert put(store, {"demographics": {"email": "n@example.com"}}).action == "add"


def test_who_withdraws_twice_keeps_the_first_date() -> None:
    """The later one changes nothing, also where the date is one that somebody gave; a blank one is none."""
    for given, expected in (("2020-01-01", "2020-01-01"), (" ", "2026-01-02T03:04:05+00:00")):
        store = MemoryProjects.from_json(
            [{"id": "P", "participants": [LEE | {"withdrawDate": given}]}],
            now=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        )
        decision = project.Registrar(store).withdraw("P", ID, by_id=True)
        assert decision.action == ("update" if given == " " else "none")
        assert project.answer(decision.participant)["withdrawDate"].startswith(expected)


def test_the_async_twins_do_the_same() -> None:
    """Over a store of coroutines."""

    async def life() -> list[str]:
        registrar = project.Registrar(Async(counting(LEE)))
        change = project.read({"participantIdentifier": "N"}, project="P")
        return [
            (await registrar.aput(change)).action,
            (await registrar.aput_many([change], allow_update=True))[0].action,
            (await registrar.awithdraw("P", ID, by_id=True)).action,
            (await registrar.adelete("P", "N")).action,
        ]

    assert asyncio.run(life()) == ["add", "none", "update", "delete"]


@pytest.mark.parametrize(
    ("conflict", "payload", "expected"),
    [
        (
            Taken("email"),
            {"demographics": {"email": "n@example.com"}},
            ("email-taken", "/demographics/email"),
        ),
        (
            Taken("mobilePhone"),
            {"participantIdentifier": "N", "demographics": {"mobilePhone": "2125550100"}},
            ("mobile-phone-taken", "/demographics/mobilePhone"),
        ),
        (
            Taken("participantIdentifier"),
            {"id": ID, "participantIdentifier": "N"},
            ("participant-identifier-taken", "/participantIdentifier"),
        ),
        (Vanished(), {"id": ID, "institutionCode": "x"}, ("participant-not-found", "/id")),
    ],
    ids=repr,
)
def test_a_lost_commit_is_the_violation_of_the_rule(
    conflict: Conflict, payload: object, expected: tuple[str, str]
) -> None:
    """For one change and for a row of a batch; nothing is written."""
    store = counting(LEE, conflicts=[conflict])
    before = store.to_json()
    assert codes(put(store, payload)) == [expected]
    store.conflicts = [type(conflict)(*conflict.args[:-1], 1)]
    batch = project.read_batch({"participants": [{"participantIdentifier": "M"}, payload]}, project="P")
    bulk = project.Registrar(store).put_many(batch.changes, allow_update=True)
    assert codes(bulk) == [(expected[0], f"/participants/1{expected[1]}")]
    assert store.to_json() == before
    store.conflicts = [type(conflict)(*conflict.args[:-1], 1)]
    good = project.Registrar(store).put_many(batch.changes, allow_update=True, accept="good")
    assert ([bool(each) for each in good], good.total_added) == ([True, False], 1)


@pytest.mark.parametrize(
    "conflict", [Taken("customFields.Badge"), Taken("email"), Taken("mobilePhone")], ids=repr
)
def test_what_no_rule_is_about_passes_through(conflict: Conflict) -> None:
    """A value that a register keeps unique, and no rule says so: nothing is done as if it were."""
    rules = {each: some.only(*set(some.codes) - {"email-taken"}) for each, some in project.RULES.items()}
    change = project.read({"demographics": {"email": "new@example.com"}}, project="P")
    for put in (project.Registrar.put, lambda registrar, one: registrar.put_many([one])):
        store = counting(LEE, conflicts=[conflict] * 2)
        before = store.to_json()
        with pytest.raises(Taken):
            put(project.Registrar(store, rules=rules), change)
        assert store.to_json() == before


def test_a_participant_that_vanishes_before_a_delete_is_not_found() -> None:
    """The path names nobody any more; nothing is asked again."""
    store = counting(LEE, conflicts=[Vanished()])
    assert codes(project.Registrar(store).delete("P", "A-7")) == [("participant-not-found", "")]
    assert (store.asked, store.committed) == (1, 1)


def test_rows_may_be_lost_one_after_the_other() -> None:
    """The rest is written; a position counts the writes of its own commit."""
    rows = [{"demographics": {"email": f"{name}@example.com"}} for name in "abc"]
    store = counting(LEE, conflicts=[Taken("email", 0), Taken("email", 1)])
    changes = project.read_batch({"participants": rows}, project="P").changes
    bulk = project.Registrar(store).put_many(changes, accept="good")
    assert [[each.code for each in decision.violations] for decision in bulk] == [
        ["email-taken"],
        [],
        ["email-taken"],
    ]
    assert (store.asked, store.committed, len(store.to_json()[0]["participants"])) == (3, 3, 2)


@pytest.mark.parametrize(
    "conflict", [Stale(), Taken("participantIdentifier"), Taken("id"), Vanished()], ids=repr
)
def test_what_can_be_decided_again_is(conflict: Conflict) -> None:
    """An upsert by identifier is asked and decided again: it may now update, or add."""
    store = counting(LEE, conflicts=[conflict])
    assert put(store, {"participantIdentifier": "A-7", "institutionCode": "x"}).action == "update"
    assert store.asked == 2
    store = counting(LEE, conflicts=[conflict])
    change = project.read({"participantIdentifier": "N"}, project="P")
    assert project.Registrar(store).put_many([change]).total_added == 1
    assert store.asked == 2


def test_a_store_that_is_never_at_rest() -> None:
    """The last conflict passes through."""
    change = project.read({"participantIdentifier": "N"}, project="P")
    for conflict in (Stale(), Vanished()):
        with pytest.raises(type(conflict)):
            project.Registrar(counting(conflicts=[conflict] * ATTEMPTS)).put(change)
        with pytest.raises(type(conflict)):
            project.Registrar(counting(conflicts=[conflict] * ATTEMPTS)).put_many([change])
        assert project.Registrar(counting(conflicts=[conflict] * (ATTEMPTS - 1))).put(change)
        assert project.Registrar(counting(conflicts=[conflict] * (ATTEMPTS - 1))).put_many([change])


def test_only_added_participants_are_invited() -> None:
    """After a commit, and only when it is wanted."""
    store = counting(LEE)
    registrar = project.Registrar(store, notifier=store)
    rows = [{"participantIdentifier": "N"}, {"id": ID, "institutionCode": "x"}]
    changes = project.read_batch({"participants": rows}, project="P").changes
    registrar.put_many(changes, allow_update=False, notify=True)
    assert store.invitations == []
    bulk = registrar.put_many(changes, allow_update=True, notify=True)
    assert store.invitations == [("P", (bulk[0].result,))]
    registrar.put_many([project.read({"participantIdentifier": "M"}, project="P")])
    assert len(store.invitations) == 1


def test_a_change_forgets_the_keys_of_another_region_and_policy() -> None:
    """It may be judged in two projects, and under two policies."""
    change = project.read({"demographics": {"email": "A@b.com", "mobilePhone": "030 123456"}})
    usual, other = project.Policy(), project.Policy(str.upper, lambda text, region: region + text)
    american, german = project.Project(id="P"), project.Project(id="P", default_region="DE")
    email, phone = "demographics.email", "demographics.mobilePhone"
    assert change.keys(american, usual) == {email: "a@b.com"}
    assert change.keys(german, usual) == {email: "a@b.com", phone: "+4930123456"}
    assert change.keys(german, other) == {email: "A@B.COM", phone: "DE030 123456"}
    assert change.keys(german, usual) == {email: "a@b.com", phone: "+4930123456"}


def test_a_policy_is_replaced_in_one_place() -> None:
    """Another e-mail key makes other addresses the same."""

    def without_dots(text: str) -> str | None:
        local, at, domain = text.lower().partition("@")
        return local.replace(".", "") + at + domain if at else None

    policy = project.Policy(email_key=without_dots)
    store = MemoryProjects.from_json([{"id": "P", "participants": [LEE]}], policy=policy)
    registrar = project.Registrar(store, policy)
    change = project.read({"demographics": {"email": "l.e.e@example.com"}}, project="P")
    assert codes(registrar.put(change)) == [("email-taken", "/demographics/email")]
    assert put(
        MemoryProjects.from_json([{"id": "P", "participants": [LEE]}]),
        {"demographics": {"email": "l.e.e@example.com"}},
    )


def test_the_keys_that_a_write_brings_are_those_of_the_participant() -> None:
    """Whatever the body says: an added participant is found by the keys that its values have."""
    bodies = [
        {
            "participantIdentifier": " A ",
            "demographics": {"email": "A@Example.COM", "mobilePhone": "(212) 555-0123"},
        },
        {"participantIdentifier": "B", "demographics": {"email": "b@example.com"}},
        {"demographics": {"email": "c@example.com", "mobilePhone": "+12125550124"}},
    ]
    saved: list[project.Write] = []

    class Noting(MemoryProjects):
        def commit(self, writes: Sequence[project.Write]) -> None:
            saved.extend(writes)
            super().commit(writes)

    store = Noting([project.Project(id="P")])
    registrar = project.Registrar(store)
    assert all(registrar.put(project.read(each, project="P")) for each in bodies)
    brought = [each.found_by[2] if each.found_by else None for each in saved]
    first = saved[0].after
    assert first is not None
    assert brought == [project.keys_of(first, store.projects[0]), None, None]
