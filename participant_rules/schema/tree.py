"""The members of an entity and of its parts by their paths, with the forms that a definition gives them."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, Final

from attrs import evolve, field, frozen

from participant_rules.schema.form import Form, OpenForm
from participant_rules.schema.keys import keys_reader
from participant_rules.schema.kinds import Anything, Boolean, Nested, Several, Text, Texts
from participant_rules.schema.shapes import Member, Shape
from participant_rules.spelling import most_similar
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import pointer

__all__ = ["Node", "Schema"]


_KEYS: Final = 1024  # remembered of each unique member


@frozen(eq=False, slots=False)
class Node:
    """A member: its dotted path, the path of the object that it stands in, and its form."""

    path: str
    section: str
    member: Member
    form: Form | None = None
    members: OpenForm | None = None
    unique: bool = False
    attributes: tuple[str, ...] = ()
    element: str = ""
    """The name of a member of the open object that this one is; else it is empty."""
    alias: Member | None = None
    """The member of the whole entity that is another name for this element."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that lead to it in a payload."""
        return (*self.section.split("."), self.element) if self.element else tuple(self.path.split("."))

    @cached_property
    def pointer(self) -> str:
        """The JSON Pointer of it in a payload."""
        return pointer(*self.names)

    def names_in(self, body: Any) -> tuple[str, ...]:
        """The names that lead to it in a payload, which may send it under another name alone."""
        if self.alias is None or not isinstance(body, Mapping) or self.alias.name not in body:
            return self.names
        around = body.get(self.section)
        is_sent = isinstance(around, Mapping) and self.element in around
        return self.names if is_sent else (self.alias.name,)

    def pointer_in(self, body: Callable[[], Any]) -> str:
        """The JSON Pointer of it in a payload, which is asked for only where it matters."""
        return self.pointer if self.alias is None else pointer(*self.names_in(body()))

    def value_of(self, entity: Any) -> Any:
        """The value in an entity of the schema; UNSET where a part that it stands in is not there."""
        value = self._own_value_of(entity)
        if value is UNSET and self.alias is not None:
            return getattr(entity, self.alias.attribute)
        return value

    def _own_value_of(self, entity: Any) -> Any:
        for attribute in self.attributes:
            if isinstance(entity, Unset) or entity is None:
                return UNSET
            entity = getattr(entity, attribute)
        if not self.element:
            return entity
        return entity.get(self.element, UNSET) if isinstance(entity, Mapping) else UNSET

    def key_of(self, entity: Any) -> str | None:
        """The key of the value in an entity; None where there is none, or it is malformed."""
        return self.key_of_value(self.value_of(entity))

    @cached_property
    def make_key(self) -> Callable[[Any], str | None]:
        """The key of a value, by the form; the keys of the latest texts are remembered."""
        make = self.form.key if self.form is not None and self.form.key is not None else str
        return lru_cache(maxsize=_KEYS)(make) if self.is_text and make is not str else make

    def key_of_value(self, value: Any) -> str | None:
        """The key of a value; None for null, for a blank and for a malformed one."""
        if isinstance(value, str):
            bare = value.strip()
            if not bare or self.form is None:
                return None
            return self.make_key(bare if self.trims_key else value)
        if value is None or isinstance(value, Unset) or value == "" or self.form is None:
            return None
        return self.make_key(value)

    @property
    def compares_as_written(self) -> bool:
        """Whether a text that is not blank is its own key."""
        return self.form is not None and self.form.key is None and not self.trims_key

    @cached_property
    def trims_key(self) -> bool:
        """Whether white space at the ends of its texts is no part of their keys."""
        return self.trims or bool(self.element)

    @cached_property
    def is_text(self) -> bool:
        """Whether its values are texts."""
        return isinstance(self.member.kind, Text)

    @cached_property
    def trims(self) -> bool:
        """Whether white space at the ends of its texts does not count."""
        return isinstance(self.member.kind, Text) and self.member.kind.trim

    @cached_property
    def is_flag(self) -> bool:
        """Whether its values are true and false."""
        return isinstance(self.member.kind, Boolean)

    @cached_property
    def is_open(self) -> bool:
        """Whether its values are objects with members that a definition names."""
        return isinstance(self.member.kind, Texts | Anything)

    @cached_property
    def is_nested(self) -> bool:
        """Whether its values are objects with documented members."""
        return isinstance(self.member.kind, Nested)

    @cached_property
    def is_list(self) -> bool:
        """Whether its values are lists of objects."""
        return isinstance(self.member.kind, Several)


@frozen(eq=False, slots=False)
class Schema:
    """The members of an entity's payloads under a definition; for UNSET, under any.

    Paths are those of the wire with a dot between two names and `[]` behind a list:
    "loginSection.subjects[].subjectName".
    """

    entity: type
    definition: Any = field(default=None, repr=False)

    @cached_property
    def shape(self) -> Shape:
        """The shape of the entity."""
        return Shape.of(self.entity)

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """All members by their paths."""
        return {node.path: node for node in self._nodes(self.shape, "")}

    def node(self, path: str) -> Node:
        """The member at a path; raises ValueError, which names the nearest one."""
        node = self.nodes.get(path)
        if node is None:
            nearest = most_similar(path, self.nodes, 0.5)
            hint = f"; {nearest!r} is the nearest" if nearest else ""
            raise ValueError(f"no documented member is at {path!r}{hint}")
        return node

    def members_in(self, section: str) -> Mapping[str, Node]:
        """The members of the object at a path, by their names."""
        return self._sections.get(section, {})

    @cached_property
    def _sections(self) -> Mapping[str, Mapping[str, Node]]:
        sections: dict[str, dict[str, Node]] = {}
        for node in self.nodes.values():
            sections.setdefault(node.section, {})[node.element or node.member.name] = node
        return sections

    @cached_property
    def unique(self) -> tuple[Node, ...]:
        """The members with unique values."""
        return tuple(node for node in self.nodes.values() if node.unique)

    @cached_property
    def aliases(self) -> Mapping[str, Node]:
        """The unique members that another one is another name for, by the path of that."""
        return {node.alias.name: node for node in self.unique if node.alias is not None}

    @cached_property
    def _unique_at(self) -> Mapping[str, str]:
        aliases = {pointer(name): node.path for name, node in self.aliases.items()}
        return aliases | {node.pointer: node.path for node in self.unique}

    def unique_at(self, pointer: str) -> str | None:
        """The path of the unique member at a JSON Pointer, where it may have another name; None elsewhere."""
        return self._unique_at.get(pointer)

    @cached_property
    def keys_of(self) -> Callable[[Any], dict[str, str]]:
        """The function that gives the keys of an entity's unique values, by path."""
        return keys_reader(self.unique)

    def _nodes(self, shape: Shape, section: str, attributes: tuple[str, ...] = ()) -> Iterator[Node]:
        for member in shape.members:
            node = self._node(member, section, (*attributes, member.attribute))
            yield node
            if isinstance(member.kind, Nested):
                yield from self._nodes(member.kind.entity, node.path, node.attributes)
            elif isinstance(member.kind, Several):
                yield from self._nodes(member.kind.entity, f"{node.path}[]", node.attributes)
            elif node.members is not None:
                yield from _elements(node, {each.alias: each for each in self.shape.members})

    def _node(self, member: Member, section: str, attributes: tuple[str, ...]) -> Node:
        path = f"{section}.{member.name}" if section else member.name
        form, members, unique = map(self._under, (member.form, member.members, member.unique))
        return Node(path, section, member, form, members, bool(unique), attributes)

    def _under(self, declared: Any) -> Any:
        """A declaration, evaluated where it is a function of the definition; None for UNSET."""
        if not callable(declared):
            return declared
        return declared(self.definition) if self.definition is not UNSET else None


def _elements(node: Node, aliases: Mapping[str, Member]) -> Iterator[Node]:
    """The members of an open object that a definition declares unique."""
    for name, form in node.members.unique.items() if node.members is not None else ():
        yield evolve(
            node,
            path=f"{node.path}.{name}",
            section=node.path,
            form=form,
            members=None,
            unique=True,
            element=name,
            alias=aliases.get(f"{node.path}.{name}"),
        )
