"""Requests made of the OpenAPI description, and their expected answers."""

import json
from typing import Any

from hypothesis import HealthCheck, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from participant_rules import jsontext, project, survey
from participant_rules.server import MemoryStores, sandbox
from tests.server.processes import ROOT

__all__ = ["FEW", "OPEN", "PROJECTS", "STORES", "SURVEYS", "ask"]

EXAMPLES = ROOT / "docs" / "examples"
KINDS = {"S1": (True, True, True), "S2": (False, True, False), "S3": (True, False, False)}
SURVEYS = [json.loads((EXAMPLES / "survey.json").read_text())] + [
    {"id": name, "invited": invited, "loggedOn": logged_on, "group": group, "interviewers": None}
    for name, (invited, logged_on, group) in KINDS.items()
]
PROJECTS: list[dict[str, Any]] = [
    json.loads((EXAMPLES / "project.json").read_text()),
    {"id": "P1"},
    {"id": "P2", "customFields": [{"name": "Smoker", "type": "Integer"}]},
]
NAMES = {"surveyId": [*KINDS, None], "projectId": ["P1", "P2", None]}
FORMS = {
    "gender-unknown",
    "invitation-status-unknown",
    "date-of-birth-malformed",
    "utc-offset-malformed",
}
CODES = ({"text-malformed"} | {each.code for each in project.SENTENCES}) - FORMS

FEW = settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])

STORES = MemoryStores()
OPEN = sandbox(STORES)


def is_ours(answer: Any) -> bool:
    """Whether no schema can express a refusal.

    That is one of rules, of a token that was never issued, and of a NUL in a member that may be anything.
    Dates, offsets and choices it can express.
    """
    if "errors" in answer:
        return CODES.issuperset(each["code"] for each in answer["errors"])
    if "error" in answer:
        return bool(answer["error"] == "invalid_grant")
    sentence: str = answer["message"]
    known = any(laws.recognise(sentence) for laws in survey.RULES.values())
    return known or sentence == jsontext.text_malformed.violation().message


def ask(case: Case[Any], reached: dict[str, set[int]] | None = None) -> None:
    """Send it to a new sandbox, often about another survey or project; the answer is as described."""
    STORES.reset(SURVEYS, PROJECTS, None)
    mode = case.meta.generation.mode if case.meta else None
    if case.meta and case.meta.phase.name.value == "fuzzing" and mode is GenerationMode.POSITIVE:
        number = len(repr(case.path_parameters)) + len(repr(case.body))
        for name in case.path_parameters:
            known = NAMES.get(name, [None])
            case.path_parameters[name] = known[number % len(known)] or case.path_parameters[name]
    answer = case.call()
    case.validate_response(answer, excluded_checks=[positive_data_acceptance])
    if mode is GenerationMode.POSITIVE and answer.status_code == 400:
        assert is_ours(answer.json()), answer.text
    if reached is not None:
        reached[case.operation.label].add(answer.status_code)
