"""Who was first to claim what, in memory and on disk."""

import tempfile
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from participant_rules.batch.index import Index


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("most", [0, 1, 3, 100, 10_000])
def test_what_was_added_is_found(most: int, folder: Path) -> None:
    """However many claims are kept in memory; others are not found."""
    random, added = Random(5), dict[int, int]()
    with Index(most) as index:
        for row in range(300):
            some = {random.randrange(-(2**63), 2**63): row for _ in range(random.randrange(6))}
            assert index.find(some.keys()) == {}
            index.add(some)
            added |= some
            asked = {*random.sample([*added], min(4, len(added))), random.randrange(2**63), -row}
            assert index.find(asked) == {each: added[each] for each in asked if each in added}
        assert index.find(added.keys()) == added
        assert any(folder.iterdir()) is (most < len(added))
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize("most", [1, 100])
def test_the_latest_row_counts(most: int) -> None:
    """Of those that made a claim, in memory; a database has it at the latest with the next one."""
    with Index(most) as index:
        index.add({1: 0, 2: 0, 3: 0})
        index.add({1: 7, 4: 7})
        assert index.find({1, 2, 4, 5}) == {1: 7, 2: 0, 4: 7}


def test_claims_that_look_alike_to_the_filter_are_told_apart() -> None:
    """It only says where nothing need be looked for."""
    with Index(1) as index:
        index.add({5: 1, 6: 2})
        assert index.find({5 + (1 << 25), 5, 6 - (1 << 60)}) == {5: 1}


def test_many_are_found_at_once() -> None:
    """More than a statement has parameters."""
    added = {each * 7919: each for each in range(2_500)}
    with Index(1) as index:
        index.add(added)
        assert index.find(added.keys()) == added


def test_the_file_goes_when_something_fails(folder: Path) -> None:
    """And closing twice is closing."""
    index = Index(1)
    with suppress(KeyError), index:
        index.add({1: 1, 2: 2})
        assert len([*folder.iterdir()]) == 1
        raise KeyError
    assert [*folder.iterdir()] == []
    index.close()
