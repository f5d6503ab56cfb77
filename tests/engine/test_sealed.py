"""Sealed entities have the read values, and raise for others."""

from typing import Any

import pytest

from participant_rules.engine.sealed import builder_of
from participant_rules.engine.slots import State
from participant_rules.schema.entity import Sealed
from participant_rules.schema.reads import Read, state, value
from participant_rules.schema.tree import Schema
from participant_rules.unset import UNREADABLE, UNSET
from tests.engine.entities import Definition, InvitationSection, LoginSection, Participant, Subject

SCHEMA = Schema(Participant, Definition())
SECTION, LOGIN = state("loginSection"), value("loginSection.login")
NAMES = value("loginSection.subjects[].subjectName")
KINDS = value("loginSection.subjects[].kind")


def sealed(values: dict[Read, Any]) -> Participant:
    """The entity of these values."""
    made = builder_of(SCHEMA, list(values))([*values.values()])
    assert isinstance(made, Participant)
    return made


def test_what_was_read_is_there() -> None:
    """Members of the entity, and of its sections that are there."""
    made = sealed({value("enabled"): True, SECTION: State.PLAIN, LOGIN: "kim"})
    assert made.enabled is True
    assert isinstance(made.login_section, LoginSection)
    assert made.login_section.login == "kim"


@pytest.mark.parametrize(
    ("found", "expected"),
    [(State.ABSENT, UNSET), (State.NULL, None), (State.UNREADABLE, UNREADABLE)],
    ids=str,
)
def test_a_section_that_is_not_there(found: State, expected: object) -> None:
    """It is as in the payload."""
    assert sealed({SECTION: found, LOGIN: UNSET}).login_section is expected


def test_the_elements_of_a_list() -> None:
    """Each has its read values; one of the wrong type has the mark of that."""
    made = sealed(
        {SECTION: State.PLAIN, NAMES: ("A", State.UNREADABLE, None), KINDS: ("x", State.UNREADABLE, UNSET)}
    )
    assert isinstance(made.login_section, LoginSection)
    subjects = made.login_section.subjects
    assert isinstance(subjects, tuple)
    first, second, third = subjects
    assert second is UNREADABLE
    assert isinstance(first, Subject)
    assert isinstance(third, Subject)
    assert [(each.subject_name, each.kind) for each in (first, third)] == [("A", "x"), (None, UNSET)]


@pytest.mark.parametrize("found", [UNSET, None, UNREADABLE], ids=repr)
def test_a_list_that_is_not_there(found: object) -> None:
    """It is as in the payload."""
    made = sealed({SECTION: State.PLAIN, NAMES: found})
    assert isinstance(made.login_section, LoginSection)
    assert made.login_section.subjects is found


def test_what_was_not_read_is_withheld() -> None:
    """Wherever it stands; the error has its name, and no personal data."""
    made = sealed({SECTION: State.PLAIN, LOGIN: "kim", NAMES: ("A",)})
    section: Any = made.login_section
    for owner, name in (
        (made, "enabled"),
        (made, "invitation_section"),
        (made, "extras"),
        (section, "password"),
        (section.subjects[0], "questionnaire_seeding"),
    ):
        with pytest.raises(Sealed) as withheld:
            getattr(owner, name)
        assert (withheld.value.owner, withheld.value.name) == (type(owner).__name__, name)
        assert "kim" not in str(withheld.value)


def test_an_unread_section_is_withheld() -> None:
    """A state says that it is there, and no more."""
    made = sealed({state("invitationSection"): State.PLAIN})
    assert isinstance(made.invitation_section, InvitationSection)
    with pytest.raises(Sealed, match="opted_out"):
        _ = made.invitation_section.opted_out


def test_what_is_no_attribute_is_none() -> None:
    """A slip of the pen is no question."""
    nothing: Any = sealed({})
    with pytest.raises(AttributeError, match="surname"):
        _ = nothing.surname
