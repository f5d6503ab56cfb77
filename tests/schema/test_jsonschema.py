"""Entities as JSON Schema: a fitting payload is accepted, and a wrong one mostly does not fit."""

import json
import re
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any, Final

import pytest
from attrs import NOTHING, frozen
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from participant_rules.formats.dates import is_date, is_date_time
from participant_rules.formats.forms import DATE, DATE_OR_TIME, EMAIL_ADDRESS, UTC_OFFSET, phone_number
from participant_rules.project import CustomField, Participant, Project
from participant_rules.project.forms import ID, TEN_DIGITS
from participant_rules.project.keys import schema_of
from participant_rules.project.model import Gender
from participant_rules.project.policy import POLICY
from participant_rules.project.types import FORMS
from participant_rules.schema.form import ANY_TEXT, Form, one_of
from participant_rules.schema.jsonschema import json_schema, or_blank, or_null
from participant_rules.schema.members import member
from participant_rules.unset import Unset
from tests.schema.strategies import right_values_of

_checker = FormatChecker()
_checker.checks("date-time")(lambda value: not isinstance(value, str) or is_date_time(value))


def fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a value fits a schema; dates and addresses are checked too."""
    return bool(_validator(json.dumps(schema)).is_valid(value))


@cache
def _validator(schema: str) -> Any:
    Draft202012Validator.check_schema(json.loads(schema))
    return Draft202012Validator(json.loads(schema), format_checker=_checker)


# ---- forms

ALL: Final[Mapping[str, Form]] = {
    "DATE": DATE,
    "DATE_OR_TIME": DATE_OR_TIME,
    "EMAIL_ADDRESS": EMAIL_ADDRESS,
    "UTC_OFFSET": UTC_OFFSET,
    "phone_number": phone_number("US"),
    "one_of": one_of(Gender),
    "ID": ID,
    "TEN_DIGITS": TEN_DIGITS,
    "ANY_TEXT": ANY_TEXT,
    **{str(kind): form for kind, form in FORMS.items()},
}
INEXPRESSIBLE: Final = [("phone_number", "12")]
"""Wrong examples that a schema lets pass."""
ODD: Final = [
    ("EMAIL_ADDRESS", "jö@exämple.de"),
    ("EMAIL_ADDRESS", "kim@example。com"),
    ("EMAIL_ADDRESS", "!#$%&'*+-/=?^_`{|}~@b-c.example"),
    ("phone_number", "1-800-FLOWERS"),
    ("phone_number", "tel:+1-212-555-0123;ext=7"),
    ("phone_number", "٢١٢٥٥٥٠١٢٣"),
    ("phone_number", "𝟐𝟏𝟐𝟓𝟓𝟓𝟎𝟏𝟐𝟑"),
    ("phone_number", "(+1) 212/555 0123"),
]
"""Values that are accepted, although few would write them."""


def examples(attribute: str) -> list[Any]:
    """The examples of all forms, each with the name of its form."""
    return [
        pytest.param(name, example, id=f"{name}: {example!r}")
        for name, form in ALL.items()
        for example in getattr(form, attribute)
    ]


@pytest.mark.parametrize(("name", "example"), examples("right"))
def test_right_examples_fit(name: str, example: Any) -> None:
    """A form's right examples fit its keywords, with null and without."""
    assert fits(ALL[name].json, example)
    assert fits(or_null(ALL[name].json), example)


@pytest.mark.parametrize(("name", "example"), examples("wrong"))
def test_wrong_examples_do_not_fit(name: str, example: Any) -> None:
    """Its wrong examples do not, but for rules that a schema cannot state."""
    assert fits(ALL[name].json, example) is ((name, example) in INEXPRESSIBLE)
    assert fits(or_null(ALL[name].json), example) is ((name, example) in INEXPRESSIBLE)


@pytest.mark.parametrize(("name", "value"), ODD)
def test_what_is_accepted_fits(name: str, value: str) -> None:
    """However odd it looks."""
    assert ALL[name].accepts(value)
    assert fits(ALL[name].json, value)


@pytest.mark.parametrize("name", sorted(ALL.keys() - {"EMAIL_ADDRESS"}))  # its pattern is slow to draw from
@given(st.data())
def test_whatever_is_accepted_fits(name: str, data: st.DataObject) -> None:
    """Of any form, and with null and blank texts beside it."""
    value = data.draw(right_values_of(ALL[name]))
    assert fits(ALL[name].json, value)
    assert fits(or_null(or_blank(ALL[name].json)), value)


@pytest.mark.parametrize("name", ALL)
def test_a_blank_text_fits_where_it_may(name: str) -> None:
    """No form is asked about it; a wrong value stays so."""
    assert fits(or_blank(ALL[name].json), "")
    for each in ALL[name].wrong:
        assert fits(or_blank(ALL[name].json), each) is ((name, each) in INEXPRESSIBLE)


def test_a_pattern_knows_the_calendar() -> None:
    """For validators that do not look at formats."""
    matches = re.compile(DATE.json["pattern"]).fullmatch
    for year in (0, 1, 4, 10, 100, 400, 1000, 1900, 1904, 2000, 2023, 2024, 2100, 9999):
        for month, day in product(range(14), range(33)):
            text = f"{year:04}-{month:02}-{day:02}"
            assert (matches(text) is not None) is is_date(text), text


@pytest.mark.parametrize("name", ALL)
def test_null_fits_only_where_it_may(name: str) -> None:
    """No form's keywords let null pass by themselves."""
    assert not fits(ALL[name].json, None)
    assert fits(or_null(ALL[name].json), None)


# ---- entities


@frozen(weakref_slot=False)
class Tag:
    """Something small.

    It has a name.
    """

    name: str = member(default=NOTHING)
    odd: bool | Unset = member(wire="isOdd")


@frozen(weakref_slot=False)
class Thing:
    """A member of every kind."""

    born: str | None | Unset = member(form=DATE)
    gender: str | None | Unset = member(form=one_of(Gender))
    words: tuple[str, ...] | None | Unset = member()
    limit: str | int | float | None | Unset = member()
    seeding: Mapping[str, str | None] | None | Unset = member()
    fields: Mapping[str, Any] | Unset = member()
    tag: Tag | None | Unset = member()
    tags: tuple[Tag | Unset, ...] | Unset = member()
    told: str | None | Unset = member(read_only=True)


TAG: Final = {
    "type": "object",
    "description": "Something small.",
    "properties": {"name": {"type": "string"}, "isOdd": {"type": "boolean"}},
    "required": ["name"],
    "additionalProperties": True,
}


def test_a_member_of_every_kind() -> None:
    """The whole schema of an entity that does not depend on a definition."""
    assert json_schema(Thing) == {
        "type": "object",
        "description": "A member of every kind.",
        "properties": {
            "born": {"anyOf": [DATE.json, {"type": "string", "maxLength": 0}, {"type": "null"}]},
            "gender": {"type": ["string", "null"], "enum": ["M", "F", "O", "", None]},
            "words": {"type": ["array", "null"], "items": {"type": "string"}},
            "limit": {"type": ["string", "number", "null"]},
            "seeding": {
                "type": ["object", "null"],
                "additionalProperties": {"type": ["string", "null"]},
            },
            "fields": {"type": "object", "additionalProperties": True},
            "tag": {**TAG, "type": ["object", "null"]},
            "tags": {"type": "array", "items": TAG},
            "told": {"type": ["string", "null"], "readOnly": True},
        },
        "additionalProperties": True,
    }


def terms(project: Project) -> Any:
    """The terms of the forms of a project's members."""
    return schema_of(project, POLICY).definition


PROJECT: Final = Project(
    custom_fields=(
        CustomField("Height", "Decimal", minimum=0, maximum="2.50"),
        CustomField("Smoker", "Boolean"),
        CustomField("Arm", "Text", one_of=("A", "B")),
        CustomField("Code", "Text", pattern="[A-Z]{2}"),
        CustomField("Level", "Integer", one_of=("1", "02")),
        CustomField("Week", "Integer", pattern="[0-9]{2}"),
        CustomField("Seen", "Date"),
    )
)
PERSON: Final = json_schema(Participant, terms(PROJECT))
UNDECLARED: Final = json_schema(Participant, terms(Project()))
RIGHT: Final[list[dict[str, Any]]] = [
    {},
    {"id": None, "demographics": None, "customFields": None},
    {"excludeFromExport": True, "colour": "red"},
    {"demographics": {"gender": "M", "email": "kim@example.com", "dateOfBirth": "2000-02-29"}},
    {"demographics": {"gender": None, "height": 180}},
    {"demographics": {"gender": "", "dateOfBirth": "", "mobilePhone": ""}, "invitationStatus": ""},
    {"customFields": {"Height": "1.75", "Smoker": "TRUE", "Arm": "A", "Code": "XY", "Seen": "2000-02-29"}},
    {"customFields": {"Height": 1.75, "Smoker": False, "Arm": None, "Seen": None}},
    {"customFields": {"Height": "", "Smoker": "", "Arm": "", "Seen": ""}},
    {"customFields": {"Level": 1, "Week": 12}},
    {"customFields": {"Level": "02", "Week": "12"}},
]
WRONG: Final[list[dict[str, Any]]] = [
    {"id": 5},
    {"excludeFromExport": "true"},
    {"invitationStatus": "Pending"},
    {"demographics": []},
    {"demographics": {"gender": "m"}},
    {"demographics": {"dateOfBirth": "2001-02-29"}},
    {"demographics": {"utcOffset": "-4"}},
    {"demographics": {"email": "kim@example"}},
    {"demographics": {"mobilePhone": "telephone"}},
    {"customFields": {"Height": "tall"}},
    {"customFields": {"Height": 3}},
    {"customFields": {"Arm": "C"}},
    {"customFields": {"Code": "xy"}},
    {"customFields": {"Level": 2}},
    {"customFields": {"Level": True}},
    {"customFields": {"Level": "2"}},
    {"customFields": {"Week": "123"}},
    {"customFields": {"Week": 1.5}},
    {"customFields": {"Seen": "yesterday"}},
    {"customFields": {"Weight": 80}},
]


@pytest.mark.parametrize("payload", RIGHT, ids=str)
def test_right_payloads_of_a_project_fit(payload: dict[str, Any]) -> None:
    """Members may be left out or null, and others stand beside them; declared fields have their types."""
    assert fits(PERSON, payload)


@pytest.mark.parametrize("payload", WRONG, ids=str)
def test_wrong_payloads_of_a_project_do_not_fit(payload: dict[str, Any]) -> None:
    """Types, choices, dates, and the declarations of a project."""
    assert not fits(PERSON, payload)


@pytest.mark.parametrize(
    "declared", [{"type": "Text"}, {"type": "Integer"}, {"type": "Text", "oneOf": ["A"]}]
)
def test_a_required_field_is_not_cleared(declared: dict[str, Any]) -> None:
    """Neither null nor the empty text fits; an update may leave it out."""
    project = Project.from_json({"id": "P", "customFields": [{"name": "F", "required": True, **declared}]})
    schema = json_schema(Participant, terms(project))
    assert fits(schema, {"customFields": {}})
    assert fits(schema, {"customFields": {"F": 1 if declared["type"] == "Integer" else "A"}})
    assert not any(fits(schema, {"customFields": {"F": value}}) for value in (None, ""))


def test_undeclared_custom_fields() -> None:
    """Where a project declares no fields, any may stand; where it declares that there are none, none may."""
    payload = {"customFields": {"Weight": 80, "on tour": "yes"}}
    assert fits(UNDECLARED, payload)
    assert not fits(json_schema(Participant, terms(Project(custom_fields=()))), payload)


def test_what_only_a_server_sets() -> None:
    """It is marked, and stands in the schema since answers have it."""
    marked = [name for name, schema in PERSON["properties"].items() if schema.get("readOnly")]
    assert marked == [
        "enrolled",
        "enrollmentDate",
        "withdrawDate",
        "insertedDate",
        "linkIdentifier",
        "addedToSegmentDate",
    ]


@pytest.mark.parametrize(
    "payload", [*RIGHT, {"customFields": {"Weight": 80}}, {"customFields": {"Height": "tall"}}], ids=str
)
def test_without_a_definition(payload: dict[str, Any]) -> None:
    """Members that depend on a definition are left open."""
    assert fits(json_schema(Participant), payload)
