"""Plain texts: GUIDs, and the comparison key of a value without one of its own."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}").fullmatch


def is_guid(text: str) -> bool:
    """Whether the text is a GUID: 8-4-4-4-12 hexadecimal digits in either case, without braces."""
    return _GUID(text) is not None


def fold(text: str) -> str:
    """The text trimmed and lower-cased: the comparison key of a stored value without one of its own."""
    return text.strip().lower()


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that differs from another one in the case of letters only, or in one letter; or None."""
    by_case = {each.lower(): each for each in known}
    meant = by_case.get(name.lower())
    if meant is not None:
        return meant
    return next((each for key, each in by_case.items() if _is_one_letter_off(name.lower(), key)), None)


def hint(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the most similar of the known ones, if any."""
    near = get_close_matches(name, [*known], n=1)
    return f"; the nearest one is {near[0]!r}" if near else ""


_SHORTEST = 4  # letters: shorter names are all alike


def _is_one_letter_off(one: str, other: str) -> bool:
    """Whether one letter is another one, is missing, or is too many."""
    if min(len(one), len(other)) < _SHORTEST or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    rest, other_rest = one[start:], other[start:]
    return rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]
