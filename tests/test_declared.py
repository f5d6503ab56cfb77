"""Rules that are declared without a body."""

import json
import re
from typing import Any, Final

import pytest
from attrs import evolve

from participant_rules import Rule, RuleSet, Severity, Violation, batch, project
from participant_rules.declared import immutable, one_of, pointer_of, text_form, unique, well_formed
from participant_rules.project.case import Case
from participant_rules.project.memory import MemoryProjects
from participant_rules.schema.reads import change, key, malformed, state
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
    """The findings of a rule on a body about Kim, when Lee is stored too: asked alone, and by a decision."""
    store = MemoryProjects.from_json([{"id": "P", "participants": [LEE, KIM]}])
    body = {"participantIdentifier": "K", "demographics": contact}
    change = project.read(body, project="P")
    known = store.find(project.keys([change]))
    alone = RuleSet((rule,)).violations(Case.of(change, known))
    decided = project.decide(Case.of(change, known), {project.Operation.PUT: RuleSet((rule,))})
    assert alone == decided.violations
    return [(each.code, each.pointer) for each in alone]


def test_what_is_declared() -> None:
    """The path gives the pointer and the reads; all else is as of a rule with a body."""
    assert (FORM.pointer, FORM.reads, FORM.about) == (
        "/demographics/gender",
        frozenset({malformed(GENDER)}),
        "",
    )
    assert (FIXED.pointer, FIXED.reads, FIXED.about) == (
        "/demographics/email",
        frozenset({change(EMAIL)}),
        "",
    )
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


def test_further_arguments() -> None:
    """A pointer, a severity, silencing codes, and the further reads of `when`."""
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


KEPT: Final = {
    path: immutable(path, "Kept.", code="kept", law="It is kept.", when=lambda _: True)
    for path in ("demographics.gender", "excludeFromExport")
}


@pytest.mark.parametrize(
    ("sent", "fires"),
    [
        ({"demographics": {"gender": "F"}}, True),
        ({"demographics": {"gender": None}}, True),
        ({"demographics": {"gender": 1}}, False),
        ({"demographics": {"gender": " M "}}, False),
        ({"demographics": {}}, False),
        ({"demographics": None, "excludeFromExport": True}, False),
        ({"excludeFromExport": None}, True),
        ({}, False),
    ],
)
def test_immutable_beside_keys(sent: dict[str, Any], fires: bool) -> None:
    """Of any text or flag; in a check, and in batches of values and of texts; nothing of whom a row adds."""
    stored = {
        "id": LEE["id"],
        "participantIdentifier": "L",
        "demographics": {"gender": "M"},
        "excludeFromExport": True,
    }
    rules = project.RULES
    for place, rule in enumerate(KEPT.values()):
        own = evolve(rule, code=f"kept-{place}")
        rules = rules.adding(own, to=[project.Operation.PUT, project.Operation.BULK])
    store = MemoryProjects.from_json([{"id": "P", "participants": [stored]}])
    rows = [{"participantIdentifier": name} | sent for name in ("new", "L")]
    alone = [project.check(row, project.Project(id="P"), roster=store, rules=rules) for row in rows]
    assert [any(each.code.startswith("kept") for each in found) for found in alone] == [False, fires]
    task = batch.ProjectTask(project.Project(id="P"), store, allow_update=True, rules=rules)
    for payloads in (rows, [json.dumps(each) for each in rows]):
        outcomes = batch.check(payloads, task)
        found = [[each.violation.code for each in one.findings] for one in outcomes]
        assert [any(code.startswith("kept") for code in each) for each in found] == [False, fires]


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


BADGES = project.Project.from_json(
    {"id": "P", "customFields": [{"name": "Badge", "type": "Text", "unique": True}]}
)


def refused(rule: Rule) -> str:
    """Why a rule cannot judge."""
    rules = project.RULES.adding(rule, to=project.Operation.PUT)
    with pytest.raises(ValueError, match=r"^odd: ") as error:
        project.check({"participantIdentifier": "A"}, BADGES, rules=rules)
    return str(error.value)


@pytest.mark.parametrize("records", [[{"participantIdentifier": each} for each in ("S1", "x", " S2 ", "")]])
def test_another_form(records: list[dict[str, str]]) -> None:
    """Beside that of the member; in a check, and in a batch of values and of texts."""
    form = text_form(re.compile("S[0-9]").fullmatch, "S[0-9]")
    own = well_formed("participantIdentifier", "S and a digit.", code="odd", law="It has a form.", form=form)
    rules = project.RULES.adding(own, to=[project.Operation.PUT, project.Operation.BULK])
    alone = [[each.code for each in project.check(one, BADGES, rules=rules)] for one in records]
    assert alone == [[], ["odd"], [], ["identity-required"]]
    task = batch.ProjectTask(BADGES, rules=rules)
    for rows in (records, [json.dumps(each) for each in records]):
        found = [[each.violation.code for each in one.findings] for one in batch.check(rows, task)]
        assert found == alone


def test_a_form_is_a_form() -> None:
    """A regular expression alone is none."""
    odd: Any = "S[0-9]"
    with pytest.raises(TypeError, match=r"^a form, as text_form\(…\) or one_of\(…\) makes one, is due, not"):
        well_formed("participantIdentifier", "Odd.", code="odd", law="It has a form.", form=odd)


def test_what_cannot_be_read_so() -> None:
    """A rule about it would never fire."""
    name = "demographics.lastName"
    declared: Any = {"code": "odd", "law": "It is odd."}
    some = "customFields.Badge, demographics.email, demographics.mobilePhone, id, participantIdentifier"
    why = f"odd: the values of '{name}' have no key, as those of unique members have: {some}"
    assert refused(unique(name, "Odd.", **declared)) == why
    assert refused(well_formed("customFields.Badge", "Odd.", form=one_of(["A"]), **declared)) == (
        "odd: of 'customFields.Badge' only the key is read by itself; read 'customFields'"
    )
    assert refused(well_formed("customFields.Site", "Odd.", form=one_of(["A"]), **declared)) == (
        "odd: no documented member is at 'customFields.Site'; 'customFields' is the nearest"
    )
    own = unique("customFields.Badge", "Odd.", **declared)
    assert project.check({"id": "A"}, BADGES, rules=project.RULES.adding(own, to=project.Operation.PUT)) == ()
