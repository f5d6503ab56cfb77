"""Judging chunks in this process or in others: the same function, wherever it runs."""

import gc
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from threading import active_count
from typing import Final, NamedTuple

from attrs import evolve, field, frozen

from participant_rules.batch.chunks import ChunkResult
from participant_rules.batch.held_keys import hasher_of
from participant_rules.batch.judges import Judge, Task
from participant_rules.batch.records import Chunk, Part, Source, Unusable
from participant_rules.batch.workers import Died, Worker, packed
from participant_rules.jsontext import Glance

__all__ = ["Judged", "judging", "uncollected"]


@frozen
class Judged:
    """A chunk that was judged, and the outcomes of its records, numbered over all chunks.

    One that another process has read is without its payloads.
    """

    chunk: Chunk
    result: ChunkResult
    untold: Mapping[str, str] = field(factory=dict, repr=False)


_Worker = Worker[Judged]
Parts = Iterable[tuple[Source, Part]]
Judging = Callable[[Parts], Iterator[tuple[Source, Part, Judged]]]


@contextmanager
def judging(task: Task, *, jobs: int, warnings: bool, glance: Glance) -> Iterator[Judging]:
    """The judge of parts, in their order; with several jobs in so many processes."""
    _keep_room()
    if jobs <= 1:
        judge = task.judge(warnings=warnings, glance=glance)
        yield lambda parts: _here(parts, judge)
        return
    # A fork shares the secret of Python's own hashes. Where threads run it might copy a lock that is held.
    forks = "fork" in get_all_start_methods() and active_count() == 1
    secret = None if forks else secrets.token_bytes(16)
    judge = task.judge(hasher=hasher_of(secret), warnings=warnings, glance=glance)
    context = get_context("fork" if forks else "spawn")
    arguments = (task, secret, warnings, glance)
    with ExitStack() as stack:

        def start(others: Sequence[_Worker]) -> _Worker:
            worker: _Worker = Worker(context, _prepare, arguments, others)
            stack.callback(worker.stop)
            return worker

        yield lambda parts: _together(_Queue(iter(parts), judge, start, jobs - 1))


def _here(parts: Parts, judge: Judge) -> Iterator[tuple[Source, Part, Judged]]:
    """The parts, judged one after the other."""
    first = 0
    for source, part in parts:
        done = _judged(part, judge, first)
        first += len(done.chunk.rows)
        yield source, part, done


def _together(queue: "_Queue") -> Iterator[tuple[Source, Part, Judged]]:
    """The parts of a queue, numbered over all of them."""
    first = 0
    while (taken := queue.take()) is not None:
        source, part, done = taken
        yield source, part, evolve(done, result=done.result.shifted(first)) if first else done
        first += len(done.chunk.rows)


class _Queue:
    """Parts in their order; some are judged by workers, and others here while these are busy.

    The first one is judged here, so that nothing is started for a single one.
    """

    def __init__(
        self,
        parts: Iterator[tuple[Source, Part]],
        judge: Judge,
        start: Callable[[Sequence[_Worker]], _Worker],
        most: int,
    ) -> None:
        self._parts, self._judge, self._start, self._most = parts, judge, start, most
        self._workers: list[_Worker] = []
        self._waiting = deque[tuple[Source, Part, _Worker | _Done]]()
        first = next(parts, None)
        self._next = self._draw()
        self._hand_out()
        if first is not None:
            self._waiting.appendleft((*first, _Done.of(first[1], judge)))

    def take(self) -> tuple[Source, Part, Judged] | None:
        """The next part, as soon as it was judged; None where there are no more."""
        self._hand_out()
        while not (self._waiting and self._waiting[0][2].has_answered()) and self._judge_one():
            self._hand_out()
        if not self._waiting:
            return None
        source, part, judging = self._waiting.popleft()
        try:
            return source, part, judging.answer()
        except Died:
            raise _dead(source) from None

    def _hand_out(self) -> None:
        """Give the workers as much as they take."""
        while self._next is not None and self._next.packed is not None:
            try:
                worker = self._worker_for(self._next.packed)
            except Died:
                raise _dead(self._next.source) from None
            if worker is None:
                return
            self._waiting.append((self._next.source, self._next.part, worker))
            self._next = self._draw()

    def _draw(self) -> "_Next | None":
        """The part that is to be judged next; None where there are no more."""
        for source, part in islice(self._parts, 1):
            return _Next(source, part, packed(part))
        return None

    def _worker_for(self, part: bytes) -> _Worker | None:
        """A worker that took a part; None where all have enough to do."""
        if len(self._workers) < self._most:
            self._workers.append(self._start(self._workers))
        self._workers.append(self._workers.pop(0))  # each in turn
        return next((each for each in self._workers if each.takes(part)), None)

    def _judge_one(self) -> bool:
        """Judge a further part here; whether there is one."""
        if self._next is None:
            return False
        source, part, _ = self._next
        self._waiting.append((source, part, _Done.of(part, self._judge)))
        self._next = self._draw()
        return True


class _Next(NamedTuple):
    """The next part to judge, and its message to a worker; None where it cannot travel."""

    source: Source
    part: Part
    packed: bytes | None


@frozen
class _Done:
    """The result of judging a part here; it answers like a worker."""

    made: Judged | Exception

    @classmethod
    def of(cls, part: Part, judge: Judge) -> "_Done":
        """Judge a part; an exception is raised in its turn."""
        try:
            return cls(_judged(part, judge))
        except Exception as error:  # noqa: BLE001  it is raised when its turn has come
            return cls(error)

    def has_answered(self) -> bool:
        """True: the part was judged here."""
        return True

    def answer(self) -> Judged:
        """The judged part; raises the exception of its judging."""
        if isinstance(self.made, Exception):
            raise self.made
        return self.made


def _dead(source: Source) -> Unusable:
    return Unusable(f"{source.name}: a process that judged it has died")


def _judged(part: Part, judge: Judge, first: int = 0) -> Judged:
    with uncollected():
        chunk = part.read()
        result = judge.judge(chunk.payloads, first, sound=chunk.sound)
    return Judged(chunk, result, dict(judge.untold))


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


@cache
def _keep_room() -> None:
    """Let the C library keep the memory that a chunk frees, for the next one; once is enough.

    glibc gives back to the system what is free at the end of its heap, when that is more than twice the
    largest block that was ever freed on its own (mallopt(3), "dynamic mmap threshold"). A chunk needs a few
    blocks of a megabyte; to fetch them again each time costs more than to look for addresses in them.
    """
    bytes(_ROOM)


_ROOM: Final = 1 << 22

# ---- in another process


def _prepare(
    task: Task,
    secret: bytes | None,
    warnings: bool,  # noqa: FBT001  called by position
    glance: Glance,
) -> Callable[[Part], Judged]:
    _keep_room()
    judge = task.judge(hasher=hasher_of(secret), warnings=warnings, glance=glance)

    def judged(part: Part) -> Judged:
        done = _judged(part, judge)
        return evolve(done, chunk=evolve(done.chunk, payloads=()))

    return judged
