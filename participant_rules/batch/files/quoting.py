r"""Rows of delimited text and their cells, where quotes stand in ways that the csv module would misread.

    row   = cell *(separator cell) line-end
    cell  = *white-space %x22 *(text / 2%x22) %x22 / unquoted

A quote inside an unquoted cell is plain text. One inside a quoted cell is doubled, or written `\"` in a file
that escapes, as it is in unquoted cells there: never both. Anything else makes the file unusable, since
nobody knows where its cells end.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from participant_rules.batch.files.dialect import Grammar

__all__ = ["QuoteMalformed", "Row", "RowReader", "noted", "rows_of"]


class QuoteMalformed(Exception):
    """A quote stands in an ambiguous place.

    Args:
        row: The line on which the row begins, from 1.
        why: What is wrong with it.
    """

    def __init__(self, row: int, why: str) -> None:
        self.row, self.why = row, why
        super().__init__(row, why)

    @classmethod
    def unclosed(cls, row: int) -> "QuoteMalformed":
        """Of a row with a quote that is opened and never closed."""
        return cls(row, UNCLOSED)

    @property
    def may_be_escaped(self) -> bool:
        """Whether the file may have a backslash before quotes."""
        return self.why == _BEHIND

    @property
    def is_unclosed(self) -> bool:
        """Whether more text could mend it."""
        return self.why == UNCLOSED


class Row(NamedTuple):
    """The line that a row begins on, and its cells; a blank line has none."""

    line: int
    cells: tuple[str, ...]


def rows_of(lines: Iterable[str], grammar: Grammar, first: int = 1) -> Iterator[Row]:
    """The rows of lines that have their line ends; `first` is the number of the first line.

    Raises QuoteMalformed.
    """
    return iter(RowReader(iter(lines), grammar, first).row, None)


def noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    """The lines, each noted when a reader takes it."""
    for line in lines:
        taken.append(line)
        yield line


_MOST_LINES: Final = 100_000  # of one row: a spreadsheet keeps 32,767 characters of a cell
_ESCAPED: Final = '\\"'
UNCLOSED: Final = "a quote is opened and never closed"
_BEHIND: Final = "a quote inside quotes is neither doubled nor the end of its cell"
_SWALLOWS: Final = "a quote opens in the middle of a cell, and a separator stands before its end"
_TAKES_A_LINE: Final = "a quote opens in the middle of a cell, and a line end stands before its end"
_opens_in_mid_cell = re.compile(r'"(?=[^\s"])[^"]*\Z').search
_opens_a_word = re.compile(r'(?<=[\s(\[])"(?=[^\s"])[^"]*\Z').search
_closes_a_word = re.compile(r'\A[^"]*(?<=[^\s"])"(?=[\s.,;:!?)\]]|\Z)').search
_quote_or_escape = re.compile(r'["\\]').search


@lru_cache(maxsize=8)
def _opening(separator: str) -> re.Pattern[str]:
    """White space that is no separator, and a quote."""
    white = "[^\\S\\r\\n%s]" % ("\\t" if separator == "\t" else "")
    return re.compile(f'{white}*"')


class RowReader:
    """Takes lines as it needs them."""

    def __init__(self, lines: Iterator[str], grammar: Grammar, first: int) -> None:
        self._lines, self._separator, self._escapes = lines, grammar.separator, grammar.escapes
        self._opening = _opening(grammar.separator)
        self._next, self._row = first, first
        self._line = ""
        self._pending: int | None = None  # the row with a quote that may go on in the next line

    @property
    def is_pending(self) -> bool:
        """Whether the next row may be a part of this one, which then is malformed."""
        return self._pending is not None

    def row(self) -> Row | None:
        """The next row; None where there are no more."""
        line = next(self._lines, None)
        if line is None:
            return None
        self._row, self._line = self._next, line
        self._next += 1
        if '"' not in line:
            bare = line.rstrip("\r\n")
            if self._separator in bare:
                self._pending = None
            return Row(self._row, tuple(bare.split(self._separator)) if bare else ())
        cells = self._all_quoted(line)
        if cells is None:
            return Row(self._row, tuple(self._cells()))
        self._pending = None
        return Row(self._row, tuple(cells))

    def _all_quoted(self, line: str) -> list[str] | None:
        """The cells of a line in which all are quoted and none has a quote; None for any other line."""
        bare = line.rstrip("\r\n")
        if (self._escapes and "\\" in bare) or not (bare.startswith('"') and bare.endswith('"')):
            return None
        cells = bare[1:-1].split(f'"{self._separator}"')
        return cells if bare.count('"') == 2 * len(cells) else None

    def _cells(self) -> Iterator[str]:
        """The cells of the row that begins with the line; a quoted one may take further lines."""
        at, swallowing = 0, False
        pending, self._pending = self._pending, None
        while True:
            opened = self._opening.match(self._line, at)
            if opened:
                cell, at = self._quoted(opened.end())
            else:
                cell, at = self._unquoted(at)
                plain = cell
                if self._escapes:
                    plain, cell = cell.replace(_ESCAPED, ""), cell.replace(_ESCAPED, '"')
                if plain.count('"') % 2:
                    bare = plain.replace('""', "")
                    if swallowing:
                        raise QuoteMalformed(self._row, _SWALLOWS)
                    if pending is not None and _closes_a_word(bare):
                        raise QuoteMalformed(pending, _TAKES_A_LINE)
                    swallowing, pending = _opens_in_mid_cell(bare) is not None, None
                    self._pending = self._row if _opens_a_word(bare) else None
            yield cell
            if not self._line.startswith(self._separator, at):
                return
            at += 1

    def _unquoted(self, at: int) -> tuple[str, int]:
        """The cell that begins there, and where it ends."""
        end = self._line.find(self._separator, at)
        if end < 0:
            end = len(self._line.rstrip("\r\n"))
        return self._line[at : max(at, end)], max(at, end)

    def _quoted(self, at: int) -> tuple[str, int]:
        """The cell that begins at a place, and the place behind its closing quote."""
        pieces: list[str] = []
        while True:
            at, is_end = self._take(at, pieces)
            if is_end:
                break
        if at < len(self._line) and self._line[at] not in (self._separator, "\r", "\n"):
            raise QuoteMalformed(self._row, _BEHIND)
        return "".join(pieces), at

    def _take(self, at: int, pieces: list[str]) -> tuple[int, bool]:
        """Take the text up to the next quote; where it goes on, and whether the quote closes the cell."""
        line = self._line
        found = _quote_or_escape(line, at) if self._escapes else None
        end = found.start() if found else -1 if self._escapes else line.find('"', at)
        if end < 0:
            pieces.append(line[at:])
            self._take_line()
            return 0, False
        pieces.append(line[at:end])
        following = line[end + 1 : end + 2]
        if line[end] == "\\":
            pieces.append(following if following in ('"', "\\") else "\\" + following)
            return end + 2, False
        if following == '"' and not self._escapes:
            pieces.append('"')
            return end + 2, False
        return end + 1, True

    def _take_line(self) -> None:
        line = next(self._lines, None)
        if line is None or self._next - self._row > _MOST_LINES:
            raise QuoteMalformed.unclosed(self._row)
        self._line = line
        self._next += 1
