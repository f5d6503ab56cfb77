"""Regular expressions for the values of JSON texts, and readers of captured texts.

Such texts have no escapes and no control characters. Alternatives exclude one another or are atomic, so that
a match that fails has nothing to try again.
"""

import json
import re
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from participant_rules.schema.form import Form

__all__ = [
    "FLAG",
    "INTEGER",
    "NUMBER",
    "SCALAR",
    "TEXT",
    "Style",
    "object_of",
    "pairs_of",
    "text_in",
    "value_of",
    "well_formed",
]

TEXT: Final = '"[^"]*+"'
"""A text."""

FLAG: Final = "true|false"
INTEGER: Final = r"-?+(?:0|[1-9][0-9]{0,14}+)(?![0-9.eE])"
NUMBER: Final = r"-?+(?:0|[1-9][0-9]{0,14}+)(?:\.[0-9]{1,15}+)?+(?![0-9.eE])"
SCALAR: Final = f"(?:{TEXT}|null|{FLAG}|{NUMBER})"
"""Any value that holds no others; long numbers and exponents are left out."""


class Style(NamedTuple):
    """The white space of a program's JSON: around the comma of two members, and behind a name."""

    item: str
    name: str

    @classmethod
    def of(cls, text: str) -> "Style":
        """The style that a text mostly has."""
        name = ": " if 2 * text.count('": ') > text.count('":') else ":"
        loose, tight = text.count(', "'), text.count(',"')
        is_loose = loose > tight if loose != tight else name == ": "
        return cls(", " if is_loose else ",", name)


def object_of(members: Mapping[str, str], style: Style, optional: Container[str] = ()) -> str:
    """An object with these names, in this order, and the pattern of each value.

    Optional ones may be left out; where all are, none may.
    """
    needed = [name not in optional for name in members]
    anchor = needed.index(True) if True in needed else None  # what is always there needs no comma of its own
    parts = []
    for place, (name, value) in enumerate(members.items()):
        before = style.item if place > (anchor or 0) else ""
        behind = style.item if anchor is not None and place < anchor else ""
        member = f'{before}"{re.escape(name)}"{style.name}{value}{behind}'
        parts.append(member if needed[place] or anchor is None else f"(?:{member}|)")
    return rf"\{{{''.join(parts)}\}}"


# ---- texts that a form accepts


@lru_cache(maxsize=256)
def well_formed(form: Form | None) -> str:
    """The pattern of texts, with their quotes, that surely have a form; empty where none is known.

    Blank texts have none; without a form any other text is well formed.
    """
    if form is None:
        return r'"(?!\s*+")[^"]*+"'
    pattern = text_in(form)
    if not pattern:
        return ""
    first, last = "", ""
    if _may_match(pattern, _WHITE):  # a form is asked of trimmed texts
        first, last = r"(?!\s)", r"(?<!\s)"
    if re.fullmatch(pattern, ""):
        last += '(?<!")'
    return f'"{first}(?:{pattern}){last}"'


def text_in(form: Form) -> str:
    """The pattern of texts that a form accepts, without quotes; empty where it may match beyond a text."""
    choices = form.json.get("enum")
    if choices is not None:
        return "|".join(re.escape(each) for each in choices if isinstance(each, str) and '"' not in each)
    return form.pattern if form.pattern and _ends_with_text(form.pattern) else ""


@lru_cache(maxsize=256)
def _ends_with_text(pattern: str) -> bool:
    """Whether a pattern matches a part of a JSON text only where it matches the same part alone.

    So it must match no quote, and look at nothing beyond one.
    """
    try:
        if re.compile(f"-{pattern}").groups or _VERBOSE(pattern):
            return False
    except re.error:
        return False
    for part in _parts(pattern):
        if part.looking and (part.text in _ANCHORS or (_matches(part.text, '"') and not part.is_last)):
            return False
    return not _may_match(pattern, '"')


def _may_match(pattern: str, characters: str) -> bool:
    """Whether a match of a pattern may have one of some characters."""
    return any(_matches(part.text, characters) for part in _parts(pattern) if not part.looking)


class _Part(NamedTuple):
    """A part of a pattern that matches one character, or none."""

    text: str
    looking: bool
    """Whether it only looks ahead or back."""
    is_last: bool
    """Whether it is the last part of a look-ahead."""


def _parts(pattern: str) -> Iterator[_Part]:
    depth = 0
    looking: list[tuple[int, bool]] = []
    for token in _TOKEN.finditer(pattern):
        text = token.group()
        if token["open"]:
            depth += 1
            if text.endswith(("=", "!")):
                looking.append((depth, "<" not in text))
        elif text == ")":
            if looking and looking[-1][0] == depth:
                looking.pop()
            depth -= 1
        elif text not in _STRUCTURE:
            is_last = looking == [(depth, True)] and pattern[token.end() : token.end() + 1] == ")"
            yield _Part(text, bool(looking), is_last)


def _matches(part: str, characters: str) -> bool:
    """Whether a part may match one of some characters; true for one that is not understood."""
    if part in _ANCHORS or part in _BOUNDARIES:
        return False
    try:
        match = re.compile(part).match
    except re.error:
        return True
    return any(match(each) is not None for each in characters)


_TOKEN: Final = re.compile(
    r"(?P<open>\((?:\?(?:<?[=!]|[aiLmsu-]*:|>))?)|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL
)
_VERBOSE: Final = re.compile(r"\(\?[a-zA-Z-]*x").search
_STRUCTURE: Final = frozenset("?*+{}|")
_ANCHORS: Final = frozenset(["^", "$", r"\A", r"\Z"])
_BOUNDARIES: Final = frozenset([r"\b", r"\B"])  # a quote bounds a word as the end of a text does
_WHITE: Final = "".join(filter(str.isspace, map(chr, range(0x3001))))


# ---- what was captured

pairs_of = json.JSONDecoder(object_pairs_hook=list).decode
"""The names and values of an object without others; raises ValueError, and RecursionError for deep lists."""


def value_of(text: str) -> Any:
    """The value of a captured scalar."""
    return text[1:-1] if text[0] == '"' else json.loads(text)
