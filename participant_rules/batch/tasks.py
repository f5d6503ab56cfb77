"""The tasks of both families: the only file here that names them."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from participant_rules import jsontext
from participant_rules.batch.held_keys import Hasher, local
from participant_rules.batch.judge import PlanJudge
from participant_rules.due import A_POLICY, ALLOW_UPDATE, CALLER, PROJECT, ROSTER, SURVEY, a, with_methods
from participant_rules.engine.roll import Side
from participant_rules.facts import NO_FACTS, FactValues, are_facts
from participant_rules.jsontext import Glance
from participant_rules.project import RULES as PROJECT_RULES
from participant_rules.project import Operation as ProjectOperation
from participant_rules.project import Policy, Project
from participant_rules.project import Roster as ProjectRoster
from participant_rules.project.keys import schema_of
from participant_rules.project.policy import POLICY
from participant_rules.project.roll import ProjectSide
from participant_rules.rulebook import is_rulebook, rules_of
from participant_rules.ruleset import RuleSet
from participant_rules.schema.tree import Schema
from participant_rules.survey import RULES as SURVEY_RULES
from participant_rules.survey import Caller, Survey
from participant_rules.survey import Operation as SurveyOperation
from participant_rules.survey import Roster as SurveyRoster
from participant_rules.survey.roll import SurveySide

__all__ = ["ProjectTask", "SurveyTask"]


@frozen
class _Task:
    """The common part of the tasks: judging by the side that a family gives."""

    @abstractmethod
    def side(self, *, warnings: bool = True) -> Side:
        """The family's side of judging the records."""

    def judge(
        self, *, hasher: Hasher = local, glance: Glance = jsontext.glance, warnings: bool = True
    ) -> PlanJudge:
        """The judge of these records; without `warnings` it finds violations only."""
        return PlanJudge(self.side(warnings=warnings), hasher, glance, warnings=warnings)


@frozen
class ProjectTask(_Task):
    """Records are rows of one Bulk Add/Update of a project.

    Without a `roster` it is not known who is stored, and what depends on that is not judged. `facts` are the
    caller's own, by the names by which rules read them; quotas among them are counted down.
    """

    project: Project = field(validator=a(Project, PROJECT))
    roster: ProjectRoster | None = field(default=None, repr=False, validator=with_methods("find", due=ROSTER))
    allow_update: bool = field(default=False, validator=a(bool, ALLOW_UPDATE))
    policy: Policy = field(default=POLICY, validator=a(Policy, A_POLICY))
    rules: Mapping[ProjectOperation, RuleSet] = field(
        default=PROJECT_RULES, validator=is_rulebook, repr=False
    )
    facts: FactValues = field(default=NO_FACTS, validator=are_facts, repr=False)

    @property
    def asked(self) -> RuleSet:
        """The rules that each row is asked."""
        return rules_of(self.rules, ProjectOperation.BULK)

    @property
    def schema(self) -> Schema:
        """The schema of a row."""
        return schema_of(self.project, self.policy)

    def side(self, *, warnings: bool = True) -> ProjectSide:
        """The project's side of judging the rows."""
        return ProjectSide(
            self.project, self.roster, self.allow_update, self.policy, self.asked, warnings, dict(self.facts)
        )


def _is_operation(_task: object, _attribute: object, operation: object) -> None:
    if operation not in ("add", "update"):
        raise ValueError("operation is 'add' or 'update'")


@frozen
class SurveyTask(_Task):
    """Records are participants to be added or updated, each judged by its body.

    Without a `roster` it is not known who is stored, and what depends on that is not judged. `facts` are the
    caller's own, by the names by which rules read them; quotas among them are counted down.
    """

    survey: Survey = field(validator=a(Survey, SURVEY))
    roster: SurveyRoster | None = field(default=None, repr=False, validator=with_methods("find", due=ROSTER))
    operation: Literal["add", "update"] = field(default="update", validator=_is_operation)
    caller: Caller = field(factory=Caller, validator=a(Caller, CALLER))
    rules: Mapping[SurveyOperation, RuleSet] = field(default=SURVEY_RULES, validator=is_rulebook, repr=False)
    facts: FactValues = field(default=NO_FACTS, validator=are_facts, repr=False)

    @property
    def asked(self) -> RuleSet:
        """The rules that each participant is asked."""
        return rules_of(self.rules, SurveyOperation(self.operation))

    @property
    def schema(self) -> Schema:
        """The schema of a participant."""
        return self.survey.schema

    def side(self, *, warnings: bool = True) -> SurveySide:
        """The survey's side of judging the participants."""
        return SurveySide(
            self.survey, self.roster, self.operation, self.caller, self.asked, warnings, dict(self.facts)
        )
