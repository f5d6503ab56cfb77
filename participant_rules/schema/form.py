"""The forms of values: their tests, keys, schemas and repairs.

A `Form` holds everything that is to be known of such values: the test that decides, a pattern of texts that
surely pass it, the comparison key where there is one, the keywords of JSON Schema, a repair where one is
safe, and examples. Readers, templates, columns of tables, schemas, repairs and tests are derived from it.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from attrs import field, frozen

from participant_rules.due import refuse_other
from participant_rules.spelling import bare, nearest, respelt

__all__ = [
    "ANY_TEXT",
    "Fix",
    "FixOf",
    "Form",
    "OpenForm",
    "key_form",
    "one_of",
    "respelled",
    "respelling",
    "text_form",
]

_TEXT_SCHEMA: Final[Mapping[str, Any]] = {"type": "string"}


class Fix(NamedTuple):
    """The repair of a value or a name, and whether it is certain; else it is merely likely."""

    value: Any
    certain: bool


FixOf = Callable[[Any], Fix | None]
"""Gives the fix of a value that is not right; None where none is known."""


@frozen(eq=False)
class Form:
    """The form of a value.

    `accepts` decides on a value that is neither null nor a blank text; where the member trims, the text is
    trimmed. `pattern` is a regular expression without groups whose full matches `accepts` surely accepts
    (empty: none is known), and in which no quote and no backslash is; it only serves speed. With `exact` no
    other texts are accepted, with `any_text` all are. `scalars` are the types beside str whose every value is
    accepted. `key` gives what two texts compare by, or None where it refuses the text; `keys` does so for
    many texts at once; of texts that have a key, `admits` may refuse some more. `json` holds the keywords of
    JSON Schema. `repair` fixes a value that is not accepted, where that can be told of it alone, and `among`
    makes such a function of the other values of its column. `right` and `wrong` are examples.
    """

    accepts: Callable[[Any], bool]
    pattern: str = ""
    scalars: frozenset[type] = frozenset()
    key: Callable[[str], str | None] | None = None
    keys: Callable[[Sequence[str]], Sequence[str | None]] | None = None
    admits: Callable[[str], bool] | None = None
    any_text: bool = False
    exact: bool = False
    json: Mapping[str, Any] = field(default=_TEXT_SCHEMA)
    repair: FixOf | None = None
    among: Callable[[Iterable[Any]], FixOf] | None = None
    right: tuple[Any, ...] = ()
    wrong: tuple[Any, ...] = ()

    def fix(self, value: Any, repair: FixOf | None = None) -> Fix | None:
        """The fix of a value by `repair` (the form's own where it is None); None for one that is right.

        What it becomes is accepted.
        """
        repair = repair or self.repair
        found = repair(value) if repair is not None and not self.accepts(value) else None
        return found if found is not None and self.accepts(found.value) else None

    def keys_of(self, texts: Sequence[str]) -> Sequence[str | None]:
        """The comparison key of each text; None for one that is refused."""
        if self.keys is not None:
            return self.keys(texts)
        return list(map(self.key, texts)) if self.key is not None else texts


def text_form(accepts: Callable[[str], object], pattern: str = "", **more: Any) -> Form:
    """The form of texts that a function accepts, such as `re.compile("[A-Z]-[0-9]+").fullmatch`."""
    return Form(lambda value: isinstance(value, str) and bool(accepts(value)), pattern, **more)


def one_of(
    texts: Iterable[str],
    also: Mapping[str, str] | None = None,
    likely: Mapping[str, str] | None = None,
) -> Form:
    """The form of a choice: one of these texts, in their spelling.

    `also` are words that certainly mean one of them, so that they can be repaired, `likely` words that may.
    """
    if isinstance(texts, str):  # its letters would be texts
        raise TypeError(f"one_of takes a list: [{texts!r}]")
    refuse_other(texts, Iterable, "a list of texts")
    allowed = {str(each): None for each in texts}
    plain = [each for each in allowed if _needs_no_escapes(each)]
    return Form(
        lambda value: value.__class__ is str and value in allowed,
        "|".join(map(re.escape, plain)),
        exact=len(plain) == len(allowed),
        json={"type": "string", "enum": [*allowed]},
        repair=respelling(allowed, also, likely),
        right=tuple(allowed),
        wrong=tuple(each for each in [*map(str.swapcase, allowed), "-"] if each not in allowed),
    )


def respelling(
    allowed: Iterable[str], also: Mapping[str, str] | None = None, likely: Mapping[str, str] | None = None
) -> FixOf:
    """The repair of a choice: certain for another spelling of it, likely for a near one.

    What stands around a text, quotes say, is no part of its spelling.
    """
    meanings = {str(each): str(each) for each in allowed} | dict(also or {})
    others = dict(likely or {})

    def repair(value: Any) -> Fix | None:
        if not isinstance(value, str):
            return None
        meant = respelt(value, meanings) or respelt(bare(value), meanings)
        if meant is not None:
            return Fix(meanings[meant], certain=True)
        word = respelt(bare(value), others)
        if word is not None:
            return Fix(others[word], certain=False)
        near = nearest(value, meanings) or nearest(bare(value), meanings)
        return Fix(meanings[near], certain=False) if near is not None else None

    return repair


_needs_no_escapes = re.compile(r"[^\"\\\x00-\x1f]+").fullmatch
"""Whether a text stands in JSON as it is."""


def key_form(
    key: Callable[[str], str | None],
    pattern: str = "",
    *,
    admits: Callable[[str], bool] | None = None,
    **more: Any,
) -> Form:
    """The form of texts that have a comparison key, which `admits` may refuse."""

    def accepts(value: Any) -> bool:
        found = key(value) if isinstance(value, str) else None
        return found is not None and (admits is None or admits(found))

    return Form(accepts, pattern, key=key, admits=admits, **more)


ANY_TEXT: Final = text_form(lambda _: True, r"[^\"\\]*", any_text=True)
"""The form of any text; it compares by itself."""


def respelled(name: str, known: Iterable[str]) -> Fix | None:
    """The known name near to an unknown one: certain in another spelling, else likely."""
    known = tuple(known)
    meant = nearest(name, known)
    return None if meant is None else Fix(meant, certain=respelt(name, known) is not None)


class OpenForm(Protocol):
    """The form of an object with members that a definition names."""

    def names(self) -> Iterable[str] | None:
        """The names that are declared; None where any name may stand."""
        ...

    def fold(self, name: str) -> str:
        """The comparison key of a name."""
        ...

    def fault(self, name: str, value: Any) -> Hashable | None:
        """The fault of a member, as far as a rule may report it; None where there is none."""
        ...

    def form(self, name: str) -> Form | None:
        """The form of a member, where its fault depends on its value alone; None for an undeclared name."""
        ...

    def respell(self, name: str) -> Fix | None:
        """The declared name near to an unknown one; None where none is near."""
        ...

    @property
    def unique(self) -> Mapping[str, Form]:
        """The forms of the unique members, with their keys."""
        ...

    @property
    def required(self) -> frozenset[str]:
        """The names of the members that have to be there."""
        ...

    def absent(self, name: str) -> Hashable:
        """The fault of a required member that is left out."""
        ...
