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

from participant_rules.due import refuse_other
from participant_rules.quotas import Quota, QuotaReader, Taking
from participant_rules.ruleset import RuleSet
from participant_rules.schema.entity import Sealed
from participant_rules.spelling import closest
from participant_rules.unknown import UntoldFact
from participant_rules.unset import UNSET
from participant_rules.violations import Severity

__all__ = ["NO_FACTS", "FactValues", "Facts", "SealedFacts", "are_facts"]

FactValues = Mapping[str, object]
"""Facts by name."""

NO_FACTS: Final[FactValues] = {}


class Facts:
    """The caller's facts, by their names as attributes; raises Unknown for any other name."""

    __slots__ = ("__taking", "__values")

    def __init__(self, fact_values: FactValues, taking: Taking) -> None:
        self.__values, self.__taking = fact_values, taking

    def __getattr__(self, name: str) -> Any:
        """The value of a fact; of a Quota something that can be taken of."""
        value = _value(self.__values, name)
        return QuotaReader(name, value, self.__taking) if isinstance(value, Quota) else value


class SealedFacts:
    """The facts of a sealed case that a rule declares, as far as a verdict may be remembered with them."""

    __slots__ = ("__declared", "__values")

    def __init__(self, fact_values: FactValues | None, declared: frozenset[str]) -> None:
        self.__values, self.__declared = fact_values, declared

    def __getattr__(self, name: str) -> Any:
        """The value of a declared fact; raises Sealed for others, and for a value that may change."""
        if name not in self.__declared:
            raise Sealed("Facts", f"facts.{name}")
        value = None if self.__values is None else _value(self.__values, name)
        if self.__values is None or not _is_steady(value):
            raise Sealed("Facts", "fact_values")
        return value


def _value(fact_values: FactValues, name: str) -> Any:
    """The value of a fact; raises Unknown where it is not given, AttributeError for another name."""
    if name.startswith("_"):
        raise AttributeError(name)
    value = fact_values.get(name, UNSET)
    if value is UNSET:
        raise UntoldFact(name)
    return value


_STEADY: Final = (str, int, float, type(None), date, datetime, Decimal, UUID, Enum)


def _is_steady(value: object) -> bool:
    """Whether a value never changes."""
    if isinstance(value, tuple | frozenset):
        return all(map(_is_steady, value))
    return isinstance(value, _STEADY)


def refuse_strange(facts: FactValues, rules: Mapping[Any, RuleSet]) -> None:
    """Raise TypeError for facts that are no mapping by name, ValueError for a fact that no rule reads."""
    if not isinstance(facts, Mapping):
        raise TypeError(f"facts are a mapping from names to values, not a {type(facts).__name__}")
    if not facts:
        return
    reading = [each for one in rules.values() for each in one if each.facts]
    known = {name for each in reading for name in each.facts}
    for name, value in facts.items():
        refuse_other(name, str, "the name of a fact")
        if name not in known:
            raise ValueError(
                f"no rule reads the fact {name!r} (facts=[{name!r}] of @rule){closest(name, known)}"
            )
        if isinstance(value, Quota):
            _refuse_taking_warnings(name, [each for each in reading if name in each.facts])
            twin = next((other for other, each in facts.items() if each is value and other != name), None)
            if twin is not None:
                raise ValueError(f"one quota is told twice, as {name!r} and as {twin!r}")


def _refuse_taking_warnings(name: str, rules: Iterable[Any]) -> None:
    for each in rules:
        if each.severity is Severity.WARNING:
            raise ValueError(f"{each.code} is a warning, which takes nothing of the quota {name}")


def are_facts(instance: Any, _attribute: object, facts: FactValues) -> None:
    """Raise TypeError or ValueError for odd facts beside `rules`: a validator of attrs."""
    refuse_strange(facts, instance.rules)
