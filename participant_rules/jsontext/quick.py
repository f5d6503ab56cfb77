"""The quick reader of sound JSON texts, and a glance, which leaves some checks to its caller."""

import re
from collections.abc import Callable
from json import JSONDecoder
from typing import Any, Final

from participant_rules.jsontext import slow
from participant_rules.jsontext.faults import MAX_BYTES, MAX_DEPTH, Faults, refused, too_deep
from participant_rules.jsontext.numbers import Unsure, finite, integer
from participant_rules.unset import UNSET


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unsure
    return members


def _constant(_: str) -> Any:
    raise Unsure


def _scanner(**hooks: Any) -> Callable[[str, int], tuple[Any, int]]:
    """The decoder of the value at a place of a text, with its end; StopIteration where there is none.

    It is what a decoder itself calls, after two regular expressions for the white space around the value.
    """
    decoder: Any = JSONDecoder(parse_constant=_constant, parse_float=finite, parse_int=integer, **hooks)
    scan: Callable[[str, int], tuple[Any, int]] = decoder.scan_once
    return scan


_scan_unique = _scanner(object_pairs_hook=_unique)
_scan = _scanner()
# NUL and surrogates are malformed; who counts colons must see all of them.
_suspicious_escape = re.compile(r"\\u(?:0000|003[aA]|[dD][89a-fA-F])").search
_WHITE: Final = " \t\n\r"
_UNSURE: Final = (UNSET, -1)


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
            return _UNSURE
        value, end = _scan(text, 0)
        if "\\" in text and _suspicious_escape(text):
            return _UNSURE
    except (ValueError, StopIteration, RecursionError):
        return _UNSURE
    if len(encoded) > MAX_BYTES or (end != len(text) and text[end:].strip(_WHITE)):
        return _UNSURE
    return value, encoded.count(b":")


def is_whole(payload: Any, value: Any, colons: int) -> bool:
    """Whether a glance's value and colons show that no name stands twice; false proves nothing.

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


def decode(text: str) -> tuple[Any, Faults]:
    """The value of a text without lone surrogates."""
    if "\\u" in text and _suspicious_escape(text):
        return slow.decode(text)
    try:
        value, end = _scan_unique(text, 0)
    except (ValueError, StopIteration, RecursionError):
        return slow.decode(text)
    if end != len(text) and text[end:].strip(_WHITE):
        return slow.decode(text)
    if text.count("{") + text.count("[") > MAX_DEPTH and _nests_too_deep(value):  # else too few brackets
        return refused(too_deep)
    return value, ()


def _nests_too_deep(value: Any) -> bool:
    """Whether a container stands inside of MAX_DEPTH others; goes level by level."""
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
