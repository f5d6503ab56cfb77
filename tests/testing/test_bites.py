"""The suites find every fault of a store, every time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BROKEN = Path(__file__).with_name("broken.py")

# For who looks and then writes not the races, which luck may win, but the clause that leaves nothing to luck.
CLAUSES = [
    ("TestProjectLooking", "test_who_stops_in_a_commit_takes_nothing_that_is_taken"),
    ("TestProjectForgetful", "test_an_old_version_is_stale"),
    ("TestProjectForgetful", "test_of_those_who_replace_a_version_at_once_one_wins"),
    ("TestProjectHalf", "test_a_taken_key_is_reported"),
    ("TestProjectHalf", "test_a_crash_in_the_middle_of_a_commit_leaves_before_or_after"),
    ("TestProjectNarrow", "test_every_documented_member_is_kept"),
    ("TestProjectCaseSensitive", "test_a_participant_is_named_by_each_key"),
    ("TestProjectCaseSensitive", "test_a_taken_key_is_reported"),
    ("TestSurveyLooking", "test_who_stops_in_a_commit_takes_nothing_that_is_taken"),
    ("TestSurveyLooking", "test_a_crash_in_the_middle_of_a_commit_leaves_before_or_after"),
    ("TestSurveyForgetful", "test_an_old_version_is_stale"),
    ("TestSurveyForgetful", "test_of_those_who_replace_a_version_at_once_one_wins"),
    ("TestSurveyCaseSensitive", "test_addresses_compare_without_regard_to_case"),
    ("TestSurveyCaseSensitive", "test_a_taken_identity_is_reported"),
    ("TestSurveyUnsure", "test_pages_hold_everybody_once_in_the_order_of_adding"),
    ("TestAsyncLooking", "test_of_those_who_add_an_identity_at_once_one_wins"),
]


def failures() -> set[tuple[str, str]]:
    """The clauses that the broken stores fail, parameters apart."""
    asked = [f"{BROKEN}::{store}::{clause}" for store, clause in CLAUSES]
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "--tb=no", "-p", "no:cacheprovider", *asked]
    alone = {**os.environ, "PYTEST_ADDOPTS": ""}  # whatever is wanted of the tests around it
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=BROKEN.parents[2], env=alone
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    parts = [line.removeprefix("FAILED ").split(" ")[0].split("[")[0].split("::") for line in lines]
    assert parts, done.stdout + done.stderr
    return {(store, clause) for _, store, clause in parts}


def test_a_broken_store_fails_the_clause_that_it_breaks() -> None:
    """Whatever the threads and tasks of a race do."""
    assert sorted(failures()) == sorted(CLAUSES)


@pytest.mark.heavy
def test_it_does_so_every_time() -> None:
    """Thirty times over."""
    for _ in range(30):
        assert sorted(failures()) == sorted(CLAUSES)
