"""Entities as the JSON objects that they were read of."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import attrs

from participant_rules.schema.shapes import Shape
from participant_rules.unset import UNREADABLE, Unset

__all__ = ["document_of"]


def document_of(entity: Any, *, stored: bool) -> dict[str, Any] | None:
    """The JSON object of an entity, undocumented members included; None where a value cannot be read.

    With `stored` it has the read-only members too.
    """
    try:
        return _document(entity, stored)
    except _UnreadableError:
        return None


class _UnreadableError(ValueError):
    """A value of the entity had a wrong type."""


def _document(entity: Any, stored: bool) -> dict[str, Any]:  # noqa: FBT001  as its caller has it
    names, extras = _names(type(entity), stored)  # type: ignore[arg-type]  # a class is hashable
    values = [(name, getattr(entity, attribute)) for attribute, name in names]
    written = {name: _written(value, stored) for name, value in values if value.__class__ is not Unset}
    if any(value is UNREADABLE for _, value in values):
        raise _UnreadableError
    return written | dict(getattr(entity, extras, {}))


def _written(value: Any, stored: bool) -> Any:  # noqa: FBT001  as its caller has it
    if value is None or value.__class__ in _PLAIN:
        return value
    if isinstance(value, Mapping):
        if UNREADABLE in value.values():
            raise _UnreadableError
        return dict(value)
    if isinstance(value, list | tuple):
        return [_written(each, stored) for each in value]
    if value is UNREADABLE:
        raise _UnreadableError
    return _document(value, stored) if attrs.has(type(value)) else value


_PLAIN = frozenset({str, bool, int, float})


@cache
def _names(entity: type, stored: bool) -> tuple[tuple[tuple[str, str], ...], str]:  # noqa: FBT001  cached by it
    """The attributes and the names of the members, and the attribute of undocumented ones."""
    shape = Shape.of(entity, stored=stored)
    members = [each for each in shape.members if stored or not each.read_only]
    return tuple([(each.attribute, each.name) for each in members]), shape.extras or ""
