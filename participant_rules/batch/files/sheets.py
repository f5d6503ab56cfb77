"""Tables as they stand in a file: a header, and rows of cells that are texts."""

from collections.abc import Iterator, Mapping, Sequence
from operator import methodcaller
from typing import Any, Literal, Protocol

from attrs import field, frozen

from participant_rules.batch.files.content import Content
from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.records import Kind, Notice

__all__ = [
    "Cells",
    "Header",
    "Read",
    "Remark",
    "Rows",
    "Sheet",
    "Split",
    "Suspects",
    "is_blank_row",
    "repeated_headers",
    "widths",
]

Cells = Sequence[str]


@frozen
class Header:
    """The names of the columns, the row they stand in, and the row behind it.

    `spare` is how many blank cells more than these every row has. `copied` are the names as they stand, where
    the table is a copy of ours.
    """

    row: int
    names: tuple[str, ...]
    next_row: int
    spare: int = 0
    copied: tuple[str, ...] = ()


@frozen
class Remark:
    """The notice of a file's reader on one cell.

    It is "unreadable" (and why), has lost "digits", is "merged" with another one that has its value, is
    "covered" by such a one, or its number is "displayed" otherwise than it reads: then `value` is the one of
    both which is not the cell's text, and `applied` tells that this text is the displayed one.
    """

    kind: Literal["unreadable", "digits", "merged", "covered", "displayed"]
    why: str = ""
    value: str = field(default="", repr=False)
    applied: bool = False


@frozen
class Suspects:
    """The contents that cells of a text may have, by the text as a whole; false is sure."""

    formulas: bool = False
    errors: bool = False
    exponents: bool = False
    invisible: bool = False
    undecoded: bool = False
    mistyped: bool = False
    totals: bool = False

    @property
    def any(self) -> bool:
        """Whether all cells need to be looked at; those that are like totals stand in few columns."""
        return (
            self.formulas
            or self.errors
            or self.exponents
            or self.invisible
            or self.undecoded
            or self.mistyped
        )


NO_SUSPECTS = Suspects()


@frozen
class Read:
    """Rows that are not blank, as texts, and where they stand; `sound` where no text has a NUL.

    `offsets` are what each is found by alone, where they are sound and this can be done; else it is empty.
    `remarks` are by the places of a row and of a cell in it. `dated` are the columns in which a date or a
    time stands, which is shown in another way than it reads. `long` are the places of rows that take several
    lines of a text, in which cells are parted by `separator`. `headers` are those of rows that are the header
    once more.
    """

    numbers: Sequence[int]
    rows: Sequence[Cells] = field(repr=False)
    sound: bool
    offsets: Sequence[int] = field(default=(), repr=False)
    suspects: Suspects = NO_SUSPECTS
    remarks: Mapping[int, Mapping[int, Remark]] = field(factory=dict, repr=False)
    dated: frozenset[int] = frozenset()
    long: Sequence[int] = ()
    separator: str = ""
    headers: Sequence[int] = ()


@frozen
class Split(Sequence[Cells]):
    """Rows of which each is a line, split when it is asked for: a line is far smaller than its cells."""

    lines: Sequence[str] = field(repr=False)
    separator: str

    def __len__(self) -> int:
        """How many there are."""
        return len(self.lines)

    def __getitem__(self, place: Any) -> Any:
        """The cells of a row, or some of the rows."""
        if isinstance(place, slice):
            return Split(self.lines[place], self.separator)
        return self.lines[place].split(self.separator)

    def __iter__(self) -> Iterator[Cells]:
        """The cells of all rows."""
        separator = self.separator
        return iter([line.split(separator) for line in self.lines])


def widths(rows: Sequence[Cells]) -> list[int]:
    """How many cells each row has."""
    if isinstance(rows, Split):
        return [count + 1 for count in map(methodcaller("count", rows.separator), rows.lines)]
    return list(map(len, rows))


def repeated_headers(text: str, rows: Sequence[Cells], names: Cells) -> Sequence[int]:
    r"""The places of rows that have the names of the columns once more; `text` is that of all rows.

    >>> repeated_headers("N1,a\nlogin,email\n", [["N1", "a"], ["login", "email"]], ("login", "email"))
    [1]
    """
    if max(names, key=len, default="") not in text:
        return ()
    sought = list(map(_name, names))
    width = len(sought)
    return [place for place, row in enumerate(rows) if list(map(_name, row[:width])) == sought]


def _name(cell: str) -> str:
    """The name in a header's cell; a file that is put below another one begins with a byte order mark."""
    return cell.strip().strip('\ufeff"')


class Rows(Protocol):
    """Some rows of a table; they can be pickled, and read any number of times."""

    @property
    def size(self) -> int:
        """The bytes of the file that they take."""
        ...

    def read(self) -> Read:
        """The rows; raises Unusable."""
        ...

    def row(self, offset: int) -> Cells:
        """The one with this offset; raises Unusable."""
        ...


class Sheet(Protocol):
    """A table in a file."""

    @property
    def content(self) -> Content:
        """The file."""
        ...

    @property
    def kind(self) -> Kind:
        """The kind of a file."""
        ...

    @property
    def dialect(self) -> Dialect | None:
        """How its text is written; None where it is no text."""
        ...

    @property
    def header(self) -> Header:
        """The names of its columns."""
        ...

    @property
    def notices(self) -> Sequence[Notice]:
        """The notices on the reading."""
        ...

    def rows(self, records: int) -> Iterator[Rows]:
        """Its rows, about so many at once; raises Unusable."""
        ...


def is_blank_row(cells: Sequence[str]) -> bool:
    """Whether no cell has more than white space."""
    return not any(map(str.strip, cells))
