"""Check a payload before it is sent, and repair it as far as this is safe: unknown facts are not judged."""

from collections.abc import Mapping
from functools import partial
from typing import Final, Literal, NamedTuple

from participant_rules import jsontext
from participant_rules.due import CALLER, SURVEY, refuse_other
from participant_rules.engine.single import read_one
from participant_rules.facts import NO_FACTS, FactValues, refuse_strange
from participant_rules.jsontext import Glance, sound_value
from participant_rules.repairing import Repaired, offered, refused_by, repaired_payload, value_of
from participant_rules.rulebook import rules_of
from participant_rules.ruleset import RuleSet
from participant_rules.survey.case import Case, Change, Known, Operation
from participant_rules.survey.change import refuse_unknown
from participant_rules.survey.decision import decide
from participant_rules.survey.model import Caller, Survey
from participant_rules.survey.plan import facts_of_record, plan_of
from participant_rules.survey.rules import RULES
from participant_rules.survey.wire import change_of, read_change
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["check", "repair"]

Found = tuple[Violation, ...]

_ANYBODY: Final = Caller()
_CALLS: Final[Mapping[str, Operation]] = {"add": Operation.ADD, "update": Operation.UPDATE}


def check(
    payload: object,
    survey: Survey,
    *,
    operation: Literal["add", "update"] = "update",
    uid: str | Unset = UNSET,
    known: Known | None = None,
    caller: Caller | None = None,
    rules: Mapping[Operation, RuleSet] = RULES,
    facts: FactValues = NO_FACTS,
    warnings: bool = True,
    glance: Glance = jsontext.glance,
) -> Found:
    """Every violation of a participant's payload, then every warning.

    `payload` is bytes, text or decoded JSON; bad input is a violation and never an exception. `uid` is the id
    in the path, where there is one; `known` what a store answered, where one was asked; `facts` are the
    caller's own, which rules read by their names. Repairs are made when asked for.
    """
    refuse_other(survey, Survey, SURVEY)
    if known is not None:
        refuse_unknown(known)
    if operation not in tuple(_CALLS):  # a list is none, and no error of hashing
        raise ValueError("operation is 'add' or 'update'")
    if facts is not NO_FACTS:
        refuse_strange(facts, rules)
    if caller is None:
        caller = _ANYBODY
    refuse_other(caller, Caller, CALLER)
    call = Change(_CALLS[operation], survey.id, uid)
    checking = _Check(call, Known(survey) if known is None else known, caller, rules, facts, warnings)
    found = checking.of_record(payload, glance)
    return checking.of_entity(payload) if found is None else found


class _Check(NamedTuple):
    """The call of a payload, and what is known about it."""

    call: Change
    known: Known
    caller: Caller
    rules: Mapping[Operation, RuleSet]
    facts: FactValues
    warnings: bool

    def of_record(self, payload: object, glance: Glance) -> Found | None:
        """The findings on a payload that needs no entity; None takes the whole road."""
        call, survey = self.call, self.known.survey
        chosen = rules_of(self.rules, call.operation)
        if survey is None:
            return None
        plan = plan_of(survey, call.operation, self.caller, chosen, warnings=self.warnings)
        record = read_one(plan, payload, glance)
        facts = facts_of_record(record[0], call, self.known) if record is not None else None
        if record is None or facts is None:
            return None
        _, odd, texts = record
        # The text of a payload that was read has no fault.
        verdict = plan.kinds[odd].verdict(
            facts, texts, lambda: self._case(change_of(call, sound_value(payload)))
        )
        found = (*verdict.violations, *verdict.warnings)
        return offered(found, survey.schema, partial(value_of, payload)) if found else found

    def of_entity(self, payload: object) -> Found:
        """The findings on a payload by its entity."""
        change = read_change(self.call, payload)
        decision = decide(self._case(change), self.rules)
        return (*decision.violations, *decision.warnings) if self.warnings else decision.violations

    def _case(self, change: Change) -> Case:
        return Case.of(change, self.known, self.caller, facts=self.facts)


# ---- repair what is found


def repair(
    payload: object,
    survey: Survey,
    *,
    likely: bool = False,
    operation: Literal["add", "update"] = "update",
    uid: str | Unset = UNSET,
    known: Known | None = None,
    caller: Caller | None = None,
    rules: Mapping[Operation, RuleSet] = RULES,
    facts: FactValues = NO_FACTS,
) -> Repaired:
    """Return the payload with its certain repairs (with `likely` also the likely ones), and its findings.

    The payload is a JSON value then; one without repairs is as it was given, and never changed in place. A
    repair that would give a participant what another one holds is not made. The arguments are those of
    `check`.
    """
    find = partial(
        check,
        survey=survey,
        operation=operation,
        uid=uid,
        known=known,
        caller=caller,
        rules=rules,
        facts=facts,
    )
    codes = rules_of(rules, operation).about_unique
    return repaired_payload(payload, find, lambda _, found: refused_by(codes, found), likely=likely)
