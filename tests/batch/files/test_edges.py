"""Rare files: edges that the other tests do not come by."""

import gzip
import io
import os
import zipfile
from datetime import date, time
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from participant_rules.batch.files import archives, content
from participant_rules.batch.files.archives import archive_of
from participant_rules.batch.files.boundaries import boundary_finder
from participant_rules.batch.files.content import InMemory
from participant_rules.batch.files.dialect import Grammar
from participant_rules.batch.files.extents import refuse_giant
from participant_rules.batch.files.guessing import guessed
from participant_rules.batch.files.quoting import rows_of
from participant_rules.batch.records import Unusable
from tests.batch.files.judging import in_project, in_survey
from tests.batch.files.samples import UNDECLARED, opened, payloads
from tests.batch.files.test_sheets_as_they_stand import (
    HEAD,
    PEOPLE,
    SHEET,
    book,
    edited,
    saved,
    texts,
    with_sheet,
)


def ods(*rows: str) -> bytes:
    """An .ods file with these rows."""
    names = {"office": "office", "table": "table", "text": "text"}
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for name, each in names.items()
    )
    table = f'<table:table table:name="S">{"".join(rows)}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def ods_row(*cells: str, repeated: int = 1, columns: int = 1) -> str:
    """A row of texts, and how often it and its cells stand there."""
    made = "".join(
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}">'
        f"<text:p>{each}</text:p></table:table-cell>"
        for each in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{made}</table:table-row>'


def test_cells_that_are_repeated(tmp_path: Path) -> None:
    """A few cells that are declared to stand in a million places are no table; a blank tail is none of it."""
    blank = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
    sound = ods(ods_row(*HEAD), ods_row("N1", "a@example.com", "x"), blank)
    assert in_project(tmp_path, sound, "p.ods").actions == ["add"]
    for row in (ods_row("N1", repeated=1_000_000), ods_row("N1", columns=16_384)):
        with pytest.raises(Unusable, match=r"a sheet repeats cells [0-9]+ times, which no table does"):
            in_project(tmp_path, ods(ods_row(*HEAD), row), "p.ods")
    with pytest.raises(Unusable, match="the workbook cannot be read"):
        in_project(tmp_path, ods("<table:table-row>"), "p.ods")


def test_texts_that_unpack_to_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A packed file of zeros, or of spaces, is not unpacked to its end."""
    monkeypatch.setattr(content, "_LARGE", 100_000)
    with pytest.raises(Unusable, match="unpacks to 100 times its size and more"):
        in_project(tmp_path, gzip.compress(b" " * 3_000_000), "p.csv.gz")
    monkeypatch.setattr(archives, "_MOST", 10)
    with pytest.raises(Unusable, match="unpacks to more than 4 GiB"):
        in_project(tmp_path, book(PEOPLE), "p.xlsx")


def test_styles(tmp_path: Path) -> None:
    """More styles than a workbook has are refused; without styles all numbers are plain."""
    many = '<cellXfs count="1">' + "<xf/>" * 140_000
    data = edited(book(PEOPLE), {"xl/styles.xml": {'<cellXfs count="1">': many}})
    with pytest.raises(Unusable, match="the workbook cannot be read"):
        in_project(tmp_path, data, "p.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(PEOPLE))) as before, zipfile.ZipFile(out, "w") as after:
        for name in set(before.namelist()) - {"xl/styles.xml"}:
            after.writestr(name, before.read(name))
    archive = archive_of("p.xlsx", out.getvalue())
    assert archive is not None
    assert (archive.formats, list(archive.pieces("no such sheet"))) == ({}, [])


def test_dates_that_were_identifiers(tmp_path: Path) -> None:
    """A date or a time in an identifier's column has a notice; dates of birth have none."""
    rows: list[list[object]] = [
        ["participantIdentifier", "dateOfBirth"],
        [date(2024, 2, 1), date(1980, 1, 1)],
        ["N2", None],
    ]
    judged = in_project(tmp_path, book(rows), "p.xlsx")
    assert judged == (["add", "add"], [("cell-display-differs", 2)], [])
    assert in_project(tmp_path, book([["participantIdentifier"], [time(1, 30)]]), "p.xlsx").findings == [
        ("cell-display-differs", 2)
    ]


def test_cells_at_odd_places(tmp_path: Path) -> None:
    """A row without a number follows the one before, and cells beyond all values are passed over."""
    error = '<row><c t="e"><v>#N/A</v></c></row>'
    assert in_project(tmp_path, with_sheet(texts(1, *HEAD) + error), "p.xlsx").actions == ["refused"]
    comment = edited(book(PEOPLE), {SHEET: {"</sheetData>": "</sheetData><v>x</v>"}})
    assert in_project(tmp_path, comment, "p.xlsx").actions == ["add"]


def test_a_number_that_shows_what_it_is(tmp_path: Path) -> None:
    """Padding that adds nothing is not reported."""
    rows: list[list[object]] = [["participantIdentifier", "Visits"], ["N1", 12], ["N2", 7]]
    data = book(rows, {"B2": "00", "B3": "#,##0"})
    assert in_project(tmp_path, data, "p.xlsx") == (["add", "add"], [], [])


def test_memory_on_other_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the amount of memory is unknown, the extent alone counts."""

    def missing(_: str) -> int:
        raise ValueError

    monkeypatch.setattr(os, "sysconf", missing)
    refuse_giant("p.xlsx", "S", iter([texts(1, *HEAD).encode()]))


def test_escapes_and_cuts() -> None:
    """In a text that escapes rows are read one by one."""
    text = b'"a\\"b",c\nd,e\nlast'
    assert boundary_finder(Grammar(",", escapes=True))(text, 3) == text.index(b"d,e")


def test_escaped_quotes_outside_of_quotes() -> None:
    """In a file that escapes they are read as those in quoted cells are, and open nothing."""
    lines = ['N1,5\\" pipe,"x \\"y, z\\""\n', 'N2,\\"open,a\\"b\\"c\n', "N3,back\\slash,\n"]
    assert [row.cells for row in rows_of(lines, Grammar(",", escapes=True))] == [
        ("N1", '5" pipe', 'x "y, z"'),
        ("N2", '"open', 'a"b"c'),
        ("N3", "back\\slash", ""),
    ]
    assert next(rows_of(lines[1:], Grammar(","))).cells == ("N2", '\\"open', 'a\\"b\\"c')


def test_guesses_of_long_texts() -> None:
    """The first lines are enough for a guess, which the whole file has to be text in."""
    line = "Zoë Müller\n".encode("cp1252")
    assert guessed(InMemory("a", line * 8_000)) == "cp1252"
    assert guessed(InMemory("a", line * 8_000 + b"\x81\n")) != "cp1252"


def test_a_section_that_no_column_is(tmp_path: Path) -> None:
    """A fault of a section names the first column that brought it in."""
    judged = in_survey(tmp_path, "login,subjectName\nkim,\n")
    assert judged.findings == [("invitation-section-required", 2)]


def test_several_workbook_edges(tmp_path: Path) -> None:
    """A sheet of another format that is filled is named; a mapping may name a column of a sheet."""
    made = openpyxl.Workbook()
    made.active.append(["Code", "Town"])
    made.active.append(["N1", "Ulm"])
    source = opened(tmp_path, saved(made), UNDECLARED, "p.xlsx", mapping={"Code": "participantIdentifier"})
    assert payloads(source) == [{"participantIdentifier": "N1"}]


def test_headers_of_nothing(tmp_path: Path) -> None:
    """A file of blanks is empty in any encoding; a header that the caller names needs a known column."""
    with pytest.raises(Unusable, match="the file is empty"):
        in_project(tmp_path, " \n \n".encode("utf-16"))
    with pytest.raises(Unusable, match="the header has no column that is known; fields are id, "):
        in_project(tmp_path, "x,y\nparticipantIdentifier,email\n", header_row=1)


def test_escapes_below_a_separator(tmp_path: Path) -> None:
    """The line that says the separator is no row when the ways to read quotes are compared."""
    text = 'sep=;\nparticipantIdentifier;Notes\n"N1";"a \\"b\\"; c"\n'
    assert in_project(tmp_path, text) == (["add"], [], [])


def test_blank_cells_beyond(tmp_path: Path) -> None:
    """Blank cells that every row has beyond the header are cut off."""
    text = "participantIdentifier,Notes\nN1,x,,\nN2,y, ,\n"
    assert in_project(tmp_path, text) == (["add", "add"], [], [])


def test_a_second_sheet_of_another_format(tmp_path: Path) -> None:
    """Sheets that are filled are named there too."""
    data = ods(
        ods_row(*HEAD),
        ods_row("N1", "a@example.com", "x"),
        '</table:table><table:table table:name="T">',
        ods_row("y"),
    )
    assert in_project(tmp_path, data, "p.ods").notices == ["sheet-chosen", "cell-unreadable"]
