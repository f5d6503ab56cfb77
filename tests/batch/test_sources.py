"""Records of a program: a sequence, or an iterator that is kept on disk."""

import pickle
import tempfile
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from participant_rules import project
from participant_rules.batch import Part, ProjectTask, Source, check, check_chunk
from participant_rules.batch.sources import given

RECORDS: list[object] = [{"a": number} for number in range(7)]
KINDS = pytest.mark.parametrize("make", [list, iter], ids=["sequence", "iterator"])


def read(part: Part) -> list[tuple[int, object]]:
    """The rows and records of a part."""
    chunk = part.read()
    assert (chunk.subjects, chunk.sound, part.size) == ((), False, 0)
    assert chunk.offsets == ()
    return [*zip(chunk.rows, chunk.payloads, strict=True)]


@KINDS
def test_records_are_numbered_from_one(make: type[Iterable[object]]) -> None:
    """In parts of so many, each of which can be read again and again, in any order."""
    source: Source = given(make(RECORDS))  # type: ignore[call-arg]
    parts = [*source.parts(3)]
    expected = [[(row + 1, RECORDS[row]) for row in rows] for rows in ([0, 1, 2], [3, 4, 5], [6])]
    assert [read(each) for each in reversed(parts)] == expected[::-1]
    assert [read(each) for each in parts] == expected


@KINDS
def test_parts_are_read_again_while_further_ones_come(make: type[Iterable[object]]) -> None:
    """Whichever was read last, none takes the place of another one."""
    parts: list[Part] = []
    for part in given(make(RECORDS)).parts(2):  # type: ignore[call-arg]
        parts.append(part)
        assert read(parts[0]) == [(1, RECORDS[0]), (2, RECORDS[1])]
    assert [record for part in parts for _, record in read(part)] == RECORDS


@KINDS
def test_a_part_travels(make: type[Iterable[object]]) -> None:
    """Another process gets its records."""
    for part in given(make(RECORDS)).parts(4):  # type: ignore[call-arg]
        assert read(pickle.loads(pickle.dumps(part))) == read(part)


@KINDS
def test_no_records_are_no_parts(make: type[Iterable[object]]) -> None:
    """Nothing is judged."""
    assert [*given(make([])).parts(3)] == []  # type: ignore[call-arg]


def test_records_of_a_program_have_no_file() -> None:
    """Neither a name, nor a size, nor columns, nor notices."""
    source = given(RECORDS)
    assert (source.name, source.size, source.notices) == ("", 0, ())
    source.column("/a")


def test_an_iterator_is_read_as_far_as_it_is_asked_for() -> None:
    """One part after the other."""
    taken: list[int] = []

    def records() -> Iterator[int]:
        for number in range(6):
            taken.append(number)
            yield number

    parts = given(records()).parts(2)
    next(parts)
    assert taken == [0, 1]
    next(parts)
    assert taken == [0, 1, 2, 3]


def test_the_file_goes_with_the_last_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody need close anything; until then each part can be read."""
    file = (tmp_path / "kept").open("w+b")
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: file)
    parts = [*given(iter(RECORDS)).parts(3)]
    kept = parts.pop()
    parts.clear()
    assert read(kept) == [(7, RECORDS[6])]
    before = file.closed
    del kept
    assert (before, file.closed) == (False, True)


def endless(levels: int) -> list[object]:
    """A list in a list in a list."""
    value: list[object] = []
    for _ in range(levels):
        value = [value]
    return value


@KINDS
@pytest.mark.parametrize(
    "odd", [lambda: 1, endless(5_000), threading.Lock()], ids=["function", "deep", "lock"]
)
def test_a_record_that_is_none_is_refused(make: type[Iterable[object]], odd: object) -> None:
    """Also a record that cannot be written to disk; the others are judged."""
    records = [{"participantIdentifier": "A"}, odd, {"participantIdentifier": "A"}]
    task = ProjectTask(project.Project(id="P"), allow_update=True)
    found = [each.action for each in check(make(records), task)]  # type: ignore[call-arg]
    assert found == ["add", "refused", "none"]


@KINDS
def test_records_are_not_shown(make: type[Iterable[object]]) -> None:
    """They are personal data."""
    source = given(make([{"login": "Robin"}]))  # type: ignore[call-arg]
    assert "Robin" not in repr([source, *source.parts(1), next(source.parts(1), None)])


class Frame:
    """The attributes of a pandas frame."""

    columns = ("email",)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def iterrows(self) -> None:
        """Its rows."""

    def to_dict(self) -> None:
        """Its records."""


class OtherFrame:
    """The attributes of a polars frame."""

    columns = ("email",)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def to_dicts(self) -> None:
        """Its records."""


class LazyFrame:
    """The attributes of a lazy polars frame."""

    columns = ("email",)

    def collect_schema(self) -> None:
        """Its columns."""

    def collect(self) -> OtherFrame:
        """The frame itself."""
        return OtherFrame()


class Table:
    """The attributes of an Arrow table."""

    column_names = ("email",)

    def to_pylist(self) -> None:
        """Its records."""


class DaskFrame(Frame):
    """The attributes of a Dask frame."""

    def compute(self) -> Frame:
        """The frame of pandas."""
        return Frame()


class Model:
    """The attributes of a pydantic model; iterating over it gives its fields."""

    model_fields = ("email",)

    def model_dump(self) -> None:
        """Its record."""


class AnyFrame:
    """The attributes of any frame by the interchange protocol."""

    def __dataframe__(self) -> None:
        """Its columns."""


@pytest.mark.parametrize(
    ("records", "advice"),
    [
        ("{}", "its lines, where it is JSON lines, or a list of texts; a file is opened by open_source"),
        (b"{}", "its lines, where it is JSON lines, or a list of texts; a file is opened by open_source"),
        (bytearray(b"{}"), "its lines, where it is JSON lines, or a list of texts"),
        (memoryview(b"{}"), "its lines, where it is JSON lines, or a list of texts"),
        ({"participants": []}, "a list, even of one record; of a bulk body its `participants`"),
        (Frame(), 'frame.to_dict("records")'),
        (OtherFrame(), "frame.to_dicts()"),
        (LazyFrame(), "frame.collect().to_dicts()"),
        (Table(), "table.to_pylist()"),
        (DaskFrame(), 'frame.compute().to_dict("records")'),
        (Model(), 'a list, even of one: [model.model_dump(mode="json")]'),
        (AnyFrame(), "a list of its rows as dictionaries"),
        (Path("people.jsonl"), "its lines, where it is JSON lines; a file is opened by open_source"),
        (7, "an iterable of them"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_no_iterable_of_records(records: Any, advice: str) -> None:
    """It is an error of the program, raised at once, with the right types."""
    task = ProjectTask(project.Project(id="P1"), None)
    kind = type(records).__name__
    message = f"records are JSON texts or decoded values, and this is of the type {kind}: hand in {advice}"
    with pytest.raises(TypeError) as wrong:
        check(records, task)
    assert str(wrong.value) == message
    with pytest.raises(TypeError, match=r"^records are JSON texts or decoded values"):
        check_chunk(records, task)


def test_a_sequence_without_slices() -> None:
    """It is read as it comes, and again where another pass is wanted."""
    rows = deque({"participantIdentifier": f"A-{number % 3}"} for number in range(5))
    outcomes = check(rows, ProjectTask(project.Project(id="P1"), None, allow_update=True))
    assert [(each.number, each.action) for each in outcomes] == [
        (0, "add"),
        (1, "add"),
        (2, "add"),
        (3, "none"),
        (4, "none"),
    ]


def test_records_as_a_frame_gives_them() -> None:
    """A missing number is NaN there, and found where it stands."""
    outcomes = check(
        [{"participantIdentifier": "A", "customFields": {"a": float("nan")}}],
        ProjectTask(project.Project(id="P1"), None),
    )
    assert [(each.violation.code, each.violation.pointer) for one in outcomes for each in one.findings] == [
        ("number-not-finite", "/customFields/a")
    ]


def test_the_values_of_a_member() -> None:
    """The values of a sequence decide which part comes first in a date; an iterator is read once."""
    days = ["12/11/1990", "31/12/1990"]
    records = [{"participantIdentifier": "A", "demographics": {"dateOfBirth": day}} for day in days]
    task = ProjectTask(project.Project())
    for given_records, repaired in ((records, "1990-11-12"), (iter(records), None)):
        first, _ = check(given_records, task, repairs=True)
        repair = first.findings[0].violation.repair
        assert (repair.value if repair else None) == repaired
