"""The roll of a survey's participants, asked in columns."""

from typing import Literal

import pytest

from participant_rules import UNSET, survey
from participant_rules.memory import MemorySurveys
from participant_rules.survey.model import Caller
from participant_rules.survey.roll import SurveyRoll, SurveySide
from tests.survey.samples import a_survey

NOBODY = (UNSET, UNSET, False, False)


def roll_of(action: Literal["add", "update"], *keys: str, asked: bool = True) -> SurveyRoll:
    """The roll of an empty survey, asked about these identities."""
    definition = a_survey("login")
    roster = MemorySurveys([definition]) if asked else None
    side = SurveySide(definition, roster, action, Caller(), survey.RULES[survey.Operation(action)])
    return side.roll([list(keys)], [])


@pytest.mark.parametrize(
    ("action", "stranger"),
    [("add", (UNSET, False, False, False)), ("update", (False, UNSET, False, False))],
)
def test_strangers(action: Literal["add", "update"], stranger: object) -> None:
    """Where all were asked, an unknown identity is known not to be there; of none nothing is known."""
    roll = roll_of(action, "a", "b")
    assert roll.strangers([["a", "b"]]) == {stranger: range(2)}
    assert roll.strangers([["a", "", "b"]]) == {stranger: [0, 2], NOBODY: [1]}
    assert roll_of(action, "a", asked=False).strangers([["a", ""]]) == {NOBODY: range(2)}


def test_an_added_record_is_met_again() -> None:
    """Only where it has an identity."""
    roll = roll_of("add", "a", "b")
    for key in ("a", None):
        roll.add(dict, (key,), 0)
    assert roll.met([["a", "b", None]]) == {0}
    assert roll.met([["b", "c"]]) == set()
