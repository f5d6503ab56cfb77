"""Words that all reports share."""

import pytest

from participant_rules.batch.outcomes import About
from participant_rules.batch.records import ColumnRead
from participant_rules.batch.reports.phrases import (
    clipped,
    encodable,
    explained,
    few_columns,
    provenance,
    visible,
)
from participant_rules.violations import OURS, Source


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ñandú ʻ 名 👩‍💻", "Ñandú ʻ 名 👩\\u200d💻"),
        ("a\x1b[2J\x00", "a\\x1b[2J\\x00"),
        ("a\r\nb\tc\u2028d", "a\\r\\nb\\tc\\u2028d"),
        ("\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066"),
        ("\udc80\ud800", "\\udc80\\ud800"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    """Letters of every script stay; characters that steer a terminal, end a line or turn it are spelt out."""
    assert visible(text) == shown


def test_encodable() -> None:
    """Only lone surrogates are spelt out."""
    assert encodable("a\x1b\udc80ü") == "a\x1b\\udc80ü"


def test_clipped() -> None:
    """A value of two hundred characters is shown whole, a longer one is cut."""
    assert clipped("a" * 200) == "a" * 200
    assert clipped("a" * 201) == "a" * 200 + "…"


def test_provenance() -> None:
    """A sentence has its source and its place; a law has its basis."""
    assert provenance(Source("printed", "Page")) == "The page prints this sentence as an error: Page."
    assert provenance(Source("quoted", "P"), "documented") == (
        "The page states this sentence as a law: P. The law is documented."
    )
    assert provenance(OURS, "inferred") == "The sentence is ours. The law is inferred."


COLUMNS = [
    ColumnRead("E\u200bmail", "/email"),
    ColumnRead("Handy", None, '--map "Handy=mobilePhone"'),
    ColumnRead("Ward", None),
    ColumnRead("row", None, ignored=True),
]


def test_columns_are_explained() -> None:
    """The field of each, or the option that would read it."""
    assert explained(COLUMNS) == [
        "E\\u200bmail: read as /email",
        'Handy: not read; --map "Handy=mobilePhone" reads it',
        "Ward: not read",
        "row: needs not be read",
    ]


def test_few_columns() -> None:
    """A table of which fewer than half are read is named, unless it is the only file."""
    about = About("project", ["a.csv", "b.csv"], [], {"a.csv": COLUMNS, "b.csv": COLUMNS[:2]})
    assert few_columns(about) == [
        "a.csv: only 1 of 3 columns were read. See --explain-columns and --map.",
    ]
    assert few_columns(about, named=False)[0].startswith("Only 1 of 3 columns")
