"""The changes of a decision are the differences of Get Participant before and after the call."""

from collections.abc import Callable
from typing import Any

from participant_rules import survey
from tests.survey.samples import Json, a_survey, store

STORED = {
    "invitationSection": {
        "optedOut": True,
        "sendInvitations": False,
        "emailAddress": "kim@example.com",
        "inviteSeeding": {"Surname": "Doe", "Town": "Bath"},
    },
    "loginSection": {
        "login": "kim",
        "password": "secret",
        "interviewer": None,
        "status": "Saved",
        "subjects": [
            {"subjectName": "ann", "questionnaireSeeding": {"V46": "5"}, "status": "Saved"},
            {"subjectName": "bea", "questionnaireSeeding": {"V46": "6"}, "status": "Saved"},
        ],
    },
    "enabled": False,
}


def registrar(**known: Any) -> survey.Registrar:
    """One of a group survey that knows kim."""
    return survey.Registrar(store(STORED, kind="both", group=True, interviewers=["ann@example.com"], **known))


def body(change: Callable[[Any], object]) -> survey.Participant:
    """The stored participant as a body, changed."""
    asked: Json = survey.write(survey.wire.read_stored(STORED))
    asked["loginSection"]["interviewer"] = ""
    change(asked)
    return survey.read(asked)


def told(decision: survey.Decision) -> list[tuple[Any, ...]]:
    """Pointers, kinds, values, and whether they are left out."""
    assert decision
    return [(each.pointer, each.kind, each.stored, each.new, each.omitted) for each in decision.changes]


def test_what_a_get_answers_changes_nothing() -> None:
    """Whatever the order of the subjects, and however keys of seedings are spelt."""

    def turn(asked: Any) -> None:
        asked["loginSection"]["subjects"].reverse()
        asked["invitationSection"]["inviteSeeding"] = {"surname": "Doe", "TOWN": "Bath"}

    assert told(registrar().update("S1", "kim", body(turn))) == []


def test_null_and_an_empty_text_are_one() -> None:
    """Neither is a change of the other, nor is a key of a seeding without a value."""

    def empty(asked: Any) -> None:
        asked["loginSection"]["password"] = ""
        asked["loginSection"]["subjects"][0]["questionnaireSeeding"]["v47"] = ""

    keeper = registrar()
    assert [each[:2] for each in told(keeper.update("S1", "kim", body(empty)))] == [
        ("/loginSection/password", "is cleared")
    ]
    assert (
        told(keeper.update("S1", "kim", body(lambda asked: asked["loginSection"].update(password=None))))
        == []
    )


def test_named_and_left_out_members() -> None:
    """A full replacement loses left out members; null is no omission."""

    def change(asked: Any) -> None:
        del asked["enabled"], asked["loginSection"]["password"]
        asked["invitationSection"] = {
            "optedOut": False,
            "emailAddress": None,
            "inviteSeeding": {"Town": "Ely"},
        }
        asked["loginSection"]["subjects"][1] = {"subjectName": "bea"}

    assert told(registrar().update("S1", "kim", body(change))) == [
        ("/invitationSection/optedOut", "changes", True, False, False),
        ("/invitationSection/emailAddress", "is cleared", "kim@example.com", None, False),
        ("/invitationSection/inviteSeeding/Town", "changes", "Bath", "Ely", False),
        ("/loginSection/password", "is cleared", "secret", None, True),
        ("/enabled", "changes", False, True, True),
        ("/invitationSection/inviteSeeding/Surname", "is cleared", "Doe", None, True),
        ("/loginSection/subjects/1/questionnaireSeeding/V46", "is cleared", "6", None, True),
    ]


def test_a_key_that_is_left_out_beside_one_that_is_said() -> None:
    """Of a subject's seeding only what the body leaves out is lost."""

    def change(asked: Any) -> None:
        asked["loginSection"]["subjects"][1]["questionnaireSeeding"] = {"v47": "1"}

    assert told(registrar().update("S1", "kim", body(change))) == [
        ("/loginSection/subjects/1/questionnaireSeeding/v47", "set", None, "1", False),
        ("/loginSection/subjects/1/questionnaireSeeding/V46", "is cleared", "6", None, True),
    ]


def test_a_subject_that_is_not_named_is_lost() -> None:
    """Where the survey lets an update say which ones there are."""

    def change(asked: Any) -> None:
        asked["loginSection"]["subjects"] = [{"subjectName": "cat"}, asked["loginSection"]["subjects"][1]]

    found = told(registrar(fixedSubjects=False).update("S1", "kim", body(change)))
    assert found == [
        ("/loginSection/subjects/0/subjectName", "set", None, "cat", False),
        ("/loginSection/subjects/0/subjectName", "is cleared", "ann", None, True),
        ("/loginSection/subjects/0/questionnaireSeeding/V46", "is cleared", "5", None, True),
    ]


def test_calls_about_a_subject() -> None:
    """Added, replaced, deleted: only a replacement loses left out members."""
    added = registrar().add_subject("S1", "kim", survey.Subject("cat", {"V46": "1"}))
    assert told(added) == [
        ("/loginSection/subjects/2/subjectName", "set", None, "cat", False),
        ("/loginSection/subjects/2/questionnaireSeeding/V46", "set", None, "1", False),
    ]
    replaced = registrar().update_subject("S1", "kim", "bea", survey.Subject("bea", {"v47": "1"}))
    assert told(replaced) == [
        ("/loginSection/subjects/1/questionnaireSeeding/v47", "set", None, "1", False),
        ("/loginSection/subjects/1/questionnaireSeeding/V46", "is cleared", "6", None, True),
    ]
    deleted = registrar().delete_subject("S1", "kim", "ann")
    assert told(deleted) == [
        ("/loginSection/subjects/0/subjectName", "is cleared", "ann", None, False),
        ("/loginSection/subjects/0/questionnaireSeeding/V46", "is cleared", "5", None, False),
    ]


def test_nothing_without_a_participant_or_for_a_refused_call() -> None:
    """An added participant has the body's values; of an unknown one nothing is known."""
    definition = a_survey("both", group=True)
    unknown = survey.Case.of(
        survey.Change(survey.Operation.UPDATE, "S1", "kim", asked=body(lambda _: None)),
        survey.Known(definition),
        survey.Caller(),
    )
    refused = registrar().update("S1", "kim", body(lambda asked: asked["loginSection"].update(login="")))
    added = registrar().add("S1", body(lambda asked: asked["loginSection"].update(login="lee")))
    assert [bool(survey.decide(unknown)), bool(refused), added.action] == [True, False, "add"]
    assert [survey.decide(unknown).changes, refused.changes, added.changes] == [(), (), ()]


def test_nothing_is_compared_before_somebody_asks() -> None:
    """A decision costs as before."""
    decision = registrar().update("S1", "kim", body(lambda asked: asked.pop("enabled")))
    assert decision.action == "update"
    assert "changes" not in vars(decision)
    assert decision.changes is decision.changes
