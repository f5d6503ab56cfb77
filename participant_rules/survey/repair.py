"""Repair a payload as far as this is safe, before it is sent."""

from collections.abc import Mapping
from functools import partial
from typing import Literal

from participant_rules.facts import NOTHING_TOLD, Told
from participant_rules.repairing import Repaired, refused_by, repaired_payload
from participant_rules.rulebook import rules_of
from participant_rules.ruleset import RuleSet
from participant_rules.survey.case import Known, Operation
from participant_rules.survey.check import check
from participant_rules.survey.model import Caller, Survey
from participant_rules.survey.rules import RULES
from participant_rules.unset import UNSET, Unset

__all__ = ["Repaired", "repair"]


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
    facts: Told = NOTHING_TOLD,
) -> Repaired:
    """The payload with its certain repairs, with `likely` also those that are not, and what is found of it.

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
    codes = rules_of(rules, Operation(operation)).about_unique
    return repaired_payload(payload, find, lambda _, found: refused_by(codes, found), likely=likely)
