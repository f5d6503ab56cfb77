"""Entities as JSON Schema (draft 2020-12), made of their members' declarations."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from participant_rules.schema.form import Form
from participant_rules.schema.kinds import (
    Anything,
    Boolean,
    Kind,
    Nested,
    Scalar,
    Several,
    Strings,
    Text,
    Texts,
)
from participant_rules.schema.shapes import Member, Shape
from participant_rules.schema.tree import Node, Schema
from participant_rules.unset import UNSET

__all__ = ["json_schema", "or_blank", "or_null"]

Json = dict[str, Any]


def json_schema(entity: type, definition: Any = UNSET) -> Json:
    """The schema of the payloads of an entity under a definition, without references.

    What fits it has the right types, and is well formed as far as a schema can say so: that a phone number is
    possible it cannot. A few values that are read too do not fit: those with white space at their ends, and
    names of the definition in another spelling. `definition` is what forms are functions of; without it, what
    these members may hold is left open.
    """
    return _Writer(Schema(entity, definition)).entity(Shape.of(entity), "")


def or_null(schema: Mapping[str, Any]) -> Json:
    """The schema of the same values and null."""
    if "type" in schema and schema.keys() <= _BLIND_TO_NULL:
        types = schema["type"]
        or_none = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, "type": [*([types] if isinstance(types, str) else types), "null"], **or_none}
    return {"anyOf": [*_several(schema), {"type": "null"}]}


def _several(schema: Mapping[str, Any]) -> list[Json]:
    """The schemas of which one must be fitted."""
    return [*schema["anyOf"]] if schema.keys() == {"anyOf"} else [dict(schema)]


def or_blank(schema: Mapping[str, Any]) -> Json:
    """The schema of the same values and the empty text, to which forms do not apply."""
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], ""]}
    if schema.keys() == {"type"}:
        return dict(schema)
    return {"anyOf": [*_several(schema), _BLANK]}


_BLANK: Final[Json] = {"type": "string", "maxLength": 0}

_BLIND_TO_NULL: Final = frozenset(
    [
        "type",
        "enum",
        "format",
        "pattern",
        "maxLength",
        "items",
        "description",
        "properties",
        "propertyNames",
        "required",
        "additionalProperties",
    ]
)
"""Keywords that do not apply to null, or have a place for it."""

_SIMPLE: Final[Mapping[type[Kind], Json]] = {
    Text: {"type": "string"},
    Boolean: {"type": "boolean"},
    Scalar: {"type": ["string", "number"]},
    Strings: {"type": "array", "items": {"type": "string"}},
}


@frozen
class _Writer:
    schema: Schema

    def entity(self, shape: Shape, section: str) -> Json:
        """The schema of an object with documented members; others are ignored, or warned about."""
        required = [each.name for each in shape.members if each.required]
        return {
            "type": "object",
            "description": (shape.entity.__doc__ or "").partition("\n")[0].strip(),
            "properties": {each.name: self._member(each, section) for each in shape.members},
            **({"required": required} if required else {}),
            "additionalProperties": True,
        }

    def _member(self, member: Member, section: str) -> Json:
        node = self.schema.node(f"{section}.{member.name}" if section else member.name)
        schema = self._value(node)
        if member.nullable:
            schema = or_null(schema)
        return schema | {"readOnly": True} if member.read_only else schema

    def _value(self, node: Node) -> Json:
        kind = node.member.kind
        if isinstance(kind, Nested):
            return self.entity(kind.entity, node.path)
        if isinstance(kind, Several):
            return {"type": "array", "items": self.entity(kind.entity, f"{node.path}[]")}
        if isinstance(kind, Anything | Texts):
            return _open(node)
        return or_blank(node.form.json) if node.form is not None else dict(_SIMPLE[type(kind)])


def _open(node: Node) -> Json:
    """The schema of an object with members that a definition names."""
    others: Json | bool = True if isinstance(node.member.kind, Anything) else or_null(_SIMPLE[Text])
    names = node.members.names() if node.members is not None else None
    if node.members is None or names is None:
        return {"type": "object", "additionalProperties": others}
    required = node.members.required
    return {
        "type": "object",
        "properties": {
            name: _json_of(node.members.form(name), clears=name not in required) for name in names
        },
        "additionalProperties": False,
    }


def _json_of(form: Form | None, *, clears: bool) -> Json:
    """The schema of a member; where it may be cleared, null and the empty text fit too."""
    if form is None or clears:
        return or_null(or_blank(form.json) if form is not None else {})
    return {**form.json, "minLength": 1} if form.accepts("") else dict(form.json)
