"""Compound files, in which an .xls workbook lies: whether their chains of sectors end.

A chain that runs in a circle, or a count that no file of this size can have, keeps a reader busy for minutes.
The format is Microsoft's [MS-CFB], "Compound File Binary File Format".
"""

from collections.abc import Iterator, Sequence
from struct import error, unpack_from
from typing import Final, NamedTuple

__all__ = ["COMPOUND", "Unsound", "workbook_of"]

COMPOUND: Final = b"\xd0\xcf\x11\xe0"
"""The first bytes of a compound file."""

_SHIFTS: Final = (9, 12)  # of 512 and of 4096 bytes a sector
_NO_SECTOR: Final = 0xFFFFFFFA  # from here on numbers are marks
_IN_HEADER: Final = 109  # sectors of the allocation table that the header names
_ENTRY: Final = 128  # bytes of a directory's entry
_STREAM: Final = 2
_ROOT: Final = 5
_CUTOFF: Final = 4096  # bytes: shorter streams lie in the root's
_SMALL: Final = 64  # bytes of a sector there
_NAMES: Final = ("Workbook", "Book")


class Unsound(ValueError):
    """A chain does not end, or a count cannot be."""


class _Entry(NamedTuple):
    """A part of a directory."""

    name: str
    kind: int
    first: int
    size: int


def workbook_of(data: bytes) -> bytes:
    """The stream of a workbook in a compound file; raises Unsound for one that no reader ends with."""
    try:
        compound = _Compound(data)
        streams = {each.name: compound.stream(each) for each in compound.entries if each.kind == _STREAM}
    except error:
        raise Unsound from None
    return next((streams[each] for each in _NAMES if each in streams), b"")


class _Compound:
    """The sectors of a file, and its directory."""

    def __init__(self, data: bytes) -> None:
        (shift,) = unpack_from("<H", data, 30)
        tables, directory = unpack_from("<II", data, 44)
        small, small_count, further, further_count = unpack_from("<IIII", data, 60)
        if shift not in _SHIFTS:
            raise Unsound
        self._data, self._size = data, 1 << shift
        self._most = len(data) >> shift
        if max(tables, small_count, further_count) > self._most:
            raise Unsound
        self._table = self._words([*self._of_table(further, further_count)])
        self._small_table = self._words([*_chain(self._table, small, self._most)])
        self.entries = [*self._directory([*_chain(self._table, directory, self._most)])]
        root = next((each for each in self.entries if each.kind == _ROOT), None)
        self._small = self._joined(root.first) if root is not None else b""

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _words(self, sectors: Sequence[int]) -> Sequence[int]:
        data = b"".join(map(self._sector, sectors))
        return unpack_from(f"<{len(data) // 4}I", data)

    def _of_table(self, further: int, count: int) -> Iterator[int]:
        """The sectors of the allocation table: first from the header, then from further sectors."""
        words = unpack_from(f"<{_IN_HEADER}I", self._data, 76)
        yield from (each for each in words if each < self._most)
        for _ in range(count):
            if further >= self._most:
                return
            named = self._words([further])
            yield from (each for each in named[:-1] if each < self._most)
            further = named[-1]

    def _directory(self, sectors: Sequence[int]) -> Iterator[_Entry]:
        data = b"".join(map(self._sector, sectors))
        for start in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length, kind, first, size = unpack_from("<HB49xII", data, start + 64)
            name = data[start : start + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            yield _Entry(name, kind, first, size)

    def _joined(self, first: int) -> bytes:
        return b"".join(map(self._sector, _chain(self._table, first, self._most)))

    def stream(self, entry: _Entry) -> bytes:
        """The bytes of a stream."""
        if entry.size >= _CUTOFF:
            return self._joined(entry.first)[: entry.size]
        sectors = _chain(self._small_table, entry.first, len(self._small_table))
        return b"".join([self._small[each * _SMALL : (each + 1) * _SMALL] for each in sectors])[: entry.size]


def _chain(table: Sequence[int], first: int, most: int) -> Iterator[int]:
    """The sectors of a chain, at most so many; raises Unsound where it runs on."""
    for _ in range(most + 1):
        if first >= min(len(table), _NO_SECTOR):
            return
        yield first
        first = table[first]
    raise Unsound
