"""The cells of a column, looked at for all rows at once: nearly all is done in C."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import compress, count
from operator import itemgetter, not_
from typing import Any, Final, TypeVar

from participant_rules.engine.slots import Odd
from participant_rules.schema.form import Form

__all__ = [
    "Batch",
    "Cells",
    "Refusals",
    "flag_of",
    "keys_of",
    "quick_test",
    "refusals_of",
    "where",
    "without",
]

Cells = Sequence[str]
Refusals = Callable[[Cells], Iterable[int]]
"""Gives the places of the cells that a form refuses; blank ones it never does."""

_T = TypeVar("_T")


def where(found: Iterable[object]) -> list[int]:
    """The places of what is true in a column."""
    return [*compress(count(), found)]


def without(each: Sequence[_T], places: Collection[int], blank: _T) -> Sequence[_T]:
    """The same, blank at these places."""
    if not places:
        return each
    left = list(each)
    for place in places:
        left[place] = blank
    return left


class Batch:
    """Some rows, and what is found out about them.

    `unsure` are the places of the rows that cannot be told, `missing` those that lack an object by its path,
    `odds` what is not plain about each row, and `keys` and `texts` hold columns by their places in a reading.
    """

    def __init__(self, rows: Sequence[Sequence[str]], width: int) -> None:
        self.unsure = {place for place, cells in enumerate(map(len, rows)) if cells != width}
        self.rows = without(rows, self.unsure, [""] * width)
        self.odds: list[Odd] = []
        self.missing: dict[str, set[int]] = {}
        self.keys: dict[int, Sequence[Any]] = {}
        self.texts: dict[int, Sequence[Any]] = {}
        self._cells: dict[int, list[str]] = {}
        self._stripped: dict[int, list[str]] = {}

    def cells(self, place: int) -> list[str]:
        """The cells of a column."""
        if place not in self._cells:
            self._cells[place] = list(map(itemgetter(place), self.rows))
        return self._cells[place]

    def stripped(self, place: int) -> list[str]:
        """The same without white space at their ends: blank ones are empty."""
        if place not in self._stripped:
            self._stripped[place] = list(map(str.strip, self.cells(place)))
        return self._stripped[place]

    def blanks(self, place: int) -> list[int]:
        """The rows in which a column is blank."""
        texts = self.stripped(place)
        return [] if all(texts) else where(map(not_, texts))

    def add(self, places: Iterable[int], *odd: tuple[int, Any]) -> None:
        """Note what is not plain about some rows."""
        odds = self.odds
        for place in places:
            odds[place] += odd


# ---- forms


def quick_test(form: Form | None) -> Callable[[str], object]:
    """A test that blank cells pass, and otherwise only those that surely have the form."""
    return re.compile(f"(?:{form.pattern})?").fullmatch if form is not None and form.pattern else not_


def refusals_of(form: Form) -> Refusals | None:
    """What finds the cells that a form refuses; None where it refuses none."""
    if form.any_text:
        return None
    choices, accepts = form.json.get("enum"), form.accepts
    quick = quick_test(form) if choices is None else frozenset(["", *choices]).__contains__

    def refusals(cells: Cells) -> list[int]:
        doubted = where(map(not_, map(quick, cells)))
        return [place for place in doubted if (text := cells[place].strip()) and not accepts(text)]

    return refusals


def keys_of(form: Form | None, texts: Cells, nothing: Any) -> Sequence[Any]:
    """The comparison key of each trimmed text, and what is said of empty ones."""
    if form is None or (form.key is None and form.keys is None):
        return texts if all(texts) else [text or nothing for text in texts]
    if all(texts):
        return form.keys_of(texts)
    keys = iter(form.keys_of([text for text in texts if text]))
    return [next(keys) if text else nothing for text in texts]


# ---- flags

_TRUTH: Final = {"true": True, "false": False}


def flag_of(cell: str, blank: Any) -> Any:
    """The truth value of a cell, what a blank one says, or the cell where it says neither true nor false."""
    text = cell.strip()
    return _TRUTH.get(text.casefold(), cell) if text else blank
