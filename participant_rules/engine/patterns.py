"""What matches the values of JSON texts that are skimmed, and reads what was captured of them.

Such texts have no escapes and no control characters.
"""

import json
import re
from collections.abc import Container, Iterable, Mapping
from typing import Any, Final, NamedTuple

__all__ = [
    "CAPTURED",
    "FLAG",
    "INTEGER",
    "NUMBER",
    "ODD",
    "QUOTED",
    "SCALAR",
    "TEXT",
    "TEXT_OR_ODD",
    "Style",
    "object_of",
    "one_of",
    "pairs_of",
    "plain_or_odd",
    "value_of",
]

TEXT: Final = '"[^"]*+"'
"""A text."""

CAPTURED: Final = '"([^"]*+)"'
"""A text that is always looked at."""

QUOTED: Final = f"({TEXT})"
"""The same with its quotes: an empty text is told from none."""

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


def object_of(members: Mapping[str, str], style: Style, optional: Container[str] = ()) -> str:
    """An object with these names, in this order, and what matches the value of each.

    Optional ones may be left out; where all are, none may.
    """
    needed = [name not in optional for name in members]
    anchor = needed.index(True) if True in needed else None  # what is always there needs no comma of its own
    written = []
    for place, (name, value) in enumerate(members.items()):
        before = style.item if place > (anchor or 0) else ""
        behind = style.item if anchor is not None and place < anchor else ""
        member = f'{before}"{re.escape(name)}"{style.name}{value}{behind}'
        written.append(member if needed[place] or anchor is None else f"(?:{member}|)")
    return rf"\{{{''.join(written)}\}}"


pairs_of = json.JSONDecoder(object_pairs_hook=list).decode
"""The names and values of an object without others; raises ValueError, and RecursionError for deep lists."""


def value_of(text: str) -> Any:
    """The value of a scalar that was captured; raises ValueError where it is none."""
    return text[1:-1] if text[0] == '"' else json.loads(text)
