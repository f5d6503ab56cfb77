"""Every rule decides on every road: a check that always fires is heard wherever records are judged.

The rule is replaced in its set, the record has no other fault, and most records of a batch are alike, so that
what was said of the first ones is remembered.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Any, Final

import pytest
from attrs import evolve

from participant_rules import Rule, RuleSet, Severity, at, batch, project, survey
from participant_rules.batch.sources import given
from participant_rules.http import Request, Response
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.rules import At

COUNT: Final = 60  # records of a batch: enough for templates to be learned


class _Always:
    """A check that finds its law broken once, in any case."""

    __doc__, __name__ = "It fires.", "always"

    def __init__(self, rule: Rule) -> None:
        texts = (rule.message, rule.text, rule.pointer)
        names = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
        self._words = dict.fromkeys(names, "x")

    def __call__(self, _case: object) -> Iterator[At]:
        yield at(**self._words)


def always(rules: Mapping[Any, RuleSet], operation: Any, code: str, *, declared: bool) -> dict[Any, RuleSet]:
    """The rules of a family, of which one always fires; undeclared it has no `reads`."""
    rule = rules[operation][code]
    loud = evolve(rule, check=_Always(rule), reads=rule.reads if declared else None)
    return {**rules, operation: rules[operation] + loud}


def rules_of(family: Any) -> list[Any]:
    """Each operation and each rule of it: as it is declared, and without `reads`.

    The latter makes no difference to which rule it is: the first and the last of an operation stand for all.
    """
    return [
        pytest.param(
            operation,
            code,
            declared,
            id=f"{operation}-{code}-{'' if declared else 'un'}declared",
            marks=() if declared or code in (rules.codes[0], rules.codes[-1]) else pytest.mark.heavy,
        )
        for operation, rules in family.RULES.items()
        for code in rules.codes
        for declared in (True, False)
    ]


def is_refused(response: Response, rule: Rule) -> bool:
    """Whether an answer is the rule's."""
    body = response.json()
    if isinstance(body, dict) and "errors" in body:
        return rule.code in [each["code"] for each in body["errors"]]
    return isinstance(body, dict) and body.get("message") == rule.violation(_place(rule)).message


def _place(rule: Rule) -> At:
    return next(_Always(rule)(None))


def heard(api: Any, request: Request, rule: Rule) -> dict[str, bool]:
    """Whether a server says so, in its dry run and in its answer, which has no warnings."""
    results = rule.code in [each.code for each in api.check(request)]
    is_error = rule.severity is Severity.ERROR
    answer = api.handle(request)
    return {"check": results, "answer": is_refused(answer, rule) if is_error else answer.status == 200}


def heard_of_each(task: Any, payloads: Sequence[object], code: str) -> bool:
    """Whether a batch says so of each record, and nothing else."""
    outcomes = batch.check_sources([given(payloads)], task, records=COUNT // 2)
    found = [[each.violation.code for each in outcome.findings] for outcome in outcomes]
    return len(found) == len(payloads) and all(each == [code] for each in found)


# ---- projects

ID: Final = "3a713a06-295d-4803-9602-776f09a1483b"
PATH: Final = "/api/v1/administration/projects/P/participants"
DEFINITION: Final[dict[str, Any]] = {
    "id": "P",
    "customFields": [{"name": "Smoker", "type": "Integer"}, {"name": "SecondaryIdentifier", "type": "Text"}],
}
LEE: Final[dict[str, Any]] = {"id": ID, "participantIdentifier": "A-1"}
PROJECT: Final = project.Project.from_json(DEFINITION)


def a_row(number: int) -> dict[str, Any]:
    """A row without a fault."""
    contact = {
        "email": f"a{number}@example.com",
        "firstName": "Kim",
        "dateOfBirth": "1980-02-03",
        "gender": "F",
        "mobilePhone": f"212555{number:04d}",
        "utcOffset": "-04:00:00",
    }
    fields = {"Smoker": 1}
    return {
        "participantIdentifier": f"A-{number}",
        "invitationStatus": "pending",
        "demographics": contact,
        "customFields": fields,
    }


REQUESTS: Final = {
    project.Operation.QUERY: Request("GET", PATH),
    project.Operation.READ: Request("GET", f"{PATH}/A-1"),
    project.Operation.PUT: Request("PUT", PATH, body=json.dumps(a_row(1)).encode()),
    project.Operation.SEGMENTS: Request("GET", f"{PATH}/A-1/segments"),
    project.Operation.BULK: Request(
        "POST",
        PATH,
        query={"allowUpdate": "true"},
        body=json.dumps({"participants": [a_row(1), a_row(2)]}).encode(),
    ),
    project.Operation.DELETE: Request("DELETE", f"{PATH}/A-1"),
    project.Operation.WITHDRAW: Request("POST", f"{PATH}/A-1/withdraw"),
}


def a_store(*more: dict[str, Any]) -> MemoryProjects:
    """A store of the project."""
    return MemoryProjects.from_json([DEFINITION | {"participants": [LEE, *more]}])


@pytest.mark.parametrize(("operation", "code", "declared"), rules_of(project))
def test_projects(operation: project.Operation, code: str, declared: bool) -> None:
    """By a server, by a check with and without a store, and in a batch."""
    rules = always(project.RULES, operation, code, declared=declared)
    roads = heard(project.Api(a_store(), rules=rules), REQUESTS[operation], rules[operation][code])
    if operation in (project.Operation.PUT, project.Operation.BULK):
        body = json.loads(REQUESTS[operation].body or b"")
        word: Any = operation.value
        for name, store in (("alone", None), ("with a store", a_store())):
            for kind, payload in (
                ("value", body),
                ("text", json.dumps(body)),
                ("bytes", REQUESTS[operation].body),
            ):
                results = project.check(payload, PROJECT, operation=word, roster=store, rules=rules)
                roads[f"{kind} {name}"] = code in [each.code for each in results]
    if operation is project.Operation.BULK:
        rows = [json.dumps(a_row(number)).encode() for number in range(COUNT)]
        stored = [
            {"id": f"id {number}", "participantIdentifier": f"A-{number}"} for number in range(2, COUNT, 3)
        ]
        for name, store in (("batch", None), ("batch with a store", a_store(*stored))):
            task = batch.ProjectTask(PROJECT, store, allow_update=True, rules=rules)
            roads[name] = heard_of_each(task, [*rows], code)
            roads[f"{name} of values"] = heard_of_each(task, [a_row(number) for number in range(COUNT)], code)
            roads[f"{name} of one"] = heard_of_each(task, rows[:1], code)
    assert [road for road, is_heard in roads.items() if not is_heard] == []


# ---- surveys

SURVEY: Final[dict[str, Any]] = {
    "id": "S",
    "invited": True,
    "loggedOn": True,
    "group": True,
    "importState": None,
    "interviewers": None,
    "inviteSeeding": ["surname"],
    "questionnaireSeeding": None,
    "fixedSubjects": False,
    "variables": [
        {"variableId": "V1", "responseType": "Single", "codes": [{"codeValue": "1"}, {"codeValue": "2"}]},
        {"variableId": "V2", "responseType": "Text"},
    ],
}
SUBJECT: Final[dict[str, Any]] = {"subjectName": "One", "questionnaireSeeding": {"v1": "1", "v2": "fine"}}


def a_participant(number: int) -> dict[str, Any]:
    """A participant without a fault."""
    invitation = {
        "optedOut": False,
        "sendInvitations": True,
        "emailAddress": f"a{number}@example.com",
        "inviteSeeding": {"surname": "Lee"},
    }
    login = {"login": f"L{number}", "password": None, "interviewer": None}
    subjects = [SUBJECT, {**SUBJECT, "subjectName": "Two"}]
    sections = {"invitationSection": invitation, "loginSection": login | {"subjects": subjects}}
    return sections | {"enabled": True}


def _request(method: str, path: str = "", body: object = None) -> Request:
    sent = None if body is None else json.dumps(body).encode()
    return Request(method, f"/surveys/S/participants{path}", body=sent or b"")


CALLS: Final = {
    survey.Operation.LIST: _request("GET"),
    survey.Operation.READ: _request("GET", "/L1"),
    survey.Operation.ADD: _request("POST", body=a_participant(0)),
    survey.Operation.UPDATE: _request("PUT", "/L1", a_participant(1)),
    survey.Operation.DELETE: _request("DELETE", "/L1"),
    survey.Operation.LIST_SUBJECTS: _request("GET", "/L1/subjects"),
    survey.Operation.READ_SUBJECT: _request("GET", "/L1/subjects/One"),
    survey.Operation.ADD_SUBJECT: _request("POST", "/L1/subjects", {**SUBJECT, "subjectName": "New"}),
    survey.Operation.UPDATE_SUBJECT: _request("PUT", "/L1/subjects/One", SUBJECT),
    survey.Operation.DELETE_SUBJECT: _request("DELETE", "/L1/subjects/One"),
}


def participants(start: int = 1) -> MemorySurveys:
    """A store of the survey."""
    stored = [a_participant(number) for number in range(start, COUNT)]
    return MemorySurveys.from_json([SURVEY | {"participants": stored}])


@pytest.mark.parametrize(("operation", "code", "declared"), rules_of(survey))
def test_surveys(operation: survey.Operation, code: str, declared: bool) -> None:
    """By a server, by a check with and without stored data, and in a batch."""
    rules = always(survey.RULES, operation, code, declared=declared)
    roads = heard(survey.Api(participants(), rules=rules), CALLS[operation], rules[operation][code])
    definition = survey.Survey.from_json(SURVEY)
    if operation in (survey.Operation.ADD, survey.Operation.UPDATE):
        adds = operation is survey.Operation.ADD
        word: Any = operation.value
        body = CALLS[operation].body
        change = survey.Change(operation, "S", asked=survey.read(body))
        known = participants().find(survey.keys([change]))
        for name, answer in (("alone", None), ("with a store", known)):
            for payload in (json.loads(body), body.decode(), body):
                results = survey.check(payload, definition, operation=word, known=answer, rules=rules)
                roads[f"{type(payload).__name__} {name}"] = code in [each.code for each in results]
        rows = [json.dumps(a_participant(number)).encode() for number in range(1, COUNT)]
        for name, store in (("batch", None), ("batch with a store", participants(COUNT if adds else 1))):
            task = batch.SurveyTask(definition, store, word, rules=rules)
            roads[name] = heard_of_each(task, [*rows], code)
            roads[f"{name} of values"] = heard_of_each(task, [json.loads(each) for each in rows], code)
            roads[f"{name} of one"] = heard_of_each(task, rows[:1], code)
    assert [road for road, is_heard in roads.items() if not is_heard] == []
