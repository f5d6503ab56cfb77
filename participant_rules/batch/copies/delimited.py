"""Copies of delimited text: each record as it stands, and cells of ours behind it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from typing import BinaryIO

from attrs import frozen

from participant_rules.batch.copies.choices import Choice
from participant_rules.batch.copies.original import Original, Table
from participant_rules.batch.copies.verdicts import NO_RECORD, Verdicts
from participant_rules.batch.files.annotated import free, ours_at_the_end
from participant_rules.batch.files.dialect import Dialect, Grammar
from participant_rules.batch.files.quoting import QuoteMalformed, noted, rows_of
from participant_rules.batch.records import Unusable
from participant_rules.batch.reports.phrases import no_formula

__all__ = ["Record", "copy", "records_of"]


def copy(table: Table, verdicts: Verdicts, choice: Choice, out: BinaryIO) -> None:
    """Write the header, the rows above it, and the wanted records.

    Shorter records get empty cells up to the widest one, and so does the header: ours stand in one column.
    What an earlier copy has added at the end is replaced. Raises Unusable for what is no such text.
    """
    try:
        header = next(
            (each for each in records_of(table, table.dialect) if each.line == table.header_row), None
        )
        added = ours_at_the_end(header.cells) if header is not None else 0
        adding = _Adding(table.dialect, _widest(table) - added if choice.columns else 0, added)
        out.write(table.dialect.mark)
        out.writelines(_copied(records_of(table, table.dialect), verdicts, choice, adding, table.header_row))
    except (UnicodeError, QuoteMalformed):
        raise Unusable(f"{table.name}: the text is not {table.dialect.encoding}") from None


# ---- records as they stand


@frozen
class Record:
    """A record: the line it begins on, its cells (none in a blank line), and its text with the line end."""

    line: int
    cells: Sequence[str]
    text: str


def records_of(original: Original, dialect: Dialect) -> Iterator[Record]:
    """The records of a table, including its header and the rows above it."""
    with original.open() as file:
        file.read(len(dialect.mark))
        lines = TextIOWrapper(file, encoding=dialect.encoding, errors=dialect.errors, newline="")
        taken: list[str] = []
        for row in rows_of(noted(lines, taken), dialect.grammar):
            yield Record(row.line, row.cells, "".join(taken))
            taken.clear()


def _widest(table: Table) -> int:
    rows = (len(each.cells) for each in records_of(table, table.dialect) if each.line >= table.header_row)
    return max(rows, default=0)


# ---- the copy


def _copied(
    records: Iterator[Record], verdicts: Verdicts, choice: Choice, adding: "_Adding", header: int
) -> Iterator[bytes]:
    for record in records:
        if record.line < header:
            yield adding.plain(record)
        elif record.line == header:
            yield adding.to(record, [free(each, adding.kept(record)) for each in choice.columns])
        elif choice.takes((verdict := verdicts.of(record.line))[0]):
            is_end = verdict == NO_RECORD and record.text.strip("\r\n").strip("\x1a") == ""
            yield adding.plain(record) if is_end else adding.to(record, choice.texts(verdict, record.line))


_needs_no_quotes = re.compile(r"[A-Za-z0-9 ]*").fullmatch


@frozen
class _Adding:
    """Puts our cells behind the cells of a record, in the same column everywhere.

    `added` cells at the end of each record are of an earlier copy.
    """

    dialect: Dialect
    width: int
    added: int

    def plain(self, record: Record) -> bytes:
        """The record's bytes as they stand."""
        return record.text.encode(self.dialect.encoding, self.dialect.errors)

    def kept(self, record: Record) -> Sequence[str]:
        """The cells of the record without the cells of an earlier copy."""
        return record.cells[: len(record.cells) - self.added] if self.added else record.cells

    def to(self, record: Record, ours: Sequence[str]) -> bytes:
        """The record's bytes with our cells behind it; a blank line stays blank."""
        if not record.cells or not (ours or self.added):
            return self.plain(record)
        dialect = self.dialect
        body, line_end = _parted(record.text)
        body, cells = self._without_ours(record, body)
        padding = dialect.separator * (self.width - cells) if ours else ""
        before = (body + padding).encode(dialect.encoding, dialect.errors)
        # A sentence may have what the encoding lacks.
        return before + (self._added(ours) + line_end).encode(dialect.encoding, "replace")

    def _added(self, cells: Iterable[str]) -> str:
        """The text of cells behind others."""
        return "".join([self.dialect.separator + cell_of(each, self.dialect.grammar) for each in cells])

    def _without_ours(self, record: Record, body: str) -> tuple[str, int]:
        """The text without the cells of an earlier copy, and how many cells it has then."""
        count = len(record.cells)
        if not self.added or count < self.width + self.added:
            return body, count
        suffix = self._added(record.cells[count - self.added :])
        return (body.removesuffix(suffix), count - self.added) if body.endswith(suffix) else (body, count)


def _parted(text: str) -> tuple[str, str]:
    """A record without its line end, and the line end."""
    line_end = next((each for each in ("\r\n", "\n", "\r") if text.endswith(each)), "")
    return text.removesuffix(line_end), line_end


def cell_of(text: str, grammar: Grammar) -> str:
    """A cell of ours, as text for every spreadsheet."""
    text = no_formula(text)
    return text if _needs_no_quotes(text) and grammar.separator not in text else grammar.quoted(text)
