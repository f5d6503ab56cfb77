"""The remarks on the cells of a worksheet, and their places in its rows."""

from participant_rules.batch.files.cell_remarks import Looked, cell_remarks
from participant_rules.batch.files.cell_texts import text_of_cell
from participant_rules.batch.files.placing import place_remarks
from participant_rules.batch.files.quoting import Row
from participant_rules.batch.files.sheets import Remark

DISPLAYED = Remark("displayed")


def test_merged_ranges() -> None:
    """A range without two cells is none."""
    ranges = b'<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C3"/><mergeCell/></mergeCells>'
    assert cell_remarks(iter([b"<worksheet>", ranges, b"</worksheet>"]), {}, text_of_cell) == Looked(
        merged=(((1, 1), (2, 2)),)
    )


def test_cells_outside_the_rows() -> None:
    """A remark on a cell before, behind or below the cells of the rows has no place."""
    rows = [Row(1, ("a",)), Row(2, ("b",))]
    remarks: dict[int, dict[int, Remark]] = {}
    places = ((1, 2), (1, 1), (1, 3), (2, 2), (3, 2))
    looked = Looked(dict.fromkeys(places, DISPLAYED), {(1, 2): "A"})
    place_remarks(looked, rows, 1, remarks)
    assert remarks == {1: {0: DISPLAYED}, 2: {0: DISPLAYED}}
    assert rows == [Row(1, ("A",)), Row(2, ("b",))]


def test_cells_below_the_last_value() -> None:
    """One that cannot be read is a row; it has no place outside of the columns."""
    unreadable = Remark("unreadable", "why")
    rows = [Row(1, ("a", "b")), Row(2, ("c", "d"))]
    remarks: dict[int, dict[int, Remark]] = {}
    places = ((9, 2), (4, 3), (4, 2), (5, 1), (6, 4))
    place_remarks(Looked(dict.fromkeys(places, unreadable)), rows, 1, remarks)
    assert remarks == {4: {0: unreadable, 1: unreadable}, 9: {0: unreadable}}
    assert rows[2:] == [Row(4, ("", "")), Row(9, ("", ""))]
    empty: list[Row] = []
    place_remarks(Looked({(1, 1): unreadable}), empty, 0, {})
    assert empty == []
