"""From sources to outcomes: chunks are judged, resolved and reported in their order.

    source ──parts──▶ chunk ──judge──▶ result ──resolve──▶ outcomes

Judging a chunk needs nothing but the chunk and the store, so it is done here or in other processes; the rest
is done here, in order.
"""

import json
import re
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import count, repeat
from typing import Final, NamedTuple

from attrs import evolve

from participant_rules import jsontext
from participant_rules.batch.chunks import ACTIONS, ChunkResult
from participant_rules.batch.index import MOST, Index
from participant_rules.batch.jobs import judging, uncollected
from participant_rules.batch.judges import Task
from participant_rules.batch.outcomes import Finding, Outcome, Place
from participant_rules.batch.records import Chunk, Part, Seekable, Source, Textual
from participant_rules.batch.repairs import Repairer
from participant_rules.batch.repeats import Repeats
from participant_rules.batch.resolving import ChunkResolver
from participant_rules.batch.sources import given
from participant_rules.batch.subjects import row_of
from participant_rules.due import refuse_lacking, refuse_other
from participant_rules.jsonplaces import look_up
from participant_rules.jsontext import Glance
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["RECORDS", "check", "check_sources", "record_of"]

RECORDS: Final = 1_000
"""How many records a chunk has."""

Progress = Callable[[int, int], None]


def check(
    records: Iterable[object],
    task: Task,
    *,
    warnings: bool = True,
    repairs: bool = False,
    glance: Glance = jsontext.glance,
    jobs: int = 1,
) -> Generator[Outcome, None, None]:
    """The outcome of each record, as soon as it is known.

    Records are JSON texts (bytes or text) or decoded JSON values; bad ones have violations and never raise.
    They are one batch: later ones see what accepted earlier ones did. Those of an iterator are kept on disk
    meanwhile. With `jobs` they are judged by so many processes. The store is asked once for every chunk of
    records. With `repairs` violations have their repairs.
    """
    refuse_lacking(task, ["judge"], "a task, such as ProjectTask(project),")
    refuse_other(jobs, int, "a number of jobs")
    repairer = Repairer(task.schema) if repairs else None
    return check_sources(
        [given(records)], task, warnings=warnings, repairer=repairer, glance=glance, jobs=jobs
    )


def check_sources(
    sources: Sequence[Source],
    task: Task,
    *,
    warnings: bool = True,
    values: bool = False,
    repairer: Repairer | None = None,
    glance: Glance = jsontext.glance,
    jobs: int = 1,
    records: int = RECORDS,
    most_keys: int = MOST,
    progress: Progress | None = None,
    untold: dict[str, str] | None = None,
) -> Generator[Outcome, None, None]:
    """The outcome of each record of some sources, which are one batch.

    With `values` findings have the values that they are about, with a `repairer` violations have their
    repairs; both are personal data. `progress` is told of the bytes and the records of each chunk; `untold`
    takes in the codes of rules that could not judge a record, and the facts that they lacked. Raises Unusable
    where a source cannot be read any further.
    """
    with ExitStack() as stack:
        judged = stack.enter_context(judging(task, jobs=jobs, warnings=warnings, glance=glance))
        index = stack.enter_context(Index(most_keys))
        row_index = RowIndex()
        judge = task.judge(warnings=warnings, glance=glance)
        resolver = Repeats(judge.resolver(), task.asked.about_unique, warnings=warnings)
        chunk_resolver = ChunkResolver(resolver, row_index.payload, index)
        for source, part, done in judged(_parts(sources, records)):
            with uncollected():
                row_index.add(source, part, done.chunk)
                result = chunk_resolver.resolve(done.result)
                if untold is not None:
                    untold |= {**done.untold, **judge.untold}
                outcomes = _outcomes(done.chunk, result, source, row_index, repairer, values=values)
            yield from outcomes
            if progress is not None:
                progress(part.size, len(done.chunk.rows))


def _parts(sources: Sequence[Source], records: int) -> Iterator[tuple[Source, Part]]:
    for source in sources:
        for part in source.parts(records):
            yield source, part


class RowIndex:
    """Which records were in which part, so that any of them can be found and read once more."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._parts: list[_Entry] = []
        self._count = 0
        self._recent = OrderedDict[int, Sequence[object]]()  # payloads by part: repeated ones are often near

    def add(self, source: Source, part: Part, chunk: Chunk) -> None:
        """Note the next part, and keep the payloads of its chunk for a while, where it has them."""
        rows = chunk.rows
        if chunk.payloads:
            self._keep(len(self._parts), chunk.payloads)
        self._firsts.append(self._count)
        numbers = rows if isinstance(rows, range) else array("q", rows)
        self._parts.append(_Entry(source, part, numbers, chunk.offsets))
        self._count += len(rows)

    def payload(self, number: int) -> object:
        """A record's payload, once more; raises Unusable where the source has changed meanwhile."""
        place = bisect_right(self._firsts, number) - 1
        at = number - self._firsts[place]
        payloads = self._recent.get(place)
        if payloads is not None:
            return payloads[at]
        entry = self._parts[place]
        if entry.offsets and isinstance(entry.part, Seekable):
            return entry.part.payload(entry.offsets[at])
        return self._keep(place, entry.part.read().payloads)[at]

    def place(self, number: int) -> Place:
        """Where a record stands."""
        part = bisect_right(self._firsts, number) - 1
        entry = self._parts[part]
        return Place(entry.source.name, entry.rows[number - self._firsts[part]])

    def _keep(self, place: int, payloads: Sequence[object]) -> Sequence[object]:
        self._recent[place] = payloads
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
        return payloads


_RECENT: Final = 16


class _Entry(NamedTuple):
    """A part, where its records stand, and where they begin in its bytes."""

    source: Source
    part: Part
    rows: Sequence[int]
    offsets: Sequence[int]


_place = partial(tuple.__new__, Place)  # half the price of the class


def _outcomes(
    chunk: Chunk,
    result: ChunkResult,
    source: Source,
    row_index: RowIndex,
    repairer: Repairer | None,
    *,
    values: bool,
) -> Iterator[Outcome]:
    """The outcomes of a chunk's records."""
    ((first, actions),) = result.pieces
    found: list[tuple[Finding, ...]] = [()] * len(actions)
    for number, violations in result.findings.items():
        place = number - first
        rows = chunk.subjects[place] if chunk.subjects else (chunk.rows[place],)
        about: Sequence[Finding] = [_finding(each, source, rows, row_index) for each in violations]
        found[place] = _completed(about, source, partial(row_index.payload, number), repairer, values=values)
    for place, remarks in chunk.remarks.items():
        read = [Finding(Place(source.name, each.row, each.column), each.violation) for each in remarks]
        if repairer is not None:
            payload = partial(row_index.payload, first + place)
            read = [_proposed(each, repairer, payload, values=values) for each in read]
        found[place] = _with_remarks(found[place], read)
    # Nearly all is said in C: an outcome costs half of what it does in a loop.
    made: Iterable[Sequence[int]] = chunk.subjects or zip(chunk.rows, strict=True)
    named = map(ACTIONS.__getitem__, actions)
    return map(tuple.__new__, repeat(Outcome), zip(count(first), repeat(source.name), made, named, found))


def _completed(
    found: Sequence[Finding],
    source: Source,
    payload: Callable[[], object],
    repairer: Repairer | None,
    *,
    values: bool,
) -> tuple[Finding, ...]:
    """The rules' findings on a record, with places in a text, repairs and values."""
    if found[0].violation.code in _OF_TEXTS and isinstance(source, Textual):  # there are no other findings
        found = [evolve(each, violation=_placed(each, source, payload())) for each in found]
    if repairer is not None:
        found = repairer.repaired(found, payload, source)
    if values:
        found = [_with_value(each, payload()) for each in found]
    return tuple(found)


def _proposed(
    finding: Finding, repairer: Repairer, payload: Callable[[], object], *, values: bool
) -> Finding:
    """A finding of reading with its proposed repair, and with its value then."""
    found = repairer.proposed(finding, payload)
    return _with_value(found, payload()) if values and found is not finding else found


def _with_remarks(found: tuple[Finding, ...], violations: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of reading on a record, then the rules'; an unreadable text is reported once."""
    if any(each.is_error for each in violations):
        found = tuple([each for each in found if each.violation.code != jsontext.text_malformed.code])
    return (*violations, *found)


_related = re.compile("/participants/([0-9]+)(/.*)").fullmatch


def record_of(related: str) -> tuple[int, str] | None:
    """The number of the earlier record that a violation is related to, and the pointer of its member."""
    match = _related(related)
    return None if match is None else (int(match[1]), match[2])


def _finding(violation: Violation, source: Source, rows: Sequence[int], row_index: RowIndex) -> Finding:
    """A violation, where a person finds it."""
    pointer, related = violation.pointer or "", violation.related
    earlier = record_of(related) if related else None
    finding = object.__new__(Finding)
    members = {
        "place": _place((source.name, row_of(pointer, rows), source.column(pointer))),
        "violation": violation,
        "other": row_index.place(earlier[0]) if earlier else None,
        "value": None,
    }
    object.__setattr__(finding, "__dict__", members)  # filled in without its constructor
    return finding


_OF_TEXTS: Final = frozenset([each.code for each in jsontext.FAULTS])


def _placed(finding: Finding, source: Textual, payload: object) -> Violation:
    """A fault of a text, with its line and column."""
    violation = finding.violation
    place = source.fault_place(finding.place.row, payload, violation.pointer or "")
    return evolve(violation, text=f"{violation.text[:-1]}: {place}.") if place else violation


def _with_value(finding: Finding, payload: object) -> Finding:
    """The finding with the value that it is about, where there is one."""
    payload, faults = jsontext.read(payload)
    value = UNSET if faults else look_up(payload, finding.violation.pointer or "")
    if isinstance(value, dict | list | Unset):
        return finding
    return evolve(finding, value=value if isinstance(value, str) else json.dumps(value))
