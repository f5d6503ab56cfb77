"""The index of keys and rows: in memory as long as there are not too many, then on disk.

A dictionary is the fastest, but a million rows make some three million keys, for which it would take
several hundred megabytes. So only the first ones are kept in one, and those after them in arrays, at 16 bytes
each.
What no longer fits into memory is kept in a SQLite database in a temporary file; a filter tells nearly always
that a new key is not there, without asking it.
"""

import sqlite3
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Final, Self

from participant_rules.batch.held_keys import HeldKeys

__all__ = ["Index"]

MOST: Final = 1 << 22  # keys in memory: 16 bytes each, and 32 MB of slots; one more, and these were 256 MB
_FEW: Final = 1 << 18  # keys in a dictionary: some 100 bytes each
_SLOTS: Final = 1 << 17  # to begin with
_STRIDE: Final = 8  # times as many, when they are too few
_ASKED: Final = 500  # parameters of a statement


class Index:
    """The keys that were made, and a row that makes each."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._few = most, _Few(min(_FEW, most // 2))
        self._many: _Many | None = None  # what came after the few
        self._disk: _Disk | None = None

    def __enter__(self) -> Self:
        """Itself; leaving takes the file away."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take the file away."""
        self.close()

    def close(self) -> None:
        """Take the file away."""
        if self._disk is not None:
            self._disk.close()
            self._disk = None

    def add(self, held: HeldKeys) -> set[int]:
        """Take in the keys of further rows; returns the rows that share a key with another row.

        These are all such rows among the new ones, and the earlier ones that hold the same; of the earlier
        ones some may be left out that were returned before.
        """
        if self._many is None and self._few.has_room(held):
            return self._few.add(held)
        if self._many is None:
            self._many = _Many()
        if len(self._few) + len(self._many) + len(held.hashes) > self._most:
            self._put_away(self._many)
            self._many = _Many()
        shared = self._many.add(held)
        before = self._few.find(held.hashes) | (self._disk.find(held.hashes) if self._disk else {})
        return shared | held.rows_of({*before}).union(before.values()) if before else shared

    def _put_away(self, held: Iterable[tuple[int, int]]) -> None:
        if self._disk is None:
            self._disk = _Disk()
        self._disk.add(held)


class _Few:
    """Keys in a dictionary, and a row that makes each."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def has_room(self, held: HeldKeys) -> bool:
        """Whether these can be taken in too."""
        return len(self) + len(held.hashes) <= self._most

    def add(self, held: HeldKeys) -> set[int]:
        """Take in further keys; see `Index.add`."""
        rows = held.rows.tolist()
        first = list(map(self._rows.setdefault, held.hashes.tolist(), rows))
        if first == rows:
            return set()
        return {row for one, other in zip(first, rows, strict=True) if one != other for row in (one, other)}

    def find(self, hashes: Iterable[int]) -> dict[int, int]:
        """The keys that were made before, and a row that made each."""
        rows = self._rows
        return {each: rows[each] for each in hashes if each in rows}


class _Many:
    """Keys in arrays, one after the other, and slots with the place of each.

    The first bits of a hash name a slot, which has the number of the key; where another one has it already,
    the next free slot has. There are at least twice as many slots as keys.
    """

    def __init__(self) -> None:
        self._hashes, self._rows = array("q", [0]), array("q", [0])  # no key is number 0: it says free
        self._resize(_SLOTS)

    def __len__(self) -> int:
        """How many were made, repeated ones too."""
        return len(self._hashes) - 1

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Each key and a row, nearly in the order of the hashes: a database likes that."""
        return ((self._hashes[number], self._rows[number]) for number in filter(None, self._slots))

    def add(self, held: HeldKeys) -> set[int]:
        """Take in further keys; see `Index.add`."""
        first = len(self._hashes)
        self._hashes.extend(held.hashes)
        self._rows.extend(held.rows)
        if 2 * len(self) > len(self._slots):
            self._grow()
        slots, shift = self._slots, self._shift
        places = [each >> shift for each in held.hashes]
        itemgetter(0, *places)(slots)  # asked for in one go they come from memory side by side
        crowded = []
        for number, place in enumerate(places, first):
            if slots[place]:
                crowded.append(number)
            else:
                slots[place] = number
        return self._meet(crowded)

    def _meet(self, crowded: Iterable[int]) -> set[int]:
        """Find these keys, or free slots for them; returns the rows that share one."""
        hashes, rows, slots, shift = self._hashes, self._rows, self._slots, self._shift
        shared: set[int] = set()
        for number in crowded:
            each = hashes[number]
            place = each >> shift  # half of the places are negative: they count from the end
            while (other := slots[place]) and hashes[other] != each:
                place += 1  # behind the last one is the first negative one, and half of all are free
            if not other:
                slots[place] = number
            elif rows[other] != rows[number]:
                shared |= {rows[other], rows[number]}
        return shared

    def _grow(self) -> None:
        before, size = self._slots, len(self._slots)
        while size < 2 * len(self):
            size *= _STRIDE
        self._resize(size)
        self._meet(filter(None, before))

    def _resize(self, size: int) -> None:
        self._slots = array("i", [0]) * size
        self._shift = 65 - size.bit_length()


class _Disk:
    """Keys in a database, behind a filter."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="participant-rules-")
        self._database = sqlite3.connect(
            Path(self._folder.name) / "held.db", isolation_level=None, check_same_thread=False
        )
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("CREATE TABLE held (hash INTEGER PRIMARY KEY, row INTEGER NOT NULL)")
        self._filter = bytearray(1 << 24)  # the first 24 bits of a hash name a byte, the last three a bit

    def close(self) -> None:
        self._database.close()
        self._folder.cleanup()

    def add(self, held: Iterable[tuple[int, int]]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR IGNORE INTO held VALUES (?, ?)", self._noted(held))
        self._database.execute("COMMIT")

    def _noted(self, held: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        bits = self._filter
        for key in held:
            bits[key[0] >> 40] |= 1 << (key[0] & 7)
            yield key

    def find(self, hashes: Iterable[int]) -> dict[int, int]:
        bits = self._filter
        likely = [each for each in hashes if bits[each >> 40] >> (each & 7) & 1]
        found: dict[int, int] = {}
        for start in range(0, len(likely), _ASKED):
            some = likely[start : start + _ASKED]
            marks = ", ".join("?" * len(some))
            question = f"SELECT hash, row FROM held WHERE hash IN ({marks})"  # noqa: S608  only question marks
            found.update(self._database.execute(question, some))
        return found
