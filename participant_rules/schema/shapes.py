"""The shapes of payloads: a strict accepting function for each entity class, and its slow twin.

An entity class says with its annotations what its members may be: `str | None | Unset` is a string, null, or
left out. From that a `Shape` generates Python code that accepts a JSON object and builds the entity in one
go; code that checks each member in line costs a third of code that loops over them. What it does not accept,
the slow twin reads again: member by member, with a report for every fault and UNREADABLE in its place.
"""

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import NOTHING, frozen

from participant_rules.schema.kinds import (
    REFUSED,
    Anything,
    Boolean,
    Kind,
    Nested,
    Path,
    Report,
    Scalar,
    Several,
    Strings,
    Text,
    Texts,
)
from participant_rules.schema.members import FormOf, OpenFormOf, camel_case
from participant_rules.unset import UNREADABLE, UNSET, Unset

__all__ = ["Member", "Mismatch", "Shape", "blank_class"]


class Mismatch(TypeError):
    """Raised by the accepting function for a value that the slow twin must judge."""


@frozen
class Member:
    """One member of an entity: its attribute, its name on the wire, and the kind of its value."""

    attribute: str
    name: str
    kind: Kind
    nullable: bool
    read_only: bool
    default: Any
    form: FormOf | None = None
    members: OpenFormOf | None = None
    unique: bool | Callable[[Any], bool] = False
    alias: str = ""

    @property
    def expected(self) -> str:
        """The end of the sentence "The value must be …"."""
        return f"{self.kind.expected} or null" if self.nullable else self.kind.expected

    @property
    def required(self) -> bool:
        """Whether it must be there."""
        return self.default is NOTHING

    def accepting(self) -> list[str]:
        """The lines of code that take the value from `get` and leave it in a variable, or raise Mismatch.

        A value of the right type is the first thing they look for; one that is left out they count as absent.
        """
        value = self.attribute
        right, converted = self.kind.accepts.format(value), self.kind.convert(value)
        get = f"{value} = get({self.name!r}, UNSET)"
        if not right:
            return [get, *self._without_test(converted)]
        take = f"{value} = {converted}" if converted != value else "pass"
        otherwise = f"elif {value} is not None: raise MISMATCH" if self.nullable else "else: raise MISMATCH"
        return [get, f"if {right}: {take}", f"elif {value} is UNSET: {self._left_out}", otherwise]

    def _without_test(self, converted: str) -> list[str]:
        """The lines for a kind that has no test of its own."""
        value = self.attribute
        there = f"elif {value} is not None" if self.nullable else "else"
        return [f"if {value} is UNSET: {self._left_out}", f"{there}: {value} = {converted}"]

    @property
    def _left_out(self) -> str:
        """The code for an absent value."""
        if self.default is UNSET:
            return "absent += 1"
        return "raise MISMATCH" if self.required else f"absent += 1; {self.attribute} = {self.default!r}"

    def read(self, data: Mapping[str, Any], path: Path, report: Report) -> Any:
        """The value in the object, its default, or UNREADABLE and a report."""
        value = data.get(self.name, UNSET)
        if value is UNSET and not self.required:
            return self.default
        if value is None and self.nullable:
            return value
        here = (*path, self.name)
        found = self.kind.read(value, here, report)
        if found is not REFUSED:
            return found
        report(here, self.expected)
        return UNREADABLE


@frozen
class Shape:
    """The shape of one entity class's payload; `stored` reads the read-only members too."""

    entity: type
    members: tuple[Member, ...]
    extras: str | None

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.entity.__name__

    @classmethod
    def of(cls, entity: type, *, stored: bool = False) -> "Shape":
        """The shape of an attrs class, by its annotations."""
        return _shape_of(entity, stored=stored)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the members."""
        return tuple([each.name for each in self.members])

    @cached_property
    def elements(self) -> Mapping[str, "Shape"]:
        """The shapes of the elements of lists, by the names of these."""
        return {each.name: each.kind.entity for each in self.members if isinstance(each.kind, Several)}

    def read(self, data: Any, path: Path, report: Report) -> Any:
        """The entity with UNREADABLE in the place of every faulty value; UNREADABLE when it is no object."""
        if isinstance(data, dict):
            return self._read(data, path, report)
        report(path, "an object")
        return UNREADABLE

    def _read(self, data: Mapping[str, Any], path: Path, report: Report) -> Any:
        values = {each.attribute: each.read(data, path, report) for each in self._members_read}
        if self.extras:
            names = {each.name for each in self._members_read}
            values[self.extras] = {name: value for name, value in data.items() if name not in names}
        made: Any = object.__new__(blank_class(self.entity))
        for attribute in attrs.fields(self.entity):
            setattr(made, attribute.name, values.get(attribute.name, attribute.default))
        made.__class__ = self.entity
        return made

    @cached_property
    def _members_read(self) -> tuple[Member, ...]:
        return tuple([each for each in self.members if not each.read_only])

    def read_part(self, data: Any, path: Path, report: Report) -> Any:
        """The entity of a part of a faulty one, which mostly has no fault itself; REFUSED for no object."""
        try:
            return self._accept(data)
        except Mismatch:
            return self._read(data, path, report) if isinstance(data, dict) else REFUSED

    @cached_property
    def _accept(self) -> Callable[[Any], Any]:
        return self.accepting()

    def source(self) -> str:
        """The code of the accepting function."""
        read = self._members_read
        lines = ["if data.__class__ is not dict: raise MISMATCH", "get = data.get; absent = 0"]
        for each in read:
            lines += each.accepting()
        lines += ["entity = new(Blank)"]
        lines += [f"entity.{each.attribute} = {each.attribute}" for each in read]
        lines += [f"entity.{each.attribute} = UNSET" for each in self.members if each.read_only]
        if self.extras:
            lines += [
                f"if len(data) + absent == {len(read)}: entity.{self.extras} = NOTHING",
                f"else: entity.{self.extras} = {{k: v for k, v in data.items() if k not in NAMES}}",
            ]
        lines += ["entity.__class__ = Entity", "return entity"]
        return "\n    ".join([f"def accept_{self.name}(data):", *lines])

    def accepting(self) -> Callable[[Any], Any]:
        """The accepting function: the entity, or Mismatch."""
        scope: dict[str, Any] = {
            "UNSET": UNSET,
            "MISMATCH": Mismatch,  # the class: an instance raised again would keep the frames of every raise
            "NOTHING": _NOTHING,
            "CLASS": type,  # a member may be called like it
            "STRING": frozenset({str}),
            "TEXTS": frozenset({str, NoneType}),
            "SCALARS": frozenset({str, int, float}),
            "NAMES": frozenset(each.name for each in self.members if not each.read_only),
            "new": object.__new__,
            "Blank": blank_class(self.entity),
            "Entity": self.entity,
        }
        for inner in (each.kind.entity for each in self.members if isinstance(each.kind, Nested | Several)):
            scope[f"accept_{inner.name}"] = inner.accepting()
        exec(self.source(), scope)  # noqa: S102  the code is made of attribute names of our own classes
        accept: Callable[[Any], Any] = scope[f"accept_{self.name}"]
        return accept


@cache  # a store of one's own may read its definition for each request
def _shape_of(entity: type, *, stored: bool) -> Shape:
    hints = get_type_hints(entity)
    fields = attrs.fields(entity)
    gathering = next((each.name for each in fields if each.metadata.get("extras")), None)
    members = [_member(each, hints[each.name], stored=stored) for each in fields if "wire" in each.metadata]
    return Shape(entity, tuple(members), gathering)


_NOTHING: Mapping[str, Any] = {}  # shared by all entities without extras; it travels between processes


@cache
def blank_class(entity: type) -> type:
    """A mutable class with the slots of a frozen one.

    Its instance is filled and then given the class of the entity: that costs a third of calling the
    constructor of a frozen class, which goes through object.__setattr__ for each attribute.
    """
    return type("Blank", entity.__bases__, {"__slots__": entity.__dict__["__slots__"]})


def _member(declared: "attrs.Attribute[Any]", hint: Any, *, stored: bool) -> Member:
    allowed = set(get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)) - {Unset}
    metadata = declared.metadata
    return Member(
        attribute=declared.name,
        name=metadata["wire"] or camel_case(declared.name),
        kind=_kind(_hint(allowed - {NoneType}), metadata, stored=stored),
        nullable=NoneType in allowed,
        read_only=metadata["read_only"] and not stored,
        default=declared.default,
        form=metadata["form"],
        members=metadata["members"],
        unique=metadata["unique"],
        alias=metadata["alias"],
    )


def _hint(allowed: set[Any]) -> Any:
    """The annotation of a value; several stand for a scalar."""
    return allowed.pop() if len(allowed) == 1 else float


def _kind(hint: Any, metadata: Mapping[str, Any], *, stored: bool) -> Kind:
    """The kind of value that an annotation without null and left out allows."""
    plain: Mapping[Any, Callable[[], Kind]] = {
        str: lambda: Text("a string", trim=metadata["trim"], empty=metadata["empty"]),
        bool: lambda: Boolean("true or false"),
        float: lambda: Scalar("a string or a number"),
        tuple[str, ...]: lambda: Strings("a list of strings"),
    }
    if hint in plain:
        return plain[hint]()
    if get_origin(hint) is tuple:
        return Several("a list", entity=Shape.of(_entity(get_args(hint)[0]), stored=stored))
    if attrs.has(hint):
        return Nested("an object", entity=Shape.of(hint, stored=stored))
    if get_origin(hint) is not Mapping:
        raise TypeError(f"{_name(hint)} is no type of members: {_TYPES}")
    return Anything("an object") if get_args(hint)[1] is Any else Texts("an object of strings")


_TYPES = (
    "these are str, bool, str | int | float, tuple[str, ...], Mapping[str, …], entities, tuples of entities"
)


def _name(hint: Any) -> str:
    return getattr(hint, "__name__", str(hint))


def _entity(hint: Any) -> type:
    """The class of a list's elements, which may be unreadable."""
    classes: list[type] = [each for each in get_args(hint) or (hint,) if each is not Unset]
    return classes[0]
