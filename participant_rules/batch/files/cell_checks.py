"""Findings on rows and cells before their records are judged: unreadable or surprising ones.

A row that is not known for sure has a malformed text in its payload: whoever judges it refuses it, asks no
other rule, and lets it leave nothing behind.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from participant_rules.batch.files.columns import Column
from participant_rules.batch.files.dialect import is_undecoded
from participant_rules.batch.files.headers import MOST_COLUMNS
from participant_rules.batch.files.invisible import escapes_of, find_invisible
from participant_rules.batch.files.notices import (
    cell_covered,
    cell_display_differs,
    cell_merged,
    cell_unreadable,
    digits_lost,
    header_repeated,
    invisible_character,
    row_in_a_cell,
    row_not_whole,
    row_of_totals,
    row_width_differs,
)
from participant_rules.batch.files.sheets import Cells, Read, Remark, Suspects, is_blank_row, widths
from participant_rules.batch.files.suspects import (
    is_error,
    is_exponent,
    is_formula,
    is_total,
    may_have_totals,
)
from participant_rules.batch.files.swallowed import swallows_a_row
from participant_rules.batch.records import Notice
from participant_rules.batch.repairs import domain_mistyped
from participant_rules.formats.email_repairs import mistyped
from participant_rules.rules import Rule, at
from participant_rules.violations import Severity, Violation, pointer

__all__ = ["UNREADABLE", "Checked", "checked"]

UNREADABLE: Final = "\ud800"
"""The mark of an unknown text in a payload: a lone surrogate, which no text has."""


_BYTES: Final = "it has bytes that are not of the file's encoding"


@frozen
class Checked:
    """Rows with checked cells, and the findings on them by their places; `sound` as in `Chunk`."""

    rows: Sequence[Cells]
    sound: bool
    remarks: Mapping[int, Sequence[Notice]]

    @property
    def has_errors(self) -> bool:
        """Whether a row is refused."""
        violations = (each.violation for notices in self.remarks.values() for each in notices)
        return any(each.severity is Severity.ERROR for each in violations)


def checked(read: Read, columns: Sequence[Column], width: int, spare: int) -> Checked:
    """Look at the widths of rows and at suspicious cells of the columns that are read.

    `width` is that of the header, `spare` how many blank cells more every row has.
    """
    wide = widths(read.rows)
    odd = [place for place, each in enumerate(wide) if each != width] if {width} != {*wide} else []
    dated = any(each.place in read.dated and _takes_displayed(each) for each in columns)
    totals = [each for each in columns if _may_have_totals(read, each)]
    if not (odd or dated or totals or read.suspects.any or read.remarks or read.long or read.headers):
        return Checked(read.rows, read.sound, {})
    rows, found = list(read.rows), defaultdict[int, list[Notice]](list)
    for place in odd:
        if spare and len(rows[place]) == width + spare and is_blank_row(rows[place][width:]):
            rows[place] = rows[place][:width]
    for place, violation in _of_rows(rows, odd, read, columns, width):
        found[place].append(Notice(read.numbers[place], None, violation))
        if violation.severity is Severity.ERROR:
            rows[place] = _unreadable_row(columns, width)
    for place, column, violation, text in (*_of_cells(rows, read, columns), *_of_totals(rows, totals)):
        found[place].append(Notice(read.numbers[place], column.name or None, violation))
        if text is not None:
            rows[place] = [*rows[place][: column.place], text, *rows[place][column.place + 1 :]]
    result = Checked(rows, read.sound, found)
    return evolve(result, sound=False) if result.has_errors else result


def _of_rows(
    rows: Sequence[Cells], odd: Sequence[int], read: Read, columns: Sequence[Column], width: int
) -> Iterator[tuple[int, Violation]]:
    """The violations of rows as a whole, by their places; `odd` ones may not be as wide as the header."""
    for place in odd:
        if len(rows[place]) != width:
            for each in _of_odd_width(rows[place], width):
                yield place, each
    for place in read.headers:
        yield place, header_repeated.violation()
    for place in _swallowing(read, columns, width):
        yield place, row_in_a_cell.violation()


def _of_odd_width(row: Cells, width: int) -> Iterator[Violation]:
    """The violations of a row that is not as wide as the header."""
    if any(map(is_undecoded, row[width:])):
        yield cell_unreadable.violation(at(why=_BYTES))
    yield _of_width(len(row), width)


def _swallowing(read: Read, columns: Sequence[Column], width: int) -> Iterator[int]:
    """The places of rows with a cell that looks like another row."""
    identifying = [each.place for each in columns if each.field.is_identifying]
    for place in read.long:
        cells = read.rows[place]
        if len(cells) == width and swallows_a_row(cells, read.separator, width, identifying):
            yield place


def _of_width(cells: int, width: int) -> Violation:
    is_whole = cells <= MOST_COLUMNS and (cells > 1 or width == 1)
    rule = row_width_differs if is_whole else row_not_whole
    return rule.violation(at(cells="1 cell" if cells == 1 else f"{cells} cells", header=str(width)))


def _unreadable_row(columns: Sequence[Column], width: int) -> Cells:
    first = columns[0].place
    return [UNREADABLE if place == first else "" for place in range(width)]


_Found = tuple[int, Column, Violation, str | None]
"""The place of a row, a column, the violation of the cell, and the text that it becomes, if another."""


def _of_cells(rows: Sequence[Cells], read: Read, columns: Sequence[Column]) -> Iterator[_Found]:
    for column in columns:
        for place, text in enumerate(_texts(rows, column.place)) if read.suspects.any else ():
            yield from _of_text(place, column, text, read.suspects)
        for place, remarks in read.remarks.items():
            if column.place in remarks:
                yield from _of_remark(place, column, remarks[column.place])
        if column.place in read.dated and _takes_displayed(column):
            for place, text in enumerate(_texts(rows, column.place)):
                if _is_time(text):
                    yield _displayed(place, column, "the value")


def _may_have_totals(read: Read, column: Column) -> bool:
    """Whether a cell of an identifying column may be like a total; words that begin like one are frequent."""
    is_sought = read.suspects.totals and column.field.is_identifying
    return is_sought and may_have_totals("\n".join(_texts(read.rows, column.place)))


def _of_totals(rows: Sequence[Cells], columns: Sequence[Column]) -> Iterator[_Found]:
    for column in columns:
        for place, text in enumerate(_texts(rows, column.place)):
            if is_total(text):
                yield place, column, _at(column, row_of_totals), None


def _texts(rows: Sequence[Cells], column: int) -> Iterator[str]:
    return (row[column] if column < len(row) else "" for row in rows)


def _of_text(place: int, column: Column, text: str, suspects: Suspects) -> Iterator[_Found]:
    field = column.field
    if suspects.undecoded and is_undecoded(text):
        yield _unreadable(place, column, _BYTES)
    elif suspects.formulas and is_formula(text):
        yield _unreadable(place, column, "it is a formula that is written as text")
    elif suspects.errors and is_error(text):
        yield _unreadable(place, column, f"it has the error {text.strip()}")
    if suspects.exponents and field.is_number and is_exponent(text):
        yield place, column, _at(column, digits_lost), None
    if suspects.invisible and field.is_identifying and find_invisible(text):
        yield place, column, _at(column, invisible_character, characters=escapes_of(text)), None
    if suspects.mistyped and field.is_address and mistyped(text.strip()) is not None:
        yield place, column, _at(column, domain_mistyped), None


def _of_remark(place: int, column: Column, remark: Remark) -> Iterator[_Found]:
    if remark.kind == "unreadable":
        yield _unreadable(place, column, remark.why)
    elif remark.kind != "displayed":
        yield place, column, _at(column, _OF_KIND[remark.kind]), None
    elif not remark.applied:
        if _takes_displayed(column):
            yield _displayed(place, column, "the value")
    elif column.field.form in {"text", "trimmed"}:
        yield _displayed(place, column, "what it shows")
    else:
        yield _displayed(place, column, "the value", remark.value)


_OF_KIND: Final = {"merged": cell_merged, "covered": cell_covered, "digits": digits_lost}


def _takes_displayed(column: Column) -> bool:
    """Whether it matters there how a number looks."""
    return column.field.is_identifying or column.field.is_code


_is_time: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+)?|-?[0-9]+:[0-9:.]+").fullmatch


def _displayed(place: int, column: Column, which: str, text: str | None = None) -> _Found:
    return place, column, _at(column, cell_display_differs, which=which), text


def _unreadable(place: int, column: Column, why: str) -> _Found:
    return place, column, _at(column, cell_unreadable, why=why), UNREADABLE


def _at(column: Column, rule: Rule, **words: str) -> Violation:
    return rule.violation(at(pointer=pointer(*column.field.path) if column.name else "", **words))
