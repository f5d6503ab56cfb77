"""The alias secondaryIdentifier keeps what a definition asks of the custom field SecondaryIdentifier."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from participant_rules import batch, project
from participant_rules.memory import MemoryProjects
from tests.asked_everywhere import Project, roads

Json = dict[str, Any]
ORDINARY: Final = 25  # payloads without a fault: enough for templates to be learned

ENROLLED: Final[Json] = {
    "id": "3a713a06-295d-4803-9602-776f09a1483b",
    "participantIdentifier": "Z-1",
    "enrolled": True,
    "enrollmentDate": "2020-01-01",
}


def of_alias(stored: Json | None = None, **declared: Any) -> Json:
    """A project that declares the custom field, and who is stored in it."""
    declared = {"name": "SecondaryIdentifier", "type": "Text", **declared}
    given = {"id": "P", "customFields": [declared, {"name": "Site", "type": "Text", "required": True}]}
    return given | {"participants": [] if stored is None else [ENROLLED | {"customFields": stored}]}


def found_of(given: Json, body: Json) -> list[tuple[str, str | None]]:
    """The codes and pointers of the errors of a body."""
    store = MemoryProjects.from_json([given])
    found = project.check(body, store.projects[0], roster=store, warnings=False)
    return [(each.code, each.pointer) for each in found]


ALIAS: Final = "/secondaryIdentifier"
FIELD: Final = "/customFields/SecondaryIdentifier"
KEPT: Final[Json] = {"SecondaryIdentifier": "kept", "Site": "S"}
NEW: Final[Json] = {"participantIdentifier": "N", "customFields": {"Site": "S"}}


@pytest.mark.parametrize(
    ("given", "body", "expected"),
    [
        (of_alias(oneOf=["A"]), NEW | {"secondaryIdentifier": "A "}, []),
        (of_alias(oneOf=["A"]), NEW | {"secondaryIdentifier": "B"}, [("custom-field-not-allowed", ALIAS)]),
        (
            of_alias(pattern="[0-9]"),
            NEW | {"secondaryIdentifier": "B"},
            [("custom-field-not-allowed", ALIAS)],
        ),
        (
            of_alias(type="Integer", maximum=9),
            NEW | {"secondaryIdentifier": "10"},
            [("custom-field-out-of-range", ALIAS)],
        ),
        (
            of_alias(type="Integer", maximum=9, oneOf=["1"], required=True, unique=True),
            NEW | {"secondaryIdentifier": "ten"},
            [("custom-field-mistyped", ALIAS)],
        ),
        (
            of_alias(oneOf=["A"]),
            NEW | {"secondaryIdentifier": "B", "customFields": {"Site": "S", "SecondaryIdentifier": "B"}},
            [("custom-field-not-allowed", FIELD)],
        ),
        (
            of_alias(oneOf=["A"]),
            NEW | {"secondaryIdentifier": "B", "customFields": []},
            [("wrong-type", "/customFields"), ("custom-field-not-allowed", ALIAS)],
        ),
        (of_alias(KEPT, oneOf=["A"]), {"participantIdentifier": "Z-1", "secondaryIdentifier": "kept"}, []),
        (
            of_alias(KEPT, immutable=True),
            {"participantIdentifier": "Z-1", "secondaryIdentifier": "kept "},
            [],
        ),
        (
            of_alias(KEPT, immutable=True),
            {"participantIdentifier": "Z-1", "secondaryIdentifier": "other"},
            [("custom-field-immutable", ALIAS)],
        ),
        (
            of_alias(KEPT, immutable=True, type="Integer"),
            {"participantIdentifier": "Z-1", "secondaryIdentifier": "other"},
            [("custom-field-mistyped", ALIAS)],
        ),
        (
            of_alias(KEPT, immutable=True),
            {"participantIdentifier": "Z-1", "secondaryIdentifier": None},
            [("custom-field-immutable", ALIAS)],
        ),
        (of_alias(KEPT, unique=True), NEW | {"secondaryIdentifier": "other"}, []),
        (
            of_alias(KEPT, unique=True),
            NEW | {"secondaryIdentifier": " kept"},
            [("custom-field-taken", ALIAS)],
        ),
        (
            of_alias(KEPT, unique=True),
            NEW | {"secondaryIdentifier": "kept", "customFields": KEPT},
            [("custom-field-taken", FIELD)],
        ),
        (of_alias(KEPT, unique=True), {"participantIdentifier": "Z-1", "secondaryIdentifier": "kept"}, []),
    ],
    ids=repr,
)
def test_the_limits_of_the_alias(given: Json, body: Json, expected: list[tuple[str, str]]) -> None:
    """The alias writes the custom field, so its limits hold; a fault is where the value stands."""
    assert found_of(given, body) == expected


@pytest.mark.parametrize(
    ("stored", "body", "expected"),
    [
        (KEPT, {"participantIdentifier": "Z-1", "secondaryIdentifier": None}, [FIELD]),
        (KEPT, {"participantIdentifier": "Z-1", "secondaryIdentifier": " "}, [FIELD]),
        (KEPT, {"participantIdentifier": "Z-1", "secondaryIdentifier": "S"}, []),
        (KEPT, {"participantIdentifier": "Z-1", "institutionCode": "I"}, []),
        ({"SecondaryIdentifier": ""}, {"participantIdentifier": "Z-1", "secondaryIdentifier": None}, []),
        (None, NEW | {"secondaryIdentifier": ""}, [FIELD]),
        (None, {"secondaryIdentifier": None}, [FIELD]),
        (None, {"id": "nobody", "secondaryIdentifier": None}, [FIELD]),
        (None, NEW, [FIELD]),
        (None, {"participantIdentifier": "N", "secondaryIdentifier": "S"}, ["/customFields/Site"]),
        (None, {"participantIdentifier": "N", "secondaryIdentifier": 7}, ["/customFields/Site"]),
    ],
    ids=repr,
)
def test_a_required_field_and_its_alias(stored: Json | None, body: Json, expected: list[str]) -> None:
    """The alias gives the value or clears it; of a wrong type it is one."""
    found = found_of(of_alias(stored, required=True), body)
    assert [where for code, where in found if code == "custom-field-required"] == expected


def test_an_alias_of_a_wrong_type_leaves_other_fields_alone() -> None:
    """It silences the rules that read it, and those only of the field for which it stands."""
    declared = [{"name": "Site", "type": "Text", "required": True}]
    body = {
        "participantIdentifier": "N",
        "secondaryIdentifier": 7,
        "customFields": {"SecondaryIdentifier": "S"},
    }
    assert found_of({"id": "P", "customFields": declared}, body) == [
        ("wrong-type", ALIAS),
        ("custom-field-undeclared", FIELD),
        ("custom-field-required", "/customFields/Site"),
    ]


def test_a_unique_alias_on_every_road(tmp_path: Path) -> None:
    """Another participant's value is refused under either name, and nobody's other value is."""
    declared = [{"name": "SecondaryIdentifier", "type": "Integer", "unique": True}]
    someone = {**ENROLLED, "customFields": {"SecondaryIdentifier": 7}}
    family = Project({"id": "P", "customFields": declared, "participants": [someone]})
    ordinary = [
        {"participantIdentifier": f"A-{number}", "secondaryIdentifier": str(100 + number)}
        for number in range(ORDINARY)
    ]
    wrong = {"participantIdentifier": "B-2", "secondaryIdentifier": "07"}
    payloads = [*ordinary, {"participantIdentifier": "B-1", "secondaryIdentifier": "8"}, wrong]
    expected = [*[True] * (len(payloads) - 1), False]
    answers = roads(family, payloads, tmp_path)
    differing = {road for road, found in answers.items() if found != expected[-len(found) :]}
    assert differing == {"check", "dry run"}  # which say that the alias is deprecated


@pytest.mark.parametrize(
    "first", [{"secondaryIdentifier": "1"}, {"customFields": {"SecondaryIdentifier": 1}}]
)
def test_a_unique_alias_of_an_earlier_row(first: Json) -> None:
    """A later row does not have the value of an earlier one, whichever name that used."""
    declared = [{"name": "SecondaryIdentifier", "type": "Integer", "unique": True}]
    store = MemoryProjects.from_json([{"id": "P", "customFields": declared}])
    rows = [
        {"participantIdentifier": "A", **first},
        {"participantIdentifier": "B", "secondaryIdentifier": "01"},
    ]
    (found,) = project.check(
        {"participants": rows}, store.projects[0], operation="bulk", roster=store, warnings=False
    )
    assert (found.code, found.pointer) == ("custom-field-taken", "/participants/1/secondaryIdentifier")
    is_alias = "secondaryIdentifier" in first
    assert found.related == f"/participants/0{ALIAS if is_alias else FIELD}"
    (outcome,) = list(batch.check(rows, batch.ProjectTask(store.projects[0], store)))[1:]
    taken = outcome.findings[0]
    assert taken.violation.related == found.related
    assert (taken.violation.code, taken.other and taken.other.row) == ("custom-field-taken", 1)


class Late(MemoryProjects):
    """A store in which somebody gets the value 5 between a question and its commit."""

    def commit(self, writes: Sequence[project.Write]) -> None:
        if self.find(project.keys([FIVE])).participants == ():
            super().commit([project.Write("P", None, project.Participant(id="F", custom_fields=dict(VALUE)))])
        super().commit(writes)


VALUE: Final[Json] = {"SecondaryIdentifier": 5}
FIVE: Final = project.read({"participantIdentifier": "F", "customFields": VALUE}, project="P")


@pytest.mark.parametrize(
    ("sent", "where"), [({"secondaryIdentifier": "05"}, ALIAS), ({"customFields": VALUE}, FIELD)], ids=repr
)
def test_a_value_that_is_lost_to_another_writer(sent: Json, where: str) -> None:
    """The violation is that of the rule, where the value stands, also in a bulk."""
    declared = [{"name": "SecondaryIdentifier", "type": "Integer", "unique": True}]
    change = project.read({"participantIdentifier": "N", **sent}, project="P")
    for changes, base in (([change], "/participants/0"), ([OTHER, change], "/participants/1")):
        store = Late.from_json([{"id": "P", "customFields": declared}])
        bulk = project.Registrar(store).put_many(changes)
        assert [(each.code, each.pointer) for each in bulk.violations] == [
            ("custom-field-taken", base + where)
        ]
    store = Late.from_json([{"id": "P", "customFields": declared}])
    assert [each.pointer for each in project.Registrar(store).put(change).violations] == [where]


OTHER: Final = project.read({"participantIdentifier": "M"}, project="P")


def test_a_repair_to_the_value_of_another_row() -> None:
    """It is not made, under whichever names both rows have the value."""
    declared = {"name": "SecondaryIdentifier", "type": "Text", "oneOf": ["North"], "unique": True}
    given = project.Project.from_json({"id": "P", "customFields": [declared]})
    rows = [
        {"participantIdentifier": "A", "secondaryIdentifier": "NORTH"},
        {"participantIdentifier": "B", "customFields": {"SecondaryIdentifier": "North"}},
    ]
    payload = {"participants": rows}
    repaired = project.repair(payload, given, operation="bulk")
    assert (repaired.payload, repaired.repairs) == (payload, ())
    alone = project.repair({"participants": rows[:1]}, given, operation="bulk")
    assert [each.pointer for each in alone.repairs] == ["/participants/0/secondaryIdentifier"]


@pytest.mark.parametrize("stored", [None, {"SecondaryIdentifier": "same", "Site": "S"}])
def test_a_value_that_a_refused_row_has_too(stored: Json | None) -> None:
    """It is said at the alias, unless that is said to be taken."""
    store = MemoryProjects.from_json([of_alias(stored, unique=True)])
    rows = [NEW | {"participantIdentifier": each, "secondaryIdentifier": "same"} for each in "AB"]
    rows[0] |= {"demographics": {"gender": "?"}}
    found = list(batch.check(rows, batch.ProjectTask(store.projects[0], store)))[1].findings
    said = {each.violation.code: each.violation.pointer for each in found}
    expected = "value-repeated" if stored is None else "custom-field-taken"
    assert said == {expected: ALIAS, "secondary-identifier-deprecated": ALIAS}
