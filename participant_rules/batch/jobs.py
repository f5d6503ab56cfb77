"""Judging chunks in this process or in others: the same function, wherever it runs."""

import gc
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from threading import active_count

from attrs import evolve, field, frozen

from participant_rules.batch.chunks import ChunkResult
from participant_rules.batch.claims import Hasher, keyed, local
from participant_rules.batch.judges import Judge, Task
from participant_rules.batch.records import Part, Source, Unusable
from participant_rules.jsontext import Glance

__all__ = ["Judged", "judging", "uncollected"]


@frozen
class Judged:
    """A chunk that was judged: where its records stand, and what became of them, numbered over all chunks.

    The payloads stay in the process that read them.
    """

    rows: Sequence[int]
    subjects: Sequence[Sequence[int]]
    offsets: Sequence[int]
    result: ChunkResult
    payloads: Sequence[object] | None = field(default=None, repr=False)


Parts = Iterable[tuple[Source, Part]]
Judging = Callable[[Parts], Iterator[tuple[Source, Part, Judged]]]


@contextmanager
def judging(task: Task, *, jobs: int, warnings: bool, glance: Glance) -> Iterator[Judging]:
    """What judges parts, in their order; with several jobs in so many processes."""
    if jobs <= 1:
        judge = task.judge(warnings=warnings, glance=glance)
        yield lambda parts: _here(parts, judge)
        return
    # A fork shares the secret of Python's own hashes. Where threads run it might copy a lock that is held.
    forks = "fork" in get_all_start_methods() and active_count() == 1
    secret = None if forks else secrets.token_bytes(16)
    pool = ProcessPoolExecutor(
        jobs - 1,
        mp_context=get_context("fork" if forks else "spawn"),
        initializer=_prepare,
        initargs=(task, secret, warnings, glance),
    )
    hasher: Hasher = local if secret is None else keyed(secret)
    judge = task.judge(hasher=hasher, warnings=warnings, glance=glance)
    try:
        yield lambda parts: _together(iter(parts), judge, pool, at_once=4 * (jobs - 1))
    finally:
        pool.shutdown(cancel_futures=True)


def _here(parts: Parts, judge: Judge) -> Iterator[tuple[Source, Part, Judged]]:
    """The parts, judged one after the other."""
    first = 0
    for source, part in parts:
        done = _judged(part, judge, first)
        first += len(done.rows)
        yield source, part, done


def _together(
    parts: Iterator[tuple[Source, Part]], judge: Judge, pool: ProcessPoolExecutor, *, at_once: int
) -> Iterator[tuple[Source, Part, Judged]]:
    """The parts, judged by a pool that has never more than a few of them, and here while it is busy.

    The first one is judged here, so that a pool is not asked for a single one.
    """
    first, queue = 0, _Queue(parts, judge, pool, at_once)
    for source, part in islice(parts, 1):
        queue.submit()
        yield source, part, (done := _judged(part, judge))
        first += len(done.rows)
    while (taken := queue.take()) is not None:
        source, part, done = taken
        yield source, part, evolve(done, result=done.result.shifted(first))
        first += len(done.rows)


class _Queue:
    """Parts in their order, some of which are being judged, and some were."""

    def __init__(
        self, parts: Iterator[tuple[Source, Part]], judge: Judge, pool: ProcessPoolExecutor, at_once: int
    ) -> None:
        self._parts, self._judge, self._pool, self._at_once = parts, judge, pool, at_once
        self._waiting = deque[tuple[Source, Part, Future[Judged]]]()

    def take(self) -> tuple[Source, Part, Judged] | None:
        """The next part, as soon as it was judged; None where there are no more."""
        self.submit()
        while self._waiting and not self._waiting[0][2].done():
            if not self._judge_one():
                break
            self.submit()
        if not self._waiting:
            return None
        source, part, future = self._waiting.popleft()
        try:
            return source, part, future.result()
        except BrokenProcessPool:
            raise _dead(source) from None

    def submit(self) -> None:
        """Give the pool as much as it may have."""
        pending = len([future for _, _, future in self._waiting if not future.done()])
        for source, part in islice(self._parts, self._at_once - pending):
            try:
                self._waiting.append((source, part, self._pool.submit(_judge_there, part)))
            except BrokenProcessPool:
                raise _dead(source) from None

    def _judge_one(self) -> bool:
        """Judge a further part here; whether there is one."""
        for source, part in islice(self._parts, 1):
            future = Future[Judged]()
            future.set_result(_judged(part, self._judge))
            self._waiting.append((source, part, future))
            return True
        return False


def _dead(source: Source) -> Unusable:
    return Unusable(f"{source.name}: a process that judged it has died")


def _judged(part: Part, judge: Judge, first: int = 0) -> Judged:
    with uncollected():
        chunk = part.read()
        result = judge.judge(chunk.payloads, first, sound=chunk.sound)
    return Judged(chunk.rows, chunk.subjects, chunk.offsets, result, chunk.payloads)


@contextmanager
def uncollected() -> Iterator[None]:
    """Let Python not look for cycles meanwhile: a chunk makes many objects, and no cycles."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


# ---- in another process

_judges: list[Judge] = []  # its one judge


def _prepare(task: Task, secret: bytes | None, warnings: bool, glance: Glance) -> None:  # noqa: FBT001  called by position
    hasher: Hasher = local if secret is None else keyed(secret)
    _judges[:] = [task.judge(hasher=hasher, warnings=warnings, glance=glance)]


def _judge_there(part: Part) -> Judged:
    return evolve(_judged(part, _judges[0]), payloads=None)
