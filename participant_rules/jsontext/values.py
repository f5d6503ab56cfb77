"""The faults of values that were decoded elsewhere."""

import builtins
from collections.abc import Iterator
from itertools import chain
from math import isfinite
from typing import Any

from participant_rules.jsontext.faults import (
    MAX_DEPTH,
    Path,
    is_malformed,
    not_json_value,
    number_not_finite,
    printable,
    text_malformed,
    too_deep,
)
from participant_rules.rules import at
from participant_rules.violations import Violation

_SCALARS = (str, int, float, bool, type(None))
_EXACT = frozenset((*_SCALARS, dict, list))
_NUMBERS = frozenset((int, float))


def faults_of(value: object) -> tuple[Violation, ...]:
    """The faults that a decoded value would have had as a text."""
    found: list[Violation] = []
    level: list[tuple[object, Path]] = [(value, ())]
    for _ in range(MAX_DEPTH):
        found += [fault for each, path in level for fault in _faults_of_one(each, path)]
        level = [inner for each, path in level for inner in _held(each, path)]
    if any(isinstance(each, dict | list) for each, _ in level):
        return (too_deep.violation(),)
    return (*found, *[fault for each, path in level for fault in _faults_of_one(each, path)])


def _faults_of_one(value: object, path: Path) -> Iterator[Violation]:
    if isinstance(value, dict):
        if all(isinstance(name, str) for name in value):
            malformed = [printable(name) for name in value if is_malformed(name)]
            yield from (text_malformed.violation(at(*path, name)) for name in malformed)
        else:
            named = next(name for name in value if not isinstance(name, str))
            yield _strange(f"{type(value).__name__} with a name of the type {type(named).__name__}", path)
    elif isinstance(value, str) and is_malformed(value):
        yield text_malformed.violation(at(*path, pointer=""))
    elif _is_infinite(value):
        yield number_not_finite.violation(at(*path, pointer=""))
    elif not isinstance(value, (*_SCALARS, list)):
        yield _strange(_name_of(type(value)), path)


def _name_of(kind: type) -> str:
    """The name of a type, with its package where JSON has something of that name: numpy.bool."""
    package = kind.__module__.partition(".")[0]
    return (
        f"{package}.{kind.__name__}"
        if hasattr(builtins, kind.__name__) and package != "builtins"
        else kind.__name__
    )


def _strange(found: str, path: Path) -> Violation:
    return not_json_value.violation(at(*path, pointer="", found=found))


def is_sound(value: object) -> bool:
    """Whether a value surely has no fault, and nothing in it is of a class that JSON does not have.

    It goes level by level, so that most is done in C; false proves nothing.
    """
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        kinds = {*map(type, level)}
        if not kinds <= _EXACT:
            return False
        objects = [each for each in level if each.__class__ is dict]
        names = [*chain.from_iterable(objects)]
        texts = [each for each in level if each.__class__ is str]
        if not {str}.issuperset(map(type, names)) or is_malformed("".join([*names, *texts])):
            return False
        if not _NUMBERS.isdisjoint(kinds) and any(map(_is_infinite, level)):
            return False
        lists = [each for each in level if each.__class__ is list]
        level = [*chain.from_iterable([each.values() for each in objects]), *chain.from_iterable(lists)]
        if not level:
            return True
    return False


def exact(value: Any) -> Any:
    """The same value, of plain strings and numbers."""
    if isinstance(value, dict):
        return {exact(name): exact(member) for name, member in value.items()}
    if isinstance(value, list):
        return [exact(each) for each in value]
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bool) or value is None:
        return value
    return int.__int__(value) if isinstance(value, int) else float.__float__(value)


def _is_infinite(value: object) -> bool:
    try:
        return isinstance(value, int | float) and not isfinite(value)
    except OverflowError:  # an integer beyond the greatest double
        return True


def _held(value: object, path: Path) -> list[tuple[object, Path]]:
    if isinstance(value, dict):
        return [(member, (*path, printable(str(name)))) for name, member in value.items()]
    if isinstance(value, list):
        return [(element, (*path, position)) for position, element in enumerate(value)]
    return []
