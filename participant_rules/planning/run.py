"""From sources to planned records: all are judged, then the accepted ones are decided again in order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from participant_rules import jsontext
from participant_rules.batch.judges import refuse_no_task
from participant_rules.batch.outcomes import Outcome
from participant_rules.batch.pipeline import RECORDS, check_sources
from participant_rules.batch.records import Source
from participant_rules.batch.sources import given, refuse_no_records
from participant_rules.batch.tasks import ProjectTask, SurveyTask
from participant_rules.jsontext import Glance
from participant_rules.planning.effects import Effects, effects_of
from participant_rules.planning.records import Effect, PlannedRecord

__all__ = ["plan", "plan_sources"]


def plan(
    records: Iterable[object], task: ProjectTask | SurveyTask, *, notify: bool = False
) -> Iterator[PlannedRecord]:
    """Return the plan of records as `batch.check` takes them; refused ones have no effect."""
    refuse_no_records(records)
    refuse_no_task(task)
    return plan_sources([given(list(records))], task, notify=notify)


def plan_sources(
    sources: Sequence[Source],
    task: ProjectTask | SurveyTask,
    *,
    notify: bool = False,
    values: bool = False,
    glance: Glance = jsontext.glance,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[PlannedRecord]:
    """Yield the planned records of some sources, each as soon as it is known.

    The sources are one batch. With `notify` participants that a project's bulk adds are invited; a survey's
    participants say themselves whether they are. Raises Unusable where a source cannot be read any further.
    """
    outcomes = check_sources(sources, task, values=values, glance=glance, jobs=jobs, progress=progress)
    effects = effects_of(task, notify=notify)
    for source in sources:
        for part in source.parts(RECORDS):
            payloads = part.read().payloads
            yield from _planned(source, payloads, list(islice(outcomes, len(payloads))), effects)


def _planned(
    source: Source, payloads: Sequence[object], outcomes: Sequence[Outcome], effects: Effects
) -> Iterator[PlannedRecord]:
    stand = [payload for payload, each in zip(payloads, outcomes, strict=True) if not each.refused]
    found = iter(effects.of(stand))
    for outcome in outcomes:
        effect = Effect() if outcome.refused else next(found)
        columns = tuple([source.column(each.pointer) for each in effect.changes])
        yield PlannedRecord(outcome, effect, columns)
