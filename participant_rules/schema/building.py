"""Entities made of their attributes by generated code.

`shapes` reads payloads into entities in the same way.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import attrs
from attrs import NOTHING

from participant_rules.schema.shapes import blank_class

__all__ = ["builder"]

EntityT = TypeVar("EntityT")

_NO_EXTRAS: Final[Mapping[str, Any]] = {}  # shared by all entities without extras


def builder(entity: type[EntityT]) -> Callable[..., EntityT]:
    """A function with the parameters of the class, which makes an equal entity; nothing is converted.

    The class is a frozen one with slots. Its defaults are values, or an empty mapping for the extras.
    """
    scope: dict[str, Any] = {"new": object.__new__, "Blank": blank_class(entity), "Entity": entity}  # type: ignore[arg-type]  # a class is hashable
    parameters, lines = [], []
    for each in attrs.fields(entity):  # type: ignore[arg-type]  # it is an attrs class
        if each.default is NOTHING:
            parameters.append(each.name)
        else:
            scope[f"default_{each.name}"] = _NO_EXTRAS if each.metadata.get("extras") else each.default
            parameters.append(f"{each.name}=default_{each.name}")
        lines.append(f"    made.{each.name} = {each.name}")
    source = "\n".join(
        [
            f"def build({', '.join(parameters)}):",
            "    made = new(Blank)",
            *lines,
            "    made.__class__ = Entity",
            "    return made",
        ]
    )
    exec(source, scope)  # noqa: S102  the code is made of attribute names of our own classes
    build: Callable[..., EntityT] = scope["build"]
    return build
