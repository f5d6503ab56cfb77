"""Counts of the texts of a layout, and a few of these texts."""

from collections.abc import Mapping
from typing import Any, Final

from participant_rules.schema.tree import Schema

__all__ = ["Sighting", "Sightings"]


class Sighting:
    """The bodies of one layout that were met lately; `layout` is nearly the same for no others."""

    __slots__ = ("bodies", "count", "layout")

    def __init__(self, layout: int) -> None:
        self.layout, self.count = layout, 0
        self.bodies: tuple[Any, ...] = ()


class Sightings:
    """Counts bodies by their layouts: the names of their documented objects, and of the first one in a list.

    What is counted is bounded: of ever new layouts all are forgotten.
    """

    def __init__(self, schema: Schema) -> None:
        self._met: dict[int, Sighting] = {}
        self._parts: dict[str, tuple[tuple[str, str], ...]] = {}
        for section in ("", *[node.path for node in schema.nodes.values() if node.is_nested]):
            self._add_parts(schema, section)
        for node in schema.nodes.values():
            if node.is_list:
                self._add_parts(schema, f"{node.path}[]")

    def _add_parts(self, schema: Schema, section: str) -> None:
        nodes = schema.members_in(section).values()
        self._parts[section] = tuple(
            (node.member.name, f"{node.path}[]" if node.is_list else node.path)
            for node in nodes
            if node.is_nested or node.is_list
        )

    def sighting(self, body: Any) -> Sighting | None:
        """The sighting of a body's layout, with this body counted; None for a value that is no object."""
        if body.__class__ is not dict:
            return None
        layout = hash(self._names(body, ""))
        found = self._met.get(layout)
        if found is None:
            if len(self._met) >= _MOST_LAYOUTS:
                self._met.clear()
            found = self._met[layout] = Sighting(layout)
        found.count += 1
        if found.count > _FIRST:
            found.bodies = (body, *found.bodies[: _MOST_BODIES - 1])
        return found

    def _names(self, held: Mapping[str, Any], section: str) -> tuple[Any, ...]:
        names: tuple[Any, ...] = tuple(held)
        for name, part in self._parts[section]:
            inner = held.get(name)
            if inner.__class__ is list and inner:
                inner = inner[0]
            names += (self._names(inner, part) if inner.__class__ is dict else inner.__class__.__name__,)
        return names

    def clear(self) -> None:
        """Forget all of them."""
        self._met.clear()


_MOST_LAYOUTS: Final = 64
_MOST_BODIES: Final = 4
_FIRST: Final = 26  # the latest few are kept before a template may be made of them
