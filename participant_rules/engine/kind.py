"""Kinds of records, which are the same to all rules, and the verdicts on them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, compress, repeat
from operator import is_not
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from participant_rules.engine.groups import NOTHING, Facts, Fired, Group, Result
from participant_rules.engine.recent import Recent
from participant_rules.engine.slots import Odd, Texts
from participant_rules.rules import Rule
from participant_rules.schema.entity import Sealed
from participant_rules.violations import Violation
from participant_rules.wrong_types import violations_of_types

if TYPE_CHECKING:  # a plan has kinds
    from participant_rules.engine.plan import Plan

__all__ = ["CLEAN", "ContentOf", "Kind", "RecordVerdict"]


ContentOf = Callable[[], Mapping[str, Any]]
"""Gives the attributes of a case that are stored data."""

_Content = tuple[Group, tuple[Any, ...], tuple[Rule, ...]]
"""A group, the values of its small slots, and those of its rules that depend on stored data."""


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
        content: list[_Content] = []
        fired: list[Fired] = []
        self.texts: list[tuple[Group, tuple[Any, ...], tuple[Rule, ...]]] = []
        self._facts: list[tuple[Group, tuple[Any, ...], tuple[Rule, ...]]] = []
        mistyped = by_slot.get(plan.slots.types)
        if mistyped:
            fired.append(Fired(-1, None, violations_of_types(mistyped)))
        for group, values, result in plan.results_of(by_slot):
            fired += result.fired
            if result.content:
                content.append((group, values, result.content))
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
            if result.content or result.texts:
                content.append((group, values, (*result.content, *result.texts)))
        texts = [
            (group, values, group.remembered(values, rules, facts)) for group, values, rules in self.texts
        ]
        return _WithFacts(tuple(fired), tuple(content), texts)

    def _plain(self, facts: Facts) -> RecordVerdict | None:
        fired, content, texts = self._by_facts[facts]
        return None if content or texts or self._plan.unread else self._plan.verdicts[fired]

    def suspects(self, facts: Facts, texts: Sequence[Sequence[Any]], places: Sequence[int]) -> Sequence[int]:
        """The suspects: the places of records whose texts, given in columns, may break a rule."""
        fired, content, by_texts = self._by_facts[facts]
        if content or self._plan.unread or any(each.violations for each in fired):
            return places
        found: set[int] = set()
        for group, _, remembered in by_texts:
            own = [texts[place] for _, place in group.texts]
            if len(places) < len(own[0]):
                own = [[column[place] for place in places] for column in own]
            try:
                results = [*map(remembered.__getitem__, zip(*own, strict=True))]
            except TypeError:  # a list or an object cannot be looked up
                return places
            found.update(_suspects_among(places, results))
        return sorted(found)

    def verdict(
        self, facts: Facts, texts: Texts, case: Callable[[], Any], content: ContentOf | None = None
    ) -> RecordVerdict:
        """The verdict on one record; `case` gives its case, for rules that depend on stored data.

        `content` gives the attributes of a case that are stored data: with them many of these rules need no
        more than what they declare to read.
        """
        plain = self.plain[facts]
        if plain is not None:
            return plain
        fired, asked, by_texts = self._by_facts[facts]
        for group, values, remembered in by_texts:
            result = remembered.look_up(tuple([texts[place] for _, place in group.texts]))
            fired += result.fired
            if result.content:
                asked += ((group, values, result.content),)
        own = self._own(asked, facts, texts, case, content)
        return self._plan.combined((*fired, *own)) if own else self._plan.verdicts[fired]

    def _own(
        self,
        asked: Sequence[_Content],
        facts: Facts,
        texts: Texts,
        case: Callable[[], Any],
        content: ContentOf | None,
    ) -> Sequence[Fired]:
        """The findings of rules that are asked for each record."""
        if not asked and not self._plan.unread:
            return ()
        if (
            content is not None
            and not self._plan.unread
            and not any(group.wants_all for group, _, _ in asked)
        ):
            with suppress(Sealed):
                stored = content()
                found = [
                    each.asked_with(stored, rules, values, texts, facts) for each, values, rules in asked
                ]
                return [*chain.from_iterable(found)]
        rules = chain.from_iterable([rules for _, _, rules in asked])
        return self._plan.asked([*self._plan.unread, *rules], case())


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
    content: tuple[_Content, ...]
    texts: list[tuple[Group, tuple[Any, ...], Recent[Texts, Result]]]
