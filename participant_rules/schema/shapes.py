"""What a payload may look like: a strict accepting function for each entity class, and its slow twin.

An entity class says with its annotations what its members may be: `str | None | Unset` is a string, null, or
left out. From that a `Shape` generates Python code that accepts a JSON object and builds the entity in one
go; code that checks each member in line costs a third of code that loops over them. What it does not accept,
the slow twin reads again: member by member, with a report for every fault and UNREADABLE in its place.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import NOTHING, field, frozen

from participant_rules.schema.form import Form, OpenForm
from participant_rules.unset import UNREADABLE, UNSET, Unset

__all__ = ["Member", "Mismatch", "Path", "Report", "Shape", "blank_class", "camel_case", "extras", "member"]

Path = tuple[str | int, ...]
Report = Callable[[Path, str], None]
FormOf = Form | Callable[[Any], Form]
OpenFormOf = Callable[[Any], OpenForm]


def member(
    *,
    default: Any = UNSET,
    wire: str = "",
    trim: bool = False,
    empty: bool = True,
    read_only: bool = False,
    form: FormOf | None = None,
    members: OpenFormOf | None = None,
    unique: bool | Callable[[Any], bool] = False,
) -> Any:
    """A member of an entity, left out by default; with `default=NOTHING` it must be there.

    `wire` is its documented name where that is not the camelCase of the attribute. With `trim` white space at
    the ends of a text is taken off; with `empty=False` a text in which nothing is left is null. What is
    `read_only` is ignored in a request, whatever its type. `form` is what the value may be, `members` what
    the members of an object may be whose names a definition makes; either may be a function of the
    definition. A value that is `unique` is held by one participant at a time, by the key of its form.
    Members are never shown in a repr: most are personal data.
    """
    metadata = {
        "wire": wire,
        "trim": trim,
        "empty": empty,
        "read_only": read_only,
        "form": form,
        "members": members,
        "unique": unique,
    }
    return field(default=default, repr=False, metadata=metadata)


def extras() -> Any:
    """The place for what a payload holds beyond the members that are read; no part of the entity's value."""
    return field(factory=dict, eq=False, repr=False, metadata={"extras": True})


def camel_case(attribute: str) -> str:
    """The wire name of an attribute.

    >>> camel_case("questionnaire_seeding")
    'questionnaireSeeding'
    """
    first, *rest = attribute.split("_")
    return first + "".join(word.capitalize() for word in rest)


REFUSED: Final = object()
"""A value of a wrong type, which is yet to be reported."""


class Mismatch(TypeError):
    """The accepting function met a value that the slow twin must judge."""


@frozen
class Kind(ABC):
    """What the value of a member may be, as generated code that accepts and as a function that finds faults.

    `expected` completes the sentence "The value must be …".
    """

    accepts = ""  # the expression that is true for a right value, {0}; none where the conversion tells
    expected: str

    def convert(self, value: str) -> str:
        """The expression for the accepted value."""
        return value

    @abstractmethod
    def read(self, value: Any, path: Path, report: Report) -> Any:
        """The value; UNREADABLE for one that is refused, and reports of the faults inside of it.

        REFUSED is a value that is itself of a wrong type.
        """


@frozen
class Plain(Kind):
    """A value without parts."""

    @abstractmethod
    def take(self, value: Any) -> Any:
        """The value, or REFUSED."""

    def read(self, value: Any, path: Path, report: Report) -> Any:  # noqa: ARG002  no part has faults
        return self.take(value)


@frozen
class Text(Plain):
    """A string; trimmed where the class asks for it."""

    trim: bool = False
    empty: bool = True

    accepts = "{0}.__class__ is str"

    def convert(self, value: str) -> str:
        stripped = f"{value}.strip()" if self.trim else value
        return stripped if self.empty else f"({stripped} or None)"

    def take(self, value: Any) -> Any:
        if not isinstance(value, str):
            return REFUSED
        text = value.strip() if self.trim else value
        return text if self.empty else text or None


@frozen
class Boolean(Plain):
    """True or false, and nothing that looks like it."""

    accepts = "{0}.__class__ is bool"

    def take(self, value: Any) -> Any:
        return value if isinstance(value, bool) else REFUSED


@frozen
class Texts(Kind):
    """An object of strings and nulls."""

    accepts = "{0}.__class__ is dict and TEXTS.issuperset(map(CLASS, {0}.values()))"

    def read(self, value: Any, path: Path, report: Report) -> Any:
        if not isinstance(value, dict):
            return REFUSED
        return {name: self._read_one(text, (*path, name), report) for name, text in value.items()}

    def _read_one(self, value: Any, path: Path, report: Report) -> Any:
        if value is None or isinstance(value, str):
            return value
        report(path, "a string or null")
        return UNREADABLE


@frozen
class Anything(Plain):
    """An object of any JSON values."""

    accepts = "{0}.__class__ is dict"

    def take(self, value: Any) -> Any:
        return value if isinstance(value, dict) else REFUSED


@frozen
class Scalar(Plain):
    """A string or a number."""

    accepts = "{0}.__class__ in SCALARS"

    def take(self, value: Any) -> Any:
        right = isinstance(value, str | int | float) and not isinstance(value, bool)
        return value if right else REFUSED


@frozen
class Strings(Plain):
    """A list of strings."""

    accepts = "{0}.__class__ is list and STRING.issuperset(map(CLASS, {0}))"

    def convert(self, value: str) -> str:
        return f"tuple({value})"

    def take(self, value: Any) -> Any:
        right = isinstance(value, list) and all(isinstance(each, str) for each in value)
        return tuple(value) if right else REFUSED


@frozen
class Nested(Kind):
    """An entity."""

    entity: "Shape" = field(kw_only=True)

    def convert(self, value: str) -> str:
        return f"accept_{self.entity.name}({value})"

    def read(self, value: Any, path: Path, report: Report) -> Any:
        return self.entity.read_part(value, path, report)


@frozen
class Several(Kind):
    """A list of entities."""

    entity: "Shape" = field(kw_only=True)

    accepts = "{0}.__class__ is list"

    def convert(self, value: str) -> str:
        return f"tuple([accept_{self.entity.name}(each) for each in {value}])"

    def read(self, value: Any, path: Path, report: Report) -> Any:
        if not isinstance(value, list):
            return REFUSED
        return tuple([self._element(each, (*path, place), report) for place, each in enumerate(value)])

    def _element(self, value: Any, path: Path, report: Report) -> Any:
        found = self.entity.read_part(value, path, report)
        if found is not REFUSED:
            return found
        report(path, "an object")
        return UNREADABLE


# ---- a member and a class of them


@frozen
class Member:
    """One member of an entity: its attribute, its name on the wire, and what its value may be."""

    attribute: str
    name: str
    kind: Kind
    nullable: bool
    read_only: bool
    default: Any
    form: FormOf | None = None
    members: OpenFormOf | None = None
    unique: bool | Callable[[Any], bool] = False

    @property
    def expected(self) -> str:
        """What completes the sentence "The value must be …"."""
        return f"{self.kind.expected} or null" if self.nullable else self.kind.expected

    @property
    def required(self) -> bool:
        """Whether it must be there."""
        return self.default is NOTHING

    def accepting(self) -> list[str]:
        """The lines of code that take the value from `get`, doubt it, or leave it in a variable.

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
        """The code for a value that is left out."""
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
    """What the payload of one entity class may look like; `stored` reads the read-only members too."""

    entity: type
    members: tuple[Member, ...]
    extras: str | None

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.entity.__name__

    @classmethod
    def of(cls, entity: type, *, stored: bool = False) -> "Shape":
        """The shape that the annotations of an attrs class say."""
        hints = get_type_hints(entity)
        fields = attrs.fields(entity)
        gathering = next((each.name for each in fields if each.metadata.get("extras")), None)
        members = [
            _member(each, hints[each.name], stored=stored) for each in fields if "wire" in each.metadata
        ]
        return cls(entity, tuple(members), gathering)

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
        return self.entity(**values)

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
    )


def _hint(allowed: set[Any]) -> Any:
    """The annotation of a value; several are those of a scalar."""
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
    return Anything("an object") if get_args(hint)[1] is Any else Texts("an object of strings")


def _entity(hint: Any) -> type:
    """The class of a list's elements, which may be unreadable."""
    classes: list[type] = [each for each in get_args(hint) or (hint,) if each is not Unset]
    return classes[0]
