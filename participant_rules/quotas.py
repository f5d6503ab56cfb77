"""Quotas: facts of which changes take; the shares are kept as long as the changes stand.

A decision only looks: what its rules took is kept in its `Taking`. A batch adds up what its rows took
(`Counts`), a registrar counts in the quota (`turns`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import index
from typing import Any, Final, SupportsIndex

from attrs import define, field, frozen

from participant_rules.unknown import Unknown

__all__ = ["Counts", "Ledger", "Quota", "QuotaReader", "Taker", "Taking"]

Counts = dict[tuple[str, str], int]
"""The numbers that earlier rows of a batch took, by the names of a fact and of a counter."""

Taker = tuple[str, ...]
"""The key of a participant for giving shares back: the family, the survey or project, the id."""

_ONE: Final = ""  # the counter of a quota without names


@define(eq=False)
class Ledger:
    """The numbers of a quota by counter: left, held by commits under way, and taken.

    `busy` are the participants whom such a commit is about.
    """

    left: dict[str, int]
    held: Counter[str] = field(factory=Counter, init=False)
    takers: dict[Taker, list[tuple[str, int]]] = field(factory=dict, init=False)
    busy: set[Taker] = field(factory=set, init=False)


class Quota:
    """A fact that is counted down: how many may still be taken, or how many by name.

    Each change that stands takes what a rule took for it; what a refused one took is given back. A batch
    counts for itself and changes no quota. A registrar and an Api count in the quota, as long as it lives:
    what was taken is gone once the change is committed, and given back once the participant is deleted. So
    those that share a quota share its count; other processes do not.

    Raises TypeError or ValueError for what is no number from 0.
    """

    __slots__ = ("has_names", "ledger")

    def __init__(self, remaining: int | Mapping[str, int]) -> None:
        self.has_names = isinstance(remaining, Mapping)
        numbers = remaining if isinstance(remaining, Mapping) else {_ONE: remaining}
        self.ledger = Ledger({_name(name): _number(number) for name, number in numbers.items()})

    @property
    def remaining(self) -> int | Mapping[str, int]:
        """How many may still be taken, or how many by name."""
        return dict(self.ledger.left) if self.has_names else self.ledger.left[_ONE]

    def __repr__(self) -> str:
        return f"Quota({self.remaining!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Quota, (self.remaining,)  # a copy, in another process for instance, counts for itself


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(f"the names of a quota are texts; not a {type(name).__name__}")
    return str(name)


def _number(number: object) -> int:
    if not isinstance(number, SupportsIndex) or isinstance(number, bool):
        raise TypeError(f"a quota is a whole number, or numbers by name; not a {type(number).__name__}")
    if (whole := index(number)) < 0:
        raise ValueError("a quota is 0 or more")
    return whole


@frozen
class _Take:
    """The share of a counter that one change takes, and whether there was enough."""

    quota: Quota
    count: int
    enough: bool


@define(eq=False)
class Taking:
    """The shares of quotas that one change takes: for good, once it is accepted.

    A rule that takes the same again, as when it is asked once more, takes it once.
    """

    _counts: Counts
    _taken: dict[tuple[str, str], _Take] = field(factory=dict, init=False)

    def take(self, name: str, quota: Quota, key: str, count: int) -> bool:
        """Take a number of a counter; returns whether there were enough."""
        found = self._taken.get((name, key))
        if found is None or found.count != count:
            enough = self._counts.get((name, key), 0) + count <= quota.ledger.left[key]
            found = self._taken[name, key] = _Take(quota, count, enough)
        return found.enough

    def accept(self) -> None:
        """Count the shares of an accepted change, for later rows of its batch."""
        self._count(1)

    def give_back(self) -> None:
        """Take the shares of the change off the count again."""
        self._count(-1)

    def _count(self, step: int) -> None:
        for key, each in self._taken.items():
            if each.enough:
                self._counts[key] = self._counts.get(key, 0) + step * each.count

    @property
    def held(self) -> Sequence[tuple[str, str]]:
        """The counters that other changes may take of too, as the path of a unique member and a key."""
        return [(f"facts.{name}", key) for name, key in self._taken]

    @property
    def taken(self) -> Iterator[tuple[Quota, str, int]]:
        """The quotas, counters and numbers that were taken."""
        return ((each.quota, key, each.count) for (_, key), each in self._taken.items() if each.enough)


@frozen
class QuotaReader:
    """A quota, as a rule reads it."""

    _name: str
    _quota: Quota
    _taking: Taking

    def take(self, key: str | None = None, count: int = 1) -> bool:
        """Take a number for the change that is judged; returns whether there were enough.

        `key` names the counter of a quota by name; one that it does not have is unknown, and the rule does
        not run. Nothing is taken where there are not enough, nor for a change that another rule refuses.
        """
        quota = self._quota
        if count < 1:
            raise ValueError(f"of the fact {self._name} 1 or more are taken")
        if quota.has_names:
            if not isinstance(key, str) or key not in quota.ledger.left:
                raise Unknown(f"the fact {self._name} has no such counter")
            return self._taking.take(self._name, quota, key, count)
        if key is not None:
            raise TypeError(f"the fact {self._name} is one number, without names")
        return self._taking.take(self._name, quota, _ONE, count)
