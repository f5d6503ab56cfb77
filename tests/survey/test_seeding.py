"""The values of seedings, and those that were judged right before."""

import pytest

from participant_rules.survey.seeding import code_values
from participant_rules.unset import UNREADABLE
from tests.survey.samples import a_survey

VARIABLES = [
    {"variableId": "V46", "responseType": "Single", "codes": [{"codeValue": "5"}]},
    {"variableId": "V50", "responseType": "Text"},
]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", ()),
        ("5", ("5",)),
        (" 5 ", ("5",)),
        ("5;6", ("5", "6")),
        (" 5 ; ;; 6\t;", ("5", "6")),
        ("5;5", ("5", "5")),
        (" ; ", ()),
        ("5,6", ("5,6",)),
    ],
)
def test_code_values(text: str, values: tuple[str, ...]) -> None:
    """A text is split at semicolons, its values are trimmed, blank ones dropped."""
    assert code_values(text) == values


SEEDINGS = [
    ({}, True),
    ({"v46": "5"}, True),
    ({"v46": "5", "v50": "anything"}, True),
    ({"v46": " 5; "}, True),
    ({"v46": None, "v50": ""}, True),
    ({"v46": "6"}, False),
    ({"v46": "5;5"}, False),
    ({"v46": UNREADABLE}, False),
    ({"v46": 5}, False),
    ({"v46": ["5"]}, False),
    ({"v99": ""}, False),
    ({"V46": "5"}, False),
]


@pytest.mark.parametrize(("seeding", "right"), SEEDINGS, ids=repr)
def test_accepted(seeding: dict[str, str | None], right: bool) -> None:
    """A seeding is accepted when every key is a variable in lower case, and every text right; again, too."""
    accepted = a_survey(variables=VARIABLES, questionnaireSeeding=None).accepted
    assert [accepted.seeding(seeding) for _ in range(3)] == [right] * 3


def test_only_what_may_be_seeded_is_accepted() -> None:
    """The keys of the questionnaire seeding bound what is accepted."""
    accepted = a_survey(variables=VARIABLES, questionnaireSeeding=["V50"]).accepted
    assert (accepted.seeding({"v50": "x"}), accepted.seeding({"v46": "5"})) == (True, False)


def test_without_variables_every_text_is_accepted() -> None:
    """What is not known is not judged; a key in capitals could stand there twice."""
    accepted = a_survey().accepted
    assert (accepted.seeding({"v46": "9;9"}), accepted.seeding({"V46": "9"})) == (True, False)


def test_the_odd_part_of_a_seeding() -> None:
    """What is not right is told from what is."""
    accepted = a_survey(variables=VARIABLES, questionnaireSeeding=None).accepted
    odd = {"v46": "6", "V46": "5", "v99": "", "v50": UNREADABLE}
    assert accepted.odd({"v46": "5"} | {"v50": "x"}) == {}
    assert accepted.odd(odd) == odd
    assert not accepted.seeding({"v50": ["x"]})


def test_many_texts_are_judged_alike() -> None:
    """A variable with more texts than are remembered is still judged right."""
    codes = [{"codeValue": str(number)} for number in range(5_000)]
    accepted = a_survey(variables=[{"variableId": "V1", "responseType": "Single", "codes": codes}]).accepted
    assert all(accepted.seeding({"v1": str(number)}) for number in range(5_000))
    assert all(accepted.seeding({"v1": str(number)}) for number in range(5_000))
    assert not accepted.seeding({"v1": "5000"})
