"""A journal holds no personal data, is on disk before going on, and is one process's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from participant_rules.delivery import Journal, Marks, Row
from participant_rules.delivery.rows import State
from participant_rules.unusable import Unusable
from participant_rules.violations import Violation

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is."""
    return tmp_path / "r.csv.journal.jsonl"


def row(marks: Marks, text: str, number: int = 0) -> Row:
    """A row."""
    return Row(number, marks.of(text.encode()), text.encode(), "add")


def opened(path: Path) -> tuple[Journal, Marks]:
    """The journal, and marks with its key."""
    marks = Marks.beside(path)
    return Journal.at(path, marks, "project P"), marks


def test_what_became_of_rows_is_read_again(path: Path) -> None:
    """Of each sort of call; the last one is open."""
    journal, marks = opened(path)
    rows = [row(marks, text, n) for n, text in enumerate(["a", "b", "a", "c", "d", "e"])]
    journal.begin(rows[:2], [2, 3])
    journal.sent(["add", "update"])
    journal.begin(rows[2:4], [4, 5])
    journal.refused({1: [Violation("email-taken", "Is kim@example.com's.", pointer="/demographics/email")]})
    journal.begin(rows[4:5], [6])
    journal.unknown()
    journal.begin(rows[2:3], [4])
    journal.nothing()
    journal.begin(rows[5:], [7])
    journal.close()
    again, _ = opened(path)
    refusal = Violation("email-taken", "", pointer="/demographics/email")
    assert again.states == {
        rows[0].mark: State("sent", "add"),
        rows[1].mark: State("sent", "update"),
        rows[3].mark: State("refused", violations=(refusal,)),
        rows[4].mark: State("unknown"),
    }
    assert again.open == ((7, rows[5].mark, "add"),)
    assert rows[2].mark == (rows[0].mark[0], 1)
    again.sent()
    assert again.states[rows[5].mark] == State("sent", "add")
    again.close()


def test_no_value_is_in_it(path: Path) -> None:
    """Its hashes have a key that only its owner can read, and that is another one for each journal."""
    journal, marks = opened(path)
    journal.begin([row(marks, "kim@example.com")], [2])
    journal.refused({0: [Violation("odd", "kim@example.com is odd", pointer="/a")]})
    journal.close()
    other = Marks.beside(path.with_name("other.journal.jsonl"))
    assert "kim" not in path.read_text()
    assert other.hashed(b"x") != marks.hashed(b"x") == Marks.beside(path).hashed(b"x")
    assert "kim" not in repr((journal, marks, row(marks, "kim")))
    key = path.with_suffix(".key")
    assert key.name == "r.csv.journal.key"
    if os.name == "posix":
        assert key.stat().st_mode & 0o077 == 0


def test_each_line_is_on_disk_before_going_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written through, so that a failure of power loses none."""
    journal, marks = opened(path)
    lines: list[int] = []
    synced = os.fsync

    def sync(handle: int) -> None:
        lines.append(path.read_bytes().count(b"\n"))
        synced(handle)

    monkeypatch.setattr(os, "fsync", sync)
    journal.begin([row(marks, "a")], [1])
    journal.sent(["add"])
    journal.close()
    assert lines == [2, 3]


def test_another_server_or_a_damaged_journal(path: Path) -> None:
    """Neither is gone on with."""
    journal, marks = opened(path)
    journal.close()
    with pytest.raises(Unusable, match="another server"):
        Journal.at(path, marks, "project Q")
    whole = path.read_bytes()
    for odd in [b"[]\n", b'{"call": 1, "rows": [[1]]}\n', b"{\n", b'{"call": 1, "sent": 3}\n']:
        path.write_bytes(whole + odd)
        with pytest.raises(Unusable, match="line 2 is none of a journal's"):
            Journal.at(path, marks, "project P")
    path.write_bytes(whole + b"[" * 100_000 + b"\n")
    with pytest.raises(Unusable, match="line 2 is none of a journal's"):
        Journal.at(path, marks, "project P")
    path.write_bytes(whole + b'{"call": 1, "rows": [[2')
    Journal.at(path, marks, "project P").close()
    assert path.read_bytes() == whole
    path.write_bytes(json.dumps({"journal": 2, "purpose": ""}).encode() + b"\n")
    with pytest.raises(Unusable, match="line 1 is none"):
        Journal.at(path, marks, "project P")


def calls(path: Path) -> tuple[list[bytes], Marks]:
    """The lines of a journal of three calls with two rows each, the last of them open."""
    journal, marks = opened(path)
    rows = [row(marks, text, n) for n, text in enumerate("abcdef")]
    journal.begin(rows[:2], [2, 3])
    journal.sent(["add", "update"])
    journal.begin(rows[2:4], [4, 5])
    journal.refused({1: [Violation("odd", "", pointer="/a")]})
    journal.begin(rows[4:], [6, 7])
    journal.close()
    return path.read_bytes().splitlines(keepends=True), marks


@pytest.mark.parametrize(("missing", "number"), [(1, 2), (2, 3), (3, 4), (4, 5)])
def test_a_line_that_is_missing(path: Path, missing: int, number: int) -> None:
    """What it said of rows would be lost, and these be sent again: the journal is unusable."""
    lines, marks = calls(path)
    path.write_bytes(b"".join([*lines[:missing], *lines[missing + 1 :]]))
    with pytest.raises(Unusable, match=f"line {number} is none of a journal's"):
        Journal.at(path, marks, "project P")


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        (1, b'"call": 1', b'"call": 2'),
        (1, b"[[2, ", b"[[null, "),
        (1, b", 0, ", b', "0", '),
        (1, b'"add"', b'"refused"'),
        (2, b'"call": 1', b'"call": 3'),
        (2, b'"sent"', b'"cent"'),
        (2, b', "update"', b""),
        (2, b'"update"', b'"refused"'),
        (4, b'{"1":', b'{"2":'),
        (4, b'{"1":', b'{"-1":'),
        (4, b'{"1":', b'{"one":'),
    ],
)
def test_a_line_that_was_edited(path: Path, place: int, before: bytes, after: bytes) -> None:
    """It says something else than what was written: the journal is unusable."""
    lines, marks = calls(path)
    lines[place] = lines[place].replace(before, after, 1)
    path.write_bytes(b"".join(lines))
    with pytest.raises(Unusable, match=f"line {place + 1} is none of a journal's"):
        Journal.at(path, marks, "project P")


def test_a_last_line_without_its_end(path: Path) -> None:
    """It is whole: its call has begun."""
    lines, marks = calls(path)
    path.write_bytes(b"".join(lines).removesuffix(b"\n"))
    journal = Journal.at(path, marks, "project P")
    assert [place for place, _, _ in journal.open] == [6, 7]
    journal.nothing()
    journal.close()
    assert path.read_bytes() == b"".join(lines) + b'{"call": 3, "nothing": true}\n'


def test_a_call_that_is_still_open(path: Path) -> None:
    """Another one cannot begin: a program has to resume first."""
    journal, marks = opened(path)
    rows = [row(marks, text, n) for n, text in enumerate("ab")]
    journal.begin(rows[:1], [2])
    with pytest.raises(ValueError, match="a call is open"):
        journal.begin(rows[1:], [3])
    journal.close()


@pytest.mark.parametrize("key", ["", "00" * 31, "00" * 65])
def test_a_key_of_another_length(path: Path, key: str) -> None:
    """It is none: rows that are hashed without one could be guessed."""
    path.with_suffix(".key").write_text(key)
    with pytest.raises(Unusable, match="the key cannot be used"):
        Marks.beside(path)


def test_a_journal_without_its_key(path: Path) -> None:
    """No row would be known again: everything would be sent once more."""
    opened(path)[0].close()
    path.with_suffix(".key").unlink()
    with pytest.raises(Unusable, match="the key of the journal is missing"):
        Marks.beside(path)
    path.with_suffix(".key").write_text("no key")
    with pytest.raises(Unusable, match="the key cannot be used"):
        Marks.beside(path)


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    """It is an error in one line."""
    with pytest.raises(Unusable, match="cannot be used"):
        Marks.beside(tmp_path / "none" / "r.journal.jsonl")
    marks = Marks.beside(tmp_path / "r.journal.jsonl")
    with pytest.raises(Unusable, match="the journal cannot be used"):
        Journal.at(tmp_path, marks, "project P")


def test_one_process_at_a_time(path: Path) -> None:
    """The other one gets an error; a process that has died no longer counts."""
    code = (
        "import sys; from pathlib import Path; from participant_rules.delivery import Journal, Marks\n"
        "path = Path(sys.argv[1]); held = Journal.at(path, Marks.beside(path), 'project P')\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(Unusable, match="another process is sending this file"):
            opened(path)
        process.kill()
        process.wait()
    opened(path)[0].close()


def test_a_closed_journal_takes_no_lines(path: Path) -> None:
    """A program that goes on all the same gets an error."""
    with pytest.raises(ValueError, match="closed"):
        Journal(path).begin([], [])
    Journal(path).close()
