"""Rows end where reading them says they end."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from participant_rules.batch.files.boundaries import boundary_finder, count_lines
from participant_rules.batch.files.dialect import Grammar
from participant_rules.batch.files.quoting import QuoteMalformed, rows_of

TEXTS = st.text(alphabet='a"",\r\n;', max_size=40)


def ends(text: str) -> Iterator[int]:
    """Where rows end; not the last one, which may go on. Raises QuoteMalformed."""
    lines = list(io.StringIO(text, newline=""))
    for row in rows_of(lines, Grammar(","), 0):
        if row.line:
            yield len("".join(lines[: row.line]))


@given(TEXTS, TEXTS)
def test_a_cut_is_at_the_end_of_a_row(first: str, second: str) -> None:
    """It is the first end of a row at or after the limit, in any text with sound quotes."""
    text = first + second + "\nlast"
    try:
        known = list(ends(text))
    except QuoteMalformed:
        reject()
    for limit in range(1, len(text)):
        found = boundary_finder(Grammar(","))(text.encode(), limit)
        assert found == next((each for each in known if each >= limit), 0)


@pytest.mark.parametrize("separator", [";", ":", "|"])
def test_separators(separator: str) -> None:
    """The separator of the file decides which quotes open a cell."""
    text = f'a{separator}"b\nc"\nd\n'.encode()
    assert boundary_finder(Grammar(separator))(text + b"e", 2) == text.index(b"d")
    assert boundary_finder(Grammar(","))(text + b"e", 2) == text.index(b"c")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cells_that_are_all_quoted(end: str) -> None:
    """Nothing but the lines of such a text is looked at; its last line may be cut."""
    rows = [f'"a","b"{end}', f'"c;","d"{end}', '"e","f']
    text = "".join(rows).encode()
    find = boundary_finder(Grammar(","))
    first, second = len(rows[0]), len(rows[0]) + len(rows[1])
    assert [find(text, limit) for limit in (1, first, first + 1, second, second + 1)] == [
        *(first, first),
        *(second, second),
        0,
    ]


def test_a_quote_that_may_go_on() -> None:
    """No cut stands behind a row with a last quote that opens a word: the next line may close it."""
    text = b'a,say "hi\nthere\nb,c\nlast'
    assert boundary_finder(Grammar(","))(text, 2) == text.index(b"last")


def test_half_a_line_end() -> None:
    """A CR at the end of a block is no end yet: a LF may follow."""
    assert boundary_finder(Grammar(","))(b"a\nb\r", 3) == 0
    assert boundary_finder(Grammar(","))(b"a\nb\r", 1) == 2
    assert boundary_finder(Grammar(","))(b"a\nb\r\n", 3) == 5


def test_lines_are_counted() -> None:
    """LF, CR and CRLF each end one line; line ends behind the end do not count."""
    assert count_lines(b"a\nb\rc\r\nd\n", 8) == 3
    assert count_lines(b"a\nb\n", 4) == 2


def test_long_cells_in_odd_text() -> None:
    """A cell of a million characters is passed over, and the csv module's limit is as before."""
    text = b'5" pipe,"' + b"ten bytes\n" * 99_000 + b'"\nb\nlast'
    limit = csv.field_size_limit()
    assert boundary_finder(Grammar(","))(text, 3) == len(text) - len(b"b\nlast")
    assert csv.field_size_limit() == limit
