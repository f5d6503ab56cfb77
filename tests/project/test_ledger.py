"""The holders of keys while a batch is decided."""

import pytest

from participant_rules.project.ledger import Index


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
