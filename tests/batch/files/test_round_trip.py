"""Whatever table a program writes comes back cell for cell; a damaged one is the same, or it is said."""

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
CELL = st.text(st.sampled_from("aé€ß,;\t|\"'\n\r .x0-=+"), max_size=8)
TABLES = st.lists(st.tuples(st.integers(0, 999), CELL, CELL), min_size=1, max_size=5)
WRITERS: Sequence[dict[str, Any]] = [
    {},
    {"delimiter": ";"},
    {"delimiter": "\t", "lineterminator": "\n"},
    {"quoting": csv.QUOTE_ALL},
    {"quoting": csv.QUOTE_ALL, "delimiter": "|", "lineterminator": "\n"},
    {"quoting": csv.QUOTE_NONNUMERIC, "delimiter": ";"},
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32"]
relaxed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


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


def as_read(folder: Path, data: bytes, name: str = "people.csv") -> list[Any]:
    """The payloads of a file."""
    return [
        payload for chunk in chunks(opened(folder, data, UNDECLARED, name), 2) for payload in chunk.payloads
    ]


@relaxed
@given(TABLES, st.sampled_from(WRITERS), st.sampled_from(ENCODINGS))
def test_texts_come_back(tmp_path: Path, table: list[Any], writer: dict[str, Any], encoding: str) -> None:
    """Cells with separators, quotes, line breaks and spaces come back in every dialect and encoding."""
    rows = [(f"N{number}", *[each.replace("=", "-") for each in cells]) for number, *cells in table]
    if "quoting" not in writer:  # the module does not quote a lone CR by itself
        rows = [tuple(each.replace("\r", " ") for each in row) for row in rows]
    text = written(rows, writer)
    assume('\\"' not in text)
    assert as_read(tmp_path, text.encode(encoding)) == expected(rows)


@relaxed
@given(TABLES)
def test_workbooks_come_back(tmp_path: Path, table: list[Any]) -> None:
    """What openpyxl writes into a sheet comes back; XML makes one line end of all."""
    rows = [(f"N{number}", *[f"'{each}" for each in cells]) for number, *cells in table]
    rows = [tuple(each.replace("\r", " ") for each in row) for row in rows]
    assert as_read(tmp_path, workbook([NAMES, *rows]), "people.xlsx") == expected(rows)


@relaxed
@given(
    TABLES,
    st.sampled_from(WRITERS[:4]),
    st.integers(0, 10_000),
    st.sampled_from(['"', ",", ";", "\n", "", "x", "\t"]),
    st.booleans(),
)
def test_a_damage_is_said(
    tmp_path: Path,
    table: list[Any],
    writer: dict[str, Any],
    place: int,
    put: str,
    replaces: bool,
) -> None:
    """After one edit of a quote, a separator or a line end the rest reads as it was, or something is said."""
    rows = [(f"N{number}", "plain", "text") for number, *_ in table]
    assume(len({row[0] for row in rows}) == len(rows))
    text = written(rows, writer)
    place %= len(text)
    edited = text[:place] + put + text[place + replaces :]
    separator = writer.get("delimiter", ",")
    try:
        judged = in_project(tmp_path, edited)
        payloads = as_read(tmp_path, edited.encode())
    except Unusable:
        return
    changed = [each for each in payloads if each not in expected(rows)]
    lines_changed = put == "\n" or (replaces and text[place] in "\r\n")
    if judged.findings or judged.notices or not changed:
        return
    assert put not in (separator, '"') or not lines_changed or len(changed) <= 1
    assert len(changed) <= 1, (text, edited)  # the edit changed the text of one cell


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
