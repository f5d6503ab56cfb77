"""The member that a JSON Pointer names: in a value, and its place in a text, for people."""

import re
from collections.abc import Iterator, Sequence
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final

from attrs import frozen

from participant_rules.schema.repairing import names_of
from participant_rules.unset import UNSET

__all__ = [
    "DECODER",
    "Extent",
    "Place",
    "after_white",
    "extent",
    "find",
    "look_up",
    "members",
    "place",
    "position_of",
    "position_of_fault",
]


def look_up(value: Any, pointer: str) -> Any:
    """The member or element of a JSON value that a JSON Pointer names; UNSET where there is none."""
    for name in names_of(pointer):
        if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, dict) and name in value:
            value = value[name]
        else:
            return UNSET
    return value


@frozen
class Place:
    """A line and a column of a text, both from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


def place(text: str, position: int) -> Place:
    """The place of a character."""
    before = text[:position]
    return Place(before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


@frozen
class Extent:
    """Where a member begins with its name (an element with its value), where its value begins and ends."""

    begin: int
    value: int
    end: int


def extent(text: str, path: Sequence[str], start: int = 0) -> Extent | None:
    """The extent of the member at a path in the JSON value that begins at `start`; None for none."""
    found = _begin(text, path, start)
    try:
        return None if found is None else Extent(*found, DECODER.raw_decode(text, found[1])[1])
    except (ValueError, RecursionError):
        return None


def find(text: str, pointer: str) -> Place | None:
    """The place of the member or element that a JSON Pointer names; see `position_of`."""
    position = position_of(text, pointer)
    return None if position is None else place(text, position)


def position_of(text: str, pointer: str) -> int | None:
    """Where the member or element that a JSON Pointer names stands: a member at its name.

    Of a name that stands twice it is the last one, which is the repeated one. None where there is nothing of
    that name, or the text is no JSON.
    """
    found = _begin(text, names_of(pointer), 0)
    return None if found is None else found[0]


def _begin(text: str, path: Sequence[str], start: int) -> tuple[int, int] | None:
    """Where the member at a path begins, its name included, and where its value does."""
    begin = value = after_white(text, start)
    try:
        for token in path:
            found = _inner(text, value, token)
            if found is None:
                return None
            begin, value = found
    except (ValueError, IndexError, RecursionError):
        return None
    return begin, value


DECODER: Final = JSONDecoder(parse_int=str, parse_float=str)
"""A decoder that leaves numbers as texts, of any length: nobody calculates with them."""
_white = re.compile(r"[ \t\r\n]*").match


def position_of_fault(failure: JSONDecodeError) -> int:
    """Where a text ceases to be JSON: behind a comma that nothing follows, at which Python 3.13 stops."""
    if failure.msg.startswith("Illegal trailing comma"):
        return after_white(failure.doc, failure.pos + 1)
    return failure.pos


def after_white(text: str, position: int) -> int:
    """The position of what follows white space."""
    found: Any = _white(text, position)
    end: int = found.end()
    return end


def _inner(text: str, start: int, token: str) -> tuple[int, int] | None:
    """Where a part of the container at `start` begins, its name included, and where its value does."""
    if text[start] == "{":
        return _member(text, start, token)
    return _element(text, start, int(token)) if text[start] == "[" else None


def _member(text: str, start: int, name: str) -> tuple[int, int] | None:
    found = [(begin, value) for each, begin, value in members(text, start) if each == name]
    return found[-1] if found else None


def members(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The names in the object that begins at `start`, where each stands, and where its value does."""
    position = after_white(text, start + 1)
    while text[position] != "}":
        name, end = DECODER.raw_decode(text, position)
        value = after_white(text, after_white(text, end) + 1)
        yield name, position, value
        position = _next(text, value)


def _element(text: str, start: int, wanted: int) -> tuple[int, int] | None:
    position = after_white(text, start + 1)
    for _ in range(wanted):
        position = _next(text, position)
    return None if text[position] == "]" else (position, position)


def _next(text: str, value: int) -> int:
    """The start of the text behind a value: another one, or the end of the container."""
    position = after_white(text, DECODER.raw_decode(text, value)[1])
    return after_white(text, position + 1) if text[position] == "," else position
