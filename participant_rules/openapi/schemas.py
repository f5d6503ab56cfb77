"""Entities as JSON Schema: members from their shapes, values from their forms, descriptions from the laws.

An entity has two schemas. The one of a request has what may be sent: the members that can be set, with values
as their forms have them. The one of an answer has all members, and of their values no more than the types,
since what is stored may be older than the forms.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from attrs import define, field, frozen

from participant_rules.openapi.parts import STRING
from participant_rules.rules import Rule
from participant_rules.schema.form import Form
from participant_rules.schema.jsonschema import or_blank, or_null
from participant_rules.schema.kinds import Anything, Boolean, Kind, Nested, Several, Strings, Texts
from participant_rules.schema.shapes import Member, Shape
from participant_rules.schema.tree import Node, Schema

__all__ = ["NAMES", "TEXT", "Schemas", "reference"]

Json = dict[str, Any]

NO_NUL: Final = "^[^\\u0000]*$"
TEXT: Final[Json] = {"type": "string", "pattern": NO_NUL}
NAMES: Final[Json] = {"propertyNames": {"pattern": NO_NUL}}
"""The schema of names in an object, also of unknown ones."""

_SIMPLE: Final[Mapping[type[Kind], Json]] = {
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


@define
class Schemas:
    """The schemas of one family's entities; their names start with that of the family.

    `definition` is what the forms of members are functions of.
    """

    family: str
    laws: Iterable[Rule]
    definition: Any
    components: dict[str, Json] = field(factory=dict)

    def sent(self, entity: type) -> Json:
        """A reference to the schema of an entity in a request."""
        return _Writer(self, Schema(entity, self.definition), _Sent()).write()

    def answered(self, entity: type) -> Json:
        """A reference to the schema of an entity in an answer."""
        return _Writer(self, Schema(entity, self.definition), _Answered()).write()

    def name(self, name: str, description: str, schema: Json) -> Json:
        """A reference to a schema, which gets this name."""
        self.components[f"{self.family}{name}"] = {"description": description, **schema}
        return reference(f"{self.family}{name}")


class _Answered:
    """The descriptions of values in answers."""

    suffix = ""

    def has(self, _member: Member) -> bool:
        """Whether a member is there: each is."""
        return True

    def texts(self, form: Form | None) -> Json:
        """The schema of a member's texts: any; the choices are shown, but others may be stored."""
        if form is not None and "enum" in form.json:
            return {"anyOf": [dict(form.json), STRING]}
        return dict(STRING)


class _Sent:
    """The descriptions of values in requests."""

    suffix = "Input"

    def has(self, member: Member) -> bool:
        """Whether a member is there: read-only ones are ignored in a request."""
        return not member.read_only

    def texts(self, form: Form | None) -> Json:
        """The schema of a member's texts: the ones that the form accepts, and blank ones."""
        return dict(TEXT) if form is None or form.json == STRING else or_blank(form.json)


@frozen(slots=False)
class _Writer:
    """Writes the schemas of an entity and of its parts."""

    schemas: Schemas
    schema: Schema
    style: _Answered | _Sent

    def write(self) -> Json:
        """A reference to the schema of the entity."""
        return self._entity(self.schema.shape, "")

    def _entity(self, shape: Shape, section: str) -> Json:
        name = f"{self.schemas.family}{shape.name}{self.style.suffix}"
        if name not in self.schemas.components:
            members = [each for each in shape.members if self.style.has(each)]
            required = [each.name for each in members if each.required]
            self.schemas.components[name] = {
                "type": "object",
                "description": _summary(shape.entity),
                "properties": {each.name: self._member(each, section) for each in members},
                **({"required": required} if required else {}),
                **NAMES,
            }
        return reference(name)

    def _member(self, member: Member, section: str) -> Json:
        node = self.schema.node(f"{section}.{member.name}" if section else member.name)
        schema = _nullable(self._value(node)) if member.nullable else self._value(node)
        laws = self._laws.get(_pointer(node), [])
        return {
            **schema,
            **({"readOnly": True} if member.read_only else {}),
            **({"description": " ".join(dict.fromkeys(laws))} if laws else {}),
        }

    def _value(self, node: Node) -> Json:
        kind = node.member.kind
        if isinstance(kind, Nested):
            return self._entity(kind.entity, node.path)
        if isinstance(kind, Several):
            return {"type": "array", "items": self._entity(kind.entity, f"{node.path}[]")}
        return self.style.texts(node.form) if node.is_text else dict(_SIMPLE[type(kind)])

    @cached_property
    def _laws(self) -> Mapping[str, list[str]]:
        """The laws about members, by their pointers."""
        found: dict[str, list[str]] = {}
        for each in self.schemas.laws:
            found.setdefault(each.pointer, []).append(each.law)
        return found


def _nullable(schema: Json) -> Json:
    """The schema of the same values and null; a choice stands alone, as generators want it."""
    return {"anyOf": [schema, {"type": "null"}]} if "enum" in schema else or_null(schema)


def _pointer(node: Node) -> str:
    """Where rules say that a member is."""
    return "/" + node.path.replace("[]", "/{i}").replace(".", "/")


def _summary(entity: type) -> str:
    return (entity.__doc__ or "").partition("\n")[0].strip()
