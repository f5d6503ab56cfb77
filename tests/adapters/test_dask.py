"""Batches with Dask: the outcomes of one process, and the data that is sent for them."""

import itertools
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final

import dask.bag
import pytest
from dask.local import get_sync
from distributed import Client, LocalCluster

from participant_rules import batch, project, survey
from participant_rules.adapters import dask as adapter
from participant_rules.adapters.dask import check
from participant_rules.adapters.msgspec import glance
from tests.batch.samples import SCENES, SECRETS, a_group_survey

TASK: Final = batch.ProjectTask(project.Project(id="P"))
FAMILIES = pytest.mark.parametrize("family", SCENES)


def bag_of(records: Sequence[object], partitions: int) -> Any:
    """A bag of records."""
    return dask.bag.from_sequence(records, npartitions=partitions)  # type: ignore[no-untyped-call]


def delayed(records: Sequence[object]) -> Any:
    """A delayed list of records."""
    return dask.delayed(list)(records)  # type: ignore[attr-defined]


@pytest.fixture
def threads() -> Iterator[None]:
    """Work is done by threads of this process."""
    with dask.config.set(scheduler="threads"):
        yield


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Work is done by two processes, which are reached on this machine only."""
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
        ) as started,
        Client(started),  # type: ignore[no-untyped-call]
    ):
        yield


# ---- the same outcomes


@FAMILIES
@pytest.mark.parametrize("partitions", [1, 17])
@pytest.mark.parametrize("seed", [0, *(pytest.param(each, marks=pytest.mark.heavy) for each in range(1, 9))])
@pytest.mark.usefixtures("threads")
def test_partitions_give_the_outcomes_of_one_process(family: str, partitions: int, seed: int) -> None:
    """Of every record the same outcome, in the same order, though most of them conflict with others."""
    scene = SCENES[family](Random(seed), 80)
    outcomes = [*check(bag_of(scene.payloads, partitions), scene.task)]
    assert outcomes == [*batch.check(scene.payloads, scene.task)]


@pytest.mark.parametrize(
    ("family", "count"),
    [("project", 1), *(pytest.param(each, 5, marks=pytest.mark.heavy) for each in SCENES)],
)
@pytest.mark.usefixtures("cluster")
def test_two_processes_and_a_cluster_give_the_outcomes_of_one_process(family: str, count: int) -> None:
    """Stores travel with their tasks, and hashes are the same everywhere."""
    scenes = (SCENES[family](Random(seed), 100) for seed in itertools.count())
    for scene in itertools.islice((each for each in scenes if each.task.roster), count):
        one = [*batch.check(scene.payloads, scene.task)]
        assert [*batch.check(scene.payloads, scene.task, jobs=2)] == one
        assert [*check(bag_of(scene.payloads, 3), scene.task)] == one


@FAMILIES
@pytest.mark.usefixtures("threads")
def test_keys_in_many_buckets(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds the same meets in one of them."""
    monkeypatch.setattr(adapter, "BUCKET", 7)
    scene = SCENES[family](Random(9), 80)
    assert [*check(bag_of(scene.payloads, 5), scene.task)] == [*batch.check(scene.payloads, scene.task)]


@FAMILIES
@pytest.mark.usefixtures("threads")
def test_long_partitions(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is asked for some records at a time, and so are conflicting ones decided."""
    monkeypatch.setattr(adapter, "RECORDS", 6)
    scene = SCENES[family](Random(10), 80)
    assert [*check(bag_of(scene.payloads, 2), scene.task)] == [*batch.check(scene.payloads, scene.task)]


@FAMILIES
@pytest.mark.usefixtures("threads")
def test_without_warnings_and_with_another_reader(family: str) -> None:
    """The options of a batch mean the same here, for conflicting records too."""
    scene = SCENES[family](Random(11), 80)
    outcomes = check(bag_of(scene.payloads, 4), scene.task, warnings=False, glance=glance, secret=b"s" * 16)
    assert [*outcomes] == [*batch.check(scene.payloads, scene.task, warnings=False)]


@pytest.mark.usefixtures("threads")
def test_any_bag_and_any_delayed_lists() -> None:
    """Bags that are computed, lists that are empty, texts and values."""
    records: list[Any] = [
        {"participantIdentifier": "A", "demographics": {"email": f"{each}@x.com"}} for each in "aba"
    ]
    expected = [*batch.check(records, TASK)]
    assert [each.action for each in expected] == ["add", "refused", "refused"]
    assert [*check(bag_of(records, 2).map(lambda each: each), TASK)] == expected
    assert [*check([delayed([]), delayed(records[:1]), delayed([]), delayed(records[1:])], TASK)] == expected
    assert [*check(iter([delayed(records)]), TASK)] == expected
    assert [*check([], TASK)] == [*check([delayed([])], TASK)] == []


# ---- what is gathered

PEOPLE: Final[Mapping[str, tuple[Any, Callable[[str], Any]]]] = {
    "project": (
        TASK,
        lambda name: {
            "participantIdentifier": name,
            "demographics": {"email": f"{name}@example.com", "firstName": name, "gender": "male"},
        },
    ),
    "survey": (
        batch.SurveyTask(a_group_survey()),
        lambda name: {
            "loginSection": {"login": name, "password": name, "subjects": [{"subjectName": ""}]},
        },
    ),
}


@FAMILIES
def test_only_conflicting_records_are_fetched(family: str) -> None:
    """Neither the first results nor the outcomes have a personal value; the other records stay."""
    task, make = PEOPLE[family]
    names = [*SECRETS, "twice", *map(str, range(20)), "twice"]
    gathered: list[tuple[bool, bytes]] = []

    def get(graph: Any, keys: Any, **options: Any) -> Any:
        found = get_sync(graph, keys, **options)
        gathered.append(("_fetch-" in str(keys), pickle.dumps(found)))
        return found

    with dask.config.set(scheduler=get):
        outcomes = [*check([delayed([*map(make, names[:12])]), delayed([*map(make, names[12:])])], task)]
    fetched = b"".join(data for is_fetched, data in gathered if is_fetched)
    others = b"".join(data for is_fetched, data in gathered if not is_fetched)
    assert outcomes == [*batch.check([*map(make, names)], task)]
    assert [name for name in (*SECRETS, "twice") if name.encode() in others] == []
    assert [name for name in (*SECRETS, "twice") if name.encode() in fetched] == ["twice"]
    assert [is_fetched for is_fetched, _ in gathered][:3] == [False, False, False]


def test_keys_stay_with_the_workers() -> None:
    """The result of a partition has no keys, and its rows have their numbers in the whole batch."""
    result = batch.check_chunk([PEOPLE["project"][1]("twice")] * 2, TASK)
    (shown,) = adapter._outcomes([result], 5)
    assert len(result.held.hashes) == 4
    assert (len(shown.held.hashes), len(shown.held.rows)) == (0, 0)
    assert [number for number, _, _ in shown] == [5, 6]


def test_nothing_personal_is_shown() -> None:
    """The data that is sent to the workers shows neither the store nor the secret."""
    judging = adapter._Judging(TASK, b"hunter2" * 3, warnings=True, glance=glance)
    assert "hunter2" not in repr(judging)


# ---- what fails


@pytest.mark.usefixtures("threads")
def test_a_partition_that_changes() -> None:
    """Where conflicting records are gone, one line names the remedy."""
    made = iter([[{"participantIdentifier": "A"}] * 2, []])
    partition = dask.delayed(lambda: next(made))()  # type: ignore[attr-defined]
    with pytest.raises(
        batch.Unusable, match=r"^a partition lacks records that it had before: persist the bag$"
    ):
        [*check([partition], TASK)]


class Later:
    """A roster of coroutines."""

    async def find(self, keys: survey.Keys) -> survey.Known:
        """Answers later."""
        raise AssertionError


@pytest.mark.filterwarnings("ignore:coroutine 'Later.find' was never awaited")
def test_a_roster_that_cannot_be_asked_is_refused_before_anything_is_sent() -> None:
    """No worker starts."""
    task = batch.SurveyTask(a_group_survey(), Later())
    with pytest.raises(TypeError, match=r"^a batch asks a roster whose methods answer at once$"):
        next(check([delayed([{}])], task))
