"""From sources to outcomes: chunks are judged, resolved and reported in their order.

    source ──parts──▶ chunk ──judge──▶ result ──resolve──▶ outcomes

Judging a chunk needs nothing but the chunk and the store, so it is done here or in other processes; the rest
is done here, in order.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import Final

from participant_rules import jsontext
from participant_rules.batch.findings import Findings
from participant_rules.batch.index import MOST, Index
from participant_rules.batch.jobs import judging, uncollected
from participant_rules.batch.judges import Task, refuse_no_task
from participant_rules.batch.outcomes import Outcome
from participant_rules.batch.records import Part, Source
from participant_rules.batch.repairs import Repairer
from participant_rules.batch.repeats import Repeats
from participant_rules.batch.resolving import ChunkResolver
from participant_rules.batch.row_index import RowIndex
from participant_rules.batch.sources import given
from participant_rules.due import refuse_other
from participant_rules.jsontext import Glance

__all__ = ["RECORDS", "check", "check_sources"]

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
    refuse_no_task(task)
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
        findings = Findings(row_index, repairer, values)
        judge = task.judge(warnings=warnings, glance=glance)
        resolver = Repeats(judge.resolver(), task.asked.about_unique, warnings=warnings)
        chunk_resolver = ChunkResolver(resolver, row_index.payload, index)
        for source, part, done in judged(_parts(sources, records)):
            with uncollected():
                row_index.add(source, part, done.chunk)
                result = chunk_resolver.resolve(done.result)
                if untold is not None:
                    untold |= {**done.untold, **judge.untold}
                outcomes = findings.outcomes(done.chunk, result, source)
            yield from outcomes
            if progress is not None:
                progress(part.size, len(done.chunk.rows))


def _parts(sources: Sequence[Source], records: int) -> Iterator[tuple[Source, Part]]:
    for source in sources:
        for part in source.parts(records):
            yield source, part
