"""A sheet of a workbook, each cell as the text that a person would type for it."""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import field, frozen

from participant_rules.batch.files.annotated import ours_at_the_end
from participant_rules.batch.files.book import HELP, Book, Remarks, SheetRead
from participant_rules.batch.files.columns import Knowledge
from participant_rules.batch.files.compound import COMPOUND
from participant_rules.batch.files.content import Content
from participant_rules.batch.files.headers import FIRST_ROWS, no_header, skipped
from participant_rules.batch.files.hidden import hidden
from participant_rules.batch.files.notices import errors_not_told, sheet_chosen
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.quoting import Row
from participant_rules.batch.files.sheets import Cells, Header, Read, is_blank_row, repeated_headers
from participant_rules.batch.files.slices import sliced
from participant_rules.batch.files.suspects import suspects_of
from participant_rules.batch.records import Kind, Notice, Unusable
from participant_rules.rules import at

__all__ = ["Workbook", "workbook"]

_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")  # where a compound file has a locked workbook


@frozen
class Workbook:
    """A sheet of a workbook, with its rows in memory, from the column behind `left` others.

    `is_archive` is true of an .xlsx file.
    """

    content: Content
    kind: Kind = field(default="xlsx", init=False)
    dialect: None = field(default=None, init=False)
    header: Header
    notices: Sequence[Notice]
    sheet: str
    is_archive: bool
    _numbers: Sequence[int] = field(repr=False)
    _cells: list[list[str]] = field(repr=False)
    _remarks: Remarks = field(repr=False)
    _dated: frozenset[int] = frozenset()
    left: int = 0

    def rows(self, records: int) -> Iterator["WorkbookRows"]:
        """Its rows, so many at once."""
        names = self.header.names
        names = names[: len(names) - ours_at_the_end(names)]
        for taken, size in sliced(len(self._cells), records, self.content.size):
            numbers = self._numbers[taken]
            remarks = {
                place: self._remarks[number]
                for place, number in enumerate(numbers)
                if number in self._remarks
            }
            yield WorkbookRows(numbers, self._cells[taken], size, remarks, self._dated, names)


@frozen
class WorkbookRows:
    """Some rows of a sheet."""

    numbers: Sequence[int]
    cells: list[list[str]] = field(repr=False)
    size: int
    remarks: Remarks = field(factory=dict, repr=False)
    dated: frozenset[int] = frozenset()
    names: tuple[str, ...] = ()

    def read(self) -> Read:
        """The rows."""
        text = "\n".join(map("\t".join, self.cells))
        sound = "\0" not in text
        suspects = suspects_of(text.encode("utf-8", "surrogatepass"), text, undecoded=False)
        offsets = range(len(self.cells)) if sound else ()
        return Read(
            self.numbers,
            self.cells,
            sound,
            offsets,
            suspects,
            self.remarks,
            self.dated,
            headers=repeated_headers(text, self.cells, self.names),
        )

    def row(self, offset: int) -> Cells:
        """The one at this place."""
        return self.cells[offset]


def workbook(content: Content, known: Knowledge, options: Options) -> Workbook:
    """Open a workbook; raises Unusable where it cannot be read, or a library for it is missing.

    Of several filled sheets it is the first visible one with known columns, or the one that the caller names.
    """
    name = content.name
    book = Book(name, _data_of(content))
    found = _chosen(book, known, options)
    notices = [*_named(book, found), *skipped(found.rows, found.chosen)]
    if book.archive is None:
        notices.append(Notice(1, None, errors_not_told.violation()))
    remarks = found.remarks
    header = found.chosen.row
    _refuse_unreadable_header(name, found)
    rows = [row for row in found.rows[found.chosen.records :] if not _is_blank(row, remarks)]
    notices += hidden(found, [row.line for row in rows], known)
    return Workbook(
        content,
        Header(header.line, tuple(header.cells), header.line + 1),
        notices,
        sheet=found.name,
        is_archive=book.archive is not None,
        numbers=[row.line for row in rows],
        cells=[list(row.cells) for row in rows],
        remarks=remarks,
        dated=found.dated,
        left=found.left,
    )


def _data_of(content: Content) -> bytes:
    """The bytes of a workbook; raises Unusable for a locked one."""
    with content.open() as file:
        data = file.read()
    if data.startswith(COMPOUND) and _ENCRYPTED in data:
        raise Unusable(f"{content.name}: the workbook is locked with a password")
    return data


def _refuse_unreadable_header(name: str, found: SheetRead) -> None:
    """Raise Unusable where a cell of the header's row cannot be read, wherever in the sheet it stands."""
    row, left = found.chosen.row.line, found.left
    noted = {place + 1 + left: remark for place, remark in found.remarks.get(row, {}).items()}
    outside = {column: each for (line, column), each in found.looked.remarks.items() if line == row}
    for column, remark in sorted((outside | noted).items()):
        if remark.kind == "unreadable":
            raise Unusable(f"{name}: row {row}, cell {column}: the header cannot be read: {remark.why}")


def _is_blank(row: Row, remarks: Remarks) -> bool:
    kinds = remarks.get(row.line, {}).values()
    return is_blank_row(row.cells) and all(each.kind == "merged" for each in kinds)


# ---- sheets


def _chosen(book: Book, known: Knowledge, options: Options) -> SheetRead:
    """The sheet with the records; raises Unusable."""
    if options.sheet is not None:
        if options.sheet not in book.names:
            sheets = ", ".join(f'"{each}"' for each in book.names)
            raise Unusable(f"{book.name}: --sheet: there is no such sheet; the workbook has {sheets}")
        found = book.read(options.sheet, known, options.header_row)
        if found is None:
            raise Unusable(f'{book.name}: the sheet "{options.sheet}" is empty')
        return _usable(book, found, known, options)
    read = []
    for sheet in book.visible:
        found = book.read(sheet, known, options.header_row)
        if found is not None:
            if found.chosen.known:
                return found
            read.append(found)
    hidden = [each for each in book.names if each not in book.visible and book.is_filled(each)]
    if hidden:
        raise Unusable(
            f'{book.name}: no visible sheet has a known column; --sheet "{hidden[0]}" reads a hidden one'
        )
    if not read:
        raise Unusable(f"{book.name}: the workbook's sheets are empty")
    return _usable(book, read[0], known, options)


def _usable(book: Book, found: SheetRead, known: Knowledge, options: Options) -> SheetRead:
    if not (found.chosen.known or options.header_row or options.mapping):
        raise no_header(book.name, found.rows[:FIRST_ROWS], known, None, HELP)
    return found


def _named(book: Book, found: SheetRead) -> Iterator[Notice]:
    """The notice where other sheets are filled too."""
    others = [each for each in book.names if each != found.name and book.is_filled(each)]
    if others:
        named = ", ".join(f'"{each}"' for each in others)
        yield Notice(1, None, sheet_chosen.violation(at(sheet=found.name, others=named)))
