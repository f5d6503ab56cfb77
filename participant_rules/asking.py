"""Asking one rule about a case: the one place in which a check runs."""

from types import CoroutineType, GeneratorType
from typing import Any

from participant_rules.rules import At, Rule
from participant_rules.schema.entity import Sealed
from participant_rules.unknown import Unknown, UntoldFact
from participant_rules.violations import Violation

__all__ = ["RuleError", "ask"]


class RuleError(Exception):
    """The error of a broken rule: its check raised, or did not yield places.

    `code` is the rule's; `why` says what happened, without any value.
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code, why)
        self.code, self.why = code, why

    def __str__(self) -> str:
        """The rule's code and its error."""
        return f"the rule {self.code} {self.why}"


def ask(rule: Rule, case: Any, base: str = "") -> tuple[tuple[Violation, ...], Unknown | None]:
    """The findings of a rule on a case, and the fact that it lacked, if any: earlier findings stand.

    Pointers start with `base`. Raises RuleError where the check raises, or does not yield places.
    """
    found: list[Violation] = []
    try:
        places = rule.check(case)
        if places.__class__ is not GeneratorType:
            _refuse_no_iterator(rule, places)
        try:
            while True:
                found.append(_violation(rule, next(places), base))
        except StopIteration as end:
            if end.value is not None:
                raise RuleError(rule.code, f"returns {_kind(end.value)} instead of yielding at(…)") from None
    except Unknown as unknown:
        if isinstance(unknown, UntoldFact) and unknown.name not in rule.facts:  # misspelt, it would never run
            raise RuleError(rule.code, f"reads facts.{unknown.name}, which it does not declare") from None
        return tuple(found), unknown
    except (RuleError, Sealed):
        raise
    except Exception as error:
        raise RuleError(rule.code, f"raised {type(error).__name__}") from error
    return tuple(found), None


def _violation(rule: Rule, place: Any, base: str) -> Violation:
    """The violation at a place that a check yields; raises RuleError for another value."""
    if place.__class__ is not At:
        raise RuleError(rule.code, f"yields {_kind(place)} instead of at(…)")
    try:
        return rule.violation(place, base)
    except KeyError as missing:
        name = missing.args[0]
        raise RuleError(rule.code, f"yields at(…) without {name}, a placeholder of its sentence") from None


def _refuse_no_iterator(rule: Rule, places: Any) -> None:
    """Raise RuleError for what a check returns that yields no places: it is not a generator."""
    if isinstance(places, CoroutineType):
        places.close()  # it is never awaited
    if not hasattr(places, "__next__"):
        raise RuleError(rule.code, f"returns {_kind(places)} instead of yielding at(…)")


def _kind(value: object) -> str:
    return "None" if value is None else f"a value of the type {type(value).__name__}"
