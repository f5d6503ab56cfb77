"""Members that the page does not document are kept, answered and missed like the others."""

from typing import Any

import pytest

from participant_rules import survey
from participant_rules.memory import MemorySurveys
from participant_rules.schema.further import Further
from participant_rules.survey import omission, result, wire
from participant_rules.survey.model import InvitationSection, LoginSection, Participant, Subject

DEFINITION: dict[str, Any] = {
    "id": "S",
    "invited": True,
    "loggedOn": True,
    "group": True,
    "interviewers": None,
    "importState": None,
    "fixedSubjects": False,
}
STORED: dict[str, Any] = {
    "invitationSection": {"emailAddress": "a@example.com", "optedOut": True},
    "loginSection": {
        "login": "Ann",
        "password": "x",
        "status": "Started",
        "subjects": [{"subjectName": "One", "status": "Done"}],
    },
    "enabled": True,
}
LEFT_OUT: dict[str, Any] = {
    "invitationSection": {},
    "loginSection": {"login": "Ann", "interviewer": None, "subjects": [{"subjectName": "One"}]},
}
SENT: dict[str, Any] = {
    "invitationSection": {"emailAddress": "b@example.com", "sendInvitations": True},
    "loginSection": {
        "login": "Ann",
        "password": "y",
        "interviewer": None,
        "subjects": [{"subjectName": "Two"}],
    },
    "enabled": False,
}


def answers(body: dict[str, Any], operation: str) -> tuple[Any, Any, Any]:
    """The violations and warnings, the answer, and the differences."""
    store = MemorySurveys.from_json([DEFINITION | {"participants": [STORED]}])
    registrar = survey.Registrar(store)
    asked = survey.read(body)
    decision = registrar.update("S", "Ann", asked) if operation == "update" else registrar.add("S", asked)
    assert decision.result is not None
    found = sorted((each.code, each.pointer or "") for each in (*decision.violations, *decision.warnings))
    answer = wire.answer(decision.result, decision.case.survey, survey.Caller())
    return found, answer, decision.changes


@pytest.mark.parametrize(
    ("body", "operation"),
    [
        (LEFT_OUT, "update"),
        (SENT, "update"),
        (SENT | {"loginSection": {**SENT["loginSection"], "login": "Bo"}}, "add"),
    ],
)
def test_as_documented_ones(body: dict[str, Any], operation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documented members that go as further ones are treated as before."""
    expected = answers(body, operation)
    further = {
        "OF_PARTICIPANT": Further.beside(Participant, "enabled"),
        "OF_INVITATION": Further.beside(InvitationSection),
        "OF_LOGIN": Further.beside(LoginSection, "login", "interviewer"),
        "OF_SUBJECT": Further.beside(Subject),
    }
    assert further["OF_PARTICIPANT"] is None
    for module in (omission, result, wire):
        for name, members in further.items():
            if members is not None:
                monkeypatch.setattr(module, name, members)
    found, answer, changes = answers(body, operation)
    assert sorted(set(found)) == expected[0]
    assert (answer, changes) == expected[1:]


class _Note:
    """A further member of a participant."""

    def answered(self, _entity: Any) -> dict[str, Any]:
        """It has a value."""
        return {"note": "x"}

    def written(self, _asked: Any, _stored: Any) -> dict[str, Any]:
        """It is written elsewhere."""
        return {}

    def omitted(self, _asked: Any, _stored: Any) -> list[str]:
        """It is always left out."""
        return ["note"]


def test_a_member_of_the_participant_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is answered and missed too."""
    expected = answers(SENT, "update")
    for module in (omission, result, wire):
        monkeypatch.setattr(module, "OF_PARTICIPANT", _Note())
    found, answer, _ = answers(SENT, "update")
    assert found == sorted([*expected[0], ("reset-by-omission", "/note")])
    assert answer == {**expected[1], "note": "x"}
