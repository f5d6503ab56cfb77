"""Names for our columns."""

import pytest

from participant_rules.batch.copies.choices import free


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ([], "outcome"),
        (["outcomes"], "outcome"),
        (["outcome"], "outcome 2"),
        (["Out_Come", "outcome2", "outcome 3"], "outcome 4"),
    ],
)
def test_names_are_free(taken: list[str], name: str) -> None:
    """A name that differs by case, spaces or underscores only is the same column to whoever reads it."""
    assert free("outcome", taken) == name
