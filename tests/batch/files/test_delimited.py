"""Delimited text is read as the csv module reads it, in any encoding."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.files.tables import Table
from participant_rules.batch.records import Unusable
from tests.batch.files.samples import DECLARED, chunks, delimited, opened, packed, payloads, rows

CELL = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from('",;\t|\r\n =+-@'),
    max_size=12,
)
ROWS = st.lists(st.tuples(st.from_regex(r"[A-Z]+", fullmatch=True), CELL, CELL), min_size=1, max_size=6)
HEADER = ("Email", "City", "First name")


def expected(rows: Sequence[Sequence[str]]) -> list[object]:
    """The payloads of rows under HEADER."""
    names = ("email", "city", "firstName")
    shown = [dict(zip(names, row, strict=True)) for row in rows]
    return [{"demographics": {name: text for name, text in each.items() if text.strip()}} for each in shown]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ROWS,
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 4),
)
def test_any_text_comes_back(
    tmp_path: Path, rows: list[tuple[str, str, str]], separator: str, encoding: str, end: str, records: int
) -> None:
    """A text of the csv module is read as it was written, with any characters, however it is cut."""
    data = delimited([HEADER, *rows], separator, end).encode(encoding)
    for saved in (data, packed(data)):
        source = opened(tmp_path, saved)
        assert [payload for part in source.parts(records) for payload in part.read().payloads] == expected(
            rows
        )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet='a"",\r\n ', max_size=60), st.integers(1, 4))
def test_any_cut_gives_the_same(tmp_path: Path, text: str, records: int) -> None:
    """Cells and rows do not depend on the parts that they are read in, however odd the text."""
    try:
        source = opened(tmp_path, f"Email,City\n{text}")
    except Unusable:
        reject()  # a quote is malformed in its first rows
    try:
        whole = [(each.payloads, list(each.rows)) for each in chunks(source)]
    except Unusable as unusable:
        with pytest.raises(Unusable, match=str(unusable)):
            chunks(source, records)
        return
    payloads = [payload for each, _ in whole for payload in each]
    numbers = [number for _, each in whole for number in each]
    parted = chunks(source, records)
    assert [payload for each in parted for payload in each.payloads] == payloads
    assert [number for each in parted for number in each.rows] == numbers


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="a;;\t\r\n\u2003\x1c\u2028", max_size=60), st.sampled_from(";\t"), st.integers(1, 4))
def test_text_without_quotes(tmp_path: Path, text: str, separator: str, records: int) -> None:
    """It is split as the csv module splits it, and blank rows are left out."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found = [(number, cells) for number, cells in enumerate(lines, 2) if "".join(cells).strip()]
    source = opened(tmp_path, f"Email{separator}City\n{text}")
    assert isinstance(source, Table)
    read = [each.read() for each in source.sheet.rows(records)]
    assert [number for each in read for number in each.numbers] == [number for number, _ in found]
    assert [list(cells) for each in read for cells in each.rows] == [cells for _, cells in found]


@pytest.mark.parametrize("records", [1, 2_000])
def test_rows_are_lines(tmp_path: Path, records: int) -> None:
    """A row is the line that it begins on: the header, blank lines and lines inside a cell are counted."""
    text = '\r\nEmail,City\r"a@b.c\n",Rome\r\n\n,\n , \n"x\r\ny\rz",Paris\rlast,"Oslo"'
    source = opened(tmp_path, text)
    assert rows(source, records) == [3, 8, 11]
    assert [each["demographics"]["city"] for each in payloads(source, records)] == ["Rome", "Paris", "Oslo"]


def test_ragged_rows(tmp_path: Path) -> None:
    """Missing cells of a short row are left out; cells beyond the header are an unknown member.

    A row of one cell is no record that could be judged.
    """
    source = opened(tmp_path, "Email,City,State\na\nb,Rome\nc,Rome,X,, more\nd,Rome,Y,,\ne\n")
    assert payloads(source) == [
        {"demographics": {"email": "\ud800"}},
        {"demographics": {"email": "b", "city": "Rome"}},
        {"demographics": {"email": "c", "city": "Rome", "state": "X"}, "column 5": " more"},
        {"demographics": {"email": "d", "city": "Rome", "state": "Y"}},
        {"demographics": {"email": "\ud800"}},
    ]
    assert source.column("/column 5") is None
    (chunk,) = chunks(source)
    results = [
        (each.row, each.violation.text, each.violation.severity)
        for of in chunk.remarks.values()
        for each in of
    ]
    assert results == [
        (2, "The row has 1 cell where the header has 3.", "error"),
        (3, "The row has 2 cells where the header has 3.", "warning"),
        (4, "The row has 5 cells where the header has 3.", "warning"),
        (5, "The row has 5 cells where the header has 3.", "warning"),
        (6, "The row has 1 cell where the header has 3.", "error"),
    ]


def test_columns_without_a_name(tmp_path: Path) -> None:
    """A cell below no name is a member that nobody knows, if it has text; such columns are not repeated."""
    source = opened(tmp_path, "Email,, ,City\na,x,,Rome\nb,,y,\n", blank="clear")
    assert payloads(source) == [
        {"demographics": {"email": "a", "city": "Rome"}, "column 2": "x"},
        {"demographics": {"email": "b", "city": None}, "column 3": "y"},
    ]
    assert (source.column("/column 2"), source.notices) == (None, ())


@pytest.mark.parametrize(
    ("data", "dialect", "city"),
    [
        ("Email,City\na,Köln\n".encode(), Dialect("utf-8", b"", ","), "Köln"),
        ("Email;City\na;Köln\n".encode("utf-8-sig"), Dialect("utf-8", b"\xef\xbb\xbf", ";"), "Köln"),
        ("Email\tCity\na\t€\n".encode("utf-16"), Dialect("utf-16-le", b"\xff\xfe", "\t"), "€"),
        (
            b"\xfe\xff" + "Email|City\na|\N{GRINNING FACE}\n".encode("utf-16-be"),
            Dialect("utf-16-be", b"\xfe\xff", "|"),
            "\N{GRINNING FACE}",
        ),
        ("Email,City\na,€uro\n".encode("cp1252"), Dialect("cp1252", b"", ","), "€uro"),
        (b"Email,City\na,A\x81\xff\x98a\xfe\n", Dialect("latin-1", b"", ","), "A\x81ÿ\x98aþ"),
        (b"Email,City\na,x\xc3", Dialect("cp1252", b"", ","), "xÃ"),
    ],
)
def test_encodings_and_separators(tmp_path: Path, data: bytes, dialect: Dialect, city: str) -> None:
    """A mark says the encoding; else it is UTF-8, cp1252 or latin-1, the first that knows all the bytes."""
    source = opened(tmp_path, data)
    assert source.dialect == dialect  # type: ignore[attr-defined]  # of a table
    assert payloads(source) == [{"demographics": {"email": "a", "city": city}}]


def test_the_whole_file_decides_its_encoding(tmp_path: Path) -> None:
    """One byte at its end makes a file cp1252 from its beginning; a character may be cut by a block."""
    lines = "Email,City\n" + "a,b\n" * 300_000
    source = opened(tmp_path, lines.encode() + "ü,ü\n".encode("cp1252"))
    assert source.dialect == Dialect("cp1252", b"", ",")  # type: ignore[attr-defined]  # of a table
    source = opened(tmp_path, lines[: (1 << 20) - 1].encode() + "ü,ü\n".encode())
    assert source.dialect == Dialect("utf-8", b"", ",")  # type: ignore[attr-defined]  # of a table


def test_the_separator_makes_most_cells(tmp_path: Path) -> None:
    """Quoted separators in the header do not count; a header of one cell has commas."""
    assert payloads(opened(tmp_path, '"Email,x,y";City\na;b\n')) == [{"demographics": {"city": "b"}}]
    assert opened(tmp_path, "Email\na\n").dialect == Dialect("utf-8", b"", ",")  # type: ignore[attr-defined]


def test_a_million_characters(tmp_path: Path) -> None:
    """A cell of a million characters is read, and the csv module's limit is as before."""
    limit = csv.field_size_limit()
    long = "x" * 1_000_000
    source = opened(tmp_path, f'Email,City,State\na,{long},b\n"c\n",5",{long}\n')
    assert payloads(source, 1) == [
        {"demographics": {"email": "a", "city": long, "state": "b"}},
        {"demographics": {"email": "c\n", "city": '5"', "state": long}},
    ]
    assert csv.field_size_limit() == limit


def test_a_quote_that_is_never_closed(tmp_path: Path) -> None:
    """It makes the file unusable where it is met; the text before it is read."""
    source = opened(tmp_path, "Email,City\n" + "a,b\n" * 3_000 + 'c,"d\ne,f\n')
    parts = source.parts(1_000)
    assert next(parts).read().payloads[0] == {"demographics": {"email": "a", "city": "b"}}
    with pytest.raises(
        Unusable, match=r"people\.csv: row 3002: quote-malformed: a quote is opened and never closed$"
    ):
        [each.read() for each in parts]


def test_quotes_in_the_middle(tmp_path: Path) -> None:
    """A quote inside a cell that does not begin with one is a character like others."""
    source = opened(tmp_path, 'Email,City\na,5" pipe\nb,"x""y"\nc,z "w"\n', DECLARED)
    assert [each["demographics"]["city"] for each in payloads(source, 1)] == ['5" pipe', 'x"y', 'z "w"']
