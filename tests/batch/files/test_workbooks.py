"""The first sheet of a workbook, each cell as the text that stands for it."""

import io
import struct
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl  # type: ignore[import-untyped]
import pytest

from participant_rules.batch.files.cell_texts import text_of_cell
from participant_rules.batch.files.workbooks import WorkbookRows
from participant_rules.batch.records import Unusable
from tests.batch.files.samples import DECLARED, chunks, notices, opened, payloads, rows, workbook


def test_a_row_by_its_place() -> None:
    """As a line is found by its offset."""
    rows = WorkbookRows([2, 3], [["a", "b"], ["c", "d"]], 0)
    assert [rows.row(place) for place in range(2)] == rows.read().rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x ", "x "),
        (5557778888.0, "5557778888"),
        (7, "7"),
        (-3.5, "-3.5"),
        (1e-07, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2000, 6, 16), "2000-06-16"),
        (datetime(2000, 6, 16), "2000-06-16"),  # noqa: DTZ001  cells have no time zone
        (datetime(2000, 6, 16, 5, 30, 1), "2000-06-16T05:30:01"),  # noqa: DTZ001
        (time(5, 30), "05:30:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
        (-timedelta(hours=4), "-04:00:00"),
    ],
)
def test_texts_of_cells(value: object, text: str) -> None:
    """A cell's value is the text that a person would type for it."""
    assert text_of_cell(value) == text


def test_cells_become_what_their_fields_mean(tmp_path: Path) -> None:
    """Numbers keep their digits in texts, are numbers in fields of numbers, and dates are dates."""
    data = workbook(
        [
            ["ParticipantIdentifier", "Exclude from export", "DOB", "Postal code", "MobilePhone"]
            + ["Smoker", "Body weight", "Medication1", "SurgeryDate", "City"],
            [17, True, date(2000, 6, 16), 2134, 5557778888, 3.0, 71.25, 5, date(2021, 8, 10), False],
            [1.5, False, datetime(2000, 6, 16, 12), None, None, 2.5, 70, True, None, None],  # noqa: DTZ001
        ]
    )
    source = opened(tmp_path, data, DECLARED, "people.xlsx")
    assert payloads(source) == [
        {
            "participantIdentifier": "17",
            "excludeFromExport": True,
            "demographics": {
                "dateOfBirth": "2000-06-16",
                "postalCode": "2134",
                "mobilePhone": "5557778888",
                "city": "FALSE",
            },
            "customFields": {
                "Smoker": 3,
                "Body_Weight": 71.25,
                "Medication1": "5",
                "SurgeryDate": "2021-08-10",
            },
        },
        {
            "participantIdentifier": "1.5",
            "excludeFromExport": False,
            "demographics": {"dateOfBirth": "2000-06-16T12:00:00"},
            "customFields": {"Smoker": "2.5", "Body_Weight": 70, "Medication1": "TRUE"},
        },
    ]
    assert {each.sound for each in chunks(source)} == {True}


def test_rows_are_those_of_the_sheet(tmp_path: Path) -> None:
    """Blank rows above the header and between records are counted, and so are blank columns."""
    data = workbook([[], [None, " "], [None, "Email", "nope"], [None, "a"], [], [None, "b"]])
    source = opened(tmp_path, data, name="people.xlsx")
    assert (rows(source, 1), list(notices(source))) == ([4, 6], [(3, "nope", "column-unknown")])
    assert payloads(source) == [{"demographics": {"email": "a"}}, {"demographics": {"email": "b"}}]


def test_a_nul_in_a_cell(tmp_path: Path) -> None:
    """A text that has a NUL is left to the reader of payloads."""
    source = opened(tmp_path, workbook([["Email"], ["a_x0000_b"], ["c"]]), name="people.xlsx")
    assert [(list(each.payloads), each.sound) for each in chunks(source, 1)] == [
        ([{"demographics": {"email": "a\0b"}}], False),
        ([{"demographics": {"email": "c"}}], True),
    ]


def with_error() -> bytes:
    """A workbook that has a cell with an error."""
    book = openpyxl.Workbook()
    book.active.append(["Email", "City"])
    book.active.append(["a", "#N/A"])
    book.active["B2"].data_type = "e"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_errors_are_texts(tmp_path: Path) -> None:
    """A cell with an error is not blank: its row is refused."""
    (chunk,) = chunks(opened(tmp_path, with_error(), name="people.xlsx"))
    assert list(chunk.payloads) == [{"demographics": {"email": "a", "city": "\ud800"}}]
    ((remark,),) = chunk.remarks.values()
    assert (remark.row, remark.column, remark.violation.text) == (
        2, "City", "The cell cannot be read: it has the error #N/A."
    )  # fmt: skip


def test_the_first_sheet_with_cells(tmp_path: Path) -> None:
    """A chart that has a sheet of its own is passed over, and so are further sheets."""
    book = openpyxl.Workbook()
    book.active.append(["Email"])
    book.active.append(["a"])
    book.create_sheet("other").append(["City"])
    book.create_chartsheet("chart", 0)
    out = io.BytesIO()
    book.save(out)
    assert payloads(opened(tmp_path, out.getvalue(), name="people.xlsx")) == [
        {"demographics": {"email": "a"}}
    ]


def test_no_sheet_with_cells(tmp_path: Path) -> None:
    """A workbook of charts has no rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.create_chartsheet("chart")
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Unusable, match=r": the workbook's sheets are empty$"):
        opened(tmp_path, out.getvalue(), name="people.xlsx")


@pytest.mark.parametrize(
    ("library", "data", "why"),
    [
        (
            "python_calamine",
            workbook([["Email"]]),
            "a workbook needs python-calamine: pip install 'participant-rules[xlsx]'",
        ),
    ],
)
def test_a_library_that_is_missing(
    tmp_path: Path, library: str, data: bytes, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its extra a workbook is an error with the package to install."""
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(Unusable) as raised:
        opened(tmp_path, data, name="people.xlsx")
    assert str(raised.value) == f"{tmp_path / 'people.xlsx'}: {why}"


def locked() -> bytes:
    """A compound file as a locked workbook is: a directory with the stream EncryptedPackage, and no key."""

    def entry(name: str, kind: int, child: int, start: int) -> bytes:
        saved = (name + "\0").encode("utf-16-le")
        head = saved.ljust(64, b"\0") + struct.pack("<HBBiii", len(saved), kind, 1, -1, -1, child)
        return head + bytes(36) + struct.pack("<iQ", start, 0)

    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<iiiiiiiiii", 0, 1, 1, 0, 4096, -2, 0, -2, 0, 0) + b"\xff" * 432
    table = struct.pack("<ii", -3, -2) + b"\xff" * 504
    entries = entry("Root Entry", 5, 1, -2) + entry("EncryptedPackage", 2, -1, -2)
    return header + table + entries + bytes(256)


@pytest.mark.parametrize("name", ["people.xlsx", "people"])
def test_a_locked_workbook(tmp_path: Path, name: str) -> None:
    """A workbook with a password says so."""
    with pytest.raises(Unusable, match=r": the workbook is locked with a password$"):
        opened(tmp_path, locked(), name=name)


def changed(data: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """A workbook with other bytes in a part of its archive."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for each in source.namelist():
            text = source.read(each)
            target.writestr(each, text.replace(old, new) if each == member else text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", b"</row>", b"<row"),
        ("xl/workbook.xml", b"sheetId", b"sheet>"),
        ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="1A" t="e"'),
    ],
)
def test_broken_workbooks(tmp_path: Path, member: str, old: bytes, new: bytes) -> None:
    """An archive with broken parts cannot be read."""
    data: Any = changed(workbook([["Email"], ["a"]]), member, old, new)
    with pytest.raises(Unusable, match=r": the workbook cannot be read$"):
        opened(tmp_path, data, name="people.xlsx")


def test_a_broken_archive(tmp_path: Path) -> None:
    """A sheet with broken packed bytes cannot be read."""
    data = workbook([["Email"], ["a"]])
    with ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    begin = data.index(b"xl/worksheets/sheet1.xml", sheet.header_offset) + len(sheet.filename)
    broken = data[:begin] + bytes(sheet.compress_size) + data[begin + sheet.compress_size :]
    with pytest.raises(Unusable, match=r"^[^:]*people\.xlsx: the workbook cannot be read$"):
        opened(tmp_path, broken, name="people.xlsx")


def test_a_merged_header(tmp_path: Path) -> None:
    """A name over two columns is that of the first one; the other one has none."""
    book = openpyxl.load_workbook(io.BytesIO(workbook([["Email", "City", None], ["a", "Ulm", "x"]])))
    book.active.merge_cells("B1:C1")
    out = io.BytesIO()
    book.save(out)
    source = opened(tmp_path, out.getvalue(), DECLARED, "people.xlsx")
    assert payloads(source) == [{"column 3": "x", "demographics": {"email": "a", "city": "Ulm"}}]
