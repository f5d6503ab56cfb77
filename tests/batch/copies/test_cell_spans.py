"""Other texts in some cells of a row of delimited text."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules.batch.copies.cell_spans import replaced
from participant_rules.batch.files.dialect import Grammar
from participant_rules.batch.files.quoting import rows_of

COMMAS = Grammar(",")


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("a,b,c\r\n", {1: "X"}, "a,X,c\r\n"),
        ("a,b,c", {0: "X", 2: "Y"}, "X,b,Y"),
        ('a,"b",c\n', {1: "X"}, 'a,"X",c\n'),
        ('a, "b,\n""c""",d\n', {1: "X", 2: "Y"}, 'a,"X",Y\n'),
        ('a"x,b\n', {1: "X"}, 'a"x,X\n'),
        ("a,b\n", {1: 'x, "y"'}, 'a,"x, ""y"""\n'),
        ("a,,\n", {1: "-04:00:00"}, "a,-04:00:00,\n"),
    ],
)
def test_cells_are_replaced(text: str, cells: dict[int, str], expected: str) -> None:
    """Everything else stays, quotes and line ends included."""
    assert replaced(text, cells, COMMAS) == expected


def test_escapes_and_tabs() -> None:
    r"""A quote is written \" where the file does so; a tab before a quote is a separator."""
    escaping = Grammar(";", escapes=True)
    assert replaced('"a\\"b\\\\";c\n', {0: 'x"\\y', 1: "z"}, escaping) == '"x\\"\\\\y";z\n'
    assert replaced('a\t"b"\t\t"c"\n', {2: "X", 3: "Y"}, Grammar("\t")) == 'a\t"b"\tX\t"Y"\n'


TEXTS = st.text(st.sampled_from('ab ,"\n;\\'), max_size=6)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.data())
def test_what_is_replaced_is_read(cells: list[str], data: st.DataObject) -> None:
    """A row that was written by anybody is read with the other texts."""
    out = StringIO()
    csv.writer(out, quoting=data.draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))).writerow(cells)
    place, text = data.draw(st.integers(0, len(cells) - 1)), data.draw(TEXTS)
    line = replaced(out.getvalue(), {place: text}, COMMAS)
    (row,) = rows_of(StringIO(line, newline=""), COMMAS)
    expected = (*cells[:place], text, *cells[place + 1 :])
    assert row.cells == (expected if expected != ("",) or '"' in line else ())
