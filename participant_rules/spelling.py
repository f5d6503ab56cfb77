"""Names in other spellings: the same but for case and separators, or a letter or two off.

Every hint at a known name, and every repair of a spelling, is found here.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NamedTuple, Self

__all__ = [
    "INVISIBLE",
    "bare",
    "closest",
    "hint",
    "loose",
    "most_similar",
    "nearest",
    "plain",
    "respelt",
    "without_invisible",
]

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

_QUOTES: Final = "\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a"
_OPENING: Final = f" \t\r\n\u00a0{_QUOTES}([<"
_CLOSING: Final = f" \t\r\n\u00a0{_QUOTES})]>,;:.!"
_DASHES: Final = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D], "-")

_drop: Final = re.compile(f"[{INVISIBLE}]+").sub
_other_digits: Final = re.compile(r"[^\D0-9]").sub
_between_digits: Final = re.compile(r"(?<=[0-9])[\s_-]+(?=[0-9])").sub
_separators: Final = re.compile(r"(?<![0-9])[\s_-]+|[\s_-]+(?![0-9])").sub
_is_negative: Final = re.compile(r"\s*-\s*[0-9]").match
_no_digits: Final = re.compile(r"[^0-9]+").sub


def without_invisible(text: str) -> str:
    """The text without invisible characters."""
    return text if text.isascii() and text.isprintable() else _drop("", text)


def plain(text: str) -> str:
    """The text of a date or a number in ASCII digits and hyphens, without white space at its ends.

    >>> plain(" \u0661\u0669\u0669\u0660\u201312\u201331")
    '1990-12-31'
    """
    seen = without_invisible(text).strip()
    return seen if seen.isascii() else _other_digits(_as_ascii, seen.translate(_DASHES))


def bare(text: str) -> str:
    """The text without quotes and brackets around it, and without a comma, a colon or a stop behind it.

    >>> bare("'approved',")
    'approved'
    """
    return without_invisible(text).strip(_OPENING).rstrip(_CLOSING)


def _as_ascii(digit: re.Match[str]) -> str:
    return str(unicodedata.decimal(digit[0]))


def loose(name: str) -> str:
    """The key of a name's spellings: no case, white space, underscores, hyphens or invisible characters.

    What stands between two digits counts, however it is written, and so does a sign: 1-2 is not 12, nor -1 1.

    >>> loose("Not_invited") == loose("notInvited")
    True
    """
    bare = without_invisible(name)
    sign = "-" if _is_negative(bare) else ""
    return sign + _separators("", _between_digits("-", bare)).casefold()


class _Key(NamedTuple):
    """What a name compares by: its loose spelling, and the digits in it."""

    text: str
    digits: str

    @classmethod
    def of(cls, name: str) -> Self:
        """The key of a name."""
        text = loose(name)
        return cls(text, _no_digits("", text))


_known_key = lru_cache(maxsize=1 << 14)(_Key.of)  # of known names alone: others may be anybody's


def respelt(name: str, known: Iterable[str]) -> str | None:
    """The known name of which this is another spelling; None where none or more than one is."""
    meant = loose(name)
    found = [each for each in known if _known_key(each).text == meant]
    return found[0] if len(found) == 1 and meant else None


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name in another spelling, or else the only one within two letters.

    Names of fewer than four letters are all alike, and shorter than eight letters may differ in one only.
    Digits are never mistyped: street1 is not near to street2.

    >>> nearest("genedr", ["gender", "email"])
    'gender'
    """
    known = tuple(known)
    found = respelt(name, known)
    if found is not None:
        return found
    key = _Key.of(name)
    near = [(distance, each) for each in known if (distance := _distance(key, _known_key(each))) is not None]
    least = min(near, default=(0, ""))[0]
    closest = [each for distance, each in near if distance == least]
    return closest[0] if len(closest) == 1 else None


def hint(name: str, known: Iterable[str], template: str) -> str:
    """A template with the nearest known name in the place of {}; "" where none is near.

    >>> hint("Gendr", ["gender"], "; {} is documented")
    '; gender is documented'
    """
    meant = nearest(name, known)
    return template.format(meant) if meant is not None else ""


def most_similar(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known name with the fewest letters off, whatever the case; None below the cutoff.

    It serves the errors of set-ups, which name what is nearest in any case.
    """
    folded = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), folded, 1, cutoff)
    return folded[found[0]] if found else None


def closest(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name in a set-up: the known one that is most alike, if any."""
    near = most_similar(name, known)
    return "" if near is None else f"; the nearest one is {near!r}"


_SHORTEST: Final = 4
_LONG: Final = 8


def _distance(one: _Key, other: _Key) -> int | None:
    """How many letters are wrong, missing, too many or swapped with the next; None for too many of them."""
    if one.digits != other.digits:
        return None
    long, short = len(one.text), len(other.text)
    if long < short:
        long, short = short, long
    most = 2 if short >= _LONG else 1
    if short < _SHORTEST or long - short > most:
        return None
    found = _letters_off(one.text, other.text)
    return found if found <= most else None


def _letters_off(one: str, other: str) -> int:
    """The optimal string alignment distance."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, its in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
