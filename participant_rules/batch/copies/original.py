"""The facts about a file that a copy needs."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Protocol

from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.records import Kind

__all__ = ["Original", "Spreadsheet", "Table"]


class Original(Protocol):
    """A file that was judged."""

    @property
    def name(self) -> str:
        """The name that a person gave it: a path, or "-"."""
        ...

    @property
    def kind(self) -> Kind:
        """Its format."""
        ...

    def open(self) -> BinaryIO:
        """Its bytes from the beginning, decompressed; any number of times."""
        ...


class Table(Original, Protocol):
    """A file of the kind "csv"."""

    @property
    def dialect(self) -> Dialect:
        """How its text is written."""
        ...

    @property
    def header_row(self) -> int:
        """The line of its header."""
        ...


class Spreadsheet(Original, Protocol):
    """A file of the kind "xlsx"."""

    @property
    def header_row(self) -> int:
        """The row of its header."""
        ...

    @property
    def sheet_name(self) -> str:
        """The sheet that was read."""
        ...

    @property
    def left(self) -> int:
        """How many columns stand before the first cell of its rows."""
        ...

    @property
    def is_archive(self) -> bool:
        """Whether it is an .xlsx file; of other formats only the values are known."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """The cells of its header."""
        ...

    def texts(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows that are not blank, below the header: where each stands, and the texts of its cells."""
        ...
