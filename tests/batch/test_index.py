"""Which rows hold the same, in memory and on disk."""

import tempfile
import tracemalloc
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from participant_rules.batch import index as index_room
from participant_rules.batch.held_keys import HeldKeys
from participant_rules.batch.index import MOST, Index

LOWEST, HIGHEST = -(2**63), 2**63 - 1


def held(made: list[tuple[int, int]]) -> HeldKeys:
    """HeldKeys of hashes and rows."""
    return HeldKeys(array("q", [each for each, _ in made]), array("q", [row for _, row in made]))


def sharing(made: list[tuple[int, int]]) -> set[int]:
    """The rows that make a hold which another row makes too."""
    rows = defaultdict[int, set[int]](set)
    for each, row in made:
        rows[each].add(row)
    return {row for some in rows.values() if len(some) > 1 for row in some}


# ---- however hashes are made, and wherever they are kept


@pytest.fixture(params=[1 << 18, 300, pytest.param(0, marks=pytest.mark.heavy)], ids=["few", "some", "many"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many keys are kept in a dictionary, the others in few slots, which are soon too few."""
    monkeypatch.setattr(index_room, "_FEW", request.param)
    monkeypatch.setattr(index_room, "_SLOTS", 1 << 11)


HASHES: dict[str, Callable[[Random], int]] = {
    "any": lambda random: random.randint(LOWEST, HIGHEST),
    "few": lambda random: random.choice([0, -1, 1, LOWEST, HIGHEST, *range(-1000, 1000, 50)]),
    "of one slot, and of one bit of the filter": lambda random: (3 << 60) + 8 * random.randrange(2_000),
    "of the last slots and the first ones": lambda random: (
        random.choice([LOWEST, HIGHEST - 5_000]) + random.randrange(5_000)
    ),
    "around 0": lambda random: random.randint(-2_000, 2_000),
    "without low bits": lambda random: random.randrange(-(2**11), 2**11) << 52,
}
KEPT = {
    "on disk": 0,
    "one in memory": 1,
    "some in memory": 100,
    "on disk at the end": 1_100,
    "in memory": 2_000,
}


def chunks(random: Random, make: Callable[[Random], int]) -> Iterator[list[tuple[int, int]]]:
    """The keys of some rows at a time; one makes up to three, now and then the same again."""
    for first in range(0, 1_600, 40):
        rows = range(first, first + random.randrange(40))
        made = [(make(random), row) for row in rows for _ in range(random.randrange(4))]
        yield random.sample(made, len(made)) + made[:1]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("make", HASHES.values(), ids=HASHES)
@pytest.mark.parametrize("most", KEPT.values(), ids=KEPT)
def test_rows_that_share_a_key_are_found(most: int, make: Callable[[Random], int]) -> None:
    """All of them, and no others: each with the first chunk after which it is one."""
    made, found = list[tuple[int, int]](), set[int]()
    with Index(most) as index:
        for chunk in chunks(Random(5), make):
            made += chunk
            found |= index.add(held(chunk))
            assert found == sharing(made)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("most", [10, 20_000])
def test_all_keys_in_one_chunk(most: int) -> None:
    """There may be more of them than memory is for."""
    made = [(each % 9_000 << 49, each) for each in range(10_000)]
    with Index(most) as index:
        assert index.add(held(made)) == sharing(made) == {*range(1_000), *range(9_000, 10_000)}


@pytest.mark.usefixtures("few")
def test_all_keys_may_want_the_last_slot() -> None:
    """The slots behind it are there for them, and more are made in time."""
    with Index() as index:
        for first in range(0, 1_100, 50):
            made = [(HIGHEST - each, each) for each in range(first, first + 50)]
            assert index.add(held(made)) == set()
        assert index.add(held([(HIGHEST - 1_022, 2_000)])) == {1_022, 2_000}


def test_many_are_found_at_once() -> None:
    """On disk: more than a statement has parameters."""
    with Index(0) as index:
        assert index.add(held([(each << 50, each) for each in range(2_500)])) == set()
        assert index.add(held([(each << 50, each + 2_500) for each in range(2_500)])) == {*range(5_000)}


@pytest.mark.parametrize(
    ("most", "few", "bytes_"),
    [
        (MOST, 60_000, 130 * 60_000),
        (MOST, 3_000, 130 * 3_000 + (16 + 4 * 18) * 57_000),
        (8_000, 4_000, 130 * 4_000 + (1 << 24) + (1 << 19) + 50 * 4_000),
    ],
    ids=["few", "two numbers of 64 bits, and here 18 slots", "on disk: those in memory, and the filter"],
)
def test_what_keys_take(most: int, few: int, bytes_: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In arrays much less than in a dictionary."""
    monkeypatch.setattr(index_room, "_FEW", few)
    hashes, rows = array("q", Random(5).randbytes(8 * 60_000)), array("q", range(60_000))
    with Index(most) as index:
        tracemalloc.start()
        for first in range(0, 60_000, 3_000):
            some = slice(first, first + 3_000)
            assert index.add(HeldKeys(hashes[some], rows[some])) == set()
        taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert taken < bytes_


# ---- the file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_file_is_made_when_memory_is_full(folder: Path) -> None:
    """And not before; it goes with the index."""
    with Index(10) as index:
        for row in range(10):
            index.add(held([(row, row)]))
            assert [*folder.iterdir()] == []
        index.add(held([(10, 10)]))
        assert len([*folder.iterdir()]) == 1
    assert [*folder.iterdir()] == []


def test_the_file_goes_when_something_fails(folder: Path) -> None:
    """And closing twice is closing."""
    index = Index(1)
    with suppress(KeyError), index:
        index.add(held([(1, 1), (2, 2)]))
        assert len([*folder.iterdir()]) == 1
        raise KeyError
    assert [*folder.iterdir()] == []
    index.close()
