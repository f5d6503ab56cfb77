"""Shapes: the payload of an entity class, by its annotations."""

from collections.abc import Mapping
from typing import Any

import pytest
from attrs import NOTHING, frozen

from participant_rules.schema.kinds import Path
from participant_rules.schema.members import camel_case, extras, member
from participant_rules.schema.shapes import Mismatch, Shape
from participant_rules.unset import UNREADABLE, UNSET, Unset


@frozen(weakref_slot=False)
class Tag:
    """Something small."""

    name: str = member(default=NOTHING)
    odd: bool | Unset = member(wire="isOdd")


@frozen(weakref_slot=False)
class Thing:
    """A member of every kind."""

    text: str | None | Unset = member()
    trimmed: str | Unset = member(trim=True)
    nonempty: str | None | Unset = member(trim=True, empty=False)
    flag: bool | Unset = member()
    with_default: bool = member(default=True)
    words: tuple[str, ...] | None | Unset = member()
    seeding: Mapping[str, str | None] | None | Unset = member()
    fields: Mapping[str, Any] | None | Unset = member()
    tag: Tag | None | Unset = member()
    tags: tuple[Tag | Unset, ...] | Unset = member()
    told: str | Unset = member(read_only=True)
    extras: Mapping[str, Any] = extras()


SHAPE, STORED = Shape.of(Thing), Shape.of(Thing, stored=True)

FULL = {
    "text": "a",
    "trimmed": " b ",
    "nonempty": " c ",
    "flag": False,
    "withDefault": False,
    "words": ["d", ""],
    "seeding": {"e": "f", "g": None},
    "fields": {"h": [1]},
    "tag": {"name": "i", "isOdd": True},
    "tags": [{"name": "j"}],
    "told": "k",
}
THING = Thing(
    text="a",
    trimmed="b",
    nonempty="c",
    flag=False,
    with_default=False,
    words=("d", ""),
    seeding={"e": "f", "g": None},
    fields={"h": [1]},
    tag=Tag("i", True),
    tags=(Tag("j"),),
)


def _read(data: object, shape: Shape = SHAPE, path: Path = ()) -> tuple[Any, list[tuple[Path, str]]]:
    """The entity and the reports of the slow twin."""
    reports: list[tuple[Path, str]] = []
    return shape.read(data, path, lambda where, expected: reports.append((where, expected))), reports


def test_names_on_the_wire() -> None:
    """An attribute is camel case on the wire, unless its member says otherwise."""
    assert [each.name for each in SHAPE.members] == [*FULL]
    assert [camel_case(each) for each in ("a", "opted_out", "a_b_c")] == ["a", "optedOut", "aBC"]


@pytest.mark.parametrize(
    "data", [FULL, {}, {"nonempty": "  "}, {"text": None, "words": None, "tag": None, "seeding": None}]
)
def test_both_twins_read_the_same(data: Mapping[str, Any]) -> None:
    """A payload of the accepting function is read by the slow twin to the same entity, without a report."""
    accepted = SHAPE.accepting()(data)
    assert (accepted, []) == _read(data)
    assert type(accepted) is Thing


def test_a_full_payload() -> None:
    """Texts are trimmed where the class asks for it, and read-only members are left alone."""
    assert SHAPE.accepting()(FULL) == THING
    assert SHAPE.accepting()(FULL).told is UNSET


def test_a_stored_payload() -> None:
    """A stored payload is read with its read-only members."""
    accepted = STORED.accepting()(FULL)
    assert (accepted.told, _read(FULL, STORED)) == ("k", (accepted, []))


def test_what_is_left_out_has_its_default() -> None:
    """Left out is UNSET, or the member's default; a text in which nothing is left may be null."""
    assert SHAPE.accepting()({"nonempty": " "}) == Thing(nonempty=None)
    assert SHAPE.accepting()({}) == Thing()
    assert (Thing().text, Thing().with_default, Thing().extras) == (UNSET, True, {})


def test_extras_are_kept_and_are_no_part_of_the_value() -> None:
    """Undocumented members are gathered; two entities that differ in them alone are equal."""
    for read in (SHAPE.accepting(), lambda data: _read(data)[0]):
        found = read({"Text": "a", "x": [1]})
        assert (found, found.extras) == (Thing(), {"Text": "a", "x": [1]})


def test_a_class_without_a_place_for_extras() -> None:
    """Where nobody asks for them, further members are ignored."""
    assert Shape.of(Tag).accepting()({"name": "a", "x": 1}) == Tag("a")
    assert _read({"name": "a", "x": 1}, Shape.of(Tag)) == (Tag("a"), [])


class _Text(str):
    """A string of a class of its own."""

    __slots__ = ()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("text", 1, "a string or null"),
        ("text", True, "a string or null"),
        ("text", ["a"], "a string or null"),
        ("trimmed", None, "a string"),
        ("flag", None, "true or false"),
        ("flag", 0, "true or false"),
        ("flag", "true", "true or false"),
        ("withDefault", None, "true or false"),
        ("words", "a", "a list of strings or null"),
        ("words", ["a", None], "a list of strings or null"),
        ("words", ["a", 1], "a list of strings or null"),
        ("seeding", ["a"], "an object of strings or null"),
        ("fields", [], "an object or null"),
        ("tag", "a", "an object or null"),
        ("tag", [], "an object or null"),
        ("tags", None, "a list"),
        ("tags", {}, "a list"),
    ],
)
def test_a_value_of_the_wrong_type(name: str, value: object, expected: str) -> None:
    """The accepting function stops; the slow twin reports it at its place and reads on."""
    with pytest.raises(Mismatch):
        SHAPE.accepting()({**FULL, name: value})
    attribute = next(each.attribute for each in SHAPE.members if each.name == name)
    entity, reports = _read({**FULL, name: value}, path=("rows", 7))
    assert reports == [(("rows", 7, name), expected)]
    assert getattr(entity, attribute) is UNREADABLE
    others = [each.attribute for each in SHAPE.members if each.attribute != attribute]
    assert [getattr(entity, each) for each in others] == [getattr(THING, each) for each in others]


def test_faults_inside_of_values() -> None:
    """A fault of a part leaves the rest of it readable."""
    data = {
        "seeding": {"a": 1, "b": "c", "d/e": []},
        "tag": {"name": None, "isOdd": 1},
        "tags": [{"name": "a"}, None, {"isOdd": True}, 5],
    }
    entity, reports = _read(data)
    assert reports == [
        (("seeding", "a"), "a string or null"),
        (("seeding", "d/e"), "a string or null"),
        (("tag", "name"), "a string"),
        (("tag", "isOdd"), "true or false"),
        (("tags", 1), "an object"),
        (("tags", 2, "name"), "a string"),
        (("tags", 3), "an object"),
    ]
    assert entity.seeding == {"a": UNREADABLE, "b": "c", "d/e": UNREADABLE}
    assert (entity.tag.name, entity.tag.odd) == (UNREADABLE, UNREADABLE)
    assert (entity.tags[0], entity.tags[1], entity.tags[3]) == (Tag("a"), UNREADABLE, UNREADABLE)


@pytest.mark.parametrize("data", [None, [], "a", 1, True, UNSET], ids=repr)
def test_a_payload_that_is_no_object(data: object) -> None:
    """Such a payload is unreadable as a whole."""
    with pytest.raises(Mismatch):
        SHAPE.accepting()(data)
    assert _read(data, path=("a",)) == (UNREADABLE, [(("a",), "an object")])


def test_values_of_subclasses_are_read_by_the_slow_twin() -> None:
    """The accepting function takes plain JSON values alone; a text of another class is still a text."""
    with pytest.raises(Mismatch):
        SHAPE.accepting()({"text": _Text("a")})
    assert _read({"text": _Text("a")}) == (Thing(text="a"), [])


def test_what_must_be_there() -> None:
    """A member without a default must be there."""
    with pytest.raises(Mismatch):
        Shape.of(Tag).accepting()({})
    entity, reports = _read({}, Shape.of(Tag))
    assert (entity.name, reports) == (UNREADABLE, [(("name",), "a string")])


def test_members_are_never_shown() -> None:
    """A repr has no member's value: most are personal data."""
    assert repr(THING) == "Thing()"


@frozen
class Counted:
    """An entity with a member of a type that there is not."""

    count: int | None | Unset = member()


@frozen
class Listed:
    """Another one."""

    many: list[str] | Unset = member()


@pytest.mark.parametrize(("entity", "name"), [(Counted, "int"), (Listed, "list")])
def test_a_type_that_is_none_of_members(entity: type, name: str) -> None:
    """The types that there are, are named."""
    with pytest.raises(TypeError) as error:
        Shape.of(entity)
    assert str(error.value) == (
        f"{name} is no type of members: these are str, bool, str | int | float, tuple[str, ...],"
        " Mapping[str, …], entities, tuples of entities"
    )
