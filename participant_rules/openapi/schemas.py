"""Entities as JSON Schema: members and kinds from their shapes, descriptions from the laws about them."""

from collections.abc import Callable, Iterable, Mapping
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

__all__ = ["NAMES", "TEXT", "Keywords", "Schemas", "nullable", "reference"]

Json = dict[str, Any]

Keywords = Callable[[str], Json]
"""The JSON Schema keywords of the member at a JSON Pointer, beside its type: what values it may have."""

NO_NUL: Final = "^[^\\u0000]*$"
TEXT: Final[Json] = {"type": "string", "pattern": NO_NUL}
NAMES: Final[Json] = {"propertyNames": {"pattern": NO_NUL}}
"""What names the members of an object may have, also those that nobody knows."""

_SIMPLE: Final[Mapping[type[Kind], Json]] = {
    Text: TEXT,
    Boolean: {"type": "boolean"},
    Texts: {
        "type": "object",
        "additionalProperties": {"type": ["string", "null"], "pattern": NO_NUL},
        **NAMES,
    },
    Anything: {"type": "object", "additionalProperties": True, **NAMES},
    Strings: {"type": "array", "items": TEXT},
}


def reference(name: str) -> Json:
    """A reference to a schema by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(schema: Json) -> Json:
    """The schema of what is null or as the schema says; a choice stands alone, as generators want it."""
    if "type" in schema and "enum" not in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


@define
class Schemas:
    """The schemas of one family's entities; their names start with that of the family."""

    family: str
    laws: Iterable[Rule]
    keywords: Keywords
    components: dict[str, Json] = field(factory=dict)

    def add(self, entity: type, pointer: str = "") -> Json:
        """A reference to the schema of an entity, whose members stand at `pointer` in a request."""
        return self._entity(Shape.of(entity), pointer)

    def name(self, name: str, description: str, schema: Json) -> Json:
        """A reference to a schema, which gets this name."""
        self.components[f"{self.family}{name}"] = {"description": description, **schema}
        return reference(f"{self.family}{name}")

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
                **NAMES,
            }
        return reference(name)

    def _member(self, member: Member, pointer: str) -> Json:
        here = f"{pointer}/{member.name}"
        schema = self._kind(member.kind, here) | self.keywords(here)
        if "enum" in schema:
            schema.pop("pattern", None)
        if member.nullable:
            schema = nullable(schema)
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
        return dict(_SIMPLE[type(kind)])


def _summary(entity: type) -> str:
    return (entity.__doc__ or "").partition("\n")[0].strip()
