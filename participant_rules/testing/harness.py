"""The common part of the contract suites: sync and async stores, races, and crashes.

A race lets several calls loose at once: threads for a sync store, tasks for an async one. A crash ends a call
in its middle: a sync one by an exception at one of the store's own lines, an async one by cancelling its
task.
"""

import asyncio
import inspect
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Barrier, Event
from typing import Any, Final, cast

import pytest

from participant_rules.conflicts import Conflict, Stale, Taken, Vanished
from participant_rules.testing.points import WAIT, Call, Point, crash, lines_of, own_places, spread, traced

__all__ = ["Harness", "kind", "outcome_of"]

CRASHES: Final = 50  # points at which a commit is made to crash, at most, spread evenly over it
CANCELS: Final = 15  # the same for tasks
PAUSES: Final = 25  # points at which a commit stops while another goes on
PAUSE: Final = 0.015  # seconds after which that other one is taken to wait


class Harness:
    """Holds one store for a test, and calls it; a caller's class gives `make`."""

    crash_in: Sequence[str] = ()
    """Files or folders whose lines may crash; by default the store's own file, or its package's folder."""

    def make(self, definitions: list[dict[str, Any]], /) -> Any:
        """A new store with exactly these definitions and their contents; it may be a coroutine's."""
        raise NotImplementedError

    def close(self, store: Any) -> Any:
        """Release the store's resources; it may be a coroutine."""

    @pytest.fixture(autouse=True)
    def _loop(self) -> Iterator[None]:
        """One event loop for the whole test, since connections belong to their loop."""
        self._stores: list[Any] = []
        with asyncio.Runner() as runner:
            self._runner = runner
            yield
            for store in self._stores:
                self.ask(self.close(store))

    def filled(self, definitions: list[dict[str, Any]]) -> Any:
        """A store, closed after the test."""
        store = self.ask(self.make(definitions))
        self._stores.append(store)
        return store

    def ask(self, answer: Any) -> Any:
        """The answer, awaited where it is a coroutine's."""
        if not inspect.isawaitable(answer):
            return answer

        async def wait() -> Any:
            return await asyncio.wait_for(_ensured(answer), WAIT)

        return self._runner.run(wait())

    # ---- races

    def race(self, calls: Sequence[Call], *, asynchronous: bool) -> list[Any]:
        """The outcomes of calls that begin together: their answers, or the conflicts they raise."""
        if asynchronous:
            return cast("list[Any]", self.ask(_gather(calls)))
        barrier = Barrier(len(calls))

        def run(call: Call) -> Any:
            barrier.wait(WAIT)
            return outcome_of(call)

        with _eager_switching(), ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(run, calls, timeout=WAIT))

    def race_to(self, store: Any, commits: Sequence[Any]) -> Counter[str]:
        """Commit at once, and count the outcomes."""
        calls = [partial(store.commit, each) for each in commits]
        return Counter(map(kind, self.race(calls, asynchronous=self.is_async(store))))

    def is_async(self, store: Any) -> bool:
        """Whether the store's commits are coroutines."""
        return inspect.iscoroutinefunction(store.commit)

    def overlaps(self, store: Any, prepare: Callable[[int], tuple[Call, Call]]) -> Iterator[list[Any]]:
        """The outcomes of two calls: the first stops at one of its lines until the second has ended.

        The n-th pair is made by `prepare`. A second call that waits for the first is not waited for. Tasks of
        an async store just run together: they give way wherever they wait.
        """
        if self.is_async(store):
            for number in range(PAUSES):
                yield self.race(prepare(number), asynchronous=True)
            return
        places = self.crash_in or own_places(store)
        first, second = prepare(0)
        outcomes: list[Any] = []
        points = lines_of(lambda: outcomes.append(outcome_of(first)), places)
        yield [*outcomes, outcome_of(second)]
        for number, point in enumerate(spread(points, PAUSES), start=1):
            yield _overlap(prepare(number), places, point)

    # ---- crashes

    def crashes(self, store: Any, prepare: Callable[[int], Call]) -> Iterator[int]:
        """Crash calls in their middle, one after another; yields the number of each call afterwards.

        `prepare(n)` makes the n-th call ready. The first call is let through, to see how long it is.
        """
        if self.is_async(store):
            for number in range(CANCELS):
                self.ask(_cancelled(prepare(number), after=number))
                yield number
            return
        places = self.crash_in or own_places(store)
        points = lines_of(prepare(0), places)
        yield 0
        for number, point in enumerate(spread(points, CRASHES), start=1):
            traced(prepare(number), places, point, crash)
            yield number


def outcome_of(call: Call) -> Any:
    """The answer of a call or the conflict that it raises; another exception is a failure of the test."""
    try:
        return call()
    except Conflict as conflict:
        return conflict


def kind(outcome: Any) -> str:
    """An outcome as a word to be counted: "done", or the conflict."""
    if isinstance(outcome, Taken):
        return f"taken {outcome.field}"
    if isinstance(outcome, Vanished):
        return "vanished"
    return "stale" if isinstance(outcome, Stale) else "done"


async def _ensured(answer: Awaitable[Any]) -> Any:
    return await answer


async def _gather(calls: Sequence[Call]) -> list[Any]:
    async def run(call: Call) -> Any:
        await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(_ensured(call()), WAIT)
        except Conflict as conflict:
            return conflict

    return list(await asyncio.gather(*map(run, calls)))


@contextmanager
def _eager_switching() -> Iterator[None]:
    """Threads take turns a thousand times as often, so that every race shows."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


async def _cancelled(call: Call, after: int) -> None:
    """Make a call and cancel it after some turns of the event loop."""

    async def run() -> None:
        await call()

    task = asyncio.ensure_future(run())
    for _ in range(after):
        await asyncio.sleep(0.0002)
    task.cancel()
    await asyncio.wait([task], timeout=WAIT)
    assert task.done(), "a cancelled commit hangs"
    if not task.cancelled() and task.exception() is not None:
        raise cast("BaseException", task.exception())


def _overlap(calls: tuple[Call, Call], places: Sequence[str], at: Point) -> list[Any]:
    """The outcomes of two calls: the first stops at a point until the second ends."""
    first, second = calls
    reached, ended = Event(), Event()
    outcomes: list[Any] = []

    def stop() -> None:
        reached.set()
        ended.wait(PAUSE)

    def run() -> None:
        traced(lambda: outcomes.append(outcome_of(first)), places, at, stop)
        reached.set()

    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(run)
        reached.wait(WAIT)
        other = outcome_of(second)
        ended.set()
        running.result(WAIT)
    return [*outcomes, other]
