"""The ends of rows of delimited text, found in its bytes at the speed of a search."""

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import accumulate
from operator import methodcaller
from typing import Final

from participant_rules.batch.files.dialect import Grammar
from participant_rules.batch.files.quoting import QuoteMalformed, RowReader

__all__ = ["boundary_finder", "count_lines", "is_regular", "long_cells", "quoted_lines"]

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
def boundary_finder(grammar: Grammar) -> Callable[[bytes, int], int]:
    """The finder of the first end of a row at or after a place of a block that begins with a row; 0 for none.

    Where every quote opens or closes a cell, or is doubled inside one, a row ends at a line end before which
    there is an even number of them. Any other text is read row by row.
    """

    def find(block: bytes, limit: int) -> int:
        if b'"' not in block:
            return _by_parity(block, limit)
        if grammar.escapes and b"\\" in block:
            return _by_reading(block, limit, grammar)
        text = block.decode("latin-1")  # as many characters as bytes
        end = _among_quoted(text, limit, grammar.separator)
        if end:
            return end
        if is_regular(text, grammar.separator):
            return _by_parity(block, limit)
        return _by_reading(block, limit, grammar)

    return find


def is_regular(text: str, separator: str) -> bool:
    """Whether each text outside of quotes begins and ends with a separator or a line end."""
    limits = (separator, "\r", "\n")
    pieces = text.split('"')
    before_quotes, behind_quotes = pieces[:-1:2], pieces[2::2]
    return not (
        [each for each in before_quotes if each and not each.endswith(limits)]
        or [each for each in behind_quotes if each and not each.startswith(limits)]
    )


def quoted_lines(text: str, separator: str) -> tuple[Sequence[str], Sequence[int], int]:
    """The lines of a text in which every cell is quoted and none has a quote, without the outer quotes.

    Also how many separators each has, and how many characters a line end has. The lines are empty where the
    text is not such a one.
    """
    end = "\r\n" if text.endswith("\r\n") else "\n"
    if not (text.startswith('"') and text.endswith('"' + end)):
        return (), (), 0
    inner = text[1 : -1 - len(end)]
    lines = inner.split(f'"{end}"')
    between = [*map(methodcaller("count", f'"{separator}"'), lines)]
    accounted = 2 * (len(lines) - 1 + sum(between))
    if inner.count('"') != accounted or inner.count("\n") != len(lines) - 1:
        return (), (), 0
    if inner.count("\r") != (len(lines) - 1) * (len(end) - 1):
        return (), (), 0
    return lines, between, len(end)


def _among_quoted(text: str, limit: int, separator: str) -> int:
    """The end of a row where every cell is quoted; 0 where that is not so, or no row ends there."""
    lines, _, end = quoted_lines(text[: text.rfind("\n") + 1], separator)
    ends = [*accumulate([len(line) + 2 + end for line in lines])]
    place = bisect_left(ends, limit)
    return ends[place] if place < len(ends) else 0


def _by_parity(block: bytes, limit: int) -> int:
    quotes, counted, at = 0, 0, limit
    while end := next(_line_ends(block, at), 0):
        quotes += block.count(b'"', counted, end)
        counted = end
        if quotes % 2 == 0:
            return end
        at = block.find(b'"', end) + 1  # no line ends the row before the quote is closed
        if not at:
            break
    return 0


def _line_ends(block: bytes, limit: int) -> Iterator[int]:
    """The line ends from a place on; a CR at the end of the block may be half of one."""
    for found in _line_end.finditer(block, max(0, limit - 1)):
        if found.end() < len(block) or found.group() != b"\r":
            yield found.end()


def _by_reading(block: bytes, limit: int, grammar: Grammar) -> int:
    """The same row by row; in latin-1 there are as many characters as bytes.

    Where a quote is malformed the block ends: whoever reads it says so.
    """
    ends = [0, *_line_ends(block, 0)]
    reader = RowReader(io.StringIO(block[: ends[-1]].decode("latin-1"), newline=""), grammar, 0)
    is_whole = False  # where no row has begun, or its last quote may go on
    try:
        while (row := reader.row()) is not None:
            if is_whole and ends[row.line] >= limit:
                return ends[row.line]
            is_whole = not reader.is_pending
    except QuoteMalformed as malformed:
        return 0 if malformed.is_unclosed else len(block)
    return ends[-1] if is_whole and ends[-1] >= limit else 0
