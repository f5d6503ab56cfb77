"""The rules that fired so far: a gate ends the judging, a code silences its dependants."""

from collections.abc import Iterable
from typing import Final

from participant_rules.rules import Rule
from participant_rules.violations import Violation

__all__ = ["AT", "Silencing"]

AT: Final = " at "
"""Stands between a code and a pointer in `unless`."""


class Silencing:
    """The names that `unless` may have of rules that fired: their codes, and these with each pointer.

    Pointers start with `base`, which is no part of a name.
    """

    def __init__(self, base: str = "") -> None:
        self._base = base
        self._fired: set[str] = set()
        self.gate = ""
        """The code of the gate that ended the judging; empty where none did."""

    def silencer(self, rule: Rule) -> str:
        """The name by which a rule is silenced; empty where it is not."""
        return min(rule.unless & self._fired, default="") if rule.unless else ""

    def note(self, rule: Rule, violations: Iterable[Violation]) -> None:
        """Note a rule that fired."""
        self._fired.add(rule.code)
        self._fired.update(
            f"{rule.code}{AT}{(each.pointer or '').removeprefix(self._base)}" for each in violations
        )
        if rule.gate:
            self.gate = rule.code
