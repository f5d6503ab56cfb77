"""Plain texts: GUIDs, and the comparison key of a value without one of its own."""

import re

_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}").fullmatch


def is_guid(text: str) -> bool:
    """Whether the text is a GUID: 8-4-4-4-12 hexadecimal digits in either case, without braces."""
    return _GUID(text) is not None


def fold(text: str) -> str:
    """The text trimmed and lower-cased: the comparison key of a stored value without one of its own."""
    return text.strip().lower()
