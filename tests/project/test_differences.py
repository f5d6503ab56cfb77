"""The changes of a decision are the differences of Get Participant before and after the call."""

from collections.abc import Sequence
from typing import Any

from participant_rules import project
from participant_rules.changes import MemberChange
from participant_rules.memory import MemoryProjects

STORED = {
    "participantIdentifier": "A",
    "demographics": {"email": "kim@example.com", "city": "Anytown"},
    "customFields": {"Smoker": 1, "odd/name": "x", "SecondaryIdentifier": "S"},
}


def registrar() -> project.Registrar:
    """One that knows A."""
    return project.Registrar(MemoryProjects.from_json([{"id": "P", "participants": [STORED]}]))


def told(changes: Sequence[MemberChange]) -> list[tuple[str, str, Any, Any]]:
    """Pointers, kinds and values."""
    return [(each.pointer, each.kind, each.stored, each.new) for each in changes]


def put(payload: Any) -> project.Decision:
    """The decision on a payload."""
    return registrar().put(project.read(payload, project="P"))


def test_an_update_lists_each_changed_member() -> None:
    """Set, changed and cleared, wherever they stand."""
    decision = put(
        {
            "participantIdentifier": "A",
            "invitationStatus": "approved",
            "demographics": {"email": None, "city": "Othertown", "state": "NY"},
            "customFields": {"Smoker": 1, "odd/name": "", "New": True},
        }
    )
    assert told(decision.changes) == [
        ("/invitationStatus", "set", None, "approved"),
        ("/demographics/city", "changes", "Anytown", "Othertown"),
        ("/demographics/state", "set", None, "NY"),
        ("/customFields/New", "set", None, True),
        ("/demographics/email", "is cleared", "kim@example.com", None),
        ("/customFields/odd~1name", "is cleared", "x", None),
    ]
    assert not any(each.omitted for each in decision.changes)


def test_nothing_changes_by_what_is_the_same_is_refused_or_adds() -> None:
    """An added participant has the record's values, and a refused record leaves everything as it was."""
    again = put({"participantIdentifier": "A", "demographics": {"city": " Anytown "}})
    refused = put({"participantIdentifier": "A", "demographics": {"city": "X", "gender": "?"}})
    added = put({"participantIdentifier": "B"})
    assert [each.action for each in (again, refused, added)] == ["none", "none", "add"]
    assert [each.changes for each in (again, refused, added)] == [(), (), ()]


def test_a_withdrawal_changes_its_date() -> None:
    """Whatever the call."""
    (change,) = registrar().withdraw("P", "A").changes
    assert (change.pointer, change.kind) == ("/withdrawDate", "set")


def test_the_changes_of_a_bulk_are_those_of_its_rows() -> None:
    """Each row on the results of the earlier ones, with its place; none where the bulk is refused."""
    rows = [
        {"participantIdentifier": "A", "demographics": {"city": "B"}},
        {"participantIdentifier": "A", "demographics": {"city": "C"}},
        {"demographics": {"gender": "?", "email": "lee@example.com"}},
    ]
    changes = [project.read_batch({"participants": [each]}, project="P").changes[0] for each in rows]
    good = registrar().put_many(changes, allow_update=True, accept="good")
    assert told(good.changes) == [
        ("/participants/0/demographics/city", "changes", "Anytown", "B"),
        ("/participants/1/demographics/city", "changes", "B", "C"),
    ]
    assert registrar().put_many(changes, allow_update=True).changes == ()


def test_values_are_in_no_repr() -> None:
    """They are personal data."""
    decision = put({"participantIdentifier": "A", "demographics": {"city": "Elsewhere"}})
    assert decision.changes
    assert not any(each in repr((decision, decision.changes)) for each in ("Elsewhere", "Anytown"))


def test_nothing_is_compared_before_somebody_asks() -> None:
    """A decision costs as before."""
    decision = put({"participantIdentifier": "A", "demographics": {"city": "Elsewhere"}})
    assert decision.action == "update"
    assert "changes" not in vars(decision)
    assert decision.changes is decision.changes
