"""Payloads as they are judged and sent."""

import pytest

from participant_rules.calling import as_json
from participant_rules.project import Participant
from participant_rules.unset import UNREADABLE


def test_entities_in_a_list() -> None:
    """Each is the object that it was read of; JSON values stay."""
    assert as_json([Participant(participant_identifier="A"), {"id": "1"}, 7]) == [
        {"participantIdentifier": "A"}, {"id": "1"}, 7
    ]  # fmt: skip


def test_an_entity_that_could_not_be_read() -> None:
    """Its content is not known, so it cannot be sent."""
    with pytest.raises(ValueError, match=r"^a value of the entity could not be read$"):
        as_json(Participant(invitation_status=UNREADABLE))
