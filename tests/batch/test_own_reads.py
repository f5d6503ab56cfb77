"""The declared reads of rules of one's own make no difference to their findings, on any road of a batch."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from attrs import evolve

from participant_rules import RuleSet, at, batch, project, rule, survey
from participant_rules.batch.files import open_source
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.sources import given
from participant_rules.engine.slots import State
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.rules import At
from participant_rules.schema.form import text_form
from participant_rules.schema.reads import faults, key, malformed, state, value

Json = dict[str, Any]
SHORT: Final = text_form(lambda text: len(text) < 3)


@rule("Nothing is odd.", reads=["customFields"])
def of_all_fields(case: project.Case) -> Iterator[At]:
    """It reads an object as a whole."""
    if "odd" in case.custom_fields.values():
        yield at("customFields")


@rule("There are some.", reads=[state("customFields")])
def of_the_object(case: project.Case) -> Iterator[At]:
    """It reads whether an object is there, and has members."""
    if case.state("customFields") is State.NULL:
        yield at("customFields")


@rule("No fault is there.", reads=[faults("customFields"), "customFields"])
def of_faults(case: project.Case) -> Iterator[At]:
    """It reads an object, and its faults."""
    if case.faults("customFields") and len(case.custom_fields) > 1:
        yield at("customFields")


@rule("The flag is there.", reads=[state("excludeFromExport"), value("excludeFromExport")])
def of_a_flag(case: project.Case) -> Iterator[At]:
    """It reads a flag that may be null."""
    if case.state("excludeFromExport") is State.NULL or case.asked.exclude_from_export is True:
        yield at("excludeFromExport")


@rule("Names and addresses are short.", reads=[malformed("demographics.city", SHORT), "demographics.email"])
def of_texts(case: project.Case) -> Iterator[At]:
    """It reads texts by a form of its own."""
    if case.malformed("demographics.city", SHORT) or len(case.new_demographic("email") or "") > 12:
        yield at("demographics")


OWN: Final = (of_all_fields, of_the_object, of_faults, of_a_flag, of_texts)
FIELDS: Final = (
    project.CustomField("C", "Text"),
    project.CustomField("N", "Integer", minimum=1),
    project.CustomField("U", "Text", unique=True),
)
DEFINITIONS: Final[Mapping[str, tuple[project.Project, project.Policy]]] = {
    "undeclared": (project.Project(id="P"), project.Policy()),
    "none": (project.Project(id="P", custom_fields=()), project.Policy()),
    "declared": (project.Project(id="P", custom_fields=FIELDS), project.Policy()),
    "required": (
        project.Project(id="P", custom_fields=(*FIELDS, project.CustomField("R", "Text", required=True))),
        project.Policy(email_key=lambda text: text.strip().lower() or None),
    ),
}
LAYOUTS: Final = (
    ("participantIdentifier", "demographics", "customFields", "excludeFromExport"),
    ("participantIdentifier", "customFields"),
    ("participantIdentifier", "excludeFromExport"),
    ("demographics",),
)


def body(random: Random, names: tuple[str, ...]) -> Json:
    """A row with these members."""
    fields: dict[str, list[Any]] = {"C": ["a", "odd", ""], "N": [1, "2", 0, "x"]}
    fields |= {"U": ["u", "v", 5], "R": ["r", ""]}
    made = {
        "participantIdentifier": f"A{random.randrange(60)}",
        "demographics": {
            "city": random.choice(["Rom", "LA", ""]),
            "email": random.choice(["a@b.io", "x", ""]),
        },
        "customFields": random.choice(
            [
                {name: random.choice(values) for name, values in fields.items()},
                {"C": "a"},
                {"R": "r"},
                {},
                {},
                None,
            ]
        ),
        "excludeFromExport": random.choice([True, False, None]),
    }
    return {name: made[name] for name in names}


def found(sources: list[Any], name: str, *, declared: bool) -> list[Any]:
    """The findings of a batch by the family's rules and ours; undeclared these are asked for every record."""
    definition, policy = DEFINITIONS[name]
    own = RuleSet(OWN if declared else (evolve(each, reads=None) for each in OWN))
    rules = {**project.RULES, project.Operation.BULK: project.BULK + own}
    task = batch.ProjectTask(definition, None, policy=policy, rules=rules)
    outcomes = batch.check_sources(sources, task, records=20)
    return [[each.violation for each in outcome.findings] for outcome in outcomes]


@pytest.mark.parametrize("name", DEFINITIONS)
def test_json(name: str) -> None:
    """Texts of a few layouts, of which most are read by templates, and values."""
    random = Random(5)
    bodies = [body(random, LAYOUTS[number // 40 % len(LAYOUTS)]) for number in range(320)]
    texts = [json.dumps(each).encode() for each in bodies]
    expected = found([given(bodies)], name, declared=False)
    heard = {each.code for violations in expected for each in violations}
    assert heard >= {each.code for each in OWN} - ({"of-faults"} if name == "undeclared" else set())
    assert found([given(texts)], name, declared=True) == expected
    assert found([given(bodies)], name, declared=True) == expected


@pytest.mark.parametrize("blank", ["omit", "clear"])
@pytest.mark.parametrize("name", DEFINITIONS)
def test_tables(tmp_path: Path, name: str, blank: Any) -> None:
    """Rows that are read by their columns."""
    random = Random(6)
    names = (
        "participantIdentifier",
        "city",
        "email",
        "customFields.C",
        "customFields.N",
        "excludeFromExport",
    )
    cells = ([f"A{number}" for number in range(60)], ["Rom", "LA", ""], ["a@b.io", "x", ""])
    more = (["a", "odd", ""], ["1", "0", "x", ""], ["true", "false", ""])
    out = io.StringIO()
    csv.writer(out).writerows(
        [names, *([random.choice(each) for each in (*cells, *more)] for _ in range(120))]
    )
    (tmp_path / "rows.csv").write_text(out.getvalue(), "utf-8")
    layout = ProjectLayout(DEFINITIONS[name][0])

    def table() -> list[Any]:
        return [open_source(str(tmp_path / "rows.csv"), layout, options=Options(blank=blank))]

    assert found(table(), name, declared=True) == found(table(), name, declared=False)


@rule("A field keeps its value.", reads=["customFields"])
def of_a_field_of_the_stored(case: project.Case) -> Iterator[At]:
    """It reads an object once it knows that the participant is stored."""
    if not case.adds and case.custom_fields.get("C") != case.stored_fields.get("C"):
        yield at("customFields", "C")


def test_an_object_of_a_table_that_is_compared_with_the_stored_one(tmp_path: Path) -> None:
    """Cells are not read as a whole object until such a rule asks."""
    stored = {"id": "3a713a06-295d-4803-9602-776f09a1483b", "participantIdentifier": "A1"}
    store = MemoryProjects.from_json([{"id": "P", "participants": [stored]}])
    (tmp_path / "rows.csv").write_text("participantIdentifier,customFields.C\nA1,odd\nA2,odd\n", "utf-8")
    definition = project.Project(id="P", custom_fields=FIELDS)
    rules = project.RULES.adding(of_a_field_of_the_stored, to=project.Operation.BULK)
    task = batch.ProjectTask(definition, store, allow_update=True, rules=rules)
    outcomes = batch.check_sources([open_source(str(tmp_path / "rows.csv"), ProjectLayout(definition))], task)
    assert [[each.violation.code for each in outcome.findings] for outcome in outcomes] == [
        ["of-a-field-of-the-stored"],
        [],
    ]


SEEDS: Final = "loginSection.subjects[].questionnaireSeeding"
SURVEY: Final = survey.Survey(id="S", invited=False, logged_on=True, group=True)


@rule("Seedings have faults.", reads=[faults(SEEDS)])
def of_seedings(case: survey.Case) -> Iterator[At]:
    """It reads the faults of the elements of a list."""
    if not case.faults(SEEDS):
        yield at()


@rule("The login is taken.", reads=[key("loginSection.login")])
def of_a_login(case: survey.Case) -> Iterator[At]:
    """It reads whose the identity is, and whose another address."""
    if case.is_taken("loginSection.login") and not case.is_taken("invitationSection.emailAddress"):
        yield at("loginSection", "login")


@pytest.mark.parametrize("declared", [True, False])
def test_rules_of_surveys(declared: bool) -> None:
    """What cannot be read has no faults but its type, and a key needs no further reads."""
    own = [each if declared else evolve(each, reads=None) for each in (of_seedings, of_a_login)]
    rules = survey.RULES.adding(*own, to=survey.Operation.ADD)
    store = MemorySurveys.from_json(
        [
            {"id": "S", "invited": False, "loggedOn": True, "group": True}
            | {"participants": [{"loginSection": {"login": "Ann"}}]}
        ]
    )
    sections: list[Any] = [
        {"login": "Ann", "subjects": 1},
        {"login": "Bo", "subjects": [1]},
        {"login": ""},
        1,
    ]
    rows = [{"loginSection": each} for each in sections]
    expected = [["of-seedings", "of-a-login"], ["of-seedings"], ["of-seedings"], []]
    task = batch.SurveyTask(SURVEY, store, "add", rules=rules)
    codes = {"of-seedings", "of-a-login"}
    outcomes = [[each.violation.code for each in outcome.findings] for outcome in batch.check(rows, task)]
    assert [[code for code in found if code in codes] for found in outcomes] == expected
    known = store.find(survey.Keys("S", frozenset({"Ann", "Bo"})))
    checked = [survey.check(row, SURVEY, operation="add", known=known, rules=rules) for row in rows]
    assert [[each.code for each in found if each.code in codes] for found in checked] == expected


@rule("A key changes.", reads=[key("participantIdentifier"), key("demographics.email")])
def of_keys(case: project.Case) -> Iterator[At]:
    """It reads whether a unique value is another one than before."""
    if case.changes("participantIdentifier") or case.changes("demographics.email"):
        yield at()


@pytest.mark.parametrize("declared", [True, False])
def test_nothing_changes_of_somebody_who_is_added(declared: bool) -> None:
    """Nor of whom nobody was asked about."""
    stored = {"id": "3a713a06-295d-4803-9602-776f09a1483b", "participantIdentifier": "A1"}
    store = MemoryProjects.from_json([{"id": "P", "participants": [stored]}])
    rows = [
        {"participantIdentifier": name, "demographics": {"email": f"{name}@b.io"}} for name in ("A1", "A2")
    ]
    rules = project.RULES.adding(
        of_keys if declared else evolve(of_keys, reads=None), to=project.Operation.BULK
    )
    for roster, expected in ((store, [["of-keys"], []]), (None, [[], []])):
        task = batch.ProjectTask(project.Project(id="P"), roster, allow_update=True, rules=rules)
        outcomes = [[each.violation.code for each in outcome.findings] for outcome in batch.check(rows, task)]
        assert outcomes == expected
