"""Records that a program gives: a sequence, or an iterator, which is kept on disk to be read again."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from attrs import field, frozen

from participant_rules.batch.records import Chunk, Notice, Part

__all__ = ["Given", "given"]


@frozen
class _Held:
    """Records in memory."""

    payloads: Sequence[object] = field(repr=False)
    first_row: int

    @property
    def size(self) -> int:
        """Nobody knows."""
        return 0

    def read(self) -> Chunk:
        """The records."""
        return Chunk(self.payloads, range(self.first_row, self.first_row + len(self.payloads)))


@frozen
class _Kept:
    """Records in a file of ours, which only this process has open: another one gets the records themselves."""

    file: BinaryIO = field(repr=False)
    start: int
    first_row: int

    @property
    def size(self) -> int:
        """Nobody knows."""
        return 0

    def read(self) -> Chunk:
        """The records, from the file."""
        self.file.seek(self.start)
        payloads = pickle.load(self.file)  # noqa: S301  we have written it
        return Chunk(payloads, range(self.first_row, self.first_row + len(payloads)))

    def __reduce__(self) -> tuple[type[_Held], tuple[Sequence[object], int]]:
        return _Held, (self.read().payloads, self.first_row)


@frozen
class Given:
    """Records of a program, numbered from 1."""

    records: Iterable[object] = field(repr=False)
    name: str = ""
    size: int = 0
    notices: Sequence[Notice] = ()

    def parts(self, records: int) -> Iterator[Part]:
        """Its parts, of so many records each."""
        if isinstance(self.records, Sequence):
            for start in range(0, len(self.records), records):
                yield _Held(self.records[start : start + records], start + 1)
            return
        file, rest, row = tempfile.TemporaryFile(), iter(self.records), 1  # noqa: SIM115  parts read it later
        while payloads := list(islice(rest, records)):
            start = file.seek(0, 2)
            pickle.dump(payloads, file, pickle.HIGHEST_PROTOCOL)
            yield _Kept(file, start, row)
            row += len(payloads)

    def column(self, pointer: str) -> None:
        """Records of a program have no columns."""


def given(records: Iterable[object]) -> Given:
    """The source of a program's records: JSON texts (bytes or text) or decoded JSON values."""
    return Given(records)
