"""The findings as CSV."""

import csv
import io

import pytest
from attrs import evolve

from participant_rules.batch.outcomes import Place
from tests.batch.reports.samples import NOTICE, OUTCOMES, TAKEN, refused, rendered, summary_of

HEADER = "file,row,column,pointer,code,severity,text,repair\r\n"


def test_the_whole_report() -> None:
    """There is a row for every finding, in order, and one for every notice; a formula is made text."""
    assert rendered("csv", summary=summary_of(OUTCOMES, [NOTICE])) == (
        HEADER
        + "roster.csv,3,E-mail,/email,email-taken,error,"
        + "Must be unique within a project. (row 2 has it),\r\n"
        + "roster.csv,4,,/seeding/v48,variable-unknown,error,Survey does not have a 'v48' variable.,\r\n"
        + "roster.csv,4,,/colour,unknown-field,warning,The member is not documented and is ignored.,\r\n"
        + "'=a</script>\\x1b[31m\\udc80\\u202e.csv,2,<img src=x onerror=document.title='hacked'>,"
        + "/seeding/v7,variable-unknown,error,Survey does not have a 'v7' variable.,\r\n"
        + "roster.csv,1,Colour,,unknown-field,warning,The member is not documented and is ignored.,\r\n"
    )


def test_without_findings() -> None:
    """Where nothing is found the header stands alone."""
    assert rendered("csv", OUTCOMES[:1]) == HEADER
    assert rendered("csv", []) == HEADER


def test_values() -> None:
    """With values there is a column for them, empty where a finding has none."""
    report = rendered("csv", [refused(3, evolve(TAKEN, value="+1 555")), refused(4)], values=True)
    assert [row[-2:] for row in csv.reader(io.StringIO(report, newline=""))] == [
        ["value", "repaired_value"],
        ["'+1 555", ""],
        ["", ""],
    ]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(first: str) -> None:
    """A cell that a spreadsheet might calculate begins with an apostrophe."""
    finding = evolve(TAKEN, place=Place(first + "f", 3, first + "c"), value=first + "v")
    report = rendered("csv", [refused(3, finding)], values=True)
    _, row = csv.reader(io.StringIO(report, newline=""))
    assert (row[0], row[2], row[-2]) == (f"'{first}f", f"'{first}c", f"'{first}v")


def test_quotes() -> None:
    """Separators, quotes and line ends in a cell come back from a reader as they were."""
    finding = evolve(TAKEN, place=Place('a",b\r\nc', 3, "x;\ny"))
    _, row = csv.reader(io.StringIO(rendered("csv", [refused(3, finding)]), newline=""))
    assert (row[0], row[2]) == ('a",b\r\nc', "x;\ny")
