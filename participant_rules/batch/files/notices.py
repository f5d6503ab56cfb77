"""Notices on the reading of a file: on a table as a whole, a row, a cell.

The rules that end in a warning or a notice refuse nothing; `cell_unreadable`, `row_not_whole` and
`header_repeated` refuse their row, since it is not known what would be sent.
"""

from typing import Final

from participant_rules.rules import Rule, fault
from participant_rules.violations import Severity

__all__ = [
    "NOTICES",
    "OF_FILES",
    "cell_covered",
    "cell_display_differs",
    "cell_merged",
    "cell_unreadable",
    "column_overridden",
    "column_read_as",
    "column_unknown",
    "columns_hidden",
    "digits_lost",
    "encoding_guessed",
    "errors_not_told",
    "header_repeated",
    "invisible_character",
    "members_unread",
    "row_in_a_cell",
    "row_not_whole",
    "row_of_totals",
    "row_width_differs",
    "rows_hidden",
    "rows_skipped",
    "sheet_chosen",
    "value_differs",
]

_WARNING: Final = Severity.WARNING

# ---- of the file

encoding_guessed = fault(
    "The text is not UTF-8 and is read as {encoding}, which is a guess; --encoding NAME says it.",
    "encoding-guessed",
    "A text that is not UTF-8 and has no byte order mark is read in an encoding that is a guess.",
    severity=_WARNING,
)
rows_skipped = fault(
    "The {rows}; --header-row N says where the header stands.",
    "rows-skipped",
    "The header is the first of the first twenty rows that has the most known columns.",
    severity=_WARNING,
)
sheet_chosen = fault(
    'The sheet "{sheet}" is read; not read: {others}. --sheet NAME says which one.',
    "sheet-chosen",
    "Of a workbook's filled sheets the first visible one with known columns is read.",
    severity=_WARNING,
)
errors_not_told = fault(
    "In a file of this format an error value (#N/A, say) cannot be told from a blank cell, nor whether a "
    "number is displayed otherwise (7 as 0007).",
    "cell-unreadable",
    "A cell that is read has a value of its own: no error, and no formula without a stored value.",
    severity=_WARNING,
)
column_unknown = fault(
    "The column is not known and is left out.{hint}",
    "column-unknown",
    "A table has documented columns only; others are left out and said.",
    severity=_WARNING,
)
column_overridden = fault(
    "Another column is mapped to the field of this one, which is left out.",
    "column-overridden",
    "A column that is mapped to a field takes the place of the column with its name.",
    severity=_WARNING,
)
column_read_as = fault(
    "The column is read as id, which the server assigns, and none of its values is a GUID; "
    "{option} reads it as the participants' own identifier.",
    "column-read-as",
    "A column that is read as id has the server's GUIDs.",
    severity=_WARNING,
)
members_unread = fault(
    'Of the file its "participants" are read; not read: {members}. Options say how records are sent.',
    "members-unread",
    "Of a bulk body, or of a server's answer, the list of participants is read.",
    severity=_WARNING,
)
value_differs = fault(
    "The first row of the participant says something else, which is taken.",
    "value-differs",
    "Rows of one participant say the same of it; only its subjects differ.",
    severity=_WARNING,
)

# ---- of a row

_WIDTH: Final = "The row has {cells} where the header has {header}."
_WIDTH_LAW: Final = "A row has as many cells as the header; a missing cell is never a blank one."
row_width_differs = fault(_WIDTH, "row-width-differs", _WIDTH_LAW, severity=_WARNING)
row_not_whole = fault(_WIDTH, "row-width-differs", _WIDTH_LAW)
header_repeated = fault(
    "The row is the header once more and no record; delete it.",
    "header-repeated",
    "The names of the columns stand above the records, and not among them.",
)
row_of_totals = fault(
    "The row looks like a total and no record; it is read like all others.",
    "row-of-totals",
    "A row is a record; a line of totals below the records is none.",
    severity=_WARNING,
)
row_in_a_cell = fault(
    "A quoted cell has a line end in it, and what looks like another row; it is read as one cell.",
    "quote-malformed",
    "Quotes tell where cells end, so a row does not stand in a cell of another one.",
    severity=_WARNING,
)

# ---- of a cell

cell_unreadable = fault(
    "The cell cannot be read: {why}.",
    "cell-unreadable",
    "A cell that is read has a value of its own: no error, and no formula without a stored value.",
)
invisible_character = fault(
    "The text has characters that nobody sees: {characters}.",
    "invisible-character",
    "An identifier, a login, an address, a number or a subject's name has no invisible character.",
    severity=_WARNING,
)
cell_display_differs = fault(
    "The cell's value and what its number format shows differ; {which} is taken.",
    "cell-display-differs",
    "A value that stands for a text reads as it is displayed.",
    severity=_WARNING,
)
cell_merged = fault(
    "The cell is merged with another one, whose value is seen in its place; it is read as blank.",
    "cell-display-differs",
    "A value that is seen in several cells stands in each of them.",
    severity=_WARNING,
)
cell_covered = fault(
    "The cell is merged with another one, which covers its own value; what nobody sees is read.",
    "cell-display-differs",
    "A value that is read is one that a person sees.",
    severity=_WARNING,
)
rows_hidden = fault(
    "{rows} hidden and read like all others.",
    "rows-hidden",
    "A row that is read is one that a person sees.",
    severity=_WARNING,
)
columns_hidden = fault(
    "The column is hidden and read like all others.",
    "columns-hidden",
    "A column that is read is one that a person sees.",
    severity=_WARNING,
)
digits_lost = fault(
    "The number has lost digits: a spreadsheet keeps fifteen of them, or writes it as in 1E+05.",
    "digits-lost",
    "An identifier or a number has all its digits.",
    severity=_WARNING,
)

NOTICES: Final[tuple[Rule, ...]] = (
    encoding_guessed,
    rows_skipped,
    rows_hidden,
    columns_hidden,
    sheet_chosen,
    members_unread,
    column_unknown,
    column_overridden,
    column_read_as,
    value_differs,
    row_width_differs,
    header_repeated,
    row_of_totals,
    row_in_a_cell,
    cell_unreadable,
    invisible_character,
    cell_display_differs,
    digits_lost,
)
"""The rules about how files are read, a code once."""

OF_FILES: Final = frozenset(
    each.code for each in (encoding_guessed, rows_skipped, sheet_chosen, members_unread)
)
"""The codes of notices that are about a file as a whole."""
