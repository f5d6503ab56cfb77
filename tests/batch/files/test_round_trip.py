"""Any table of a program comes back cell for cell; a damaged one is the same, or has a finding."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from participant_rules.batch.records import Unusable
from tests.batch.files.judging import in_project
from tests.batch.files.samples import UNDECLARED, chunks, opened, workbook

NAMES = ("participantIdentifier", "customFields.a", "customFields.b")
ALPHABETS = {  # what every encoding can write, and letters that UTF-8 alone can
    "utf-8": "aé€ßЖ山,;\t|\"'\n\r .x0-+",
    "utf-8-sig": "aé€ßЖ山,;\t|\"'\n\r .x0-+",
    "utf-16": "aé€ßЖ山,;\t|\"'\n\r .x0-+",
    "utf-32": "aé€ßЖ山,;\t|\"'\n\r .x0-+",
    "cp1252": "aé€ß,;\t|\"'\n\r .x0-+",
    "cp850": "aéß,;\t|\"'\n\r .x0-+",
    "cp1251": "aЖя,;\t|\"'\n\r .x0-+",
    "cp932": "a山ソ表,;\t|\"'\n\r .x0-+",
    "mac_roman": "aéß,;\t|\"'\n\r .x0-+",
}
DECLARED = ("cp1252", "cp850", "cp1251", "cp932", "mac_roman")
"""Encodings that the caller names: they are guesses else."""

WRITERS: Sequence[dict[str, Any]] = [
    {"delimiter": delimiter, "quoting": quoting, "lineterminator": end}
    for delimiter in ",;\t|"
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)
    for end in ("\r\n", "\n")
]
relaxed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def tables(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[int, str, str]]]:
    """Rows of a number and two cells."""
    return st.lists(st.tuples(st.integers(0, 999), cells, cells), min_size=1, max_size=5)


def texts_in(encoding: str) -> st.SearchStrategy[str]:
    """Cells that can be written in an encoding."""
    return st.text(st.sampled_from(ALPHABETS[encoding]), max_size=8)


def written(rows: Sequence[Sequence[str]], writer: dict[str, Any]) -> str:
    """The rows as a program writes them."""
    out = io.StringIO()
    csv.writer(out, **writer).writerows([NAMES, *rows])
    return out.getvalue()


def expected(rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """The payloads of the rows."""
    found = []
    for identifier, *cells in rows:
        custom = {name: cell for name, cell in zip("ab", cells, strict=True) if cell.strip()}
        found.append({"participantIdentifier": identifier} | ({"customFields": custom} if custom else {}))
    return found


def as_read(folder: Path, data: bytes, name: str = "people.csv", encoding: str | None = None) -> list[Any]:
    """The payloads of a file."""
    source = opened(folder, data, UNDECLARED, name, encoding=encoding)
    return [payload for chunk in chunks(source, 2) for payload in chunk.payloads]


@relaxed
@given(st.data(), st.sampled_from(WRITERS), st.sampled_from([*ALPHABETS]))
def test_texts_come_back(tmp_path: Path, data: st.DataObject, writer: dict[str, Any], encoding: str) -> None:
    """Cells with separators, quotes, line breaks and spaces come back in every dialect and encoding."""
    table = data.draw(tables(texts_in(encoding)))
    rows = [(f"N{number}", *cells) for number, *cells in table]
    if writer["quoting"] == csv.QUOTE_MINIMAL:  # the module does not quote a lone CR by itself
        rows = [tuple(each.replace("\r", " ") for each in row) for row in rows]
    text = written(rows, writer)
    assume('\\"' not in text)
    named = encoding if encoding in DECLARED else None
    assert as_read(tmp_path, text.encode(encoding), encoding=named) == expected(rows)


@relaxed
@given(tables(texts_in("utf-8")))
def test_workbooks_come_back(tmp_path: Path, table: list[Any]) -> None:
    """A sheet of openpyxl comes back; XML makes one line end of all."""
    rows = [(f"N{number}", *[f"'{each}" for each in cells]) for number, *cells in table]
    rows = [tuple(each.replace("\r", " ") for each in row) for row in rows]
    assert as_read(tmp_path, workbook([NAMES, *rows]), "people.xlsx") == expected(rows)


@relaxed
@given(
    tables(st.sampled_from(["plain", "Ann", "a b", "x, y", 'say "no"', "two\nlines", ""])),
    st.sampled_from(WRITERS),
    st.integers(0, 10_000),
    st.sampled_from(['"', ",", ";", "|", "\t", "\n", "\r", "\x00", "\u200b", "\ufeff", "", "x", " ", "\\"]),
    st.booleans(),
)
def test_a_damage_is_reported(
    tmp_path: Path,
    table: list[Any],
    writer: dict[str, Any],
    place: int,
    put: str,
    replaces: bool,
) -> None:
    """After one edit the file reads as it was but for the text of one cell, or there is a finding."""
    rows = [(f"N{number}", *cells) for number, *cells in table]
    assume(len({row[0] for row in rows}) == len(rows) > 1)  # of one row nobody knows what every row has
    text = written(rows, writer)
    place %= len(text)
    edited = text[:place] + put + text[place + replaces :]
    try:
        judged = in_project(tmp_path, edited, definition={"id": "P"})
        payloads = as_read(tmp_path, edited.encode())
    except Unusable:
        return
    if judged.findings or judged.notices or payloads == expected(rows):
        return
    assert len(payloads) == len(rows), edited
    changed = [
        difference
        for one, other in zip(payloads, expected(rows), strict=True)
        for difference in cells_that_differ(one, other)
    ]
    assert len(changed) <= 1, edited


def cells_that_differ(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The members of two payloads that are not the same."""
    found = [each for each in ("participantIdentifier",) if one.get(each) != other.get(each)]
    custom, others = one.get("customFields", {}), other.get("customFields", {})
    return [*found, *[each for each in "ab" if custom.get(each) != others.get(each)]]


def test_a_workbook_by_another_program(tmp_path: Path) -> None:
    """Shared strings and typed cells come back as well."""
    book = openpyxl.Workbook(write_only=False)
    sheet = book.active
    sheet.append(NAMES)
    sheet.append(["N1", 12.5, True])
    path = tmp_path / "made.xlsx"
    book.save(path)
    assert as_read(tmp_path, path.read_bytes(), f"copy{os.extsep}xlsx") == [
        {"participantIdentifier": "N1", "customFields": {"a": "12.5", "b": "TRUE"}}
    ]
