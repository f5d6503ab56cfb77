"""Values held by the records of a chunk: unique keys, and shares of quotas."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from operator import and_
from typing import Any

from participant_rules.batch.chunks import Draft
from participant_rules.batch.held_keys import Hasher
from participant_rules.engine.slots import Column

__all__ = ["ChunkKeys"]


class ChunkKeys:
    """The keys of a chunk's records: places and keys by the path of the unique member."""

    def __init__(self, hasher: Hasher) -> None:
        self._hasher = hasher
        self._places: dict[str, list[int]] = defaultdict(list)
        self._keys: dict[str, list[str]] = defaultdict(list)
        self._cases: list[tuple[int, Any]] = []

    def watched(self, place: int, case: Any) -> Any:
        """The case of one record, noted with the shares of quotas that its rules take."""
        self._cases.append((place, case))
        return case

    def note(self, place: int, held: Iterable[tuple[str, str]]) -> None:
        """Note the keys of one record."""
        for path, key in held:
            self._places[path].append(place)
            self._keys[path].append(key)

    def take(self, columns: Mapping[str, Column], rows: Sequence[int], met: set[int]) -> None:
        """Note the values of records at some places, given in columns, without the records already met."""
        others = [index not in met for index in range(len(rows))] if met else None
        for path, column in columns.items():
            if others is None and {str}.issuperset(map(type, column)):  # nearly all are like this
                self._places[path] += rows
                self._keys[path] += column
                continue
            taken = [key.__class__ is str for key in column]
            if others is not None:
                taken = [*map(and_, taken, others)]
            self._places[path] += compress(rows, taken)
            self._keys[path] += compress(column, taken)

    def hold(self, draft: Draft) -> None:
        """Put all keys into a draft."""
        for place, case in self._cases:
            self.note(place, case.taking.held)
        for path, places in self._places.items():
            draft.hold(places, self._hasher(path, self._keys[path]))
