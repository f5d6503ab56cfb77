"""Check a payload before it is sent: no port, no network; what is not known is not judged."""

from collections.abc import Mapping
from typing import Final, Literal, cast

from participant_rules import jsontext
from participant_rules.jsontext import Glance
from participant_rules.rules import RuleSet
from participant_rules.survey.case import Case, Change, Known, Operation
from participant_rules.survey.decision import decide
from participant_rules.survey.guards import GUARDS, walk
from participant_rules.survey.model import Caller, Participant, Survey
from participant_rules.survey.rules import RULES
from participant_rules.survey.wire import read_value
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
    glance: Glance = jsontext.glance,
) -> tuple[Violation, ...]:
    """Every violation of a participant's payload, then every warning.

    `payload` is bytes, text or decoded JSON; bad input is a violation and never an exception. `uid` is the id
    in the path, where there is one; `known` what a store answered, where one was asked.
    """
    if known is None:
        known = Known(survey)
    if caller is None:
        caller = _ANYBODY
    laws = rules[cast("Operation", operation)]  # a call is equal to its name
    body, names = glance(payload)
    doubts, read, _ = walk(body, operation, uid, known, caller)
    if read != names:  # one of them is not sure
        body, faults = jsontext.read(payload)
        if faults:
            return faults
        doubts, _, _ = walk(body, operation, uid, known, caller)
    if not doubts and known.survey is not None and laws.guards <= GUARDS:
        return ()
    asked, faults = read_value(Participant, body)
    change = Change(Operation(operation), survey.id, uid, asked=asked, faults=faults)
    case = Case.of(change, known, caller)
    case.doubts = doubts
    decision = decide(case, rules)
    return (*decision.violations, *decision.warnings) if warnings else decision.violations
