"""What a teller says of rows, by their signs and by who is stored, is what the rules say."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from itertools import permutations
from random import Random
from typing import Any, Final

import pytest

from participant_rules import project
from participant_rules.batch import ProjectTask, check_sources
from participant_rules.batch.sources import given
from participant_rules.project import telling
from participant_rules.project.claim import STRANGER
from participant_rules.project.ledger import Ledger
from participant_rules.project.telling import Said, Teller, teller_of
from tests.batch.samples import DECLARED, IDS, people, row, rows_one_by_one, said_of, store_of, text_of
from tests.project.pairs import POLICY, PROJECTS, Pair, change_of, pairs

TELLERS = {
    (definition, warnings): Teller(definition, POLICY, warnings=warnings)
    for definition in PROJECTS
    for warnings in (True, False)
}
WARNINGS = pytest.mark.parametrize("warnings", [True, False], ids=["warnings", "errors"])


def decided(pair: Pair, *, warnings: bool) -> tuple[bool, Said]:
    """Whether a row stands, and all that the rules say of it."""
    decision = pair.decided()
    return bool(decision), (*decision.violations, *(decision.warnings if warnings else ()))


def updated(pair: Pair, *, warnings: bool) -> tuple[bool, Said] | None:
    """What a teller says of a row that names somebody; None where it is not sure."""
    assert pair.named is not None
    claim, entry = pair.named
    return TELLERS[pair.project, warnings].of_update(claim, lambda: pair.body, entry, pair.ledger)


# ---- who is stored


def examined(count: int, seed: int) -> Counter[str]:
    """Compare what is said of so many updates with the rules; counts what was seen."""
    seen: Counter[str] = Counter()
    for pair in pairs(seed, count, how_odd=(0.02, 0.1)[seed % 2]):
        if pair.named is None:
            continue
        for warnings in (True, False):
            said = updated(pair, warnings=warnings)
            seen["not sure" if said is None else "sure"] += 1
            if said is not None:
                expected = decided(pair, warnings=warnings)
                assert said == expected, (pair.body, pair.named[1].standing.participant)
                seen["stands" if said[0] else "refused"] += 1
                seen.update(each.code for each in said[1])
    return seen


CODES = {
    "email-immutable": 100,
    "mobile-phone-immutable": 100,
    "email-taken": 100,
    "mobile-phone-taken": 100,
    "secondary-identifier-deprecated": 100,
    "mobile-phone-not-ten-digits": 100,
    "read-only-field": 20,
    "unknown-field": 20,
}


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_said_of_updates_is_what_the_rules_say(seed: int) -> None:
    """Of people who have enrolled or not, with all that a store may have of them."""
    seen = examined(15_000, seed)
    assert seen["sure"] > 10_000
    assert seen["not sure"] < seen["sure"]
    assert seen["stands"] > 4_000
    assert seen["refused"] > 1_000
    assert {code: least for code, least in CODES.items() if seen[code] < least} == {}


@pytest.mark.heavy
def test_what_is_said_of_many_updates_is_what_the_rules_say() -> None:
    """More of them."""
    assert examined(500_000, seed=3)["sure"] > 100_000


LEE: dict[str, Any] = {
    "id": IDS[0],
    "participantIdentifier": "A",
    "demographics": {"email": "Lee@example.com", "mobilePhone": "(212) 555-0100"},
}
OTHER: dict[str, Any] = {
    "id": IDS[1],
    "participantIdentifier": "B",
    "demographics": {"email": "other@example.com", "mobilePhone": "2125550101"},
}
LEGACY: dict[str, Any] = {
    "id": IDS[2],
    "participantIdentifier": "C",
    "demographics": {"email": "no address", "mobilePhone": "ask"},
}


def codes(body: dict[str, Any], *, warnings: bool = True, **members: Any) -> tuple[bool, list[str]] | None:
    """Whether a row stands that names Lee, or another one, and the codes of what is said of it."""
    stored = [LEE | members, OTHER, LEGACY | members]
    pair = Pair({"participantIdentifier": "A"} | body, stored, PROJECTS[0])
    said = updated(pair, warnings=warnings)
    assert said in (None, decided(pair, warnings=warnings))
    return None if said is None else (said[0], [each.code for each in said[1]])


@pytest.mark.parametrize(
    ("contact", "enrolled", "expected"),
    [
        ({}, True, (True, [])),
        ({"email": "LEE@example.com", "mobilePhone": "2125550100"}, True, (True, [])),
        ({"email": "new@example.com"}, False, (True, [])),
        ({"email": "new@example.com"}, True, (False, ["email-immutable"])),
        ({"mobilePhone": "2125550102"}, False, (True, [])),
        ({"mobilePhone": None}, True, (False, ["mobile-phone-immutable"])),
        ({"mobilePhone": " ", "email": ""}, True, (False, ["email-immutable", "mobile-phone-immutable"])),
        ({"email": None}, False, (True, [])),
        ({"email": "other@example.com"}, False, (False, ["email-taken"])),
        ({"email": "other@example.com"}, True, (False, ["email-immutable", "email-taken"])),
        ({"mobilePhone": "2125550101"}, False, (False, ["mobile-phone-taken"])),
        (
            {"mobilePhone": "+12125550101"},
            True,
            (False, ["mobile-phone-immutable", "mobile-phone-taken", "mobile-phone-not-ten-digits"]),
        ),
        ({"mobilePhone": "+12125550100"}, True, (True, [])),
        ({"mobilePhone": "+12125550102"}, False, (True, ["mobile-phone-not-ten-digits"])),
        ({"email": "no"}, False, None),
    ],
    ids=range(15),
)
def test_an_update(contact: dict[str, Any], enrolled: bool, expected: tuple[bool, list[str]] | None) -> None:
    """A free address or number, until enrollment; the own one in any spelling."""
    assert codes({"demographics": contact}, enrolled=enrolled) == expected


@pytest.mark.parametrize("enrolled", [True, False])
def test_legacy_values(enrolled: bool) -> None:
    """What is malformed is not sure; who has nothing well formed may still clear it before enrollment."""
    row = {"participantIdentifier": "C"}
    assert codes(row | {"demographics": {"email": "no address"}}, enrolled=enrolled) is None
    assert codes(row | {"demographics": {"mobilePhone": "ask"}}, enrolled=enrolled) is None
    cleared = codes(row | {"demographics": {"email": None}}, enrolled=enrolled)
    assert cleared == ((False, ["email-immutable"]) if enrolled else (True, []))


@WARNINGS
def test_odd_updates(warnings: bool) -> None:
    """Members that are only warned about, where warnings are wanted; odd custom fields are not sure."""
    odd = {
        "secondaryIdentifier": "7",
        "enrolled": True,
        "colour": 1,
        "demographics": {"mobilePhone": "+12125550102"},
    }
    said = [
        "secondary-identifier-deprecated",
        "read-only-field",
        "unknown-field",
        "mobile-phone-not-ten-digits",
    ]
    assert codes(odd, warnings=warnings) == (True, said if warnings else [])
    assert codes({"customFields": {"x y": 1}}, warnings=warnings) is None
    assert codes({"id": IDS[0]}, warnings=warnings) is None


def test_what_an_earlier_row_took_is_pointed_at() -> None:
    """Of address and number, with the row."""
    before = [
        {"participantIdentifier": "N", "demographics": {"email": "n@x.de", "mobilePhone": "2125550109"}}
    ]
    contact = {"email": "N@x.de", "mobilePhone": "2125550109"}
    pair = Pair({"participantIdentifier": "A", "demographics": contact}, [LEE], PROJECTS[0], before)
    said = updated(pair, warnings=True)
    assert said == decided(pair, warnings=True)
    assert said is not None
    assert [each.related for each in said[1]] == [
        "/participants/0/demographics/email",
        "/participants/0/demographics/mobilePhone",
    ]


# ---- who is new


@WARNINGS
def test_what_is_said_of_new_ones_is_what_the_rules_say(warnings: bool) -> None:
    """Of rows that meet nobody, or somebody with the same address or number; strangers among them."""
    random, seen = Random(4), Counter[str]()
    for number in range(15_000):
        definition = PROJECTS[number % len(PROJECTS)]
        body = row(random, how_odd=(0.02, 0.15)[number % 2])
        if number % 5 == 0 and isinstance(body, dict):
            body["id"] = random.choice([*IDS, "nobody", " X "])
        before = [row(random, 0.02) for _ in range(random.choice((0, 1)))]
        pair = Pair(body, people(random), definition, before)
        claim = pair.claim
        if claim is None or pair.entry is not None:
            continue
        if claim.id is not None:
            if claim.id in pair.ledger.ids:
                continue
            claim = claim.of_stranger()
        said = TELLERS[definition, warnings].of_new(claim, partial(deepcopy, body), pair.ledger)
        assert said == decided(pair, warnings=warnings), body
        seen["strangers"] += claim.id is not None
        seen["stands" if said[0] else "refused"] += 1
        seen.update(each.code for each in said[1])
    assert min(seen["strangers"], seen["stands"], seen["refused"]) > 1_000
    assert min(seen[code] for code in ("participant-not-found", "email-taken", "mobile-phone-taken")) > 100


def test_the_claim_of_a_stranger() -> None:
    """It has one fault more, in front of the others."""
    claim = Pair({"id": "X", "invitationStatus": 1, "colour": 1}, [], PROJECTS[0]).claim
    assert claim is not None
    assert claim.faults == ("invitationStatus",)
    assert claim.of_stranger() == claim._replace(faults=(*STRANGER, "invitationStatus"))


def batched(rows: list[Any], stored: list[dict[str, Any]], records: int) -> list[tuple[str, list[str]]]:
    """What becomes of rows in chunks of so many; the rules say the same of all together."""
    store = store_of(PROJECTS[0], stored, POLICY)
    task = ProjectTask(PROJECTS[0], store, allow_update=True)
    found = said_of(check_sources([given(rows)], task, records=records))
    assert found == rows_one_by_one(rows, PROJECTS[0], store, allow_update=True, policy=POLICY)
    return [(action, [each.code for each in said]) for action, said in found]


@pytest.mark.parametrize("records", [1, 2, 10])
def test_strangers_in_a_batch(records: int) -> None:
    """Nobody has their id, they take nothing from anybody, and what else is wrong with them is said."""
    contact = {"email": "other@example.com", "mobilePhone": "2125550101"}
    rows = [
        {"id": "nobody"},
        {"id": "nobody", "participantIdentifier": "A", "demographics": {"email": "new@example.com"}},
        {"id": IDS[3], "participantIdentifier": "N", "demographics": contact},
        {"id": IDS[3], "demographics": {"mobilePhone": "+1 212 555 0109", "gender": "m"}},
        {"participantIdentifier": "N", "demographics": {"email": "new@example.com"}},
        {"id": IDS[0].upper(), "demographics": {"email": "lee@example.com"}},
        {"id": IDS[1], "participantIdentifier": "N"},
    ]
    assert batched(rows, [LEE, OTHER], records) == [
        ("refused", ["participant-not-found"]),
        ("refused", ["participant-not-found"]),
        ("refused", ["participant-not-found"]),
        ("refused", ["participant-not-found", "gender-unknown", "mobile-phone-not-ten-digits"]),
        ("add", []),
        ("update", []),
        ("refused", ["participant-identifier-taken"]),
    ]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("allow_update", [True, False])
def test_batches_with_many_strangers_are_their_rows_one_by_one(seed: int, allow_update: bool) -> None:
    """In chunks of any size, whatever is declared."""
    random = Random(seed)
    definition = project.Project(id="P", custom_fields=random.choice([None, DECLARED]))
    stored = people(random)
    bodies: list[Any] = [row(random, 0.1) for _ in range(400)]
    for each in bodies:
        if isinstance(each, dict) and random.random() < 0.5:
            each["id"] = random.choice([*IDS, "nobody", "somebody", IDS[3].upper()])
    payloads = [text_of(random, each) for each in bodies]
    store = store_of(definition, stored, POLICY)
    expected = rows_one_by_one(payloads, definition, store, allow_update=allow_update, policy=POLICY)
    for records in (1, 7, 400):
        task = ProjectTask(definition, store, allow_update)
        assert said_of(check_sources([given(payloads)], task, records=records)) == expected
    assert sum("participant-not-found" in [each.code for each in said] for _, said in expected) > 20


# ---- what is remembered


def test_the_rules_are_asked_once_for_the_same_signs() -> None:
    """Of the second row its value is not even asked for."""
    teller, asked = Teller(PROJECTS[0], POLICY), list[str]()

    def body(identifier: str) -> Callable[[], Any]:
        def read() -> Any:
            asked.append(identifier)
            return {"participantIdentifier": identifier, "demographics": {"gender": "m"}, "colour": 1}

        return read

    for identifier in "XYZ":
        pair = Pair(body(identifier)(), [], PROJECTS[0])
        assert pair.claim is not None
        stands, said = teller.of_new(pair.claim, body(identifier), pair.ledger)
        assert (stands, [each.code for each in said]) == (False, ["gender-unknown", "unknown-field"])
    assert asked == ["X", "X", "Y", "Z"]


def test_where_there_is_no_room_the_rules_are_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """And say the same."""
    monkeypatch.setattr(telling, "_ENOUGH", 0)
    pair = Pair({"participantIdentifier": "X", "colour": 1}, [], PROJECTS[0])
    teller, claim = Teller(PROJECTS[0], POLICY), pair.claim
    assert claim is not None
    found = [teller.of_new(claim, lambda: pair.body, pair.ledger) for _ in range(2)]
    assert found == [decided(pair, warnings=True)] * 2


def test_a_teller_is_kept_with_the_project() -> None:
    """One for each policy, with and without warnings."""
    definition = project.Project(id="P")
    others = project.Policy(valid_phones=True)
    kept = teller_of(definition, POLICY, warnings=True)
    assert teller_of(definition, project.Policy(), warnings=True) is kept
    assert teller_of(definition, POLICY, warnings=False) is not kept
    assert teller_of(definition, others, warnings=True) is not kept
    assert teller_of(project.Project(id="P"), POLICY, warnings=True) is not kept


def test_for_other_laws_nothing_is_told() -> None:
    """Neither by the screen nor by a skim, however often a shape is met."""
    teller = Teller(PROJECTS[0], POLICY, project.BULK + ())
    assert teller.screen({"participantIdentifier": "A"}) is None
    assert change_of({"participantIdentifier": "A"}).faults == ()


# ---- parts

FAULTY: Final[list[tuple[str, str, object]]] = [
    ("", "invitationStatus", "Lost"),
    ("", "excludeFromExport", "yes"),
    ("", "institutionCode", 5),
    ("demographics", "email", "no"),
    ("demographics", "mobilePhone", "no"),
    ("demographics", "gender", "x"),
    ("demographics", "dateOfBirth", "2000-02-30"),
    ("demographics", "utcOffset", "noon"),
    ("demographics", "firstName", 5),
    ("demographics", "lastName", True),
    ("customFields", "I", "many"),
    ("customFields", "D", "much"),
    ("customFields", "When", "then"),
    ("customFields", "other", "x"),
    ("customFields", "another", "x"),
    ("", "colour", "x"),
    ("demographics", "colour", "x"),
]


def faulty(*faults: tuple[str, str, object]) -> dict[str, Any]:
    """A row with these members, in this order."""
    body: dict[str, Any] = {"participantIdentifier": "A"}
    for place, name, value in faults:
        (body.setdefault(place, {}) if place else body)[name] = value
    return body


@WARNINGS
def test_faults_that_were_met_alone_are_told_together(warnings: bool) -> None:
    """Two and three of them, in any order: what is said is what the rules say."""
    definition = PROJECTS[1]
    teller = Teller(definition, POLICY, warnings=warnings)
    read: list[dict[str, Any]] = []

    def body_of(body: dict[str, Any]) -> dict[str, Any]:
        read.append(body)
        return body

    alone = [[fault] for fault in FAULTY]
    several = [[*each] for count in (2, 3) for each in permutations(FAULTY, count)]
    for faults in (*alone, *several):
        body = faulty(*faults)
        claim = teller.screen(body)
        assert claim is not None
        said = teller.of_new(claim, partial(body_of, body), Ledger(complete=True))
        pair = Pair(body, [], definition)
        assert said == decided(pair, warnings=warnings), body
    assert len(read) < len(several) // 2
