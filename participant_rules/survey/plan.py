"""The plan of a survey's rules: the facts of cases for the engine."""

from typing import Final

from participant_rules.engine.families import CaseFamily
from participant_rules.engine.groups import Facts
from participant_rules.engine.plan import Plan, kept_plan
from participant_rules.engine.slots import Keys, State
from participant_rules.facts import FactValues
from participant_rules.ruleset import RuleSet
from participant_rules.schema.reads import state
from participant_rules.survey.case import Case
from participant_rules.survey.change import Change, Known, Operation
from participant_rules.survey.model import Caller, Survey
from participant_rules.unset import UNSET, Unset

__all__ = ["SurveyPlan", "facts_of", "plan_of"]

SurveyPlan = Plan[Case]

_FACTS: Final = ("is_stored", "known_taken", "vanished", "has_uid")


def facts_of(case: Case) -> Facts:
    """The facts of a case beside its members: equal for cases that rules cannot distinguish by them."""
    return (case.is_stored, case.known_taken, case.vanished, case.has_uid)


def facts_of_record(keys: Keys, call: Change, known: Known) -> Facts | None:
    """The facts of one record by its identity; None where it does not determine them."""
    (key,) = keys
    if key is State.MALFORMED:
        return None
    named = call.uid if isinstance(call.uid, str) else key or None
    found = known.find(named) if named is not None else UNSET
    is_stored = found if isinstance(found, Unset) else found is not None
    adds = call.operation is Operation.ADD
    return facts_by(adds=adds, is_stored=is_stored, has_uid=isinstance(call.uid, str))


def facts_by(*, adds: bool, is_stored: bool | Unset, has_uid: bool = False) -> Facts:
    """The facts of a record with a stored identity, or a free one: that of an addition is taken then."""
    return (UNSET if adds else is_stored, is_stored if adds else UNSET, False, has_uid)


def plan_of(
    survey: Survey,
    operation: Operation,
    caller: Caller,
    rules: RuleSet,
    *,
    warnings: bool,
    fact_values: FactValues | None = None,
) -> SurveyPlan:
    """The plan of some rules for the participants of a survey; it is kept with the survey.

    A plan with `fact_values` is made anew at each call, since its verdicts depend on them.
    """

    def make() -> SurveyPlan:
        given = {"known_survey": survey, "caller": caller}
        call = Change(operation, survey.id)
        of_keys = frozenset([state(survey.identity_path)])
        family = CaseFamily(
            Case, call, "participant", given, _FACTS, fact_values=fact_values, of_keys=of_keys
        )
        return Plan(survey.schema, rules, family, warnings=warnings)

    return make() if fact_values else kept_plan(survey.made, (operation, warnings), caller, rules, make)


PLANNED: Final = frozenset({Operation.ADD, Operation.UPDATE})
"""The calls whose body is a participant."""
