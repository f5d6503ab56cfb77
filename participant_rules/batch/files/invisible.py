"""Characters that nobody sees: format and control characters, variation selectors, byte order marks."""

import re
from typing import Final

__all__ = ["INVISIBLE", "escapes_of", "find_invisible", "has_invisible", "without_invisible"]

INVISIBLE: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
"""Unicode's categories Cf and Cc without tab, line feed and carriage return, and the variation selectors.

It is what stands between the brackets of a regular expression's character class.
"""

find_invisible: Final = re.compile(f"[{INVISIBLE}]").search
_all: Final = re.compile(f"[{INVISIBLE}]").findall
_drop: Final = re.compile(f"[{INVISIBLE}]+").sub
_CONTROLS: Final = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])


def has_invisible(text: str) -> bool:
    """Whether a text has such a character; ASCII texts need no regular expression."""
    if text.isascii():
        data = text.encode("ascii")
        return len(data.translate(None, _CONTROLS)) != len(data)
    return find_invisible(text) is not None


def without_invisible(text: str) -> str:
    """The text without such characters."""
    return text if text.isascii() and text.isprintable() else _drop("", text)


def escapes_of(text: str) -> str:
    r"""The characters of a text that nobody sees, each once, spelt as \u200b."""
    return ", ".join([ascii(each)[1:-1] for each in dict.fromkeys(_all(text))])
