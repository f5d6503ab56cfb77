"""How a file of delimited text is written: its encoding, its separator, its header, its quotes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Final

from attrs import evolve, frozen

from participant_rules.batch.files.annotated import names_before, ours_at_the_end, rows_before
from participant_rules.batch.files.columns import Knowledge
from participant_rules.batch.files.content import Content, blocks
from participant_rules.batch.files.delimited import Delimited, malformed
from participant_rules.batch.files.dialect import Dialect, Grammar, is_undecoded
from participant_rules.batch.files.encodings import Text, text_of
from participant_rules.batch.files.headers import (
    FIRST_ROWS,
    Chosen,
    choose_header,
    empty,
    no_header,
    skipped,
)
from participant_rules.batch.files.notices import encoding_guessed
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.quoting import QuoteMalformed, Row, noted, rows_of
from participant_rules.batch.files.sheets import Cells, Header, is_blank_row
from participant_rules.batch.records import Notice, Unusable
from participant_rules.rules import at

__all__ = ["delimited"]

_SEPARATORS: Final = (",", ";", "\t", "|")
_NAMED: Final[Mapping[str, str]] = {"tab": "\t", "\\t": "\t"}
_SAMPLE: Final = 220  # rows
_names_separator = re.compile('"?sep=(.)"?\r?\n?\\Z', re.IGNORECASE).fullmatch
_HELP: Final = "--header-row, --separator and --map say how it is read"


def delimited(content: Content, known: Knowledge, options: Options) -> Delimited:
    """Open a file of delimited text; raises Unusable.

    Of the usual separators it is the one with which the header has most known columns, then the one with
    which most rows are as wide as the header.
    """
    text = text_of(content, options.encoding)
    found = _resolved(text, known, options)
    chosen = found.chosen
    is_asked_for = options.header_row or (options.mapping and not found.failures)
    if chosen is None or not (chosen.known or is_asked_for):
        raise _no_header(content.name, found, known, options)
    if text.lenient and any(map(is_undecoded, chosen.row.cells)):
        raise Unusable(
            f"{content.name}: row {chosen.row.line}: the header has bytes that are not UTF-8; "
            "--encoding NAME says what it is"
        )
    start, line = _behind(text, found, chosen)
    grammar = found.grammar
    dialect = Dialect(text.written, text.mark, grammar.separator, grammar.escapes, text.lenient)
    notices = [*_guess(text), *skipped(found.rows, chosen)]
    return Delimited(content, dialect, _header(text, found, chosen, line), notices, text, text.start + start)


def _no_header(name: str, found: "_Found", known: Knowledge, options: Options) -> Unusable:
    """The error of a text without a known column: it has a malformed quote, or unknown names."""
    rows = [row for each in found.ways for row in each.rows if not is_blank_row(row.cells)][: 4 * FIRST_ROWS]
    if not (found.failures or rows or options.header_row):
        return empty(name)
    has_hints = any(known.hints(row.cells) for row in found.rows[:FIRST_ROWS])
    if found.failures and (found.failure or not has_hints):
        return malformed(name, found.failures[0])
    is_told = found.first and options.separator is None
    told = f'the first line says that "{found.grammar.separator}" stands between cells; ' if is_told else ""
    return no_header(name, rows, known, options.header_row, told + _HELP)


def _header(text: Text, found: "_Found", chosen: Chosen, line: int) -> Header:
    """The header; of a copy of ours as it was before. `line` is that of the first record."""
    names = chosen.row.cells
    rows: list[Cells] = [row.cells for row in found.rows[chosen.records :]]
    if not ours_at_the_end(names):
        return Header(chosen.row.line, names, line, _spare(rows, names))
    with text.open() as lines:
        before = names_before(names, _all_cells(lines, found.grammar))
    copied = rows_before(rows, names, len(before))
    return Header(chosen.row.line, before, line, _spare(copied, before), names)


def _all_cells(lines: Iterable[str], grammar: Grammar) -> Iterator[Cells]:
    """The cells of the rows, up to one with a malformed quote, which the reader reports."""
    with suppress(QuoteMalformed):
        for row in rows_of(lines, grammar):
            yield row.cells


def _guess(text: Text) -> Iterator[Notice]:
    if text.guessed_at is not None:
        yield Notice(text.guessed_at, None, encoding_guessed.violation(at(encoding=text.written)))


def _spare(rows: Sequence[Cells], names: Sequence[str]) -> int:
    """How many blank cells more than the header every row has."""
    width = len(names)
    extra = min([len(row) for row in rows if not is_blank_row(row)], default=0) - width
    runs_together = any('"' in each for each in names)  # names between which no separator stands
    if runs_together or any(not is_blank_row(row[width:]) for row in rows):
        return 0
    return max(0, extra)


# ---- ways to read it


@frozen
class _Found:
    """The first rows as a grammar makes them, and the header among them.

    `failure` is where a quote is malformed within these rows. `first` is how many lines are no rows, but say
    the separator. `others` are what all grammars make of it.
    """

    grammar: Grammar
    rows: Sequence[Row]
    chosen: Chosen | None
    failure: QuoteMalformed | None
    first: int
    others: Sequence["_Found"] = ()

    @property
    def ways(self) -> Sequence["_Found"]:
        """The separator, and the rows by all grammars."""
        return (self, *self.others)

    @property
    def failures(self) -> Sequence[QuoteMalformed]:
        """Where quotes are malformed in one way of reading or another, its own first."""
        return [each.failure for each in self.ways if each.failure is not None]

    @property
    def rank(self) -> tuple[int, bool, int]:
        """The more is known, the better; then the more rows are as wide as the header."""
        if self.chosen is None:
            return 0, False, 0
        width, rows = len(self.chosen.row.cells), self.rows[self.chosen.records :]
        fits = sum(len(row.cells) == width or is_blank_row(row.cells) for row in rows)
        return self.chosen.known, self.failure is None, fits


def _resolved(text: Text, known: Knowledge, options: Options) -> _Found:
    """The best way to read it."""
    named, first = _declared(text)
    declared = named if options.separator is None else _separator(options.separator)
    separators = _SEPARATORS if declared is None else (declared,)
    rowed = max(_SAMPLE, options.header_row or 0)

    def best(*, escapes: bool) -> _Found:
        grammars = [Grammar(each, escapes) for each in separators]
        found = [_found(text, each, known, options, first=first, count=rowed) for each in grammars]
        return evolve(max(found, key=lambda each: each.rank), others=found)

    if options.escape is not None:
        return best(escapes=options.escape == "\\")
    plain = best(escapes=False)
    if not _has_escapes(text):
        return plain
    return max(plain, best(escapes=True), key=partial(_fit, text))  # the first one where both fit alike


def _separator(option: str) -> str:
    """The separator that the caller names; raises Unusable for any other text."""
    named = _NAMED.get(option.casefold(), option)
    if len(named) != 1 or named in '"\r\n':
        raise Unusable(
            '--separator takes one character, which is no quote and no line end; "tab" is a tabulator'
        )
    return named


def _declared(text: Text) -> tuple[str | None, int]:
    """The separator of a first line `sep=`, as spreadsheets write it, and the number of such lines."""
    with text.open() as lines:
        match = _names_separator(lines.readline(64))
    return (match[1], 1) if match else (None, 0)


def _found(
    text: Text, grammar: Grammar, known: Knowledge, options: Options, *, first: int, count: int
) -> _Found:
    """The first rows and the header as a grammar makes them; `first` lines are no rows."""
    rows: list[Row] = []
    failure = None
    with text.open() as lines:
        for _ in range(first):
            lines.readline()
        try:
            rows.extend(islice(rows_of(lines, grammar, first + 1), count))
        except QuoteMalformed as wrong:
            failure = wrong
    return _Found(grammar, rows, choose_header(rows, known, options.header_row), failure, first)


def _has_escapes(text: Text) -> bool:
    last = b""
    for block in blocks(text.content):
        if b'\\"' in last + block:
            return True
        last = block[-1:]
    return False


def _fit(text: Text, found: _Found) -> int:
    """How many rows of the whole file are as wide as the header; -1 where a quote is malformed."""
    width = len(found.chosen.row.cells) if found.chosen else 0
    with text.open() as lines:
        for _ in range(found.first):
            lines.readline()
        try:
            return sum(len(row.cells) == width for row in rows_of(lines, found.grammar))
        except QuoteMalformed:
            return -1


def _behind(text: Text, found: _Found, chosen: Chosen) -> tuple[int, int]:
    """Where the records begin: how many bytes behind the start of the text, and on which line."""
    taken: list[str] = []
    with text.open() as lines:
        taken.extend(lines.readline() for _ in range(found.first))
        rows = rows_of(noted(lines, taken), found.grammar, found.first + 1)
        for _ in range(chosen.records):
            next(rows)
    return len("".join(taken).encode(text.encoding, text.errors)), len(taken) + 1
