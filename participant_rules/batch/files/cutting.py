"""Where rows of delimited text end, told from its bytes at the speed of searching them."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from typing import Final

__all__ = ["count_lines", "cutter", "long_cells"]

_LONGEST: Final = 2**31 - 1  # characters of a cell


@contextmanager
def long_cells() -> Iterator[None]:
    """The csv module has one limit for all; it is put back."""
    limit = csv.field_size_limit(_LONGEST)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


_line_end = re.compile(rb"\r\n|\r|\n")


def count_lines(block: bytes, end: int) -> int:
    """How many lines end before a place; CRLF is one line end."""
    count = block.count(b"\n", 0, end)
    if b"\r" in block:
        count += block.count(b"\r", 0, end) - block.count(b"\r\n", 0, end)
    return count


@lru_cache(maxsize=8)
def cutter(separator: str) -> Callable[[bytes, int], int]:
    """What finds the first end of a row at or after a place of a block, which begins with a row; 0 for none.

    Where every quote opens or closes a cell, or is doubled inside one, a row ends at a line end before which
    there is an even number of them. Any other text is read row by row.
    """
    limits = frozenset(separator.encode() + b"\r\n")

    def cut(block: bytes, limit: int) -> int:
        if b'"' not in block or _is_regular(block, limits):
            return _by_parity(block, limit)
        return _by_reading(block, limit, separator)

    return cut


def _is_regular(block: bytes, limits: frozenset[int]) -> bool:
    """Whether what stands outside of quotes begins and ends with a separator or a line end."""
    pieces = block.split(b'"')
    before_quotes, behind_quotes = pieces[:-1:2], pieces[2::2]
    return not (
        [each for each in before_quotes if each and each[-1] not in limits]
        or [each for each in behind_quotes if each and each[0] not in limits]
    )


def _by_parity(block: bytes, limit: int) -> int:
    quotes, counted = 0, 0
    for end in _line_ends(block, limit):
        quotes += block.count(b'"', counted, end)
        counted = end
        if quotes % 2 == 0:
            return end
    return 0


def _line_ends(block: bytes, limit: int) -> Iterator[int]:
    """The line ends from a place on; a CR at the end of the block may be half of one."""
    for found in _line_end.finditer(block, max(0, limit - 1)):
        if found.end() < len(block) or found.group() != b"\r":
            yield found.end()


def _by_reading(block: bytes, limit: int, separator: str) -> int:
    """The same by the csv module; in latin-1 there are as many characters as bytes."""
    ends = list(_line_ends(block, 0))
    text = block[: ends[-1] if ends else 0].decode("latin-1")
    lines = chain(
        io.StringIO(text, newline=""), ("",)
    )  # a row that wants more than there is takes one line more
    reader = csv.reader(lines, delimiter=separator)
    with long_cells():
        while next(reader, None) is not None and reader.line_num <= len(ends):
            if ends[reader.line_num - 1] >= limit:
                return ends[reader.line_num - 1]
    return 0
