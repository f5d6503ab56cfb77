"""Rows that share keys, decided together: no chunk can do that by itself.

A row that holds what no other row holds stands or falls alone, and a chunk has judged it. The others are
decided again, one after the other in their order, each on what the accepted ones before it left: that is
what a batch means.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from participant_rules import jsontext
from participant_rules.batch.chunks import ChunkResult, Resolved
from participant_rules.batch.held_keys import hasher_of
from participant_rules.batch.index import Index
from participant_rules.batch.judges import Task, refuse_no_task
from participant_rules.batch.repeats import Repeats
from participant_rules.batch.sources import refuse_no_records
from participant_rules.jsontext import Glance

__all__ = ["ChunkResolver", "check_chunk", "resolve"]

Payload = Callable[[int], object]
"""Gives the payload of a row by its number once more."""

_AT_ONCE: Final = 2_000  # rows, for which the store is asked in one question


def check_chunk(
    rows: Sequence[object],
    task: Task,
    *,
    first: int = 0,
    secret: bytes | None = None,
    warnings: bool = True,
    glance: Glance = jsontext.glance,
) -> ChunkResult:
    """The result of some rows of a batch, each judged as if it stood alone.

    `first` is the number of the first one. Results merge: `check_chunk` may run anywhere, in any order.
    Chunks that are judged in different processes need one `secret` (16 to 64 bytes), so that they make the
    same hashes of what they hold. The store is asked once.
    """
    refuse_no_records(rows)
    refuse_no_task(task)
    return task.judge(hasher=hasher_of(secret), glance=glance, warnings=warnings).judge(rows, first)


def resolve(
    result: ChunkResult,
    payload: Payload,
    task: Task,
    *,
    warnings: bool = True,
    glance: Glance = jsontext.glance,
) -> ChunkResult:
    """The result of all chunks, merged, its conflicting rows decided; `payload` gives theirs once more."""
    refuse_no_task(task)
    judge = task.judge(warnings=warnings, glance=glance)
    resolver = Repeats(judge.resolver(), task.asked.about_unique, warnings=warnings)
    return result.resolved(_decided(resolver, result.conflicting, payload))


class ChunkResolver:
    """Resolves chunks one after the other, each against all before it."""

    def __init__(self, resolver: Repeats, payload: Payload, index: Index) -> None:
        self._resolver, self._payload, self._index = resolver, payload, index
        self._resolved: set[int] = set()  # the rows that are in the resolver

    def resolve(self, result: ChunkResult) -> ChunkResult:
        """The result of the next chunk, after all others, with its conflicting rows decided."""
        fresh = self._index.add(result.held) - self._resolved
        if not fresh:
            return result
        self._resolved |= fresh
        first, _ = result.pieces[0]
        decided = _decided(self._resolver, sorted(fresh), self._payload)
        return result.resolved(each for each in decided if each[0] >= first)


def _decided(resolver: Repeats, rows: Iterable[int], payload: Payload) -> Iterator[Resolved]:
    numbers = list(rows)
    for start in range(0, len(numbers), _AT_ONCE):
        yield from resolver.decide(
            [(number, payload(number)) for number in numbers[start : start + _AT_ONCE]]
        )
