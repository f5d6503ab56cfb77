"""Check a payload before it is sent: no port, no network; what is not known is not judged."""

from collections.abc import Mapping
from typing import Literal

from participant_rules.project.case import Case, Change, Known, Operation
from participant_rules.project.decision import decide, decide_all
from participant_rules.project.model import Project
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.rules import RULES
from participant_rules.project.wire import read_batch, read_body
from participant_rules.rules import RuleSet
from participant_rules.unset import UNSET
from participant_rules.violations import Violation

__all__ = ["check"]


def check(
    payload: object,
    project: Project | None = None,
    *,
    operation: Literal["put", "bulk"] = "put",
    allow_update: bool = True,
    known: Known | None = None,
    policy: Policy = POLICY,
    rules: Mapping[Operation, RuleSet] = RULES,
) -> tuple[Violation, ...]:
    """Every violation of the payload of an Add/Update or a Bulk Add/Update, then every warning.

    `payload` is bytes, text or decoded JSON; bad input is a violation and never an exception. `known` is what
    a store answered, where one was asked; a batch is judged against its own rows in any case.
    """
    known = known or Known(project or Project())
    name = known.project.id if known.project else ""
    if operation == "bulk":
        batch = read_batch(payload, project=name)
        bulk = decide_all(batch.changes, known, allow_update=allow_update, policy=policy, rules=rules)
        return (*batch.faults, *bulk.violations, *batch.warnings, *bulk.warnings)
    asked, faults = read_body(payload)
    if asked is UNSET:
        return faults
    change = Change(Operation.PUT, name, asked=asked, faults=faults)
    decision = decide(Case.of(change, known, policy), rules)
    return (*decision.violations, *decision.warnings)
