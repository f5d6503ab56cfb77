"""The findings as JSON lines."""

import json

from attrs import evolve

from tests.batch.reports.samples import (
    HOSTILE,
    HOSTILE_COLUMN,
    NO_V7,
    NO_V48,
    NOTICE,
    ODD,
    OUTCOMES,
    TAKEN,
    refused,
    rendered,
    summary_of,
)


def test_the_whole_report() -> None:
    """There is a line for every finding, in order, and one for every notice."""
    report = rendered("jsonl", summary=summary_of(OUTCOMES, [NOTICE], stopped=True))
    assert [json.loads(line) for line in report.splitlines()] == [
        {
            "file": "roster.csv",
            "row": 3,
            "column": "E-mail",
            "code": "email-taken",
            "pointer": "/email",
            "message": "Must be unique within a project.",
            "text": "Must be unique within a project.",
            "words": {},
            "related": None,
            "severity": "error",
            "status": 400,
            "source": {"kind": "quoted", "section": "Participant Object"},
            "other": {"file": "roster.csv", "row": 2},
        },
        {"file": "roster.csv", "row": 4, "column": None, **NO_V48.violation.as_dict(), "other": None},
        {"file": "roster.csv", "row": 4, "column": None, **ODD.violation.as_dict(), "other": None},
        {"file": HOSTILE, "row": 2, "column": HOSTILE_COLUMN, **NO_V7.violation.as_dict(), "other": None},
        {"file": "roster.csv", "row": 1, "column": "Colour", **NOTICE.violation.as_dict(), "other": None},
    ]
    assert report.endswith("}\n")


def test_a_line_is_a_line() -> None:
    """No character of a name or a value ends a line."""
    finding = evolve(TAKEN, value="a\nb\rc\u2028d\x85e")
    (line,) = rendered("jsonl", [refused(3, finding)]).splitlines()
    assert json.loads(line)["value"] == finding.value


def test_without_findings() -> None:
    """Where nothing is found nothing is written."""
    assert rendered("jsonl", OUTCOMES[:1]) == ""
    assert rendered("jsonl", []) == ""
