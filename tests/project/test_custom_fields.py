"""The custom fields of a project's definition, on every road."""

from pathlib import Path
from typing import Any, Final

import pytest
from attrs import evolve

from participant_rules import batch, project
from participant_rules.batch.sources import given as values_of
from participant_rules.memory import MemoryProjects
from participant_rules.project.keys import schema_of
from tests.asked_everywhere import Project, roads

Json = dict[str, Any]
ORDINARY: Final = 25  # payloads without a fault: enough for templates to be learned

LIMITS: Final[list[tuple[Json, Any, Any, str, str]]] = [
    ({"type": "Text", "oneOf": ["A", "B"]}, "A", "-a-", "custom-field-not-allowed", ""),
    ({"type": "Text", "pattern": "[A-Z]{2}"}, "XY", "XYZ", "custom-field-not-allowed", ""),
    ({"type": "Integer", "minimum": 0}, "0", "-1", "custom-field-out-of-range", "no less than 0"),
    ({"type": "Integer", "maximum": 9}, "9", "10", "custom-field-out-of-range", "no more than 9"),
    (
        {"type": "Decimal", "minimum": 0, "maximum": "2.5"},
        "2.50",
        "2.51",
        "custom-field-out-of-range",
        "0 to 2.5",
    ),
    (
        {"type": "Date", "minimum": "2000-01-01"},
        "2000-01-01T00:00:00Z",
        "1999-12-31",
        "custom-field-out-of-range",
        "no less than 2000-01-01",
    ),
    (
        {"type": "Date", "maximum": "2000-01-01T12:00"},
        "2000-01-01",
        "2000-01-02",
        "custom-field-out-of-range",
        "",
    ),
    ({"type": "Boolean"}, "TRUE", "yes", "custom-field-mistyped", ""),
    ({"type": "Text", "unique": True}, "other", "taken", "custom-field-taken", ""),
    ({"type": "Integer", "unique": True}, "8", "7", "custom-field-taken", ""),
    ({"type": "Text", "required": True}, "there", None, "custom-field-required", ""),
]


def definition(declared: Json) -> Json:
    """A project with one custom field."""
    stored = {"Text": "taken", "Integer": "7"}.get(declared["type"])
    someone = {"id": "3a713a06-295d-4803-9602-776f09a1483b", "participantIdentifier": "Z-1"}
    fields = {"customFields": {"Field": stored}} if declared.get("unique") else {}
    return {"id": "P", "customFields": [{"name": "Field", **declared}], "participants": [someone | fields]}


def somebody(name: str, value: Any) -> Json:
    """A participant with this value."""
    return {"participantIdentifier": name, "customFields": {} if value is None else {"Field": value}}


@pytest.mark.parametrize(
    ("declared", "right", "wrong", "code", "words"), LIMITS, ids=lambda each: str(each)[:40]
)
def test_limits(declared: Json, right: Any, wrong: Any, code: str, words: str) -> None:
    """A right value is accepted, another one refused by the rule, with the range in its message."""
    family = Project(definition(declared))
    store = MemoryProjects.from_json([family.definition])
    assert project.check(somebody("B-1", right), family.project, roster=store) == ()
    (found,) = project.check(somebody("B-2", wrong), family.project, roster=store)
    assert (found.code, found.pointer) == (code, "/customFields/Field")
    assert words in found.text
    assert str(wrong) not in found.text or wrong is None


def on_roads() -> list[Any]:
    """The limits; in the quick run one of each sort: choices, a range, a unique value, a required one."""
    quick = ("oneOf", "maximum", "unique", "required")
    sorts = [next((sort for sort in quick if sort in declared), "") for declared, *_ in LIMITS]
    first = {sorts.index(sort) for sort in quick}
    return [
        pytest.param(*limit[:3], id=str(limit[0])[:40], marks=() if place in first else pytest.mark.heavy)
        for place, limit in enumerate(LIMITS)
    ]


@pytest.mark.parametrize(("declared", "right", "wrong"), on_roads())
def test_limits_on_every_road(declared: Json, right: Any, wrong: Any, tmp_path: Path) -> None:
    """Among ordinary payloads the wrong one alone is refused."""
    family = Project(definition(declared))
    ordinary = [
        somebody(f"A-{number}", f"{right}{number}" if declared.get("unique") else right)
        for number in range(ORDINARY)
    ]
    payloads = [*ordinary, somebody("B-1", right), somebody("B-2", wrong)]
    expected = [*[True] * (len(payloads) - 1), False]
    answers = roads(family, payloads, tmp_path)
    assert {road: found for road, found in answers.items() if found != expected[-len(found) :]} == {}


def test_a_unique_value_of_an_earlier_row() -> None:
    """Two rows of a batch do not have the same value."""
    family = Project(definition({"type": "Text", "unique": True}))
    body = {"participants": [somebody("A", "same"), somebody("B", "same")]}
    (found,) = project.check(body, family.project, operation="bulk")
    assert (found.code, found.pointer) == ("custom-field-taken", "/participants/1/customFields/Field")


ENROLLED: Final[Json] = {
    "id": "3a713a06-295d-4803-9602-776f09a1483b",
    "participantIdentifier": "Z-1",
    "enrolled": True,
    "enrollmentDate": "2020-01-01",
    "customFields": {"Field": "kept"},
}


def test_another_field_than_the_immutable_one() -> None:
    """An enrolled participant may change that."""
    declared = [{"name": "Field", "type": "Text", "immutable": True}, {"name": "Other", "type": "Text"}]
    store = MemoryProjects.from_json([{"id": "P", "customFields": declared, "participants": [ENROLLED]}])
    body = {"participantIdentifier": "Z-1", "customFields": {"Field": "kept", "Other": "new"}}
    definition = project.Project.from_json({"id": "P", "customFields": declared})
    assert project.check(body, definition, roster=store) == ()


@pytest.mark.parametrize(("value", "codes"), [("kept", []), ("other", ["custom-field-immutable"])])
def test_an_immutable_field(value: str, codes: list[str]) -> None:
    """An enrolled participant keeps the value."""
    given = {"id": "P", "customFields": [{"name": "Field", "type": "Text", "immutable": True}]}
    store = MemoryProjects.from_json([given | {"participants": [ENROLLED]}])
    found = project.check(somebody("Z-1", value), project.Project.from_json(given), roster=store)
    assert [each.code for each in found] == codes


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"participantIdentifier": "N"}, ["custom-field-required"]),
        ({"participantIdentifier": "N", "secondaryIdentifier": "S"}, []),
        ({"participantIdentifier": "Z-1"}, []),
        (
            {"participantIdentifier": "Z-1", "customFields": {"SecondaryIdentifier": ""}},
            ["custom-field-required"],
        ),
    ],
)
def test_a_required_field(body: Json, codes: list[str]) -> None:
    """Its alias gives it too; an update may leave it out, and may not clear it."""
    given = {"id": "P", "customFields": [{"name": "SecondaryIdentifier", "type": "Text", "required": True}]}
    stored = ENROLLED | {"customFields": {"SecondaryIdentifier": "kept"}}
    store = MemoryProjects.from_json([given | {"participants": [stored]}])
    found = project.check(body, project.Project.from_json(given), roster=store, warnings=False)
    assert [each.code for each in found] == codes


def test_an_immutable_field_of_another_type() -> None:
    """A value that does not read as the type changes nothing."""
    given = {"id": "P", "customFields": [{"name": "Field", "type": "Integer", "immutable": True}]}
    stored = ENROLLED | {"customFields": {"Field": "1"}}
    store = MemoryProjects.from_json([given | {"participants": [stored]}])
    found = project.check(somebody("Z-1", "x"), project.Project.from_json(given), roster=store)
    assert [each.code for each in found] == ["custom-field-mistyped"]


@pytest.mark.parametrize(
    ("body", "allow_update", "is_lacking"),
    [
        ({"participantIdentifier": "N"}, True, False),
        ({"participantIdentifier": "N"}, False, True),
        ({"id": "N"}, True, False),
        ({"demographics": {"email": "n@example.com"}}, True, True),
        ({"participantIdentifier": "N", "customFields": {"Field": None}}, True, True),
    ],
    ids=repr,
)
def test_a_required_field_where_nobody_was_asked(body: Json, allow_update: bool, is_lacking: bool) -> None:
    """A participant that may be stored may leave it out; an added one, or nothing at all, may not."""
    given = project.Project.from_json(definition({"type": "Text", "required": True}))
    found = project.check({"participants": [body]}, given, operation="bulk", allow_update=allow_update)
    assert [each.code for each in found] == ["custom-field-required"] * is_lacking
    (outcome,) = batch.check([body], batch.ProjectTask(given, allow_update=allow_update))
    assert [each.violation.code for each in outcome.findings] == ["custom-field-required"] * is_lacking
    if allow_update:
        assert project.check(body, given) == tuple(
            evolve(each, pointer=(each.pointer or "")[15:]) for each in found
        )


def test_a_required_field_of_a_body_without_an_identity() -> None:
    """It addresses no participant, so none is added without the value."""
    given = {"id": "P", "customFields": [{"name": "Field", "type": "Text", "required": True}]}
    found = project.check({"institutionCode": "x"}, project.Project.from_json(given))
    assert [each.code for each in found] == ["identity-required"]


def found_of(given: Json, body: Json) -> list[tuple[str, str | None]]:
    """The codes and pointers of the errors of a body."""
    store = MemoryProjects.from_json([given])
    found = project.check(body, store.projects[0], roster=store, warnings=False)
    return [(each.code, each.pointer) for each in found]


def test_null_is_no_change_of_an_immutable_field_without_a_value() -> None:
    """Without a value nothing is taken away."""
    given = {"id": "P", "customFields": [{"name": "Field", "type": "Text", "immutable": True}]}
    stored = {name: value for name, value in ENROLLED.items() if name != "customFields"}
    for value in (None, ""):
        body = {"participantIdentifier": "Z-1", "customFields": {"Field": value}}
        assert found_of(given | {"participants": [stored]}, body) == []
    body = {"participantIdentifier": "Z-1", "customFields": {"Field": "first"}}
    assert found_of(given | {"participants": [stored]}, body) == [
        ("custom-field-immutable", "/customFields/Field")
    ]


@pytest.mark.parametrize(
    ("kind", "stored", "sent", "is_kept"),
    [
        ("Integer", 7, "07", True),
        ("Integer", "7", 7, True),
        ("Integer", 7, 8, False),
        ("Decimal", "1.50", 1.5, True),
        ("Text", "a ", "a", True),
        ("Text", "a", "A", False),
        ("Text", 7, "7", True),
        ("Text", "a", None, False),
        ("Integer", "x", "x ", False),
    ],
)
def test_another_spelling_of_an_immutable_value(kind: str, stored: Any, sent: Any, is_kept: bool) -> None:
    """As of an address: who has enrolled keeps the stored one, and nothing changes."""
    given = {"id": "P", "customFields": [{"name": "Field", "type": kind, "immutable": True}]}
    store = MemoryProjects.from_json(
        [given | {"participants": [ENROLLED | {"customFields": {"Field": stored}}]}]
    )
    change = project.read({"participantIdentifier": "Z-1", "customFields": {"Field": sent}}, project="P")
    decision = project.Registrar(store).put(change)
    assert (bool(decision), decision.action) == (is_kept, "none")
    assert store.to_json()[0]["participants"][0]["customFields"] == {"Field": stored}


@pytest.mark.parametrize(
    ("name", "where"), [("a.b", "a.b"), ("a/b", "a~1b"), ("a~b", "a~0b"), ("a b", "a b")], ids=repr
)
def test_the_member_of_the_other_row(name: str, where: str) -> None:
    """It is a JSON Pointer, whatever the name of the field."""
    declared = {"id": "P", "customFields": [{"name": name, "type": "Text", "unique": True}]}
    rows = [{"participantIdentifier": each, "customFields": {name: "same"}} for each in "AB"]
    (found,) = project.check({"participants": rows}, project.Project.from_json(declared), operation="bulk")
    assert (found.pointer, found.related) == (
        f"/participants/1/customFields/{where}",
        f"/participants/0/customFields/{where}",
    )
    outcome = list(batch.check(rows, batch.ProjectTask(project.Project.from_json(declared))))[1]
    assert [each.violation.related for each in outcome.findings] == [f"/participants/0/customFields/{where}"]


def test_a_repeated_value_that_somebody_stored_has() -> None:
    """It is taken, and the earlier row is not mentioned, as for an address."""
    family = Project(definition({"type": "Text", "unique": True}))
    rows = [somebody("A", "taken"), somebody("B", "taken")]
    found = [list(each.findings) for each in batch.check(rows, family.task())]
    assert [[each.violation.code for each in some] for some in found] == [["custom-field-taken"]] * 2


@pytest.mark.parametrize("declared", [{"oneOf": ["A"]}, {"pattern": "[A-Z]"}, {"pattern": "A|AB"}], ids=repr)
@pytest.mark.parametrize(("value", "is_allowed"), [("A", True), (" A", False), ("A\n", False), ("a", False)])
def test_texts_are_compared_exactly(declared: Json, value: str, is_allowed: bool) -> None:
    """White space is part of a custom value in a body, and tables alone trim it."""
    given = {"id": "P", "customFields": [{"name": "Field", "type": "Text", **declared}]}
    found = found_of(given, somebody("N", value))
    assert found == ([] if is_allowed else [("custom-field-not-allowed", "/customFields/Field")])
    rows = [{"participantIdentifier": "N", "customFields": {"Field": value}}]
    task = batch.ProjectTask(project.Project.from_json(given))
    assert [each.refused for each in batch.check(rows, task)] == [not is_allowed]


@pytest.mark.parametrize(
    ("kind", "stored", "sent", "is_taken"),
    [
        ("Decimal", "1.50", 1.5, True),
        ("Decimal", 1.5, "+1.500", True),
        ("Decimal", 100, "10", False),
        ("Decimal", "100.0", "100", True),
        ("Decimal", "-0", 0.0, True),
        ("Decimal", "0.05", 5e-2, True),
        ("Integer", "007", 7, True),
        ("Integer", 70, "7", False),
        ("Text", "7", 7, True),
        ("Text", "07", "7", False),
        ("Text", " a ", "a", True),
        ("Text", "a", "A", False),
        ("Date", "2000-01-01", "2000-01-01", True),
        ("Date", "2000-01-01", " 2000-01-01", False),  # it is mistyped, which silences all else of the field
        ("Boolean", "TRUE", True, False),
        ("Boolean", "true", True, True),
    ],
)
def test_unique_values_compare_by_their_type(kind: str, stored: Any, sent: Any, is_taken: bool) -> None:
    """Numbers as numbers, all else exactly after trimming."""
    given = {"id": "P", "customFields": [{"name": "Field", "type": kind, "unique": True}]}
    someone = ENROLLED | {"customFields": {"Field": stored}}
    codes = [code for code, _ in found_of(given | {"participants": [someone]}, somebody("N", sent))]
    assert ("custom-field-taken" in codes) is is_taken


@pytest.mark.parametrize(
    ("declared", "wrong", "right", "certain"),
    [
        ({"type": "Text", "oneOf": ["North", "South"]}, "NORTH", "North", True),
        ({"type": "Text", "oneOf": ["North", "South"]}, "East", None, False),
        ({"type": "Text", "pattern": "[A-Z]+"}, "north", None, False),
        ({"type": "Date", "minimum": "2000-01-01"}, "31.12.2001", "2001-12-31", True),
        ({"type": "Date", "oneOf": ["2001-12-31"]}, "31.12.2001", "2001-12-31", True),
    ],
    ids=repr,
)
def test_repairs_of_limited_values(declared: Json, wrong: str, right: str | None, certain: bool) -> None:
    """A value is repaired to its type, or to the nearest text that is allowed."""
    given = project.Project.from_json({"id": "P", "customFields": [{"name": "Field", **declared}]})
    (found,) = project.check(somebody("N", wrong), given)
    assert (found.repair and (found.repair.value, found.repair.certain)) == (right and (right, certain))


@pytest.mark.parametrize(
    ("body", "is_untold"), [({"participantIdentifier": "N"}, True), ({"institutionCode": "I"}, False)]
)
def test_what_a_report_says_was_not_told(body: Json, is_untold: bool) -> None:
    """A roster would tell whether somebody is stored, and nobody can tell who a body without a name means."""
    given = project.Project.from_json(definition({"type": "Text", "required": True}))
    untold: dict[str, str] = {}
    list(batch.check_sources([values_of([body])], batch.ProjectTask(given, allow_update=True), untold=untold))
    assert ("custom-field-required" in untold) is is_untold


@pytest.mark.parametrize(
    ("pattern", "is_described"),
    [("[A-Z]+", True), ("(?:a|b)?", True), ("(?i)abc", False), ("(?P<site>[A-Z])", False), ("a++", False)],
)
def test_patterns_that_python_alone_understands(pattern: str, is_described: bool) -> None:
    """They are no part of a JSON Schema, and judge values all the same."""
    given = project.Project.from_json(definition({"type": "Text", "pattern": pattern}))
    members = schema_of(given, project.Policy()).node("customFields").members
    form = members.form("Field") if members is not None else None
    assert form is not None
    assert (f"^(?:{pattern})$" in str(form.json)) is is_described
    assert [each.code for each in project.check(somebody("N", "?"), given)] == ["custom-field-not-allowed"]
