"""The refused records as JUnit XML."""

import io
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from attrs import evolve
from xmlschema import XMLSchema

from participant_rules.batch.outcomes import About, Outcome
from participant_rules.batch.reports.junit import JUnitReport
from tests.batch.reports.samples import (
    ABOUT,
    NOTICE,
    OUTCOMES,
    TAKEN,
    fill,
    refused,
    rendered,
    summary_of,
    warned,
)

SCHEMA = XMLSchema(str(Path(__file__).parent / "schemas" / "junit.xsd"))


def test_the_whole_report() -> None:
    """A suite a file, a failed test a refused record with its warnings, a passed one for all that stand."""
    report = rendered("junit", summary=summary_of(OUTCOMES, [NOTICE], stopped=True))
    ending = (
        "The check stopped early, at the greatest number of violations that was asked for.\n"
        "All files: 5 records: 1 would be added, 0 would be updated, 1 unchanged, 3 refused "
        "(3 violations, 1 warning)</system-out>\n"
    )
    hostile = "=a&lt;/script&gt;\\x1b[31m\ufffd\\u202e.csv"
    assert report == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites name="Participants of a project" tests="5" failures="3" errors="0">\n'
        '  <testsuite name="roster.csv" tests="3" failures="2" errors="0" skipped="0">\n'
        '    <testcase name="row 3" classname="roster.csv">\n'
        '      <failure type="email-taken" message="Must be unique within a project.">roster.csv:3 E-mail\n'
        "Must be unique within a project.\n"
        "(row 2 has it)\n"
        "The page states this sentence as a law: Participant Object.</failure>\n"
        "    </testcase>\n"
        '    <testcase name="row 4" classname="roster.csv">\n'
        '      <failure type="variable-unknown" message="Survey does not have a \'v48\' variable.">'
        "roster.csv:4 /seeding/v48\n"
        "Survey does not have a 'v48' variable.\n"
        "The page prints this sentence as an error: Update Participant.</failure>\n"
        "      <system-out>warning: roster.csv:4 /colour The member is not documented and is ignored. "
        "[unknown-field]</system-out>\n"
        "    </testcase>\n"
        '    <testcase name="1 record stands" classname="roster.csv" />\n'
        "    <system-out>warning: roster.csv:1 Colour The member is not documented and is ignored. "
        "[unknown-field]\n" + ending + "  </testsuite>\n"
        f'  <testsuite name="{hostile}" tests="2" failures="1" errors="0" skipped="0">\n'
        f'    <testcase name="row 2" classname="{hostile}">\n'
        '      <failure type="variable-unknown" message="Survey does not have a \'v7\' variable.">'
        f"{hostile}:2 &lt;img src=x onerror=document.title='hacked'&gt;\n"
        "Survey does not have a 'v7' variable.\n"
        "The page prints this sentence as an error: Update Participant.</failure>\n"
        "    </testcase>\n"
        f'    <testcase name="1 record stands" classname="{hostile}" />\n'
        "    <system-out>" + ending + "  </testsuite>\n"
        "</testsuites>\n"
    )


@pytest.mark.parametrize(
    ("outcomes", "about"),
    [
        (OUTCOMES, ABOUT),
        (OUTCOMES[:1], ABOUT),
        ([], ABOUT),
        ([], About("survey", [], [])),
        ([Outcome(0, "", (1,), "refused", (TAKEN,))], About("survey", [], [])),
    ],
    ids=["findings", "no findings", "no records", "no files", "records of a program"],
)
def test_the_schema(outcomes: list[Outcome], about: About) -> None:
    """Every report has the form that consumers take."""
    SCHEMA.validate(rendered("junit", outcomes, about=about))


def test_a_file_without_records_has_an_empty_suite() -> None:
    """A file that holds no record is there, with no test."""
    suites = ET.fromstring(rendered("junit", [], about=About("project", ["a.csv"], [])))
    assert [(each.attrib, [case.attrib for case in each.iter("testcase")]) for each in suites] == [
        ({"name": "a.csv", "tests": "0", "failures": "0", "errors": "0", "skipped": "0"}, [])
    ]


def test_only_first_records_are_listed() -> None:
    """Refused records beyond the most are counted, and the suite says how many are not listed."""
    out, outcomes = io.StringIO(), [refused(row) for row in range(2, 7)]
    fill(JUnitReport(out, most=3), outcomes)
    SCHEMA.validate(out.getvalue())
    suite = ET.fromstring(out.getvalue())[0]
    assert (suite.get("tests"), suite.get("failures")) == ("5", "5")
    assert [case.get("name") for case in suite.iter("testcase")] == ["row 2", "row 3", "row 4"]
    assert (suite.findtext("system-out") or "").splitlines()[0] == "2 refused records more, not listed here."


def test_warnings_about_records_that_stand() -> None:
    """They stand in the passed test, up to the most; further ones are counted."""
    out, outcomes = io.StringIO(), [warned(row) for row in range(2, 6)]
    fill(JUnitReport(out, most=3), outcomes)
    SCHEMA.validate(out.getvalue())
    (case,) = ET.fromstring(out.getvalue()).iter("testcase")
    line = "warning: roster.csv:4 /colour The member is not documented and is ignored. [unknown-field]"
    assert case.get("name") == "4 records stand"
    assert case.findtext("system-out") == "\n".join([line] * 3 + ["1 warning more, not listed here."])


def test_a_value_is_shown_in_the_failure() -> None:
    """A value has a line of its own, without characters that XML forbids."""
    root = ET.fromstring(rendered("junit", [refused(3, evolve(TAKEN, value="<a\x00b>"))]))
    assert (root.findtext(".//failure") or "").splitlines()[3] == 'Value: "<a\\x00b>"'
