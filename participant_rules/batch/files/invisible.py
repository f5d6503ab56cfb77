"""Invisible characters: format and control characters, variation selectors, byte order marks."""

import re
from typing import Final

from participant_rules.spelling import INVISIBLE

__all__ = ["escapes_of", "find_invisible", "has_invisible", "may_have_invisible"]

find_invisible: Final = re.compile(f"[{INVISIBLE}]").search
_all: Final = re.compile(f"[{INVISIBLE}]").findall
_CONTROLS: Final = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20)])
_USUAL: Final = bytes(range(0x7F))
_LEADS: Final = (
    *(b"\x7f", b"\xc2", b"\xd8", b"\xdb\x9d", b"\xdc\x8f", b"\xe0\xa2", b"\xe0\xa3", b"\xe1\xa0"),
    *(b"\xe2\x80", b"\xe2\x81", b"\xef\xb8", b"\xef\xbb", b"\xef\xbf", b"\xf0\x91", b"\xf0\x93"),
    *(b"\xf0\x9b", b"\xf0\x9d", b"\xf3"),
)
"""How the UTF-8 of such characters begins, but for controls of ASCII."""


def has_invisible(text: str) -> bool:
    """Whether a text has such a character; most texts need no regular expression."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data.translate(None, _CONTROLS)) != len(data):
        return True
    return may_have_invisible(data) and find_invisible(text) is not None


def may_have_invisible(data: bytes) -> bool:
    """Whether a text in UTF-8 may have such a character that is no control of ASCII; false is sure."""
    rare = data.translate(None, _USUAL)  # the bytes of one character stay together
    return any(each in rare for each in _LEADS)


def escapes_of(text: str) -> str:
    r"""The invisible characters of a text, each once, spelt as \u200b."""
    return ", ".join([ascii(each)[1:-1] for each in dict.fromkeys(_all(text))])
