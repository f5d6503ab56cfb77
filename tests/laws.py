"""Rules about made-up cases, for the tests of rules and of their sets."""

from collections.abc import Iterator, Mapping
from typing import Any

from participant_rules import Rule, at, rule
from participant_rules.rules import At

Case = Mapping[str, Any]


def law(code: str, fires: str = "", **declared: Any) -> Rule:
    """A law that is broken wherever the case has the key `fires` (its own code by default)."""

    def check(case: Case) -> Iterator[At]:
        """A law holds."""
        for place in case.get(fires or code, ()):
            yield at(place)

    check.__name__ = code
    return rule(f"{code} is broken.", **declared)(check)
