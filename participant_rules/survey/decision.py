"""From a case to a decision: pure functions.

A decision holds what was decided, the participant as it would stand, and every violation.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Literal

from attrs import define, evolve

from participant_rules.changes import MemberChange
from participant_rules.decisions import BaseDecision
from participant_rules.due import CASE, refuse_other
from participant_rules.engine.kind import RecordVerdict
from participant_rules.facts import NO_FACTS, FactValues, refuse_strange
from participant_rules.once import once
from participant_rules.quotas import Counts, Taker, Taking
from participant_rules.rulebook import rules_of
from participant_rules.ruleset import RuleSet, Verdict
from participant_rules.schema.documents import document_of
from participant_rules.schema.entity import Entity
from participant_rules.schema.tree import Schema
from participant_rules.survey.case import Case, Change, Known, Operation, Stored
from participant_rules.survey.change import due_changes, refuse_unknown
from participant_rules.survey.differences import differences
from participant_rules.survey.model import Caller, Participant, Subject
from participant_rules.survey.plan import PLANNED, facts_of, plan_of
from participant_rules.survey.result import result_of, stored_of
from participant_rules.survey.rules import RULES
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["Action", "Decision", "Standing", "decide", "decide_all"]

Action = Literal["add", "update", "delete", "none"]

_ACTIONS: Mapping[Operation, Action] = {
    Operation.ADD: "add",
    Operation.UPDATE: "update",
    Operation.DELETE: "delete",
    Operation.ADD_SUBJECT: "update",
    Operation.UPDATE_SUBJECT: "update",
    Operation.DELETE_SUBJECT: "update",
}


@define(eq=False, slots=False)
class Decision(BaseDecision[Case]):
    """The decision on a change: true when it stands."""

    @property
    def action(self) -> Action:
        """The action: "none" for a call that only reads, and for a refused one."""
        return _ACTIONS.get(self.case.change.operation, "none") if self else "none"

    @once
    def result(self) -> Participant | None:
        """The participant after the change, or before a refused one; None where there is none."""
        return result_of(self.case) if self else stored_of(self.case)

    @property
    def taker(self) -> Taker:
        """The participant of an accepted change, for quotas."""
        survey, named = self.case.survey, self.result or stored_of(self.case)
        return ("survey", survey.id, survey.key_of(named) or "")

    @once
    def changes(self) -> tuple[MemberChange, ...]:
        """The differences to the stored participant, member by member; none of an unknown one.

        They are worked out when they are first asked for.
        """
        if self.action != "update" or self.result is None:
            return ()
        return differences(self.case, self.result)

    def explain(self) -> tuple[Verdict, ...]:
        """The verdict of every rule; where the text of the body has faults all are skipped."""
        if not self.case.change.has_no_text:
            return super().explain()
        return tuple([Verdict(each, "skipped", why="the text has faults") for each in self.rules])

    @property
    def noted(self) -> tuple[Violation, ...]:
        """The warnings as the rules found them."""
        verdict = _planned(self.case, self.rules.noting, warnings=True)
        return super().noted if verdict is None else verdict.warnings

    @property
    def _schema(self) -> Schema | None:
        survey, asked = self.case.known_survey, self.case.change.asked
        if survey is None or isinstance(asked, Unset):
            return None
        return survey.subject_schema if isinstance(asked, Subject) else survey.schema

    @property
    def _read(self) -> Callable[[], Any]:
        return partial(_document_of, self.case.change)


def _document_of(change: Change) -> Any:
    """The JSON value of a body: as it was sent, or that of its entity."""
    if change.body is not UNSET or not isinstance(change.asked, Entity):
        return change.body
    return document_of(change.asked, stored=False)


def decide(case: Case, rules: Mapping[Operation, RuleSet] = RULES) -> Decision:
    """Judge one change: the faults of its text, or those of its shape and then every rule of its call."""
    if case.__class__ is not Case:  # each request asks
        refuse_other(case, Case, CASE)
    change = case.change
    chosen = rules_of(rules, change.operation)
    verdict = _planned(case, chosen, warnings=False)
    if verdict is None:
        found = () if change.has_no_text else chosen.violations(case)
        return Decision(case, chosen, change.faults + found)
    return Decision(case, chosen, verdict.violations, untold=verdict.untold)


def _planned(case: Case, rules: RuleSet, *, warnings: bool) -> RecordVerdict | None:
    """The verdict of a plan; None for a call without a participant in its body."""
    survey, change = case.known_survey, case.change
    body = change.document if change.operation in PLANNED else None
    if body is None or survey is None:
        return None
    plan = plan_of(survey, change.operation, case.caller, rules, warnings=warnings)
    return plan.verdict_of(body, facts_of(case), lambda: case)


def decide_all(
    changes: Iterable[Change],
    known: Known,
    *,
    caller: Caller | None = None,
    rules: Mapping[Operation, RuleSet] = RULES,
    facts: FactValues = NO_FACTS,
) -> list[Decision]:
    """Judge changes of one survey one by one, each on the result of the accepted ones before it."""
    refuse_unknown(known)
    refuse_strange(facts, rules)
    standing = Standing(known, caller=caller or Caller(), rules=rules, facts=facts)
    decisions = []
    for change in due_changes(changes):
        decision = standing.decide(change)
        standing.stand(decision)
        decisions.append(decision)
    return decisions


class Standing:
    """The participants of a survey while changes are decided one after the other.

    Where nobody was asked who is stored, only those are known whom an earlier change added.
    """

    def __init__(
        self,
        known: Known,
        *,
        caller: Caller,
        rules: Mapping[Operation, RuleSet] = RULES,
        facts: FactValues = NO_FACTS,
    ) -> None:
        asked = not isinstance(known.participants, Unset)
        self._participants: dict[str, Stored] = dict(known.participants or {})
        self._known = evolve(known, participants=self._participants, complete=asked and known.complete)
        self._caller, self._rules = caller, rules
        self._facts, self._counts = facts, Counts()
        self._takers: dict[Taker, list[Taking]] = {}

    def learn(self, participants: Mapping[str, Stored]) -> None:
        """Take in a store's answer about further changes."""
        self._participants.update(participants)

    def __contains__(self, key: str) -> bool:
        """Whether a participant has that key."""
        return key in self._participants

    def participant(self, key: str) -> Participant | None | Unset:
        """The participant with that key; None where there is none, UNSET where it is not known."""
        found = self._participants.get(key)
        return found.participant if found is not None else None if self.complete else UNSET

    @property
    def complete(self) -> bool:
        """Whether an identity that is not found is known to be free."""
        return self._known.complete

    def is_disjoint(self, keys: Iterable[object]) -> bool:
        """Whether all of these keys are free."""
        return self._participants.keys().isdisjoint(keys)

    def case(self, change: Change) -> Case:
        """The case of the next change, with the known facts about its participant."""
        return Case.of(change, self._known, self._caller, facts=self._facts, counts=self._counts)

    def decide(self, change: Change) -> Decision:
        """The decision on the next change."""
        return decide(self.case(change), self._rules)

    def stand(self, decision: Decision) -> None:
        """Make an accepted change, for the ones after it to see."""
        if decision.case.fact_values and decision:
            self._count(decision)
        if decision.action == "add" or (decision.action != "none" and self._known.complete):
            _stand(self._participants, decision)

    def _count(self, decision: Decision) -> None:
        """Count the change against quotas; a deleted participant gives its earlier shares back."""
        taking = decision.case.taking
        taking.accept()
        if decision.action == "delete":
            for each in self._takers.pop(decision.taker, ()):
                each.give_back()
        elif taking.held:
            self._takers.setdefault(decision.taker, []).append(taking)


def _stand(standing: dict[str, Stored], decision: Decision) -> None:
    """Make an accepted change, for the ones after it to see."""
    result = decision.result
    key = decision.case.survey.key_of(result or stored_of(decision.case))
    if key is not None and result is not None:
        standing[key] = Stored(result)
    elif key is not None:
        standing.pop(key, None)
