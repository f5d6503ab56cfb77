"""Definitions of surveys and projects: read strictly, since a misspelt member would do nothing.

A definition is JSON text or what was decoded of it. Faults of a text, and of what stands in it, name line and
column.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import attrs
from attrs import frozen

from participant_rules import jsonplaces, jsontext
from participant_rules.schema.kinds import Nested, Path, Several
from participant_rules.schema.shapes import Shape
from participant_rules.spelling import most_similar
from participant_rules.unset import Unset
from participant_rules.violations import Violation, pointer
from participant_rules.wire import Malformed, Wire

__all__ = ["Beside", "parsed", "placed", "read", "several", "shown", "unknown_member"]

EntityT = TypeVar("EntityT")


@frozen
class Beside:
    """The members that a definition may hold beside the ones that are read.

    `ignored` are the members that the vendor's own answers have, by the class of the object; `kept` are the
    definition's members that a store reads, with the class of their elements where that is strict as well.
    """

    ignored: Mapping[type, Collection[str]] = {}
    kept: Mapping[str, type | None] = {}


def read(
    entity: type[EntityT],
    data: object,
    name: str,
    beside: Beside,
    faults_of: Callable[[EntityT], Iterable[tuple[str, str]]] = lambda _: (),
) -> EntityT:
    """The entity of a definition: JSON text, UTF-8 bytes of it, or its decoded value.

    `faults_of` gives the pointers and sentences of what cannot be, of an entity whose values have the right
    types. Raises Malformed with all of them, and with every member that is not known.
    """
    if isinstance(data, str | bytes | bytearray | memoryview):
        text = _decoded(data, name)
        value = parsed(text, name)
        try:
            return read(entity, value, name, beside, faults_of)
        except Malformed as wrong:
            raise placed(wrong, text) from None
    shape = Shape.of(entity, stored=True)
    found, violations = _built(entity, shape, data)
    faults = [(each.pointer or "", each.text) for each in violations]
    faults += [(pointer(*path), sentence) for path, sentence in _strangers(shape, data, (), beside)]
    if not isinstance(found, Unset) and not violations:
        faults += faults_of(found)
    if isinstance(found, Unset) or faults:
        raise Malformed.of(name, faults)
    return found


def _built(
    entity: type[EntityT], shape: Shape, data: object
) -> tuple[EntityT | Unset, tuple[Violation, ...]]:
    """The entity of the members that are read, and the faults of their types."""
    if not isinstance(data, dict):
        return _wire.read(entity, data)
    known = {each.name for each in shape.members}
    members = {name: value for name, value in data.items() if name in known}
    try:
        text = json.dumps(members)
    except (TypeError, ValueError, RecursionError):
        return _wire.read(entity, data)
    if json.loads(text) != members:  # a tuple is no list
        return _wire.read(entity, data)
    return _built_of(entity, text)  # type: ignore[arg-type]  # a class is hashable


@lru_cache(maxsize=32)  # what is compiled is kept with it: a server may read it for each request
def _built_of(entity: type[EntityT], text: str) -> tuple[EntityT | Unset, tuple[Violation, ...]]:
    return _wire.read(entity, json.loads(text))


def several(data: Iterable[EntityT]) -> Iterable[EntityT]:
    """The definitions; raises TypeError for a single one, whose names or letters would be definitions."""
    if isinstance(data, str | bytes | bytearray | Mapping):
        raise TypeError("a list of definitions is due, even of one")
    return data


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
        return str(jsonplaces.place(text, failure.pos))
    except (ValueError, RecursionError):
        pass
    return ""


# ---- members that nobody knows


def _strangers(shape: Shape, data: object, path: Path, beside: Beside) -> Iterator[tuple[Path, str]]:
    """The unknown members of an object and of the objects in it, with a sentence for each."""
    if not isinstance(data, dict):
        return
    parts = {each.name: each.kind.entity for each in shape.members if isinstance(each.kind, Nested | Several)}
    known = [each.name for each in shape.members]
    if not path:
        known += beside.kept
        parts |= {name: Shape.of(kind, stored=True) for name, kind in beside.kept.items() if kind}
    ignored = beside.ignored.get(shape.entity, ())
    for name, value in data.items():
        if name not in known and name not in ignored:
            yield (*path, name), unknown_member(str(name), known)
        elif name in parts:
            yield from _strangers_within(parts[name], value, (*path, name), beside)


def _strangers_within(shape: Shape, value: object, path: Path, beside: Beside) -> Iterator[tuple[Path, str]]:
    elements: Iterable[tuple[Path, object]] = [(path, value)]
    if isinstance(value, list | tuple):
        elements = [((*path, position), each) for position, each in enumerate(value)]
    for where, each in elements:
        yield from _strangers(shape, each, where, beside)


def unknown_member(name: str, known: Collection[str]) -> str:
    """The sentence on an unknown member: with the nearest known one, or all of them."""
    near = next(iter(known)) if len(known) == 1 else most_similar(name, known)
    if near is not None:
        return f"The member is unknown; the nearest known one is {near}."
    return f"The member is unknown; known are {', '.join(known)}."


_wire = Wire(stored=True)
