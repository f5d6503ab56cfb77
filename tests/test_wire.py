"""Payload to entity and back."""

from collections.abc import Mapping
from typing import Any

import pytest
from attrs import NOTHING, frozen

from participant_rules import RuleSet, Severity
from participant_rules.engine.case import RecordCase
from participant_rules.schema.members import extras, member
from participant_rules.schema.tree import Schema
from participant_rules.unset import UNREADABLE, Unset
from participant_rules.wire import FAULTS, Malformed, Wire, parameter_malformed, unknown_field


@frozen(weakref_slot=False)
class Part:
    """A part of a whole."""

    name: str | None | Unset = member()
    status: str | Unset = member(read_only=True)
    extras: Mapping[str, Any] = extras()


@frozen(weakref_slot=False)
class Whole:
    """A whole."""

    id: str = member(default=NOTHING)
    a_part: Part | None | Unset = member()
    parts: tuple[Part | Unset, ...] | None | Unset = member()
    words: tuple[str, ...] | Unset = member()
    is_new: bool | Unset = member(wire="new")
    extras: Mapping[str, Any] = extras()


class Case(RecordCase):
    """The facts of the warning."""

    fact_names, content, readings = frozenset[str](), frozenset[str](), None

    def __init__(self, asked: object) -> None:
        self.asked = asked

    @property
    def schema(self) -> Schema:
        return Schema(Whole)

    def part(self, section: str) -> object:
        return self.asked if not section else None


REQUEST, STORED = Wire(), Wire(stored=True)
DATA = {"id": "1", "aPart": {"name": None}, "parts": [{"name": "a"}, {}], "words": ["b"], "new": False}
WHOLE = Whole(id="1", a_part=Part(None), parts=(Part("a"), Part()), words=("b",), is_new=False)


def test_read() -> None:
    """A sound payload becomes its entity."""
    assert REQUEST.read(Whole, DATA) == (WHOLE, ())


def test_faults_have_pointers_and_name_the_expected_type() -> None:
    """All faults come at once, with pointers that start at the path, and none shows a value."""
    entity, faults = REQUEST.read(
        Whole,
        {"aPart": {"name": "secret", "x/y": 1}, "parts": [5, {"name": 1}], "new": "secret"},
        ("rows", 2),
    )
    assert [(each.code, each.pointer, each.message, each.status) for each in faults] == [
        ("wrong-type", "/rows/2/id", "The value must be a string.", 400),
        ("wrong-type", "/rows/2/parts/0", "The value must be an object.", 400),
        ("wrong-type", "/rows/2/parts/1/name", "The value must be a string or null.", 400),
        ("wrong-type", "/rows/2/new", "The value must be true or false.", 400),
    ]
    assert isinstance(entity, Whole)
    values: list[object] = [entity.id, entity.is_new, entity.a_part, entity.parts]
    assert values == [UNREADABLE, UNREADABLE, Part("secret"), (UNREADABLE, Part(UNREADABLE))]


def test_a_payload_that_is_no_object_is_one_fault() -> None:
    """There is nothing to read then."""
    entity, faults = REQUEST.read(Whole, [])
    assert entity is UNREADABLE
    assert [(each.code, each.pointer) for each in faults] == [("wrong-type", "")]


def test_read_only_members_are_for_stores() -> None:
    """A request's are ignored, whatever their type; a store's are read."""
    assert REQUEST.read(Part, {"status": 5}) == (Part(), ())
    assert STORED.read(Part, {"status": "x"}) == (Part(status="x"), ())


def test_read_stored() -> None:
    """A definition that cannot be read is a set-up error, which says where."""
    assert STORED.read_stored(Whole, DATA, "whole") == WHOLE
    with pytest.raises(Malformed) as malformed:
        STORED.read_stored(Whole, {"new": 1}, "whole")
    assert str(malformed.value) == (
        "whole: /id The value must be a string.; /new The value must be true or false."
    )
    with pytest.raises(Malformed, match=r"^whole: / The value must be an object\.$"):
        STORED.read_stored(Whole, None, "whole")


def test_write() -> None:
    """Left out members are left out; lists are lists; extras are not written."""
    assert STORED.write(WHOLE) == DATA
    assert STORED.write(Whole(id="1")) == {"id": "1"}
    assert STORED.write(Part("a", "x", {"b": 1})) == {"name": "a", "status": "x"}


def test_unknown_fields() -> None:
    """Undocumented members are warned about, also of parts; a hint names one of another case."""
    data = {
        "id": "1",
        "ID": 1,
        "x": 2,
        "aPart": {"Status": 1, "status": 2, "a/b": 3},
        "parts": [{}, {"y": 4}, None],
    }
    entity, faults = REQUEST.read(Whole, data)
    assert [each.pointer for each in faults] == ["/parts/2"]
    found = RuleSet((unknown_field,)).warnings(Case(entity))
    assert [(each.pointer, each.message, each.severity) for each in found] == [
        ("/ID", "The member is not documented and is ignored; id is.", Severity.WARNING),
        ("/x", "The member is not documented and is ignored.", Severity.WARNING),
        ("/aPart/Status", "The member is not documented and is ignored; status is.", Severity.WARNING),
        ("/aPart/a~1b", "The member is not documented and is ignored.", Severity.WARNING),
        ("/parts/1/y", "The member is not documented and is ignored.", Severity.WARNING),
    ]


def test_faults_of_the_shape() -> None:
    """Both are ours."""
    assert [each.code for each in FAULTS] == ["wrong-type", "parameter-malformed"]
    assert {each.source.kind for each in FAULTS} == {"ours"}
    assert parameter_malformed.law == "A query parameter has a documented value."
