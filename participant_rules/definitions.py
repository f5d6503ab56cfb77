"""Definitions of surveys and projects: read strictly, since a misspelt member would do nothing.

A definition is JSON text or what was decoded of it. Faults of a text, and of what stands in it, name line and
column. One that a program constructs is verified as well.
"""

import json
from abc import abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, ClassVar, Self, TypeVar

import attrs

from participant_rules import jsonplaces, jsontext
from participant_rules.due import named, refuse_other
from participant_rules.schema.kinds import REFUSED, Kind, Path, Several, Strings
from participant_rules.schema.shapes import Shape
from participant_rules.spelling import most_similar
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation, pointer
from participant_rules.wire import Malformed, Wire

__all__ = [
    "Definition",
    "Part",
    "due",
    "parsed",
    "placed",
    "several",
    "shown",
    "unknown_member",
]

DataT = TypeVar("DataT")
EntityT = TypeVar("EntityT")

Kept = Mapping[str, type | None]


class Part:
    """The base of a definition's parts: verified by the constructor, and shown by the members that it has."""

    __slots__ = ()

    ignored: ClassVar[Collection[str]] = ()  # members that the vendor's own answers have beside these

    def __attrs_post_init__(self) -> None:
        _verify(self)

    def __repr__(self) -> str:
        return shown(self)


class Definition(Part):
    """The base of definitions."""

    __slots__ = ()

    id: str
    kept: ClassVar[Kept] = {}  # members that a store reads, with the class of elements that are strict too

    def __attrs_post_init__(self) -> None:
        _verify(self)
        if faults := tuple(self._faults()):
            raise Malformed.of(_name(type(self)), faults)

    @abstractmethod
    def _faults(self) -> Iterator[tuple[str, str]]:
        """The faults of values that have the right types: pointers and sentences."""

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The entity of a definition (JSON text, UTF-8 bytes of it, or its decoded object).

        Raises Malformed, which says where it is wrong: a member that is not known is. Members that the
        vendor's answers have are ignored.
        """
        if not isinstance(data, str | bytes | bytearray | memoryview):
            return cls._read(data)
        text = _decoded(data, _name(cls))
        value = parsed(text, _name(cls))
        try:
            return cls._read(value)
        except Malformed as wrong:
            raise placed(wrong, text) from None

    @classmethod
    def _read(cls, data: object) -> Self:
        shape = Shape.of(cls, stored=True)
        found, violations = _built(cls, shape, data)
        faults = [(each.pointer or "", each.text) for each in violations]
        faults += [(pointer(*path), sentence) for path, sentence in _strangers(shape, data, (), cls.kept)]
        if not isinstance(found, Unset) and not violations:
            faults += cls._faults(found)
        if isinstance(found, Unset) or faults:
            raise Malformed.of(_name(cls), faults)
        return found

    def to_json(self) -> dict[str, Any]:
        """The definition as a JSON object."""
        return _wire.write(self)


def _name(kind: type) -> str:
    return kind.__name__.lower()


DefinitionT = TypeVar("DefinitionT", bound=Definition)


def due(kind: type[DefinitionT], value: DefinitionT) -> DefinitionT:
    """A definition that a program has constructed; raises TypeError for any other value."""
    refuse_other(value, kind, f"a {kind.__name__}, as {kind.__name__}.from_json(…) reads one,")
    return value


def _built(
    entity: type[EntityT], shape: Shape, data: object
) -> tuple[EntityT | Unset, tuple[Violation, ...]]:
    """The entity of the members that are read, and the faults of their types."""
    if not isinstance(data, dict):
        return _read_value(entity, data)
    members = {name: value for name, value in data.items() if name in shape.names}
    try:
        text = json.dumps(members, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return _read_value(entity, members)
    if json.loads(text) != members:  # a tuple is no list
        return _read_value(entity, members)
    return _built_of(entity, text)  # type: ignore[arg-type]  # a class is hashable


@lru_cache(maxsize=32)  # what is compiled is kept with it: a server may read it for each request
def _built_of(entity: type[EntityT], text: str) -> tuple[EntityT | Unset, tuple[Violation, ...]]:
    return _read_value(entity, json.loads(text))


def _read_value(entity: type[EntityT], data: object) -> tuple[EntityT | Unset, tuple[Violation, ...]]:
    """The entity of a value that a program made, unless JSON does not have it."""
    value, faults = jsontext.read(data)
    return (value, faults) if faults else _wire.read(entity, value)


def _verify(entity: object) -> None:
    """Raise TypeError for an attribute of a wrong type.

    It is called by the constructors of definitions. Entities that are read do not pass through these.
    """
    for each in Shape.of(type(entity), stored=True).members:
        value = getattr(entity, each.attribute)
        found = None if value is each.default or (value is None and each.nullable) else _odd(each.kind, value)
        if found is not None:
            due = _due(each.kind) + " or None" * each.nullable
            raise TypeError(f"{type(entity).__name__}.{each.attribute}: {due} is due, not {found}")


def _odd(kind: Kind, value: object) -> str | None:
    """The value by its type, where an attribute of this kind may not have it; a list of JSON is a tuple."""
    if isinstance(kind, Strings | Several) and isinstance(value, tuple):
        element = kind.entity.entity if isinstance(kind, Several) else str
        odd = next((each for each in value if not isinstance(each, element)), UNSET)
        return None if odd is UNSET else f"a tuple with {named(odd)}"
    is_list = isinstance(kind, Strings | Several)
    right = not is_list and kind.read(value, (), lambda _path, _expected: None) is not REFUSED
    return None if right else named(value)


def _due(kind: Kind) -> str:
    if isinstance(kind, Several):
        return f"a tuple of {kind.entity.name}"
    return kind.expected.replace("a list", "a tuple")


def several(
    data: Iterable[DataT], read: Callable[[DataT], DefinitionT], key: Callable[[str], Hashable] = str
) -> Iterator[tuple[DefinitionT, DataT]]:
    """The definitions of a list, each with the value that it was read of; `key` gives an id's comparison key.

    Raises TypeError for a single one, whose names or letters would be definitions, and Malformed for two with
    one id.
    """
    if isinstance(data, str | bytes | bytearray | Mapping) or not isinstance(data, Iterable):
        raise TypeError("a list of definitions is due, even of one")
    ids: set[Hashable] = set()
    for each in data:
        found = read(each)
        if key(found.id) in ids:
            raise Malformed.of(_name(type(found)), [("/id", f"Two definitions have the id {found.id!r}.")])
        ids.add(key(found.id))
        yield found, each


def parsed(text: str | bytes, name: str) -> Any:
    """The JSON value of a definition's text; raises Malformed, which names line and column."""
    text = _decoded(text, name)
    value, violations = jsontext.read(text, max_bytes=max(jsontext.MAX_BYTES, 4 * len(text)))
    if violations:
        faults = [(each.pointer or "", each.text) for each in violations]
        raise placed(Malformed.of(name, faults), text, syntax=_syntax(text))
    return value


def placed(wrong: Malformed, text: str, *, syntax: str = "") -> Malformed:
    """The same error with the line and column of each fault; `syntax` is the place of the rest."""
    faults = []
    for where, sentence in wrong.faults:
        found = _place(text, where) if where else None
        place = str(found) if found else syntax
        faults.append((f"{where} ({place})".lstrip() if place else where, sentence))
    return Malformed.of(wrong.name, faults) if faults else wrong


def shown(entity: Any, people: Collection[str] = ()) -> str:
    """A repr of the members by their Python names, without the empty ones.

    That are those that are left out, and what is false, null or empty by default. Of a member that names
    `people` it says how many there are.
    """
    values = {each: getattr(entity, each.name) for each in attrs.fields(type(entity))}
    known = [
        f"{each.name}=<{len(value)}>" if value and each.name in people else f"{each.name}={value!r}"
        for each, value in values.items()
        if not isinstance(value, Unset) and (value or value != each.default)
    ]
    return f"{type(entity).__name__}({', '.join(known)})"


def _decoded(data: str | bytes | bytearray | memoryview, name: str) -> str:
    """The text without a byte order mark."""
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return bytes(data).decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise Malformed(f"{name}: the text is not UTF-8 (at byte {failure.start})") from None


def _place(text: str, where: str) -> jsonplaces.Place | None:
    """Where a member stands, or else the object that lacks it."""
    return jsonplaces.find(text, where) or jsonplaces.find(text, where.rpartition("/")[0])


def _syntax(text: str) -> str:
    """Where a text ceases to be JSON; nothing of one that is."""
    try:
        json.loads(text)
    except json.JSONDecodeError as failure:
        return str(jsonplaces.place(text, jsonplaces.position_of_fault(failure)))
    except (ValueError, RecursionError):
        pass
    return ""


# ---- members that nobody knows


def _strangers(
    shape: Shape, data: object, path: Path, kept: Mapping[str, type | None]
) -> Iterator[tuple[Path, str]]:
    """The unknown members of an object and of the objects in it, with a sentence for each."""
    if not isinstance(data, dict):
        return
    known, lists = shape.names, shape.elements
    if not path:
        known = (*known, *kept)
        lists = {**lists, **{name: Shape.of(kind, stored=True) for name, kind in kept.items() if kind}}
    ignored = shape.entity.ignored if issubclass(shape.entity, Part) else ()
    for name, value in data.items():
        if name not in known and name not in ignored:
            yield (*path, name), unknown_member(str(name), known)
        elif name in lists and isinstance(value, list | tuple):
            for position, each in enumerate(value):
                yield from _strangers(lists[name], each, (*path, name, position), kept)


def unknown_member(name: str, known: Collection[str]) -> str:
    """The sentence on an unknown member: with the nearest known one, or all of them."""
    near = next(iter(known)) if len(known) == 1 else most_similar(name, known)
    if near is not None:
        return f"The member is unknown; the nearest known one is {near}."
    return f"The member is unknown; known are {', '.join(known)}."


_wire = Wire(stored=True)
