"""The result of a chunk of rows, as a value that merges with the results of other chunks."""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import field, frozen

from participant_rules.batch.held_keys import HeldKeys
from participant_rules.batch.outcomes import Action
from participant_rules.violations import Violation

__all__ = ["ACTIONS", "ChunkResult", "Draft", "Resolved"]

ACTIONS: Final[Mapping[int, Action]] = {
    ord("a"): "add",
    ord("u"): "update",
    ord("n"): "none",
    ord("r"): "refused",
}
_CODES: Final[Mapping[Action, int]] = {action: code for code, action in ACTIONS.items()}

Resolved = tuple[int, Action, tuple[Violation, ...]]
"""A decided row: its number, its action, and its violations and warnings."""

_Piece = tuple[int, bytes]  # the number of the first row, and a code for the action of each


@frozen
class ChunkResult:
    """The outcomes of rows, each judged as if it stood alone, and their keys.

    Rows are numbered over all chunks. The pointers of findings start at the row. `merge` is associative and
    commutative: chunks may be judged anywhere and merged in any order. What rows hold together with others
    is not resolved by that: `conflicting` names these rows, and `resolve` decides them.
    """

    pieces: tuple[_Piece, ...] = ()
    findings: Mapping[int, tuple[Violation, ...]] = field(factory=dict, repr=False)
    held: HeldKeys = field(factory=HeldKeys, repr=False)

    def merge(self, other: "ChunkResult") -> "ChunkResult":
        """Both together; no row may be in both."""
        return ChunkResult(
            tuple(sorted(self.pieces + other.pieces)),
            {**self.findings, **other.findings},
            self.held + other.held,
        )

    def shifted(self, by: int) -> "ChunkResult":
        """The result with higher row numbers."""
        return ChunkResult(
            tuple((first + by, actions) for first, actions in self.pieces),
            {number + by: violations for number, violations in self.findings.items()},
            HeldKeys(self.held.hashes, array("q", [*map(by.__add__, self.held.rows)])),
        )

    @property
    def conflicting(self) -> tuple[int, ...]:
        """The rows that share a key with another row, in their order."""
        shared = self.held.shared()
        return tuple(sorted(self.held.rows_of(shared))) if shared else ()

    def resolved(self, rows: Iterable[Resolved]) -> "ChunkResult":
        """The result with the decisions on some rows."""
        firsts = [first for first, _ in self.pieces]
        pieces = [bytearray(actions) for _, actions in self.pieces]
        findings = dict(self.findings)
        for number, action, violations in rows:
            findings[number] = violations
            place = bisect_right(firsts, number) - 1
            pieces[place][number - firsts[place]] = _CODES[action]
        return ChunkResult(
            tuple(zip(firsts, map(bytes, pieces), strict=True)),
            {number: violations for number, violations in findings.items() if violations},
            self.held,
        )

    def __len__(self) -> int:
        """How many rows there are."""
        return sum(len(actions) for _, actions in self.pieces)

    def __iter__(self) -> Iterator[Resolved]:
        """The rows in their order."""
        findings = self.findings
        for first, actions in self.pieces:
            for number, code in enumerate(actions, start=first):
                yield number, ACTIONS[code], findings.get(number, ())

    @property
    def actions(self) -> Mapping[Action, int]:
        """The number of rows by action."""
        counted = Counter[int]()
        for _, actions in self.pieces:
            counted.update(actions)
        return {action: counted[code] for code, action in ACTIONS.items()}


class Draft:
    """The result of a chunk in the making: rows are added unless they are given another outcome."""

    def __init__(self, first: int, count: int, action: Action = "add") -> None:
        self._first = first
        self._actions = bytearray([_CODES[action]]) * count
        self._findings: dict[int, tuple[Violation, ...]] = {}
        self._held = HeldKeys()

    def put(self, place: int, action: Action, violations: tuple[Violation, ...] = ()) -> None:
        """Set the outcome of the row at a place of the chunk."""
        self._actions[place] = _CODES[action]
        if violations:
            self._findings[self._first + place] = violations

    def hold(self, places: Iterable[int], hashes: Iterable[int]) -> None:
        """Note the keys of rows: a place for each hash."""
        self._held.add(hashes, [*map(self._first.__add__, places)])

    def finished(self) -> ChunkResult:
        """The result."""
        return ChunkResult(((self._first, bytes(self._actions)),), self._findings, self._held)
