"""The code of a function that is generated from declared members, while it is written."""

from types import NoneType
from typing import Any, Final

from participant_rules.engine.slots import Slots, State
from participant_rules.schema.reads import Mode
from participant_rules.schema.tree import Node
from participant_rules.unset import UNREADABLE, UNSET, Unset

__all__ = ["CodeWriter"]

_SCALAR: Final = frozenset({str, NoneType, bool, int, float, Unset})  # a mistyped text was made UNREADABLE


class CodeWriter:
    """Writes lines of code; `scope` holds the values that they name."""

    def __init__(self, slots: Slots) -> None:
        self._slots, self._schema = slots, slots.schema
        self._lines: list[str] = []
        self._number = 0
        self.scope: dict[str, Any] = {
            "ABSENT": State.ABSENT,
            "MALFORMED": State.MALFORMED,
            "NULL": State.NULL,
            "NoneType": NoneType,
            "SCALAR": _SCALAR,
            "TEXT": frozenset({str, NoneType}),
            "FLAG": frozenset({bool, NoneType}),
            "UNREADABLE": UNREADABLE,
            "UNREADABLE_STATE": State.UNREADABLE,
            "UNSET": UNSET,
        }

    def _add(self, indent: int, line: str) -> None:
        self._lines.append("    " * indent + line)

    def _mistyped(self, variable: str, path: str, expected: str, indent: int) -> None:
        """Notes a value of a wrong type; the names in an object or a list are not counted.

        `path` is the code of its path, and `expected` what it must be.
        """
        self._add(indent, f"mistyped += ((({path}), {expected!r}),)")
        self._add(indent, f"if {variable}.__class__ not in SCALAR: colons = -1")

    def _wrong_type(self, variable: str, node: Node, place: str, indent: int) -> None:
        """Notes that a member has a wrong type; `place` is the variable of its element in a list."""
        path = f"{self._path(node.section, place)}{node.member.name!r},"
        self._mistyped(variable, path, node.member.expected, indent)

    def _name(self, value: Any, hint: str) -> str:
        """A name for a value in the code."""
        self._number += 1
        name = f"{hint}{self._number}"
        self.scope[name] = value
        return name

    def _slot(self, node: Node, mode: Mode) -> int | None:
        return self._slots.place(node.path, mode)

    def _text(self, node: Node) -> int | None:
        return self._slots.text_place(node.path)

    def _path(self, section: str, place: str) -> str:
        """The code of the path of an object."""
        parts: list[str] = []
        for name in section.split(".") if section else ():
            parts.append(repr(name.removesuffix("[]")))
            if name.endswith("[]"):
                parts.append(place)
        return ", ".join(parts) + "," if parts else ""

    def _fill(self, slot: int | None, value: str, state: int | None, named: str, indent: int) -> None:
        """The code that fills the slots of a value and of a state."""
        self._add(indent, "pass")
        if slot is not None:
            self._add(indent, f"odd += (({slot}, {value}),)")
        if state is not None:
            self._add(indent, f"odd += (({state}, {named}),)")
