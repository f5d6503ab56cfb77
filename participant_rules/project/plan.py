"""The plan of a project's rules: the facts of cases for the engine."""

from typing import Any, Final

from participant_rules.engine.families import CaseFamily
from participant_rules.engine.groups import Facts
from participant_rules.engine.plan import Plan, kept_plan
from participant_rules.facts import FactValues
from participant_rules.project.case import Case, Holder
from participant_rules.project.change import Change, Known, Operation
from participant_rules.project.keys import schema_of
from participant_rules.project.ledger import Entry
from participant_rules.project.model import Participant, Project, Stored
from participant_rules.project.policy import Policy
from participant_rules.ruleset import RuleSet
from participant_rules.unset import UNSET

__all__ = ["SOMEBODY", "ProjectPlan", "facts_of", "plan_of"]

ProjectPlan = Plan[Case]

SOMEBODY: Final = Entry(Stored(Participant()))
"""The entry of a stored participant, in the facts of a record."""


_FACTS: Final = ("named", "entry", "enrolled", "lost", "allow_update", "changed_keys", "key_holders")


def facts_of(case: Case) -> Facts:
    """The facts of a case beside its members: equal for cases that rules cannot distinguish by them."""
    ledger, lost = case.ledger, case.lost
    if not lost and ledger is not None and ledger.is_of_nobody:  # then no value is anybody's
        case.__dict__["key_holders"] = dict.fromkeys(case.keys, Holder.NOBODY)  # also when the ledger changes
        return (case.named, case.entry, False, lost, case.allow_update, _ALL, ())
    entry: Any = SOMEBODY if isinstance(case.entry, Entry) else case.entry
    holders = tuple([each for each in case.key_holders.items() if case.lost or each[1] is not Holder.NOBODY])
    unique = case.changed_keys if holders or entry is SOMEBODY or case.lost else _ALL
    return (case.named, entry, case.enrolled, case.lost, case.allow_update, unique, holders)


_ALL: Final = frozenset[str]()


def _derive(case: Case) -> None:
    """Set the attributes that follow from the facts of a case."""
    case.__dict__["key_holders"] = dict(case.key_holders)
    if case.entry.__class__ is not Entry:
        case.__dict__["_stands"] = None


def plan_of(
    project: Project,
    policy: Policy,
    operation: Operation,
    rules: RuleSet,
    *,
    warnings: bool,
    fact_values: FactValues | None = None,
) -> ProjectPlan:
    """The plan of some rules for the participants of a project; it is kept with the project.

    A plan with `fact_values` is made anew at each call, since its verdicts depend on them.
    """

    def make() -> ProjectPlan:
        given = {"known": Known(project, UNSET), "policy": policy}
        family = CaseFamily(Case, Change(operation), "asked", given, _FACTS, _derive, fact_values)
        return Plan(schema_of(project, policy), rules, family, warnings=warnings)

    return make() if fact_values else kept_plan(project.made, (operation, warnings), policy, rules, make)
