"""Strict JSON: the text of a request becomes a value, or all the faults of the text.

    "The names within an object SHOULD be unique." (RFC 8259, section 4; here they must be)

One prebuilt decoder reads a sound text at the speed of the standard library. A text that it doubts is read
once more by a slow twin, which finds every fault and says where it is. Nothing here raises on bad input.
"""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from json import JSONDecodeError, JSONDecoder
from math import isfinite
from typing import Any, Final

from participant_rules.rules import At, Rule, at, fault
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = [
    "FAULTS",
    "MAX_BYTES",
    "MAX_DEPTH",
    "VALUE_FAULTS",
    "Glance",
    "glance",
    "is_whole",
    "read",
    "sound_value",
]

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_DEPTH: Final = 64

not_json = fault("The text is not JSON.", "not-json", "A body is JSON text in UTF-8.")
not_json_value = fault(
    "The value is of the type {found}, which JSON does not have.",
    "not-json-value",
    "A decoded value consists of what JSON has: objects, lists, strings, numbers, true, false and null.",
    pointer="/{member}",
)
key_repeated = fault(
    "The same name stands twice in one object.",
    "key-repeated",
    "The names within an object are unique.",
    pointer="/{member}",
)
number_not_finite = fault(
    "The number is not finite.",
    "number-not-finite",
    "A number fits a double: NaN, Infinity and 1e999 do not.",
    pointer="/{member}",
)
too_deep = fault(
    f"The text nests deeper than {MAX_DEPTH} levels.", "too-deep", f"A body nests at most {MAX_DEPTH} levels."
)
too_large = fault(
    "The text is too large.", "too-large", "A body has at most 10 MiB, or what the caller allows."
)
text_malformed = fault(
    "The text has a lone surrogate or a NUL character.",
    "text-malformed",
    "A string has no lone surrogate and no NUL character.",
    pointer="/{member}",
)

FAULTS: Final[tuple[Rule, ...]] = (
    not_json,
    key_repeated,
    number_not_finite,
    too_deep,
    too_large,
    text_malformed,
)

VALUE_FAULTS: Final[tuple[Rule, ...]] = (not_json_value,)
"""What only a value can have that was decoded elsewhere, and no text."""

Faults = tuple[Violation, ...]


class _Doubt(ValueError):
    """The fast reader met what the slow one must judge."""


def read(payload: object, *, max_bytes: int = MAX_BYTES) -> tuple[Any, Faults]:
    """The JSON value of a payload (bytes, text, or a value decoded elsewhere) and the faults of its text.

    The value is UNSET when there is a fault. Never raises on bad input.
    """
    if isinstance(payload, _BYTES):
        return _read_bytes(bytes(payload), max_bytes)
    if isinstance(payload, str):
        return _read_text(payload, max_bytes)
    faults = _faults_of_value(payload)
    if faults:
        return UNSET, faults
    return (payload if _is_exact(payload) else _exact(payload)), ()


_BYTES: Final = (bytes, bytearray, memoryview)  # as a union it would be made for each payload


def _read_bytes(payload: bytes, max_bytes: int) -> tuple[Any, Faults]:
    if len(payload) > max_bytes:
        return _refuse(too_large)
    try:
        return _decode(payload.decode())
    except UnicodeDecodeError:
        return _refuse(not_json)


def _read_text(payload: str, max_bytes: int) -> tuple[Any, Faults]:
    if len(payload) > max_bytes:
        return _refuse(too_large)
    encoded = payload.encode("utf-8", "surrogatepass")
    if len(encoded) > max_bytes:
        return _refuse(too_large)
    return _decode(payload) if _lone_surrogate(payload) is None else _decode_slowly(payload)


def _refuse(rule: Rule) -> tuple[Unset, Faults]:
    return UNSET, (rule.violation(),)


# ---- the fast reader: accepts, or doubts


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Doubt
    return members


def _doubt(_: str) -> Any:
    raise _Doubt


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise _Doubt
    return number


_LONGEST_DOUBLE = 308  # digits: every integer of so many fits a double


def _integer(text: str) -> int:
    if len(text) > _LONGEST_DOUBLE:
        raise _Doubt
    return int(text)


def _scanner(**hooks: Any) -> Callable[[str, int], tuple[Any, int]]:
    """What decodes the value at a place of a text and says where it ends; StopIteration where there is none.

    It is what a decoder itself calls, after two regular expressions for the white space around the value.
    """
    decoder: Any = JSONDecoder(parse_constant=_doubt, parse_float=_finite, parse_int=_integer, **hooks)
    scan: Callable[[str, int], tuple[Any, int]] = decoder.scan_once
    return scan


_scan_unique = _scanner(object_pairs_hook=_unique)
_scan = _scanner()
# NUL and surrogates are malformed; who counts colons must see all of them.
_suspicious_escape = re.compile(r"\\u(?:0000|003[aA]|[dD][89a-fA-F])").search
_WHITE: Final = " \t\n\r"
_IN_DOUBT: Final = (UNSET, -1)


Glance = Callable[[object], tuple[Any, int]]


def glance(payload: object) -> tuple[Any, int]:
    """The value of a text at the speed of the standard library, and the most names that it can have.

    A colon stands behind every name. So when all objects of the value together have as many members as the
    text has colons, no name stands twice in one object, and the value is what `read` gives. Whoever does not
    want to count them, finds another number, or meets a list or an object where none should be (a glance does
    not see how deep it nests) asks `read`. So does who gets UNSET and -1: then the text is odd in another
    way.
    """
    try:
        if isinstance(payload, bytes):
            text, encoded = payload.decode(), payload
        elif isinstance(payload, str):
            text, encoded = payload, payload.encode()
        else:
            return _IN_DOUBT
        value, end = _scan(text, 0)
        if "\\" in text and _suspicious_escape(text):
            return _IN_DOUBT
    except (ValueError, StopIteration, RecursionError):
        return _IN_DOUBT
    if len(encoded) > MAX_BYTES or (end != len(text) and text[end:].strip(_WHITE)):
        return _IN_DOUBT
    return value, encoded.count(b":")


def sound_value(payload: object, glance: Glance = glance) -> Any:
    """The value of a payload that is known to have no fault; what a glance doubts is read strictly."""
    if not isinstance(payload, bytes | str):
        return payload
    value, colons = glance(payload)
    return value if colons >= 0 else read(payload)[0]


def is_whole(payload: Any, value: Any, colons: int) -> bool:
    """Whether the value and the colons that a glance gave are all that the text has; false proves nothing.

    Where no character is escaped, every colon of the text stands behind a name or inside a string. A name
    that stands twice is one more than the value has.
    """
    escape: Any = b"\\" if isinstance(payload, bytes) else "\\"
    if escape in payload:
        return False
    level, count = [value], 0
    for _ in range(MAX_DEPTH):
        objects = [each for each in level if each.__class__ is dict]
        texts = [each for each in level if each.__class__ is str]
        inner = [each for held in level if held.__class__ is list for each in held]
        for each in objects:
            count += len(each)
            texts += each
            inner += each.values()
        count += "".join(texts).count(":")
        if not inner:
            return count == colons
        level = inner
    return False


def _decode(text: str) -> tuple[Any, Faults]:
    """The value of a text without lone surrogates."""
    if "\\u" in text and _suspicious_escape(text):
        return _decode_slowly(text)
    try:
        value, end = _scan_unique(text, 0)
    except (ValueError, StopIteration, RecursionError):
        return _decode_slowly(text)
    if end != len(text) and text[end:].strip(_WHITE):
        return _decode_slowly(text)
    if text.count("{") + text.count("[") > MAX_DEPTH and _nests_too_deep(value):  # else too few brackets
        return _refuse(too_deep)
    return value, ()


def _nests_too_deep(value: Any) -> bool:
    """Whether there is a container inside MAX_DEPTH others; walks level by level."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if outer.__class__ is dict else outer)
            if inner.__class__ is dict or inner.__class__ is list
        ]
        if not level:
            return False
    return True


# ---- the slow twin: finds every fault


class _Pairs(list[tuple[str, Any]]):
    """An object as it stands in the text, repeated names included."""


_NOT_FINITE = object()


def _number(text: str) -> object:
    try:
        return _finite(text) if not text.lstrip("-").isdigit() else _integer(text)
    except _Doubt:
        return _NOT_FINITE if not isfinite(float(text)) else int(text)


_slow_decode = JSONDecoder(
    object_pairs_hook=_Pairs, parse_constant=lambda _: _NOT_FINITE, parse_float=_number, parse_int=_number
).decode
_token = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)  # a string may lack its end
_STEP = {"[": 1, "{": 1, "]": -1, "}": -1}


def _depth(text: str) -> int:
    """How deep the brackets nest outside of strings; beyond MAX_DEPTH it stops to count."""
    depth = deepest = 0
    for token in _token.finditer(text):
        depth += _STEP.get(token.group(), 0)
        if depth > deepest:
            deepest = depth
            if deepest > MAX_DEPTH:
                break
    return deepest


def _decode_slowly(text: str) -> tuple[Any, Faults]:
    if _depth(text) > MAX_DEPTH:
        return _refuse(too_deep)
    try:
        value = _slow_decode(text)
    except (JSONDecodeError, RecursionError):
        return _refuse(not_json)
    faults = tuple(rule.violation(place) for rule, place in _walk(value, ()))
    return (UNSET, faults) if faults else (_plain(value), ())


Path = tuple[str | int, ...]


def _walk(value: object, path: Path) -> Iterator[tuple[Rule, At]]:
    """The faults of a value and of what it holds."""
    if value is _NOT_FINITE:
        yield number_not_finite, at(*path, pointer="")
    elif isinstance(value, str):
        if _is_malformed(value):
            yield text_malformed, at(*path, pointer="")
    elif isinstance(value, _Pairs):
        yield from _walk_members(value, path)
    elif isinstance(value, list):
        for position, element in enumerate(value):
            yield from _walk(element, (*path, position))


def _walk_members(members: _Pairs, path: Path) -> Iterator[tuple[Rule, At]]:
    seen: set[str] = set()
    said: set[str] = set()
    for name, value in members:
        here = (*path, printable(name))
        if name in seen and name not in said:
            said.add(name)
            yield key_repeated, at(*here)
        seen.add(name)
        if _is_malformed(name):
            yield text_malformed, at(*here)
        yield from _walk(value, here)


def _is_malformed(text: str) -> bool:
    return "\0" in text or (not text.isascii() and _lone_surrogate(text) is not None)


_lone_surrogate = re.compile(r"[\ud800-\udfff]").search


def printable(name: str) -> str:
    """A member's name that can be written anywhere: a lone surrogate becomes the replacement character."""
    return name.encode("utf-8", "replace").decode() if _lone_surrogate(name) else name


def _plain(value: object) -> Any:
    if isinstance(value, _Pairs):
        return {name: _plain(member) for name, member in value}
    if isinstance(value, list):
        return [_plain(element) for element in value]
    return value


# ---- values that were decoded elsewhere

_SCALARS = (str, int, float, bool, type(None))
_EXACT = frozenset((*_SCALARS, dict, list))


def _faults_of_value(value: object) -> tuple[Violation, ...]:
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
            malformed = [printable(name) for name in value if _is_malformed(name)]
            yield from (text_malformed.violation(at(*path, name)) for name in malformed)
        else:
            named = next(name for name in value if not isinstance(name, str))
            yield _strange(f"{type(value).__name__} with a name of the type {type(named).__name__}", path)
    elif isinstance(value, str) and _is_malformed(value):
        yield text_malformed.violation(at(*path, pointer=""))
    elif _is_infinite(value):
        yield number_not_finite.violation(at(*path, pointer=""))
    elif not isinstance(value, (*_SCALARS, list)):
        yield _strange(type(value).__name__, path)


def _strange(found: str, path: Path) -> Violation:
    return not_json_value.violation(at(*path, pointer="", found=found))


def _is_exact(value: Any) -> bool:
    """Whether all strings and numbers are just that, and no members of an enumeration."""
    level = [value]
    while level:
        kinds = set(map(type, level))
        inner = [each for held in level if isinstance(held, dict) for each in chain(held, held.values())]
        inner += [each for held in level if isinstance(held, list) for each in held]
        if not kinds <= _EXACT:
            return False
        level = inner
    return True


def _exact(value: Any) -> Any:
    """The same value, of plain strings and numbers."""
    if isinstance(value, dict):
        return {_exact(name): _exact(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_exact(each) for each in value]
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
