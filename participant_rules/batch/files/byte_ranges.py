"""Long files in ranges of bytes that hold whole records, which are found without reading the records."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import BinaryIO, Final

from attrs import frozen

from participant_rules.batch.files.content import Content
from participant_rules.batch.records import Unusable

__all__ = ["ByteRange", "Count", "FindEnd", "byte_ranges", "offsets_of"]

FindEnd = Callable[[bytes, int], int]
"""Where the first record ends at or after a place of a block that begins with a record; 0 where none does."""

Count = Callable[[bytes, int], int]
"""How many lines end before a place of a block."""

_MARGIN: Final = 1 << 12  # a record mostly ends within so many bytes


@frozen
class ByteRange:
    """Some bytes of a file; `row` is the line that begins with them."""

    content: Content
    start: int
    length: int
    row: int

    def read(self) -> bytes:
        """The bytes; raises Unusable where they are no longer there."""
        data = self._from(self.start, lambda file: file.read(self.length))
        if len(data) != self.length:
            raise self._changed()
        return data

    def line(self, offset: int) -> bytes:
        """The line that begins there, with its end; raises Unusable where it is no longer there."""
        line = self._from(self.start + offset, lambda file: file.readline(self.length - offset))
        if not line.endswith(b"\n") and len(line) != self.length - offset:
            raise self._changed()
        return line

    def _from(self, start: int, take: Callable[[BinaryIO], bytes]) -> bytes:
        try:
            with self.content.open() as file:
                file.seek(start)
                return take(file)
        except OSError as failure:
            raise Unusable(f"{self.content.name}: {failure.strerror}") from None

    def _changed(self) -> Unusable:
        return Unusable(f"{self.content.name}: the file was changed while it was read")

    def __reduce__(self) -> tuple[type["ByteRange"], tuple[Content, int, int, int]]:
        content, start = self.content.carried(self.start, self.length)
        return ByteRange, (content, start, self.length, self.row)


def offsets_of(lines: Sequence[bytes]) -> "array[int]":
    """Where each of some lines begins that have LF between them, and where one behind them would."""
    return array("I", accumulate(map((1).__add__, map(len, lines)), initial=0))


def byte_ranges(
    content: Content, *, start: int, end: int, row: int, records: int, find: FindEnd, lines: Count
) -> Iterator[ByteRange]:
    """The ranges of a file from a place to another one, of about so many records each.

    `row` is the line at the first place. Raises Unusable where the file cannot be read any further.
    """
    try:
        with content.open() as file:
            size = _record_size(file, start, lines)
            while found := _find_end(file, start, end, size * records, find):
                block, length = found
                count = lines(block, length)
                yield ByteRange(content, start, length, row)
                start += length
                row += count
                size = max(1, length // max(1, count))  # the next records are much like these
    except OSError as failure:
        raise Unusable(f"{content.name}: {failure.strerror}") from None


def _record_size(file: BinaryIO, start: int, lines: Count) -> int:
    file.seek(start)
    sample = file.read(_MARGIN)
    return max(1, len(sample) // max(1, lines(sample, len(sample))))


def _find_end(file: BinaryIO, start: int, end: int, limit: int, find: FindEnd) -> tuple[bytes, int] | None:
    """Bytes from a place on, and the first end of a record at or after the limit; None for no bytes."""
    file.seek(start)
    left = end - start
    held = file.read(min(left, limit + _MARGIN))
    found = find(held, limit) if limit < len(held) else 0
    while not found and (more := file.read(min(left - len(held), len(held)))):
        held += more  # twice as much, so that a long record stays linear
        found = find(held, limit)
    return (held, found or len(held)) if held else None
