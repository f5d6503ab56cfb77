"""Copies of delimited text: each record as it stands, and cells of ours behind it."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from typing import BinaryIO, Final

from attrs import frozen

from participant_rules.batch.copies.choices import Choice, free
from participant_rules.batch.copies.original import Table
from participant_rules.batch.copies.verdicts import NO_RECORD, Verdicts
from participant_rules.batch.files.boundaries import long_cells
from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.files.sheets import is_blank_row
from participant_rules.batch.records import Unusable

__all__ = ["copy"]


def copy(table: Table, verdicts: Verdicts, choice: Choice, out: BinaryIO) -> None:
    """Write the header and the records that are wanted; raises Unusable for what is no text in its encoding.

    Shorter records get empty cells up to the widest one, and so does the header: ours stand in one column.
    """
    try:
        with long_cells():
            adding = _Adding(table.dialect, _widest(table) if choice.columns else 0)
            out.write(table.dialect.mark)
            out.writelines(_copied(_records(table), verdicts, choice, adding))
    except UnicodeError:
        raise Unusable(f"{table.name}: the text is not {table.dialect.encoding}") from None


# ---- records as they stand


@frozen
class _Record:
    """A record: the line it begins on, its cells (none in a blank line), and its text with the line end."""

    line: int
    cells: Sequence[str]
    text: str


def _records(table: Table) -> Iterator[_Record]:
    dialect = table.dialect
    with table.open() as file:
        file.read(len(dialect.mark))
        lines = TextIOWrapper(file, encoding=dialect.encoding, newline="")  # line ends as they stand
        taken: list[str] = []
        line = 1
        for cells in csv.reader(_noted(lines, taken), delimiter=dialect.separator):
            yield _Record(line, cells, "".join(taken))
            line += len(taken)
            taken.clear()


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    """The lines, each noted when the reader takes it."""
    for line in lines:
        taken.append(line)
        yield line


def _widest(table: Table) -> int:
    return max((len(each.cells) for each in _records(table)), default=0)


# ---- the copy


def _copied(
    records: Iterator[_Record], verdicts: Verdicts, choice: Choice, adding: "_Adding"
) -> Iterator[bytes]:
    for record in records:
        if not is_blank_row(record.cells):  # the header
            yield adding.to(record, [free(each, record.cells) for each in choice.columns])
            break
        yield adding.to(record, choice.says(NO_RECORD))
    for record in records:
        verdict = verdicts.of(record.line)
        if choice.takes(verdict[0]):
            yield adding.to(record, choice.says(verdict))


_needs_no_quotes = re.compile(r"[A-Za-z0-9 ]*").fullmatch
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may calculate


@frozen
class _Adding:
    """Puts our cells behind the cells of a record, in the same column everywhere."""

    dialect: Dialect
    width: int

    def to(self, record: _Record, ours: Sequence[str]) -> bytes:
        """The record's bytes with our cells behind it; a blank line stays blank."""
        encoding, separator = self.dialect.encoding, self.dialect.separator
        if not (ours and record.cells):
            return record.text.encode(encoding)
        body, line_end = _parted(record.text)
        padding = separator * (self.width - len(record.cells))
        cells = "".join([separator + _cell(each, separator) for each in ours])
        added = cells.encode(encoding, "replace")  # a sentence may have characters that the encoding lacks
        return (body + padding).encode(encoding) + added + line_end.encode(encoding)


def _parted(text: str) -> tuple[str, str]:
    """A record without its line end, and the line end."""
    line_end = next((each for each in ("\r\n", "\n", "\r") if text.endswith(each)), "")
    return text.removesuffix(line_end), line_end


def _cell(text: str, separator: str) -> str:
    """A cell of ours, as text for every spreadsheet."""
    if text.startswith(_FORMULA):
        text = "'" + text
    if _needs_no_quotes(text) and separator not in text:
        return text
    return '"' + text.replace('"', '""') + '"'
