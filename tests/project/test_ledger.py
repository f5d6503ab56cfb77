"""The holders of keys while a batch is decided."""

import pytest

from participant_rules.project.ledger import Entry, Index, Ledger
from participant_rules.project.model import Participant, Stored


def shared(*holders: str) -> Index[str]:
    """An index in which all of these have one key, in this order."""
    index = Index[str]()
    for each in holders:
        index.give("key", each)
    return index


def test_a_key_has_one_holder() -> None:
    """A second take by its holder changes nothing; a participant without a key takes and releases none."""
    index = shared("kim", "kim")
    index.give(None, "lee")
    index.release(None, "lee")
    assert (index.first, index.holders("key"), index.holders("another")) == ({"key": "kim"}, ("kim",), ())
    index.release("key", "kim")
    assert (index.first, index.holders("key")) == ({}, ())


@pytest.mark.parametrize(
    ("leaves", "stay"),
    [("kim", ("lee", "max", "ann")), ("lee", ("kim", "max", "ann")), ("ann", ("kim", "lee", "max"))],
)
def test_the_others_keep_their_order(leaves: str, stay: tuple[str, ...]) -> None:
    """Of a key that a legacy store gave to several, the next in order inherits it."""
    index = shared("kim", "lee", "max", "ann")
    index.release("key", leaves)
    assert (index.first, index.holders("key")) == ({"key": stay[0]}, stay)


def test_a_shared_key_is_free_when_the_last_gives_it_up() -> None:
    """Each of them has it in turn."""
    index = shared("kim", "lee", "max")
    for leaves, stay in [("kim", ("lee", "max")), ("lee", ("max",)), ("max", ())]:
        index.release("key", leaves)
        assert index.holders("key") == stay
    index.give("key", "ann")
    assert index.holders("key") == ("ann",)


def test_holders_stand_in_the_order_of_their_places() -> None:
    """A holder without a place comes last, and a key of one has no order."""
    index = shared("kim", "lee", "max")
    index.order("key", {"max": 0, "lee": 1})
    assert index.holders("key") == ("max", "lee", "kim")
    index.order(None, {"kim": 0})
    index.order("another", {"kim": 0})
    assert (index.first, index.holders("key")) == ({"key": "max"}, ("max", "lee", "kim"))


def test_a_participant_whom_a_row_adds() -> None:
    """Its keys find it, with the row that gave them; the id is not made yet."""
    ledger = Ledger(complete=True)
    added = Stored(Participant())
    ledger.take_in_new(
        added, {"id": "1", "participantIdentifier": "N", "demographics.email": None}, "/3/{}".format
    )
    found = ledger.find("participantIdentifier", "N")
    assert found is not None
    assert (found.standing, found.keys, found.rows) == (
        added,
        {"participantIdentifier": "N"},
        {"participantIdentifier": "/3/participantIdentifier"},
    )
    assert (ledger.find("id", "1"), ledger.find("demographics.email", None)) == (None, None)


def test_a_key_that_a_row_changes() -> None:
    """The one before is free, the same one is no change, and one that is cleared leaves nothing."""
    ledger = Ledger(complete=True)
    entry = Entry(Stored(Participant()))
    for row, key in enumerate(("a", "b", "b", None, None)):
        ledger.set_key(entry, "path", key, f"/{row}/path")
        assert (ledger.find("path", key), entry.keys.get("path")) == (entry if key else None, key)
        assert entry.rows == {"path": f"/{(0, 1, 1, 3, 3)[row]}/path"}
        assert ledger.find("path", "a" if key != "a" else "b") is None
