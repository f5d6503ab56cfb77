"""From a case to a decision: pure functions.

A decision holds what was decided, the participant as it would stand, and every violation. The participant and
the warnings are made when they are asked for.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, Literal

from attrs import define

from participant_rules.changes import MemberChange, placed_under
from participant_rules.decisions import BaseDecision
from participant_rules.due import CASE, refuse_other
from participant_rules.once import once
from participant_rules.project.case import Case, Operation
from participant_rules.project.differences import differences
from participant_rules.project.keys import schema_of
from participant_rules.project.merge import merge, withdraw
from participant_rules.project.model import Participant, Stored
from participant_rules.project.plan import facts_of, plan_of
from participant_rules.project.rules import RULES
from participant_rules.rulebook import rules_of
from participant_rules.ruleset import RuleSet
from participant_rules.schema.tree import Schema
from participant_rules.violations import Violation

__all__ = ["Action", "Decision", "decide", "decided"]

Action = Literal["add", "update", "delete", "none"]

_WRITES: Final = frozenset({Operation.PUT, Operation.BULK})


@define(eq=False, slots=False)
class Decision(BaseDecision[Case]):
    """The decision on a change: true when it stands."""

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
    def noted(self) -> tuple[Violation, ...]:
        """The warnings as the rules found them; none where the project is not found."""
        case, project, body = self.case, self.case.known.project, self.case.change.document
        if project is None or body is None:
            return super().noted if project else ()
        plan = plan_of(project, case.policy, case.change.operation, self.rules.noting, warnings=True)
        found = plan.verdict_of(body, facts_of(case), lambda: case).warnings
        return tuple([each.below(self.base) for each in found])

    @property
    def _schema(self) -> Schema | None:
        project = self.case.known.project
        if project is None or not isinstance(self.case.change.asked, Participant):
            return None
        return schema_of(project, self.case.policy)

    @property
    def _read(self) -> Callable[[], Any]:
        return partial(getattr, self.case.change, "document")


def decide(case: Case, rules: Mapping[Operation, RuleSet] = RULES) -> Decision:
    """Judge one change: the faults of its shape first, then every rule of its call."""
    if case.__class__ is not Case:  # each request asks
        refuse_other(case, Case, CASE)
    chosen = rules_of(rules, case.change.operation)
    return decided(case, chosen)


def decided(case: Case, rules: RuleSet, base: str = "") -> Decision:
    """The decision with every error: first of the shape, then of the rules."""
    project, change = case.known.project, case.change
    if project is None:  # it ends the judging of whatever was asked
        return Decision(case, rules, rules.only("project-not-found").violations(case), base)
    body = change.document
    if body is None:
        found = (*[each.below(base) for each in change.faults], *rules.violations(case, base))
        return Decision(case, rules, found, base)
    plan = plan_of(project, case.policy, change.operation, rules, warnings=False)
    verdict = plan.verdict_of(body, facts_of(case), lambda: case)
    found = verdict.violations
    if found:
        found = tuple([each.below(base) for each in plan.with_related(found, case.related)])
    return Decision(case, rules, found, base, verdict.untold)
