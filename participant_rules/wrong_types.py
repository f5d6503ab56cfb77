"""Values that have not the documented JSON type."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from participant_rules.rules import at, fault
from participant_rules.violations import Violation

__all__ = ["Mistyped", "violations_of_types", "wrong_type"]

Mistyped = tuple[tuple[tuple[str | int, ...], str], ...]
"""The paths of values of a wrong type, and the expected type of each: the end of the sentence."""

wrong_type: Final = fault(
    "The value must be {expected}.",
    "wrong-type",
    "A value has the documented JSON type; nothing is coerced.",
    pointer="/{member}",
)


def violations_of_types(mistyped: Iterable[tuple[tuple[str | int, ...], str]]) -> tuple[Violation, ...]:
    """The violations of values of a wrong type."""
    return tuple([_violation(path, expected) for path, expected in mistyped])


@lru_cache(maxsize=4096)  # the members of a batch's records are the same ones
def _violation(path: tuple[str | int, ...], expected: str) -> Violation:
    return wrong_type.violation(at(*path, pointer="", expected=expected))
