"""Batches that conflict a lot, and the outcome of each record when all are decided together.

What they are made of stands in `drawing`, `rows`, `participants` and `shown`.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final, Literal

from attrs import field, frozen

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from tests.batch.drawing import WRONG, one_of, some, text_of
from tests.batch.participants import (
    VARIABLES,
    a_group_survey,
    participant,
    participants_one_by_one,
    stored_participants,
    survey_definition,
    survey_store,
)
from tests.batch.results import ByteRange, Made, RowResult, codes_of_rules, results_of, results_of_rows
from tests.batch.rows import (
    DECLARED,
    EMAILS,
    IDS,
    NAMES,
    PHONES,
    UNDECLARED,
    people,
    project_of,
    row,
    rows_one_by_one,
    store_of,
)

__all__ = [
    "DECLARED",
    "EMAILS",
    "IDS",
    "NAMES",
    "PHONES",
    "SCENES",
    "SECRETS",
    "UNDECLARED",
    "VARIABLES",
    "WRONG",
    "ByteRange",
    "Made",
    "RowResult",
    "Scene",
    "a_group_survey",
    "codes_of_rules",
    "one_of",
    "participant",
    "participants_one_by_one",
    "people",
    "project_of",
    "project_scene",
    "results_of",
    "results_of_rows",
    "row",
    "rows_one_by_one",
    "some",
    "store_of",
    "stored_participants",
    "survey_definition",
    "survey_scene",
    "survey_store",
    "text_of",
]

SECRETS: Final = ("Robin", "robin@example.com", "2125550177", "hunter2", "Loxley")


@frozen
class Scene:
    """A batch of records, the task that judges them, and the expected outcome of each."""

    payloads: Sequence[object] = field(repr=False)
    task: ProjectTask | SurveyTask
    expected: Sequence[RowResult] = field(repr=False)


def project_scene(random: Random, size: int, *, decoded: bool = False) -> Scene:
    """Rows of a project of which more or less is known."""
    declared = random.choice([UNDECLARED, UNDECLARED, DECLARED, DECLARED, ()])
    definition = project.Project(id="P", custom_fields=declared)
    policy = project.Policy(valid_phones=random.random() < 0.3)
    store = store_of(definition, people(random), policy) if random.random() < 0.8 else None
    allow_update, how_odd = random.random() < 0.7, random.choice([0.01, 0.1, 0.3])
    bodies = [row(random, how_odd) for _ in range(size)]
    payloads = bodies if decoded else [text_of(random, each) for each in bodies]
    expected = rows_one_by_one(payloads, definition, store, allow_update=allow_update, policy=policy)
    return Scene(payloads, ProjectTask(definition, store, allow_update, policy), expected)


def survey_scene(random: Random, size: int, *, decoded: bool = False) -> Scene:
    """Participants of a survey of which more or less is known."""
    definition = survey_definition(random)
    store = (
        survey_store(definition, stored_participants(random, definition)) if random.random() < 0.8 else None
    )
    operation = random.choice(OPERATIONS)
    caller, how_odd = survey.Caller(random.random() < 0.5), random.choice([0.01, 0.1, 0.3])
    bodies = [participant(random, definition, how_odd) for _ in range(size)]
    payloads = bodies if decoded else [text_of(random, each) for each in bodies]
    expected = participants_one_by_one(payloads, definition, store, operation=operation, caller=caller)
    return Scene(payloads, SurveyTask(definition, store, operation, caller), expected)


OPERATIONS: Final[list[Literal["add", "update"]]] = ["add", "update"]
SCENES: Final[dict[str, Callable[..., Scene]]] = {"project": project_scene, "survey": survey_scene}
