"""The outcome of each row, as texts."""

import sys
from itertools import count

import pytest

from participant_rules.batch.outcomes import Action, Finding, Frequent, Place
from participant_rules.violations import Violation
from tests.batch.copies.samples import ODD, WRONG, became, found, verdicts


@pytest.mark.parametrize(
    ("action", "word"),
    [
        ("add", "would be added"),
        ("update", "would be updated"),
        ("none", "unchanged"),
        ("refused", "refused"),
    ],
)
def test_outcomes_have_the_words_of_the_summary(action: Action, word: str) -> None:
    """The outcomes have the phrases of the summary line."""
    assert verdicts(became(action, 2, findings=[])).of(2) == (word, "")


@pytest.mark.parametrize(
    ("finding", "reason"),
    [
        (found(2), "/a: It is wrong. [wrong]"),
        (found(2, column="Column A"), "Column A: It is wrong. [wrong]"),
        (found(2, ODD), "warning: /b: It is odd. [odd]"),
        (found(2, Violation("whole", " All of it. ", pointer="")), "All of it. [whole]"),
        (found(2, Violation("sentence", "Only known.", pointer=None)), "Only known. [sentence]"),
        (found(2, other=Place("in.csv", 7)), "/a: It is wrong. (row 7 has it) [wrong]"),
        (
            found(2, other=Place("first.csv", 7)),
            "/a: It is wrong. (row 7 of first.csv has it) [wrong]",
        ),
        (found(2, column="Two\r\nlines\t\x00\ud800"), "Two lines : It is wrong. [wrong]"),
    ],
)
def test_reasons(finding: Finding, reason: str) -> None:
    """A reason is one line: the place, the sentence, and the code; the value itself never stands in it."""
    assert verdicts(became("refused", 2, findings=[finding])).of(2) == ("refused", reason)


def test_several_reasons() -> None:
    """All findings on a row are there, in their order."""
    record = became("refused", 2, findings=[found(2), found(2, ODD)])
    assert verdicts(record).of(2) == (
        "refused",
        "/a: It is wrong. [wrong] | warning: /b: It is odd. [odd]",
    )


def test_rows_that_are_no_record() -> None:
    """Rows before, between and behind the records have no verdict."""
    judged = verdicts(became("add", 4), became("add", 2))
    assert [judged.of(row)[0] for row in (0, 1, 2, 3, 4, 5, 1_000_000)] == [
        "",
        "",
        "would be added",
        "",
        "would be added",
        "",
        "",
    ]


def test_several_rows_a_record() -> None:
    """A reason stands in the row that it is about, or in the first; other rows name one that has a fault."""
    findings = [found(5), found(9, WRONG), found(4, ODD)]
    judged = verdicts(became("refused", 2, 4, 5, 8, findings=findings))
    assert [judged.of(row) for row in (2, 3, 4, 5, 8, 9)] == [
        ("refused", "/a: It is wrong. [wrong]"),
        ("", ""),
        ("refused", "warning: /b: It is odd. [odd] | see row 2"),
        ("refused", "/a: It is wrong. [wrong]"),
        ("refused", "see row 2"),
        ("", ""),
    ]


def test_a_warning_refers_nobody() -> None:
    """Rows of a record that stands do not name one that has a warning."""
    judged = verdicts(became("add", 2, 3, findings=[found(3, ODD)]))
    assert judged.of(2) == ("would be added", "")


def test_a_million_rows_are_small() -> None:
    """A row takes four bytes, and a verdict of many rows is kept once."""
    judged = verdicts()
    for row in range(2, 10_002):
        judged.add(became("refused", row))
    held = [*vars(judged).values()]
    assert sum(map(sys.getsizeof, held)) < 50_000
    assert all(len(each) <= size for each, size in zip(held, (10_002, 2, 2, 0, 0, 4), strict=True))
    assert {judged.of(row) for row in range(2, 10_002)} == {("refused", "/a: It is wrong. [wrong]")}
    assert next(row for row in count() if judged.of(row)[0]) == 2


def test_a_frequent_warning_stands_once() -> None:
    """Such a warning stands in the first row that has it, with its count; all else stays where it is."""
    judged = verdicts(
        became("add", 2, findings=[]),
        became("add", 3, findings=[found(3, ODD)]),
        became("refused", 4, findings=[found(4), found(4, ODD)]),
        became("add", 5, findings=[found(5, ODD), found(5, ODD, column="Other")]),
    )
    judged.say_once([Frequent(found(3, ODD), 3, 3)], 4)
    assert [judged.of(row)[1] for row in range(2, 6)] == [
        "",
        "warning: /b: It is odd. (3 of 4 records) [odd]",
        "/a: It is wrong. [wrong]",
        "warning: Other: It is odd. [odd]",
    ]
