"""Judging chunks in this process or in others: the same function, wherever it runs."""

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

__all__ = ["Judged", "judging"]


@frozen
class Judged:
    """A chunk that was judged: where its records stand, and what became of them, numbered over all chunks.

    The payloads stay in the process that read them.
    """

    rows: Sequence[int]
    subjects: Sequence[Sequence[int]]
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
        jobs,
        mp_context=get_context("fork" if forks else "spawn"),
        initializer=_prepare,
        initargs=(task, secret, warnings, glance),
    )
    try:
        yield lambda parts: _elsewhere(parts, pool, at_once=2 * jobs + 2)
    finally:
        pool.shutdown(cancel_futures=True)


def _here(parts: Parts, judge: Judge) -> Iterator[tuple[Source, Part, Judged]]:
    """The parts, judged one after the other."""
    first = 0
    for source, part in parts:
        done = _judged(part, judge, first)
        first += len(done.rows)
        yield source, part, done


def _elsewhere(
    parts: Parts, pool: ProcessPoolExecutor, *, at_once: int
) -> Iterator[tuple[Source, Part, Judged]]:
    """The parts, judged by a pool that has never more than a few of them."""
    rest = iter(parts)
    waiting = deque[tuple[Source, Part, Future[Judged]]]()
    name, first = "", 0
    while True:
        try:
            for source, part in islice(rest, at_once - len(waiting)):
                name = source.name
                waiting.append((source, part, pool.submit(_judge_here, part)))
            if not waiting:
                return
            source, part, future = waiting.popleft()
            name = source.name
            done = future.result()
        except BrokenProcessPool:
            raise Unusable(f"{name}: a process that judged it has died") from None
        yield source, part, evolve(done, result=done.result.shifted(first))
        first += len(done.rows)


def _judged(part: Part, judge: Judge, first: int = 0) -> Judged:
    chunk = part.read()
    result = judge.judge(chunk.payloads, first, sound=chunk.sound)
    return Judged(chunk.rows, chunk.subjects, result, chunk.payloads)


# ---- in another process

_judges: list[Judge] = []  # its one judge


def _prepare(task: Task, secret: bytes | None, warnings: bool, glance: Glance) -> None:  # noqa: FBT001  called by position
    hasher: Hasher = local if secret is None else keyed(secret)
    _judges[:] = [task.judge(hasher=hasher, warnings=warnings, glance=glance)]


def _judge_here(part: Part) -> Judged:
    return evolve(_judged(part, _judges[0]), payloads=None)
