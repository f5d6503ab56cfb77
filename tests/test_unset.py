"""The two ways of having no value."""

import pickle

from participant_rules import UNSET
from participant_rules.unset import UNREADABLE, Unset


def test_neither_is_true() -> None:
    """A left out value and an unreadable one are false in a condition."""
    assert [bool(each) for each in Unset] == [False, False]


def test_repr_is_the_name() -> None:
    """Each shows the name under which it is imported."""
    assert [repr(each) for each in Unset] == ["UNSET", "UNREADABLE"]


def test_they_stay_the_same_objects() -> None:
    """Both are compared with `is`, also after a pickle."""
    assert pickle.loads(pickle.dumps((UNSET, UNREADABLE))) == (UNSET, UNREADABLE)
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET
    assert UNSET is not UNREADABLE
