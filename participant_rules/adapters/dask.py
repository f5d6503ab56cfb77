"""Batches on a cluster, with Dask (extra `dask`): records are judged where they are.

    partitions ──judge──▶ results ──keys──▶ buckets ──numbers──▶ conflicting rows ──resolve──▶ outcomes

Partitions and results stay with the workers. Between them only keys are shuffled, which are keyed hashes; a
bucket of keys tells the numbers of the rows that hold the same. Those rows alone are fetched, and decided
here, in their order. What comes out is what `batch.check` says of the same records in one process.
"""

import secrets
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, islice
from typing import Any, Final

import dask
from attrs import evolve, field, frozen
from dask.bag import Bag

from participant_rules import jsontext
from participant_rules.batch.chunks import ChunkResult, Resolved
from participant_rules.batch.findings import record_of
from participant_rules.batch.held_keys import HeldKeys, keyed
from participant_rules.batch.judges import Task, refuse_no_task
from participant_rules.batch.outcomes import Finding, Outcome, Place
from participant_rules.batch.pipeline import RECORDS
from participant_rules.batch.records import Unusable
from participant_rules.batch.repeats import Repeats
from participant_rules.batch.sources import refuse_no_records
from participant_rules.jsontext import Glance
from participant_rules.violations import Violation

__all__ = ["check"]

BUCKET: Final = 1_000_000
"""The rows whose keys a worker compares at once; they take some 500 MB."""

_Delayed = Any
_Results = Sequence[ChunkResult]
_dask: Final[Any] = dask  # whose functions have no types


def check(
    records: Bag | Iterable[_Delayed],
    task: Task,
    *,
    secret: bytes | None = None,
    warnings: bool = True,
    glance: Glance = jsontext.glance,
) -> Iterator[Outcome]:
    """The outcomes of the records of a bag, or of delayed lists of records, in their order.

    Records are JSON texts (bytes or text) or decoded JSON values; they are one batch, and counted from 1 in
    the places of outcomes. The work is done by Dask's scheduler of the moment in which outcomes are asked
    for. The task and its store travel to the workers, and so does the `secret` (16 to 64 bytes, else a new
    one) that keys are hashed with. A partition with conflicting rows is made twice, and must have the same
    records both times: `persist` a bag that is costly to make, or that changes. Raises Unusable where such
    rows are gone.
    """
    if not isinstance(records, Bag):
        refuse_no_records(records)
    refuse_no_task(task)
    judge = task.judge(warnings=warnings, glance=glance)
    resolver = Repeats(judge.resolver(), task.asked.about_unique, warnings=warnings)
    partitions = _partitions(records)
    judging = _dask.delayed(_Judging(task, secret or secrets.token_bytes(16), warnings, glance))
    judged = _dask.persist(*[_call(_judge, each, judging) for each in partitions])
    firsts = list(accumulate(_dask.compute(*[_call(_count, each) for each in judged]), initial=0))
    conflicting = _by_partition(_conflicting(judged, firsts), firsts)
    fetched = _fetched(partitions, conflicting)
    for place, (results, first) in enumerate(zip(judged, firsts, strict=False)):
        judged_rows, payloads = _dask.compute(_call(_outcomes, results, first), fetched.pop(place, []))
        resolved = _resolved(resolver, [first + row for row in conflicting.get(place, [])], payloads)
        for row in chain(*judged_rows):
            yield _outcome(*resolved.get(row[0], row))


def _partitions(records: Bag | Iterable[_Delayed]) -> Sequence[_Delayed]:
    return records.to_delayed() if isinstance(records, Bag) else list(records)  # type: ignore[no-untyped-call]  # Dask has no types


def _call(function: Callable[..., object], *arguments: object, count: int | None = None) -> _Delayed:
    """A call of a function on a worker, of which `count` results are used one by one."""
    return _dask.delayed(function, nout=count)(*arguments)


def _conflicting(judged: Sequence[_Delayed], firsts: Sequence[int]) -> list[int]:
    """The rows that share a key with another row, in their order."""
    buckets = 1 + firsts[-1] // BUCKET
    split = [
        _call(_split, results, first, buckets, count=buckets)
        for results, first in zip(judged, firsts, strict=False)
    ]
    shared = [_call(_shared, [parts[place] for parts in split]) for place in range(buckets)]
    return sorted(set(chain(*_dask.compute(*shared))))


def _by_partition(rows: Iterable[int], firsts: Sequence[int]) -> Mapping[int, list[int]]:
    """The rows of each partition that has some, counted from its first one."""
    found: dict[int, list[int]] = {}
    for row in rows:
        place = bisect_right(firsts, row) - 1
        found.setdefault(place, []).append(row - firsts[place])
    return found


def _fetched(partitions: Sequence[_Delayed], conflicting: Mapping[int, Sequence[int]]) -> dict[int, _Delayed]:
    """The payloads of conflicting rows, by partition; they wait on the workers."""
    calls = [_call(_fetch, partitions[place], rows) for place, rows in conflicting.items()]
    return dict(zip(conflicting, _dask.persist(*calls), strict=True))


def _resolved(
    resolver: Repeats, numbers: Sequence[int], payloads: Sequence[object]
) -> Mapping[int, Resolved]:
    """The decisions on further conflicting rows."""
    if len(payloads) != len(numbers):
        raise Unusable("a partition lacks records that it had before: persist the bag")
    rows = list(zip(numbers, payloads, strict=True))
    some = (rows[start : start + RECORDS] for start in range(0, len(rows), RECORDS))
    return {each[0]: each for each in chain.from_iterable(map(resolver.decide, some))}


# ---- on the workers


@frozen
class _Judging:
    """How partitions are judged; it is sent to each worker once."""

    task: Task = field(repr=False)
    secret: bytes = field(repr=False)
    warnings: bool
    glance: Glance


def _judge(records: Iterable[object], judging: _Judging) -> _Results:
    """The result of a partition's rows, counted from 0."""
    judge = judging.task.judge(hasher=keyed(judging.secret), glance=judging.glance, warnings=judging.warnings)
    rest, first = iter(records), 0
    results: list[ChunkResult] = []
    while rows := list(islice(rest, RECORDS)):
        results.append(judge.judge(rows, first))
        first += len(rows)
    return results


def _count(results: _Results) -> int:
    """How many rows there are."""
    return sum(map(len, results))


def _split(results: _Results, first: int, buckets: int) -> list[HeldKeys]:
    """The keys of a partition's rows for each bucket; its first row has this number."""
    parts = [HeldKeys() for _ in range(buckets)]
    for result in results:
        for each, row in zip(result.held.hashes, result.held.rows, strict=True):
            part = parts[each % buckets]
            part.hashes.append(each)
            part.rows.append(first + row)
    return parts


def _shared(parts: Iterable[HeldKeys]) -> list[int]:
    """The rows of a bucket that share a key with another row."""
    held = HeldKeys()
    for each in parts:
        held.add(each.hashes, each.rows)
    return list(held.rows_of(held.shared()))


def _fetch(records: Iterable[object], rows: Iterable[int]) -> list[object]:
    """Some rows of a partition."""
    wanted = set(rows)
    return [each for row, each in enumerate(records) if row in wanted]


def _outcomes(results: _Results, first: int) -> _Results:
    """The results without their keys; the first row has this number."""
    return [evolve(each, held=HeldKeys()).shifted(first) for each in results]


# ---- outcomes


def _outcome(number: int, action: Any, violations: tuple[Violation, ...]) -> Outcome:
    """The outcome of a row."""
    found = tuple([Finding(Place("", number + 1), each, _other(each)) for each in violations])
    return Outcome(number, "", (number + 1,), action, found)


def _other(violation: Violation) -> Place | None:
    """The row with the unique values."""
    earlier = record_of(violation.related or "")
    return Place("", earlier[0] + 1) if earlier else None
