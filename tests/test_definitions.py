"""Definitions of surveys and projects, read strictly."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from participant_rules import project, survey
from participant_rules.definitions import parsed
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.wire import Malformed

SURVEY: dict[str, Any] = {"id": "S1", "invited": True, "loggedOn": True, "group": False}


def wrong(family: Any, data: object) -> str:
    """The error of a definition."""
    with pytest.raises(Malformed) as malformed:
        family.from_json(data)
    return str(malformed.value)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("customfields", "customFields"),
        ("defaultregion", "defaultRegion"),
        ("partcipants", "participants"),
        ("segment", "segments"),
        ("linkIdentifer", "linkIdentifiers"),
    ],
)
def test_the_nearest_member_of_a_project(name: str, nearest: str) -> None:
    """A misspelt member is named, and the one that was meant."""
    assert wrong(project.Project, {"id": "P1", name: []}) == (
        f"project: /{name} The member is unknown; the nearest known one is {nearest}."
    )


def test_every_depth_and_every_fault() -> None:
    """All faults are named at once: unknown members at every depth, and values of a wrong type."""
    variables = [{"variableId": "V1", "oneOf": ["1"], "codes": [{"codevalue": "1", "codeValue": 1}]}]
    assert wrong(survey.Survey, SURVEY | {"variables": variables, "fixedsubjects": True}) == (
        "survey: /variables/0/codes/0/codeValue The value must be a string.; "
        "/variables/0/oneOf The member is unknown; known are variableId, responseType, codes.; "
        "/variables/0/codes/0/codevalue The member is unknown; the nearest known one is codeValue.; "
        "/fixedsubjects The member is unknown; the nearest known one is fixedSubjects."
    )
    segments = [{"segmentID": "S", "members": [{"id": "1", "added": ""}]}]
    assert wrong(
        project.Project, {"segments": segments, "customFields": [{"name": "a", "type": "text"}]}
    ) == (
        "project: /segments/0/members/0/added The member is unknown; the nearest known one is addDate.; "
        "/customFields/0/type The value must be one of Text, Integer, Decimal, Date, Boolean. (a)"
    )


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("Required", "required"),
        ("oneof", "oneOf"),
        ("regex", "known are name, type, required, oneOf, pattern, minimum, maximum, unique, immutable"),
        ("patern", "pattern"),
        ("minimun", "minimum"),
        ("maxmum", "maximum"),
        ("uniqe", "unique"),
        ("imutable", "immutable"),
    ],
)
def test_the_nearest_member_of_a_custom_field(name: str, nearest: str) -> None:
    """The hint is that of a field's limits, too."""
    declared = {"name": "a", "type": "Text", "oneOf": ["x"], "pattern": "x", name: True}
    near = nearest if " " in nearest else f"the nearest known one is {nearest}"
    assert wrong(project.Project, {"customFields": [declared]}) == (
        f"project: /customFields/0/{name} The member is unknown; {near}."
    )


@pytest.mark.parametrize("kind", ["single", "Singel", "Mutiple", "multiple "])
def test_a_response_type_that_is_misspelt(kind: str) -> None:
    """The variable would have no codes; other types have none."""
    meant = "Single" if kind[0].lower() == "s" else "Multiple"
    kinds = enumerate(["Single", "Quantity", None, kind])
    variables = [{"variableId": f"V{number}", "responseType": each} for number, each in kinds]
    assert wrong(survey.Survey, SURVEY | {"variables": variables}) == (
        f"survey: /variables/3/responseType The value is unknown; the nearest known one is {meant}."
    )


def test_values_that_cannot_be() -> None:
    """A state of an import that there is not would refuse everything, an unknown region every number."""
    assert wrong(survey.Survey, SURVEY | {"importState": "done"}) == (
        "survey: /importState The value must be scheduled or running, or null."
    )
    for state in ("scheduled", "running", None):
        assert survey.Survey.from_json(SURVEY | {"importState": state}).import_state == state
    for region in ("UK", "gb", "", "US "):
        assert wrong(project.Project, {"defaultRegion": region}) == (
            "project: /defaultRegion The value must be a region of phone numbers, such as US or GB."
        )
    assert project.Project.from_json({"defaultRegion": "GB"}).default_region == "GB"


def test_a_field_that_is_declared_twice() -> None:
    """One of the two would do nothing."""
    fields = [{"name": "a", "type": "Text"}, {"name": "A", "type": "Date"}, {"name": "a", "type": "Date"}]
    assert wrong(project.Project, {"customFields": fields}) == (
        "project: /customFields/2/name The name is declared twice."
    )


def test_a_variable_that_is_declared_twice() -> None:
    """Seeding keys compare without regard to case, and so do the variables that they name."""
    variables = [{"variableId": each} for each in ("V1", "V2", "v1")]
    assert wrong(survey.Survey, SURVEY | {"variables": variables}) == (
        "survey: /variables/2/variableId The variable is declared twice."
    )


def test_an_object_in_the_place_of_a_list() -> None:
    """Its members have no errors: they are none of a definition's."""
    assert wrong(survey.Survey, SURVEY | {"variables": {"V1": {}}}) == (
        "survey: /variables The value must be a list."
    )


def test_what_a_custom_field_cannot_be() -> None:
    """Each wrong field is named, with its name, line and column."""
    text = """{"customFields": [
  {"name": "a", "type": "Boolean", "required": true, "unique": false, "immutable": true},
  {"name": "b", "type": "Integer", "minimum": 2, "maximum": 1},
  {"name": "c", "type": "Text", "pattern": "("}]}"""
    assert wrong(project.Project, text) == (
        "project: /customFields/1/minimum (line 3, column 36) The value must not be above the maximum. (b); "
        "/customFields/2/pattern (line 4, column 33) The value must be a regular expression without "
        "look-around and back-references. (c)"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"\xff", "survey: the text is not UTF-8 (at byte 0)"),
        ("[]", "survey: / The value must be an object."),
        ('{"id":\n "S1",}', "survey: (line 2, column 7) The text is not JSON."),
        ("[" * 70, "survey: (line 1, column 71) The text nests deeper than 64 levels."),
        ("[" * 70 + "]" * 70, "survey: / The text nests deeper than 64 levels."),
        ('{"id": 1e999}', "survey: /id (line 1, column 2) The number is not finite."),
        (
            '\ufeff{"id": "S", "invited": true, "loggedOn": true, "group": true, "groups": 1}',
            "survey: /groups (line 1, column 63) The member is unknown; the nearest known one is group.",
        ),
        (
            b'{"id": "S", "invited": true, "loggedOn": true,\n\t"group": null}',
            "survey: /group (line 2, column 2) The value must be true or false.",
        ),
    ],
)
def test_lines_and_columns(text: str | bytes, found: str) -> None:
    """Faults of a definition's text, and of its members, name line and column."""
    assert wrong(survey.Survey, text) == found


def test_what_is_no_json_at_all() -> None:
    """A number that Python does not turn into an int has no place."""
    with pytest.raises(Malformed, match=r"^given: / The number is not finite\.$"):
        parsed("9" * 5000, "given")


def test_the_vendors_own_answers() -> None:
    """Members of the vendor's answers may stay; a text is read like its value."""
    variable = {"variableId": "V1", "label": "a", "name": "Q1", "order": 1, "codeCount": 1}
    codes = [{"codeIndex": 1, "codeValue": "1", "codeLabel": "One"}]
    known = survey.Survey.from_json(
        SURVEY | {"name": "A", "ownerId": "O", "variables": [variable | {"codes": codes}]}
    )
    assert known == survey.Survey(
        id="S1",
        invited=True,
        logged_on=True,
        group=False,
        variables=(survey.Variable("V1", codes=(survey.Code("1", "One"),)),),
    )
    assert project.Project.from_json('{"id": "P1", "name": "A project"}') == project.Project(id="P1")


def test_stored_participants_have_their_place() -> None:
    """A fault of stored data has its place."""
    participants = [{}, {"demographics": {"email": 1}}]
    with pytest.raises(Malformed, match=r"^participant: /participants/1/demographics/email The value"):
        MemoryProjects.from_json([{"id": "P1", "participants": participants}])
    with pytest.raises(Malformed, match=r"^participant: /participants/0/enabled The value"):
        MemorySurveys.from_json([SURVEY | {"participants": [{"enabled": 1}]}])
    with pytest.raises(Malformed, match=r"^definition: /participants The value must be a list"):
        MemoryProjects.from_json([{"id": "P1", "participants": {}}])


def test_an_error_without_a_place_stays_as_it_is() -> None:
    """There is nothing to put a place before."""
    wrong = Malformed("participants: two have the same id")
    assert wrong.within("projects", 0) is wrong
    assert Malformed.of("a", [("/b", "C.")]).within("d", 0).faults == (("/d/0/b", "C."),)


def test_what_was_understood_is_shown() -> None:
    """A repr has the known members; interviewers are people, and counted."""
    fields = [{"name": "Site", "type": "Text"}]
    assert repr(project.Project.from_json({"id": "P1", "customFields": fields})) == (
        "Project(id='P1', custom_fields=(CustomField(name='Site', type='Text'),), default_region='US')"
    )
    given = SURVEY | {"interviewers": ["a@example.com"], "variables": [{"variableId": "V1", "codes": []}]}
    assert repr(survey.Survey.from_json(given)) == (
        "Survey(id='S1', invited=True, logged_on=True, group=False, interviewers=<1>, "
        "variables=(Variable(variable_id='V1', codes=()),), fixed_subjects=True)"
    )
    assert "interviewers=None" in repr(survey.Survey.from_json(SURVEY | {"interviewers": None}))


@pytest.mark.parametrize(
    ("family", "data"),
    [
        (survey.Survey, SURVEY),
        (project.Project, {"id": "P", "customFields": [{"name": "N", "type": "Integer", "minimum": 1}]}),
    ],
)
def test_a_definition_that_is_read_again(family: Any, data: dict[str, Any]) -> None:
    """It is the same object, whatever stands beside it; so it is compiled once."""
    first = family.from_json(data)
    assert first is family.from_json(data | {"participants": []})
    assert first is not family.from_json(data | {"id": "another"})


def test_numbers_of_other_types_make_other_definitions() -> None:
    """They are written as they were given."""
    fields = [
        {"id": "P", "customFields": [{"name": "N", "type": "Decimal", "minimum": least}]}
        for least in (1, 1.0)
    ]
    saved = [project.Project.from_json(each).to_json()["customFields"][0]["minimum"] for each in fields]
    assert [*map(repr, saved)] == ["1", "1.0"]


def test_a_tuple_is_no_list() -> None:
    """Nothing is coerced on the way to a definition that was read before."""
    fields = [{"name": "N", "type": "Text"}]
    project.Project.from_json({"id": "P", "customFields": fields})
    assert wrong(project.Project, {"id": "P", "customFields": tuple(fields)}) == (
        "project: /customFields The value is of the type tuple, which JSON does not have."
    )


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ({"id": UUID(int=1)}, "/id The value is of the type UUID, which JSON does not have."),
        (
            {"customFields": [{"name": "a", "type": "Date", "minimum": date(2020, 1, 1)}]},
            "/customFields/0/minimum The value is of the type date, which JSON does not have.",
        ),
        (
            {"customFields": [{"name": "a", "type": "Decimal", "minimum": float("nan")}]},
            "/customFields/0/minimum The number is not finite.",
        ),
        ({"id": "a\0"}, "/id The text has a lone surrogate or a NUL character."),
        (Path("project.json"), "/ The value is of the type PosixPath, which JSON does not have."),
        (project.Project(id="P1"), "/ The value is of the type Project, which JSON does not have."),
    ],
)
def test_a_value_of_a_program(definition: object, said: str) -> None:
    """The error has its type."""
    assert wrong(project.Project, definition) == f"project: {said}"


FIELD = project.CustomField("Site", "Text")


@pytest.mark.parametrize(
    ("construct", "said"),
    [
        (
            lambda: project.Project(custom_fields=[FIELD]),  # type: ignore[arg-type]
            "Project.custom_fields: a tuple of CustomField or None is due, not a value of the type list",
        ),
        (
            lambda: project.Project(custom_fields=(FIELD, {"name": "a"})),  # type: ignore[arg-type]
            (
                "Project.custom_fields: a tuple of CustomField or None is due,"
                " not a tuple with a value of the type dict"
            ),
        ),
        (
            lambda: project.CustomField("a", "Text", one_of="xyz"),  # type: ignore[arg-type]
            "CustomField.one_of: a tuple of strings or None is due, not a value of the type str",
        ),
        (
            lambda: project.CustomField("a", "Text", required=1),  # type: ignore[arg-type]
            "CustomField.required: true or false is due, not a value of the type int",
        ),
        (
            lambda: survey.Survey(invited=True, logged_on=True, group=True, questionnaire_seeding=["V1"]),  # type: ignore[arg-type]
            "Survey.questionnaire_seeding: a tuple of strings or None is due, not a value of the type list",
        ),
        (
            lambda: survey.Code(1),  # type: ignore[arg-type]
            "Code.code_value: a string is due, not a value of the type int",
        ),
        (
            lambda: survey.Caller(manages_interviewers="no"),  # type: ignore[arg-type]
            "Caller.manages_interviewers: true or false is due, not a value of the type str",
        ),
    ],
)
def test_a_constructor_with_a_value_of_another_type(construct: Callable[[], object], said: str) -> None:
    """A list of seeding keys, for one, would let every variable be seeded."""
    with pytest.raises(TypeError) as error:
        construct()
    assert str(error.value).endswith(said)


def test_a_constructor_with_a_value_that_cannot_be() -> None:
    """It is refused as it is in a text, with the place."""
    with pytest.raises(Malformed) as malformed:
        project.Project(default_region="UK", custom_fields=(project.CustomField("a", "text"),))
    assert str(malformed.value) == (
        "project: /defaultRegion The value must be a region of phone numbers, such as US or GB.; "
        "/customFields/0/type The value must be one of Text, Integer, Decimal, Date, Boolean. (a)"
    )
    with pytest.raises(Malformed, match="minimum The value must be one of the type Decimal"):
        project.Project(custom_fields=(project.CustomField("a", "Decimal", minimum=float("nan")),))
    with pytest.raises(Malformed, match=r"^survey: /importState The value must be scheduled or running"):
        survey.Survey(invited=True, logged_on=True, group=True, import_state="done")
