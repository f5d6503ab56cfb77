"""The cells of a column, looked at for all rows at once: nearly all is done in C."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import compress, count
from operator import itemgetter, not_
from typing import Any, Final, TypeVar

from participant_rules.engine.headers import Placed
from participant_rules.engine.slots import Odd
from participant_rules.schema.form import Form
from participant_rules.unset import UNSET

__all__ = [
    "Batch",
    "Cells",
    "Look",
    "Refusals",
    "Test",
    "flag_of",
    "keys_of",
    "quick_test",
    "refusals_of",
    "where",
    "without",
]

Cells = Sequence[str]
Test = Callable[[str], object]
Refusals = Callable[["Batch", int], Iterable[int]]
"""Gives the rows in which a form refuses the cell of a column; blank ones it never does."""

_T = TypeVar("_T")


def where(found: Iterable[object]) -> list[int]:
    """The places of true values in a column."""
    return [*compress(count(), found)]


def without(each: Sequence[_T], places: Collection[int], blank: _T) -> Sequence[_T]:
    """The cells, blanked at these places."""
    if not places:
        return each
    left = list(each)
    for place in places:
        left[place] = blank
    return left


Look = Callable[["Batch"], None]
"""A step that reads columns of a batch, and fills it."""


class Batch:
    """Some rows, and their columns, keys and odd slots.

    `unsure` are the places of rows that columns do not decide, `missing` of rows without an object, by its
    path, `odds` the odd slots of each row, and `keys` and `texts` hold columns by their places in a reading.
    """

    def __init__(self, rows: Sequence[Sequence[str]], width: int) -> None:
        rows = [*rows]  # lines are split when they are asked for
        self.unsure = set(where(map(width.__ne__, map(len, rows))))
        self.rows = without(rows, self.unsure, [""] * width)
        self.odds: list[Odd] = []
        self.missing: dict[str, set[int]] = {}
        self.keys: dict[int, Sequence[Any]] = {}
        self.texts: dict[int, Sequence[Any]] = {}
        self._cells: dict[int, Cells] = {}
        if width <= _NARROW:
            self._cells.update(enumerate(zip(*self.rows, strict=True)))
        self._stripped: dict[int, list[str]] = {}

    def cells(self, place: int) -> Cells:
        """The cells of a column."""
        if place not in self._cells:
            self._cells[place] = list(map(itemgetter(place), self.rows))
        return self._cells[place]

    def stripped(self, place: int) -> list[str]:
        """The cells without white space at their ends: blank ones are empty."""
        if place not in self._stripped:
            self._stripped[place] = list(map(str.strip, self.cells(place)))
        return self._stripped[place]

    def blanks(self, place: int) -> list[int]:
        """The rows in which a column is blank."""
        texts = self.stripped(place)
        return [] if all(texts) else where(map(not_, texts))

    def add(self, places: Iterable[int], *odd: tuple[int, Any]) -> None:
        """Add odd slots to some rows."""
        odds, before, together = self.odds, None, odd
        for place in places:
            if odds[place] is not before:
                before = odds[place]
                together = before + odd
            odds[place] = together


_NARROW: Final = 40  # columns: taking all out at once costs no more than those that are looked at one by one


# ---- tests


def failing(cells: Cells, test: Test) -> Iterable[int]:
    """The rows whose cells fail a test, which is asked once for texts that repeat."""
    distinct = set(cells)
    if len(distinct) * _OFTEN > len(cells):
        return where(map(not_, map(test, cells)))
    failed = frozenset([cell for cell in distinct if not test(cell)])
    return where(map(failed.__contains__, cells)) if failed else ()


_OFTEN: Final = 2


def quick_test(form: Form | None) -> Test:
    """A test that blank cells pass, and of others only cells that surely have the form."""
    return re.compile(f"(?:{form.pattern})?").fullmatch if form is not None and form.pattern else not_


def refusals_of(form: Form, *, trims: bool) -> Refusals | None:
    """The finder of cells that a form refuses, of trimmed or of whole texts; None where it refuses none."""
    if form.any_text:
        return None
    quick, accepts, exact = quick_test(form), form.accepts, form.exact

    def refusals(batch: Batch, place: int) -> Iterable[int]:
        if exact and trims:
            return failing(batch.stripped(place), quick)
        cells = batch.cells(place)
        odd = [(row, cells[row], text) for row in failing(cells, quick) if (text := cells[row].strip())]
        return [row for row, cell, text in odd if not accepts(text if trims else cell)]

    return refusals


def keys_of(form: Form | None, texts: Cells, nothing: Any) -> Sequence[Any]:
    """The comparison key of each trimmed text; `blank` for empty ones."""
    make = form.keys_of if form is not None else list
    if all(texts):
        return make(texts)
    found, blanks = list(make(list(filter(None, texts)))), where(map(not_, texts))
    if len(blanks) > _FEW:
        rest = iter(found)
        return [next(rest) if text else nothing for text in texts]
    for row in blanks:
        found.insert(row, nothing)
    return found


_FEW: Final = 64  # that many may be put in between at the price of one walk


# ---- flags and blank cells


def blank_of(column: Placed) -> Any:
    """The value of a blank cell."""
    return None if column.clears else UNSET


_TRUTH: Final = {"true": True, "false": False}


def flag_of(cell: str, blank: Any) -> Any:
    """The truth value of a cell, `blank` for a blank one, or the cell where it is neither true nor false."""
    text = cell.strip()
    return _TRUTH.get(text.casefold(), cell) if text else blank
