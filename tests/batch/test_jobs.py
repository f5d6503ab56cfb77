"""Judging in other processes: the same outcomes, and plain words where that fails."""

import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from attrs import evolve, field, frozen

from participant_rules import jsontext, project
from participant_rules.batch import (
    Part,
    ProjectTask,
    Source,
    SurveyTask,
    Unusable,
    check,
    check_sources,
    jobs,
)
from participant_rules.batch.records import Chunk
from participant_rules.batch.sources import given
from participant_rules.batch.workers import Died, Worker
from participant_rules.jsontext import glance
from tests.batch.samples import SCENES, results_of

TASK = ProjectTask(project.Project(id="P"))
RECORDS = [{"participantIdentifier": str(number)} for number in range(6)]
STARTS = pytest.mark.parametrize("start", ["fork", "spawn"])
FAMILIES = pytest.mark.parametrize(  # a process that is spawned takes a second to start
    ("family", "start"),
    [
        ("project", "fork"),
        ("survey", "fork"),
        ("project", "spawn"),
        pytest.param("survey", "spawn", marks=pytest.mark.heavy),
    ],
)


@pytest.fixture
def started(start: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Processes are started in this way; how they were is noted."""
    ways: list[str] = []
    make = multiprocessing.get_context

    def noting(way: str) -> object:
        ways.append(way)
        return make(way)

    monkeypatch.setattr(jobs, "get_all_start_methods", lambda: [start, "spawn"])
    monkeypatch.setattr(jobs, "active_count", lambda: 1)
    monkeypatch.setattr(jobs, "get_context", noting)
    return ways


@frozen
class Remade:
    """A roster that travels: it is made anew for each question."""

    make: Callable[[Any], Any] = field(repr=False)
    data: Any = field(repr=False)

    def find(self, keys: Any) -> Any:
        """The answer of the store."""
        return self.make(self.data).find(keys)


def travelling(task: ProjectTask | SurveyTask) -> ProjectTask | SurveyTask:
    """The task with a roster that can be pickled."""
    roster: Any = task.roster
    remade: Any = Remade(type(roster).from_json, roster.to_json())
    return evolve(task, roster=remade)


@FAMILIES
def test_two_processes_give_the_outcomes_of_one(family: str, start: str, started: list[str]) -> None:
    """The same outcomes in the same order; forks share a secret, others are given one."""
    scene = next(
        each for each in map(SCENES[family], map(Random, range(7, 20)), [60] * 13) if each.task.roster
    )
    task = travelling(scene.task)
    one = [*check_sources([given(scene.payloads)], task, records=4)]
    two = [*check_sources([given(iter(scene.payloads))], task, records=4, jobs=2)]
    assert one == two
    assert results_of(two) == scene.expected
    assert started == [start]


@pytest.mark.parametrize("start", ["fork"])
def test_where_threads_run_nothing_forks(started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork might copy a lock that a thread holds."""
    monkeypatch.setattr(jobs, "active_count", threading.active_count)
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert [each.action for each in check(RECORDS, TASK, jobs=2)] == ["add"] * 6
    finally:
        done.set()
        thread.join()
    assert started == ["spawn"]


def test_one_job_needs_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither do fewer."""
    monkeypatch.setattr(jobs, "Worker", None)
    for number in (1, 0, -1):
        assert [each.action for each in check(RECORDS, TASK, jobs=number)] == ["add"] * 6


def test_one_part_needs_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there might be; neither does none."""
    monkeypatch.setattr(jobs, "Worker", None)
    assert [*check([], TASK, jobs=4)] == []
    assert [each.action for each in check(RECORDS, TASK, jobs=4)] == ["add"] * 6


@STARTS
@pytest.mark.usefixtures("started")
def test_what_cannot_travel_is_judged_here() -> None:
    """A value that nobody can pickle is no JSON, and a record like any other."""
    payloads = [*RECORDS, {"participantIdentifier": lambda: None}, *RECORDS[:2]]
    one, two = [[*check_sources([given(payloads)], TASK, records=1, jobs=jobs)] for jobs in (1, 2)]
    assert one == two
    assert [each.action for each in one] == ["add"] * 6 + ["refused"] * 3


def test_three_processes_share_what_is_to_be_done() -> None:
    """In their order, whoever is first."""
    payloads = [{"participantIdentifier": str(number % 90)} for number in range(100)]
    one, three = [[*check_sources([given(payloads)], TASK, records=3, jobs=jobs)] for jobs in (1, 3)]
    assert one == three


# ---- what fails


@frozen
class Deadly:
    """A part that ends another process which reads it."""

    here: int = field(factory=os.getpid)
    size: int = 0

    def read(self) -> Chunk:
        """Nothing any more."""
        if os.getpid() != self.here:
            os.kill(os.getpid(), signal.SIGKILL)
        return Chunk(RECORDS, range(1, 7))


@frozen
class Broken:
    """A part that cannot be read."""

    size: int = 0

    def read(self) -> Chunk:
        """Says why."""
        raise Unusable("late.csv: it ends in the middle of a row")


@frozen
class Ending:
    """A source with good parts around another one."""

    odd: Part
    name: str = "late.csv"
    size: int = 0
    notices: tuple[()] = ()

    def parts(self, records: int) -> Iterator[Part]:
        """A good part, the other one, and ten good ones."""
        yield from given(RECORDS).parts(records)
        yield self.odd
        yield from given(RECORDS * 10).parts(records)

    def column(self, pointer: str) -> None:
        """It has none."""


def failing(source: Source, task: ProjectTask, count: int) -> tuple[int, BaseException]:
    """The number of outcomes before the exception."""
    outcomes = check_sources([source], task, jobs=count, records=6)
    seen = 0
    try:
        for _ in outcomes:
            seen += 1
    except (Unusable, OSError) as error:
        return seen, error
    raise AssertionError


def test_a_process_that_dies_is_an_error_of_one_line() -> None:
    """Of the source that it read from; nothing waits for ever, and nothing else is raised."""
    _, error = failing(Ending(Deadly()), TASK, 2)
    assert (type(error), str(error)) == (Unusable, "late.csv: a process that judged it has died")


def test_a_process_that_dies_unwatched() -> None:
    """The next question raises; earlier answers are not lost."""
    outcomes = check_sources([Ending(Deadly())], TASK, jobs=2, records=6)
    seen: list[int] = []

    def resting() -> None:
        for outcome in outcomes:
            seen.append(outcome.number)
            time.sleep(0.1)

    with pytest.raises(Unusable, match=r"^late\.csv: a process that judged it has died$"):
        resting()
    assert seen == [*range(6)]


def test_a_process_that_is_dead_when_it_is_given_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for an answer."""

    def takes(_self: object, _part: object) -> bool:
        raise Died

    monkeypatch.setattr(Worker, "takes", takes)
    seen, error = failing(given(RECORDS * 2), TASK, 2)
    assert (seen, str(error)) == (0, ": a process that judged it has died")


@pytest.mark.parametrize("count", [1, 2])
def test_a_part_that_cannot_be_read(count: int) -> None:
    """The part before it is judged, wherever it is read."""
    seen, error = failing(Ending(Broken()), TASK, count)
    assert (seen, type(error), str(error)) == (6, Unusable, "late.csv: it ends in the middle of a row")


@frozen
class Offline:
    """A roster that does not answer."""

    answers: bool = field(default=False)

    def find(self, keys: project.Keys) -> project.Known:
        """Fails when it is asked about somebody."""
        if keys.of(TASK.project):
            raise ConnectionError("the store is away")
        return project.Known(project.Project(id="P"), ())


@pytest.mark.parametrize("count", [1, 2])
def test_what_a_roster_raises_passes_through(count: int) -> None:
    """It is no fault of a record."""
    seen, error = failing(given(RECORDS), ProjectTask(TASK.project, Offline()), count)
    assert (seen, type(error), str(error)) == (0, ConnectionError, "the store is away")


def test_whoever_stops_early_leaves_no_process() -> None:
    """The pool goes with the iterator."""
    outcomes = check(iter(RECORDS * 50), TASK, jobs=2)
    assert next(outcomes).number == 0
    outcomes.close()
    assert multiprocessing.active_children() == []


def test_parts_are_read_only_a_little_ahead() -> None:
    """However long the batch is."""
    taken = 0

    def records() -> Iterator[object]:
        nonlocal taken
        for number in range(1_000):
            taken += 1
            yield {"participantIdentifier": str(number)}

    outcomes = check_sources([given(records())], TASK, jobs=2, records=1)
    next(outcomes)
    assert taken <= 10
    assert len([*outcomes]) == 999


def test_a_judged_chunk_shows_no_record() -> None:
    """The numbers of its rows and of its actions."""
    with jobs.judging(TASK, jobs=1, warnings=True, glance=jsontext.glance) as judged:
        source = given([{"participantIdentifier": "Robin", "demographics": {"gender": "hunter2"}}])
        ((_, part, done),) = judged([(source, part) for part in source.parts(1)])
    assert "Robin" not in repr([part, done])
    assert "hunter2" not in repr([part, done])


def test_what_another_process_does() -> None:
    """It makes its judge once; payloads stay with it."""
    judged = jobs._prepare(TASK, b"0123456789abcdef", True, glance)(next(given(RECORDS).parts(3)))
    assert (list(judged.chunk.rows), judged.chunk.payloads) == ([1, 2, 3], ())
    assert [action for _, action, _ in judged.result] == ["add"] * 3


def test_cycles_are_looked_for_again() -> None:
    """Whatever happens meanwhile, and only where they were before."""
    for before in (True, False):
        (gc.enable if before else gc.disable)()
        with suppress(KeyError), jobs.uncollected():
            assert not gc.isenabled()
            raise KeyError
        assert gc.isenabled() is before
    gc.enable()


def test_room_is_kept_once_in_a_process() -> None:
    """A block is freed before the first chunk that a process judges, and never again."""
    jobs._keep_room.cache_clear()
    for _ in range(3):
        assert len([*check(RECORDS, TASK)]) == len(RECORDS)
    kept = jobs._keep_room.cache_info()
    assert (kept.misses, kept.hits) == (1, 2)
