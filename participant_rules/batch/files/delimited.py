"""Delimited text: its header, and its rows.

A row is known by the line that it begins on, and lines end with LF, CR or CRLF, mixed as they may be. The csv
module reads what every reader reads alike; see `quoting` for all else.
"""

import csv
from array import array
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain
from typing import Final, TypeVar

from attrs import field, frozen

from participant_rules.batch.files.annotated import rows_before
from participant_rules.batch.files.boundaries import (
    boundary_finder,
    count_lines,
    is_regular,
    long_cells,
    quoted_lines,
)
from participant_rules.batch.files.byte_ranges import ByteRange, byte_ranges, offsets_of
from participant_rules.batch.files.content import Content
from participant_rules.batch.files.dialect import Dialect, Grammar
from participant_rules.batch.files.encodings import Text
from participant_rules.batch.files.quoting import QuoteMalformed, rows_of
from participant_rules.batch.files.sheets import Cells, Header, Read, Split, is_blank_row, repeated_headers
from participant_rules.batch.files.suspects import suspects_of
from participant_rules.batch.files.swallowed import of_several_lines
from participant_rules.batch.records import Kind, Notice, Unusable

__all__ = ["Delimited", "DelimitedRows", "malformed"]

_T = TypeVar("_T")
_END: Final = "\0"  # a line that no text has: it tells whether the reader still waits for a quote


@frozen
class Delimited:
    """A file of delimited text; its rows are read part by part."""

    content: Content
    kind: Kind = field(default="csv", init=False)
    dialect: Dialect
    header: Header
    notices: Sequence[Notice]
    text: Text
    start: int  # of the rows, in the text's bytes

    def rows(self, records: int) -> Iterator["DelimitedRows"]:
        """Its rows, about so many at once."""
        grammar = self.dialect.grammar
        for each in byte_ranges(
            self.text.content,
            start=self.start,
            end=self.text.end,
            row=self.header.next_row,
            records=records,
            find=boundary_finder(grammar),
            lines=count_lines,
        ):
            header = self.header
            yield DelimitedRows(
                each, self.text.encoding, grammar, header.names, self.text.lenient, header.copied
            )


@frozen
class DelimitedRows:
    """Some rows below a header with these `names`; `copied` is the header of a copy of ours."""

    where: ByteRange
    encoding: str
    grammar: Grammar
    names: tuple[str, ...]
    lenient: bool = False
    copied: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return self.where.length

    def read(self) -> Read:
        """The rows that are not blank; raises Unusable."""
        name = self.where.content.name
        data = self.where.read()
        try:
            text, undecoded = self._decoded(data)
            numbers, rows = _rows(text, self.grammar, self.where.row)
        except QuoteMalformed as wrong:
            raise malformed(name, wrong) from None
        except UnicodeDecodeError:
            raise Unusable(f"{name}: the file was changed while it was read") from None
        if self.copied:
            rows = rows_before(rows, self.copied, len(self.names))
        offsets = () if undecoded else self._offsets(data, numbers, rows)
        suspects = suspects_of(data, text, undecoded=undecoded)
        long = of_several_lines(numbers, rows)
        return Read(
            numbers,
            rows,
            not undecoded,
            offsets,
            suspects,
            long=long,
            separator=self.grammar.separator,
            headers=repeated_headers(text, rows, self.names),
        )

    def _decoded(self, data: bytes) -> tuple[str, bool]:
        """The text, and whether some bytes are not of its encoding; raises UnicodeDecodeError."""
        try:
            return data.decode(self.encoding), False
        except UnicodeDecodeError:
            if not self.lenient:
                raise
            return data.decode(self.encoding, "surrogateescape"), True

    def row(self, offset: int) -> Cells:
        """The one that begins there; raises Unusable."""
        line = self.where.line(offset).decode(self.encoding)
        return next(rows_of([line], self.grammar)).cells

    def _offsets(self, data: bytes, numbers: Sequence[int], rows: Sequence[Cells]) -> Sequence[int]:
        """Where rows begin, where each is a line that ends with LF or CRLF."""
        if not isinstance(rows, Split) or data.count(b"\r") != data.count(b"\r\n"):
            return ()
        lines = data.removesuffix(b"\n").split(b"\n")
        offsets = offsets_of(lines)
        if len(numbers) == len(lines):
            return offsets[: len(lines)]
        return array("I", [offsets[number - self.where.row] for number in numbers])


def malformed(name: str, wrong: QuoteMalformed) -> Unusable:
    """The error of a file with a malformed quote, which names the row."""
    hint = r'; --escape "\" says that a backslash stands before such quotes' if wrong.may_be_escaped else ""
    return Unusable(f"{name}: row {wrong.row}: quote-malformed: {wrong.why}{hint}")


def _rows(text: str, grammar: Grammar, first: int) -> tuple[Sequence[int], Sequence[Cells]]:
    """The rows that are not blank, and the lines they begin on; raises QuoteMalformed."""
    separator = grammar.separator
    if '"' not in text:
        return _unquoted(text, separator, first)
    if not (grammar.escapes and "\\" in text):
        lines, _, _ = quoted_lines(text if text.endswith("\n") else text + "\n", separator)
        if lines:
            return _quoted(lines, separator, first)
        if is_regular(text, separator):
            return _regular(text, separator, first)
    rows = [row for row in rows_of(StringIO(text, newline=""), grammar, first) if not is_blank_row(row.cells)]
    return [row.line for row in rows], [row.cells for row in rows]


def _regular(text: str, separator: str, first: int) -> tuple[Sequence[int], Sequence[Cells]]:
    """The same where every quote opens or closes a cell, or is doubled inside one."""
    with long_cells():
        reader = csv.reader(_lines(text), delimiter=separator)
        rows = list(map(tuple, reader))
        numbers: Sequence[int] = range(first, first + len(rows))
        if reader.line_num != len(rows):  # a cell has a line end
            numbers = list(_beginnings(text, separator, first))
    if rows.pop() != (_END,):
        raise QuoteMalformed.unclosed(numbers[-1])
    blank = {place for place, row in enumerate(rows) if is_blank_row(row)}
    return _left(numbers[: len(rows)], blank), _left(rows, blank)


def _unquoted(text: str, separator: str, first: int) -> tuple[Sequence[int], Sequence[Cells]]:
    """The same of a text without quotes: each line is a row."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.removesuffix("\n").split("\n")
    blank = {
        place
        for place, line in enumerate(lines)
        if not line or (not line[:1].strip(separator).strip() and is_blank_row(line.split(separator)))
    }
    return _left(range(first, first + len(lines)), blank), Split(_left(lines, blank), separator)


def _quoted(lines: Sequence[str], separator: str, first: int) -> tuple[Sequence[int], Sequence[Cells]]:
    """The same of a text in which every cell is quoted, and each line is a row."""
    between = f'"{separator}"'
    blank = {
        place
        for place, line in enumerate(lines)
        if not line[:1].strip('"').strip() and is_blank_row(line.split(between))
    }
    return _left(range(first, first + len(lines)), blank), Split(_left(lines, blank), between)


def _left(all_of_them: Sequence[_T], blank: set[int]) -> Sequence[_T]:
    """The items at other places."""
    if not blank:
        return all_of_them
    return [each for place, each in enumerate(all_of_them) if place not in blank]


def _lines(text: str) -> Iterable[str]:
    return chain(StringIO(text, newline=""), (_END,))


def _beginnings(text: str, separator: str, first: int) -> Iterator[int]:
    reader = csv.reader(_lines(text), delimiter=separator)
    begins = 0
    for _ in reader:
        yield first + begins
        begins = reader.line_num
