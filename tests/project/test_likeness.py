"""Whether a body says what is stored, told from its JSON values: as the rules and the merge say it."""

from typing import Any

import pytest

from participant_rules import project
from participant_rules.project.likeness import is_alike
from tests.batch.samples import IDS
from tests.project.pairs import PROJECTS, Pair, pairs


def test_what_is_alike_changes_nothing() -> None:
    """And what is not alike changes something: of rows that stand, in any spelling."""
    seen, aliases = {True: 0, False: 0}, {True: 0, False: 0}
    for pair in pairs(1, 15_000):
        if pair.told is None:
            continue
        decision = pair.decided()
        if not decision.violations:
            alike = is_alike(pair.body, *pair.told, pair.project)
            assert alike is (decision.action == "none"), (pair.body, pair.told[1].standing.participant)
            seen[alike] += 1
            aliases[alike] += "secondaryIdentifier" in pair.body
    assert min(seen.values()) > 1_000
    assert min(aliases.values()) > 200


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
    assert (pair.decided().action == "none") is is_alike(pair.body, *pair.told, pair.project)
    return is_alike(pair.body, *pair.told, pair.project)


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


def with_alias(stored: Any, alias: Any, *kinds: str) -> bool:
    """Whether a row with the alias alone says what is stored, where fields are declared or not."""
    fields = tuple([project.CustomField("SecondaryIdentifier", kind) for kind in kinds if kind])
    definition = project.Project(id="P", custom_fields=fields if kinds else None)
    lee = {"id": IDS[0], "participantIdentifier": "A", "customFields": stored}
    pair = Pair({"participantIdentifier": "A", "secondaryIdentifier": alias}, [lee], definition)
    assert pair.told is not None
    assert (pair.decided().action == "none") is is_alike(pair.body, *pair.told, pair.project)
    return is_alike(pair.body, *pair.told, pair.project)


@pytest.mark.parametrize("kinds", [(), ("Text",)], ids=["undeclared", "text"])
@pytest.mark.parametrize(
    ("stored", "alias", "expected"),
    [
        ("7", "7", True),
        ("7", " 7 ", True),
        (" 7 ", "7", True),
        (7, "7", True),
        (7, "7.0", False),
        (7.5, "7.5", True),
        (None, None, True),
        (None, "", True),
        ("", None, True),
        ("  ", None, True),
        ("7", None, False),
        (None, "7", False),
        (True, "true", True),
        ({"a": [1]}, '{"a": [1]}', True),
    ],
    ids=range(14),
)
def test_an_alias(kinds: tuple[str, ...], stored: Any, alias: Any, expected: bool) -> None:
    """It is compared with the custom field as a text."""
    assert with_alias({"SecondaryIdentifier": stored}, alias, *kinds) is expected
    assert with_alias({}, alias, *kinds) is (not alias)


def test_an_alias_of_a_number() -> None:
    """Where the field has a type that the alias reads as."""
    aliases = ["7", " 7 ", "+7", "8", "", None]
    found = [with_alias({"SecondaryIdentifier": 7}, each, "Integer") for each in aliases]
    assert found == [True, True, False, False, False, False]


def test_an_alias_that_the_project_does_not_have_is_ignored() -> None:
    """Whatever it says."""
    assert with_alias({"SecondaryIdentifier": "7"}, "8", "")
    assert with_alias({}, "8", "")
