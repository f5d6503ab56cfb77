"""Seedings as they are written in a JSON text, judged without being decoded."""

from collections.abc import Iterable, Sequence
from types import NoneType
from typing import Any, Final

from participant_rules.patterns import Style, pairs_of
from participant_rules.survey.model import Survey
from participant_rules.unset import Unset

__all__ = ["Seedings"]


class Seedings:
    """The seedings of a survey as they are written, between their outer quotes.

    What people write of their own is not remembered, only choices are; so where nobody knows which these are,
    all are odd, and judged elsewhere.
    """

    def __init__(self, survey: Survey, style: Style) -> None:
        self._accepted, self._chosen = survey.accepted, not isinstance(survey.variables, Unset)
        self._between, self._middle = f'"{style.item}"', f'"{style.name}"'
        self._free = {key: 1 << place for place, key in enumerate(survey.accepted.free)}  # a bit for each key
        self._bits = dict(self._free)
        self._known: dict[str, int] = {}  # right choices, and the bits of their keys

    def odd(self, column: Iterable[str]) -> dict[int, dict[str, Any] | None]:
        """What is not right about each, by its place: None where that is not sure, or a key is there twice.

        It runs for every subject of a file, so it calls little.
        """
        known, free, between, middle = self._known.get, self._free.get, self._between, self._middle
        odd: dict[int, dict[str, Any] | None] = {}
        for place, written in enumerate(column):
            if not written:
                continue
            bits, seeds = 0, written.split(between)
            for seed in seeds:
                bit = known(seed)
                if bit is None:
                    key, found, text = seed.partition(middle)
                    bit = free(key) if found and '"' not in text else 0
                    if bit is None:
                        bit = self._judged(seed)
                bits += bit
            if bits.bit_count() != len(seeds):  # the bits of distinct keys, and no others, are as many
                read = self._read(written, seeds)
                wrong = None if read is None else self._accepted.odd(read)
                if wrong is None or wrong:
                    odd[place] = wrong
        return odd

    def _judged(self, seed: str) -> int:
        """The bit of the key of a choice that was not met before; 0 where it is not right."""
        key, _, text = seed.partition(self._middle)
        if not self._chosen or '"' in key or not self._accepted.seeding({key: text}):
            return 0
        bit = self._bits.setdefault(key, 1 << len(self._bits))
        if len(self._known) < _ENOUGH:
            self._known[seed] = bit
        return bit

    def _read(self, written: str, seeds: Sequence[str]) -> dict[str, Any] | None:
        """A seeding of texts and nulls; None for any other, and where a key is there twice."""
        plain = written.count('"') == 4 * len(seeds) - 2  # two in the middle of each, and two between two
        try:
            pairs = [seed.split(self._middle) for seed in seeds] if plain else pairs_of(f'{{"{written}"}}')
            read = dict(pairs)
        except (RecursionError, ValueError):
            return None
        distinct = len(set(map(str.lower, read))) == len(pairs)
        return read if distinct and _TEXTS.issuperset(map(type, read.values())) else None


_ENOUGH: Final = 4096  # choices; a survey has fewer
_TEXTS: Final = frozenset({str, NoneType})
