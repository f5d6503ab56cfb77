"""Workbooks are judged as they stand, or have a notice; hostile ones are one clear line."""

import gzip
import io
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from participant_rules.batch.files.cell_remarks import Looked, cell_remarks
from participant_rules.batch.files.extents import refuse_giant
from participant_rules.batch.files.placing import merged_cells, place_remarks
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.quoting import Row
from participant_rules.batch.files.sheets import Remark
from participant_rules.batch.records import Unusable
from participant_rules.project.model import Project
from tests.batch.files.judging import DEFINITION, in_project
from tests.batch.files.samples import UNDECLARED, chunks, opened, payloads

HEAD = ("participantIdentifier", "email", "Notes")
SHEET = "xl/worksheets/sheet1.xml"


def book(rows: Sequence[Sequence[Any]], formats: Mapping[str, str] = {}) -> bytes:
    """A workbook with these rows, and number formats by cell."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for place, code in formats.items():
        made.active[place].number_format = code
    return saved(made)


def saved(made: Any) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def edited(data: bytes, changes: Mapping[str, Mapping[str, str]]) -> bytes:
    """A workbook with other texts in its parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            text = before.read(name).decode()
            for old, new in changes.get(name, {}).items():
                assert old in text
                text = text.replace(old, new)
            after.writestr(name, text)
    return out.getvalue()


def with_sheet(rows: str) -> bytes:
    """A workbook with this XML between the brackets of its sheet's rows."""
    made = book([["x"]])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        old = archive.read(SHEET).decode()
    begin, end = old.index("<sheetData>"), old.index("</sheetData>")
    return edited(made, {SHEET: {old[begin:end]: f"<sheetData>{rows}"}})


def texts(row: int, *cells: str, first: str = "A") -> str:
    """A row of texts."""
    made = "".join(
        f'<c r="{chr(ord(first) + place)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
        for place, text in enumerate(cells)
    )
    return f'<row r="{row}">{made}</row>'


def test_formulas_and_errors(tmp_path: Path) -> None:
    """A formula without a stored value and an error refuse their row, wherever the table begins."""
    formula = book([HEAD, ["N1", '="a"&"@example.com"', "x"]])
    assert in_project(tmp_path, formula, "p.xlsx") == (["refused"], [("cell-unreadable", 2)], [])
    stored = edited(formula, {SHEET: {'<c r="B2">': '<c r="B2" t="str">', "<v />": "<v>a@example.com</v>"}})
    assert in_project(tmp_path, stored, "p.xlsx") == (["add"], [], [])
    blank = edited(formula, {SHEET: {'<c r="B2">': '<c r="B2" t="str">', "<v />": "<v></v>"}})
    assert in_project(tmp_path, blank, "p.xlsx") == (["add"], [], [])
    error = with_sheet(
        texts(3, *HEAD, first="B")
        + '<row r="4"><c r="B4" t="inlineStr"><is><t>N1</t></is></c><c r="C4" t="e"><v>#N/A</v></c></row>'
        + '<row r="5"><c r="B5" t="e"><v>#REF!</v></c></row>'
        + texts(6, "N2", "b@example.com", first="B")
    )
    assert in_project(tmp_path, error, "p.xlsx", blank="clear") == (
        ["refused", "refused", "add"], [("cell-unreadable", 4), ("cell-unreadable", 5)], []
    )  # fmt: skip
    last = book([HEAD, ["N1", "a@example.com"], [], ["=B2", "=B2"]])
    assert in_project(tmp_path, last, "p.xlsx") == (
        ["add", "refused"], [("cell-unreadable", 4), ("cell-unreadable", 4)], []
    )  # fmt: skip
    assert in_project(tmp_path, book([HEAD, ["=1", "=2"]]), "p.xlsx").actions == ["refused"]


def test_headers_that_cannot_be_read(tmp_path: Path) -> None:
    """A formula without a stored value is no name, also where its column has no value at all."""
    name = '="e"&"mail"'
    for rows, cell in (
        ([["participantIdentifier", name], ["N1", "x"]], 2),
        ([["participantIdentifier", name], ["N1", "=A2"]], 2),
        ([[name, "participantIdentifier"], ["=B2", "N1"]], 1),
    ):
        with pytest.raises(
            Unusable, match=rf"row 1, cell {cell}: the header cannot be read: it is a formula"
        ):
            in_project(tmp_path, book(rows), "p.xlsx")


@pytest.mark.parametrize("error", ["#SPILL!", "#GETTING_DATA", "#CALC!", "#WERT!"])
def test_errors_of_other_programs(tmp_path: Path, error: str) -> None:
    """An error value that the library does not know refuses its row, as any other, and not the file."""
    wrong = f'<c r="B2" t="e"><f>A1</f><v>{error}</v></c>'
    data = with_sheet(
        texts(1, *HEAD)
        + f'<row r="2"><c r="A2" t="inlineStr"><is><t>N1</t></is></c>{wrong}</row>'
        + f'<row r="3"><c r="A3" t="e"><v>#REF!</v></c><c r="C3" t="e"><v>{error}</v></c></row>'
        + texts(4, "N2", "b@example.com")
    )
    found = opened(tmp_path, data, ProjectLayout(Project.from_json(DEFINITION)), "p.xlsx")
    (chunk,) = chunks(found)
    assert {
        (each.row, each.column): each.violation.text for remarks in chunk.remarks.values() for each in remarks
    } == {
        (2, "email"): f"The cell cannot be read: it has the error {error}.",
        (3, "participantIdentifier"): "The cell cannot be read: it has the error #REF!.",
        (3, "Notes"): f"The cell cannot be read: it has the error {error}.",
    }
    assert in_project(tmp_path, data, "p.xlsx").actions == ["refused", "refused", "add"]


def test_numbers_as_they_are_displayed(tmp_path: Path) -> None:
    """Zero padding and literal text are a part of a text, and not of a number; others have a warning."""
    rows: list[list[Any]] = [
        ["participantIdentifier", "email", "Visits", "Weight"],
        [1, "a@example.com", 7, 0.725],
        [12, "b@example.com", 7, 0.5],
        [1234, "c@example.com", 7, 12],
        [0.5, "d@example.com", 7, 1],
    ]
    formats = {
        "A2": "000",
        "A3": '"P-"0000',
        "A4": "#,##0",
        "A5": "0%",
        "C2": "0000",
        "D2": "0.0%",
        "D4": '0" kg"',
    }
    data = book(rows, formats)
    found = payloads(opened(tmp_path, data, UNDECLARED, "p.xlsx"))
    assert [each["participantIdentifier"] for each in found] == ["001", "P-0012", "1234", "0.5"]
    judged = in_project(tmp_path, data, "p.xlsx")
    assert judged.actions == ["update", "add", "add", "add"]
    assert judged.findings == [
        ("cell-display-differs", 2), ("cell-display-differs", 2), ("cell-display-differs", 3),
        ("cell-display-differs", 4), ("cell-display-differs", 4), ("cell-display-differs", 5),
    ]  # fmt: skip


def test_texts_and_fractions_as_they_are_displayed(tmp_path: Path) -> None:
    """An identifier that is rounded, hidden, or shown with a foreign text has a warning."""
    rows: list[Sequence[Any]] = [HEAD, [1.6], [2], ["N3"], ["N4"], ["N5"]]
    formats = {"A2": "0", "A3": "0", "A4": '"P-"@', "A5": ";;;", "A6": "0;0;0;@"}
    judged = in_project(tmp_path, book(rows, formats), "p.xlsx")
    assert judged == (["add"] * 5, [("cell-display-differs", each) for each in (2, 4, 5)], [])


def test_literal_text_before_general(tmp_path: Path) -> None:
    """It is a part of the text, as it is before zeros."""
    data = book([HEAD, [7, "a@example.com", "x"]], {"A2": '"P-"General'})
    (found,) = payloads(opened(tmp_path, data, UNDECLARED, "p.xlsx"))
    assert found["participantIdentifier"] == "P-7"
    assert in_project(tmp_path, data, "p.xlsx").findings == [("cell-display-differs", 2)]


def test_lost_digits_and_a_format(tmp_path: Path) -> None:
    """Lost digits have a warning whatever the format."""
    data = book([HEAD, [1234567890123456789, "a@example.com", "x"]], {"A2": "0.00E+00"})
    assert in_project(tmp_path, data, "p.xlsx").findings == [("digits-lost", 2)]


def test_numbers_that_are_none(tmp_path: Path) -> None:
    """A cell with a number that is none, or too large, cannot be read."""
    for text in ("NaN", "1e999"):
        data = edited(book([HEAD, [5, "a@example.com", "x"]]), {SHEET: {"<v>5</v>": f"<v>{text}</v>"}})
        assert in_project(tmp_path, data, "p.xlsx") == (["refused"], [("cell-unreadable", 2)], [])


def test_a_time_that_is_too_long(tmp_path: Path) -> None:
    """A number that is formatted as hours, and is too large for that, is one clear line."""
    data = book([HEAD, ["N1", None, 2125550199]], {"C2": "[h]:mm"})
    with pytest.raises(Unusable, match=r"p\.xlsx: row 2: a cell has a time that is too long\Z"):
        in_project(tmp_path, data, "p.xlsx")


def test_a_repeated_header(tmp_path: Path) -> None:
    """It is no record, wherever it stands."""
    data = book([HEAD, ["N1", None, "x"], HEAD, ["N2", None, "x"]])
    judged = in_project(tmp_path, data, "p.xlsx")
    assert judged == (["add", "refused", "add"], [("header-repeated", 3)], [])
    copied = book([[*HEAD, "outcome", "reasons"], ["N1"], [*HEAD, "refused", "a reason"], ["N2"]])
    assert in_project(tmp_path, copied, "p.xlsx") == judged


def test_long_numbers(tmp_path: Path) -> None:
    """A number of sixteen digits has lost some; it is written without an exponent."""
    data = book([HEAD, [1234567890123456789, "a@example.com", "x"], [123456789012345, "b@example.com", "x"]])
    assert in_project(tmp_path, data, "p.xlsx").findings == [("digits-lost", 2)]
    found = payloads(opened(tmp_path, data, UNDECLARED, "p.xlsx"))
    assert [each["participantIdentifier"] for each in found] == ["1234567890123457000", "123456789012345"]


def several(*sheets: tuple[str, Sequence[Sequence[Any]], str]) -> bytes:
    """A workbook with these sheets: name, rows, state."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows, state in sheets:
        sheet = made.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    return saved(made)


PEOPLE = [HEAD, ["N1", "a@example.com", "x"]]
OTHER = [["Read me"], ["N2"]]


def test_several_sheets(tmp_path: Path) -> None:
    """The first visible sheet with known columns is read, and the others are named; a hidden one if asked."""
    data = several(("Info", OTHER, "visible"), ("Old", PEOPLE, "hidden"), ("People", PEOPLE, "visible"))
    assert in_project(tmp_path, data, "p.xlsx") == (["add"], [], ["sheet-chosen"])
    (notice,) = opened(tmp_path, data, UNDECLARED, "p.xlsx").notices[:1]
    assert notice.violation.text == (
        'The sheet "People" is read; not read: "Info", "Old". --sheet NAME says which one.'
    )
    titled = several(("Info", OTHER, "visible"), ("People", [["Study XY"], *PEOPLE], "visible"))
    assert [each.row for each in opened(tmp_path, titled, UNDECLARED, "p.xlsx").notices[:1]] == [1]
    assert in_project(tmp_path, data, "p.xlsx", sheet="Old").actions == ["add"]
    assert in_project(tmp_path, several(("A", [], "visible"), ("B", PEOPLE, "visible")), "p.xlsx")[2] == []
    cases: list[tuple[list[Any], dict[str, Any], str]] = [
        ([("Info", OTHER, "visible"), ("Old", PEOPLE, "hidden")], {}, '--sheet "Old" reads a hidden one'),
        ([("Info", OTHER, "visible")], {}, "no column that is known"),
        ([("Info", OTHER, "visible")], {"sheet": "No"}, 'no such sheet; the workbook has "Info"'),
        ([("A", [], "visible"), ("B", PEOPLE, "visible")], {"sheet": "A"}, 'the sheet "A" is empty'),
        ([("A", PEOPLE, "visible")], {"header_row": 7}, "--header-row 7: there is no such row"),
    ]
    for sheets, options, why in cases:
        with pytest.raises(Unusable, match=why):
            in_project(tmp_path, several(*sheets), "p.xlsx", **options)


def test_a_title(tmp_path: Path) -> None:
    """Rows above the header are no records."""
    data = book([["Study XY"], [], HEAD, ["N1", "bad", "x"]])
    assert in_project(tmp_path, data, "p.xlsx") == (["refused"], [("email-malformed", 4)], ["rows-skipped"])


def test_merged_cells(tmp_path: Path) -> None:
    """A value that is seen in several cells stands in the first of them; a merged title is nobody's."""
    made = openpyxl.Workbook()
    for row in (["Title"], HEAD, ["N1", "a@example.com", "x"], ["N2"], ["N3", None, "z"], [], ["Sum"]):
        made.active.append(row)
    for merged in ("A1:C1", "B3:B4", "C5:E5", "A6:C6", "B7:C7", "B9:C12"):
        made.active.merge_cells(merged)
    assert in_project(tmp_path, saved(made), "p.xlsx") == (
        ["add", "add", "add", "add"],
        [("cell-display-differs", 4)],
        ["rows-skipped"],
    )
    overlapping = merged_cells([((1, 1), (2, 2))] * 9, [Row(1, ("x", "")), Row(2, ("", ""))], 0)
    assert [*overlapping] == [(1, 1), (2, 0), (2, 1)]
    assert cell_remarks(iter([b'<s><mergeCell ref="A1"/></s>']), {}, str) == Looked()


def test_covered_cells(tmp_path: Path) -> None:
    """What a merged cell has of its own, below the one that is seen, is read and said; so is a name."""
    ranges = '</sheetData><mergeCells><mergeCell ref="B1:C1"/><mergeCell ref="A2:B2"/></mergeCells>'
    data = edited(book([HEAD, ["N1", "a@example.com", "x"]]), {SHEET: {"</sheetData>": ranges}})
    judged = in_project(tmp_path, data, "p.xlsx")
    assert judged == (["add"], [("cell-display-differs", 2)], ["columns-hidden"])
    found = opened(tmp_path, data, ProjectLayout(Project.from_json(DEFINITION)), "p.xlsx")
    assert [each.column for each in found.notices] == ["Notes"]
    assert payloads(found)[0]["demographics"]["email"] == "a@example.com"


def test_a_remark_on_no_cell() -> None:
    """An error that stands where the reader finds no row is nobody's."""
    remarks: dict[int, dict[int, Remark]] = {}
    place_remarks(Looked({(9, 9): Remark("digits")}), [Row(1, ("x",))], 0, remarks)
    assert remarks == {}


def test_hidden_rows(tmp_path: Path) -> None:
    """They are read, with one notice."""
    made = openpyxl.Workbook()
    for row in (HEAD, *[[f"N{number}", None, "x"] for number in range(3)]):
        made.active.append(row)
    for hidden, results in (([], []), ([3], ["rows-hidden"]), ([3, 4, 9], ["rows-hidden"])):
        for number in hidden:
            made.active.row_dimensions[number].hidden = True
        assert in_project(tmp_path, saved(made), "p.xlsx") == (["add"] * 3, [], results)
    flat = edited(saved(made), {SHEET: {'<row r="3" hidden="1"': '<row r="3" ht="0"'}})
    assert in_project(tmp_path, flat, "p.xlsx").notices == ["rows-hidden"]


def test_hidden_columns(tmp_path: Path) -> None:
    """Hidden columns that are read have a notice; so has one without a width."""
    made = openpyxl.Workbook()
    for row in (["", *HEAD, "Unknown"], ["", "N1", "a@example.com", "x", "x"]):
        made.active.append(row)
    for letter in "CDE":
        made.active.column_dimensions[letter].hidden = True
    data = saved(made)
    found = opened(tmp_path, data, ProjectLayout(Project.from_json(DEFINITION)), "p.xlsx").notices
    assert [(each.row, each.column, each.violation.code) for each in found] == [
        (1, "email", "columns-hidden"), (1, "Notes", "columns-hidden"), (1, "Unknown", "column-unknown")
    ]  # fmt: skip
    assert in_project(tmp_path, data, "p.xlsx").actions == ["add"]
    narrow = edited(
        book(PEOPLE), {SHEET: {"<sheetData>": '<cols><col min="1" max="1" width="0"/></cols><sheetData>'}}
    )
    assert in_project(tmp_path, narrow, "p.xlsx") == (["add"], [], ["columns-hidden"])


# ---- hostile files


def far(reference: str) -> bytes:
    """A sheet with a value in a cell far away."""
    row = "".join(each for each in reference if each.isdigit())
    return with_sheet(
        texts(1, *HEAD) + texts(2, "N1", "a@example.com", "x")
        + f'<row r="{row}"><c r="{reference}"><v>1</v></c></row>'
    )  # fmt: skip


def bomb() -> bytes:
    """A sheet of a hundred megabytes of nothing."""
    data, out = book(PEOPLE), io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, b" " * 100_000_000 if name == SHEET else before.read(name))
    return out.getvalue()


DTD = '<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def _with_dtd(rows: str) -> bytes:
    data = with_sheet(rows)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read(SHEET).decode()
    return edited(data, {SHEET: {sheet: DTD + sheet}})


def plain() -> bytes:
    """A workbook that somebody means well with."""
    return book(PEOPLE)


def other(part: str, change: Callable[[str], str]) -> bytes:
    """The same, with another text of a part."""
    data = plain()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read(part).decode()
    return edited(data, {part: {text: change(text)}})


def with_dtd(text: str) -> str:
    """XML with a document type."""
    return DTD + text


ERROR = texts(1, *HEAD) + '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>'

HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "the last cell": lambda: far("XFD1048576"),
    "a wide sheet": lambda: far("XFD60000"),
    "a long one": lambda: far("ZZ1000000"),
    "a stray row": lambda: far("Z1048576"),
    "a zip bomb": bomb,
    "a document type in the workbook": lambda: other("xl/workbook.xml", with_dtd),
    "a document type in styles": lambda: other("xl/styles.xml", with_dtd),
    "a document type in a sheet": lambda: _with_dtd(ERROR),
    "a cut sheet": lambda: other(SHEET, lambda sheet: sheet[:-40]),
    "no sheet": lambda: edited(plain(), {"xl/workbook.xml": {'r:id="rId1"': 'r:id="rId99"'}}),
    "a cut archive": lambda: plain()[:2000],
    "a broken part": lambda: plain().replace(b"PK\x03\x04", b"PK\x03\x05"),
    "zeros": lambda: b"PK\x03\x04" + bytes(1_000_000),
    "odd formats": lambda: edited(plain(), {"xl/styles.xml": {'numFmtId="0"': 'numFmtId="x"'}}),
}
"""Workbooks and archives that nobody means well with."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_workbooks(tmp_path: Path, name: str) -> None:
    """Each is one clear line, soon."""
    data = HOSTILE[name]()
    began = time.monotonic()
    with pytest.raises(Unusable) as raised:
        in_project(tmp_path, data, "p.xlsx")
    assert "\n" not in str(raised.value)
    assert time.monotonic() - began < 20  # seconds, on a machine that others use too


def test_many_nested_elements(tmp_path: Path) -> None:
    """Deep XML is passed over."""
    deep = "<x>" * 20_000 + "</x>" * 20_000
    data = with_sheet(texts(1, *HEAD) + f'<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>{deep}')
    assert in_project(tmp_path, data, "p.xlsx").actions == ["refused"]


def test_a_gzip_of_zeros(tmp_path: Path) -> None:
    """It is a text with a NUL."""
    with pytest.raises(Unusable, match="the text has a NUL"):
        in_project(tmp_path, gzip.compress(bytes(10_000_000)), "p.csv.gz")


def test_memory_for_a_sheet() -> None:
    """A sheet for which there is no memory is refused; one that is dense is not."""
    pieces = [texts(1, *HEAD).encode()]
    refuse_giant("p.xlsx", "S", iter(pieces))
    with pytest.raises(Unusable, match="reach to row 1, column 3: too far"):
        refuse_giant("p.xlsx", "S", iter(pieces), memory=lambda: 1)


# ---- other formats


def test_formats_without_errors(tmp_path: Path) -> None:
    """In an .ods an error reads like a blank cell, and no number has a format, which a notice names."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="S">'
        + "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{each}</text:p></table:table-cell>'
                for each in row
            )
            + "</table:table-row>"
            for row in PEOPLE
        )
        + "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    assert in_project(tmp_path, out.getvalue(), "p.ods") == (["add"], [], ["cell-unreadable"])
    (notice,) = opened(tmp_path, out.getvalue(), UNDECLARED, "p.ods").notices[:1]
    assert notice.violation.text == (
        "In a file of this format an error value (#N/A, say) cannot be told from a blank cell, nor whether a "
        "number is displayed otherwise (7 as 0007)."
    )
