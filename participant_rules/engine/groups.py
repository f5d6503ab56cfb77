"""Rules that read the same, asked about sealed cases; their findings are remembered by the values read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from attrs import field, frozen

from participant_rules.engine.recent import Recent
from participant_rules.engine.sealed import Undeclared, builder_of
from participant_rules.engine.slots import UNREAD, Texts
from participant_rules.rules import Rule
from participant_rules.schema.entity import Sealed
from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.tree import Schema
from participant_rules.violations import Violation

if TYPE_CHECKING:  # a plan has groups
    from participant_rules.engine.plan import Plan

__all__ = ["NOTHING", "Facts", "Fired", "Group", "Result"]

Facts = tuple[Any, ...]


@frozen(eq=False)
class Fired:
    """The findings of one rule; without a rule, the faults of the shape.

    `untold` is the fact that the rule lacked: then it may have found nothing.
    """

    rank: int
    rule: Rule | None
    violations: tuple[Violation, ...] = field(repr=False)
    untold: str | None = None


class Result(NamedTuple):
    """The findings of a group's rules, and the rules that must be asked with more."""

    fired: tuple[Fired, ...] = ()
    texts: tuple[Rule, ...] = ()
    facts: tuple[Rule, ...] = ()
    content: tuple[Rule, ...] = ()

    @property
    def may_violate(self) -> bool:
        """Whether there are violations, or may be."""
        return bool(self.content) or any(each.violations for each in self.fired)

    def with_fired(self, fired: Fired) -> "Result":
        """The result with the findings of one more rule."""
        return self._replace(fired=(*self.fired, fired))

    def with_rule(self, needs: str, rule: Rule) -> "Result":
        """The result with one more rule that must be asked with more."""
        return self._replace(**{needs: (*getattr(self, needs), rule)})


NOTHING: Final = Result()
"""No findings, and no rules that must be asked with more."""


_Cases = Sequence[tuple[Callable[[Any], Any], Sequence[Rule]]]
"""The makers of sealed cases, each with the rules that are asked about its cases."""


class Group:
    """Rules that read the same."""

    def __init__(self, plan: "Plan[Any]", reads: frozenset[Read], rules: Iterable[Rule]) -> None:
        slots = plan.slots
        self.rules = tuple(rules)
        self.small = tuple((read, slots.odd[read]) for read in slots.odd if read in reads)
        self.texts = tuple((read, slots.texts[read]) for read in slots.texts if read in reads)
        self._plan = plan
        self._texts = {name for read, _ in self.texts for name in _attributes(slots.schema, read)}
        asked = [read for read in reads if read.mode is Mode.ASKED]
        self._asked = {name for read in asked for name in _attributes(slots.schema, read)}
        self._build = builder_of(slots.schema, [read for read, _ in self.small])
        self._build_all = builder_of(slots.schema, [read for read, _ in (*self.small, *self.texts)])
        self.results: Recent[Any, Result] = Recent(self._ask_without_texts)
        self._by_texts: Recent[Any, Recent[Texts, Result]] = Recent(self._texts_of)
        self._by_facts: Recent[Any, Result] = Recent(self._ask_with_facts)
        self.wants_all = bool(asked) or any(rule.facts for rule in self.rules)
        """Whether rules that depend on stored data need the record's own case: its entity, or its quotas."""
        self._with_all_texts: Recent[Any, Callable[[Any], Any]] = Recent(self._case_of)

    def asked(self, odd: Mapping[int, Any]) -> "tuple[Group, tuple[Any, ...], Result]":
        """The group, the values of a record's small slots, and the findings of its rules on these."""
        default = self._plan.slots.default
        values = tuple([odd[slot] if slot in odd else default(slot) for _, slot in self.small])
        return self, values, self.results[values]

    def remembered(
        self, values: tuple[Any, ...], rules: tuple[Rule, ...], facts: Facts
    ) -> "Recent[Texts, Result]":
        """The results of rules by the texts that they read."""
        return self._by_texts[values, rules, facts]

    def of_facts(self, values: tuple[Any, ...], rules: tuple[Rule, ...], facts: Facts) -> Result:
        """The results of rules that depend on the facts of a record."""
        return self._by_facts[values, rules, facts]

    def asked_with(
        self,
        content: Mapping[str, Any],
        rules: Iterable[Rule],
        values: tuple[Any, ...],
        texts: Texts,
        facts: Facts,
    ) -> tuple[Fired, ...]:
        """The findings of rules on a record with stored data.

        Raises Sealed for a rule that reads more then, from now on the group wants all of a record, and where
        a text was not read.
        """
        own = [texts[place] for _, place in self.texts]
        if UNREAD in own:  # only the JSON value has it
            raise Sealed(type(self).__name__, UNREAD.value)
        case = self._with_all_texts[values, facts](self._build_all((*values, *own)))
        case.__dict__.update(content)
        try:
            return self._plan.asked(rules, case)
        except Sealed:
            self.wants_all = True
            raise

    def _case_of(self, key: Any) -> Callable[[Any], Any]:
        values, facts = key
        return self._plan.family.sealed(self._readings(values), facts, frozenset())

    def _texts_of(self, key: Any) -> "Recent[Texts, Result]":
        values, rules, facts = key
        cases, build = self._cases(rules, values, facts), self._build_all
        return Recent(lambda texts: self._ask(cases, build((*values, *texts)), facts, texts_are_there=True))

    def _ask_without_texts(self, values: tuple[Any, ...]) -> Result:
        cases = self._cases(self.rules, values, None)
        return self._ask(cases, self._build(values), None, texts_are_there=False)

    def _ask_with_facts(self, key: Any) -> Result:
        values, rules, facts = key
        cases = self._cases(rules, values, facts)
        return self._ask(cases, self._build(values), facts, texts_are_there=False)

    def _cases(self, rules: Iterable[Rule], values: tuple[Any, ...], facts: Facts | None) -> _Cases:
        """The makers of sealed cases: one for all rules that declare the same facts of their own."""
        readings = self._readings(values)
        by_facts: dict[frozenset[str], list[Rule]] = {}
        for rule in rules:
            by_facts.setdefault(rule.facts, []).append(rule)
        sealed = self._plan.family.sealed
        return [(sealed(readings, facts, declared), asked) for declared, asked in by_facts.items()]

    def _readings(self, values: tuple[Any, ...]) -> dict[Read, Any]:
        return {read: value for (read, _), value in zip(self.small, values, strict=True)}

    def _ask(self, cases: _Cases, asked: Any, facts: Facts | None, *, texts_are_there: bool) -> Result:
        """The result of rules on the sealed cases of an entity."""
        result = NOTHING
        for make, rules in cases:
            case = make(asked)
            for rule in rules:
                try:
                    fired = self._plan.ask(rule, case)
                except Sealed as withheld:
                    result = result.with_rule(self._needs(rule, withheld, facts, texts_are_there), rule)
                else:
                    if fired is not None:
                        result = result.with_fired(fired)
        return result

    def _needs(self, rule: Rule, withheld: Sealed, facts: Facts | None, texts_are_there: bool) -> str:  # noqa: FBT001
        """The sort of attribute that a rule needs: texts, facts or content; raises Undeclared."""
        family, name = self._plan.family, withheld.name
        if name in self._texts and not texts_are_there:
            return "texts"
        if (name in family.facts or name in family.content) and facts is None:
            return "facts"  # of somebody who is added nothing is stored
        if name in family.content or name in self._asked:
            return "content"
        raise Undeclared(rule.code, f"reads {name}, which it does not declare") from None


def _attributes(schema: Schema, read: Read) -> Iterable[str]:
    """The attributes through which a value is read: its own, and that of the list it stands in."""
    node = schema.node(read.path)
    yield node.member.attribute
    if node.section.endswith("[]"):
        yield schema.node(node.section.removesuffix("[]")).member.attribute
