"""Copies of a workbook's values as CSV, where the copy's name ends with .csv or .tsv."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from participant_rules.batch.copies.choices import Choice
from participant_rules.batch.copies.original import Spreadsheet
from participant_rules.batch.copies.verdicts import Verdicts
from participant_rules.batch.files.annotated import free, ours_at_the_end
from participant_rules.batch.files.dialect import Grammar

__all__ = ["copy", "rows_of_copy"]


def rows_of_copy(sheet: Spreadsheet, verdicts: Verdicts, choice: Choice) -> Iterator[Sequence[str]]:
    """The header and the rows that are wanted, with our cells behind them."""
    names = sheet.names[: len(sheet.names) - ours_at_the_end(sheet.names)]
    yield [*names, *[free(each, names) for each in choice.columns]]
    for row, cells in sheet.texts():
        verdict = verdicts.of(row)
        if choice.takes(verdict[0]):
            yield [*cells[: len(names)], *choice.texts(verdict, row)]


def copy(sheet: Spreadsheet, verdicts: Verdicts, choice: Choice, separator: str, out: BinaryIO) -> None:
    """Write the rows that are wanted as delimited text in UTF-8; every value is the text that was judged."""
    out.write(BOM_UTF8)  # by which spreadsheets know UTF-8
    grammar = Grammar(separator)
    out.writelines(
        (separator.join([_cell(each, grammar) for each in row]) + "\r\n").encode()
        for row in rows_of_copy(sheet, verdicts, choice)
    )


def _cell(text: str, grammar: Grammar) -> str:
    """A cell as it stands, in quotes where it needs them."""
    plain = not any(each in text for each in (grammar.separator, '"', "\r", "\n")) and text.strip() == text
    return text if plain else grammar.quoted(text)
