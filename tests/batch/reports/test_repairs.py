"""Repairs in every form of report: that there is one, and its value only where values are shown."""

import csv
import io
import json
from typing import Any

import pytest
from attrs import evolve

from participant_rules.batch.outcomes import Finding, Outcome, Repairable
from participant_rules.batch.repairs import value_repaired
from participant_rules.batch.reports import Format
from participant_rules.batch.reports.phrases import new_value, repair_of, repair_phrase, repairable
from participant_rules.batch.summary import SummaryCounter
from participant_rules.repairing import with_repair
from participant_rules.rules import at
from participant_rules.violations import Repair
from tests.batch.reports.samples import ODD, OUTCOMES, TAKEN, rendered, summary_of

SURE = Repair("/email", "secret@example.org", certain=True)
LIKELY = Repair("/email", True, certain=False)
NAME = Repair("/color", "secret", certain=True, renames="colour")
FORMS = pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "junit", "sarif", "html"])


def of(finding: Finding, repair: Repair, value: str | None = None) -> Finding:
    """The finding with a repair."""
    return evolve(finding, violation=with_repair(finding.violation, repair), value=value)


def report_of(form: Format, finding: Finding) -> str:
    """The report of a check with one finding."""
    outcome = Outcome(0, "roster.csv", (3,), "refused", (finding,))
    counter = SummaryCounter()
    counter.add(outcome)
    return rendered(form, [outcome], counter.summary(), values=finding.value is not None)


@FORMS
def test_there_is_a_repair(form: Format) -> None:
    """Every form says so, and whether it is certain; none shows the value."""
    report = report_of(form, of(TAKEN, SURE))
    assert "secret" not in report
    assert "certain" in report or "would be repaired" in report
    assert report != report_of(form, TAKEN)
    assert report != report_of(form, of(TAKEN, LIKELY))


@FORMS
def test_a_value_is_shown(form: Format) -> None:
    """Where values are."""
    assert "secret@example.org" in report_of(form, of(TAKEN, SURE, "x"))


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (TAKEN, ""),
        (of(TAKEN, SURE), "would be repaired"),
        (of(TAKEN, SURE, "x"), 'would be repaired to "secret@example.org"'),
        (of(TAKEN, LIKELY, "x"), 'would likely be repaired to "true"'),
        (of(ODD, NAME, "x"), "would be repaired: the name becomes color"),
        (of(ODD, evolve(NAME, pointer="/a~1b~0"), "x"), "would be repaired: the name becomes a/b~"),
        (
            of(evolve(TAKEN, violation=value_repaired.violation(at(sentence="X.", broken="x"))), SURE, "x"),
            'repaired to "secret@example.org"',
        ),
    ],
)
def test_words(finding: Finding, words: str) -> None:
    """The phrase of a repair that would be made, or is made."""
    assert repair_phrase(finding) == words


def test_new_values() -> None:
    """A name has none; nothing is shown where the old value is not."""
    assert [new_value(each) for each in (TAKEN, of(TAKEN, SURE), of(ODD, NAME, "x"))] == [None, None, None]
    assert [new_value(of(TAKEN, each, "x")) for each in (SURE, LIKELY)] == ["secret@example.org", "true"]


def test_repairs_in_a_cell() -> None:
    """The value where values are shown, else only the certainty; the new name; "" for no repair."""
    findings = [TAKEN, of(TAKEN, SURE, "x"), of(TAKEN, LIKELY, "x"), of(ODD, NAME, "x")]
    assert [repair_of(each, values=False) for each in findings] == ["", "certain", "likely", "color"]
    assert [repair_of(each, values=True) for each in findings] == [
        "",
        "secret@example.org",
        "true (likely)",
        "color",
    ]


def test_counts() -> None:
    """Findings are counted by code; repaired ones are not."""
    done = evolve(TAKEN, violation=value_repaired.violation(at(sentence="X.", broken="x")))
    counter = SummaryCounter()
    counter.add(Outcome(0, "", (1,), "refused", (of(TAKEN, SURE), of(TAKEN, LIKELY), ODD, of(done, SURE))))
    counter.add(Outcome(1, "", (2,), "refused", (of(TAKEN, SURE),)))
    summary = counter.summary()
    assert summary.repairs == {"email-taken": Repairable(2, 1)}
    assert repairable(summary) == (
        "2 findings would be repaired (--fix), 1 finding would likely be repaired (--fix-likely)."
    )
    assert repairable(evolve(summary, repairs={"x": Repairable(1)})) == "1 finding would be repaired (--fix)."
    assert repairable(summary_of(OUTCOMES)) == ""


def test_for_programs() -> None:
    """The place, whether it is certain, and the value where it is shown."""
    for finding, repair in (
        (of(TAKEN, SURE), {"pointer": "/email", "certain": True}),
        (of(TAKEN, SURE, "x"), {"pointer": "/email", "certain": True, "value": "secret@example.org"}),
        (of(ODD, NAME, "x"), {"pointer": "/color", "certain": True}),
    ):
        counted = {finding.violation.code: {"certain": 1, "likely": 0}}
        report = json.loads(report_of("json", finding))
        assert report["records"][0]["findings"][0]["repair"] == repair
        assert report["summary"]["repairs"] == counted
        assert json.loads(report_of("jsonl", finding))["repair"] == repair
        (run,) = json.loads(report_of("sarif", finding))["runs"]
        assert run["results"][0]["properties"]["repair"] == repair
        assert run["properties"]["repairs"] == counted


def test_in_columns() -> None:
    """CSV says how sure it is, and the values where these are shown."""
    rows: list[Any] = [
        list(csv.reader(io.StringIO(report_of("csv", each), newline="")))[1]
        for each in (TAKEN, of(TAKEN, SURE), of(TAKEN, LIKELY, "x"))
    ]
    assert [row[7:] for row in rows] == [[""], ["certain"], ["likely", "x", "true"]]


def test_for_servers() -> None:
    """JUnit's failures and warnings say it."""
    assert '\nWould be repaired to "secret@example.org"\n' in report_of("junit", of(TAKEN, SURE, "x"))
    outcome = Outcome(0, "roster.csv", (3,), "refused", (TAKEN, of(ODD, NAME)))
    assert "is ignored. (would be repaired: the name becomes color) [unknown-field]" in rendered(
        "junit", [outcome]
    )
