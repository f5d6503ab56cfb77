"""Copies of delimited text."""

import csv
import io
import os
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from participant_rules.batch.copies import Verdicts
from participant_rules.batch.copies.choices import ALL, BAD, GOOD, Choice
from participant_rules.batch.copies.delimited import copy
from participant_rules.batch.files.dialect import Dialect, Grammar
from participant_rules.batch.files.quoting import QuoteMalformed, rows_of
from participant_rules.batch.records import Unusable
from participant_rules.violations import Violation
from tests.batch.copies.samples import REASON, UTF8, Written, became, found, verdicts

REFUSED = f'refused,"{REASON}"'.encode()


def copied(
    data: bytes, judged: Verdicts, choice: Choice = ALL, dialect: Dialect = UTF8, header: int = 1
) -> bytes:
    """The copy of some bytes."""
    out = io.BytesIO()
    copy(Written(data, dialect=dialect, header_row=header), judged, choice, out)
    return out.getvalue()


# ---- byte for byte


def records(text: str, separator: str) -> list[tuple[int, list[str], str]]:
    """The line, the cells and the raw text of each record; raises QuoteMalformed."""
    lines = list(io.StringIO(text, newline=""))
    rows = list(rows_of(lines, Grammar(separator)))
    ends = [*[row.line for row in rows[1:]], len(lines) + 1] if rows else []
    return [
        (row.line, list(row.cells), "".join(lines[row.line - 1 : end - 1]))
        for row, end in zip(rows, ends, strict=True)
    ]


DIALECTS = [
    UTF8,
    Dialect("utf-8", b"\xef\xbb\xbf", ";"),
    Dialect("utf-16-le", b"\xff\xfe", "\t"),
    Dialect("utf-16-be", b"\xfe\xff", ","),
    Dialect("utf-32-le", b"\xff\xfe\x00\x00", "|"),
    Dialect("cp1252", b"", ";"),
    Dialect("latin-1", b"", "\t"),
]
nasty = st.lists(
    st.sampled_from([*"aé=+-@ \t\r\n\"',;|0\x00", "\r\n", '"a\n"', '"""', '"=1', "\u2028", "\xa0"]),
    max_size=30,
).map("".join)
in_some_dialect = given(nasty, st.sampled_from(DIALECTS))


def is_closed(text: str, separator: str) -> bool:
    """Whether no quote is malformed, also when more stands behind it."""
    try:
        return records(f"{text}{separator}x", separator)[-1][1][-1] == "x"
    except QuoteMalformed:
        return False


def header_of(before: Sequence[tuple[int, list[str], str]]) -> int:
    """The line of the first record that is not blank, or one behind all of them."""
    return next((line for line, cells, _ in before if "".join(cells).strip()), 1000)


def all_added(before: Sequence[tuple[int, list[str], str]]) -> Verdicts:
    """All rows would be added."""
    return verdicts(*[became("add", line) for line, _, _ in before])


@in_some_dialect
def test_cells_read_the_same(text: str, dialect: Dialect) -> None:
    """Whoever reads the copy finds the cells of the file, and ours in one column behind the widest record."""
    text = text.encode(dialect.encoding, "ignore").decode(dialect.encoding)
    assume(is_closed(text, dialect.separator))
    before = records(text, dialect.separator)
    header = header_of(before)
    data = copied(dialect.mark + text.encode(dialect.encoding), all_added(before), ALL, dialect, header)
    after = records(data.removeprefix(dialect.mark).decode(dialect.encoding), dialect.separator)
    width = max((len(cells) for line, cells, _ in before if line >= header), default=0)
    assert [(line, cells) for line, cells, _ in after] == [
        (line, cells and [*cells, *_padding(line, header, width - len(cells)), *_ours(line, header)])
        for line, cells, _ in before
    ]


def _padding(line: int, header: int, count: int) -> list[str]:
    return [""] * count if line >= header else []


def _ours(line: int, header: int) -> list[str]:
    if line < header:
        return []
    return ["outcome", "reasons"] if line == header else ["would be added", ""]


@in_some_dialect
def test_bytes_stay(text: str, dialect: Dialect) -> None:
    """A copy is the file, byte for byte, with our cells before the end of each record's last line."""
    separator, encoding = dialect.separator, dialect.encoding
    text = text.encode(encoding, "ignore").decode(encoding)
    assume(is_closed(text, separator))
    before = records(text, separator)
    header = header_of(before)
    width = max((len(cells) for line, cells, _ in before if line >= header), default=0)
    expected = ""
    for line, cells, raw in before:
        body = raw.rstrip("\r\n")
        padding = _padding(line, header, width - len(cells))
        added = separator.join(["", *padding, *_ours(line, header)]) if cells and line >= header else ""
        expected += body + added + raw[len(body) :]
    data = dialect.mark + text.encode(encoding)
    assert copied(data, all_added(before), ALL, dialect, header) == dialect.mark + expected.encode(encoding)


@in_some_dialect
def test_good_records_stay(text: str, dialect: Dialect) -> None:
    """When all records are good they are the file, but for blank lines behind the header."""
    text = text.encode(dialect.encoding, "ignore").decode(dialect.encoding)
    assume(is_closed(text, dialect.separator))
    before = records(text, dialect.separator)
    header = header_of(before)
    kept = "".join(raw for line, cells, raw in before if cells or line < header)
    judged = verdicts(*[became("add", line) for line, cells, _ in before if cells])
    data = dialect.mark + text.encode(dialect.encoding)
    assert copied(data, judged, GOOD, dialect, header) == dialect.mark + kept.encode(dialect.encoding)


# ---- what is added


def test_a_table() -> None:
    """Every record has its outcome; mixed line ends, blank lines and a missing last one stay."""
    data = b'a,b\r\n1,"2\n2"\r\n\r\n"3",4\r5,=6'
    judged = verdicts(became("refused", 2), became("update", 5), became("none", 6))
    assert copied(data, judged) == b"".join(
        [
            b"a,b,outcome,reasons\r\n",
            b'1,"2\n2",' + REFUSED + b"\r\n",
            b"\r\n",
            b'"3",4,would be updated,\r',
            b"5,=6,unchanged,",
        ]
    )


def test_shorter_and_longer_records() -> None:
    """Records and the header get empty cells, so that ours stand in one column."""
    assert copied(b"a,b\n1\n1,2,3\n1,2\n", verdicts(became("add", 2), became("add", 3))) == (
        b"a,b,,outcome,reasons\n1,,,would be added,\n1,2,3,would be added,\n1,2,,,\n"
    )


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\r\n"])
def test_nothing_to_copy(data: bytes) -> None:
    """The rows above a header stay as they are."""
    copies = [copied(data, verdicts(), choice, header=9) for choice in (ALL, GOOD, BAD)]
    assert copies == [data, data, data]


def test_blank_rows_above_the_header() -> None:
    """Titles and blank rows above the header stay as they are."""
    data, judged = b"title\n \n,,\na,b\n1,2\n", verdicts(became("add", 5))
    assert copied(data, judged, header=4) == b"title\n \n,,\na,b,outcome,reasons\n1,2,would be added,\n"
    assert copied(data, judged, GOOD, header=4) == data


def test_only_a_header() -> None:
    """A header may be all there is, and may lack its line end."""
    assert copied(b"a;b", verdicts(), dialect=Dialect("utf-8", b"", ";")) == b"a;b;outcome;reasons"


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (b"outcome", b"outcome 2,reasons"),
        (b"OUT_COME,Reasons,reasons 2", b"outcome 2,reasons 3"),
        (b"reason s", b"outcome,reasons 2"),
    ],
)
def test_names_that_the_file_has(header: bytes, names: bytes) -> None:
    """Our columns take other names where the file has these, as a copy of a copy does."""
    assert copied(header, verdicts()) == header + b"," + names


def test_a_copy_of_a_copy() -> None:
    """The columns of an earlier copy are replaced, wherever they stand; so are those of bad rows."""
    data = b'a,b\n1,"2"\n\n3\n'
    first = copied(data, verdicts(became("refused", 2), became("none", 4)))
    assert copied(first, verdicts(became("add", 2))) == copied(data, verdicts(became("add", 2)))
    bad = copied(data, verdicts(became("refused", 2)), BAD)
    assert copied(bad, verdicts(became("add", 2))) == b'a,b,outcome,reasons\n1,"2",would be added,\n'
    assert copied(bad, verdicts(became("add", 2)), GOOD) == b'a,b\n1,"2"\n'


def test_the_end_of_a_file() -> None:
    """A last line that is U+001A is no record: it stays at the end of a whole copy."""
    data, judged = b"a\n1\n\x1a", verdicts(became("add", 2))
    assert copied(data, judged) == b"a,outcome,reasons\n1,would be added,\n\x1a"
    assert copied(data, judged, GOOD) == b"a\n1\n"


def test_bytes_that_are_not_of_the_encoding() -> None:
    """They stay as they stand."""
    dialect = Dialect("utf-8", b"", ",", lenient=True)
    assert copied(b"a\n\xff\n", verdicts(became("refused", 2)), BAD, dialect) == (
        b'a,row,reasons\n\xff,2,"' + REASON.encode() + b'"\n'
    )


def test_quotes_that_are_escaped() -> None:
    """In a file that escapes quotes with a backslash our cells do so too."""
    dialect = Dialect("utf-8", b"", ",", escapes=True)
    finding = found(2, Violation("wrong", r'No "\".'), column="a")
    judged = verdicts(became("refused", 2, findings=[finding]))
    assert copied(b'a\n"x\\"y"\n', judged, BAD, dialect) == (
        b'a,row,reasons\n"x\\"y",2,"a: No \\"\\\\\\". [wrong]"\n'
    )


def said(column: str, separator: str = ",", encoding: str = "utf-8", text: str = "It is wrong.") -> bytes:
    """Our last cell for a finding on a column."""
    finding = found(2, Violation("wrong", text), column=column)
    judged = verdicts(became("refused", 2, findings=[finding]))
    data = copied(b"a\n1", judged, BAD, Dialect(encoding, b"", separator))
    return data.removeprefix(f"a{separator}row{separator}reasons\n1{separator}2{separator}".encode())


@pytest.mark.parametrize("column", ["=1", "+1", "-1", "@SUM(A1)"])
def test_our_cells_are_no_formulas(column: str) -> None:
    """A cell of ours that begins like a formula has an apostrophe; cells of the file are not touched."""
    assert said(column) == f'"\'{column}: It is wrong. [wrong]"'.encode()
    data = f"{column}\n{column}".encode()
    assert copied(data, verdicts()) == f"{column},outcome,reasons\n{column},,".encode()


def test_our_cells_are_quoted() -> None:
    """Quotes are doubled, and a separator of any kind stands in quotes."""
    assert said('say "a"') == b'"say ""a"": It is wrong. [wrong]"'
    judged = verdicts(became("add", 2))
    assert (
        copied(b"a\n1", judged, dialect=Dialect("utf-8", b"", " "))
        == b'a outcome reasons\n1 "would be added" '
    )


def test_characters_that_the_encoding_lacks() -> None:
    """In a sentence of ours a question mark stands for them."""
    text = "It’s “é”."
    assert said("a", encoding="latin-1", text=text) == '"a: It?s ?é?. [wrong]"'.encode("latin-1")
    assert said("a", encoding="cp1252", text=text) == '"a: It’s “é”. [wrong]"'.encode("cp1252")


# ---- some records


def test_records_are_parted() -> None:
    """Good and bad records have the header each; bad ones have reasons; unjudged ones are in neither."""
    data = b'x\n\na,b\n1,"\n2"\n\n3,4\r\n5,6,7\n8,9'
    judged = verdicts(became("refused", 4), became("add", 7), became("refused", 8))
    assert copied(data, judged, GOOD) == b"x\n3,4\r\n"
    assert copied(data, judged, BAD) == (
        b"x,,,row,reasons\n" + f'1,"\n2",,4,"{REASON}"\n'.encode() + f'5,6,7,8,"{REASON}"\n'.encode()
    )


def test_rows_of_one_record_stay_together() -> None:
    """All rows of a refused record are bad, also rows without a fault of their own."""
    judged = verdicts(became("refused", 2, 4), became("add", 3))
    assert copied(b"a\n1\n2\n3\n", judged, BAD) == f'a,row,reasons\n1,2,"{REASON}"\n3,4,see row 2\n'.encode()
    assert copied(b"a\n1\n2\n3\n", judged, GOOD) == b"a\n2\n"


# ---- odd files


def test_long_cells() -> None:
    """A cell of a million characters is copied, and the limit of the csv module is as before."""
    before = csv.field_size_limit(1000)
    cell = b"x" * 1_000_000
    assert copied(b"a\n" + cell, verdicts(became("add", 2))) == (
        b"a,outcome,reasons\n" + cell + b",would be added,"
    )
    assert csv.field_size_limit(before) == 1000


def test_a_text_in_another_encoding() -> None:
    """It is one clear line."""
    with pytest.raises(Unusable, match=r"^in\.csv: the text is not utf-8$"):
        copied(b"a\n\xff", verdicts())


def test_records_are_not_held() -> None:
    """A file is copied record by record: the memory of a copy does not grow with it."""
    assert peak(20_000) < 2 * peak(4_000)


def peak(rows: int) -> int:
    """The most memory that a copy of so many rows takes, beyond its input."""
    table, judged = Written(b"a,b\n" + b"1,2\n" * rows), verdicts()
    with Path(os.devnull).open("wb") as out:
        tracemalloc.start()
        copy(table, judged, ALL, out)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return most
