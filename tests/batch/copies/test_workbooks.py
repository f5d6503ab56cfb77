"""Copies of a workbook."""

import datetime as dt
import io
import sys
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]
from openpyxl.cell.rich_text import CellRichText, TextBlock  # type: ignore[import-untyped]
from openpyxl.cell.text import InlineFont  # type: ignore[import-untyped]
from openpyxl.chart import BarChart  # type: ignore[import-untyped]

from participant_rules.batch.copies import Verdicts
from participant_rules.batch.copies.choices import ALL, BAD, GOOD, Choice
from participant_rules.batch.copies.workbooks import copy
from participant_rules.batch.records import Unusable
from tests.batch.copies.samples import REASON, Written, became, found, verdicts

SHEET = "xl/worksheets/sheet1.xml"


def saved(workbook: Any) -> bytes:
    """The bytes of a workbook."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def book(*rows: Iterable[object]) -> Any:
    """A workbook with these rows."""
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    return workbook


def rewritten(data: bytes, replaced: Mapping[str, tuple[str, str]], added: Mapping[str, bytes]) -> bytes:
    """A workbook with other text in some of its parts, and further parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            old, new = replaced.get(name, ("", ""))
            text = before.read(name).decode()
            assert old in text
            after.writestr(name, text.replace(old, new, 1))
        for name, part in added.items():
            after.writestr(name, part)
    return buffer.getvalue()


def bytes_copied(data: bytes, judged: Verdicts, choice: Choice = ALL, name: str = "in.xlsx") -> bytes:
    """The bytes of a copy."""
    out = io.BytesIO()
    copy(Written(data, "xlsx", name=name, header_row=0), judged, choice, out)
    return out.getvalue()


def copied(workbook: Any, judged: Verdicts, choice: Choice = ALL) -> Any:
    """The first sheet of a copy."""
    out = bytes_copied(saved(workbook), judged, choice)
    return load_workbook(io.BytesIO(out), rich_text=True).worksheets[0]


def values(sheet: Any) -> list[tuple[Any, ...]]:
    """The values of a sheet."""
    return list(sheet.values)


JUDGED = verdicts(became("refused", 2), became("add", 3), became("refused", 4), became("none", 5))


# ---- what is added


def test_our_columns_stand_at_the_right() -> None:
    """They stand behind the widest row, and say nothing where there is no record."""
    workbook = book(["a", "b"], [1], [2, 3, 4], [5, 6], [7], [], [8])
    assert values(copied(workbook, JUDGED)) == [
        ("a", "b", None, "outcome", "reasons"),
        (1, None, None, "refused", REASON),
        (2, 3, 4, "would be added", None),
        (5, 6, None, "refused", REASON),
        (7, None, None, "unchanged", None),
        (None, None, None, None, None),
        (8, None, None, None, None),
    ]


def test_a_header_further_down() -> None:
    """It is the first row in which anything stands, and may have our names itself."""
    sheet = copied(book([" "], ["Outcome", "b"], [1, 2]), verdicts(became("add", 3)))
    assert values(sheet) == [
        (" ", None, None, None),
        ("Outcome", "b", "outcome 2", "reasons"),
        (1, 2, "would be added", None),
    ]


CELLS = [
    1,
    1.1,
    0.1234567890123456,
    10**14,
    True,
    dt.datetime(2001, 2, 3, 4, 5, 6),  # noqa: DTZ001  a sheet knows no time zones
    dt.time(7, 8),
    dt.timedelta(hours=30),
    "=A2+1",
    " 0012 ",
    "+1",
    "@a",
    "#N/A",
    CellRichText("a ", TextBlock(InlineFont(b=True), "bold"), " word"),
    "é\n",
]


def test_cells_stay_what_they_are() -> None:
    """Numbers, dates, truth values, formulas, rich and odd texts keep value, type and format."""
    workbook = book([f"column {each}" for each in range(len(CELLS))], CELLS)
    workbook.active["B2"].number_format = "0.00"
    before, after = workbook.active, copied(workbook, verdicts(became("add", 2)))
    assert values(after)[1] == (*CELLS, "would be added", None)
    places = range(1, len(CELLS) + 1)
    assert [(after.cell(2, each).data_type, after.cell(2, each).number_format) for each in places] == [
        (before.cell(2, each).data_type, before.cell(2, each).number_format) for each in places
    ]


def test_a_text_like_a_formula_stays_a_text() -> None:
    """Only a formula of the original is one."""
    workbook = book(["a"], ["=1+1"])
    workbook.active["A2"].data_type = "s"
    cell = copied(workbook, verdicts())["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_our_cells_are_texts() -> None:
    """A reason that begins like a formula is none."""
    judged = verdicts(became("refused", 2, findings=[found(2, column="=1+1")]))
    cell = copied(book(["=1+1"], ["x"]), judged)["C2"]
    assert (cell.value, cell.data_type) == ("=1+1: It is wrong. [wrong]", "s")


def test_the_other_sheets_stay() -> None:
    """Ours is the first one, whichever is looked at."""
    workbook = book(["a"], [1])
    workbook.create_sheet("notes").append(["b", "=a!A2"])
    workbook.active = 1
    after = load_workbook(io.BytesIO(bytes_copied(saved(workbook), JUDGED)))
    assert [values(each) for each in after.worksheets] == [
        [("a", "outcome", "reasons"), (1, "refused", REASON)],
        [("b", "=a!A2")],
    ]


@pytest.mark.parametrize("choice", [ALL, GOOD, BAD])
def test_an_empty_sheet(choice: Choice) -> None:
    """It stays empty."""
    assert values(copied(Workbook(), verdicts(), choice)) == []


def test_merged_cells_are_no_place_for_ours() -> None:
    """A title over more columns than the table has moves ours to the right of it."""
    workbook = book(["title"], [], ["a"])
    workbook.active.merge_cells("A1:C1")
    assert values(copied(workbook, verdicts(became("add", 3))))[2] == (
        "a",
        None,
        None,
        "would be added",
        None,
    )


def test_a_sheet_without_room() -> None:
    """A sheet that is as wide as can be is one clear line."""
    workbook = book(["a"])
    workbook.active.cell(1, 16_383, "b")
    with pytest.raises(Unusable, match=r"^in\.xlsx: the sheet has no column left for what is added$"):
        copied(workbook, verdicts())
    assert copied(workbook, verdicts(), GOOD).max_column == 16_383


# ---- some rows


def test_rows_are_parted() -> None:
    """The rows above stay, rows close up, and bad ones have their reasons."""
    workbook = book(["a", "b"], [1], [2, 3, 4], [5, "=A4"], [7], [], [8])
    workbook.active.cell(4, 7).number_format = "0.0"
    assert values(copied(workbook, JUDGED, GOOD)) == [
        ("a", "b", None),
        (2, 3, 4),
        (7, None, None),
    ]
    bad = [row[:5] for row in values(copied(workbook, JUDGED, BAD))]
    assert bad == [
        ("a", "b", None, "row", "reasons"),
        (1, None, None, "2", REASON),
        (5, "=A4", None, "4", REASON),
    ]


@pytest.mark.parametrize("choice", [GOOD, BAD])
def test_no_row_is_wanted(choice: Choice) -> None:
    """The header is there alone."""
    sheet = copied(book(["a"], [1], [2]), verdicts(), choice)
    assert [row[:1] for row in values(sheet)] == [("a",)]


def test_formulas_become_what_was_judged() -> None:
    """Where rows are gone a formula might say something else; a copy of all rows keeps it."""
    old = ("<f>A1+1</f><v />", "<f>A1+1</f><v>42</v>")
    data = rewritten(saved(book(["a"], [1], ["=A1+1"])), {SHEET: old}, {})
    judged = verdicts(became("refused", 2), became("add", 3))
    good, whole = (
        load_workbook(io.BytesIO(bytes_copied(data, judged, choice))).active for choice in (GOOD, ALL)
    )
    assert values(good) == [("a",), (42,)]
    assert whole["A3"].value == "=A1+1"


def test_rows_of_formulas_without_values() -> None:
    """They are in the copy of the refused rows, as texts, also below the last value."""
    judged = verdicts(became("refused", 2), became("refused", 3))
    bad = copied(book(["a"], [1], ["=A1+1"]), judged, BAD)
    assert [(row[0], row[1]) for row in values(bad)] == [("a", "row"), (1, "2"), ("=A1+1", "3")]
    assert bad["A3"].data_type == "s"


def test_rows_move_with_all_that_is_theirs() -> None:
    """Heights, links and formats move; merged cells below the header do not, when rows close up."""
    workbook = book(["a", "b"], [1], [2, 3], [4, 5], [6, 7])
    workbook.active.cell(2, 5).number_format = "0.000"
    sheet = workbook.active
    sheet.row_dimensions[2].height = 20
    sheet.row_dimensions[4].height = 40
    sheet.row_dimensions[5].height = 50
    sheet["A3"].hyperlink = "https://example.com/3"
    sheet["B5"].number_format = "0.00"
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A2:B2")
    after = copied(workbook, JUDGED, GOOD)
    assert values(after) == [("a", None), (2, 3), (6, 7)]
    assert {row: each.height for row, each in after.row_dimensions.items() if each.height} == {3: 50}
    assert (after["A2"].hyperlink.target, after["A2"].hyperlink.ref) == ("https://example.com/3", "A2")
    assert after["B3"].number_format == "0.00"
    assert after["E2"].number_format == "General"
    assert [each.coord for each in after.merged_cells.ranges] == ["A1:B1"]


def test_one_cell_far_away() -> None:
    """A single cell in the last row and column does not fill the sheet with cells."""
    workbook = book(["a"], *[[each] for each in range(3000)])
    workbook.active.cell(3001, 16_384, "far")
    judged = verdicts(*[became("add", row) for row in range(3, 3002)])
    after = bytes_copied(saved(workbook), judged, GOOD)
    assert len(after) < 2_000_000


# ---- odd files


def test_without_openpyxl(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one clear line with the package to install."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(Unusable) as refused:
        bytes_copied(b"", verdicts())
    assert str(refused.value) == (
        "in.xlsx: a copy of a workbook needs openpyxl: pip install 'participant-rules[xlsx]'"
    )


ENCRYPTED = b"PK\x01\x02" + bytes([20, 3, 20, 0, 1])  # a part that needs a password


@pytest.mark.parametrize(
    "data",
    [
        b"",
        saved(book(["a"])).replace(b"PK\x01\x02\x14\x03\x14\x00\x00", ENCRYPTED),
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        saved(book(["a"]))[:-100],
        rewritten(saved(book(["a"])), {SHEET: ("<sheetData>", "<sheetData")}, {}),
        rewritten(saved(book(["=A1+1"])), {SHEET: ("<f>A1+1", '<f t="shared" si="0">"')}, {}),
        rewritten(saved(book(["a"])), {"xl/workbook.xml": ('r:id="rId1"', 'r:id="rId99"')}, {}),
        rewritten(saved(book(["a"])), {"xl/styles.xml": ("<styleSheet", "<nonsense")}, {}),
    ],
    ids=range(9),
)
def test_a_broken_workbook(data: bytes) -> None:
    """It is one clear line."""
    with pytest.raises(Unusable, match=r"^in\.xlsx: the workbook cannot be (read|copied)$"):
        bytes_copied(data, verdicts())


def test_a_workbook_without_a_sheet() -> None:
    """Charts only are one clear line, and so is a form of sheets that openpyxl does not know."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.create_chartsheet().add_chart(BarChart())
    why = r"^in\.xlsx: the workbook has no sheet that can be copied; save it as a plain \.xlsx file$"
    with pytest.raises(Unusable, match=why):
        copied(workbook, verdicts())
    strict = ("schemas.openxmlformats.org/officeDocument/2006", "purl.oclc.org/ooxml/officeDocument")
    with pytest.raises(Unusable, match=why):
        bytes_copied(rewritten(saved(book(["a"])), {"xl/workbook.xml": strict}, {}), verdicts())


def test_a_number_that_is_no_date() -> None:
    """A number that is shown as a date and is none would be lost: it is one clear line."""
    workbook = book(["a"], [447700900123])
    workbook.active["A2"].number_format = "yyyy-mm-dd"
    with pytest.raises(Unusable) as refused:
        copied(workbook, verdicts())
    assert str(refused.value) == (
        "in.xlsx: a number is formatted as a date that does not exist; "
        "format its column as a number or text, then it can be copied"
    )


def test_what_openpyxl_warns_of() -> None:
    """It says nothing of parts that it does not keep."""
    extension = '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    data = rewritten(saved(book(["a"])), {SHEET: ("</worksheet>", extension)}, {})
    assert values(load_workbook(io.BytesIO(bytes_copied(data, verdicts()))).active) == [
        ("a", "outcome", "reasons")
    ]


def test_macros_stay() -> None:
    """A workbook with macros keeps them."""
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    replaced = {"[Content_Types].xml": (plain, macros)}
    data = rewritten(saved(book(["a"], [1])), replaced, {"xl/vbaProject.bin": b"macros"})
    for name, kept in (("in.xlsm", True), ("IN.XLSM.GZ", True), ("in.xlsx", False)):
        after = zipfile.ZipFile(io.BytesIO(bytes_copied(data, JUDGED, name=name)))
        assert ("xl/vbaProject.bin" in after.namelist()) is kept
        assert (macros in after.read("[Content_Types].xml").decode()) is kept


def test_a_reason_in_a_merged_cell() -> None:
    """A cell that is covered by the one above has no comment; the outcome stands in its row."""
    workbook = book(["a", "b"], ["x", "y"], [None, "z"])
    workbook.active.merge_cells("A2:A3")
    findings = [found(3, column="a"), found(3, column="b")]
    sheet = copied(workbook, verdicts(became("add", 2), became("refused", 3, findings=findings)))
    comments = {each.coordinate: each.comment.text for row in sheet for each in row if each.comment}
    assert comments == {"B3": "b: It is wrong. [wrong]"}
