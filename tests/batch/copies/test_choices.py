"""Names for our columns."""

import pytest

from participant_rules.batch.copies.choices import free


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ([], "outcome"),
        (["outcomes"], "outcome"),
        (["outcome"], "outcome 2"),
        (["Out_Come", "out-come2", "outcome 3"], "outcome 4"),
    ],
)
def test_names_are_free(taken: list[str], name: str) -> None:
    """Names that differ by case, spaces, underscores or hyphens only are one column to whoever reads them."""
    assert free("outcome", taken) == name
