"""JSON lines are split, and not looked at."""

from pathlib import Path

import pytest

from participant_rules.batch.records import Seekable
from tests.batch.files.samples import chunks, opened, payloads, rows


@pytest.mark.parametrize("records", [1, 3, 2_000])
def test_lines(tmp_path: Path, records: int) -> None:
    """Each line that is not blank is a record without its end, whatever stands on it; rows are lines."""
    data = b'\n{"a": 1}\r\n \t\nnonsense\n\xff\xfe\n\r\n{"b":\r2}\n\n[3]'
    source = opened(tmp_path, data, name="people.jsonl")
    assert payloads(source, records) == [b'{"a": 1}', b"nonsense", b"\xff\xfe", b'{"b":\r2}', b"[3]"]
    assert rows(source, records) == [2, 4, 5, 7, 9]
    assert {each.sound for each in chunks(source, records)} == {False}
    alone = [
        part.payload(offset)
        for part in source.parts(records)
        if isinstance(part, Seekable)
        for offset in part.read().offsets
    ]
    assert alone == payloads(source, records)


def test_a_mark_is_taken_off(tmp_path: Path) -> None:
    """A byte order mark is no part of the first line."""
    source = opened(tmp_path, b'\xef\xbb\xbf{"a": 1}\n{"b": 2}\n', name="people.ndjson")
    assert (payloads(source, 1), rows(source, 1)) == ([b'{"a": 1}', b'{"b": 2}'], [1, 2])


def test_long_lines(tmp_path: Path) -> None:
    """A line may be longer than all that is read at once."""
    lines = [b'"' + b"x" * 100_000 + b'"', b"1", b'"' + b"y" * 300_000 + b'"', b"2"]
    source = opened(tmp_path, b"\n".join(lines), name="people.jsonl")
    assert (payloads(source, 1), rows(source, 1)) == (lines, [1, 2, 3, 4])


def test_many_lines(tmp_path: Path) -> None:
    """Parts have about so many lines each."""
    source = opened(tmp_path, "".join(f'{{"n": {n}}}\n' for n in range(10_000)), name="people.jsonl")
    read = chunks(source, 1_000)
    assert [700 < len(each.payloads) < 1_300 for each in read[:-1]] == [True] * (len(read) - 1)
    assert rows(source, 1_000) == list(range(1, 10_001))
    assert payloads(source, 1_000)[7_654] == b'{"n": 7654}'
