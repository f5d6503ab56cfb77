"""The verdict of a rule set's plan on a record is that of its rules, asked one by one."""

import json
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import UNSET, RuleSet, Violation, at, project, rule, survey
from participant_rules.project.case import ledger_of
from participant_rules.rules import At
from participant_rules.schema.reads import malformed, state
from participant_rules.unset import Unset
from tests.asked import asked_of_project, asked_of_survey
from tests.batch.samples import (
    participant,
    people,
    project_of,
    row,
    store_of,
    stored_participants,
    survey_definition,
    survey_store,
)

SEEDS = st.integers(0, 2**32)
ODDITY = st.sampled_from([0.01, 0.1, 0.3])
NAME, EMAIL = "demographics.firstName", "demographics.email"
LOGIN, NAMES = "loginSection.login", "loginSection.subjects[].subjectName"

# ---- rules of one's own


@rule("The name is Kim.", reads=[NAME])
def of_a_text(case: project.Case) -> Iterator[At]:
    """It reads a text."""
    if (case.new_demographic("first_name") or "").startswith("K"):
        yield at("demographics", "firstName")


@rule("The address of {name}.", severity="warning", reads=[EMAIL, NAME, state("id")])
def of_texts(case: project.Case) -> Iterator[At]:
    """It reads two texts and a state."""
    if case.demographics.email and case.demographics.first_name and case.lacks("id"):
        yield at("demographics", "email", name=str(case.demographics.first_name))


@rule("There is a number.", reads=[state("demographics.mobilePhone")], severity="warning")
def of_a_state(case: project.Case) -> Iterator[At]:
    """It reads whether there is a value, in a section that may not be there."""
    if case.lacks("demographics.mobilePhone"):
        yield at("demographics", "mobilePhone")


@rule("Who has enrolled.", reads=[])
def of_facts(case: project.Case) -> Iterator[At]:
    """It reads the facts about the participant."""
    if case.enrolled and case.changes(EMAIL) and not case.is_taken(EMAIL):
        yield at()


@rule("The institution stays.", reads=["institutionCode"], unless=["email-taken"])
def of_what_is_stored(case: project.Case) -> Iterator[At]:
    """It compares with stored values."""
    if case.standing is not None and case.asked.institution_code != case.standing.institution_code:
        yield at("institutionCode")


@rule("Fields are few.", severity="warning", reads=["customFields", malformed(EMAIL)])
def of_an_open_object(case: project.Case) -> Iterator[At]:
    """It reads an object of undocumented names."""
    if len(case.custom_fields) > 1 and not case.malformed(EMAIL):
        yield at("customFields")


@rule("Everything.", unless=["of-a-text"])
def of_anything(case: project.Case) -> Iterator[At]:
    """It has no `reads`."""
    if case.demographics.gender and case.asked.extras:
        yield at("demographics")


@rule("Flags.", gate=True, reads=["excludeFromExport"])
def of_a_flag(case: project.Case) -> Iterator[At]:
    """It reads a flag, and ends the judging."""
    if case.asked.exclude_from_export is True:
        yield at("excludeFromExport")


OF_PROJECTS = RuleSet(
    (of_a_text, of_texts, of_a_state, of_facts, of_what_is_stored, of_an_open_object, of_anything, of_a_flag)
)


@rule("A login is short.", reads=[LOGIN])
def of_a_login(case: survey.Case) -> Iterator[At]:
    """It reads a text."""
    if len(case.login or "") > 3:
        yield at("loginSection", "login")


@rule("Names are capitals.", severity="warning", reads=[NAMES, state("loginSection.password")])
def of_names(case: survey.Case) -> Iterator[At]:
    """It reads the texts of a list."""
    for place, name in enumerate(case.subject_names):
        if (name or "").islower() or case.lacks("loginSection.password"):
            yield at("loginSection", "subjects", place, "subjectName")


@rule("Somebody is there.", reads=["enabled"])
def of_present(case: survey.Case) -> Iterator[At]:
    """It reads a fact and a flag."""
    if case.is_there and case.asked.enabled is not False:
        yield at("enabled")


@rule("The participant was enabled.", reads=["enabled"], unless=["of-a-login"])
def of_the_stored_one(case: survey.Case) -> Iterator[At]:
    """It compares with stored values."""
    if case.standing.enabled is not False and case.participant.enabled is not True:
        yield at("enabled")


@rule("Anything.")
def of_all(case: survey.Case) -> Iterator[At]:
    """It has no `reads`."""
    if case.participant.extras:
        yield at()


OF_SURVEYS = RuleSet((of_a_login, of_names, of_present, of_the_stored_one, of_all))

# ---- projects


def saved(random: Random, body: object) -> list[object]:
    """A body as it is, as a JSON text and as bytes; a string is no body of its own."""
    text = json.dumps(body, ensure_ascii=random.random() < 0.5, indent=random.choice([None, 1]))
    return [*([] if isinstance(body, str) else [body]), text, text.encode("utf-8", "surrogatepass")]


def one_by_one(
    case: project.Case | survey.Case, rules: RuleSet, faults: tuple[Violation, ...]
) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
    """The errors and the warnings of a case without a JSON value, so that no plan judges it."""
    assert case.change.body is UNSET
    return (*faults, *rules.violations(case)), rules.warnings(case)


@given(SEEDS, ODDITY, st.booleans(), st.booleans(), st.sampled_from(["put", "bulk"]))
def test_projects(seed: int, how_odd: float, own: bool, allow_update: bool, operation: str) -> None:
    """With nobody, somebody and unknown stored; by rules of ours, and with rules of one's own."""
    random = Random(seed)
    definition, policy = project_of(random), project.Policy(valid_phones=random.random() < 0.3)
    store = store_of(definition, people(random), policy)
    call = project.Operation(operation)
    rules = project.RULES[call] + (OF_PROJECTS if own else ())
    for _ in range(12):
        body = row(random, how_odd)
        asked, faults = asked_of_project(json.dumps(body))
        plain = project.Change(call, "P", asked=asked, faults=faults)
        known = store.find(project.keys([plain], policy))
        if random.random() < 0.3:
            known = project.Known(definition)
        elif random.random() < 0.1:
            known = evolve(known, participants=())
        lost = frozenset(random.sample(["id", "email", "participantIdentifier"], random.choice([0, 0, 0, 1])))
        errors, warnings = one_by_one(case_of(plain, known, policy, allow_update, lost), rules, faults)
        case = case_of(project.wire.change_of(body, call, "P"), known, policy, allow_update, lost)
        decision = (
            project.decide(case, {call: rules})
            if call is project.Operation.PUT
            else bulk_of(case, rules, lost)
        )
        assert (decision.violations, decision.warnings) == (errors, warnings)
        if call is project.Operation.PUT and allow_update and not lost:
            expected = (*errors, *warnings)
            for payload in saved(random, body):
                found = project.check(payload, definition, known=known, policy=policy, rules={call: rules})
                assert found == expected


def case_of(
    change: project.Change,
    known: project.Known,
    policy: project.Policy,
    allow_update: bool,
    lost: frozenset[str],
) -> project.Case:
    """A case of its own ledger."""
    ledger = ledger_of(known, policy)
    return project.Case.of(change, known, policy, ledger=ledger, allow_update=allow_update, lost=lost)


def bulk_of(case: project.Case, rules: RuleSet, lost: frozenset[str]) -> project.Decision:
    """The decision on the one row of a bulk."""
    (decision,) = project.decide_all(
        [case.change],
        case.known,
        allow_update=case.allow_update,
        policy=case.policy,
        rules={project.Operation.BULK: rules},
        lost={0: lost},
    )
    base = len("/participants/0")
    shorter = [evolve(each, pointer=(each.pointer or "")[base:]) for each in decision.found]
    return evolve(decision, found=tuple(shorter), base="")


# ---- surveys


@given(SEEDS, ODDITY, st.booleans(), st.sampled_from(["add", "update"]))
def test_surveys(seed: int, how_odd: float, own: bool, operation: str) -> None:
    """With nobody, somebody and unknown stored, by the path's id and without; by rules of one's own too."""
    random = Random(seed)
    definition = survey_definition(random)
    store = survey_store(definition, stored_participants(random, definition))
    call = survey.Operation(operation)
    rules: Mapping[survey.Operation, RuleSet] = {call: survey.RULES[call] + (OF_SURVEYS if own else ())}
    caller = survey.Caller(random.random() < 0.5)
    for _ in range(12):
        body = participant(random, definition, how_odd)
        asked, faults = asked_of_survey(survey.Participant, json.dumps(body))
        uid = uid_of(random, definition, asked) if call is survey.Operation.UPDATE else UNSET
        plain = survey.Change(call, "S", uid, asked=asked, faults=faults)
        known = store.find(survey.keys([plain])) if random.random() < 0.6 else survey.Known(definition)
        vanished = random.random() < 0.1
        case = evolve_case(survey.Case.of(plain, known, caller), vanished=vanished)
        errors, warnings = one_by_one(case, rules[call], faults)
        planned = survey.wire.change_of(survey.Change(call, "S", uid), body)
        decision = survey.decide(
            evolve_case(survey.Case.of(planned, known, caller), vanished=vanished), rules
        )
        assert (decision.violations, decision.warnings) == (errors, warnings)
        if not vanished:
            for payload in saved(random, body):
                found = check_survey(payload, definition, operation, uid, known, caller, rules)
                assert found == (*errors, *warnings)


def evolve_case(case: survey.Case, *, vanished: bool) -> survey.Case:
    """The case of a participant that the store may have reported gone."""
    case.vanished = vanished
    return case


def check_survey(
    payload: object,
    definition: survey.Survey,
    operation: Any,
    uid: str | Unset,
    known: survey.Known,
    caller: survey.Caller,
    rules: Mapping[survey.Operation, RuleSet],
) -> tuple[Violation, ...]:
    """The findings of a check."""
    return survey.check(
        payload, definition, operation=operation, uid=uid, known=known, caller=caller, rules=rules
    )


def uid_of(random: Random, definition: survey.Survey, asked: Any) -> str | Unset:
    """The id in a path: none, that of the body, or another one."""
    own = definition.identity(asked) if isinstance(asked, survey.Participant) else None
    ids: list[str | Unset] = [UNSET, own or "kim", "kim", "a@example.com", "A@EXAMPLE.com"]
    return random.choice(ids)


@pytest.mark.parametrize("rules", [OF_PROJECTS, OF_SURVEYS], ids=["project", "survey"])
def test_rules_of_ones_own_are_of_all_sorts(rules: RuleSet) -> None:
    """Rules without `reads` are few."""
    assert [each.code for each in rules if each.reads is None] == (
        ["of-anything"] if rules is OF_PROJECTS else ["of-all"]
    )
