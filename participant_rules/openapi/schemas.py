"""Entities as JSON Schema: members and kinds from their shapes, descriptions from the laws about them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import define, field

from participant_rules.rules import Rule
from participant_rules.schema.shapes import (
    Anything,
    Boolean,
    Kind,
    Member,
    Nested,
    Several,
    Shape,
    Strings,
    Text,
    Texts,
)

__all__ = ["Schemas", "reference"]

Json = dict[str, Any]

_SIMPLE: Final[Mapping[type[Kind], Json]] = {
    Text: {"type": "string"},
    Boolean: {"type": "boolean"},
    Texts: {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
    Anything: {"type": "object"},
    Strings: {"type": "array", "items": {"type": "string"}},
}


def reference(name: str) -> Json:
    """A reference to a schema by name."""
    return {"$ref": f"#/components/schemas/{name}"}


@define
class Schemas:
    """The schemas of one family's entities; their names start with that of the family.

    `choices` are the values of members that have only some, by JSON Pointer.
    """

    family: str
    laws: Iterable[Rule]
    choices: Mapping[str, Iterable[str | None]] = field(factory=dict)
    components: dict[str, Json] = field(factory=dict)

    def add(self, entity: type, pointer: str = "") -> Json:
        """A reference to the schema of an entity, whose members stand at `pointer` in a request."""
        return self._entity(Shape.of(entity), pointer)

    def _entity(self, shape: Shape, pointer: str) -> Json:
        name = f"{self.family}{shape.name}"
        if name not in self.components:
            self.components[name] = {}
            required = [each.name for each in shape.members if each.required]
            self.components[name] = {
                "type": "object",
                "description": _summary(shape.entity),
                "properties": {each.name: self._member(each, pointer) for each in shape.members},
                **({"required": required} if required else {}),
            }
        return reference(name)

    def _member(self, member: Member, pointer: str) -> Json:
        here = f"{pointer}/{member.name}"
        schema = dict(self._kind(member.kind, here))
        if member.nullable:
            schema = _or_null(schema)
        if here in self.choices:
            schema["enum"] = list(self.choices[here])
        if member.read_only:
            schema["readOnly"] = True
        if said := [each.law for each in self.laws if each.pointer == here]:
            schema["description"] = " ".join(dict.fromkeys(said))
        return schema

    def _kind(self, kind: Kind, pointer: str) -> Json:
        if isinstance(kind, Nested):
            return self._entity(kind.entity, pointer)
        if isinstance(kind, Several):
            return {"type": "array", "items": self._entity(kind.entity, pointer + "/{i}")}
        return _SIMPLE[type(kind)]


def _or_null(schema: Json) -> Json:
    if "type" in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _summary(entity: type) -> str:
    return (entity.__doc__ or "").partition("\n")[0].strip()
