"""JSON texts of a shape that is met often, read without being decoded.

Files repeat their shape: the same members in the same order, with the same white space between them. From a
few texts of a shape a regular expression is made, which matches only JSON whose names are these, and whose
values are such that no more than what it captures needs to be looked at. So a match is the same as a strict
reading, and costs a fraction of it; a text that does not match proves nothing and is decoded.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Generic, NamedTuple, TypeVar

from participant_rules.jsontext import MAX_BYTES

__all__ = [
    "CAPTURED",
    "FLAG",
    "INTEGER",
    "NUMBER",
    "ODD",
    "SCALAR",
    "TEXT",
    "TEXT_OR_ODD",
    "Groups",
    "Skimmer",
    "Style",
    "Tell",
    "object_of",
    "one_of",
    "plain_or_odd",
    "value_of",
]

T = TypeVar("T")
Groups = tuple[Any, ...]
"""What a match captured: texts, or None."""

CHARACTERS: Final = r'[^"\\\x00-\x1f]*'
"""What needs no escape in a text."""

CAPTURED: Final = f'"({CHARACTERS})"'
"""A text that is always looked at."""

TEXT: Final = f'"{CHARACTERS}"'
FLAG: Final = "true|false"
INTEGER: Final = r"-?(?:0|[1-9][0-9]{0,14})(?![0-9.eE])"
NUMBER: Final = r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?(?![0-9.eE])"
SCALAR: Final = f"(?:{TEXT}|null|{FLAG}|{NUMBER})"
"""Any value that holds no others."""

_ODD_NUMBER: Final = "-?[0-9.]{1,18}"  # one that is none is found when it is decoded
ODD: Final = f"({TEXT}|null|{FLAG}|{_ODD_NUMBER})"
"""Any scalar, looked at."""

TEXT_OR_ODD: Final = f"(?:{TEXT}|null|({FLAG}|{_ODD_NUMBER}))"
"""A text, or null; other scalars are looked at."""


class Style(NamedTuple):
    """How a program writes JSON: what stands between two members, and behind a name."""

    item: str
    name: str

    @classmethod
    def of(cls, text: str) -> "Style":
        """The style that a text seems to have."""
        return cls(", " if ', "' in text else ",", ": " if '": ' in text else ":")


def one_of(texts: Iterable[str]) -> str:
    """A text that is one of these, or empty."""
    return f'"(?:{"|".join(map(re.escape, texts))})?"'


def plain_or_odd(plain: str) -> str:
    """Null, or what is plain; other scalars are looked at."""
    # The alternatives exclude one another, so that a match that fails has nothing to try again.
    return f"(?:{plain}|null|(?!{plain}|null){ODD})"


def object_of(members: Mapping[str, str], style: Style) -> str:
    """An object with these names, in this order, and what matches the value of each."""
    written = [f'"{re.escape(name)}"{style.name}{value}' for name, value in members.items()]
    return rf"\{{{style.item.join(written)}\}}"


Tell = Callable[[Groups], T | None]
"""Tells what captured values say; None where it is not sure."""


class Skimmer(Generic[T]):
    """Learns shapes of texts, and tells what texts of these shapes say.

    Trying to learn takes some milliseconds, so after each shape, and each try in vain, twice as many texts
    must be met before the next one.

    `shape` gives the expression of a value in a style, and what tells of its texts; None for a value whose
    like cannot be told.
    """

    def __init__(self, shape: Callable[[Any, Style], tuple[str, Tell[T]] | None]) -> None:
        self._shape = shape
        self._known: tuple[tuple[_Match, Tell[T]], ...] = ()
        # By about how many names they have: the texts that no shape matched, and how often that was in vain.
        self._met: dict[int, tuple[int, int]] = {}

    def skim(self, payload: object) -> T | None:
        """What a text says; None where it is not sure, and for what is not bytes."""
        if not self._known or payload.__class__ is not bytes or len(payload) > MAX_BYTES:
            return None
        try:
            text = payload.decode()
            for match, tell in self._known:
                found = match(text)
                if found is not None:
                    return tell(found.groups())
        except ValueError:  # it is no UTF-8, or a number is none
            return None
        return None

    def learn(self, payload: object, value: Any) -> None:
        """Note a text that was decoded, and may be skimmed when many are like it."""
        if not isinstance(payload, bytes) or len(payload) > _LONGEST or len(self._known) == _MOST:
            return
        names = payload.count(b'":')
        met, vain = self._met.get(names, (0, 0))
        if met + 1 < _OFTEN << (len(self._known) + vain):
            self._met[names] = met + 1, vain
        else:
            self._met[names] = 0, vain + (not self._learned(payload.decode(), value))

    def _learned(self, text: str, value: Any) -> bool:
        """Whether a shape was made of a text: its own expression must match it."""
        made = self._shape(value, Style.of(text))
        if made is None:
            return False
        match = re.compile(f"{made[0]}[ \\t\\r\\n]*").fullmatch
        if match(text) is None:
            return False
        self._known = (*self._known, (match, made[1]))
        return True


def value_of(text: str) -> Any:
    """The value of a scalar that was captured; raises ValueError where it is none."""
    return text[1:-1] if text[0] == '"' else json.loads(text)


_Match = Callable[[str], "re.Match[str] | None"]
_OFTEN: Final = 32  # texts, before it is tried to learn their shape
_MOST: Final = 6  # shapes: a text that is of none of them has tried all
_LONGEST: Final = 1 << 16  # bytes of a text to learn from
