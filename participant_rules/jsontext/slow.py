"""The slow twin of the quick reader: it finds every fault of a text, and its place."""

import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from math import isfinite
from typing import Any

from participant_rules.jsontext.faults import (
    MAX_DEPTH,
    Faults,
    Path,
    is_malformed,
    key_repeated,
    not_json,
    number_not_finite,
    printable,
    refused,
    text_malformed,
    too_deep,
)
from participant_rules.jsontext.numbers import Unsure, finite, integer
from participant_rules.rules import At, Rule, at
from participant_rules.unset import UNSET


class _Pairs(list[tuple[str, Any]]):
    """An object as it stands in the text, repeated names included."""


_NOT_FINITE = object()


def _number(text: str) -> object:
    try:
        return finite(text) if not text.lstrip("-").isdigit() else integer(text)
    except Unsure:
        return _NOT_FINITE if not isfinite(float(text)) else int(text)


_slow_decode = JSONDecoder(
    object_pairs_hook=_Pairs, parse_constant=lambda _: _NOT_FINITE, parse_float=_number, parse_int=_number
).decode
_token = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)  # a string may lack its end
_STEP = {"[": 1, "{": 1, "]": -1, "}": -1}


def too_deep_at(text: str) -> int | None:
    """Where a bracket opens that stands inside of MAX_DEPTH others, outside of strings; None for nowhere."""
    depth = 0
    for token in _token.finditer(text):
        depth += _STEP.get(token.group(), 0)
        if depth > MAX_DEPTH:
            return token.start()
    return None


def decode(text: str) -> tuple[Any, Faults]:
    """The value of a text, or UNSET and all faults of the text."""
    if too_deep_at(text) is not None:
        return refused(too_deep)
    try:
        value = _slow_decode(text)
    except (JSONDecodeError, RecursionError):
        return refused(not_json)
    faults = tuple(rule.violation(place) for rule, place in _faults_in(value, ()))
    return (UNSET, faults) if faults else (_plain(value), ())


def _faults_in(value: object, path: Path) -> Iterator[tuple[Rule, At]]:
    """The faults of a value and of its members and elements."""
    if value is _NOT_FINITE:
        yield number_not_finite, at(*path, pointer="")
    elif isinstance(value, str):
        if is_malformed(value):
            yield text_malformed, at(*path, pointer="")
    elif isinstance(value, _Pairs):
        yield from _faults_of_members(value, path)
    elif isinstance(value, list):
        for position, element in enumerate(value):
            yield from _faults_in(element, (*path, position))


def _faults_of_members(members: _Pairs, path: Path) -> Iterator[tuple[Rule, At]]:
    seen: set[str] = set()
    reported: set[str] = set()
    for name, value in members:
        here = (*path, printable(name))
        if name in seen and name not in reported:
            reported.add(name)
            yield key_repeated, at(*here)
        seen.add(name)
        if is_malformed(name):
            yield text_malformed, at(*here)
        yield from _faults_in(value, here)


def _plain(value: object) -> Any:
    if isinstance(value, _Pairs):
        return {name: _plain(member) for name, member in value}
    if isinstance(value, list):
        return [_plain(element) for element in value]
    return value
