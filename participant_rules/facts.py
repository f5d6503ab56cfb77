"""Facts of a caller's own, which rules of their own read: `case.facts.site_capacity`.

    @rule("The site is full.", pointer="/customFields/Site", facts=["site_capacity"])
    def site_full(case):
        if case.adds and not case.facts.site_capacity.take(case.custom_fields.get("Site")):
            yield at()

    project.check(payload, rules=rules, facts={"site_capacity": Quota({"Ghent": 12, "Oslo": 0})})

A fact that nobody told is unknown, and the rule that reads it does not run.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from attrs import define, field, frozen

from participant_rules.rules import Unknown, Untold
from participant_rules.ruleset import RuleSet
from participant_rules.schema.entity import Sealed
from participant_rules.spelling import closest
from participant_rules.unset import UNSET
from participant_rules.violations import Severity

__all__ = ["NOTHING_TOLD", "Counts", "Facts", "Quota", "SealedFacts", "Taking", "Told", "are_facts"]

Told = Mapping[str, object]
"""Facts by name."""

NOTHING_TOLD: Final[Told] = {}

Counts = dict[tuple[str, str], int]
"""How many were taken, by the names of a fact and of a counter."""


def _numbers(remaining: int | Mapping[str, int]) -> int | Mapping[str, int]:
    return dict(remaining) if isinstance(remaining, Mapping) else remaining


@frozen
class Quota:
    """A fact that a batch counts down: how many may still be taken, or how many by name.

    Every row that stands takes what a rule took for it; what a refused row took is given back. Between
    batches, and between single requests, nobody counts: tell what remains.

    Raises TypeError or ValueError for what is no number from 0.
    """

    remaining: int | Mapping[str, int] = field(converter=_numbers)

    @remaining.validator
    def _refuse_odd(self, _attribute: object, remaining: int | Mapping[str, int]) -> None:
        for each in remaining.values() if isinstance(remaining, Mapping) else (remaining,):
            if each.__class__ is not int:
                raise TypeError(f"a quota is a whole number, or numbers by name; not a {type(each).__name__}")
            if each < 0:
                raise ValueError("a quota is 0 or more")


@define(eq=False)
class Taking:
    """What one change takes of quotas: for good, once it stands.

    A rule that takes the same again, as when it is asked once more, takes it once.
    """

    _counts: Counts
    _taken: dict[tuple[str, str], tuple[int, bool]] = field(factory=dict, init=False)

    def take(self, name: str, key: str, count: int, remaining: int) -> bool:
        """Take so many of a counter, of which that many were there at first; whether there were enough."""
        found = self._taken.get((name, key))
        if found is None or found[0] != count:
            enough = self._counts.get((name, key), 0) + count <= remaining
            found = self._taken[name, key] = (count, enough)
        return found[1]

    def settle(self) -> None:
        """The change stands: what it took is gone."""
        for key, (count, enough) in self._taken.items():
            if enough:
                self._counts[key] = self._counts.get(key, 0) + count

    @property
    def held(self) -> Iterable[tuple[str, str]]:
        """What other changes may want to take too, as the path of a unique member and a key."""
        return [(f"facts.{name}", key) for name, key in self._taken]


@frozen
class _Counter:
    """A quota, as a rule reads it."""

    _name: str
    _quota: Quota
    _taking: Taking

    def take(self, key: str | None = None, count: int = 1) -> bool:
        """Take some for the change that is judged; whether there were enough.

        `key` names the counter of a quota by name; one that it does not have is unknown, and the rule does
        not run. Nothing is taken where there are not enough, nor for a change that another rule refuses.
        """
        remaining = self._quota.remaining
        if isinstance(remaining, Mapping):
            known = remaining.get(key) if isinstance(key, str) else None
            if known is None:
                raise Unknown(f"the fact {self._name} has no such counter")
            return self._taking.take(self._name, str(key), count, known)
        if key is not None:
            raise TypeError(f"the fact {self._name} is one number, without names")
        return self._taking.take(self._name, "", count, remaining)


class Facts:
    """The facts that were told, by their names as attributes; raises Unknown for any other name."""

    __slots__ = ("__taking", "__told")

    def __init__(self, told: Told, taking: Taking) -> None:
        self.__told, self.__taking = told, taking

    def __getattr__(self, name: str) -> Any:
        """The value of a fact; of a Quota something that can be taken of."""
        value = _value(self.__told, name)
        return _Counter(name, value, self.__taking) if isinstance(value, Quota) else value


class SealedFacts:
    """Facts of a sealed case: those that a rule declares, as far as a verdict may be remembered with them."""

    __slots__ = ("__declared", "__told")

    def __init__(self, told: Told | None, declared: frozenset[str]) -> None:
        self.__told, self.__declared = told, declared

    def __getattr__(self, name: str) -> Any:
        """The value of a declared fact; raises Sealed for others, and for a value that may change."""
        if name not in self.__declared:
            raise Sealed("Facts", f"facts.{name}")
        value = None if self.__told is None else _value(self.__told, name)
        if self.__told is None or not _is_steady(value):
            raise Sealed("Facts", "told")
        return value


def _value(told: Told, name: str) -> Any:
    """The value of a fact; raises Unknown where nobody told it, AttributeError for what is no name of one."""
    if name.startswith("_"):
        raise AttributeError(name)
    value = told.get(name, UNSET)
    if value is UNSET:
        raise Untold(f"the fact {name} is not known")
    return value


_STEADY: Final = (str, int, float, type(None), date, datetime, Decimal, UUID, Enum)


def _is_steady(value: object) -> bool:
    """Whether a value never changes."""
    if isinstance(value, tuple | frozenset):
        return all(map(_is_steady, value))
    return isinstance(value, _STEADY)


def refuse_strange(facts: Told, rules: Mapping[Any, RuleSet]) -> None:
    """Raise TypeError for what are no facts by name, ValueError for one that no rule reads as it is told."""
    if not isinstance(facts, Mapping):
        raise TypeError(f"facts are a mapping from names to values, not a {type(facts).__name__}")
    if not facts:
        return
    reading = [each for one in rules.values() for each in one if each.facts]
    known = {name for each in reading for name in each.facts}
    for name, value in facts.items():
        if name not in known:
            raise ValueError(
                f"no rule reads the fact {name!r} (facts=[{name!r}] of @rule){closest(name, known)}"
            )
        if isinstance(value, Quota):
            _refuse_taking_warnings(name, [each for each in reading if name in each.facts])


def _refuse_taking_warnings(name: str, rules: Iterable[Any]) -> None:
    for each in rules:
        if each.severity is Severity.WARNING:
            raise ValueError(f"{each.code} is a warning, which takes nothing of the quota {name}")


def are_facts(instance: Any, _attribute: object, facts: Told) -> None:
    """Raise TypeError or ValueError for odd facts beside `rules`: a validator of attrs."""
    refuse_strange(facts, instance.rules)
