"""The formulas of a workbook, as its parts have them."""

import pytest

from participant_rules.batch.copies.formulas import Formula, formulas_of
from participant_rules.batch.records import Unusable
from tests.batch.copies.test_workbooks import SHEET, book, rewritten, saved


def test_formulas_by_their_cells() -> None:
    """A formula that was never calculated has no value; a sheet without formulas has none."""
    assert formulas_of("in.xlsx", saved(book(["a", "=1+1"]))) == {"Sheet": {"B1": Formula("1+1", "n", None)}}
    assert formulas_of("in.xlsx", saved(book(["a"]))) == {"Sheet": {}}


def test_a_broken_sheet() -> None:
    """A sheet that is no XML cannot be copied: one clear line."""
    data = rewritten(saved(book(["=1+1"])), {SHEET: ("</row>", "<row")}, {})
    with pytest.raises(Unusable, match=r"^in\.xlsx: the workbook cannot be copied$"):
        formulas_of("in.xlsx", data)
