"""The participant that results from a row."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import UNSET, project
from participant_rules.project.merge import changes_nothing, merge, shows_change
from participant_rules.project.model import SECONDARY, Demographics, Participant, Stored
from participant_rules.project.wire import read_stored

EMAIL, PHONE = "Kim@Example.com", "(212) 555-0123"
STORED = Participant(
    id="1",
    enrolled=True,
    participant_identifier="A-1",
    demographics=Demographics(email=EMAIL, mobile_phone=PHONE, city="Oslo ", extras={"old": 1}),
    custom_fields={"Smoker": 1, "Note": "x"},
)


def case_of(asked: Participant, stored: Participant | None = STORED) -> project.Case:
    """An update of the stored participant, or an addition."""
    known = project.Known(project.Project(id="P"), (Stored(stored, 1),) if stored else ())
    return project.Case.of(project.Change(project.Operation.PUT, "P", asked=asked), known)


def merged(asked: Participant, stored: Participant | None = STORED) -> Participant:
    """The result of an update of the stored participant, or of an addition."""
    return merge(case_of(asked, stored))


def test_a_new_participant_has_no_blank_values() -> None:
    """Nulls and blanks store nothing, and members that are not documented are not kept."""
    demographics = Demographics(email=EMAIL, city=" ", state=None, extras={"new": 1})
    asked = Participant(
        participant_identifier="A-2",
        invitation_status=None,
        demographics=demographics,
        custom_fields={"Smoker": 0, "Note": "", "Else": None},
        institution_code="North",
    )
    made = merged(asked, None)
    assert (made.demographics, made.custom_fields) == (Demographics(email=EMAIL), {"Smoker": 0})
    assert isinstance(made.demographics, Demographics)
    assert made.demographics.extras == {}
    assert (made.participant_identifier, made.institution_code) == ("A-2", "North")
    assert (made.invitation_status, made.enrolled, made.exclude_from_export) == (UNSET, False, False)
    assert merged(Participant(institution_code=" "), None).institution_code is UNSET


@pytest.mark.parametrize(
    "asked",
    [
        {"demographics": Demographics(city=" Oslo", state=None), "custom_fields": {"Smoker": 1, "New": ""}},
        {"demographics": Demographics(email="kim@example.com", mobile_phone="+1 212 555 0123")},
        {"demographics": None, "custom_fields": None, "invitation_status": None},
    ],
)
def test_equal_values_leave_the_stored_participant(asked: dict[str, Any]) -> None:
    """White space at the ends, nulls of nothing, and for an enrolled one another spelling of a key."""
    assert merged(Participant(participant_identifier="A-1", **asked)) is STORED


def test_an_update_changes_what_differs() -> None:
    """Null clears, left out members stay, and so do stored undocumented members."""
    asked = Participant(
        participant_identifier="A-1",
        demographics=Demographics(mobile_phone=None, city="Bergen"),
        custom_fields={"Note": "", "New": [1]},
        secondary_identifier="S",
    )
    changed = merged(asked)
    assert changed.demographics == Demographics(email=EMAIL, city="Bergen")
    assert isinstance(changed.demographics, Demographics)
    assert changed.demographics.extras == {"old": 1}
    assert changed.custom_fields == {"Smoker": 1, "New": [1], SECONDARY: "S"}
    assert changed.id == "1"


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ({}, False),
        ({"demographics": None}, False),
        ({"demographics": {"city": " Oslo", "state": None, "name": "x"}}, False),
        ({"demographics": {"email": EMAIL, "mobilePhone": "2125550123"}}, None),
        ({"demographics": {"email": "KIM@example.com"}}, None),
        ({"demographics": {"email": "other@example.com"}}, None),
        ({"demographics": {"city": "Bergen"}}, True),
        ({"demographics": {"city": None}}, True),
        ({"demographics": {"email": "KIM@example.com", "state": "X"}}, True),
        ({"participantIdentifier": "A-1", "institutionCode": "", "invitationStatus": None}, False),
        ({"institutionCode": "X"}, None),
        ({"excludeFromExport": None}, False),
        ({"excludeFromExport": False}, None),
        ({"customFields": {"Smoker": 1, "None": None}}, False),
        ({"customFields": {"Smoker": True}}, None),
        ({"customFields": {"Smoker": 1.0}}, None),
        ({"customFields": {"Note": ""}}, None),
        ({"id": "1", "participantIdentifier": "A-1"}, False),
        ({"id": "1", "participantIdentifier": "A-2"}, None),
        ({"secondaryIdentifier": None}, None),
    ],
    ids=repr,
)
def test_what_a_body_shows_alone(body: dict[str, Any], changes: bool | None) -> None:
    """Another text of a demographic that is not unique is a change, and values that are stored are none."""
    assert shows_change(body, STORED) is changes


_TEXTS = st.sampled_from([None, "", " ", "x", " x", "y"])
_BODIES = st.fixed_dictionaries(
    {"participantIdentifier": st.just("A-1")},
    optional={
        "id": st.just("1"),
        "secondaryIdentifier": _TEXTS,
        "invitationStatus": _TEXTS,
        "institutionCode": _TEXTS,
        "excludeFromExport": st.sampled_from([None, True, False]),
        "demographics": st.none()
        | st.fixed_dictionaries(
            {},
            optional={"city": _TEXTS, "state": _TEXTS, "name": _TEXTS}
            | {"email": st.sampled_from([None, EMAIL, EMAIL.lower(), "other@example.com"])}
            | {"mobilePhone": st.sampled_from([None, PHONE, "+12125550123", "+12125550199"])},
        ),
        "customFields": st.none()
        | st.dictionaries(
            st.sampled_from(["A", "B", SECONDARY]), st.sampled_from([None, "", "x", 0, 1, 1.0, True, [1]])
        ),
    },
)


@given(stored=_BODIES, enrolled=st.booleans(), body=_BODIES)
def test_what_a_body_shows_alone_is_what_the_merge_makes(
    stored: dict[str, Any], enrolled: bool, body: dict[str, Any]
) -> None:
    """A body that shows a change makes another participant, one that shows none leaves it as it is."""
    before = read_stored(stored | {"id": "1", "enrolled": enrolled}, project.Project(id="P"))
    asked = project.read(body, project="P").asked
    assert isinstance(asked, Participant)
    assert shows_change(body, before) in (None, merged(asked, before) is not before)


@pytest.mark.parametrize(
    ("asked", "nothing"),
    [
        ({}, True),
        ({"demographics": Demographics(email="kim@example.com")}, True),
        ({"demographics": Demographics(email="other@example.com")}, False),
        ({"demographics": Demographics(email=None)}, False),
        ({"demographics": Demographics(city="Bergen")}, False),
        ({"invitation_status": None}, True),
        ({"invitation_status": "pending"}, False),
        ({"institution_code": " "}, True),
        ({"institution_code": "X"}, False),
        ({"exclude_from_export": False}, True),
        ({"exclude_from_export": None}, True),
        ({"exclude_from_export": True}, False),
        ({"custom_fields": {"Smoker": 1, "None": None}}, True),
        ({"custom_fields": {"Smoker": True}}, False),
        ({"custom_fields": {"Smoker": 1.0}}, False),
        ({"custom_fields": {"Note": None}}, False),
        ({"secondary_identifier": None}, True),
        ({"secondary_identifier": "S"}, False),
        ({"id": "1", "participant_identifier": "A-1"}, True),
        ({"id": "1", "participant_identifier": "A-2"}, False),
    ],
)
def test_whether_an_update_changes_something(asked: dict[str, Any], nothing: bool) -> None:
    """It is found out without the participant that results, and holds of that."""
    case = case_of(Participant(**{"participant_identifier": "A-1"} | asked))
    assert changes_nothing(case) is nothing
    assert (merge(case) is STORED) is nothing


def test_who_is_added_is_a_change() -> None:
    """An addition with nothing in it changes something."""
    assert changes_nothing(case_of(Participant(participant_identifier="A-2"))) is False


def test_another_spelling_before_enrolment() -> None:
    """It is stored, and so is an update."""
    stored = Participant(id="1", participant_identifier="A-1", demographics=Demographics(email=EMAIL))
    case = case_of(
        Participant(participant_identifier="A-1", demographics=Demographics(email="kim@example.com")), stored
    )
    assert changes_nothing(case) is False
    assert merge(case).demographics == Demographics(email="kim@example.com")


def test_nulls_that_are_stored_stay() -> None:
    """A custom field is gone where the body clears it, and nowhere else."""
    stored = Participant(
        id="1", participant_identifier="A-1", custom_fields={"None": None, "Blank": "", "x": 1}
    )
    changed = merged(Participant(participant_identifier="A-1", custom_fields={"x": 2}), stored)
    assert changed.custom_fields == {"None": None, "Blank": "", "x": 2}
