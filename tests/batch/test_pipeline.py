"""From sources to outcomes: the places of findings, their values, and the time of their outcomes."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from participant_rules import project, survey
from participant_rules.batch import Finding, Outcome, Place, ProjectTask, SurveyTask, check, check_sources
from participant_rules.batch.files import open_source
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.repeats import REPEATS
from participant_rules.batch.sources import _Store, given
from participant_rules.memory import MemoryProjects
from tests.batch.samples import SECRETS, Made, a_group_survey

TASK = ProjectTask(project.Project(id="P"))

AGAIN = {each.code for each in REPEATS}  # what is said of rows that repeat others has tests of its own


def person(identifier: str, **contact: object) -> dict[str, Any]:
    """A row."""
    return {"participantIdentifier": identifier, "demographics": contact}


def brief(outcome: Outcome) -> list[tuple[str, Place, Place | None]]:
    """The findings of an outcome: the code, the place, and the other row."""
    return [
        (each.violation.code, each.place, each.other)
        for each in outcome.findings
        if each.violation.code not in AGAIN
    ]


# ---- where


def test_an_outcome_stands_where_a_person_finds_it() -> None:
    """The file, the row, and of a finding the column; the number counts over all sources."""
    sources = [Made([person("A"), person("B", gender="m")], "one.csv"), Made([person("C", x=1)], "two.csv")]
    first, second, third = check_sources(sources, TASK)
    assert first == Outcome(0, "one.csv", (2,), "add", ())
    assert (second.number, second.place, second.rows, second.action) == (
        1,
        Place("one.csv", 4),
        (4,),
        "refused",
    )
    assert brief(second) == [("gender-unknown", Place("one.csv", 4, "GENDER"), None)]
    assert (third.number, third.place, third.action) == (2, Place("two.csv", 2), "add")
    assert brief(third) == [("unknown-field", Place("two.csv", 2, "X"), None)]
    assert [each.refused for each in (first, second, third)] == [False, True, False]
    assert [each.findings[0].is_error for each in (second, third)] == [True, False]


@pytest.mark.parametrize("records", [1, 2, 100])
@pytest.mark.parametrize("count", [1, 2])
def test_the_row_that_has_it_is_named(records: int, count: int) -> None:
    """Wherever it stands: in the same part, in an earlier one, in another source."""
    sources = [
        Made([person("A", email="a@example.com"), person("B", email="A@example.com")], "one.csv"),
        Made([person("C"), person("D", email="a@example.com", mobilePhone="2125550100")], "two.csv"),
        Made([person("E", mobilePhone="+12125550100")], "three.csv"),
    ]
    outcomes = [*check_sources(sources, TASK, records=records, jobs=count)]
    assert [brief(each) for each in outcomes] == [
        [],
        [("email-taken", Place("one.csv", 4, "EMAIL"), Place("one.csv", 2))],
        [],
        [("email-taken", Place("two.csv", 4, "EMAIL"), Place("one.csv", 2))],
        [("mobile-phone-not-ten-digits", Place("three.csv", 2, "MOBILEPHONE"), None)],
    ]


@pytest.mark.parametrize("count", [1, 2])
def test_kept_records_far_above_are_read_with_their_part(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for all of them: each reading of a part takes as long as judging it."""
    read = Counter[int]()
    get = _Store.get

    def counting(store: _Store, start: int) -> Sequence[object]:
        read[start] += 1
        return get(store, start)

    monkeypatch.setattr(_Store, "get", counting)
    names = [f"p{number}" for number in range(400)]
    records = [person(str(at), email=f"{name}@x.com") for at, name in enumerate([*names, *names[:10]])]
    outcomes = [*check_sources([given(iter(records))], TASK, records=10, jobs=count)]
    assert [each.number for each in outcomes if each.refused] == [*range(400, 410)]
    assert max(read.values()) <= 3  # to be judged, to be given away, and for ten that speak of it


@pytest.mark.parametrize(("kind", "header"), [("jsonl", 0), ("csv", 1)])
def test_records_far_above_are_found_again(tmp_path: Path, kind: str, header: int) -> None:
    """One by itself in lines, and in a table by reading its part."""
    names = [f"p{number}" for number in range(400)]
    names += names[:6]
    if kind == "csv":
        saved = ["participantIdentifier,email", *(f"{at},{name}@x.com" for at, name in enumerate(names))]
    else:
        saved = [json.dumps(person(str(at), email=f"{name}@x.com")) for at, name in enumerate(names)]
    file = tmp_path / f"people.{kind}"
    file.write_text("\n".join(saved))
    source = open_source(str(file), ProjectLayout(TASK.project))
    outcomes = [*check_sources([source], TASK, records=10)]
    column = "email" if kind == "csv" else None
    assert [(each.number, brief(each)) for each in outcomes if each.findings] == [
        (
            400 + at,
            [
                (
                    "email-taken",
                    Place(str(file), 401 + at + header, column),
                    Place(str(file), 1 + at + header),
                )
            ],
        )
        for at in range(6)
    ]


def test_a_stored_participant_stands_in_no_row() -> None:
    """A finding about somebody in the store names no other row."""
    store = MemoryProjects.from_json(
        [{"id": "P", "participants": [{"id": "1", "demographics": {"email": "a@example.com"}}]}]
    )
    (outcome,) = check_sources(
        [Made([person("B", email="a@example.com")])], ProjectTask(project.Project(id="P"), store)
    )
    assert brief(outcome) == [("email-taken", Place("made.csv", 2, "EMAIL"), None)]


SUBJECTS = {
    "loginSection": {
        "login": "kim",
        "subjects": [
            {"subjectName": "A"},
            {"subjectName": " ", "questionnaireSeeding": {"v9": "x"}},
            {"subjectName": "A"},
        ],
    }
}


def test_a_subject_has_a_row_of_its_own() -> None:
    """In a table: its findings stand there, the participant's in the first row."""
    task = SurveyTask(a_group_survey(), operation="add", caller=survey.Caller(manages_interviewers=False))
    payload = {"loginSection": SUBJECTS["loginSection"] | {"interviewer": "x"}}
    (outcome,) = check_sources([Made([payload], subjects=[(2, 3, 5)])], task)
    assert (outcome.place, outcome.rows) == (Place("made.csv", 2), (2, 3, 5))
    assert brief(outcome) == [
        ("interviewer-not-allowed", Place("made.csv", 2, "INTERVIEWER"), None),
        ("subject-name-blank", Place("made.csv", 3, "SUBJECTNAME"), None),
        ("subject-repeated", Place("made.csv", 5, "SUBJECTNAME"), None),
        ("variable-unknown", Place("made.csv", 3, "V9"), None),
    ]


def test_without_subjects_in_a_table_findings_are_of_the_record() -> None:
    """It has one row."""
    (outcome,) = check([SUBJECTS], SurveyTask(a_group_survey(), operation="add"))
    assert {each.place for each in outcome.findings} == {Place("", 1)}


# ---- values


@pytest.mark.parametrize(
    ("payload", "values"),
    [
        (person("A", gender="m"), {"/demographics/gender": "m"}),
        (person("A", gender=1), {"/demographics/gender": "1"}),
        (person("A", gender=True), {"/demographics/gender": "true"}),
        ({"participantIdentifier": "A", "x~y/z": "odd"}, {"/x~0y~1z": "odd"}),
        ({"participantIdentifier": "A", "x": None}, {"/x": "null"}),
        ({"participantIdentifier": "A", "x": {"a": 1}}, {"/x": None}),
        ({"participantIdentifier": "A", "demographics": []}, {"/demographics": None}),
        ({}, {"": None}),
        (b'{"a": 1, "a": 2}', {"/a": None}),
        ("[1]", {"": None}),
    ],
    ids=str,
)
def test_the_value_that_a_finding_is_about(payload: object, values: dict[str, str | None]) -> None:
    """A text, or that of its JSON; none for a list, an object, or a missing member."""
    (outcome,) = check_sources([given([payload])], TASK, values=True)
    assert {each.violation.pointer: each.value for each in outcome.findings} == values
    (silent,) = check([payload], TASK)
    assert [each.value for each in silent.findings] == [None] * len(outcome.findings)


def test_the_value_of_a_seed() -> None:
    """Also in a list."""
    (outcome,) = check_sources(
        [given([SUBJECTS])], SurveyTask(a_group_survey(), operation="add"), values=True
    )
    found = {each.violation.code: each.value for each in outcome.findings}
    assert found == {"subject-name-blank": " ", "subject-repeated": "A", "variable-unknown": "x"}


def test_a_value_that_is_missing() -> None:
    """A pointer to a left out member, or beyond the end of a list, finds none."""
    body = {"loginSection": {"login": "kim", "subjects": []}}
    (outcome,) = check_sources([given([body])], SurveyTask(a_group_survey(), operation="add"), values=True)
    assert [(each.violation.code, each.value) for each in outcome.findings] == [("subjects-required", None)]
    (other,) = check_sources(
        [given([{"loginSection": {"subjects": [{}]}}])], SurveyTask(a_group_survey()), values=True
    )
    assert [(each.violation.code, each.value) for each in other.findings] == [
        ("login-name-required", None),
        ("subject-name-blank", None),
    ]


# ---- when


def test_outcomes_are_lazy() -> None:
    """The second chunk is not read before the outcomes of the first one are out; so of sources."""
    taken: list[str] = []

    def records() -> Iterator[object]:
        for identifier in "ABCDEF":
            taken.append(identifier)
            yield person(identifier)

    outcomes = check_sources([given(records()), given(records())], TASK, records=2)
    assert taken == []
    for count in range(1, 13):
        next(outcomes)
        assert len(taken) == count + count % 2
    assert next(outcomes, None) is None


def test_the_store_is_asked_once_a_chunk() -> None:
    """Conflicting rows ask once more."""
    asked: list[frozenset[str]] = []

    class Store:
        def find(self, keys: project.Keys) -> project.Known:
            asked.append(keys.of(task.project).get("participantIdentifier", frozenset()))
            return project.Known(project.Project(id="P"), ())

    task = ProjectTask(project.Project(id="P"), Store())
    rows = [person(each) for each in "ABCDBE"]
    assert len([*check_sources([given(rows)], task, records=2)]) == 6
    assert [*map(sorted, asked)] == [["A", "B"], ["C", "D"], ["B", "E"], ["B"]]


class Later:
    """A roster of coroutines, which are awaited."""

    def find(self, keys: Any) -> Any:
        return self

    def __await__(self) -> Iterator[Any]:
        raise AssertionError


@pytest.mark.parametrize(
    "task",
    [ProjectTask(TASK.project, Later()), SurveyTask(a_group_survey(), Later())],
    ids=["project", "survey"],
)
def test_a_roster_of_coroutines_is_refused(task: ProjectTask | SurveyTask) -> None:
    """As a mistake of the caller: a batch asks at once."""
    with pytest.raises(TypeError, match="a batch asks a roster whose methods answer at once"):
        next(check([person("A")], task))


@pytest.mark.parametrize("count", [1, 2])
def test_progress_is_reported_after_each_chunk(count: int) -> None:
    """Its bytes and its records, when their outcomes are out."""
    reported: list[tuple[int, int]] = []
    sources = [Made([person(each) for each in "ABC"]), Made([person("D")])]
    outcomes = check_sources(
        sources, TASK, records=2, jobs=count, progress=lambda size, records: reported.append((size, records))
    )
    seen = [(outcome.number, len(reported)) for outcome in outcomes]
    assert seen == [(0, 0), (1, 0), (2, 1), (3, 2)]
    assert reported == [(10, 2), (10, 1), (10, 1)]


@pytest.mark.parametrize("sources", [[], [Made([])], [Made([]), given([]), given(iter([]))]], ids=len)
def test_no_records_no_outcomes(sources: list[Any]) -> None:
    """Nothing has no findings."""
    assert [*check_sources(sources, TASK)] == []


# ---- personal data


def secretive() -> list[object]:
    """Rows that are wrong in every member that has personal data, and one that is taken."""
    contact = {"email": "Robin", "mobilePhone": "Robin", "dateOfBirth": "Loxley", "utcOffset": "hunter2"}
    good = {"email": "robin@example.com", "mobilePhone": "2125550177", "gender": "M"}
    return [
        {"participantIdentifier": "Robin", "demographics": contact, "id": "Robin"},
        {"participantIdentifier": "Robin", "demographics": good, "customFields": {"x": "Loxley"}},
        {"participantIdentifier": "hunter2", "demographics": good},
        {"participantIdentifier": ["Robin"], "demographics": good, "institutionCode": {"a": "Loxley"}},
        {"loginSection": {"login": "Robin", "password": "hunter2"}, "invitationStatus": "Loxley"},
        b'{"participantIdentifier": "Robin", "participantIdentifier": "Loxley"}',
        "Robin",
    ]


@pytest.mark.parametrize("values", [False, True])
def test_an_outcome_shows_nothing_personal(values: bool) -> None:
    """Pointers, columns, rows and codes are shown; a value is only in the field for it."""
    outcomes = [*check_sources([Made(secretive())], TASK, values=values)]
    shown = repr(outcomes) + repr([each.violation.as_dict() for one in outcomes for each in one.findings])
    assert [secret for secret in SECRETS if secret in shown] == []
    held = {found.value for each in outcomes for found in each.findings} - {None}
    assert ("Loxley" in held) is values


def test_tasks_and_findings_show_nothing_personal() -> None:
    """Nor does a roster, or the source of a finding."""
    store = MemoryProjects.from_json(
        [{"id": "P", "participants": [{"id": "1", "participantIdentifier": "Robin"}]}]
    )
    task = ProjectTask(project.Project(id="P"), store)
    finding = Finding(Place("a", 1), next(check([{}], task)).findings[0].violation, None, "Loxley")
    shown = repr([task, SurveyTask(a_group_survey()), finding, task.judge()])
    assert [secret for secret in SECRETS if secret in shown] == []
