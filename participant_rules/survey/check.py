"""Check a payload before it is sent: no port, no network; what is not known is not judged."""

from collections.abc import Mapping
from typing import Literal

from participant_rules.rules import RuleSet
from participant_rules.survey.case import Case, Change, Known, Operation
from participant_rules.survey.decision import decide
from participant_rules.survey.model import Caller, Participant, Survey
from participant_rules.survey.rules import RULES
from participant_rules.survey.wire import read_body
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["check"]


def check(
    payload: object,
    survey: Survey,
    *,
    operation: Literal["add", "update"] = "update",
    uid: str | Unset = UNSET,
    known: Known | None = None,
    caller: Caller | None = None,
    rules: Mapping[Operation, RuleSet] = RULES,
) -> tuple[Violation, ...]:
    """Every violation of a participant's payload, then every warning.

    `payload` is bytes, text or decoded JSON; bad input is a violation and never an exception. `uid` is the id in
    the path, where there is one; `known` what a store answered, where one was asked.
    """
    asked, faults = read_body(Participant, payload)
    if asked is UNSET:
        return faults
    change = Change(Operation(operation), survey.id, uid, asked=asked, faults=faults)
    decision = decide(Case.of(change, known or Known(survey), caller or Caller()), rules)
    return (*decision.violations, *decision.warnings)
