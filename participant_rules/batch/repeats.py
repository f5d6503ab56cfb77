"""Findings on rows that name the same participant, or share a value that must be unique.

"Equals its rows done one by one in order": so a later row updates whom an earlier one has added, and a
refused row holds nothing. Both may surprise, and are said at the later row, with the earlier one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve

from participant_rules.batch.chunks import Resolved
from participant_rules.batch.judges import Key, Resolver
from participant_rules.rules import Rule, at, fault
from participant_rules.violations import Severity, Violation

__all__ = ["REPEATS", "Repeats", "identity_repeated", "value_repeated"]

identity_repeated = fault(
    "An earlier row is about the same participant; this row changes what that one leaves.",
    "identity-repeated",
    "A participant stands in a batch once.",
    severity=Severity.WARNING,
)
value_repeated = fault(
    "An earlier row, which is refused, has the same value, which must be unique.",
    "value-repeated",
    "A value that must be unique stands in a batch once, also where its first row is refused.",
    severity=Severity.WARNING,
)

REPEATS: Final[tuple[Rule, ...]] = (identity_repeated, value_repeated)

_NOT_ALLOWED: Final = "update-not-allowed"
_ASSIGNED: Final = "/id"  # nobody takes it: the server assigns it


class Repeats:
    """Finds for each row the earlier row about the same participant.

    Args:
        resolver: Decides the rows.
        about_unique: The codes of the rules about unique values.
        warnings: Whether warnings are said.
    """

    def __init__(self, resolver: Resolver, about_unique: frozenset[str], *, warnings: bool) -> None:
        self._resolver, self._about_unique, self._warns = resolver, about_unique, warnings
        self._standing: dict[tuple[str, str], int] = {}
        self._refused: dict[tuple[str, str], int] = {}

    def decide(self, rows: Sequence[tuple[int, object]]) -> Iterator[Resolved]:
        """Decide further rows in their order; see `Resolver.decide`."""
        for (number, action, violations), keys in self._resolver.decide(rows):
            found = tuple([self._with_earlier(each, keys) for each in violations])
            yield number, action, (*found, *self._warnings(keys, found)) if self._warns else found
            held = self._refused if action == "refused" else self._standing
            for key in keys:
                held.setdefault(key[:2], number)

    def _with_earlier(self, violation: Violation, keys: Sequence[Key]) -> Violation:
        """The violation related to the earlier row that has the value, unless it has a relation."""
        is_about = violation.code in self._about_unique or violation.code == _NOT_ALLOWED
        if not is_about or violation.related is not None:
            return violation
        for key in keys:
            if key.names and key.pointer == violation.pointer and key[:2] in self._standing:
                return evolve(violation, related=f"/participants/{self._standing[key[:2]]}{key.pointer}")
        return violation

    def _warnings(self, keys: Sequence[Key], violations: Sequence[Violation]) -> Iterator[Violation]:
        named = next((key for key in keys if key.names and key[:2] in self._standing), None)
        taken = {each.pointer for each in violations if each.code in self._about_unique}
        if named is not None and named.pointer not in taken:
            yield self._violation(identity_repeated, named, self._standing)
        for key in keys:
            is_held = key.pointer in taken or key[:2] in self._standing
            if key[:2] in self._refused and not is_held and key.pointer != _ASSIGNED:
                yield self._violation(value_repeated, key, self._refused)

    @staticmethod
    def _violation(rule: Rule, key: Key, rows: Mapping[tuple[str, str], int]) -> Violation:
        related = f"/participants/{rows[key[:2]]}{key.pointer}"
        return rule.violation(at(pointer=key.pointer, related=related))
