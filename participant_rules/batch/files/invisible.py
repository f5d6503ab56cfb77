"""Invisible characters: format and control characters, variation selectors, byte order marks."""

import re
from typing import Final

from participant_rules.spelling import INVISIBLE

__all__ = ["escapes_of", "find_invisible", "has_invisible"]

find_invisible: Final = re.compile(f"[{INVISIBLE}]").search
_all: Final = re.compile(f"[{INVISIBLE}]").findall
_CONTROLS: Final = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])


def has_invisible(text: str) -> bool:
    """Whether a text has such a character; ASCII texts need no regular expression."""
    if text.isascii():
        data = text.encode("ascii")
        return len(data.translate(None, _CONTROLS)) != len(data)
    return find_invisible(text) is not None


def escapes_of(text: str) -> str:
    r"""The invisible characters of a text, each once, spelt as \u200b."""
    return ", ".join([ascii(each)[1:-1] for each in dict.fromkeys(_all(text))])
