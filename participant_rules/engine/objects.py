"""Open objects, judged by their JSON text."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, Final

from participant_rules.engine.members import Fault, faults_of
from participant_rules.engine.patterns import Style, pairs_of
from participant_rules.engine.recent import Recent
from participant_rules.schema.form import ANY_TEXT, OpenForm

__all__ = ["UNSURE", "LazyObject", "Members", "Verdict", "pairs_in"]

Verdict = Any
"""The verdict on an object: "" where nothing is wrong, else a tuple of faults, or UNSURE."""

UNSURE: Final[Any] = ("is read in another way",)
"""The verdict on an object that must be decoded strictly."""


def pairs_in(raw: str, *, of_texts: bool) -> list[tuple[str, Any]] | None:
    """The members of an object, given the text between its braces.

    None where it is no JSON, a name stands twice, or a value holds others or is of a wrong type.
    """
    try:
        pairs: list[tuple[str, Any]] = pairs_of(f"{{{raw}}}")
    except (RecursionError, ValueError):
        return None
    if len({name for name, _ in pairs}) < len(pairs):
        return None
    return pairs if all(_is_scalar(value, of_texts=of_texts) for _, value in pairs) else None


class LazyObject(Mapping[str, Any]):
    """An object that is decoded when a member is asked for, which is seldom."""

    __slots__ = ("_raw",)

    def __init__(self, raw: str) -> None:
        self._raw = raw

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = json.loads(self._raw)
        return members

    def __getitem__(self, name: str) -> Any:
        """The value of a member."""
        return self._members()[name]

    def __iter__(self) -> Iterator[str]:
        """The names, in their order."""
        return iter(self._members())

    def __len__(self) -> int:
        """How many members there are."""
        return len(self._members())


def _is_scalar(value: Any, *, of_texts: bool) -> bool:
    if value is None or isinstance(value, str):
        return True
    if of_texts or not isinstance(value, int | float):
        return False
    return isfinite(value) if isinstance(value, float) else abs(value) < _GREAT


class Members:
    """Finds the faults of objects, given the texts between their braces; of texts without the first quote.

    `members` is None where nobody reads that. A choice that was right once is remembered as it was written;
    of what people write of their own only the name is.
    """

    def __init__(self, members: OpenForm | None, style: Style, *, of_texts: bool) -> None:
        self._members, self._of_texts = members, of_texts
        self._between, self._middle = f'"{style.item}"', f'"{style.name}"'
        self._bits: dict[str, int] = {}  # one bit for each name
        self._open: dict[str, int] = {}  # the names whose every text is right
        self._right: dict[str, int] = {}  # right choices
        self._wrong: set[str] = set()  # wrong ones, which are forgotten when they are many
        self._known: Recent[str, Verdict] = Recent(self._verdict, keeps=_is_short)

    def verdicts(self, column: Sequence[str]) -> Sequence[Verdict]:
        """The verdict on each object; blank for a blank one.

        It runs for every element of a file's lists, so it calls little.
        """
        if not any(column):
            return column
        verdicts: list[Verdict] = [""] * len(column)
        for place in self._odd(column) if self._of_texts else range(len(column)):
            if column[place]:
                verdicts[place] = self._known[column[place]]
        return verdicts

    def _odd(self, column: Iterable[str]) -> Iterable[int]:
        """The places of objects that are not surely right."""
        right, open_, between, middle = self._right.get, self._open.get, self._between, self._middle
        odd: list[int] = []
        for place, raw in enumerate(column):
            if not raw:
                continue
            bits, pairs = 0, raw[:-1].split(between)
            for pair in pairs:
                bit = right(pair)
                if bit is None:
                    name, found, text = pair.partition(middle)
                    bit = open_(name) if found and '"' not in text else 0
                    if bit is None:
                        bit = self._learn(pair)
                bits += bit
            if bits.bit_count() != len(pairs):  # the bits of distinct names, and no others, are as many
                odd.append(place)
        return odd

    def _learn(self, pair: str) -> int:
        """The bit of a member's name that was not met before; 0 where the member is not surely right."""
        if pair in self._wrong:
            return 0
        name, _, text = pair.partition(self._middle)
        members = self._members
        form = members.form(name) if members is not None and '"' not in name else None
        if members is None or form is None or '"' in text or members.fold(name) != name:
            return 0
        if form is not ANY_TEXT and members.fault(name, text) is not None:
            self._note_wrong(pair)
            return 0
        if len(self._bits) >= _MOST_NAMES and name not in self._bits:
            return 0
        bit = self._bits.setdefault(name, 1 << len(self._bits))
        if form is ANY_TEXT:
            self._open[name] = bit
        elif len(self._right) < _ENOUGH and len(pair) < _SHORT:
            self._right[pair] = bit
        return bit

    def _note_wrong(self, pair: str) -> None:
        if len(self._wrong) >= _ENOUGH:
            self._wrong.clear()
        if len(pair) < _SHORT:
            self._wrong.add(pair)

    def _verdict(self, raw: str) -> Verdict:
        found = self._faults(raw) if self._of_texts else None
        if found is None:
            pairs = pairs_in(f'"{raw}' if self._of_texts else raw, of_texts=self._of_texts)
            if pairs is None:
                return UNSURE
            found = () if self._members is None else faults_of(self._members, dict(pairs))
        return (UNSURE if len(raw) > _LONG else found) if found else ""

    def _faults(self, raw: str) -> tuple[Fault, ...] | None:
        """The faults of an object of texts alone, without a decoder; None where it is not sure."""
        pairs = raw[:-1].split(self._between)
        members: dict[str, str] = {}
        right: set[str] = set()
        for pair in pairs:
            name, middle, text = pair.partition(self._middle)
            if not middle:
                return None
            members[name] = text
            if name in self._open or pair in self._right:
                right.add(name)
        if raw.count('"') != 4 * len(pairs) - 1 or len(members) != len(pairs):
            return None
        return () if self._members is None else faults_of(self._members, members, right)


def _is_short(raw: str) -> bool:
    return len(raw) < _SHORT


_GREAT: Final = 10**15
_ENOUGH: Final = 4096  # choices; a definition has fewer
_MOST_NAMES: Final = 1024  # with more of them bits would be slow
_SHORT: Final = 256  # characters of a choice, or of an object whose verdict is remembered
_LONG: Final = 1024  # characters of an object with faults: verdicts are remembered
