"""The keys of rows: identities, addresses and numbers, as keyed hashes without personal data.

Two rows that hold the same are decided together, in their order; whoever holds what nobody else does
stands alone. Two keys that happen to have one hash only cost time: rows are decided by what they really
say.
"""

from array import array
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Final
from zlib import crc32

from attrs import field, frozen

__all__ = ["Hasher", "HeldKeys", "hasher_of", "keyed", "local"]

Hasher = Callable[[str, Iterable[str]], list[int]]
"""Makes the hashes of keys of a kind ("demographics.email" …); they are signed numbers of 64 bits."""


_SHORTEST: Final = 16  # bytes of a secret
_LONGEST: Final = blake2b.MAX_KEY_SIZE


def local(kind: str, texts: Iterable[str]) -> list[int]:
    """Hashes with the secret of this process, which its forks share; no other process can make them."""
    return [*map(crc32(kind.encode()).__xor__, map(hash, texts))]


def keyed(secret: bytes) -> Hasher:
    """Hashes that can be made with the secret (16 to 64 bytes): for keys that travel.

    Raises ValueError for a secret of another size.
    """
    if not _SHORTEST <= len(secret) <= _LONGEST:
        raise ValueError(f"a secret of {_SHORTEST} to {_LONGEST} bytes is due, not of {len(secret)}")

    def hashed(kind: str, texts: Iterable[str]) -> list[int]:
        person = crc32(kind.encode()).to_bytes(4)
        return [
            int.from_bytes(
                blake2b(text.encode(), digest_size=8, key=secret, person=person).digest(), signed=True
            )
            for text in texts
        ]

    return hashed


def hasher_of(secret: bytes | None) -> Hasher:
    """The hashes with a secret; without one those of this process."""
    return local if secret is None else keyed(secret)


def _numbers() -> "array[int]":
    return array("q")


@frozen
class HeldKeys:
    """Hashes, and the row that made each of them."""

    hashes: "array[int]" = field(factory=_numbers, repr=False)
    rows: "array[int]" = field(factory=_numbers, repr=False)

    def add(self, hashes: Iterable[int], rows: Iterable[int]) -> None:
        """Take in keys, and as many rows."""
        self.hashes.extend(array("q", hashes))  # an array takes in a list at half the price of any iterable
        self.rows.extend(array("q", rows))

    def __add__(self, other: "HeldKeys") -> "HeldKeys":
        """The keys of both."""
        return HeldKeys(self.hashes + other.hashes, self.rows + other.rows)

    def shared(self) -> set[int]:
        """The hashes that stand here more than once."""
        row_of = dict(zip(self.hashes, self.rows, strict=True))
        if len(row_of) == len(self.hashes):
            return set()
        return {each for each, row in zip(self.hashes, self.rows, strict=True) if row_of[each] != row}

    def rows_of(self, hashes: set[int]) -> set[int]:
        """The rows that make one of these keys."""
        return {row for each, row in zip(self.hashes, self.rows, strict=True) if each in hashes}
