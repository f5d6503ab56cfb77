"""Records that a program gives: a sequence, or an iterator, which is kept on disk to be read again."""

import pickle
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from os import PathLike
from threading import Lock
from typing import ClassVar, Final

from attrs import field, frozen

from participant_rules.batch.member_values import AT_ONCE, texts_at
from participant_rules.batch.records import Chunk, Held, Notice, Part
from participant_rules.due import frame_advice

__all__ = ["Given", "given", "refuse_no_records"]


def _held(payloads: Sequence[object], row: int) -> Held:
    """Records in memory, from this row on."""
    return Held(_chunk(payloads, row))


def _chunk(payloads: Sequence[object], row: int) -> Chunk:
    return Chunk(payloads, range(row, row + len(payloads)))


class _Store:
    """A file of ours, which only this process has open; it is closed when no part stands in it any longer."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  parts read it later
        self._lock = Lock()  # a pool reads parts in a thread of its own
        weakref.finalize(self, self._file.close)

    def put(self, payloads: Sequence[object]) -> int:
        """Keep records; returns where they stand."""
        with self._lock:
            start = self._file.seek(0, 2)
            pickle.dump(payloads, self._file, pickle.HIGHEST_PROTOCOL)
        return start

    def get(self, start: int) -> Sequence[object]:
        """The records that stand there."""
        with self._lock:
            self._file.seek(start)
            payloads: Sequence[object] = pickle.load(self._file)  # noqa: S301  we have written it
        return payloads


@frozen
class _Kept:
    """Records in a file: another process gets the records themselves."""

    store: _Store = field(repr=False)
    start: int
    first_row: int

    size: ClassVar[int] = 0  # it is not known

    def read(self) -> Chunk:
        """The records, from the file."""
        return _chunk(self.store.get(self.start), self.first_row)

    def __reduce__(self) -> tuple[type[Held], tuple[Chunk]]:
        return Held, (self.read(),)


def _part(store: _Store, payloads: Sequence[object], row: int) -> Part:
    try:
        return _Kept(store, store.put(payloads), row)
    except (AttributeError, RecursionError, TypeError, pickle.PicklingError):
        return _held(payloads, row)  # what cannot be written is no JSON, or too deep: its judge says so


@frozen
class Given:
    """Records of a program, numbered from 1."""

    records: Iterable[object] = field(repr=False)
    name: str = ""
    size: int = 0
    notices: Sequence[Notice] = ()

    def parts(self, records: int) -> Iterator[Part]:
        """Its parts, of so many records each."""
        if isinstance(self.records, list | tuple):
            for start in range(0, len(self.records), records):
                yield _held(self.records[start : start + records], start + 1)
            return
        kept = _held if isinstance(self.records, Sequence) else partial(_part, _Store())
        rest, row = iter(self.records), 1
        while payloads := list(islice(rest, records)):
            yield kept(payloads, row)
            row += len(payloads)

    def column(self, pointer: str) -> None:
        """Records of a program have no columns."""

    def values(self, pointer: str) -> Iterator[str]:
        """The texts that the records have at a pointer; none of an iterator's, which is read once."""
        if isinstance(self.records, Sequence):
            yield from texts_at(self.parts(AT_ONCE), pointer)


def given(records: Iterable[object]) -> Given:
    """The source of a program's records: JSON texts (bytes or text) or decoded JSON values.

    Raises TypeError for what would be taken for records and is none: a text, one record, a data frame.
    """
    refuse_no_records(records)
    return Given(records)


def refuse_no_records(records: object) -> None:
    """Raise TypeError, with the right types, for an argument that is no iterable of records."""
    kind = type(records)
    advice = next((advice for wrong, advice in _INSTEAD if issubclass(kind, wrong)), frame_advice(kind))
    if advice is None and not isinstance(records, Iterable):
        advice = "an iterable of them"
    if advice is not None:
        what = f"records are JSON texts or decoded values, and this is of the type {kind.__name__}"
        raise TypeError(f"{what}: hand in {advice}")


_INSTEAD: Final[tuple[tuple[type, str], ...]] = (
    (str, "its lines, where it is JSON lines, or a list of texts; a file is opened by open_source"),
    (bytes, "its lines, where it is JSON lines, or a list of texts; a file is opened by open_source"),
    (bytearray, "its lines, where it is JSON lines, or a list of texts"),
    (memoryview, "its lines, where it is JSON lines, or a list of texts"),
    (PathLike, "its lines, where it is JSON lines; a file is opened by open_source"),
    (Mapping, "a list, even of one record; of a bulk body its `participants`"),
)
"""The types that are mistaken for records, and what to hand in."""
