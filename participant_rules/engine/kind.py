"""Kinds of records, which are the same to all rules, and the verdicts on them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress, repeat
from operator import is_not
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from participant_rules.engine.groups import NOTHING, Facts, Fired, Group, Result
from participant_rules.engine.recent import Recent
from participant_rules.engine.slots import Odd, Texts
from participant_rules.rules import Rule
from participant_rules.violations import Violation
from participant_rules.wrong_types import violations_of_types

if TYPE_CHECKING:  # a plan has kinds
    from participant_rules.engine.plan import Plan

__all__ = ["CLEAN", "Kind", "RecordVerdict"]


class RecordVerdict(NamedTuple):
    """The verdict on a record: errors and warnings, each in the order of precedence.

    `untold` are the codes of rules that did not run for want of a fact, each with the fact.
    """

    violations: tuple[Violation, ...] = ()
    warnings: tuple[Violation, ...] = ()
    untold: tuple[tuple[str, str], ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing is found."""
        return not (self.violations or self.warnings)


CLEAN: Final = RecordVerdict()
"""The verdict without findings."""


class Kind:
    """Records with the same odd slots: they differ only by facts, and by texts that rules read."""

    def __init__(self, plan: "Plan[Any]", odd: Odd) -> None:
        self._plan = plan
        by_slot = dict(odd)
        content = list(plan.unread)
        fired: list[Fired] = []
        self.texts: list[tuple[Group, tuple[Any, ...], tuple[Rule, ...]]] = []
        self._facts: list[tuple[Group, tuple[Any, ...], tuple[Rule, ...]]] = []
        mistyped = by_slot.get(plan.slots.types)
        if mistyped:
            fired.append(Fired(-1, None, violations_of_types(mistyped)))
        for group, values, result in plan.results_of(by_slot):
            fired += result.fired
            content += result.content
            if result.texts:
                self.texts.append((group, values, result.texts))
            if result.facts:
                self._facts.append((group, values, result.facts))
        self._fired, self._content = tuple(fired), tuple(content)
        self._by_facts: Recent[Facts, _WithFacts] = Recent(self._with_facts, 64)
        self.plain: Recent[Facts, RecordVerdict | None] = Recent(self._plain, 64)
        """The verdicts on records by their facts; None where it depends on more."""

    def _with_facts(self, facts: Facts) -> "_WithFacts":
        fired, content = list(self._fired), list(self._content)
        for group, values, rules in self._facts:
            result = group.of_facts(values, rules, facts)
            fired += result.fired
            content += (*result.content, *result.texts)
        texts = [
            ([place for _, place in group.texts], group.remembered(values, rules, facts))
            for group, values, rules in self.texts
        ]
        return _WithFacts(tuple(fired), tuple(content), texts)

    def _plain(self, facts: Facts) -> RecordVerdict | None:
        fired, content, texts = self._by_facts[facts]
        return None if content or texts else self._plan.verdicts[fired]

    def suspects(self, facts: Facts, texts: Sequence[Sequence[Any]], places: Sequence[int]) -> Sequence[int]:
        """The suspects: the places of records whose texts, given in columns, may break a rule."""
        fired, content, by_texts = self._by_facts[facts]
        if content or any(each.violations for each in fired):
            return places
        found: set[int] = set()
        for columns, remembered in by_texts:
            own = [texts[each] for each in columns]
            if len(places) < len(own[0]):
                own = [[column[place] for place in places] for column in own]
            try:
                results = [*map(remembered.__getitem__, zip(*own, strict=True))]
            except TypeError:  # a list or an object cannot be looked up
                return places
            found.update(_suspects_among(places, results))
        return sorted(found)

    def verdict(self, facts: Facts, texts: Texts, case: Callable[[], Any]) -> RecordVerdict:
        """The verdict on one record; `case` gives its case, for rules that depend on stored data."""
        plain = self.plain[facts]
        if plain is not None:
            return plain
        fired, content, by_texts = self._by_facts[facts]
        for columns, remembered in by_texts:
            result = remembered.look_up(tuple([texts[each] for each in columns]))
            fired += result.fired
            content += result.content
        own = self._plan.asked(content, case()) if content else ()
        return self._plan.combined((*fired, *own)) if own else self._plan.verdicts[fired]


def _suspects_among(places: Sequence[int], results: Sequence[Result]) -> Iterator[int]:
    """The places of records of which something may be found, and one for each set of untold facts."""
    untold: set[tuple[Fired, ...]] = set()
    is_something = [*map(is_not, results, repeat(NOTHING))]
    for place, result in zip(compress(places, is_something), compress(results, is_something), strict=True):
        if result.may_violate or result.fired not in untold:
            yield place
        if not result.may_violate:
            untold.add(result.fired)


class _WithFacts(NamedTuple):
    """The findings on a kind by its facts, the rules that depend on more, and the results by texts."""

    fired: tuple[Fired, ...]
    content: tuple[Rule, ...]
    texts: list[tuple[list[int], Recent[Texts, Result]]]
