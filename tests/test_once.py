"""Properties of cases that are worked out once."""

import pytest

from participant_rules.once import once
from participant_rules.unknown import Unknown


class _Facts:
    """A case with a fact that costs something."""

    def __init__(self) -> None:
        self.asked = 0

    @once
    def fact(self) -> int:
        """The third time it is known."""
        self.asked += 1
        if self.asked < 3:
            raise Unknown("not yet")
        return self.asked


def test_a_fact_is_worked_out_once() -> None:
    """A fact is kept from the first time that it is known; one that is not known is asked for again."""
    facts = _Facts()
    for _ in range(2):
        with pytest.raises(Unknown):
            _ = facts.fact
    assert [facts.fact, facts.fact, facts.asked, _Facts().asked] == [3, 3, 3, 0]
    assert (type(_Facts.fact), _Facts.fact.__doc__) == (once, "The third time it is known.")
