"""The values of one member in all records that are no table: its column, so to speak."""

from collections.abc import Iterable, Iterator
from typing import Final

from participant_rules.batch.records import Part
from participant_rules.repairing import value_of
from participant_rules.schema.repairing import names_of, value_at

__all__ = ["AT_ONCE", "texts_at"]

AT_ONCE: Final = 1_000
"""How many records are read at once."""


def texts_at(parts: Iterable[Part], pointer: str) -> Iterator[str]:
    """The texts at a pointer into the records, which are read for it; other values are left out."""
    names = names_of(pointer)
    for part in parts:
        for payload in part.read().payloads:
            value = value_at(value_of(payload), names)
            if isinstance(value, str):
                yield value
