"""From a case to a decision: pure functions.

A decision holds what was decided, the participant as it would stand, and every violation. The participant and
the warnings are made when they are asked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, Literal

from attrs import define, evolve, field, frozen

from participant_rules.changes import MemberChange, placed_under
from participant_rules.facts import NOTHING_TOLD, Told, refuse_strange
from participant_rules.project.case import Case, Change, Known, Operation, ledger_of
from participant_rules.project.differences import differences
from participant_rules.project.keys import ID, IDENTIFIER, schema_of
from participant_rules.project.ledger import Entry, Ledger
from participant_rules.project.merge import merge, withdraw
from participant_rules.project.model import Participant, Stored
from participant_rules.project.plan import facts_of, plan_of
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.rules import RULES
from participant_rules.quotas import Counts
from participant_rules.repairing import offered
from participant_rules.rulebook import rules_of
from participant_rules.rules import once
from participant_rules.ruleset import RuleSet, Verdict
from participant_rules.violations import Violation

__all__ = ["Accept", "Action", "BulkDecision", "Decision", "Rows", "decide", "decide_all"]

Accept = Literal["all", "good"]
Action = Literal["add", "update", "delete", "none"]

_NOTHING: Final = frozenset[str]()
_NONE_LOST: Final[Mapping[int, frozenset[str]]] = {}
_WRITES: Final = frozenset({Operation.PUT, Operation.BULK})


@define(eq=False, slots=False)
class Decision:
    """The decision on a change: true when it stands.

    `found` are the errors as the rules found them, those of the shape first and then in the order of
    precedence; their pointers start with `base`, the row's place in its batch.
    """

    case: Case = field(repr=False)
    rules: RuleSet = field(repr=False)
    found: tuple[Violation, ...] = ()
    base: str = ""
    untold: tuple[tuple[str, str], ...] = field(default=(), eq=False, repr=False)
    """The codes of rules that did not run for want of a fact, each with the fact; where a plan judged it."""

    def __bool__(self) -> bool:
        """Whether the change stands."""
        return not self.found

    @once
    def violations(self) -> tuple[Violation, ...]:
        """The errors, with their repairs."""
        return self._offered(self.found)

    @once
    def action(self) -> Action:
        """The action: "none" for a call that only reads, that changes nothing, or that is refused."""
        operation = self.case.change.operation
        if not self or operation in (Operation.QUERY, Operation.READ, Operation.SEGMENTS):
            return "none"
        if operation is Operation.DELETE:
            return "delete"
        if self.case.standing is None:
            return "add"
        return "none" if self.result is self.case.standing else "update"

    @once
    def result(self) -> Participant | None:
        """The participant as it stands after the change; as it stood, where that is refused or deletes it."""
        operation = self.case.change.operation
        if self and operation in _WRITES:
            return merge(self.case)
        return withdraw(self.case) if self and operation is Operation.WITHDRAW else self.case.standing

    @property
    def participant(self) -> Participant:
        """The result of an accepted row, as the rows after it find it."""
        if self.result is None:
            raise LookupError("a refused row leaves nothing behind")
        return self.result

    @once
    def as_stored(self) -> Stored:
        """The participant that a later row replaces: the result, or the one before where nothing changed."""
        before = self.case.before
        return before if before is not None and self.action == "none" else Stored(self.participant)

    @once
    def changes(self) -> tuple[MemberChange, ...]:
        """The differences to the stored participant, member by member; none where the change adds one.

        They are worked out when they are first asked for; pointers start with `base`.
        """
        if self.action != "update" or self.case.standing is None:
            return ()
        return placed_under(self.base, differences(self.case.standing, self.participant))

    @property
    def warnings(self) -> tuple[Violation, ...]:
        """The warnings, which refuse nothing, with their repairs."""
        return self._offered(self.noted)

    @property
    def noted(self) -> tuple[Violation, ...]:
        """The warnings as the rules found them."""
        return self.rules.warnings(self.case, self.base) if self.case.known.project else ()

    def _offered(self, found: tuple[Violation, ...]) -> tuple[Violation, ...]:
        """Violations that make their repairs when they are asked for them."""
        case, project = self.case, self.case.known.project
        if not found or project is None or not isinstance(case.change.asked, Participant):
            return found
        return offered(found, schema_of(project, case.policy), lambda: case.change.document, self.base)

    def explain(self) -> tuple[Verdict, ...]:
        """The verdict of every rule: held, fired, or skipped and the reason."""
        return self.rules.explain(self.case, self.base)


@frozen
class BulkDecision:
    """The decision on a batch: true when it stands, as a whole or, by `accept="good"`, its good rows.

    It is the sequence of its rows' decisions.
    """

    decisions: tuple[Decision, ...] = field(repr=False)
    accept: Accept = "all"

    def __bool__(self) -> bool:
        """Whether the accepted rows are to be written."""
        return self.accept == "good" or not self.refused

    def __iter__(self) -> Iterator[Decision]:
        """The rows' decisions, in their order."""
        return iter(self.decisions)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.decisions)

    def __getitem__(self, row: int) -> Decision:
        """The decision on a row."""
        return self.decisions[row]

    @cached_property
    def refused(self) -> tuple[Decision, ...]:
        """The rows that do not stand."""
        return tuple(each for each in self.decisions if each.found)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Every error: of the rows' shapes first, then by row, then by precedence."""
        shapes: list[Violation] = []
        others: list[Violation] = []
        for each in self.refused:
            if each.case.known.project is None:
                return each.violations  # it is the whole batch that is refused, once
            count = len(each.case.change.faults)
            shapes += each.violations[:count]
            others += each.violations[count:]
        return (*shapes, *others)

    @property
    def warnings(self) -> tuple[Violation, ...]:
        """The warnings, which refuse nothing, by row."""
        return tuple(warning for each in self.decisions for warning in each.warnings)

    @property
    def changes(self) -> tuple[MemberChange, ...]:
        """The differences of accepted rows to stored participants, member by member, by row."""
        return tuple(change for each in self.accepted for change in each.changes)

    @property
    def accepted(self) -> tuple[Decision, ...]:
        """The rows that are taken: none where the batch is refused."""
        return tuple(each for each in self.decisions if each) if self else ()

    @property
    def total_added(self) -> int:
        """The number of participants added."""
        return sum(each.action == "add" for each in self.accepted)

    @property
    def total_updated(self) -> int:
        """The number of participants updated."""
        return sum(each.action == "update" for each in self.accepted)


def decide(case: Case, rules: Mapping[Operation, RuleSet] = RULES) -> Decision:
    """Judge one change: the faults of its shape first, then every rule of its call."""
    chosen = rules_of(rules, case.change.operation)
    return _decided(case, chosen)


def decide_all(
    changes: Iterable[Change],
    known: Known,
    *,
    allow_update: bool = False,
    accept: Accept = "all",
    policy: Policy = POLICY,
    rules: Mapping[Operation, RuleSet] = RULES,
    lost: Mapping[int, frozenset[str]] = _NONE_LOST,
    facts: Told = NOTHING_TOLD,
) -> BulkDecision:
    """Judge the rows of a batch one by one, each on the result of the accepted ones before it.

    Pointers start with `/participants/{row}`. `lost` names by row what the store reported at commit; `facts`
    are the caller's own, and quotas among them are counted down.
    """
    refuse_strange(facts, rules)
    chosen = rules_of(rules, Operation.BULK)
    rows = Rows(known, allow_update=allow_update, policy=policy, rules=chosen, facts=facts)
    decisions = []
    for row, change in enumerate(changes):
        decision = rows.decide(change, base=f"/participants/{row}", lost=lost.get(row, _NOTHING))
        rows.stand(decision, row)
        decisions.append(decision)
    return BulkDecision(tuple(decisions), accept)


class Rows:
    """The rows of a batch, decided one after the other, each on the result of the accepted ones before it.

    `ledger` is that after the rows that were made to stand.
    """

    def __init__(
        self,
        known: Known,
        *,
        allow_update: bool,
        policy: Policy = POLICY,
        rules: RuleSet = RULES[Operation.BULK],
        facts: Told = NOTHING_TOLD,
    ) -> None:
        self._known, self._policy, self._rules = known, policy, rules
        self._allow_update = allow_update
        self._facts, self._counts = facts, Counts()
        self.ledger = ledger_of(known, policy)

    def learn(self, stored: Iterable[Stored]) -> None:
        """Take in a store's answer about further rows; known participants stay as earlier rows left them."""
        project = self._known.project
        if project is not None:
            self.ledger.order([self.ledger.enter(each, project, self._policy) for each in stored])

    def decide(self, change: Change, *, base: str = "", lost: frozenset[str] = _NOTHING) -> Decision:
        """The decision on the next row; its pointers start with `base`."""
        case = self.case(change, lost=lost)
        return _decided(case, self._rules, base)

    def case(self, change: Change, *, lost: frozenset[str] = _NOTHING) -> Case:
        """The case of the next row, with the known facts about its participant."""
        return Case.of(
            change,
            self._known,
            self._policy,
            ledger=self.ledger,
            allow_update=self._allow_update,
            lost=lost,
            facts=self._facts,
            counts=self._counts,
        )

    def stand(self, decision: Decision, row: int) -> None:
        """Make an accepted row, for the ones after it to see; a refused one leaves nothing behind."""
        if decision:
            taking = decision.case.taking
            if taking.held and decision.action != "none":
                taking.settle()
            _stand(self.ledger, decision, row)


def _decided(case: Case, rules: RuleSet, base: str = "") -> Decision:
    """The decision with every error: first of the shape, then of the rules."""
    project, change = case.known.project, case.change
    if project is None:  # it ends the judging of whatever was asked
        return Decision(case, rules, rules.only("project-not-found").violations(case), base)
    body = change.document
    if body is None:
        found = (*_based(change.faults, base), *rules.violations(case, base))
        return Decision(case, rules, found, base)
    plan = plan_of(project, case.policy, change.operation, rules, warnings=False)
    verdict = plan.verdict_of(body, facts_of(case), lambda: case)
    found = verdict.violations
    if found:
        found = _based(plan.with_related(found, case.related), base)
    return Decision(case, rules, found, base, verdict.untold)


def _based(violations: tuple[Violation, ...], base: str) -> tuple[Violation, ...]:
    """The violations of a row, by its place in its batch."""
    return (
        tuple(evolve(each, pointer=base + (each.pointer or "")) for each in violations)
        if base
        else violations
    )


def _stand(ledger: Ledger, decision: Decision, row: int) -> None:
    """Make an accepted row, for the ones after it to see."""
    case = decision.case
    entry = case.entry
    if isinstance(entry, Entry):
        entry.standing.as_stored  # noqa: B018  made now, so that a long row of updates is no deep recursion
        entry.standing = decision
    else:
        entry = Entry(decision)
    for path in case.changed_keys:
        if path != ID and not (path == IDENTIFIER and path not in case.keys):
            ledger.set_key(entry, path, case.keys.get(path), case.member_of_row(path, row))
