"""Rules that are declared without a body."""

from typing import Any

import pytest

from participant_rules import Rule, RuleSet, Severity, Violation, project
from participant_rules.declared import immutable, pointer_of, unique, well_formed
from participant_rules.project.case import Case
from participant_rules.project.memory import MemoryProjects
from participant_rules.schema.reads import key, malformed, state
from participant_rules.violations import OURS

EMAIL, GENDER, PHONE = "demographics.email", "demographics.gender", "demographics.mobilePhone"
FORM = well_formed(GENDER, "Gender.", code="gender", law="A gender is one of the codes.")
FIXED = immutable(
    EMAIL, "Fixed.", code="fixed", law="Who has enrolled keeps it.", when=lambda case: case.enrolled
)
SINGLE = unique(PHONE, "Unique.", code="single", law="Numbers are unique.")
LEE: dict[str, Any] = {
    "id": "I",
    "participantIdentifier": "L",
    "demographics": {"gender": "x", "email": "lee@example.com", "mobilePhone": "2125550100"},
}
KIM: dict[str, Any] = {
    "id": "K",
    "participantIdentifier": "K",
    "enrolled": True,
    "demographics": {"email": "k@x.com"},
}


def found(rule: Rule, **contact: object) -> list[tuple[str, str | None]]:
    """What a rule finds of a body about Kim, when Lee is stored too: asked alone, and by a decision."""
    store = MemoryProjects.from_json([{"id": "P", "participants": [LEE, KIM]}])
    body = {"participantIdentifier": "K", "demographics": contact}
    change = project.read(body, project="P")
    known = store.find(project.keys([change]))
    alone = RuleSet((rule,)).violations(Case.of(change, known))
    decided = project.decide(Case.of(change, known), {project.Operation.PUT: RuleSet((rule,))})
    assert alone == decided.violations
    return [(each.code, each.pointer) for each in alone]


def test_what_is_declared() -> None:
    """The path says the pointer and what is read; all else is as of a rule with a body."""
    assert (FORM.pointer, FORM.reads, FORM.about) == (
        "/demographics/gender",
        frozenset({malformed(GENDER)}),
        "",
    )
    assert (FIXED.pointer, FIXED.reads, FIXED.about) == ("/demographics/email", frozenset({key(EMAIL)}), "")
    assert (SINGLE.pointer, SINGLE.reads, SINGLE.about) == (
        "/demographics/mobilePhone",
        frozenset({key(PHONE)}),
        PHONE,
    )
    assert (FORM.message, FORM.text, FORM.law, FORM.source, FORM.basis, FORM.severity, FORM.status) == (
        "Gender.",
        "Gender.",
        "A gender is one of the codes.",
        OURS,
        "inferred",
        Severity.ERROR,
        400,
    )


def test_more_may_be_said() -> None:
    """A pointer, a severity, what silences it, and what `when` reads beside the value."""
    odd = unique(
        PHONE,
        " Unique. ",
        code="odd",
        law="Numbers are unique.",
        pointer="/phone",
        severity="warning",
        unless=["single"],
        reads=[state("id")],
        status=409,
    )
    assert (odd.message, odd.text, odd.pointer, odd.severity, odd.unless, odd.status, odd.reads) == (
        " Unique. ",
        "Unique.",
        "/phone",
        Severity.WARNING,
        frozenset({"single"}),
        409,
        frozenset({key(PHONE), state("id")}),
    )


@pytest.mark.parametrize(
    ("value", "fires"), [("M", False), ("m", True), (None, False), ("", False), (" F ", False), ("x", True)]
)
def test_well_formed(value: str | None, fires: bool) -> None:
    """A value that the form of its member refuses, and that is not the stored one."""
    assert found(FORM, gender=value) == ([("gender", "/demographics/gender")] if fires else [])
    stored = MemoryProjects.from_json([{"id": "P", "participants": [LEE]}])
    same = project.read({"participantIdentifier": "L", "demographics": {"gender": "x"}}, project="P")
    case = Case.of(same, stored.find(project.keys([same])))
    assert RuleSet((FORM,)).violations(case) == ()


def test_when() -> None:
    """It restricts a rule to some cases."""
    never = well_formed(GENDER, "Gender.", code="gender", law="Never.", when=lambda case: not case.enrolled)
    assert (found(never, gender="m"), found(FORM, gender="m")) == ([], [("gender", "/demographics/gender")])


@pytest.mark.parametrize(
    ("value", "fires"),
    [("k@x.com", False), (" K@X.com", False), ("new@x.com", True), (None, True), ("", True)],
)
def test_immutable(value: str | None, fires: bool) -> None:
    """A value that would no longer compare as the stored one; null is a change too, left out is none."""
    assert found(FIXED, email=value) == ([("fixed", "/demographics/email")] if fires else [])
    assert found(FIXED) == []


@pytest.mark.parametrize(
    ("value", "fires"),
    [("2125550100", True), ("(212) 555-0100", True), ("2125550101", False), (None, False), ("5", False)],
)
def test_unique(value: str | None, fires: bool) -> None:
    """A value that another participant has, in any spelling."""
    assert found(SINGLE, mobilePhone=value) == ([("single", "/demographics/mobilePhone")] if fires else [])


def test_the_row_that_has_it_is_named() -> None:
    """Where an earlier row of the batch has the value."""
    rows = [{"participantIdentifier": name, "demographics": {"mobilePhone": "2125550100"}} for name in "AB"]
    changes = project.read_batch({"participants": rows}, project="P").changes
    known = project.Known(project.Project(id="P"), ())
    bulk = project.decide_all(changes, known, rules={project.Operation.BULK: RuleSet((SINGLE,))})
    assert bulk.violations == (
        Violation(
            "single",
            "Unique.",
            pointer="/participants/1/demographics/mobilePhone",
            related="/participants/0/demographics/mobilePhone",
        ),
    )


@pytest.mark.parametrize(("path", "pointer"), [("id", "/id"), (EMAIL, "/demographics/email")])
def test_pointer_of(path: str, pointer: str) -> None:
    """A dot is a step down."""
    assert pointer_of(path) == pointer
