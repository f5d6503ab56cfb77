"""Check a payload before it is sent: no port, no network; what is not known is not judged."""

from collections.abc import Mapping
from typing import Final, Literal

from participant_rules.rules import RuleSet
from participant_rules.survey.case import Case, Change, Known, Operation
from participant_rules.survey.decision import decide
from participant_rules.survey.model import Caller, Survey
from participant_rules.survey.rules import RULES
from participant_rules.survey.wire import read_change
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["check"]

_ANYBODY: Final = Caller()


def check(
    payload: object,
    survey: Survey,
    *,
    operation: Literal["add", "update"] = "update",
    uid: str | Unset = UNSET,
    known: Known | None = None,
    caller: Caller | None = None,
    rules: Mapping[Operation, RuleSet] = RULES,
    warnings: bool = True,
) -> tuple[Violation, ...]:
    """Every violation of a participant's payload, then every warning.

    `payload` is bytes, text or decoded JSON; bad input is a violation and never an exception. `uid` is the id
    in the path, where there is one; `known` what a store answered, where one was asked.
    """
    if known is None:
        known = Known(survey)
    if caller is None:
        caller = _ANYBODY
    change = read_change(Change(operation, survey.id, uid), payload)
    if change.asked is UNSET:
        return change.faults
    decision = decide(Case.of(change, known, caller), rules)
    return (*decision.violations, *decision.warnings) if warnings else decision.violations
