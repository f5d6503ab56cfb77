"""Rows that hold the same: decided together, in linear time, and known by hashes only."""

import pickle
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from participant_rules import jsontext, project, survey
from participant_rules.batch import ChunkResult, ProjectTask, SurveyTask, check, check_chunk, keyed, resolve
from participant_rules.batch.index import Index
from participant_rules.batch.repeats import REPEATS, Repeats
from participant_rules.batch.resolving import ChunkResolver
from participant_rules.memory import MemoryProjects
from tests.batch.samples import a_group_survey

SECRET = b"a secret of 16 bytes"
TASK = ProjectTask(project.Project(id="P"), allow_update=True)

AGAIN = {each.code for each in REPEATS}  # what is said of rows that repeat others has tests of its own


def person(identifier: str, **contact: object) -> dict[str, Any]:
    """A row."""
    return {"participantIdentifier": identifier, "demographics": contact}


def brief(result: ChunkResult) -> list[tuple[str, list[str]]]:
    """The actions of the rows, and the codes of their findings."""
    return [
        (action, [each.code for each in violations if each.code not in AGAIN])
        for _, action, violations in result
    ]


# ---- merged and resolved


ROWS: Sequence[dict[str, Any]] = [
    person("A", email="a@example.com"),
    person("B", email="b@example.com"),
    person("A", email="c@example.com"),
    person("C", email="a@example.com"),
    person("D", email="A@EXAMPLE.com"),
    person("E"),
]


def test_each_row_of_a_chunk_is_judged_as_if_it_stood_alone() -> None:
    """A row with another one's key is named; resolving decides them in their order."""
    result = check_chunk(ROWS, TASK)
    assert brief(result) == [("add", [])] * 6
    assert result.conflicting == (0, 2, 3, 4)
    resolved = resolve(result, ROWS.__getitem__, TASK)
    assert brief(resolved) == [
        ("add", []),
        ("add", []),
        ("update", []),
        ("add", []),
        ("refused", ["email-taken"]),
        ("add", []),
    ]
    assert [*resolved][4][2][0].related == "/participants/3/demographics/email"


@pytest.mark.parametrize("secret", [None, SECRET], ids=["local", "keyed"])
def test_rows_are_numbered_over_all_chunks(secret: bytes | None) -> None:
    """By the number of the first one of each."""
    chunks = [check_chunk([row], TASK, first=number, secret=secret) for number, row in enumerate(ROWS)]
    merged = chunks[3].merge(chunks[1]).merge(chunks[5].merge(chunks[0])).merge(chunks[4].merge(chunks[2]))
    assert merged.conflicting == (0, 2, 3, 4)
    assert [*resolve(merged, ROWS.__getitem__, TASK)] == [
        *resolve(check_chunk(ROWS, TASK), ROWS.__getitem__, TASK)
    ]


def test_only_conflicting_rows_are_read_again() -> None:
    """Where nothing is conflicting, nothing is."""
    read: list[int] = []

    def payload(number: int) -> object:
        read.append(number)
        return ROWS[number]

    resolve(check_chunk(ROWS, TASK), payload, TASK)
    assert read == [0, 2, 3, 4]
    alone = check_chunk(ROWS[:2], TASK)
    assert [*resolve(alone, payload, TASK)] == [*alone]
    assert read == [0, 2, 3, 4]


def deciding() -> Repeats:
    """What decides the rows of the task that share a key."""
    return Repeats(TASK.judge().resolver(), TASK.asked.about_unique, warnings=True)


def test_a_resolver_takes_chunk_after_chunk() -> None:
    """Each against all before it; a row that was answered already is not answered anew."""
    with Index() as index:
        chunk_resolver = ChunkResolver(deciding(), ROWS.__getitem__, index)
        found = [
            brief(chunk_resolver.resolve(check_chunk(ROWS[first : first + 2], TASK, first=first)))
            for first in (0, 2, 4)
        ]
    assert found == [
        [("add", []), ("add", [])],
        [("update", []), ("add", [])],
        [("refused", ["email-taken"]), ("add", [])],
    ]


def test_a_resolver_decides_an_earlier_row_when_another_one_shares_a_key() -> None:
    """Before that one, and once; no more findings on it, nor on anything in its place."""
    odd: dict[str, Any] = {**person("P1"), "colour": "red"}
    rows, read = [person("P0"), odd, *(person(f"P{number}") for number in range(2, 8)), odd, odd], list[int]()

    def payload(number: int) -> object:
        read.append(number)
        return rows[number]

    with Index() as index:
        chunk_resolver = ChunkResolver(deciding(), payload, index)
        results = [
            chunk_resolver.resolve(check_chunk(rows[first:end], TASK, first=first))
            for first, end in ((0, 8), (8, 9), (9, 10))
        ]
    assert [brief(each) for each in results[1:]] == [[("none", ["unknown-field"])]] * 2
    assert [[*each.findings] for each in results] == [[1], [8], [9]]
    assert read == [1, 8, 9]


def test_hashes_that_happen_to_be_the_same_cost_only_time() -> None:
    """Rows are decided by their contents."""
    task = ProjectTask(project.Project(id="P"))
    judge = task.judge(hasher=lambda _, texts: [1 for _ in texts])
    result = judge.judge([person("A"), person("B", email="a@example.com"), {}])
    assert result.conflicting == (0, 1)
    assert brief(resolve(result, ROWS.__getitem__, task)) == [
        ("add", []),
        ("add", []),
        ("refused", ["identity-required"]),
    ]


def test_warnings_may_be_left_out() -> None:
    """Of chunks as of batches."""
    row = {"participantIdentifier": "A", "colour": "red", "demographics": {"gender": "m"}}
    assert brief(check_chunk([row], TASK)) == [("refused", ["gender-unknown", "unknown-field"])]
    assert brief(check_chunk([row], TASK, warnings=False)) == [("refused", ["gender-unknown"])]
    odd = {"participantIdentifier": "A", "colour": "red"}
    assert brief(check_chunk([odd], TASK, warnings=False)) == [("add", [])]


def test_another_glance() -> None:
    """Whoever has a faster decoder hands it in."""
    seen: list[object] = []

    def glance(payload: object) -> tuple[Any, int]:
        seen.append(payload)
        return jsontext.glance(payload)

    assert brief(check_chunk([b'{"participantIdentifier": "A"}'], TASK, glance=glance)) == [("add", [])]
    assert seen == [b'{"participantIdentifier": "A"}']


# ---- what travels


PERSONAL = ("Robin", "robin", "2125550177", "5550177", "Loxley", "hunter2")


def personal(family: str) -> tuple[Sequence[object], ProjectTask | SurveyTask]:
    """Records with personal data, right ones and wrong ones, and the task that judges them."""
    if family == "project":
        good = {
            "email": "robin@example.com",
            "mobilePhone": "2125550177",
            "firstName": "Robin",
            "gender": "M",
        }
        bad = {"email": "Robin", "mobilePhone": "Robin", "dateOfBirth": "Loxley", "lastName": 7}
        stored = {"id": "robin", "participantIdentifier": "Robin", "demographics": good}
        store = MemoryProjects.from_json([{"id": "P", "participants": [stored]}])
        rows = [person("Robin", **good), person("Loxley", **good), person("Loxley", **bad), {"id": "Robin"}]
        return [*rows, b'{"participantIdentifier": "Robin", "id": "Robin", "id": "Loxley"}'], ProjectTask(
            project.Project(id="P"), store, allow_update=True
        )
    subject = {"subjectName": " ", "questionnaireSeeding": {"v3": "Loxley"}}
    sections = [
        {"login": "Robin", "password": "hunter2", "interviewer": "robin@example.com", "subjects": [subject]},
        {"login": "Loxley", "password": ["hunter2"], "subjects": [{"subjectName": "Robin"}] * 2},
    ]
    payloads = [{"loginSection": each} for each in (*sections, *sections)]
    return payloads, SurveyTask(a_group_survey(), operation="add", caller=survey.Caller(False))


@pytest.mark.parametrize("family", ["project", "survey"])
@pytest.mark.parametrize("resolved", [False, True])
def test_a_result_has_no_personal_data(family: str, resolved: bool) -> None:
    """Its keys are hashes that only the secret makes, its findings name codes and places."""
    payloads, task = personal(family)
    result = check_chunk(payloads, task, secret=SECRET)
    if resolved:
        result = resolve(result, payloads.__getitem__, task)
    travelling = pickle.dumps(result)
    assert len(result.held.hashes) > 1
    assert [each for each in PERSONAL if each.encode() in travelling or each in repr(result)] == []
    texts = ["robin", "Robin", "Loxley", "robin@example.com", "+12125550177"]
    for kind in ("id", "participantIdentifier", "email", "phone", "identity"):
        assert not {*keyed(b"another secret of ours")(kind, texts)} & {*result.held.hashes}


def test_findings_may_name_keys_and_code_values() -> None:
    """As the documented sentences do."""
    subject = {"subjectName": "A", "questionnaireSeeding": {"v1": "9"}}
    body = {"loginSection": {"login": "kim", "subjects": [subject]}}
    task = SurveyTask(a_group_survey(), operation="add")
    ((_, _, violations),) = check_chunk([body], task)
    assert [(each.code, dict(each.words)) for each in violations] == [
        ("choice-unknown", {"item": "v1", "code": "9"})
    ]


@pytest.mark.parametrize("family", ["project", "survey"])
def test_tasks_travel(family: str) -> None:
    """With our laws, which are there already, and where their roster does."""
    task: Any = {"project": TASK, "survey": SurveyTask(a_group_survey(), operation="add")}[family]
    again = pickle.loads(pickle.dumps(task))
    assert again == task
    assert [*check(ROWS, again)] == [*check(ROWS, task)]


# ---- time


def one_identifier(count: int) -> Sequence[object]:
    """Rows that all name one participant."""
    return [person("A", firstName=str(number)) for number in range(count)]


def all_twice(count: int) -> Sequence[object]:
    """Rows, each of which comes again."""
    rows = [person(f"P{number}", email=f"p{number}@example.com") for number in range(count)]
    return [*rows, *rows]


def one_address(count: int) -> Sequence[object]:
    """Participants with one address."""
    return [person(f"P{number}", email="a@example.com") for number in range(count)]


def seconds(rows: Sequence[object], task: ProjectTask) -> float:
    """How long a batch takes."""
    started = time.process_time()
    assert sum(1 for _ in check(rows, task)) == len(rows)
    return time.process_time() - started


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize(
    ("rows", "allow_update"),
    [
        (one_identifier, True),
        (all_twice, True),
        (one_address, False),
        pytest.param(one_identifier, False, marks=pytest.mark.heavy),
        pytest.param(all_twice, False, marks=pytest.mark.heavy),
    ],
)
def test_the_time_is_linear(rows: Callable[[int], Sequence[object]], allow_update: bool) -> None:
    """Four times the rows take about four times as long; a busy machine has three tries."""
    task = ProjectTask(project.Project(id="P"), allow_update=allow_update)
    ratios = (seconds(rows(1_200), task) / seconds(rows(300), task) for _ in range(3))
    assert any(ratio < 7 for ratio in ratios)


def test_what_is_no_task() -> None:
    """It is refused where it is handed in."""
    definition: Any = project.Project(id="P")
    said = (
        r"^a task, such as ProjectTask\(project\), is due, not a value of the type participant_rules.Project"
    )
    with pytest.raises(TypeError, match=said):
        check_chunk(ROWS, definition)
    with pytest.raises(TypeError, match=said):
        resolve(check_chunk(ROWS, TASK), ROWS.__getitem__, definition)
