"""Entities that hold no more than some rules declare to read."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from participant_rules.engine.slots import State, nodes_in
from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.shapes import blank_class
from participant_rules.schema.tree import Node, Schema
from participant_rules.unset import UNREADABLE, UNSET

__all__ = ["Undeclared", "sealed_entity"]


class Undeclared(TypeError):
    """A rule read a member that it does not declare; see `reads` of `rule`."""


_WITHOUT: Final[Mapping[State, Any]] = {
    State.ABSENT: UNSET,
    State.NULL: None,
    State.UNREADABLE: UNREADABLE,
}


def sealed_entity(schema: Schema, values: Mapping[Read, Any]) -> Any:
    """The entity of which only these values are there; of its sections those whose state is among them."""
    return _Builder(schema, values).build(schema.entity, "")


@frozen
class _Builder:
    schema: Schema
    values: Mapping[Read, Any]

    def build(self, entity: type, section: str) -> Any:
        made = object.__new__(blank_class(entity))
        for node in nodes_in(self.schema, section).values():
            self._fill(made, node)
        made.__class__ = entity
        return made

    def _fill(self, made: Any, node: Node) -> None:
        value = Read(node.path)
        if value in self.values:
            setattr(made, node.member.attribute, self.values[value])
        elif node.is_nested:
            state = self.values.get(Read(node.path, Mode.STATE))
            if state is not None:
                there = state is State.PLAIN
                part = self.build(node.member.kind.entity.entity, node.path) if there else _WITHOUT[state]  # type: ignore[attr-defined]
                setattr(made, node.member.attribute, part)
        elif node.is_list:
            columns = self._columns(node)
            if columns:
                setattr(made, node.member.attribute, self._elements(node, columns))

    def _columns(self, node: Node) -> dict[str, Any]:
        """What is known of the elements of a list, by attribute."""
        inner = nodes_in(self.schema, f"{node.path}[]").values()
        return {
            each.member.attribute: self.values[Read(each.path)]
            for each in inner
            if Read(each.path) in self.values
        }

    def _elements(self, node: Node, columns: Mapping[str, Any]) -> Any:
        first = next(iter(columns.values()))
        if not isinstance(first, tuple):
            return first
        entity = node.member.kind.entity.entity  # type: ignore[attr-defined]
        return tuple(_element(entity, columns, place) for place in range(len(first)))


def _element(entity: type, columns: Mapping[str, Any], place: int) -> Any:
    if any(column[place] is State.UNREADABLE for column in columns.values()):
        return UNREADABLE
    made = object.__new__(blank_class(entity))
    for attribute, column in columns.items():
        setattr(made, attribute, column[place])
    made.__class__ = entity
    return made


