"""The readings of many records, in columns, so that nearly all is done in C."""

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any

from participant_rules.engine.slots import Column, Keys, Odd, Slots, Texts

__all__ = ["Reading", "Readings"]

Reading = tuple[Keys, Odd, Texts]
"""The reading of one sound record: its keys, its odd slots, and its texts."""


class Readings:
    """The readings of records: their places, a column for each key and each text, and their odd slots."""

    __slots__ = ("keys", "odd", "places", "texts")

    def __init__(self, slots: Slots) -> None:
        self.places: list[int] = []
        self.keys: list[list[Any]] = [[] for _ in slots.keys]
        self.odd: list[Odd] = []
        self.texts: list[list[Any]] = [[] for _ in slots.texts]

    def __len__(self) -> int:
        """How many records there are."""
        return len(self.places)

    def __getitem__(self, index: int) -> Reading:
        """The reading of one record, by its index in the columns."""
        return self.keys_of(index), self.odd[index], self.texts_of(index)

    def keys_of(self, index: int) -> Keys:
        """The keys of one record."""
        return tuple([column[index] for column in self.keys])

    def texts_of(self, index: int) -> Texts:
        """The texts of one record."""
        return tuple([column[index] for column in self.texts])

    def add(self, place: int, reading: Reading) -> None:
        """Add the reading of the record at a place."""
        keys, odd, texts = reading
        self.places.append(place)
        self.odd.append(odd)
        for column, key in zip(self.keys, keys, strict=True):
            column.append(key)
        for column, text in zip(self.texts, texts, strict=True):
            column.append(text)

    def extend(
        self, places: Sequence[int], keys: Iterable[Column], odd: Sequence[Odd], texts: Iterable[Column]
    ) -> None:
        """Add the readings of the records at some places."""
        self.places += places
        self.odd += odd
        for column, some in zip(self.keys, keys, strict=True):
            column.extend(some)
        for column, some in zip(self.texts, texts, strict=True):
            column.extend(some)

    def only(self, chosen: Sequence[object]) -> None:
        """Keep the records with a true value, and drop the others."""
        self.places, self.odd = [*compress(self.places, chosen)], [*compress(self.odd, chosen)]
        self.keys = [[*compress(column, chosen)] for column in self.keys]
        self.texts = [[*compress(column, chosen)] for column in self.texts]
