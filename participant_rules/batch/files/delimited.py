"""Delimited text: its header, and its rows as the csv module reads them.

A row is known by the line that it begins on, and lines end with LF, CR or CRLF, mixed as they may be. A quote
that is opened and never closed would take all rows behind it into one cell: it makes the file unusable.
"""

import csv
from array import array
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, takewhile
from typing import Final, TypeVar

from attrs import field, frozen

from participant_rules.batch.files.content import Content
from participant_rules.batch.files.cutting import count_lines, cutter, long_cells
from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.files.encodings import Text, text_of
from participant_rules.batch.files.sheets import Cells, Header, Read, Split, is_blank_row
from participant_rules.batch.files.stretches import Stretch, offsets_of, stretches
from participant_rules.batch.records import Kind, Unusable

__all__ = ["Delimited", "DelimitedRows", "delimited"]

_T = TypeVar("_T")
_SEPARATORS: Final = (",", ";", "\t", "|")
_END: Final = "\0"  # a line that no text has: it tells whether the reader still waits for a quote


class _Unclosed(Exception):
    """A quote is opened in a row, and never closed."""

    def __init__(self, row: int) -> None:
        self.row = row
        super().__init__()


# ---- the rows


@frozen
class Delimited:
    """A file of delimited text, whose rows are read stretch by stretch."""

    content: Content
    kind: Kind = field(default="csv", init=False)
    dialect: Dialect
    header: Header
    text: Text
    start: int  # of the rows, in the text's bytes

    def rows(self, records: int) -> Iterator["DelimitedRows"]:
        """Its rows, about so many at once."""
        separator = self.dialect.separator
        for each in stretches(
            self.text.content,
            start=self.start,
            row=self.header.next_row,
            records=records,
            cut=cutter(separator),
            lines=count_lines,
        ):
            yield DelimitedRows(each, self.text.encoding, separator)


@frozen
class DelimitedRows:
    """Some rows of delimited text."""

    stretch: Stretch
    encoding: str
    separator: str

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return self.stretch.length

    def read(self) -> Read:
        """The rows that are not blank; raises Unusable."""
        name = self.stretch.content.name
        try:
            data = self.stretch.read()
            text = data.decode(self.encoding)
            numbers, rows = _rows(text, self.separator, self.stretch.row)
        except _Unclosed as unclosed:
            raise _unusable(name, unclosed) from None
        except UnicodeDecodeError:
            raise Unusable(f"{name}: the file was changed while it was read") from None
        return Read(numbers, rows, sound=True, offsets=self._offsets(data, numbers))

    def row(self, offset: int) -> Cells:
        """The one that begins there; raises Unusable."""
        line = self.stretch.line(offset).decode(self.encoding)
        return line.removesuffix("\n").removesuffix("\r").split(self.separator)

    def _offsets(self, data: bytes, numbers: Sequence[int]) -> Sequence[int]:
        """Where rows begin, where each is a line that ends with LF or CRLF."""
        if b'"' in data or data.count(b"\r") != data.count(b"\r\n"):
            return ()
        lines = data.removesuffix(b"\n").split(b"\n")
        offsets = offsets_of(lines)
        if len(numbers) == len(lines):
            return offsets[: len(lines)]
        return array("I", [offsets[number - self.stretch.row] for number in numbers])


def _unusable(name: str, unclosed: _Unclosed) -> Unusable:
    return Unusable(f"{name}: row {unclosed.row}: a quote is opened and never closed")


def _rows(text: str, separator: str, first: int) -> tuple[Sequence[int], Sequence[Cells]]:
    """The rows that are not blank, and the lines they begin on."""
    if '"' not in text:
        return _unquoted(text, separator, first)
    with long_cells():
        reader = csv.reader(_lines(text), delimiter=separator)
        rows = list(map(tuple, reader))
        numbers: Sequence[int] = range(first, first + len(rows))
        if reader.line_num != len(rows):  # a cell has a line end
            numbers = list(_beginnings(text, separator, first))
    if rows.pop() != (_END,):
        raise _Unclosed(numbers[-1])
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
        if not line[:1].strip(separator).strip() and is_blank_row(line.split(separator))
    }
    return _left(range(first, first + len(lines)), blank), Split(_left(lines, blank), separator)


def _left(all_of_them: Sequence[_T], blank: set[int]) -> Sequence[_T]:
    """What is not at these places."""
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


# ---- the header


@frozen
class _Found:
    """The header that a separator makes, and the bytes up to its end."""

    separator: str
    header: Header
    length: int

    @property
    def width(self) -> int:
        """How many cells it has."""
        return len(self.header.names)


def delimited(content: Content) -> Delimited:
    """Open a file of delimited text; raises Unusable.

    Of the usual separators it is the one that makes most cells of the header.
    """
    text = text_of(content)
    try:
        found = _best(text)
    except _Unclosed as unclosed:
        raise _unusable(content.name, unclosed) from None
    if not found.width:
        raise Unusable(f"{content.name}: the file is empty")
    dialect = Dialect(text.written, text.mark, found.separator)
    return Delimited(content, dialect, found.header, text, text.start + found.length)


def _best(text: Text) -> _Found:
    """The widest header, or none where a separator leaves nothing but blank rows.

    Raises _Unclosed where the only other one has a quote that is never closed.
    """
    found: list[_Found] = []
    failed: list[_Unclosed] = []
    for separator in _SEPARATORS:
        try:
            found.append(_header(text, separator))
        except _Unclosed as unclosed:
            failed.append(unclosed)
    widths = [each.width for each in found]
    widest = max(widths, default=0)
    if failed and widest <= 1:
        raise failed[0]
    return found[widths.index(widest if all(widths) else 0)]


def _header(text: Text, separator: str) -> _Found:
    """The first row that is not blank, without names where there is none."""
    taken: list[str] = []
    row = 1
    with text.open() as lines, long_cells():
        reader = csv.reader(_noted(lines, taken), delimiter=separator)
        for cells in takewhile([_END].__ne__, reader):
            if cells and cells[-1].endswith(_END):
                raise _Unclosed(row)
            if not is_blank_row(cells):
                length = len("".join(taken).encode(text.encoding))
                return _Found(separator, Header(row, tuple(cells), len(taken) + 1), length)
            row = len(taken) + 1
    return _Found(separator, Header(row, (), row), 0)


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    """The lines, each noted when the reader takes it."""
    for line in lines:
        taken.append(line)
        yield line
    yield _END
