"""The plan of a survey's rules: the facts of cases for the engine."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from participant_rules.engine.groups import Facts
from participant_rules.engine.plan import Plan
from participant_rules.engine.slots import Keys, State
from participant_rules.facts import SealedFacts, Told
from participant_rules.ruleset import RuleSet
from participant_rules.schema.reads import Read
from participant_rules.survey.case import Case
from participant_rules.survey.change import Change, Known, Operation
from participant_rules.survey.model import Caller, Survey
from participant_rules.unset import UNSET, Unset

__all__ = ["SurveyPlan", "facts_of", "plan_of"]

SurveyPlan = Plan[Case]

_FACTS: Final = ("is_stored", "known_taken", "vanished", "has_uid")


@frozen
class _Family:
    """Cases of one operation on a survey."""

    survey: Survey
    operation: Operation
    caller: Caller
    told: Told | None = None
    facts: frozenset[str] = Case.fact_names
    content: frozenset[str] = Case.content

    def sealed(
        self, asked: Any, readings: Mapping[Read, Any], facts: Facts | None, declared: frozenset[str]
    ) -> Case:
        """The case of a sealed entity; see `engine.groups.Family`."""
        case = object.__new__(Case)
        case.__dict__.update(
            change=Change(self.operation, self.survey.id, asked=asked),
            known_survey=self.survey,
            caller=self.caller,
            readings=readings,
            facts=SealedFacts(self.told, declared),
        )
        if facts is not None:
            case.__dict__.update(zip(_FACTS, facts, strict=True))
        return case


def facts_of(case: Case) -> Facts:
    """The facts of a case beside its members: equal for cases that no rule can tell apart by them."""
    return (case.is_stored, case.known_taken, case.vanished, case.has_uid)


def facts_of_record(keys: Keys, call: Change, known: Known) -> Facts | None:
    """The facts of one record by its identity; None where these do not tell them."""
    (key,) = keys
    if key is State.MALFORMED:
        return None
    named = call.uid if isinstance(call.uid, str) else key or None
    found = known.find(named) if named is not None else UNSET
    stands = found if isinstance(found, Unset) else found is not None
    has_uid = isinstance(call.uid, str)
    adds = call.operation is Operation.ADD
    return (UNSET if adds else stands, stands if adds else UNSET, False, has_uid)


def plan_of(
    survey: Survey,
    operation: Operation,
    caller: Caller,
    rules: RuleSet,
    *,
    warnings: bool,
    told: Told | None = None,
) -> SurveyPlan:
    """The plan of some rules for the participants of a survey; it is kept with the survey.

    One that remembers verdicts by what was `told` is made for whoever asks.
    """
    if told:
        family = _Family(survey, operation, caller, told)
        return Plan(survey.schema, rules, family, warnings=warnings)
    latest: _Latest | None = survey.made.get((operation, warnings))
    if latest is not None and latest[0] is caller and latest[1] is rules:
        return latest[2]
    key = (operation, caller, rules, warnings)
    plan: SurveyPlan | None = survey.made.get(key)
    if plan is None:
        family = _Family(survey, operation, caller)
        plan = survey.made[key] = Plan(survey.schema, rules, family, warnings=warnings)
    survey.made[operation, warnings] = (caller, rules, plan)
    return plan


_Latest = tuple[Caller, RuleSet, SurveyPlan]
"""What the plan of a call was asked for last with: neither is hashed to find it."""


PLANNED: Final = frozenset({Operation.ADD, Operation.UPDATE})
"""The calls whose body is a participant."""
