"""Processes behind pipes: their input, their answers, and their end."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.context import BaseContext

import pytest

from participant_rules.batch import workers
from participant_rules.batch.workers import Died, Worker, packed


def prepare(factor: int) -> Callable[[object], object]:
    """A function that multiplies, and does other things with texts."""
    return lambda thing: thing * factor if isinstance(thing, int) else does(thing)


def does(thing: object) -> object:
    """Whatever a word says."""
    if thing == "raise":
        raise ConnectionError("the store is away")
    if thing == "a lambda":
        return lambda: None
    if thing == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if thing == "rest":
        time.sleep(0.2)
    return thing


def takes(worker: Worker[object], *things: object) -> bool:
    """Whether it takes all of them."""
    return all(worker.takes(packed(thing) or b"") for thing in things)


SPAWN = pytest.param("spawn", marks=pytest.mark.heavy)  # it takes a second to start


@pytest.fixture(params=["fork", SPAWN])
def context(request: pytest.FixtureRequest) -> BaseContext:
    """How processes are started."""
    made: BaseContext = multiprocessing.get_context(request.param)
    return made


@pytest.fixture
def worker(context: BaseContext) -> Iterator[Worker[object]]:
    """One that multiplies by three."""
    made: Worker[object] = Worker(context, prepare, (3,))
    yield made
    made.stop()
    assert multiprocessing.active_children() == []


def test_it_answers_in_order(worker: Worker[object]) -> None:
    """Whatever it is given, up to four things at once."""
    assert [takes(worker, number) for number in range(6)] == [True] * 4 + [False] * 2
    assert [worker.answer() for _ in range(4)] == [0, 3, 6, 9]
    assert takes(worker, 7)
    assert worker.answer() == 21
    assert not worker.has_answered()


def test_what_is_raised_there_is_raised_here(worker: Worker[object]) -> None:
    """In its turn, and the worker goes on."""
    assert takes(worker, 1, "raise", 2)
    assert worker.answer() == 3
    with pytest.raises(ConnectionError, match=r"^the store is away$"):
        worker.answer()
    assert worker.answer() == 6


def test_an_answer_that_cannot_travel(worker: Worker[object]) -> None:
    """The fault is raised."""
    assert takes(worker, "a lambda")
    with pytest.raises(AttributeError, match=r"lambda"):
        worker.answer()


def test_what_cannot_travel_is_not_packed() -> None:
    """Nobody is given it."""
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert [packed(each) for each in (lambda: None, threading.Lock(), deep)] == [None] * 3


def test_large_things_one_by_one(worker: Worker[object]) -> None:
    """A worker with long answers and much input at the same time would wait for ever."""
    large = "x" * 3_000_000
    assert takes(worker, large)
    assert not takes(worker, large)
    assert takes(worker, "small")
    assert worker.answer() == large
    assert worker.answer() == "small"
    assert takes(worker, large)
    assert worker.answer() == large


def test_it_dies_at_work(worker: Worker[object]) -> None:
    """Nobody waits for it."""
    assert takes(worker, "rest", "die", 2)
    assert worker.answer() == "rest"
    with pytest.raises(Died):
        worker.answer()


def test_it_is_dead_when_it_is_to_work(worker: Worker[object]) -> None:
    """It takes nothing."""
    assert takes(worker, "die")
    while not worker.has_answered():
        time.sleep(0.01)
    with pytest.raises(Died):
        takes(worker, *range(5))


def test_one_does_not_keep_the_pipe_of_another(context: BaseContext) -> None:
    """When the one dies it is seen, though the other, which was started later, lives."""
    first: Worker[object] = Worker(context, prepare, (1,))
    second: Worker[object] = Worker(context, prepare, (1,), [first])
    try:
        assert takes(first, "die")
        with pytest.raises(Died):
            first.answer()
        assert takes(second, 5)
        assert second.answer() == 5
    finally:
        first.stop()
        second.stop()


def test_it_is_stopped_at_work(context: BaseContext) -> None:
    """At once."""
    worker: Worker[object] = Worker(context, prepare, (1,))
    assert takes(worker, "rest")
    begun = time.perf_counter()
    worker.stop()
    assert time.perf_counter() - begun < 5
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_it_ends_with_whoever_started_it(start: str) -> None:
    """Even where he is killed: it reads that nobody is there any more."""
    reader, writer = multiprocessing.Pipe(duplex=False)
    owner = multiprocessing.get_context("spawn").Process(target=own, args=(start, writer))
    owner.start()
    writer.close()
    numbers = reader.recv()
    os.kill(owner.pid or 0, signal.SIGKILL)
    owner.join()
    deadline = time.monotonic() + 20
    while any(map(runs, numbers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(runs, numbers))


def own(start: str, writer: multiprocessing.connection.Connection) -> None:
    """Start two workers, print their numbers, and wait."""
    context = multiprocessing.get_context(start)
    one: Worker[object] = Worker(context, prepare, (1,))
    other: Worker[object] = Worker(context, prepare, (1,), [one])
    for each in (one, other):
        assert takes(each, 1)
        each.answer()
    writer.send([each._process.pid for each in (one, other)])
    time.sleep(60)


def runs(number: int) -> bool:
    """Whether there is such a process, which is not only waited for."""
    try:
        with open(f"/proc/{number}/stat") as file:  # noqa: PTH123  it is gone in between
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_all_systems_have_room_for() -> None:
    """Four small things, in the smallest pipe that there is."""
    assert workers._MOST * workers._SMALL <= 8_192


def test_what_it_does_in_its_process() -> None:
    """It closes inherited files, does its work, and ends when the other end of the pipe is gone."""
    ours, theirs = multiprocessing.Pipe()
    inherited, _ = multiprocessing.Pipe()
    thread = threading.Thread(target=workers._work, args=(theirs, [inherited], prepare, (3,)))
    thread.start()
    for thing in (2, "raise", "a lambda"):
        ours.send(thing)
    assert ours.recv() == (True, 6)
    assert [(stands, type(error)) for stands, error in (ours.recv(), ours.recv())] == [
        (False, ConnectionError),
        (False, AttributeError),
    ]
    ours.close()
    thread.join(5)
    assert (thread.is_alive(), inherited.closed) == (False, True)


def test_its_owner_goes_and_leaves_an_answer() -> None:
    """Then its pipe is reset, which is no error of a worker."""
    ours, theirs = multiprocessing.Pipe()
    theirs.send_bytes(b"an answer that nobody takes")
    ours.close()
    workers._work(theirs, [], prepare, (1,))
    theirs.close()
