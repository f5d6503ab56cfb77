"""Whether a body says what is stored, told from its JSON values: as the rules and the merge say it."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from participant_rules import project
from participant_rules.project.decision import Rows
from participant_rules.project.ledger import Entry
from participant_rules.project.likeness import is_alike, may_become
from participant_rules.project.screen import Claim, screen_of
from participant_rules.project.wire import read_stored, read_value
from tests.batch.samples import DECLARED, IDS, people, row

POLICY = project.Policy()
PROJECTS = [project.Project(id="P"), project.Project(id="P", custom_fields=DECLARED)]


class Pair:
    """A row and the stored participant whom it names."""

    def __init__(self, body: Any, stored: list[dict[str, Any]], definition: project.Project) -> None:
        known = tuple([project.Stored(read_stored(each, definition), 1) for each in stored])
        self.body = body
        self.claim = screen_of(definition, POLICY)(body)
        self.rows = Rows(project.Known(definition, known), allow_update=True, policy=POLICY)
        self.ledger = self.rows.ledger
        named = self.claim.identifier if self.claim is not None else None
        self.entry = self.ledger.identifiers.first.get(named or "")

    @property
    def told(self) -> tuple[Claim, Entry] | None:
        """The claim and the entry, where a screen tells that the row updates somebody (no id, no alias)."""
        if self.claim is None or self.entry is None or self.claim.id is not None or self.claim.faults:
            return None
        if "secondaryIdentifier" in self.body:
            return None
        return self.claim, self.entry

    def decided(self) -> project.Decision:
        """What the rules say."""
        asked, faults = read_value(self.body)
        return self.rows.decide(project.Change(project.Operation.BULK, "P", asked=asked, faults=faults))


def pairs(seed: int, count: int) -> Iterator[Pair]:
    """Rows that name somebody, and mostly say what is stored in one spelling or another."""
    random = Random(seed)
    for number in range(count):
        stored = people(random)
        definition = PROJECTS[number % 2]
        yield Pair(respelt(random, row(random, 0.02), stored), stored, definition)


def respelt(random: Random, body: Any, stored: list[dict[str, Any]]) -> Any:
    """A row that sends back some of what is stored, spelt in another way."""
    if not stored or not isinstance(body, dict):
        return body
    person = random.choice(stored)
    contact, fields = person.get("demographics") or {}, person.get("customFields") or {}
    sent = {name: spelling(random, value) for name, value in contact.items() if random.random() < 0.7}
    kept = {name: fields[name] for name in fields if random.random() < 0.7}
    again = {"participantIdentifier": person.get("participantIdentifier", "A"), "demographics": sent}
    again |= {
        "customFields": kept | ({"T": random.choice([None, "", "1", 1])} if random.random() < 0.2 else {})
    }
    for name in ("invitationStatus", "institutionCode"):
        if random.random() < 0.3:
            again[name] = spelling(random, person.get(name))
    if random.random() < 0.4:
        again["excludeFromExport"] = random.choice([None, True, False])
    return again if random.random() < 0.8 else body | again


def spelling(random: Random, value: Any) -> Any:
    """A text in another spelling, which says the same or something else."""
    if not value:
        return random.choice([None, "", "  ", value])
    digits = "".join(filter(str.isdigit, value))
    ways = [
        value,
        f" {value} ",
        value.upper(),
        value.strip(),
        digits[-10:] or value,
        f"+1 {digits[-10:]}",
        None,
        "K\u00edm",
    ]
    return random.choice([value, *ways])


def test_what_is_alike_changes_nothing() -> None:
    """And what is not alike changes something: of rows that stand, in any spelling."""
    seen = {True: 0, False: 0}
    for pair in pairs(1, 12_000):
        if pair.told is None:
            continue
        decision = pair.decided()
        if not decision.violations:
            alike = is_alike(pair.body, *pair.told)
            assert alike is (decision.action == "none"), (pair.body, pair.told[1].standing.participant)
            seen[alike] += 1
    assert min(seen.values()) > 1_000


def test_who_may_become_what_a_row_says_breaks_no_law() -> None:
    """Where it says yes the row stands; a no proves nothing, but most rows that stand get a yes."""
    seen = {True: 0, False: 0}
    for pair in pairs(2, 12_000):
        if pair.told is None:
            continue
        violations = pair.decided().violations
        if may_become(*pair.told, pair.ledger):
            assert violations == (), (pair.body, pair.told[1].standing.participant)
        if not violations:
            seen[may_become(*pair.told, pair.ledger)] += 1
    assert seen[True] > 10 * seen[False]


LEE: dict[str, Any] = {
    "id": IDS[0],
    "participantIdentifier": "A",
    "invitationStatus": "approved",
    "institutionCode": " North ",
    "demographics": {
        "email": "Lee@example.com",
        "mobilePhone": "(212) 555-0100",
        "firstName": "K\u00edm",
        "gender": "M",
        "city": " ",
    },
    "customFields": {"T": "1", "I": 1, "x": {"a": [1, 2], "b": None}, "none": None},
}
ALIKE: list[dict[str, Any]] = [
    {},
    {"demographics": None, "customFields": None},
    {"demographics": {}, "customFields": {}},
    {"invitationStatus": " approved ", "institutionCode": "North"},
    {"excludeFromExport": None},
    {"excludeFromExport": False},
    {"demographics": {"email": " Lee@example.com ", "mobilePhone": "(212) 555-0100 "}},
    {"demographics": {"gender": " M", "city": None, "street1": "", "lastName": None}},
    {"customFields": {"T": "1", "I": 1, "none": "", "never": None}},
]
OTHER: list[dict[str, Any]] = [
    {"invitationStatus": None},
    {"institutionCode": "north"},
    {"excludeFromExport": True},
    {"demographics": {"firstName": "Ki\u0301m"}},
    {"demographics": {"firstName": None}},
    {"demographics": {"city": "Ulm"}},
    {"customFields": {"T": 1}},
    {"customFields": {"I": 1.0}},
    {"customFields": {"I": True}},
    {"customFields": {"none": 0}},
    {"customFields": {"T": None}},
]
RESPELT = [{"email": "LEE@EXAMPLE.com"}, {"mobilePhone": "+12125550100"}]


def alike(body: dict[str, Any], **members: object) -> bool:
    """Whether a row says what is stored."""
    pair = Pair({"participantIdentifier": "A"} | body, [LEE | members], PROJECTS[0])
    assert pair.told is not None
    assert (pair.decided().action == "none") is is_alike(pair.body, *pair.told)
    return is_alike(pair.body, *pair.told)


@pytest.mark.parametrize("body", ALIKE, ids=str)
def test_alike(body: dict[str, Any]) -> None:
    """White space at the ends does not count, null and a text with nothing in it are nothing."""
    assert alike(body)
    assert alike(body, enrolled=True)


@pytest.mark.parametrize("body", OTHER, ids=str)
def test_not_alike(body: dict[str, Any]) -> None:
    """Another case, another normal form, another type of a custom value."""
    assert not alike(body)


@pytest.mark.parametrize("contact", RESPELT, ids=str)
@pytest.mark.parametrize("enrolled", [False, True])
def test_another_spelling_of_an_address_or_a_number(contact: dict[str, Any], enrolled: bool) -> None:
    """It is stored before enrollment; who has enrolled keeps the stored one."""
    assert alike({"demographics": contact}, enrolled=enrolled) is enrolled


@pytest.mark.parametrize(
    ("contact", "enrolled", "expected"),
    [
        ({}, True, True),
        ({"email": "LEE@example.com", "mobilePhone": "2125550100"}, True, True),
        ({"email": "new@example.com"}, False, True),
        ({"email": "new@example.com"}, True, False),
        ({"mobilePhone": "2125550102"}, False, True),
        ({"mobilePhone": None}, True, False),
        ({"email": None}, False, True),
        ({"email": "other@example.com"}, False, False),
        ({"mobilePhone": "2125550101"}, False, False),
    ],
    ids=range(9),
)
def test_may_become(contact: dict[str, Any], enrolled: bool, expected: bool) -> None:
    """A free address or number, until enrollment; the own one in any spelling."""
    other = {"id": IDS[1], "demographics": {"email": "other@example.com", "mobilePhone": "2125550101"}}
    stored: list[dict[str, Any]] = [LEE | {"enrolled": enrolled}, other]
    pair = Pair({"participantIdentifier": "A", "demographics": contact}, stored, PROJECTS[0])
    assert pair.told is not None
    assert may_become(*pair.told, pair.ledger) is expected
    assert (pair.decided().violations == ()) is expected
