"""The columns of an opened table, by the members that they are."""

from pathlib import Path

from participant_rules.batch.files.tables import Table
from tests.batch.files.samples import DECLARED, opened


def test_values_of_a_column(tmp_path: Path) -> None:
    """The texts of a member's cells, short rows left out; of a member without a column none."""
    source = opened(tmp_path, "Email,City\na,Ulm\nb\nc,Bonn\n", DECLARED)
    assert isinstance(source, Table)
    assert list(source.values("/demographics/city")) == ["Ulm", "Bonn"]
    assert list(source.values("/demographics/gender")) == []
