"""The rules and facts that a sandbox judges by."""

from collections.abc import Mapping
from typing import Any

from attrs import define, field

from participant_rules import Quota, RuleSet
from participant_rules.facts import FactValues, refuse_strange
from participant_rules.turns import begin_again

__all__ = ["Ruling"]


@define(eq=False)
class Ruling:
    """Rules of one family, and the facts that they read; raises TypeError or ValueError for odd facts."""

    _rules: Mapping[Any, RuleSet]
    _facts: FactValues
    _at_first: list[tuple[Quota, Mapping[str, int]]] = field(init=False)

    @_at_first.default
    def _first_numbers(self) -> list[tuple[Quota, Mapping[str, int]]]:
        refuse_strange(self._facts, self._rules)
        quotas = [each for each in self._facts.values() if isinstance(each, Quota)]
        return [(each, {**each.ledger.left}) for each in quotas]

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of an Api."""
        return {"rules": self._rules, "facts": self._facts}

    def begin_again(self) -> None:
        """Count quotas down from where they were at first."""
        for quota, left in self._at_first:
            begin_again(quota, left)
