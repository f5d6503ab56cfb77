"""Other texts in some cells of a worksheet."""

from io import BytesIO
from zipfile import ZipFile

import openpyxl  # type: ignore[import-untyped]
import pytest
from openpyxl.styles import Font  # type: ignore[import-untyped]

from participant_rules.batch.copies.sheet_cells import formula_places, with_cells
from participant_rules.unusable import Unusable


def workbook() -> bytes:
    """A workbook with a bold cell, a formula, and a chart's sheet beside it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Roster"
    sheet["A1"], sheet["B1"], sheet["B2"], sheet["C2"] = "email", "n", 5, "=B2+1"
    sheet["A2"] = "kim"
    sheet["A2"].font = Font(bold=True)
    book.create_sheet("Other")["A1"] = "x"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of an archive by their names."""
    with ZipFile(BytesIO(data)) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def test_cells_are_replaced() -> None:
    """Cells keep their style, and every other part its bytes."""
    before = workbook()
    after = with_cells("r.xlsx", before, "Roster", {(2, 1): ' <Kim> & "Lee" ', (2, 2): "6"})
    sheet = openpyxl.load_workbook(BytesIO(after))["Roster"]
    assert [[cell.value for cell in row] for row in sheet] == [
        ["email", "n", None],
        [' <Kim> & "Lee" ', "6", "=B2+1"],
    ]
    assert sheet["A2"].font.bold
    assert formula_places("r.xlsx", before, "Roster") == {(2, 3)}
    changed = [each for each, data in parts(after).items() if data != parts(before)[each]]
    assert changed == ["xl/worksheets/sheet1.xml"]


def test_cells_without_references_and_with_prefixes() -> None:
    """A cell stands behind the one before it where it does not say its place."""
    xml = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row><x:c t="n"><x:v>1</x:v></x:c><x:c/><x:c s="1"><x:v>2</x:v></x:c></x:row>'
        "<x:row><x:c><x:f>A1</x:f></x:c></x:row></x:sheetData></x:worksheet>"
    )
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in parts(workbook()).items():
            archive.writestr(name, xml if name.endswith("sheet1.xml") else data)
    assert formula_places("r.xlsx", out.getvalue(), "Roster") == {(2, 1)}
    after = parts(with_cells("r.xlsx", out.getvalue(), "Roster", {(1, 2): "b", (1, 3): "c"}))
    cell = '<x:c{0} t="inlineStr"><x:is><x:t xml:space="preserve">{1}</x:t></x:is></x:c>'
    expected = xml.replace("<x:c/>", cell.format("", "b"))
    assert after["xl/worksheets/sheet1.xml"].decode() == expected.replace(
        '<x:c s="1"><x:v>2</x:v></x:c>', cell.format(' s="1"', "c")
    )


@pytest.mark.parametrize(("data", "sheet"), [(b"x", "Roster"), (None, "Nowhere"), (b"", "Roster")])
def test_what_is_no_such_workbook(data: bytes | None, sheet: str) -> None:
    """It is an error."""
    with pytest.raises(Unusable, match=r"^r\.xlsx: the workbook cannot be repaired$"):
        with_cells("r.xlsx", workbook() if data is None else data, sheet, {})


def test_a_broken_sheet() -> None:
    """It is an error too."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in parts(workbook()).items():
            archive.writestr(name, data[:-40] if name.endswith("sheet1.xml") else data)
    with pytest.raises(Unusable, match="cannot be repaired"):
        formula_places("r.xlsx", out.getvalue(), "Roster")
