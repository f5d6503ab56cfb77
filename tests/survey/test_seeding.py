"""The values of seedings, and their faults."""

from collections.abc import Hashable
from typing import Any

import pytest

from participant_rules.engine.members import OpenReader, faults_of
from participant_rules.survey import Survey
from participant_rules.survey.seeding import (
    NOT_SEEDABLE,
    UNKNOWN,
    ChoiceFault,
    Code,
    InviteSeeding,
    QuestionnaireSeeding,
    Variable,
    code_values,
)
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


def test_labels_of_codes() -> None:
    """A label that several codes have, however it is spelt, means none of them."""
    labels = {"1": "Yes", "2": "yes ", "3": "No", "4": None}
    codes = tuple(Code(code, label) for code, label in labels.items())
    assert Variable("V1", "Single", codes).codes_by_label == {"No": "3"}
    assert Variable("V1", "Single").codes_by_label == {}


SEEDINGS: list[tuple[dict[str, Any], list[tuple[str, Hashable, bool]]]] = [
    ({}, []),
    ({"v46": "5"}, []),
    ({"v46": "5", "v50": "anything"}, []),
    ({"v46": " 5; "}, []),
    ({"v46": None, "v50": ""}, []),
    ({"v46": "6"}, [("v46", ChoiceFault(several=False, repeated=False, unknown=("6",)), False)]),
    ({"v46": "5;5"}, [("v46", ChoiceFault(several=True, repeated=False, unknown=()), False)]),
    ({"v46": UNREADABLE}, []),
    ({"v46": 5}, []),
    ({"v46": ["5"]}, []),
    ({"v99": ""}, [("v99", UNKNOWN, False)]),
    ({"V46": "5"}, []),
    ({"V46": "6"}, [("V46", ChoiceFault(several=False, repeated=False, unknown=("6",)), False)]),
    ({"v46": "5", "V46": "5"}, [("V46", None, True)]),
    (
        {"v50": "x", "V50": "x", "v99": "x", "V99": "x"},
        [("V50", None, True), ("v99", UNKNOWN, False), ("V99", UNKNOWN, True)],
    ),
]


def faults(definition: Survey, seeding: dict[str, Any]) -> list[tuple[str, Hashable, bool]]:
    """The faults of a questionnaire seeding, asked again and by a reader that remembers."""
    form, reader = QuestionnaireSeeding(definition), OpenReader(QuestionnaireSeeding(definition))
    found = [faults_of(form, seeding), *(reader.faults(seeding) for _ in range(3))]
    assert found == [found[0]] * 4
    return list(found[0])


@pytest.mark.parametrize(("seeding", "expected"), SEEDINGS, ids=repr)
def test_what_is_wrong_with_a_seeding(seeding: dict[str, Any], expected: object) -> None:
    """By name: no such variable, a choice that cannot be, a name that stands there in another spelling."""
    assert faults(a_survey(variables=VARIABLES, questionnaireSeeding=None), seeding) == expected


def test_only_what_may_be_seeded_is_right() -> None:
    """The keys of the questionnaire seeding bound the seedable variables."""
    definition = a_survey(variables=VARIABLES, questionnaireSeeding=["V50"])
    assert faults(definition, {"v50": "x"}) == []
    assert faults(definition, {"v46": "5"}) == [("v46", NOT_SEEDABLE, False)]


def test_without_variables_every_text_is_right() -> None:
    """An unknown fact is not judged; a key may still stand there twice."""
    assert faults(a_survey(), {"v46": "9;9", "V1": "9"}) == []
    assert faults(a_survey(), {"v46": "9;9", "V46": "9"}) == [("V46", None, True)]


def test_invite_seedings() -> None:
    """Their keys are those of the survey, in any case; where these are unknown, all are right."""
    form = InviteSeeding(a_survey("invite", inviteSeeding=["Surname"]))
    assert faults_of(form, {"surname": "x", "SURNAME": "y", "town": "z"}) == (
        ("SURNAME", None, True),
        ("town", UNKNOWN, False),
    )
    assert faults_of(InviteSeeding(a_survey("invite")), {"town": "z"}) == ()


@pytest.mark.parametrize(
    "form", [QuestionnaireSeeding(a_survey()), InviteSeeding(a_survey())], ids=["answers", "invites"]
)
def test_no_seed_is_required_or_unique(form: Any) -> None:
    """None is asked about when it is left out."""
    assert (form.required, form.unique) == (frozenset(), {})
    with pytest.raises(LookupError, match="v46"):
        form.absent("v46")


def test_many_texts_are_judged_alike() -> None:
    """A variable with more texts than are remembered is still judged right."""
    codes = [{"codeValue": str(number)} for number in range(5_000)]
    reader = OpenReader(
        QuestionnaireSeeding(
            a_survey(variables=[{"variableId": "V1", "responseType": "Single", "codes": codes}])
        )
    )
    for _ in range(2):
        assert all(reader.faults({"v1": str(number)}) == () for number in range(5_000))
    assert reader.faults({"v1": "5000"}) != ()
