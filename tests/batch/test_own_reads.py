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

from participant_rules import RuleSet, at, batch, project, rule
from participant_rules.batch.files import open_source
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.sources import given
from participant_rules.engine.slots import State
from participant_rules.rules import At
from participant_rules.schema.form import text_form
from participant_rules.schema.reads import faults, malformed, state, value

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
