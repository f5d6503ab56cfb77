"""The input of a batch: the records of a source, in parts that can be read again.

A source is a file, or whatever gives records. It is read part by part, so that a file larger than memory can
be judged; a part can be read once more when a later record speaks of one of its records, and travels to
another process, which then reads it itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

from attrs import field, frozen

from participant_rules.unusable import Unusable
from participant_rules.violations import Violation

__all__ = [
    "Chunk",
    "ColumnRead",
    "Held",
    "Kind",
    "Notice",
    "Part",
    "Seekable",
    "Sound",
    "Source",
    "TableColumn",
    "Tabular",
    "Textual",
    "Unusable",
]

Kind = Literal["csv", "json", "jsonl", "xlsx"]


@frozen
class ColumnRead:
    """How a column is read: its name in the file, and the JSON Pointer of its member, or None.

    `hint` is the option that would read it, where it may be a field; `ignored` tells that it needs none.
    """

    name: str
    pointer: str | None
    hint: str = ""
    ignored: bool = False


TableColumn = tuple[int, tuple[str | int, ...], bool]
"""The place of a column in a row, the path of its member in a payload, and whether it is null where its cell
is blank; else it is left out there."""


class Sound(dict[str, Any]):
    """A payload, decoded, without faulty texts; see `Chunk`."""


@frozen
class Tabular(Sequence[Sound]):
    """Sound payloads that are rows of a table, each made when it is asked for: many need only their cells.

    A row that has not `width` cells is ragged.
    """

    cells: Sequence[Sequence[str]] = field(repr=False)
    columns: tuple[TableColumn, ...]
    width: int
    _make: Callable[[Sequence[Sequence[str]]], list[dict[str, Any]]] = field(eq=False, repr=False)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.cells)

    def __getitem__(self, place: Any) -> Any:
        """A payload, or the payloads of a slice."""
        if isinstance(place, slice):
            return list(map(Sound, self._make(self.cells[place])))
        return Sound(self._make([self.cells[place]])[0])

    def __iter__(self) -> Iterator[Sound]:
        """All payloads."""
        return iter(self[:])


@frozen
class Chunk:
    """Records in their order: a JSON text (bytes or text) or a decoded JSON value each, and where they stand.

    `rows` are those that a person sees: the line of a text file on which a record begins (from 1, a header is
    counted), the row of a sheet, the position in a JSON list. `subjects` are the rows of each record's
    subjects, where a table has a row for each of them; else it is empty. `sound` says that the payloads are
    JSON values whose texts have no fault: no NUL, no lone surrogate, no number that is not finite. `offsets`
    are where each record begins in the bytes of its part, where one can be read alone; else it is empty.
    `remarks` are what the reading says of records, by their places; where one is an error, the payload has a
    malformed text, so that its judge refuses it and asks nothing else.
    """

    payloads: Sequence[object] = field(repr=False)
    rows: Sequence[int]
    subjects: Sequence[Sequence[int]] = ()
    sound: bool = False
    offsets: Sequence[int] = field(default=(), repr=False)
    remarks: "Mapping[int, Sequence[Notice]]" = field(factory=dict, repr=False)


class Part(Protocol):
    """A part of a source; it can be pickled."""

    @property
    def size(self) -> int:
        """The bytes of the source that it takes."""
        ...

    def read(self) -> Chunk:
        """Its records, the same ones each time; raises Unusable."""
        ...


@frozen
class Held:
    """A part with records in memory; they travel to another process themselves."""

    chunk: Chunk = field(repr=False)
    size: int = 0

    def read(self) -> Chunk:
        """The records."""
        return self.chunk


@runtime_checkable
class Seekable(Protocol):
    """A part that can read a record alone, where its chunk has offsets."""

    def payload(self, offset: int) -> object:
        """That of the record which begins there; raises Unusable."""
        ...


@runtime_checkable
class Textual(Protocol):
    """A source of JSON texts that knows where their faults stand."""

    def fault_place(self, row: int, payload: object, pointer: str) -> str:
        """The line and the column of a fault of a record's text; "" where they are not known."""
        ...


@frozen
class Notice:
    """A notice on a source as a whole, given once, or on a row and a column of it."""

    row: int
    column: str | None
    violation: Violation


class Source(Protocol):
    """Where records come from."""

    @property
    def name(self) -> str:
        """The name that a person gave it: a path, or "-"."""
        ...

    @property
    def size(self) -> int:
        """The size in bytes; 0 where it is not known."""
        ...

    @property
    def notices(self) -> Sequence[Notice]:
        """The notices on it as a whole; known before its first part is read."""
        ...

    def parts(self, records: int) -> Iterator[Part]:
        """Its parts in order, of about so many records each; raises Unusable."""
        ...

    def column(self, pointer: str) -> str | None:
        """The column that a JSON Pointer into a record stands for, as the file spells it.

        None for the whole record, for what has no column, and where the source is no table.
        """
        ...
