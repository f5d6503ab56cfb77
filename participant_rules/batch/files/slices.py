"""Slices of records that are held in memory, with their shares of a file's size."""

from collections.abc import Iterator

__all__ = ["sliced"]


def sliced(count: int, records: int, size: int) -> Iterator[tuple[slice, int]]:
    """The slices that take so many of `count` records each, and their shares of the size."""
    for start in range(0, count, records):
        end = min(start + records, count)
        yield slice(start, end), size * end // count - size * start // count
