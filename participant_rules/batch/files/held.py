"""Parts with records in memory."""

from collections.abc import Iterator

from attrs import field, frozen

from participant_rules.batch.records import Chunk

__all__ = ["Held", "sliced"]


@frozen
class Held:
    """Records in memory; they travel to another process themselves."""

    chunk: Chunk = field(repr=False)
    size: int

    def read(self) -> Chunk:
        """The records."""
        return self.chunk


def sliced(count: int, records: int, size: int) -> Iterator[tuple[slice, int]]:
    """The slices that take so many of `count` records each, and their shares of the size."""
    for start in range(0, count, records):
        end = min(start + records, count)
        yield slice(start, end), size * end // count - size * start // count
