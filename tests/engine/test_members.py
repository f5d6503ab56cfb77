"""The faults of the members of objects with names of a definition."""

from collections.abc import Hashable
from types import NoneType
from typing import Any

import pytest

from participant_rules import project, survey
from participant_rules.engine import members
from participant_rules.engine.members import OpenReader, faults_of
from participant_rules.project.custom import CustomFields
from participant_rules.schema.form import OpenForm
from participant_rules.survey.seeding import UNKNOWN, QuestionnaireSeeding

FIELDS = CustomFields(
    (
        project.CustomField("N", "Integer"),
        project.CustomField("T", "Text"),
        project.CustomField("B", "Boolean"),
        project.CustomField("R", "Text", required=True, one_of=("a", "b")),
    )
)
SEEDS = QuestionnaireSeeding(
    survey.Survey.from_json(
        {
            "invited": False,
            "loggedOn": True,
            "group": False,
            "questionnaireSeeding": None,
            "variables": [
                {"variableId": "V1", "responseType": "Single", "codes": [{"codeValue": "1"}]},
                {"variableId": "V2", "responseType": "Text"},
            ],
        }
    )
)
MISTYPED: tuple[str, ...] = ("mistyped",)

OBJECTS: list[tuple[OpenForm, dict[str, Any], list[tuple[str, Hashable, bool]]]] = [
    (FIELDS, {"R": "a"}, []),
    (FIELDS, {"R": "a", "N": 1, "T": "x", "B": True}, []),
    (FIELDS, {"R": "a", "N": True}, [("N", MISTYPED, False)]),
    (FIELDS, {"R": "a", "N": 1.0}, [("N", MISTYPED, False)]),
    (FIELDS, {"R": "a", "B": 1}, [("B", MISTYPED, False)]),
    (FIELDS, {"R": "a", "N": [1], "T": {}}, [("N", MISTYPED, False), ("T", MISTYPED, False)]),
    (FIELDS, {"R": "c", "x": 1}, [("R", ("not-allowed",), False), ("x", ("undeclared",), False)]),
    (FIELDS, {"R": ""}, [("R", ("cleared",), False)]),
    (FIELDS, {"N": "5"}, [("R", ("absent",), False)]),
    (FIELDS, {}, [("R", ("absent",), False)]),
    (SEEDS, {"v1": "1", "v2": "x"}, []),
    (SEEDS, {"V1": "1", "v1": "1"}, [("v1", None, True)]),
    (SEEDS, {"v2": "x", "V2": "x", "v3": None}, [("V2", None, True), ("v3", UNKNOWN, False)]),
]


@pytest.mark.parametrize(("form", "given", "expected"), OBJECTS, ids=lambda each: repr(each)[:60])
def test_faults(form: OpenForm, given: dict[str, Any], expected: list[tuple[str, Hashable, bool]]) -> None:
    """In the order of the members, then the required and left out ones."""
    assert list(faults_of(form, given)) == expected


@pytest.mark.parametrize("enough", [4096, 1, 0])
def test_what_is_remembered_changes_nothing(enough: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a reader met before; 1, 1.0 and true are three values."""
    monkeypatch.setattr(members, "_ENOUGH", enough)
    for form in (FIELDS, SEEDS):
        reader = OpenReader(form)
        some = [(given, expected) for each, given, expected in OBJECTS if each is form]
        for given, expected in (*some, *reversed(some)):
            assert list(reader.faults(given)) == expected


def test_only_choices_are_remembered() -> None:
    """Not texts of people's own."""
    reader = OpenReader(SEEDS)
    assert reader.faults({"v1": "1", "v2": "Robin Loxley"}) == ()
    assert "Robin Loxley" not in repr(vars(reader)["_right"])
    assert vars(reader)["_right"] == {"v1": {"1"}, "v2": {str, NoneType}}


@pytest.mark.parametrize("required", [True, False])
def test_what_has_a_pattern_is_not_remembered(required: bool) -> None:
    """A number or a date that somebody wrote is right by the pattern of its form."""
    field = project.CustomField("N", "Integer", required=required)
    reader = OpenReader(CustomFields((field,)))
    for value in ("12", "+7", 5, "12"):
        assert reader.faults({"N": value}) == ()
    assert vars(reader)["_right"] == {}
    wrong = [reader.faults({"N": value}) for value in ("x", True, 1.5, "")]
    assert wrong == [*[(("N", ("mistyped",), False),)] * 3, (("N", ("cleared",), False),) if required else ()]


def test_a_blank_text_of_a_required_member_is_not_right() -> None:
    """Though any other text is, and was met before."""
    reader = OpenReader(CustomFields((project.CustomField("R", "Text", required=True),)))
    assert (reader.faults({"R": "r"}), reader.faults({"R": ""})) == ((), (("R", ("cleared",), False),))


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, and by the values of one name."""
    monkeypatch.setattr(members, "_ENOUGH", 10)
    reader = OpenReader(CustomFields(None))
    for number in range(100):
        assert reader.faults({f"n{number}": number}) == ()
    assert len(vars(reader)["_right"]) <= 10
    some = OpenReader(CustomFields((project.CustomField("N", "Integer", minimum=0),)))
    for number in range(100):
        assert some.faults({"N": number}) == ()
    assert len(vars(some)["_right"]["N"]) <= 10
    fields = OpenReader(CustomFields(tuple(project.CustomField(f"N{each}", "Integer") for each in range(99))))
    assert fields.faults({f"N{each}": each for each in range(99)}) == ()
    assert len(vars(fields)["_plain"]) <= 10
