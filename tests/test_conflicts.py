"""How a commit can lose."""

import pickle

import pytest

from participant_rules.conflicts import Conflict, Stale, Taken, Vanished


def test_taken_names_the_field_and_the_write() -> None:
    """Taken has the field of the lost unique value, and the place of the write."""
    assert (Taken("login").field, Taken("login").position) == ("login", 0)
    assert (Taken("email", 3).field, Taken("email", 3).position) == ("email", 3)


def test_vanished_names_the_write() -> None:
    """Vanished has the place of the write without a participant."""
    assert (Vanished().position, Vanished(2).position) == (0, 2)


@pytest.mark.parametrize("conflict", [Taken("email", 3), Vanished(2), Stale()], ids=repr)
def test_conflicts_travel_between_processes(conflict: Conflict) -> None:
    """A pickled conflict keeps its fields."""
    copied = pickle.loads(pickle.dumps(conflict))
    assert (type(copied), copied.args, vars(copied)) == (type(conflict), conflict.args, vars(conflict))
