"""A batch is its records one by one: however it is cut, wherever it is judged, however it merges."""

import json
from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import UNSET, batch, project, survey
from participant_rules.batch.sources import given as given_records
from participant_rules.jsontext import glance
from tests.batch.layouts import LAYOUTS
from tests.batch.samples import SCENES, Made, RowResult, Scene, results_of, results_of_rows

FAMILIES = pytest.mark.parametrize("family", ["project", "survey"])
SEEDS = st.integers(0, 2**32)
SIZES = st.sampled_from([1, 2, 3, 5, 8, 13, 21])


def errors(outcomes: Sequence[RowResult]) -> list[RowResult]:
    """The same without the warnings."""
    return [
        (action, tuple([each for each in found if each.severity == "error"])) for action, found in outcomes
    ]


def together(scene: Scene, records: int, **options: Any) -> list[RowResult]:
    """The outcomes of a batch's records in chunks of so many."""
    return results_of(
        batch.check_sources([given_records(scene.payloads)], scene.task, records=records, **options)
    )


@FAMILIES
@given(SEEDS, SIZES, st.sampled_from([1, 2, 3, 1_000]))
def test_a_batch_is_its_records_one_by_one(family: str, seed: int, size: int, records: int) -> None:
    """The same actions and the same findings with their places, whatever the size of the chunks."""
    scene = SCENES[family](Random(seed), size)
    assert together(scene, records) == scene.expected


@FAMILIES
@given(SEEDS)
def test_records_of_one_layout_are_its_records_one_by_one(family: str, seed: int) -> None:
    """Where a layout is learned, for its own records and for bent ones."""
    scene = LAYOUTS[family](Random(seed))
    assert results_of(batch.check(scene.payloads, scene.task)) == scene.expected


@pytest.mark.heavy
@FAMILIES
@given(SEEDS, st.integers(20, 120), st.sampled_from([1, 2, 7, 30, 1_000]))
def test_a_long_batch_is_its_records_one_by_one(family: str, seed: int, size: int, records: int) -> None:
    """Where a few participants are spoken of again and again."""
    scene = SCENES[family](Random(seed), size)
    assert together(scene, records) == scene.expected


@FAMILIES
@given(SEEDS, SIZES)
def test_without_warnings_the_violations_are_the_same(family: str, seed: int, size: int) -> None:
    """And the same actions."""
    scene = SCENES[family](Random(seed), size)
    assert together(scene, 3, warnings=False) == errors(scene.expected)


@FAMILIES
@given(SEEDS, SIZES)
def test_an_iterator_is_the_sequence_of_its_records(family: str, seed: int, size: int) -> None:
    """Its records are read again from disk, where a later one speaks of them."""
    scene = SCENES[family](Random(seed), size)
    found = batch.check_sources([given_records(iter(scene.payloads))], scene.task, records=2)
    assert results_of(found) == results_of(batch.check(scene.payloads, scene.task)) == scene.expected


@FAMILIES
@given(SEEDS, SIZES)
def test_keys_that_do_not_fit_into_memory_are_found_on_disk(family: str, seed: int, size: int) -> None:
    """An index that keeps one hold at a time says the same."""
    scene = SCENES[family](Random(seed), size)
    assert together(scene, 2, most_keys=1) == scene.expected


@FAMILIES
@given(SEEDS, SIZES)
def test_the_writing_of_a_record_makes_no_difference(family: str, seed: int, size: int) -> None:
    """Decoded values, texts, bytes, values that are known to be sound, and a glance that sees nothing."""
    scene = SCENES[family](Random(seed), size, decoded=True)
    texts = [json.dumps(each) for each in scene.payloads]
    unclear = [json.dumps(each, ensure_ascii=False, indent=1).encode() for each in scene.payloads]
    mixed = [each if isinstance(each, dict | list) else json.dumps(each) for each in scene.payloads]
    for payloads in (mixed, texts, unclear):
        assert results_of(batch.check(payloads, scene.task)) == scene_of_texts(scene, payloads)
    sound = batch.check_sources([Made(scene.payloads, sound=True)], scene.task, records=3)
    assert results_of(sound) == scene_of_texts(scene, texts)
    blind = batch.check(texts, scene.task, glance=lambda payload: (UNSET, -1))
    assert results_of(blind) == scene_of_texts(scene, texts)


def scene_of_texts(scene: Scene, payloads: Sequence[object]) -> list[RowResult]:
    """The outcomes of records, one chunk each, without any shortcut: every one takes the strict reader."""
    found = batch.check_sources(
        [given_records(payloads)], scene.task, records=1, glance=lambda payload: (UNSET, -1)
    )
    return results_of(found)


def others(task: Any) -> list[Any]:
    """The task, and tasks of the same project or survey that say something else of the same records."""
    if isinstance(task, batch.ProjectTask):
        policy = project.Policy(valid_phones=not task.policy.valid_phones)
        return [task, evolve(task, policy=policy), evolve(task, allow_update=not task.allow_update)]
    caller = survey.Caller(not task.caller.manages_interviewers)
    operation = "add" if task.operation == "update" else "update"
    fewer = {
        survey.Operation(each): survey.RULES[survey.Operation(each)].without("login-name-required")
        for each in ("add", "update")
    }
    rules = {**survey.RULES, **fewer}
    return [task, evolve(task, caller=caller), evolve(task, operation=operation), evolve(task, rules=rules)]


def anew(task: Any) -> Any:
    """The task on a project or survey of which nobody has made anything yet."""
    if isinstance(task, batch.ProjectTask):
        return evolve(task, project=project.Project.from_json(task.project.to_json()))
    return evolve(task, survey=survey.Survey.from_json(task.survey.to_json()))


@FAMILIES
@given(SEEDS, SIZES, st.randoms(use_true_random=False))
def test_verdicts_of_one_task_are_not_those_of_another(
    family: str, seed: int, size: int, random: Random
) -> None:
    """The memory of a project or a survey depends on all of a task."""
    scene = SCENES[family](Random(seed), size)
    ways = [(task, warnings) for task in others(scene.task) for warnings in (True, False)]
    for task, warnings in random.sample(ways, 4):
        found = results_of(batch.check(scene.payloads, task, warnings=warnings))
        assert found == results_of(batch.check(scene.payloads, anew(task), warnings=warnings))


# ---- chunks that merge


@FAMILIES
@given(SEEDS, SIZES, st.randoms(use_true_random=False), st.sampled_from([None, b"a secret of 16 bytes"]))
def test_chunks_merge_in_any_order(
    family: str, seed: int, size: int, random: Random, secret: bytes | None
) -> None:
    """Judged apart and merged in any order and association, then resolved, they are the whole batch."""
    scene = SCENES[family](Random(seed), size)
    results = [
        batch.check_chunk(scene.payloads[start:end], scene.task, first=start, secret=secret)
        for start, end in cuts(random, size)
    ]
    while len(results) > 1:
        one = results.pop(random.randrange(len(results)))
        other = results.pop(random.randrange(len(results)))
        results.append(one.merge(other))
    (merged,) = results
    resolved = batch.resolve(merged, scene.payloads.__getitem__, scene.task)
    assert results_of_rows(resolved) == scene.expected
    assert [number for number, _, _ in resolved] == [*range(size)]


@FAMILIES
@given(SEEDS, SIZES, st.randoms(use_true_random=False))
def test_merging_is_associative_and_commutative(family: str, seed: int, size: int, random: Random) -> None:
    """The rows, their findings, and which of them are conflicting."""
    scene = SCENES[family](Random(seed), size)
    chunks = [
        batch.check_chunk(scene.payloads[start:end], scene.task, first=start)
        for start, end in cuts(random, size)
    ]
    backwards = [*reversed(chunks)]
    ways = [
        reduce(batch.ChunkResult.merge, chunks),
        reduce(batch.ChunkResult.merge, backwards),
        reduce(lambda one, other: other.merge(one), chunks),
        batch.ChunkResult().merge(reduce(batch.ChunkResult.merge, backwards)),
    ]
    whole = batch.check_chunk(scene.payloads, scene.task)
    assert [*map(account, ways)] == [account(whole)] * len(ways)


def account(result: batch.ChunkResult) -> tuple[object, ...]:
    """All that a result says."""
    return [*result], result.conflicting, result.actions, len(result)


def cuts(random: Random, size: int) -> list[tuple[int, int]]:
    """Where a batch is cut."""
    places = sorted({0, size, *[random.randrange(size + 1) for _ in range(random.randrange(5))]})
    return [*pairwise(places)]


@given(SEEDS)
def test_a_row_without_a_conflict_is_judged_alone(seed: int) -> None:
    """The outcome of such a row in a chunk is that of a batch of this one row."""
    scene = SCENES["project"](Random(seed), 5)
    whole = batch.check_chunk(scene.payloads, scene.task)
    conflicting = set(whole.conflicting)
    for number, outcomes in enumerate(results_of_rows(whole)):
        if number not in conflicting:
            assert results_of(batch.check([scene.payloads[number]], scene.task)) == [outcomes]


def test_glances_of_texts_are_of_use() -> None:
    """These scenes have records that a glance decides, and others: otherwise nothing was compared."""
    for family in SCENES:
        scene = SCENES[family](Random(1), 50)
        seen = {glance(each)[1] >= 0 for each in scene.payloads}
        assert seen == {True, False}
        assert len({action for action, _ in scene.expected}) > 1
