"""The comparison keys of an entity's unique members, found by one generated function."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from participant_rules.unset import Unset

if TYPE_CHECKING:  # a schema has nodes, and their keys
    from participant_rules.schema.tree import Node

__all__ = ["keys_reader"]


def keys_reader(nodes: Iterable["Node"]) -> Callable[[Any], dict[str, str]]:
    """The function that gives the keys of an entity's unique values, by path.

    It runs for every payload and every stored participant.
    """
    scope: dict[str, Any] = {"Unset": Unset}
    lines = ["def keys_of(entity):", "    found = {}"]
    for number, node in enumerate(nodes):
        scope[f"path{number}"] = node.path
        if node.is_text and node.form is not None:
            scope[f"make{number}"] = node.make_key
            lines += _text(node, number)
        else:
            scope[f"key{number}"] = node.key_of
            lines += [f"    key = key{number}(entity)"]
        lines += [f"    if key is not None: found[path{number}] = key"]
    exec("\n".join([*lines, "    return found"]), scope)  # noqa: S102  the code is made of attribute names
    keys_of: Callable[[Any], dict[str, str]] = scope["keys_of"]
    return keys_of


def _text(node: "Node", number: int) -> list[str]:
    """The lines that find the key of a text."""
    *sections, attribute = node.attributes
    lines, indent, owner = ["    key = None"], "    ", "entity"
    for depth, section in enumerate(sections):
        lines += [f"{indent}part{depth} = {owner}.{section}"]
        owner = f"part{depth}"
        lines += [f"{indent}if {owner} is not None and {owner}.__class__ is not Unset:"]
        indent += "    "
    judged = "bare" if node.trims else "text"
    return [
        *lines,
        f"{indent}text = {owner}.{attribute}",
        f"{indent}if text.__class__ is str:",
        f"{indent}    bare = text.strip()",
        f"{indent}    if bare: key = make{number}({judged})",
    ]
