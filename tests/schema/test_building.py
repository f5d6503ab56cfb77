"""Entities made by generated code equal the class's."""

import pickle
from collections.abc import Mapping
from typing import Any

import pytest
from attrs import NOTHING, asdict, frozen
from attrs.exceptions import FrozenInstanceError

from participant_rules import UNSET
from participant_rules.schema.building import builder
from participant_rules.schema.members import extras, member
from participant_rules.unset import Unset


@frozen(weakref_slot=False)
class Book:
    """An entity of every sort of member."""

    title: str = member(default=NOTHING)
    year: int | None | Unset = member()
    pages: int = member(default=1)
    extras: Mapping[str, Any] = extras()


build = builder(Book)


def test_a_built_entity_is_the_one_that_the_class_makes() -> None:
    """By position or by name, with the same defaults, and extras that are no part of the value."""
    assert build("A") == Book("A") == Book("A", UNSET, 1)
    assert build("A", None, 3) == build(title="A", pages=3, year=None) == Book("A", None, 3)
    made = build("A", extras={"isbn": "1"})
    assert (made, type(made)) == (Book("A"), Book)
    assert asdict(made) == {"title": "A", "year": UNSET, "pages": 1, "extras": {"isbn": "1"}}
    assert asdict(build("A")) == asdict(Book("A"))


def test_a_built_entity_is_frozen_and_travels() -> None:
    """It cannot be changed, hashes as the class's own and comes back from a pickle."""
    made = build("A")
    with pytest.raises(FrozenInstanceError):
        made.title = "B"  # type: ignore[misc]  # that is what is tested
    assert hash(made) == hash(Book("A"))
    assert pickle.loads(pickle.dumps(made)) == made


def test_what_must_be_there_must_be_handed_in() -> None:
    """A member without a default is a parameter without one."""
    with pytest.raises(TypeError, match="title"):
        build()
    with pytest.raises(TypeError, match="author"):
        build("A", author="B")
