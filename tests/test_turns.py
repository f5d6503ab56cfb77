"""Quotas that registrars and Apis count down: standing changes take, and others give back."""

import asyncio
import copy
import json
import pickle
import random
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any

import pytest

from participant_rules import At, Quota, at, batch, project, rule, survey
from participant_rules import turns as module
from participant_rules.conflicts import Stale, Taken
from participant_rules.http import Request
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.quotas import Taking
from participant_rules.steps import Pause, hold
from participant_rules.turns import Deed, begin_again, in_turn, turn_of

PUT, BULK = project.Operation.PUT, project.Operation.BULK
PROJECT = project.Project.from_json({"id": "P1", "customFields": [{"name": "Site", "type": "Text"}]})
SURVEY = survey.Survey(id="S1", invited=False, logged_on=True, group=True)
PARTICIPANTS = "/api/v1/administration/projects/P1/participants"


@rule("The site is full.", pointer="/customFields/Site", facts=["site_capacity"])
def site_full(case: project.Case) -> Iterator[At]:
    """A site takes no more participants than it has room for."""
    if case.adds and not case.facts.site_capacity.take(case.custom_fields.get("Site")):
        yield at()


@rule("The study is full.", facts=["places"])
def study_full(case: project.Case) -> Iterator[At]:
    """A study takes no more participants than it has room for."""
    if case.adds and not case.facts.places.take():
        yield at()


@rule("The survey is full.", facts=["places"])
def survey_full(case: survey.Case) -> Iterator[At]:
    """A survey has so many places."""
    if not case.facts.places.take():
        yield at()


RULES = project.RULES.adding(site_full, study_full, to=[PUT, BULK])
SURVEY_RULES = survey.RULES.adding(survey_full, to=[survey.Operation.ADD, survey.Operation.ADD_SUBJECT])


def person(number: int, site: str | None = None, **demographics: str) -> dict[str, Any]:
    """A participant."""
    return {
        "participantIdentifier": f"A-{number}",
        "customFields": {"Site": site},
        "demographics": {"email": f"a{number}@example.com"} | demographics,
    }


def change(number: int, site: str | None = None, **demographics: str) -> project.Change:
    """The same, to be put."""
    return project.read(person(number, site, **demographics), project="P1")


def found(decision: Any) -> str:
    """The outcome of a change."""
    return " ".join(each.code for each in decision.violations) or decision.action


class Waiting:
    """A store with commits that wait until they may go on, and then fail with the set error."""

    def __init__(self, store: Any = None) -> None:
        self.store = MemoryProjects([PROJECT]) if store is None else store
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.failure: BaseException | None = None

    def find(self, keys: Any) -> Any:
        """The stored participants."""
        return self.store.find(keys)

    def commit(self, writes: Any) -> None:
        """Make the writes, later."""
        self.reached.set()
        assert self.go_on.wait(10)
        failure, self.failure = self.failure, None
        if failure:
            raise failure
        self.store.commit(writes)


class Slow:
    """A store of coroutines, each of which lets others run."""

    def __init__(self, store: Any = None) -> None:
        self.store = MemoryProjects([PROJECT]) if store is None else store
        self.failures: list[BaseException] = []

    async def find(self, keys: Any) -> Any:
        """The stored participants."""
        await asyncio.sleep(0)
        return self.store.find(keys)

    async def commit(self, writes: Any) -> None:
        """Make the writes, later."""
        await asyncio.sleep(0.01)
        if self.failures:
            raise self.failures.pop()
        self.store.commit(writes)


def registrar_of(store: Any, **facts: Quota) -> project.Registrar:
    """A registrar with quotas."""
    return project.Registrar(store, rules=RULES, facts=facts)


# ---- one after the other


def test_what_stands_takes() -> None:
    """A refused change takes nothing, nor does an update, nor one that changes nothing."""
    quota = Quota({"Ghent": 1, "Oslo": 2})
    registrar = registrar_of(MemoryProjects([PROJECT]), site_capacity=quota)
    changes = [
        change(1, "Ghent", gender="x"),
        change(1, "Ghent"),
        change(1, "Ghent"),
        change(1, "Ghent", gender="F"),
        change(2, "Ghent"),
        change(3, "Oslo", email="A1@example.com"),
        change(3, "Oslo"),
        change(4, "Lyon"),
    ]
    assert [found(registrar.put(each)) for each in changes] == [
        "gender-unknown",
        "add",
        "none",
        "update",
        "site-full",
        "email-taken",
        "add",
        "add",
    ]
    assert quota.remaining == {"Ghent": 0, "Oslo": 1}


def test_a_deleted_participant_gives_back() -> None:
    """The shares that it is known to have taken; earlier participants give nothing back."""
    store = MemoryProjects.from_json([{"id": "P1", "participants": [person(1)]}])
    quota = Quota(1)
    registrar = registrar_of(store, places=quota)
    assert found(registrar.delete("P1", "A-1")) == "delete"
    assert [found(registrar.put(change(number))) for number in (2, 3)] == ["add", "study-full"]
    assert found(registrar.withdraw("P1", "A-2")) == "update"
    assert (found(registrar.put(change(3))), quota.remaining) == ("study-full", 0)
    assert (found(registrar.delete("P1", "A-2")), quota.remaining) == ("delete", 1)
    assert [found(registrar.put(change(number))) for number in (3, 4)] == ["add", "study-full"]


def test_a_deletion_may_take_too() -> None:
    """Nobody gives that back."""

    @rule("Enough deletions.", facts=["deletions"])
    def enough_deletions(case: project.Case) -> Iterator[At]:
        """A study takes so many deletions."""
        if not case.facts.deletions.take():
            yield at()

    store = MemoryProjects.from_json([{"id": "P1", "participants": [person(1), person(2)]}])
    rules = project.RULES.adding(enough_deletions, to=project.Operation.DELETE)
    registrar = project.Registrar(store, rules=rules, facts={"deletions": Quota(1)})
    assert [found(registrar.delete("P1", each)) for each in ("A-1", "A-2")] == ["delete", "enough-deletions"]
    registrar.put(change(1))
    assert found(registrar.delete("P1", "A-1")) == "enough-deletions"


def test_a_quota_may_begin_again() -> None:
    """Whoever took of it before gives nothing back."""
    quota = Quota({"Ghent": 1})
    registrar = registrar_of(MemoryProjects([PROJECT]), site_capacity=quota)
    registrar.put(change(1, "Ghent"))
    begin_again(quota, {"Ghent": 2})
    registrar.delete("P1", "A-1")
    assert quota.remaining == {"Ghent": 2}


def test_a_bulk_takes_what_it_writes() -> None:
    """All of it or, where that is asked, the good rows; a row that changes nothing takes nothing."""
    quota = Quota(3)
    registrar = registrar_of(MemoryProjects([PROJECT]), places=quota)
    assert not registrar.put_many(map(change, range(4)))
    assert quota.remaining == 3
    bulk = registrar.put_many([change(1), change(1), change(2)], allow_update=True, notify=True)
    assert ([found(each) for each in bulk], quota.remaining) == (["add", "none", "add"], 1)
    bulk = registrar.put_many(map(change, range(2, 5)), allow_update=True, accept="good")
    assert ([found(each) for each in bulk], quota.remaining) == (["none", "add", "study-full"], 0)


@pytest.mark.parametrize("failure", [Taken("email"), ConnectionError(), KeyboardInterrupt()], ids=repr)
def test_a_commit_that_fails_gives_back(failure: BaseException) -> None:
    """Whether another writer took a value of it, or the store fails."""
    store, quota = Waiting(), Quota(1)
    store.failure = failure
    store.go_on.set()
    registrar = registrar_of(store, places=quota)
    if isinstance(failure, Taken):
        assert found(registrar.put(change(1))) == "email-taken"
    else:
        with pytest.raises(type(failure)):
            registrar.put(change(1))
    assert quota.remaining == 1
    assert [found(registrar.put(change(number))) for number in (1, 2)] == ["add", "study-full"]
    store.failure = failure
    if not isinstance(failure, Taken):
        with pytest.raises(type(failure)):
            registrar.delete("P1", "A-1")
        assert quota.remaining == 0


def test_a_stale_decision_takes_once() -> None:
    """It is made again."""
    store, quota = Waiting(), Quota(2)
    store.failure = Stale()
    store.go_on.set()
    registrar = registrar_of(store, places=quota)
    assert (found(registrar.put(change(1))), quota.remaining) == ("add", 1)
    store.failure = Stale()
    assert (len(registrar.put_many([change(2)])), quota.remaining) == (1, 0)


def answers(api: Any, *requests: Request) -> list[int]:
    """The answers of an Api to each."""
    statuses = [api.handle(each).status for each in requests]
    for each in requests:
        api.check(each)  # the dry run takes nothing
    return statuses


def test_an_api_counts() -> None:
    """In calls of every kind, and with others that share the quota."""
    store, quota = MemoryProjects([PROJECT]), Quota(2)
    api = project.Api(store, rules=RULES, facts={"places": quota})
    put = [Request("PUT", PARTICIPANTS, body=body_of(person(number))) for number in range(3)]
    bulk = Request("POST", PARTICIPANTS, body=body_of({"participants": [person(4)]}))
    assert answers(api, put[0]) == [200]
    again = project.Api(store, rules=RULES, facts={"places": quota})  # as one is made for a transaction
    assert answers(again, bulk, put[1]) == [200, 400]
    assert answers(api, Request("DELETE", f"{PARTICIPANTS}/A-0"), put[1], put[2]) == [200, 200, 400]
    assert [each.code for each in api.check(put[2])] == ["study-full"]


def body_of(value: Any) -> bytes:
    """The same as JSON."""
    return json.dumps(value).encode()


def test_a_survey_counts() -> None:
    """Additions, and subjects that are added; its participants are known by their logins."""
    quota = Quota(2)
    api = survey.Api(MemorySurveys([SURVEY]), rules=SURVEY_RULES, facts={"places": quota})
    people = [
        Request("POST", "/surveys/S1/participants", body=body_of({"loginSection": each}))
        for each in (
            {"login": "kim", "subjects": [{"subjectName": "a"}]},
            {"login": "lee", "subjects": [{"subjectName": "a"}]},
        )
    ]
    subject = Request("POST", "/surveys/S1/participants/kim/subjects", body=b'{"subjectName": "b"}')
    delete = Request("DELETE", "/surveys/S1/participants/kim")
    assert answers(api, people[0], people[0], subject, people[1]) == [200, 400, 200, 400]
    assert (answers(api, delete, people[1]), quota.remaining) == ([200, 200], 1)


def test_changes_in_a_row_count_too() -> None:
    """A deleted participant gives back the shares of an earlier change."""
    calls = [
        survey.Change(survey.Operation.ADD, "S1", asked=asked("kim")),
        survey.Change(survey.Operation.ADD, "S1", asked=asked("lee")),
        survey.Change(survey.Operation.DELETE, "S1", "kim"),
        survey.Change(survey.Operation.DELETE, "S1", "ada"),
        survey.Change(survey.Operation.ADD, "S1", asked=asked("lee")),
        survey.Change(survey.Operation.ADD, "S1", asked=asked("ada")),
    ]
    quota = Quota(1)
    decided = survey.decide_all(calls, survey.Known(SURVEY, {}), rules=SURVEY_RULES, facts={"places": quota})
    expected = ["add", "survey-full", "delete", "participant-not-found", "add", "survey-full"]
    assert ([found(each) for each in decided], quota.remaining) == (expected, 1)


def asked(login: str) -> survey.Participant:
    """A participant of the survey."""
    return survey.read({"loginSection": {"login": login, "subjects": [{"subjectName": "a"}]}})


def test_a_batch_begins_with_what_is_left() -> None:
    """It counts for itself, and changes no quota."""
    quota = Quota(2)
    registrar_of(store := MemoryProjects([PROJECT]), places=quota).put(change(1))
    task = batch.ProjectTask(PROJECT, store, rules=RULES, facts={"places": quota})
    for _ in range(2):
        outcomes = batch.check([person(2), person(3)], task)
        assert [each.action for each in outcomes] == ["add", "refused"]
    assert quota.remaining == 1


def test_facts_that_are_looked_up() -> None:
    """A new quota at each decision: its number is left, and nothing else is counted."""

    class LookedUp(dict[str, object]):
        def get(self, name: str, default: object = None) -> object:
            return Quota(1 - len(store.to_json()[0]["participants"])) if name == "places" else default

    store = MemoryProjects([PROJECT])
    registrar = project.Registrar(store, rules=RULES, facts=LookedUp(places=Quota(1)))
    assert [found(registrar.put(change(number))) for number in (1, 2)] == ["add", "study-full"]
    registrar.delete("P1", "A-1")
    assert found(registrar.put(change(2))) == "add"


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))], ids=range(3)
)
def test_a_copy_counts_for_itself(copied: Callable[[Quota], Quota]) -> None:
    """In another process, for instance."""
    quota = Quota({"Ghent": 2})
    registrar_of(MemoryProjects([PROJECT]), site_capacity=quota).put(change(1, "Ghent"))
    other = copied(quota)
    registrar_of(MemoryProjects([PROJECT]), site_capacity=other).put(change(1, "Ghent"))
    assert (quota.remaining, other.remaining) == ({"Ghent": 1}, {"Ghent": 0})


# ---- at once


@pytest.mark.parametrize("family", ["project", "survey"])
@pytest.mark.parametrize("_", range(3))
def test_of_threads_at_once_the_last_place_has_one(family: str, _: int) -> None:
    """However many there are."""
    quota = Quota(3)
    projects = registrar_of(MemoryProjects([PROJECT]), places=quota)
    surveys = survey.Registrar(MemorySurveys([SURVEY]), rules=SURVEY_RULES, facts={"places": quota})

    def add(number: int) -> str:
        if family == "project":
            return found(projects.put(change(number)))
        return found(surveys.add("S1", asked(f"a{number}")))

    with ThreadPoolExecutor(8) as pool:
        done = Counter(pool.map(add, range(24)))
    full = "study-full" if family == "project" else "survey-full"
    assert (done, quota.remaining) == ({"add": 3, full: 21}, 0)


def test_threads_that_add_and_delete() -> None:
    """In the end so many are left as nobody stands on."""
    store, quota = MemoryProjects([PROJECT]), Quota(4)
    registrar = registrar_of(store, places=quota)

    def act(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(60):
            number = chance.randrange(6)
            if chance.random() < 0.5:
                registrar.put(change(number))
            else:
                registrar.delete("P1", f"A-{number}")
            assert len(store.to_json()[0]["participants"]) <= 4

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(6)))
    assert quota.remaining == 4 - len(store.to_json()[0]["participants"])


def test_no_change_is_refused_for_what_a_failing_commit_held() -> None:
    """It waits until that has ended, and the other way round."""
    for failure, expected in ((Taken("email"), ["email-taken", "add"]), (None, ["add", "study-full"])):
        store, quota = Waiting(), Quota(1)
        store.failure = failure
        registrar = registrar_of(store, places=quota)
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(registrar.put, change(1))
            assert store.reached.wait(10)
            second = pool.submit(registrar.put, change(2))
            time.sleep(0.02)  # it has come to wait, or will not have to
            assert not second.done()
            store.go_on.set()
            assert [found(first.result(10)), found(second.result(10))] == expected


def test_a_deletion_waits_for_the_addition_that_it_undoes() -> None:
    """Made in the store, that may not have been counted yet."""

    class Answering(Waiting):
        def commit(self, writes: Any) -> None:
            """Make the writes, and answer those that add later."""
            self.store.commit(writes)
            if writes.after:
                self.reached.set()
                assert self.go_on.wait(10)

        def page(self, *asked: Any) -> Any:
            """Nothing that matters."""

    store, quota = Answering(MemorySurveys([SURVEY])), Quota(1)
    registrar = survey.Registrar(store, rules=SURVEY_RULES, facts={"places": quota})
    with ThreadPoolExecutor(2) as pool:
        added = pool.submit(registrar.add, "S1", asked("kim"))
        assert store.reached.wait(10)
        deleted = pool.submit(registrar.delete, "S1", "kim")
        time.sleep(0.02)  # it has come to wait
        assert not deleted.done()
        store.go_on.set()
        assert [found(added.result(10)), found(deleted.result(10))] == ["add", "delete"]
    assert quota.remaining == 1


def test_a_commit_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for it gives up."""
    monkeypatch.setattr(module, "WAIT", 0.02)
    store, quota = Waiting(), Quota(1)
    registrar = registrar_of(store, places=quota)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(registrar.put, change(1))
        assert store.reached.wait(10)
        with pytest.raises(TimeoutError):
            registrar.put(change(2))
        with pytest.raises(TimeoutError):
            asyncio.run(registrar.aput(change(2)))
        store.go_on.set()
        assert found(first.result(10)) == "add"
    assert found(registrar.put(change(2))) == "study-full"


def test_tasks_at_once() -> None:
    """Over a store of coroutines, and over a sync one in threads; nobody keeps the loop waiting."""

    async def put(store: Any, count: int) -> list[str]:
        registrar = registrar_of(store, places=quota)
        return [found(each) for each in await asyncio.gather(*map(registrar.aput, map(change, range(count))))]

    for make in (Slow, lambda: Threaded(MemoryProjects([PROJECT]))):
        quota = Quota(2)
        done = asyncio.run(put(make(), 40))
        assert (Counter(done), quota.remaining) == ({"add": 2, "study-full": 38}, 0)
    quota, store = Quota(1), Slow()
    store.failures = [Taken("email")]
    assert Counter(asyncio.run(put(store, 2))) == {"email-taken": 1, "add": 1}


class Threaded:
    """A sync store, as others are: it may wait."""

    def __init__(self, store: Any) -> None:
        self.find, self._store = store.find, store

    def commit(self, writes: Any) -> Any:
        """Make the writes."""
        time.sleep(0.001)
        return self._store.commit(writes)


class Wrapping(Threaded):
    """A method that is no coroutine function, and yet returns a coroutine."""

    def commit(self, writes: Any) -> Awaitable[None]:
        """Make the writes."""
        return Slow(self._store).commit(writes)


def test_a_method_that_returns_a_coroutine() -> None:
    """Its shares are held until that has ended."""

    async def put() -> Sequence[str]:
        registrar = registrar_of(Wrapping(MemoryProjects([PROJECT])), places=quota)
        return [found(each) for each in await asyncio.gather(*map(registrar.aput, map(change, range(3))))]

    quota = Quota(1)
    assert (Counter(asyncio.run(put())), quota.remaining) == ({"add": 1, "study-full": 2}, 0)


def test_a_task_that_is_cancelled() -> None:
    """A coroutine's commit gives back; a thread's goes on, and its outcome counts."""

    async def cancel(registrar: project.Registrar) -> None:
        task = asyncio.create_task(registrar.aput(change(1)))
        await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    quota = Quota(1)
    asyncio.run(cancel(registrar_of(Slow(), places=quota)))
    assert quota.remaining == 1

    async def cancel_thread(registrar: project.Registrar) -> None:
        task = asyncio.create_task(registrar.aput(change(1)))
        await asyncio.to_thread(store.reached.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert quota.remaining == 1  # nobody knows yet
        store.go_on.set()

    store = Waiting()
    registrar = registrar_of(store, places=quota)
    asyncio.run(cancel_thread(registrar))
    assert (found(registrar.put(change(2))), quota.remaining) == ("study-full", 0)


def test_a_commit_that_never_begins() -> None:
    """Its turn is given back, and a late start with it makes no commit."""
    quota = Quota(1)
    taking = Taking({})
    assert taking.take("places", quota, "", 1)
    turn = turn_of({"places": quota}, [Deed(("P1", "a"), taking)])
    assert turn is not None
    steps = in_turn(turn, lambda: None)
    call = next(steps)
    assert quota.ledger.held == {"": 1}
    steps.close()
    assert (quota.ledger.held, quota.remaining) == ({"": 0}, 1)
    with pytest.raises(CancelledError):
        call()
    assert turn_of({}, [Deed(("P1", "a"), Taking({}))]) is None


def test_another_event_loop() -> None:
    """Nobody can wait there: the store is asked again, which lets others run."""
    quota = Quota(1)
    registrar = registrar_of(Coroutines(MemoryProjects([PROJECT])), places=quota)
    first, second = registrar.aput(change(1)), registrar.aput(change(2))
    for each in (first, second) * 4:
        each.send(None)
    assert [to_the_end(first), to_the_end(second)] == ["add", "study-full"]


def to_the_end(task: Coroutine[Any, Any, Any]) -> str:
    """The result of a task."""
    try:
        while True:
            task.send(None)
    except StopIteration as end:
        return found(end.value)


class Once:
    """Something to wait for in no loop that anybody knows."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class Coroutines:
    """A store of coroutines that wait for that."""

    def __init__(self, store: Any) -> None:
        self._store = store

    async def find(self, keys: Any) -> Any:
        """The stored participants."""
        await Once()
        return self._store.find(keys)

    async def commit(self, writes: Any) -> None:
        """Make the writes, after a while."""
        for _ in range(8):
            await Once()
        self._store.commit(writes)


def test_hold_waits() -> None:
    """A pause is a call as others are."""
    event = Future[None]()
    event.set_result(None)

    def steps() -> Any:
        return (yield Pause(event, 1))

    assert hold(steps()) is True
