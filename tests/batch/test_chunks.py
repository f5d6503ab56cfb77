"""The outcomes of a chunk, as a value."""

import pickle

import pytest

from participant_rules import Violation
from participant_rules.batch import ChunkResult
from participant_rules.batch.chunks import Draft

WRONG = Violation("wrong", "It is wrong.", pointer="/a")
ODD = Violation("odd", "It is odd.", severity="warning")


def result(first: int = 0, *held: int) -> ChunkResult:
    """Three rows, the second of which is wrong, and each of which makes a hold."""
    draft = Draft(first, 3)
    draft.put(0, "update", (ODD,))
    draft.put(1, "refused", (WRONG, ODD))
    draft.hold(range(3), held or (1, 2, 3))
    return draft.finished()


def test_a_draft_adds_records_without_findings() -> None:
    """Rows are numbered from the first one; most rows get the usual action."""
    assert [*result(5)] == [(5, "update", (ODD,)), (6, "refused", (WRONG, ODD)), (7, "add", ())]
    assert [*Draft(2, 2, "none").finished()] == [(2, "none", ()), (3, "none", ())]
    assert (len(result()), len(ChunkResult())) == (3, 0)


def test_actions_are_counted() -> None:
    """Also actions without a row."""
    assert result().merge(result(3, 4, 5, 6)).actions == {"add": 2, "update": 2, "none": 0, "refused": 2}
    assert ChunkResult().actions == {"add": 0, "update": 0, "none": 0, "refused": 0}


def test_merged_rows_are_in_their_order() -> None:
    """Whichever comes first; nothing merged with a chunk is that chunk."""
    one, other = result(0), result(3, 4, 5, 6)
    merged = other.merge(one)
    assert [*merged] == [*one, *other] == [*one.merge(other)]
    assert [*ChunkResult().merge(one)] == [*one]
    assert merged.conflicting == ()


def test_rows_that_share_a_key_conflict() -> None:
    """In the order of the rows, each once."""
    assert result(0, 1, 2, 1).conflicting == (0, 2)
    assert result(3, 7, 8, 9).merge(result(0, 9, 9, 1)).conflicting == (0, 1, 5)


def test_shifted_rows_are_the_same_rows() -> None:
    """With higher numbers, their findings and their keys too."""
    shifted = result(1, 4, 5, 4).shifted(10)
    assert [*shifted] == [(number + 10, action, found) for number, action, found in result(1)]
    assert shifted.conflicting == (11, 13)


def test_what_was_decided_takes_the_place_of_what_was_judged() -> None:
    """In whichever piece; withdrawn findings are gone, and the keys stay."""
    whole = result(0, 1, 2, 3).merge(result(3, 3, 5, 6))
    resolved = whole.resolved([(1, "none", ()), (3, "refused", (WRONG,)), (5, "update", ())])
    assert [*resolved] == [
        (0, "update", (ODD,)),
        (1, "none", ()),
        (2, "add", ()),
        (3, "refused", (WRONG,)),
        (4, "refused", (WRONG, ODD)),
        (5, "update", ()),
    ]
    assert resolved.conflicting == whole.conflicting == (2, 3)
    assert [*whole.resolved([])] == [*whole]
    assert 1 not in resolved.findings


def test_a_result_travels() -> None:
    """Between processes."""
    travelled = pickle.loads(pickle.dumps(result(0, 1, 2, 1)))
    assert ([*travelled], travelled.conflicting) == ([*result()], (0, 2))


@pytest.mark.parametrize("each", [result(), ChunkResult()], ids=["three rows", "no row"])
def test_a_result_shows_little(each: ChunkResult) -> None:
    """The numbers of its rows and their actions."""
    assert repr(each).startswith("ChunkResult(pieces=")
    assert "wrong" not in repr(each)
