"""The fast reader against the strict one, on sound texts and on all kinds of odd ones."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from random import Random
from typing import Any, Final, Literal

import pytest
from attrs import evolve

from participant_rules import UNSET, batch, jsontext, project, survey
from participant_rules.adapters.msgspec import glance
from participant_rules.memory import MemorySurveys
from tests.adapters.texts import KINDS, NUMBERS, SURVEY, TEXTS, texts_of
from tests.batch.samples import DECLARED, SCENES, participant, row

IN_DOUBT: Final = (UNSET, -1)
PROJECT: Final = project.Project(id="P", custom_fields=DECLARED)


# ---- what is read


def count_names(value: object) -> int:
    """The number of names in all objects of a value."""
    count, level = 0, [value]
    while level:
        objects = [each for each in level if isinstance(each, dict)]
        count += sum(map(len, objects))
        lists = [each for each in level if isinstance(each, list)]
        level = list(chain(*lists, *[each.values() for each in objects]))
    return count


def shallow(value: object) -> bool:
    """Whether it nests no deeper than a text may; a glance does not see that."""
    level = [value]
    for _ in range(jsontext.MAX_DEPTH + 1):
        held = [
            each.values() if isinstance(each, dict) else each
            for each in level
            if isinstance(each, dict | list)
        ]
        if not held:
            return True
        level = list(chain(*held))
    return False


def misread(payloads: Iterable[bytes]) -> tuple[int, int, list[bytes]]:
    """How many there were, how many of them a glance was sure of, and how many it reads otherwise."""
    count = sure = 0
    wrong = []
    for payload in payloads:
        value, colons = glance(payload)
        count += 1
        if colons < 0:
            wrong += [payload] * (value is not UNSET)
            continue
        if not shallow(value):
            continue
        if count_names(value) == colons or jsontext.is_whole(payload, value, colons):
            sure += 1
            strict, faults = jsontext.read(payload)
            wrong += [payload] * bool(faults or repr(strict) != repr(value))
        twin = jsontext.glance(payload)
        if twin != IN_DOUBT and repr(twin) != repr((value, colons)):
            wrong.append(payload)
    return count, sure, wrong


def examined(kind: str, count: int, sure: int, step: int) -> None:
    """Look at every so-many-th of these texts; sure ones are counted, lest all are unsure."""
    read = misread(islice(KINDS[kind](Random(11)), None, None, step))
    assert read[2][:5] == []
    assert read[0] >= count // step
    assert read[1] >= sure // step


COUNTS: Final = {
    "one byte changed": (120_000, 20_000, 29),
    "names repeated": (250, 60, 1),
    "numbers": (30_000, 29_000, 13),
    "strings": (10_000, 4_000, 3),
    "anything": (36_000, 3_000, 19),
}
"""How many texts of a kind there are, of how many it is sure at least, and which of them are enough."""


@pytest.mark.parametrize("kind", COUNTS)
def test_what_it_is_sure_of_is_what_the_strict_reader_reads(kind: str) -> None:
    """The same value of the same types, and no fault."""
    examined(kind, *COUNTS[kind])


@pytest.mark.heavy
@pytest.mark.parametrize("kind", COUNTS)
def test_whatever_it_is_sure_of_is_what_the_strict_reader_reads(kind: str) -> None:
    """Of all these texts."""
    examined(kind, *COUNTS[kind][:2], 1)


def test_names_are_not_taken_for_others() -> None:
    """These have one XXH3 hash, the only mark by which orjson distinguishes names that it has met."""
    met, other = '{"v292": "1"}', '{"|8>\U00035f2bw": "1"}'
    for text in (met, other, met):
        assert glance(text) == (json.loads(text), 1)


# ---- the contract of a glance


@pytest.mark.parametrize(
    "text", [*TEXTS, b"{}", b" [1, -2.5, 1e3, true, null] \n", b"-0", b'"\\ud83d\\ude00"']
)
def test_a_sound_text_is_read_at_a_glance(text: bytes) -> None:
    """Bytes and text give the value that the standard library gives, and the number of colons."""
    expected = json.loads(text), text.count(b":")
    for payload in (text, text.decode()):
        assert repr(glance(payload)) == repr(expected)


@pytest.mark.parametrize(
    "payload",
    [
        {"a": 1},
        None,
        bytearray(b"{}"),
        pytest.param(memoryview(b"{}"), id="a view of bytes"),
        "",
        b"",
        '{"a": "\ud800"}',
        b'{"a": "\\ud800"}',
        b'{"a": "\\u0000"}',
        b'{"a": "\xed\xa0\x80"}',
        b"\xef\xbb\xbf{}",
        b"{} {}",
        b"[NaN]",
        b"1e999",
        b"9" * 309,
        b'{"a": -%s}' % (b"1" * 5_000),
        b"[" * 100_000,
        b'"' + b"x" * jsontext.MAX_BYTES + b'"',
        '"' + "ž" * (jsontext.MAX_BYTES // 2) + '"',
    ],
    ids=lambda each: ascii(each)[:20],
)
def test_everything_else_is_unsure(payload: object) -> None:
    """A value that is no text, or odd in any way, is left to the strict reader, and nothing is raised."""
    assert glance(payload) == IN_DOUBT


def test_long_integers_are_read() -> None:
    """Far below the limit they are sure."""
    for text in (b"9" * 288, b'{"a": -%s}' % (b"1" * 280), b'["%s", 18446744073709551616]' % (b"1" * 250)):
        assert glance(text)[0] == json.loads(text)


# ---- verdicts


def spoilt(random: Random, payload: object) -> object:
    """A record of which a byte has changed, or a few were left out, or put in."""
    if not isinstance(payload, bytes) or random.random() < 0.4:
        return payload
    text = bytearray(payload)
    start = random.randrange(len(text) + 1)
    text[start : start + random.randrange(3)] = random.choice(
        [b"", *NUMBERS, b"\\u0000", b'"', b":", b"\xff", b"0"]
    )
    return bytes(text)


@pytest.mark.parametrize("family", SCENES)
@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(each, marks=pytest.mark.heavy) for each in range(2, 12))]
)
def test_a_batch_has_the_same_outcomes(family: str, seed: int) -> None:
    """Of each record, spoilt ones included, whichever reader has a glance at it."""
    random = Random(seed)
    scene = SCENES[family](random, 150)
    payloads = [spoilt(random, each) for each in scene.payloads]
    usual = [*batch.check(payloads, scene.task)]
    assert [*batch.check(payloads, scene.task, glance=glance)] == usual
    assert {each.action for each in usual} >= {"refused"}


def test_other_processes_read_with_it_too() -> None:
    """It travels by its name."""
    scene = SCENES["project"](Random(3), 60)
    task = evolve(scene.task, roster=None)
    usual = [*batch.check(scene.payloads, task)]
    assert [*batch.check(scene.payloads, task, glance=glance, jobs=2)] == usual


@pytest.mark.parametrize("seed", [0, *(pytest.param(each, marks=pytest.mark.heavy) for each in range(1, 4))])
def test_a_single_check_finds_the_same(seed: int) -> None:
    """Of a row of a project, and of a participant of a survey."""
    random = Random(seed)
    for text in [each for _ in range(40) for each in texts_of(row(random))]:
        payload = spoilt(random, text)
        assert project.check(payload, PROJECT, glance=glance) == project.check(payload, PROJECT)
    for text in [each for _ in range(40) for each in texts_of(participant(random, SURVEY))]:
        payload = spoilt(random, text)
        assert survey.check(payload, SURVEY, glance=glance) == survey.check(payload, SURVEY)


# ---- what a template reads, and the fast reader does not

DIGITS: Final = "1" * 400  # in a text: no number


def rows_of_digits() -> Iterator[dict[str, Any]]:
    """Rows of one shape; the last three are about one person with such a name."""
    for number in range(50):
        yield {"participantIdentifier": str(number), "demographics": {"firstName": "Kim"}}
    for name in (DIGITS, DIGITS, "Kim"):
        yield {"participantIdentifier": "long", "demographics": {"firstName": name}}


def participants_of_digits() -> Iterator[dict[str, Any]]:
    """Participants of one shape; the last three have one login, with such a password or without a name."""
    for number in range(50):
        yield {"loginSection": {"login": str(number), "password": "p", "subjects": [{"subjectName": "A"}]}}
    for password, name in ((DIGITS, "A"), (DIGITS, "A"), (DIGITS, "")):
        yield {"loginSection": {"login": "4", "password": password, "subjects": [{"subjectName": name}]}}


def test_sure_and_unsure_rows() -> None:
    """A later row is about one of them, and one is decided by its kind."""
    payloads = [json.dumps(each).encode() for each in rows_of_digits()]
    task = batch.ProjectTask(evolve(PROJECT), allow_update=True)  # one that has no shapes yet
    assert {glance(each) for each in payloads[50:52]} == {IN_DOUBT}
    usual = [*batch.check(payloads, task)]
    assert [each.action for each in usual[50:]] == ["add", "none", "update"]
    assert [*batch.check(payloads, task, glance=glance)] == usual


@pytest.mark.parametrize("operation", ["add", "update"])
def test_sure_and_unsure_participants(operation: Literal["add", "update"]) -> None:
    """One of them is stored, and one is decided by the kind of its faults."""
    payloads = [json.dumps(each).encode() for each in participants_of_digits()]
    definition = {"id": "S", "invited": False, "loggedOn": True, "group": True}
    stored = [
        {"loginSection": {"login": str(number), "subjects": [{"subjectName": "A"}]}} for number in (4, 5)
    ]
    store = MemorySurveys.from_json([definition | {"participants": stored}])
    task = batch.SurveyTask(survey.Survey.from_json(definition), store, operation)
    usual = [*batch.check(payloads, task)]
    assert [each.action for each in usual[50:]] == {
        "add": ["refused"] * 3,
        "update": ["update"] * 2 + ["refused"],
    }[operation]
    anew = batch.SurveyTask(survey.Survey.from_json(definition), store, operation)
    assert [*batch.check(payloads, anew, glance=glance)] == usual


def test_a_sure_and_an_unsure_row_alone() -> None:
    """It is the first one of its kind, and its findings are those of the usual reader."""
    anew = evolve(PROJECT)  # one that has no shapes yet
    people = [{"firstName": "Kim", "email": "k@x.org"}] * 50 + [{"firstName": DIGITS, "email": "no"}]
    rows = [json.dumps({"participantIdentifier": "1", "demographics": each}).encode() for each in people]
    found = [project.check(each, anew, glance=glance) for each in rows]
    assert found == [project.check(each, PROJECT) for each in rows]
    assert [len(each) for each in found] == [0] * 50 + [1]
