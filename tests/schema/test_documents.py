"""An entity as the JSON object that it was read of."""

from datetime import date
from typing import Any

import pytest

from participant_rules import project, survey
from participant_rules.project.model import Participant
from participant_rules.schema.documents import document_of
from participant_rules.unset import UNREADABLE

PERSON: dict[str, Any] = {
    "id": "1",
    "participantIdentifier": "A",
    "demographics": {"email": "kim@example.com", "city": None, "shoeSize": 7},
    "customFields": {"Smoker": 1, "Odd": [{"deep": [1]}]},
    "excludeFromExport": True,
    "enrolled": True,
    "colour": {"name": "red"},
}
SENT: dict[str, Any] = {
    "invitationSection": None,
    "loginSection": {
        "login": "kim",
        "subjects": [{"subjectName": "", "questionnaireSeeding": {"v1": "2"}, "status": "x"}],
        "odd": 1,
    },
}


def test_what_was_read_is_written() -> None:
    """With every sent member, undocumented and unread ones among them."""
    change = project.wire.change_of(PERSON, project.Operation.PUT, "P")
    assert document_of(change.asked, stored=False) == PERSON
    sent = survey.wire.change_of(survey.Change(survey.Operation.ADD, "S"), SENT)
    assert document_of(sent.asked, stored=False) == SENT


def test_what_is_read_only() -> None:
    """It is there where a store's entities are written."""
    stored = project.wire.read_stored(PERSON, project.Project(id="P"))
    assert document_of(stored, stored=True) == PERSON
    assert "enrolled" not in (document_of(stored, stored=False) or {})


@pytest.mark.parametrize(
    "entity",
    [
        Participant(invitation_status=UNREADABLE),
        Participant(demographics=UNREADABLE),
        Participant(custom_fields={"a": UNREADABLE}),
        survey.Participant(login_section=survey.LoginSection(subjects=(UNREADABLE,))),
    ],
    ids=range(4),
)
def test_a_value_that_could_not_be_read(entity: object) -> None:
    """Its content is unknown."""
    assert document_of(entity, stored=False) is None


def test_values_of_other_classes() -> None:
    """A list for a tuple has its elements written too; a value that is no entity stays as it is."""
    subjects: Any = [survey.Subject(subject_name="a")]
    sent = survey.Participant(login_section=survey.LoginSection(subjects=subjects))
    assert document_of(sent, stored=False) == {"loginSection": {"subjects": [{"subjectName": "a"}]}}
    day: Any = date(2026, 1, 2)
    assert document_of(Participant(invitation_status=day), stored=False) == {"invitationStatus": day}
