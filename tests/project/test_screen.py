"""What a screen tells of a body is what the rules say, and what the entity claims."""

import json
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from participant_rules import UNSET, Violation, jsontext, project
from participant_rules.project.claim import Claim
from participant_rules.project.decision import Rows
from participant_rules.project.screen import Screen, screen_of
from participant_rules.project.wire import read_value
from participant_rules.unset import UNREADABLE
from tests.batch.samples import DECLARED, EMAILS, NAMES, PHONES, WRONG, row

PROJECTS = [
    project.Project(id="P"),
    project.Project(id="P", custom_fields=DECLARED),
    project.Project(id="P", custom_fields=()),
    project.Project(id="P", default_region="GB"),
    project.Project(id="P", custom_fields=(project.CustomField("SecondaryIdentifier", "Text"),)),
]
POLICIES = [project.Policy(), project.Policy(valid_phones=True)]
CASES = [(definition, policy) for definition in PROJECTS for policy in POLICIES]
TABLE = pytest.mark.parametrize(("definition", "policy"), CASES, ids=range(len(CASES)))


def bodies(seed: int, count: int) -> Iterator[Any]:
    """Bodies that are right, odd or faulty."""
    random = Random(seed)
    for number in range(count):
        body = row(random, how_odd=(0.01, 0.05, 0.1, 0.3)[number % 4])
        yield hostile(random, body) if number % 5 == 0 else body


def hostile(random: Random, body: Any) -> Any:
    """A body in which a value is replaced by what may stand somewhere else, or a member is taken away."""
    if not isinstance(body, dict):
        return body
    body = deepcopy(body)
    held = random.choice([body, *[each for each in body.values() if isinstance(each, dict)]])
    name = random.choice([*held, "demographics", "customFields", "email", "enrolled", "", "a:b", "x~/y"])
    values = [
        *WRONG,
        *NAMES,
        *EMAILS,
        *PHONES,
        None,
        "",
        " ",
        0,
        False,
        -1.5,
        10**30,
        "\u2003A\u2003",
        {},
        "-04:00:00",
    ]
    held[name] = random.choice(values)
    if random.random() < 0.2:
        del held[name]
    return body


def judged(rows: Rows, body: Any) -> tuple[project.Case, tuple[Violation, ...], tuple[Violation, ...]]:
    """The case of a body as an add while nobody is stored, its violations and its warnings.

    That nobody has its id is left out: a screen does not know who is stored.
    """
    asked, faults = read_value(body)
    decision = rows.decide(project.Change(project.Operation.BULK, "P", asked=asked, faults=faults))
    errors = [each for each in decision.violations if each.code != "participant-not-found"]
    return decision.case, tuple(errors), decision.warnings


def examined(definition: project.Project, policy: project.Policy, count: int, seed: int = 0) -> int:
    """Compare the screen with the rules on so many bodies; returns how many it could tell."""
    screen = screen_of(definition, policy)
    rows = Rows(project.Known(definition, ()), allow_update=True, policy=policy)
    said: dict[object, object] = {}
    told = 0
    for body in bodies(seed, count):
        claim = screen(body)
        if claim is None:
            continue
        told += 1
        case, errors, warnings = judged(rows, body)
        assert (not errors, not warnings) == (not claim.faults, not claim.odd), body
        assert said.setdefault((claim.faults, claim.odd), (errors, warnings)) == (errors, warnings), body
        assert claims(claim) == of_entity(case), body
        text = json.dumps(body)
        assert text.count(":") - claim.colons == colons_in_strings(body), body
    return told


def claims(claim: Claim) -> tuple[object, ...]:
    """What a row claims, and whether it has an address and a number at all."""
    return (
        claim.id,
        claim.identifier,
        claim.email or None,
        claim.phone or None,
        claim.email is UNSET,
        claim.phone is UNSET,
    )


def of_entity(case: project.Case) -> tuple[object, ...]:
    """The same as the entity says it."""
    asked = case.asked
    contact = asked.demographics or project.Demographics()
    return (
        asked.id.lower() if asked.id else None,
        asked.participant_identifier or None,
        case.email_key,
        case.phone_key,
        contact.email in (UNSET, UNREADABLE),
        contact.mobile_phone in (UNSET, UNREADABLE),
    )


def colons_in_strings(body: Any) -> int:
    """The colons of all strings but the UTC offset, whose own ones are counted."""
    strings: list[str] = []

    def walk(value: Any, *, counted: bool = False) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                strings.append(name)
                walk(inner, counted=name == "utcOffset" and value is body.get("demographics"))
        elif isinstance(value, list):
            for inner in value:
                walk(inner)
        elif isinstance(value, str) and not counted:
            strings.append(value)

    walk(body)
    return "".join(strings).count(":")


@TABLE
def test_the_screen_says_what_the_rules_say(definition: project.Project, policy: project.Policy) -> None:
    """Ten thousand bodies: faults, oddities, equal signs, claims and colons."""
    assert examined(definition, policy, 10_000) > 4_000


@pytest.mark.heavy
@TABLE
def test_the_screen_says_what_the_rules_say_of_many(
    definition: project.Project, policy: project.Policy
) -> None:
    """A million bodies."""
    assert examined(definition, policy, 100_000, seed=1) > 40_000


# ---- names that stand twice


def sound(screen: Screen, text: str) -> bool:
    """Whether a text passes for one without a fault, as a batch asks."""
    value, colons = jsontext.glance(text)
    claim = screen(value)
    return claim is not None and (claim.colons == colons or jsontext.is_whole(text, value, colons))


def again(random: Random, text: str) -> str | None:
    """The text with one of its names once more in the same object; None where there is none."""
    places = [place for place, letter in enumerate(text) if letter == "{" and text[place + 1] == '"']
    if not places:
        return None
    start = random.choice(places) + 1
    name = text[start : text.index('"', start + 1) + 1]
    value = random.choice(['"a"', "null", '"-04:00:00"', '{"a": 1}', '"\\u003a"', "1"])
    return f"{text[:start]}{name}: {value}, {text[start:]}"


def test_a_name_that_stands_twice_never_passes() -> None:
    """Whatever colons its values have, written as they are or as an escape."""
    random, tried = Random(3), 0
    for definition in PROJECTS[:2]:
        screen = screen_of(definition, project.Policy())
        for body in bodies(4, 8_000):
            text = json.dumps(body)
            if random.random() < 0.5:
                text = text.replace("4:00", random.choice(["4\\u003a00", "4\\u003A00"]))
            repeated = again(random, text)
            if repeated is not None and jsontext.read(repeated)[1]:
                tried += 1
                assert not sound(screen, repeated), repeated
    assert tried > 10_000


@pytest.mark.parametrize("escape", ["\\u003a", "\\u003A"])
def test_a_colon_that_is_escaped_hides_no_name(escape: str) -> None:
    """A UTC offset may have as many of them as there are names too many."""
    offset = f'"demographics": {{"utcOffset": "-04{escape}00:00"}}'
    text = f'{{"participantIdentifier": "A", "participantIdentifier": "B", {offset}}}'
    assert not sound(screen_of(PROJECTS[0], project.Policy()), text)


def test_most_sound_texts_pass() -> None:
    """Otherwise a screen would be right and of no use."""
    screen = screen_of(PROJECTS[0], project.Policy())
    passed = [sound(screen, json.dumps(row(Random(seed), how_odd=0.01))) for seed in range(500)]
    assert sum(passed) > 400


# ---- single laws


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"participantIdentifier": " A "}, Claim(1, None, "A", UNSET, UNSET, (), ())),
        ({"id": " AbC "}, Claim(1, "abc", None, UNSET, UNSET, (), ())),
        ({}, Claim(0, None, None, UNSET, UNSET, ("",), ())),
        (
            {"demographics": {"email": " A@Example.com ", "mobilePhone": "", "utcOffset": "-04:00:00"}},
            Claim(6, None, None, "a@example.com", None, (), ()),
        ),
        (
            {"participantIdentifier": "A", "demographics": {"email": "", "mobilePhone": "+1 212 555 0100"}},
            Claim(4, None, "A", None, "+12125550100", (), ("mobilePhone",)),
        ),
        (
            {"participantIdentifier": "A", "demographics": {"email": "no", "gender": 1, "x": 1}},
            Claim(5, None, "A", None, UNSET, ("demographics\0gender", "email"), ("demographics\0x",)),
        ),
        (
            {"participantIdentifier": "A", "invitationStatus": "Sent", "enrolled": True},
            Claim(3, None, "A", UNSET, UNSET, ("invitationStatus=",), ("\0enrolled",)),
        ),
    ],
    ids=range(7),
)
def test_a_claim(body: Any, expected: Claim) -> None:
    """Its colons, its keys, and the signs of what is wrong or odd."""
    assert screen_of(PROJECTS[0], project.Policy())(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "A",
        {"id": 1},
        {"participantIdentifier": []},
        {"x": []},
        {"demographics": []},
        {"demographics": {"x": {}}},
        {"demographics": {"email": 1}},
        {"demographics": {"city": {}}},
        {"customFields": []},
        {"customFields": {"x": []}},
        {"invitationStatus": {}},
        {"excludeFromExport": []},
        {"institutionCode": {}},
        {"secondaryIdentifier": 1},
        {"secondaryIdentifier": "7", "customFields": {"SecondaryIdentifier": "7"}},
    ],
    ids=str,
)
def test_what_a_screen_leaves_to_the_reader(body: Any) -> None:
    """Lists and objects where none should be, and what its signs would not tell."""
    assert screen_of(PROJECTS[0], project.Policy())(body) is None


@pytest.mark.parametrize(("alias", "told"), [("7", True), (" ", True), (None, True), ("x", False)])
def test_an_alias_of_a_declared_field(alias: object, told: bool) -> None:
    """It reads as the field's type, or the row takes the whole road."""
    screen = screen_of(PROJECTS[1], project.Policy())
    assert (screen({"participantIdentifier": "A", "secondaryIdentifier": alias}) is not None) is told
