"""The plan of a set of rules, which are asked once for each kind of records.

A plan is compiled from the members of an entity, a definition and a set of rules. Each rule declares what it
reads; rules that read the same are a group. A group is asked about a sealed case, in which nothing but that
is there, and what it finds is remembered by what was there: so it holds for every record with the same, and
a rule that reads more is an error at once. The findings of a rule may depend on facts about the
participant (`facts`), on stored data (`content`), or on texts that differ in every record; that shows when it
is asked without them.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

from attrs import evolve

from participant_rules.asking import ask
from participant_rules.engine.families import CaseFamily
from participant_rules.engine.groups import NOTHING, Facts, Fired, Group, Result
from participant_rules.engine.kind import CLEAN, Kind, RecordVerdict
from participant_rules.engine.recent import Recent
from participant_rules.engine.slots import Odd, Slots
from participant_rules.engine.templates import TemplateReader
from participant_rules.engine.values import reader_of
from participant_rules.rules import Rule
from participant_rules.ruleset import RuleSet
from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.tree import Schema
from participant_rules.silencing import Silencing
from participant_rules.unknown import Untold
from participant_rules.violations import Severity, Violation

__all__ = ["Plan", "kept_plan"]

CaseT = TypeVar("CaseT")

_Asked = tuple[Group, tuple[Any, ...], Result]
"""A group, the values of its small slots, and the findings of its rules on these."""


class Plan(Generic[CaseT]):
    """The slots that are read of an entity's records under a definition, and the verdicts of some rules."""

    def __init__(
        self,
        schema: Schema,
        rules: RuleSet,
        family: CaseFamily,
        *,
        warnings: bool = True,
    ) -> None:
        chosen = [each for each in rules if warnings or each.severity is Severity.ERROR]
        self.family = family
        self.unread = tuple(each for each in chosen if each.reads is None)
        """The rules without `reads`: they are asked for every record."""
        declared = [each for each in chosen if each.reads is not None]
        self.slots = _slots_of(schema, declared, family)
        self._ranks, self._about_unique = rules.ranks, rules.about_unique
        self.groups = tuple(self._grouped(declared))
        self.kinds: Recent[Odd, Kind] = Recent(lambda odd: Kind(self, odd), keeps=_is_small)
        self._lacking: dict[tuple[str, str], Fired] = {}
        self.verdicts: Recent[tuple[Fired, ...], RecordVerdict] = Recent(self.combined)

    def _grouped(self, rules: Sequence[Rule]) -> Iterable[Group]:
        by_reads: dict[frozenset[Read], list[Rule]] = {}
        for rule in rules:
            wanted = Slots.of(self.slots.schema, self.family.reads_of(rule)).reads
            reads = frozenset(each for each in wanted if each.mode is not Mode.KEY)
            by_reads.setdefault(reads, []).append(rule)
        return [Group(self, reads, each) for reads, each in by_reads.items()]

    def results_of(self, odd: Mapping[int, Any]) -> Iterator[_Asked]:
        """The results of the groups on records with these odd slots, without the empty ones."""
        touched = dict.fromkeys([group for slot in odd for group in self._readers.get(slot, ())])
        yield from [asked for asked in self._usual if asked[0] not in touched]
        yield from [group.asked(odd) for group in touched]

    @cached_property
    def _usual(self) -> Sequence[_Asked]:
        """The results of the groups on a plain record, without the empty ones."""
        asked = [group.asked({}) for group in self.groups]
        return [each for each in asked if each[2] is not NOTHING]

    @cached_property
    def _readers(self) -> Mapping[int, Sequence[Group]]:
        """The groups that read each slot."""
        readers: dict[int, list[Group]] = {}
        for group in self.groups:
            for _, slot in group.small:
                readers.setdefault(slot, []).append(group)
        return readers

    @cached_property
    def templates(self) -> TemplateReader:
        """The reader of JSON texts of layouts that were met often."""
        return TemplateReader(self.slots)

    @cached_property
    def read(self) -> Callable[[Any], Any]:
        """The function that reads a JSON value; see `values.reader_of`."""
        return reader_of(self.slots)

    def verdict_of(self, body: Any, facts: Facts, case: Callable[[], Any]) -> RecordVerdict:
        """The verdict on a record, given by its JSON value, an object."""
        _, _, odd, texts, _ = self.read(body)
        return self.kinds[odd].verdict(facts, texts, case)

    def with_related(
        self, violations: tuple[Violation, ...], related: Callable[[str], str | None]
    ) -> tuple[Violation, ...]:
        """The violations, of unique values with the member of the earlier record that holds the value."""
        if self._about_unique.isdisjoint([each.code for each in violations]):
            return violations
        unique_at = self.slots.schema.unique_at
        return tuple(
            evolve(each, related=related(path))
            if each.code in self._about_unique and (path := unique_at(each.pointer or ""))
            else each
            for each in violations
        )

    def ask(self, rule: Rule, case: CaseT) -> Fired | None:
        """The findings of a rule on a case, or the fact that it lacks; None for neither."""
        violations, unknown = ask(rule, case)
        untold = str(unknown) if isinstance(unknown, Untold) else None
        if not violations and untold is not None:
            lacking = Fired(self._ranks[rule.code], rule, (), untold)
            return self._lacking.setdefault((rule.code, untold), lacking)
        return Fired(self._ranks[rule.code], rule, violations, untold) if violations else None

    def asked(self, rules: Iterable[Rule], case: CaseT) -> tuple[Fired, ...]:
        """The findings of rules on a case."""
        found = [self.ask(rule, case) for rule in rules]
        return tuple([each for each in found if each is not None])

    def combined(self, fired: tuple[Fired, ...]) -> RecordVerdict:
        """The verdict of fired rules: a gate ends the judging, a code silences its dependants."""
        if not fired:
            return CLEAN
        in_order = sorted([each for each in fired if each.violations], key=attrgetter("rank"))
        errors = [each for each in in_order if each.rule is None or each.rule.severity is Severity.ERROR]
        warnings = [each for each in in_order if each.rule and each.rule.severity is Severity.WARNING]
        untold = [(each.rule.code, each.untold) for each in fired if each.rule and each.untold is not None]
        return RecordVerdict(_unsilenced(errors), _unsilenced(warnings), tuple(untold))


def kept_plan(
    made: dict[Any, Any], call: Hashable, asker: Hashable, rules: RuleSet, make: Callable[[], Plan[CaseT]]
) -> Plan[CaseT]:
    """The plan of a call for an asker (a caller, or a policy), which is kept in `made`, with its definition.

    The latest one is found without hashing the asker and the rules.
    """
    latest = made.get(call)
    if latest is not None and latest[0] is asker and latest[1] is rules:
        plan: Plan[CaseT] = latest[2]
        return plan
    plan = made[call, asker, rules] = made.get((call, asker, rules)) or make()
    made[call] = (asker, rules, plan)
    return plan


def _slots_of(schema: Schema, rules: Sequence[Rule], family: CaseFamily) -> Slots:
    """The slots that the rules' reads need.

    Raises ValueError, which names the rule, for a path that is not there, or is not read so.
    """
    for each in rules:
        _refuse_unreadable(schema, each)
    try:
        return Slots.of(schema, [read for each in rules for read in family.reads_of(each)])
    except ValueError as wrong:
        paths = {each.code: [read.path for read in each.reads or () if read.path] for each in rules}
        code = next(code for code, read in paths.items() if not schema.nodes.keys() >= {*read})
        raise ValueError(f"{code}: {wrong}") from None


def _refuse_unreadable(schema: Schema, rule: Rule) -> None:
    """Raise ValueError for a key of values that need not be unique, and for the form of an element's."""
    for each in rule.reads or ():
        node, is_key = schema.nodes.get(each.path), each.mode is Mode.KEY
        if node is not None and is_key and not (node.unique or node.member.unique):
            unique = ", ".join(sorted(each.path for each in schema.unique))
            why = f"the values of {each.path!r} have no key, as those of unique members have: {unique}"
            raise ValueError(f"{rule.code}: {why}")
        if node is not None and node.element and not is_key:
            why = f"of {each.path!r} only the key is read by itself; read {node.section!r}"
            raise ValueError(f"{rule.code}: {why}")


def _unsilenced(fired: Iterable[Fired]) -> tuple[Violation, ...]:
    silencing, found = Silencing(), list[Violation]()
    for each in fired:
        if each.rule is not None and silencing.silencer(each.rule):
            continue
        found += each.violations
        if each.rule is not None:
            silencing.note(each.rule, each.violations)
            if silencing.gate:
                break
    return tuple(found)


def _is_small(odd: Odd) -> bool:
    """Whether a record is plain enough to be remembered: one with very many odd members is not met again."""
    return not any(value.__class__ is tuple and len(value) > _MANY for _, value in odd)


_MANY: Final = 64
