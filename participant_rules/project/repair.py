"""Repair a payload as far as this is safe, before it is sent."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal

from participant_rules.facts import NOTHING_TOLD, Told
from participant_rules.project.case import Known, Operation
from participant_rules.project.check import check
from participant_rules.project.keys import schema_of
from participant_rules.project.model import Project
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.ports import Roster
from participant_rules.project.rules import RULES
from participant_rules.repairing import Repaired, refused_by, repaired_payload, shared_by
from participant_rules.rulebook import rules_of
from participant_rules.ruleset import RuleSet
from participant_rules.violations import Violation

__all__ = ["Repaired", "repair"]

_OPERATIONS: Final = {"put": Operation.PUT, "bulk": Operation.BULK}


def repair(
    payload: object,
    project: Project | None = None,
    *,
    likely: bool = False,
    operation: Literal["put", "bulk"] = "put",
    allow_update: bool = True,
    known: Known | None = None,
    roster: Roster | None = None,
    policy: Policy = POLICY,
    rules: Mapping[Operation, RuleSet] = RULES,
    facts: Told = NOTHING_TOLD,
) -> Repaired:
    """The payload with its certain repairs, with `likely` also those that are not, and what is found of it.

    The payload is a JSON value then; one without repairs is as it was given, and never changed in place. A
    repair that would give a participant what another one holds, stored or in the batch, is not made. The
    arguments are those of `check`.
    """
    find = partial(
        check,
        project=project,
        operation=operation,
        allow_update=allow_update,
        known=known,
        roster=roster,
        policy=policy,
        rules=rules,
        facts=facts,
    )
    codes = rules_of(rules, _OPERATIONS[operation]).about_unique

    def held(value: Any, found: Sequence[Violation]) -> Iterator[str]:
        yield from refused_by(codes, found)
        rows = value.get("participants") if operation == "bulk" and isinstance(value, dict) else None
        if isinstance(rows, list):
            yield from shared_by(schema_of(project or Project(), policy), rows, "/participants")

    return repaired_payload(payload, find, held, likely=likely)
