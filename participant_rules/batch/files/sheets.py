"""Tables as they stand in a file: a header, and rows of cells that are texts."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from attrs import field, frozen

from participant_rules.batch.files.content import Content
from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.records import Kind

__all__ = ["Header", "Read", "Rows", "Sheet", "is_blank_row"]


@frozen
class Header:
    """The names of the columns, the row they stand in, and the row behind it."""

    row: int
    names: tuple[str, ...]
    next_row: int


@frozen
class Read:
    """Rows that are not blank, as texts, and where they stand; `sound` where no text has a NUL."""

    numbers: Sequence[int]
    rows: list[list[str]] = field(repr=False)
    sound: bool


class Rows(Protocol):
    """Some rows of a table; they can be pickled, and read any number of times."""

    @property
    def size(self) -> int:
        """The bytes of the file that they take."""
        ...

    def read(self) -> Read:
        """The rows; raises Unusable."""
        ...


class Sheet(Protocol):
    """A table in a file."""

    @property
    def content(self) -> Content:
        """The file."""
        ...

    @property
    def kind(self) -> Kind:
        """What kind of file it is."""
        ...

    @property
    def dialect(self) -> Dialect | None:
        """How its text is written; None where it is no text."""
        ...

    @property
    def header(self) -> Header:
        """The names of its columns."""
        ...

    def rows(self, records: int) -> Iterator[Rows]:
        """Its rows, about so many at once; raises Unusable."""
        ...


def is_blank_row(cells: Sequence[str]) -> bool:
    """Whether no cell has more than white space."""
    return not any(map(str.strip, cells))
