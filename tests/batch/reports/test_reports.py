"""Every report: one door, no personal values, and bounded memory."""

import gc
import json
import os
import tracemalloc
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from attrs import evolve

from participant_rules.batch.outcomes import About, Summary
from participant_rules.batch.reports import Format, Report, open_report
from tests.batch.reports.samples import ABOUT, NOTICE, TAKEN, refused, rendered, summary_of

FORMS: tuple[Format, ...] = get_args(Format)
SECRET = "secret@example.com"


@pytest.mark.parametrize("form", FORMS)
def test_values_are_shown_where_they_are_given(form: Format) -> None:
    """A finding's value stands in a report only where the caller wanted values, and nowhere else."""
    shown = evolve(TAKEN, value=SECRET)
    assert SECRET in rendered(form, [refused(3, shown)], values=True)
    assert '"value"' not in rendered(form, [refused(3)])


@pytest.mark.parametrize("form", ["csv", "html"])
def test_a_table_has_no_column_for_values_unless_they_are_wanted(form: Format) -> None:
    """Not even for a finding that has one."""
    shown = evolve(TAKEN, value=SECRET)
    assert SECRET not in rendered(form, [refused(3, shown)])


@pytest.mark.parametrize("form", FORMS)
def test_every_report_has_the_notices(form: Format) -> None:
    """A notice on a file as a whole stands in every report, with its column."""
    assert "Colour" in rendered(form, [], Summary(0, {}, 0, 0, {}, [NOTICE]))


@pytest.mark.parametrize("form", ["text", "json", "junit", "sarif", "html"])
def test_every_report_has_that_the_check_stopped(form: Format) -> None:
    """A check that ended early says so, but for the forms that are findings only."""
    ended = rendered(form, [], Summary(0, {}, 0, 0, {}))
    stopped = rendered(form, [], Summary(0, {}, 0, 0, {}, stopped=True))
    assert ("stopped early" in stopped) or (json.loads(stopped) != json.loads(ended))
    assert "stopped early" not in ended


@pytest.mark.parametrize("form", FORMS)
def test_records_of_a_program_have_no_file(form: Format) -> None:
    """A report of records that came from no file is whole."""
    place = TAKEN.place._replace(file="")
    finding = evolve(TAKEN, place=place, other=place._replace(row=2))
    outcome = refused(3, finding)._replace(file="")
    assert "email-taken" in rendered(form, [outcome], about=About("project", [""], ABOUT.rules))


def held_after(report: Report, rows: Iterable[int]) -> int:
    """The bytes that are held when the findings of further rows were written."""
    for row in rows:
        report.add(refused(row))
    gc.collect()  # the encoder of json leaves cycles
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "sarif"])
def test_memory_does_not_grow_with_findings(form: Format) -> None:
    """The streaming reports, and the text with its first rows, keep nothing of later findings."""
    gc.freeze()  # what other tests have left is not walked over
    with Path(os.devnull).open("w", encoding="utf-8") as out:
        report = open_report(form, out)
        report.begin(ABOUT)
        for row in range(2, 102):
            report.add(refused(row))
        tracemalloc.start()
        held = [held_after(report, range(start, start + 500)) for start in range(102, 2_102, 500)]
        tracemalloc.stop()
        report.end(summary_of([]))
    gc.unfreeze()
    # Ten bytes a finding; once in a while another thread of the test run keeps something.
    assert min(after - before for before, after in pairwise(held)) < 5_000
