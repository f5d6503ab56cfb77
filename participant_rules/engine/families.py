"""The sealed cases of a family's plan."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

from participant_rules.engine.case import RecordCase
from participant_rules.facts import FactValues, SealedFacts
from participant_rules.schema.reads import Read

__all__ = ["CaseFamily"]


def _as_it_is(_case: Any) -> None:
    """Derive no attribute from the facts of a case."""


@frozen
class CaseFamily:
    """Cases of one operation.

    `change` makes the change of an entity, `given` are the attributes that all cases have, `names` those of
    the facts of a record; `derive` sets those that follow from these; `fact_values` are the caller's.
    """

    case: type[RecordCase]
    change: Callable[[Any], Any]
    given: Mapping[str, Any] = field(repr=False)
    names: tuple[str, ...]
    derive: Callable[[Any], None] = _as_it_is
    fact_values: FactValues | None = field(default=None, repr=False)

    @property
    def facts(self) -> frozenset[str]:
        """The attributes of a case that the facts of a record determine."""
        return self.case.fact_names

    @property
    def content(self) -> frozenset[str]:
        """The attributes of a case that are asked for each record."""
        return self.case.content

    def sealed(
        self,
        asked: Any,
        readings: Mapping[Read, Any],
        facts: tuple[Any, ...] | None,
        declared: frozenset[str],
    ) -> Any:
        """The case of a sealed entity; without `facts` it lacks the facts about the participant.

        Of the caller's own facts it has those that are declared.
        """
        case = object.__new__(self.case)
        fact_values = SealedFacts(self.fact_values, declared)
        case.__dict__.update(self.given, change=self.change(asked), readings=readings, facts=fact_values)
        if facts is not None:
            case.__dict__.update(zip(self.names, facts, strict=True))
            self.derive(case)
        return case
