"""The sealed cases of a family's plan."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

from participant_rules.engine.case import RecordCase
from participant_rules.facts import FactValues, SealedFacts
from participant_rules.rules import Rule
from participant_rules.schema.reads import Mode, Read

__all__ = ["CaseFamily"]


def _as_it_is(_case: Any) -> None:
    """Derive no attribute from the facts of a case."""


@frozen
class CaseFamily:
    """Cases of one operation.

    `call` is its change without a body, and `body` the attribute of a case that is the entity in it. `given`
    are the attributes that all cases have, `names` those of the facts of a record; `derive` sets those that
    follow from these; `fact_values` are the caller's. `of_keys` is read of a record too where a key is.
    """

    case: type[RecordCase]
    call: Any
    body: str
    given: Mapping[str, Any] = field(repr=False)
    names: tuple[str, ...]
    derive: Callable[[Any], None] = _as_it_is
    fact_values: FactValues | None = field(default=None, repr=False)
    of_keys: frozenset[Read] = field(default=frozenset(), repr=False)

    def reads_of(self, rule: Rule) -> frozenset[Read]:
        """The reads of a rule, with what a case looks at where the key of a unique value is read."""
        reads = rule.reads or frozenset()
        return reads | self.of_keys if any(each.mode is Mode.KEY for each in reads) else reads

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
        kind, body, call, sent = self.case, self.body, type(self.call), vars(self.call)
        like, new = object.__new__(kind), object.__new__
        known = like.__dict__
        known.update(self.given, readings=readings, facts=SealedFacts(self.fact_values, declared))
        if facts is not None:
            known.update(zip(self.names, facts, strict=True))
            self.derive(like)

        def make(asked: Any) -> Any:  # for each record with a text that was not met: without constructors
            case, change = new(kind), new(call)
            change.__dict__.update(sent)
            change.__dict__["asked"] = asked
            attributes = case.__dict__
            attributes.update(known)
            attributes["change"] = change
            attributes[body] = asked
            return case

        return make
