"""Who was first to claim what: hashes and rows, in memory as long as there are few, then on disk.

A million rows make some three million claims. What no longer fits is kept in a SQLite database in a temporary
file; a filter in memory tells nearly always that a new claim is not there, without asking it.
"""

import sqlite3
import tempfile
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import TracebackType
from typing import Final, Self

__all__ = ["Index"]

MOST: Final = 300_000  # claims in memory: some 30 MB, and as much again while they are written to disk
_SLOTS: Final = 1 << 25  # bytes of the filter
_ASKED: Final = 500  # parameters of a statement


class Index:
    """The first row of each claim."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._rows: dict[int, int] = {}
        self._disk: _Disk | None = None

    def __enter__(self) -> Self:
        """Itself; leaving takes the file away."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the file away."""
        self.close()

    def close(self) -> None:
        """Take the file away."""
        if self._disk is not None:
            self._disk.close()
            self._disk = None

    def find(self, hashes: AbstractSet[int]) -> Mapping[int, int]:
        """The rows of those claims that were made before."""
        found = {each: self._rows[each] for each in self._rows.keys() & hashes}
        return found | self._disk.find(hashes) if self._disk is not None else found

    def add(self, rows: Mapping[int, int]) -> None:
        """Take in claims, and the row of each; whoever made one before is forgotten."""
        self._rows.update(rows)
        if len(self._rows) > self._most:
            if self._disk is None:
                self._disk = _Disk()
            self._disk.add(self._rows)
            self._rows = {}


class _Disk:
    """Claims in a database, behind a filter."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="participant-rules-")
        self._database = sqlite3.connect(
            Path(self._folder.name) / "claims.db", isolation_level=None, check_same_thread=False
        )
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("CREATE TABLE claims (hash INTEGER PRIMARY KEY, row INTEGER NOT NULL)")
        self._filter = bytearray(_SLOTS)

    def close(self) -> None:
        self._database.close()
        self._folder.cleanup()

    def add(self, rows: Mapping[int, int]) -> None:
        mask, slots = _SLOTS - 1, self._filter
        for each in rows:
            slots[each & mask] = 1
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR REPLACE INTO claims VALUES (?, ?)", sorted(rows.items()))
        self._database.execute("COMMIT")

    def find(self, hashes: Iterable[int]) -> dict[int, int]:
        mask, slots = _SLOTS - 1, self._filter
        likely = [each for each in hashes if slots[each & mask]]
        found: dict[int, int] = {}
        for start in range(0, len(likely), _ASKED):
            some = likely[start : start + _ASKED]
            marks = ", ".join("?" * len(some))
            question = f"SELECT hash, row FROM claims WHERE hash IN ({marks})"  # noqa: S608  only question marks
            found.update(self._database.execute(question, some))
        return found
