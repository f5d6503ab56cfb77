"""The participant that results from a row."""

from typing import Any

import pytest

from participant_rules import UNSET, project
from participant_rules.project.merge import merge
from participant_rules.project.model import SECONDARY, Demographics, Participant, Stored

EMAIL, PHONE = "Kim@Example.com", "(212) 555-0123"
STORED = Participant(
    id="1",
    enrolled=True,
    participant_identifier="A-1",
    demographics=Demographics(email=EMAIL, mobile_phone=PHONE, city="Oslo ", extras={"old": 1}),
    custom_fields={"Smoker": 1, "Note": "x"},
)


def merged(asked: Participant, stored: Participant | None = STORED) -> Participant:
    """What an update of the stored participant, or an addition, leaves."""
    known = project.Known(project.Project(id="P"), (Stored(stored, 1),) if stored else ())
    change = project.Change(project.Operation.PUT, "P", asked=asked)
    return merge(project.Case.of(change, known))


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


@pytest.mark.parametrize(
    "asked",
    [
        {"demographics": Demographics(city=" Oslo", state=None), "custom_fields": {"Smoker": 1, "New": ""}},
        {"demographics": Demographics(email="kim@example.com", mobile_phone="+1 212 555 0123")},
        {"demographics": None, "custom_fields": None, "invitation_status": None},
    ],
)
def test_equal_values_leave_the_stored_participant(asked: dict[str, Any]) -> None:
    """White space at the ends, nulls of nothing, and for who has enrolled another spelling of a key."""
    assert merged(Participant(participant_identifier="A-1", **asked)) is STORED


def test_an_update_changes_what_differs() -> None:
    """What is null is cleared, what is left out stays, and so do undocumented members that are stored."""
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
