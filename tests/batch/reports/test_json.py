"""Everything as one JSON object."""

import json

from attrs import evolve

from participant_rules.batch.records import ColumnRead
from tests.batch.reports.samples import (
    ABOUT,
    HOSTILE,
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
    """Every record stands there with its row, action and findings, and the summary counts them."""
    ended = summary_of(OUTCOMES[:3], [NOTICE], stopped=True)
    summary = evolve(ended, skipped={"email-taken": "nobody told"})
    report = json.loads(rendered("json", OUTCOMES[:3], summary))
    assert report == {
        "records": [
            {"file": "roster.csv", "record": 2, "action": "add", "findings": []},
            {
                "file": "roster.csv",
                "record": 3,
                "action": "refused",
                "findings": [
                    {
                        "row": 3,
                        "column": "E-mail",
                        **TAKEN.violation.as_dict(),
                        "other": {"file": "roster.csv", "row": 2},
                    }
                ],
            },
            {
                "file": "roster.csv",
                "record": 4,
                "action": "refused",
                "findings": [
                    {"row": 4, "column": None, **NO_V48.violation.as_dict(), "other": None},
                    {"row": 4, "column": None, **ODD.violation.as_dict(), "other": None},
                ],
            },
        ],
        "files": [],
        "summary": {
            "records": 3,
            "add": 1,
            "update": 0,
            "none": 0,
            "refused": 2,
            "violations": 2,
            "warnings": 1,
            "rules": {"email-taken": 1, "variable-unknown": 1, "unknown-field": 1},
            "skipped": {"email-taken": "nobody told"},
            "repairs": {},
            "notices": [
                {
                    "file": "roster.csv",
                    "row": 1,
                    "column": "Colour",
                    **NOTICE.violation.as_dict(),
                    "other": None,
                }
            ],
            "stopped": True,
        },
    }


def test_the_layout() -> None:
    """The pieces are written as by json.dumps, but a finding is one line of its own."""
    odd = evolve(TAKEN, value="a\nb\u2028cd")
    for outcomes in ([], [*OUTCOMES[:3], refused(5, odd)]):
        report = rendered("json", outcomes)
        whole = json.loads(report)
        findings = [each for record in whole["records"] for each in record["findings"]]
        expected = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
        for each in findings:
            spread = json.dumps(each, indent=2, ensure_ascii=False).replace("\n", "\n" + " " * 8)
            expected = expected.replace(spread, json.dumps(each, ensure_ascii=False))
        assert report == expected


def test_columns() -> None:
    """The fields of the columns of tables stand there; invisible characters are spelt out."""
    columns = [ColumnRead("E\u200bmail", "/email"), ColumnRead("Handy", None, hint="--map")]
    report = rendered("json", [], about=evolve(ABOUT, columns={"a.csv": columns}))
    assert "E\\u200bmail" in report
    assert json.loads(report)["files"] == [
        {
            "file": "a.csv",
            "columns": [
                {"name": "E\u200bmail", "pointer": "/email", "hint": ""},
                {"name": "Handy", "pointer": None, "hint": "--map"},
            ],
        }
    ]


def test_hostile_names() -> None:
    """A file's name comes back as it was, also one that UTF-8 cannot spell."""
    records = json.loads(rendered("json"))["records"]
    assert [each["file"] for each in records] == ["roster.csv"] * 3 + [HOSTILE] * 2


def test_values() -> None:
    """A finding has a value only where values are shown."""
    with_value = json.loads(rendered("json", [refused(3, evolve(TAKEN, value="=1"))]))
    assert with_value["records"][0]["findings"][0]["value"] == "=1"
    assert "value" not in json.loads(rendered("json"))["records"][1]["findings"][0]
