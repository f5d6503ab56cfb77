"""Entities as the JSON objects that they were read of: by one generated function for each class."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

import attrs

from participant_rules.schema.kinds import Nested, Several
from participant_rules.schema.shapes import Member, Shape
from participant_rules.unset import UNREADABLE, Unset

__all__ = ["document_of"]


def document_of(entity: Any, *, stored: bool) -> dict[str, Any] | None:
    """The JSON object of an entity, undocumented members included; None where a value cannot be read.

    With `stored` it has the read-only members too.
    """
    try:
        return _writer(type(entity), stored)(entity)  # type: ignore[arg-type]  # a class is hashable
    except _UnreadableError:
        return None


class _UnreadableError(ValueError):
    """A value of the entity had a wrong type."""


@cache
def _writer(entity: type, stored: bool) -> Callable[[Any], dict[str, Any]]:  # noqa: FBT001  cached by it
    """The function that writes entities of a class."""
    shape = Shape.of(entity, stored=stored)
    members = [each for each in shape.members if stored or not each.read_only]
    lines = [line for each in members for line in _lines_of(each)]
    extras = [f"if entity.{shape.extras}: document.update(entity.{shape.extras})"] if shape.extras else []
    source = "\n    ".join(["def write(entity):", "document = {}", *lines, *extras, "return document"])
    scope: dict[str, Any] = {
        "PLAIN": _PLAIN,
        "UNREADABLE": UNREADABLE,
        "Unset": Unset,
        "UnreadableError": _UnreadableError,
        "json_of": partial(_json_of, stored=stored),
    }
    for each in members:
        if isinstance(each.kind, Nested | Several):
            scope[f"write_{each.attribute}"] = _writer(each.kind.entity.entity, stored)
            scope[f"class_{each.attribute}"] = each.kind.entity.entity
    exec(source, scope)  # noqa: S102  the code is made of attribute names of our own classes
    write: Callable[[Any], dict[str, Any]] = scope["write"]
    return write


def _lines_of(member: Member) -> Iterator[str]:
    """The lines of code that write one member; a value of another class is written by a function."""
    name = member.attribute
    usual, value = "value is None or value.__class__ in PLAIN", "value"
    if isinstance(member.kind, Nested):
        usual, value = f"value.__class__ is class_{name}", f"write_{name}(value)"
    elif isinstance(member.kind, Several):
        usual = f"value.__class__ is tuple and {{class_{name}}}.issuperset(map(type, value))"
        value = f"[write_{name}(each) for each in value]"
    yield f"value = entity.{name}"
    yield "if value.__class__ is Unset:\n        if value is UNREADABLE: raise UnreadableError"
    yield f"else: document[{member.name!r}] = {value} if {usual} else json_of(value)"


def _json_of(value: Any, *, stored: bool) -> Any:
    """A value by its class."""
    if value is None or value.__class__ in _PLAIN:
        return value
    if isinstance(value, Mapping):
        if UNREADABLE in value.values():
            raise _UnreadableError
        return dict(value)
    if isinstance(value, list | tuple):
        return [_json_of(each, stored=stored) for each in value]
    if value is UNREADABLE:
        raise _UnreadableError
    if not attrs.has(type(value)):
        return value
    return _writer(type(value), stored)(value)  # type: ignore[arg-type]  # as above


_PLAIN = frozenset({str, bool, int, float})
