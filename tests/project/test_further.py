"""Members that the page does not document are kept and answered like the others."""

from typing import Any

import pytest

from participant_rules import project
from participant_rules.memory import MemoryProjects
from participant_rules.project import merge, wire
from participant_rules.project.model import Participant
from participant_rules.schema.further import Further

ID = "3a713a06-295d-4803-9602-776f09a1483b"
STORED: dict[str, Any] = {
    "id": ID,
    "participantIdentifier": "A",
    "institutionCode": "I",
    "excludeFromExport": True,
}


def answer(body: dict[str, Any]) -> Any:
    """The answer after an update; of somebody new without what is drawn."""
    store = MemoryProjects.from_json([{"id": "P", "participants": [STORED]}])
    decision = project.Registrar(store).put(project.read(body, project="P"))
    assert decision.result is not None
    answered = wire.answer(decision.result)
    return decision.action, {**answered, "id": "", "insertedDate": ""}


@pytest.mark.parametrize(
    "body",
    [
        {"participantIdentifier": "A", "institutionCode": "J", "excludeFromExport": False},
        {"participantIdentifier": "A", "institutionCode": " I ", "excludeFromExport": True},
        {"participantIdentifier": "A", "institutionCode": ""},
        {"participantIdentifier": "B", "institutionCode": "J", "excludeFromExport": True},
        {"participantIdentifier": "B"},
    ],
)
def test_as_documented_ones(body: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Documented members that go as further ones change as before."""
    expected = answer(body)
    documented = [
        *("id", "enrolled", "participant_identifier", "secondary_identifier", "invitation_status"),
        *("enrollment_date", "withdraw_date", "inserted_date", "link_identifier", "added_to_segment_date"),
    ]
    for module in (merge, wire):
        monkeypatch.setattr(module, "OF_PARTICIPANT", Further.beside(Participant, *documented))
    action, answered = answer(body)
    assert (action, {**answered, "institutionCode": answered["institutionCode"] or ""}) == expected
