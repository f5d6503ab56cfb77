"""Checking one payload: by its kind where it suffices, by the rules otherwise; a roster is asked once."""

import json
from typing import Any

import pytest

from participant_rules import project
from participant_rules.memory import MemoryProjects

LEE = {
    "id": "00000000-0000-4000-8000-00000000000a",
    "participantIdentifier": "A-1",
    "enrolled": True,
    "demographics": {"email": "lee@example.com", "mobilePhone": "2125550100"},
}
DEFINITION = {"id": "P1", "participants": [LEE]}
PROJECT = project.Project(id="P1")


class Counting:
    """A roster that counts its questions."""

    def __init__(self, answer: Any = None) -> None:
        self.store = MemoryProjects.from_json([DEFINITION])
        self.asked = 0
        self.answer = answer

    def find(self, keys: project.Keys) -> Any:
        """The answer of the store."""
        self.asked += 1
        return self.answer or self.store.find(keys)


def person(identifier: str | None = None, **contact: Any) -> dict[str, Any]:
    """A payload."""
    return {"participantIdentifier": identifier, "demographics": contact}


def codes(payload: Any, **options: Any) -> list[str]:
    """The codes of a payload's findings."""
    return [each.code for each in project.check(payload, PROJECT, **options)]


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (person("B-1", email="kim@example.com"), []),
        (person("B-1", email="LEE@example.com"), ["email-taken"]),
        (person("B-1", mobilePhone="+12125550100"), ["mobile-phone-taken", "mobile-phone-not-ten-digits"]),
        (person("A-1", email="LEE@example.com", city="Ulm"), []),
        (person("A-1", email="new@example.com"), ["email-immutable"]),
        (person("A-1", gender="x", email="lee@example.com"), ["gender-unknown"]),
        (person(), ["identity-required"]),
        ({"id": LEE["id"], "demographics": {"email": None}}, ["email-immutable"]),
        (b"nonsense", ["not-json"]),
        (b'{"participantIdentifier": "A", "participantIdentifier": "B"}', ["key-repeated"]),
    ],
)
def test_a_roster_is_asked_once(payload: Any, found: list[str]) -> None:
    """The payload as bytes or as a value; the same as with the answer that the roster gives."""
    roster = Counting()
    text = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    assert codes(text, roster=roster) == found
    assert roster.asked <= 1
    if not isinstance(payload, bytes):
        change = project.Change(project.Operation.PUT, "P1", asked=project.read(payload).asked)
        known = MemoryProjects.from_json([DEFINITION]).find(project.keys([change]))
        assert codes(text, known=known) == codes(payload, known=known) == found


def test_what_a_roster_raises_passes_through() -> None:
    """And one of coroutines is not asked here."""

    class Failing:
        def find(self, keys: project.Keys) -> project.Known:
            raise OSError("away")

    with pytest.raises(OSError, match="away"):
        codes(person("B-1"), roster=Failing())
    with pytest.raises(TypeError, match=r"^a Known, as find"):
        codes(person("B-1"), roster=Counting(answer=object()))

    async def later() -> None:
        """Whose answer must be awaited."""

    with pytest.raises(TypeError, match=r"^check asks a roster whose methods answer at once$"):
        codes(person("B-1"), roster=Counting(answer=later()))


def test_without_warnings() -> None:
    """Only violations, of one payload and of a batch."""
    payload = person("B-1", mobilePhone="+12125550101", gender="x")
    assert codes(payload, warnings=False) == ["gender-unknown"]
    batch = {"participants": [payload, payload], "colour": 1}
    options: dict[str, Any] = {"operation": "bulk", "roster": Counting()}
    assert codes(batch, warnings=False, **options) == ["gender-unknown"] * 2
    assert codes(batch, **options) == [
        *["gender-unknown"] * 2,
        "unknown-field",
        *["mobile-phone-not-ten-digits"] * 2,
    ]


def test_another_project_takes_the_whole_road() -> None:
    """The answer's project is the one that counts."""
    other = project.Known(project.Project(id="P1", default_region="DE"), ())
    assert codes(
        b'{"participantIdentifier": "B", "demographics": {"mobilePhone": "030 123456"}}', known=other
    ) == ["mobile-phone-not-ten-digits"]


def test_laws_of_ones_own_take_the_whole_road() -> None:
    """No declaration knows them."""
    laws = {**project.RULES, project.Operation.PUT: project.PUT.without("gender-unknown")}
    assert codes(person("B-1", gender="x"), rules=laws) == []


def test_a_payload_that_is_checked_again_and_again() -> None:
    """It is decided without being decoded at last, with the same findings."""
    definition = project.Project(id="P")
    store = MemoryProjects.from_json(
        [{"id": "P", "participants": [{"id": "x", "demographics": {"email": "b@example.com"}}]}]
    )
    payloads = [
        json.dumps({"participantIdentifier": "A", "demographics": {"email": email}, "institutionCode": code})
        for email in ("a@example.com", "B@example.com", "no", "")
        for code in ("N", 1)
    ]
    expected = [project.check(each, definition, roster=store) for each in payloads]
    assert [[each.code for each in found] for found in expected] == [
        [],
        ["wrong-type"],
        ["email-taken"],
        ["wrong-type", "email-taken"],
        ["email-malformed"],
        ["wrong-type", "email-malformed"],
        [],
        ["wrong-type"],
    ]
    for _ in range(50):
        assert [project.check(each.encode(), definition, roster=store) for each in payloads] == expected
