"""Entities that hold only the values that some rules declare to read.

For each group of rules one function is generated that makes them: it runs for every record with a text that
was not met before.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from participant_rules.asking import RuleError
from participant_rules.engine.slots import State
from participant_rules.schema.kinds import Nested, Several
from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.shapes import blank_class
from participant_rules.schema.tree import Node, Schema
from participant_rules.unset import UNREADABLE, UNSET

__all__ = ["Undeclared", "builder_of"]

Builder = Callable[[Sequence[Any]], Any]


class Undeclared(RuleError):
    """A rule read a member or a fact that it does not declare; see `reads` and `facts` of `rule`."""


_WITHOUT: Final = {State.ABSENT: UNSET, State.NULL: None, State.UNREADABLE: UNREADABLE}


def builder_of(schema: Schema, reads: Iterable[Read]) -> Builder:
    """The function that makes an entity with just the values of these reads, given in their order.

    Of its sections those are there whose state is read, as that says.
    """
    return _built(schema.entity, tuple(reads))


@lru_cache(maxsize=1024)
def _built(entity: type, reads: tuple[Read, ...]) -> Builder:
    """The generated function, which is the same under every definition."""
    writer = _Writer(Schema(entity, UNSET), {read: place for place, read in enumerate(reads)})
    exec(writer.source(), writer.scope)  # noqa: S102  the code is made of declared attributes
    built: Builder = writer.scope["build"]
    return built


class _Writer:
    def __init__(self, schema: Schema, places: dict[Read, int]) -> None:
        self._schema, self._places = schema, places
        self.scope: dict[str, Any] = {
            "PLAIN": State.PLAIN,
            "UNREADABLE": UNREADABLE,
            "UNREADABLE_STATE": State.UNREADABLE,
            "WITHOUT": _WITHOUT,
            "new": object.__new__,
        }

    def source(self) -> str:
        return "\n    ".join(["def build(v):", *self._object(self._schema.entity, "", "e"), "return e"])

    def _object(self, entity: type, section: str, variable: str) -> list[str]:
        """The lines that make an object."""
        lines = [f"{variable} = new({self._blank(entity)})"]
        for node in self._schema.members_in(section).values():
            lines += self._member(node, variable)
        return [*lines, f"{variable}.__class__ = {self._class(entity)}"]

    def _member(self, node: Node, variable: str) -> list[str]:
        attribute = f"{variable}.{node.member.attribute}"
        place = self._places.get(Read(node.path))
        if place is not None:
            return [f"{attribute} = v[{place}]"]
        state, kind = self._places.get(Read(node.path, Mode.STATE)), node.member.kind
        if isinstance(kind, Nested) and state is not None:
            part = f"{variable}_{node.member.attribute}"
            lines = self._object(kind.entity.entity, node.path, part)
            return [
                f"if v[{state}] is PLAIN:",
                *[f"    {line}" for line in lines],
                f"    {attribute} = {part}",
                f"else: {attribute} = WITHOUT[v[{state}]]",
            ]
        if isinstance(kind, Several):
            return self._list(node, kind, attribute)
        return []

    def _list(self, node: Node, kind: Several, attribute: str) -> list[str]:
        """The lines that make a list from the values read of its elements."""
        columns = {
            each.member.attribute: self._places[Read(each.path)]
            for each in self._schema.members_in(f"{node.path}[]").values()
            if Read(each.path) in self._places
        }
        if not columns:
            return []
        entity = kind.entity.entity
        self.scope["elements"] = _elements
        names, places = tuple(columns), ", ".join(f"v[{place}]" for place in columns.values())
        first = f"v[{next(iter(columns.values()))}]"
        made = f"elements({self._blank(entity)}, {self._class(entity)}, {names!r}, ({places},))"
        return [f"{attribute} = {made} if {first}.__class__ is tuple else {first}"]

    def _blank(self, entity: type) -> str:
        name = f"Blank{entity.__name__}"
        self.scope[name] = blank_class(entity)
        return name

    def _class(self, entity: type) -> str:
        self.scope[entity.__name__] = entity
        return entity.__name__


def _elements(blank: type, entity: type, names: Sequence[str], columns: Sequence[Any]) -> tuple[Any, ...]:
    """The elements of a list, of which these attributes are there."""
    return tuple([_element(blank, entity, names, each) for each in zip(*columns, strict=True)])


def _element(blank: type, entity: type, names: Sequence[str], values: Sequence[Any]) -> Any:
    if State.UNREADABLE in values:
        return UNREADABLE
    made: Any = object.__new__(blank)
    for name, value in zip(names, values, strict=True):
        setattr(made, name, value)
    made.__class__ = entity
    return made
