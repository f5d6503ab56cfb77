"""Rows inside of quoted cells: two stray quotes make one cell of all that stands between them.

Each quote is sound then, and a cell may well have line ends. So it is not an error, but it is said.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from participant_rules.batch.files.sheets import Cells, Split

__all__ = ["of_several_lines", "swallows_a_row"]

_line_end: Final = re.compile(r"\r\n?|\n")
_letters: Final = re.compile(r"[^\W\d_]+")
_digits: Final = re.compile(r"\d+")


def of_several_lines(numbers: Sequence[int], rows: Sequence[Cells]) -> Sequence[int]:
    """The places of rows of which a cell has a line end; `numbers` are the lines they begin on."""
    if isinstance(rows, Split) or not rows:
        return ()
    last = len(rows) - 1
    apart = [place for place, (one, next_) in enumerate(pairwise(numbers)) if next_ - one > 1]
    return [place for place in (*apart, last) if any("\n" in each or "\r" in each for each in rows[place])]


def swallows_a_row(cells: Cells, separator: str, width: int, identifying: Sequence[int]) -> bool:
    r"""Whether a cell looks as if it had the end of one row in it, and the beginning of another.

    Its lines have as many separators as these rows would have, and one of the `identifying` places of the
    rows has texts of one shape. Where such a place is the first one, a line that begins with an identifier
    will do.

    >>> swallows_a_row(["A-1", "Kim,k@example.com\nA-2,Ann", "a@example.com"], ",", 3, [0])
    True
    >>> swallows_a_row(["A-1", "12 Main St, Apt 4\nSpringfield, IL", "a@example.com"], ",", 3, [0])
    False
    >>> swallows_a_row(["A-1", "a@example.com", "\nA-2,b@example.com,"], ",", 3, [0])
    True
    """
    for place, cell in enumerate(cells):
        lines = _line_end.split(cell)
        if len(lines) > 1:
            lines = [lines[0], *filter(str.strip, lines[1:-1]), lines[-1]]
            rows = [*_rows(cells, place, lines, separator)]
            if {*map(len, rows)} == {width} and _share_a_shape(rows, identifying):
                return True
            if 0 in identifying and place and _begins(rows[0][0], rows[1:]):
                return True
    return False


def _rows(cells: Cells, place: int, lines: Sequence[str], separator: str) -> Iterator[Cells]:
    """The rows that there would be without the quotes of the cell at a place."""
    for number, line in enumerate(lines):
        before = cells[:place] if number == 0 else ()
        behind = cells[place + 1 :] if number == len(lines) - 1 else ()
        yield [*before, *line.split(separator), *behind]


def _share_a_shape(rows: Sequence[Cells], identifying: Sequence[int]) -> bool:
    first, others = rows[0], rows[1:]
    places = [place for place in identifying if first[place].strip()]
    return not identifying or any(
        _shape(first[place]) == _shape(other[place]) for place in places for other in others
    )


def _begins(identifier: str, others: Sequence[Cells]) -> bool:
    """Whether a row begins with a text of the same shape, where this is more than a word or a number."""
    shape = _shape(identifier)
    is_distinct = "@" in shape or {"a", "0"} <= {*shape}
    return is_distinct and any(_shape(other[0]) == shape for other in others)


def _shape(text: str) -> str:
    """A text with one letter for letters and one digit for digits; of an address only that it is one."""
    if "@" in text:
        return "@"
    return _digits.sub("0", _letters.sub("a", text.strip()))
