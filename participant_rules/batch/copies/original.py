"""What a copy must know of its file."""

from typing import BinaryIO, Protocol

from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.records import Kind

__all__ = ["Original", "Table"]


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
