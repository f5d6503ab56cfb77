"""Seedings as they are written in a JSON text, judged without being decoded."""

from collections.abc import Iterable
from typing import Any, Final

from participant_rules.skims import Style, pairs_of
from participant_rules.survey.guards import are_distinct
from participant_rules.survey.model import Survey
from participant_rules.unset import Unset

__all__ = ["Seedings", "texts_of"]


class Seedings:
    """The seedings of a survey as they are written, between their outer quotes.

    What people write of their own is not remembered, only choices are; so where nobody knows which these are,
    all are odd, and judged elsewhere.
    """

    def __init__(self, survey: Survey, style: Style) -> None:
        self._accepts, self._chosen = survey.accepted.seeding, not isinstance(survey.variables, Unset)
        self._between, self._middle = f'"{style.item}"', f'"{style.name}"'
        self._free = {key: 1 << place for place, key in enumerate(survey.accepted.free)}  # a bit for each key
        self._bits = dict(self._free)
        self._known: dict[str, int] = {}  # right choices, and the bits of their keys

    def odd(self, column: Iterable[str]) -> list[int]:
        """The places of those that are perhaps not right: no texts, a wrong one, or a key twice.

        It runs for every subject of a file, so it calls little.
        """
        known, free, between, middle = self._known.get, self._free.get, self._between, self._middle
        odd: list[int] = []
        for place, written in enumerate(column):
            if not written:
                continue
            bits, seeds = 0, written.split(between)
            for seed in seeds:
                bit = known(seed)
                if bit is None:
                    key, found, text = seed.partition(middle)
                    bit = free(key) if found and '"' not in text else 0
                bits += self._judged(seed) if bit is None else bit
            if bits.bit_count() != len(seeds):  # the bits of distinct keys, and no others, are as many
                odd.append(place)
        return odd

    def _judged(self, seed: str) -> int:
        """The bit of the key of a choice that was not met before; 0 where it is not right."""
        key, _, text = seed.partition(self._middle)
        if not self._chosen or '"' in key or not self._accepts({key: text}):
            return 0
        bit = self._bits.setdefault(key, 1 << len(self._bits))
        if len(self._known) < _ENOUGH:
            self._known[seed] = bit
        return bit


_ENOUGH: Final = 4096  # choices; a survey has fewer


def texts_of(text: str) -> dict[str, Any] | None:
    """An object of texts and nulls; None for any other, and where a name is there twice."""
    try:
        pairs = pairs_of(text)
    except (RecursionError, ValueError):
        return None
    read = dict(pairs)
    plain = all(each.__class__ in _TEXTS for each in read.values())
    return read if plain and len(read) == len(pairs) and are_distinct(read) else None


_TEXTS: Final = frozenset({str, type(None)})
