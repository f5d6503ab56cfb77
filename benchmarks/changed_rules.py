"""Batches under rules that a caller has changed: one of their own, one replaced, one left out.

No record of the benchmark breaks a rule of one's own, the rule that is replaced says what ours says, and the
one that is left out never fires: so the verdicts are the same, and only their price may differ.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import project_records
import survey_records
from attrs import evolve
from survey_peers import found
from verdicts import Verdict

from participant_rules import at, batch, project, rule, survey
from participant_rules.memory import MemoryProjects, MemorySurveys

Batch = Callable[[Sequence[bytes]], list[Verdict | None]]

SHIPPED = "as shipped"
OWN = "a rule of one's own"
DECLARED = "a rule of one's own, with what it reads"
REPLACED = "a rule replaced"
REMOVED = "a rule left out"


# ---- project


@rule("Staff register with their work address.", pointer="/demographics/email")
def staff_address(case: Any) -> Any:
    """Staff have an address of the study."""
    if (case.new_email or "").endswith("@nowhere.example"):
        yield at()


@rule("Staff register with their work address.", reads=["demographics.email"], pointer="/demographics/email")
def declared_staff_address(case: Any) -> Any:
    """Staff have an address of the study."""
    if (case.new_email or "").endswith("@nowhere.example"):
        yield at()


@rule("Gender is M, F or O.", reads=["demographics.gender"], pointer="/demographics/gender")
def gender_unknown(case: Any) -> Any:
    """Genders are coded."""
    if case.new_demographic("gender") not in (None, "M", "F", "O"):
        yield at()


def _of_project() -> Mapping[str, Any]:
    rules, bulk = project.RULES, project.Operation.BULK
    return {
        SHIPPED: rules,
        OWN: rules | {bulk: project.BULK + staff_address},
        DECLARED: rules | {bulk: project.BULK + declared_staff_address},
        REPLACED: rules | {bulk: project.BULK + gender_unknown},
        REMOVED: rules | {bulk: project.BULK.without("participant-identifier-taken")},
    }


def _project_batches() -> Callable[[Any], Batch]:
    data = project_records.DEFINITION | {"participants": project_records.project_records(0)[0]}
    store = MemoryProjects.from_json([data])
    definition = project.Project.from_json(project_records.DEFINITION)

    def batch_of(rules: Any) -> Batch:
        return _judge(batch.ProjectTask(evolve(definition), store, allow_update=True, rules=rules))

    return batch_of


# ---- survey


@rule("Logins have at most fifty characters.", pointer="/loginSection/login")
def login_too_long(case: Any) -> Any:
    """Logins are short."""
    if len(case.login or "") > 50:
        yield at()


@rule("Logins have at most fifty characters.", reads=["loginSection.login"], pointer="/loginSection/login")
def declared_login_too_long(case: Any) -> Any:
    """Logins are short."""
    if len(case.login or "") > 50:
        yield at()


@rule(
    "Nobody is invited who has opted out.",
    reads=["invitationSection.optedOut", "invitationSection.sendInvitations"],
    pointer="/invitationSection",
)
def opted_out_and_invited(case: Any) -> Any:
    """Who has opted out gets no invitations."""
    section = case.invitation_section
    if section.opted_out is True and section.send_invitations is True:
        yield at()


def _of_survey() -> Mapping[str, Any]:
    rules, add = survey.RULES, survey.Operation.ADD
    return {
        SHIPPED: rules,
        OWN: rules | {add: survey.ADD + login_too_long},
        DECLARED: rules | {add: survey.ADD + declared_login_too_long},
        REPLACED: rules | {add: survey.ADD + opted_out_and_invited},
        REMOVED: rules | {add: survey.ADD.without("interviewer-without-access")},
    }


def _survey_batches() -> Callable[[Any], Batch]:
    stored = [{"loginSection": {"login": login}} for login in survey_records.TAKEN]
    store = MemorySurveys.from_json([survey_records.DEFINITION | {"participants": stored}])

    definition = survey.Survey.from_json(survey_records.DEFINITION)

    def batch_of(rules: Any) -> Batch:
        return _judge(batch.SurveyTask(evolve(definition), store, operation="add", rules=rules))

    return batch_of


def _judge(task: Any) -> Batch:
    return lambda payloads: [found(each) for each in batch.check(payloads, task, warnings=False)]


FAMILIES = {"project": (_of_project, _project_batches), "survey": (_of_survey, _survey_batches)}


def batches(family: str) -> Mapping[str, Callable[[], Batch]]:
    """The makers of batches that remember nothing yet, under each set of rules."""
    rules_of, batches_of = FAMILIES[family]
    batch_of = batches_of()

    def made(rules: Any) -> Callable[[], Batch]:
        return lambda: batch_of(rules)

    return {name: made(rules) for name, rules in rules_of().items()}
