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
        self, readings: Mapping[Read, Any], facts: tuple[Any, ...] | None, declared: frozenset[str]
    ) -> Callable[[Any], Any]:
        """The function that makes the cases of sealed entities, which differ by these alone.

        Without `facts` they lack the facts about the participant; of the caller's own facts they have those
        that are declared.
        """
        kind, change = self.case, self.change
        like = object.__new__(kind)
        known = like.__dict__
        known.update(self.given, readings=readings, facts=SealedFacts(self.fact_values, declared))
        if facts is not None:
            known.update(zip(self.names, facts, strict=True))
            self.derive(like)

        def make(asked: Any) -> Any:
            case = object.__new__(kind)
            case.__dict__.update(known, change=change(asked))
            return case

        return make
