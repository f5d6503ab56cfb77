"""Decisions of both families: true without errors, with explanations, and with repairs that are made late."""

from collections.abc import Callable
from typing import Any
from weakref import ref

import pytest

from participant_rules import Violation, project, survey
from participant_rules.decisions import BaseDecision

GENDER = {"participantIdentifier": "A", "demographics": {"gender": "female"}}
ADDRESS = {"invitationSection": {"emailAddress": "Kim <kim@example.com>"}}


def of_project(body: Any) -> BaseDecision[Any]:
    """The decision on an addition to a project."""
    change = project.read(body, project="P")
    return project.decide(project.Case.of(change, project.Known(project.Project(id="P"), ())))


def of_survey(body: Any) -> BaseDecision[Any]:
    """The decision on an addition to an invite-only survey."""
    change = survey.Change(survey.Operation.ADD, "S", asked=survey.read(body), body=body)
    known = survey.Known(survey.Survey(id="S", invited=True, logged_on=False, group=False), {})
    return survey.decide(survey.Case.of(change, known, survey.Caller()))


@pytest.mark.parametrize(
    ("decision", "code", "repaired"),
    [
        (of_project(GENDER), "gender-unknown", ("/demographics/gender", "F")),
        (of_survey(ADDRESS), "email-required", ("/invitationSection/emailAddress", "kim@example.com")),
    ],
    ids=["project", "survey"],
)
def test_a_decision_that_refuses(decision: BaseDecision[Any], code: str, repaired: tuple[str, str]) -> None:
    """The violation is the rule's own, with the repair of its member, and stands in the explanation."""
    assert not decision
    (violation,) = decision.violations
    assert (violation,) == decision.found
    assert violation.code == code
    assert violation.repair is not None
    assert (violation.repair.pointer, violation.repair.value) == repaired
    fired = [each for each in decision.explain() if each.outcome == "fired"]
    assert [(each.rule.code, each.violations) for each in fired] == [(code, decision.found)]


@pytest.mark.parametrize(("decide", "body"), [(of_project, GENDER), (of_survey, ADDRESS)])
def test_a_refused_decision_is_freed_at_once(decide: Callable[[Any], BaseDecision[Any]], body: Any) -> None:
    """Its violations can still be repaired, and do not keep it: no participant waits for the collector."""
    decision = decide(body)
    (violation,) = decision.violations
    freed = ref(decision)
    del decision
    assert freed() is None
    assert violation.repair is not None


@pytest.mark.parametrize("decision", [of_project({"participantIdentifier": "A", "x": 1})], ids=["project"])
def test_a_decision_that_stands(decision: BaseDecision[Any]) -> None:
    """Warnings refuse nothing."""
    assert decision
    assert decision.violations == ()
    assert [(each.code, each.pointer) for each in decision.warnings] == [("unknown-field", "/x")]
    assert decision.warnings == decision.noted


def test_a_project_that_is_not_found_has_no_warnings() -> None:
    """Nothing but that is said of its participants."""
    change = project.read({"x": 1}, project="P")
    decision = project.decide(project.Case.of(change, project.Known(None, ())))
    found: tuple[Violation, ...] = decision.violations
    assert [each.code for each in found] == ["project-not-found"]
    assert decision.warnings == ()
