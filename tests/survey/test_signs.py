"""Bodies with the same signs break the same laws, in the same places."""

from random import Random
from typing import Any, Literal

import pytest

from participant_rules import UNSET, Violation, survey
from participant_rules.survey.guards import walk
from participant_rules.survey.signs import ShownBody, Signs, signs_of
from participant_rules.survey.wire import read_value
from tests.batch.samples import VARIABLES, survey_definition
from tests.survey.bodies import bodies

Call = Literal["add", "update"]


def signs(body: Any, call: Call, definition: survey.Survey, caller: survey.Caller) -> Signs | None:
    """The signs of a body of which a walk has read all; those of a clear one are none."""
    doubts, names, _ = walk(body, call, UNSET, survey.Known(definition), caller)
    if not doubts:
        return ()
    return signs_of(ShownBody(body, definition), doubts, definition) if names >= 0 else None


def said(
    body: Any, call: Call, definition: survey.Survey, caller: survey.Caller
) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
    """What the rules say of a body while it is not known who is stored."""
    asked, faults = read_value(survey.Participant, body)
    change = survey.Change(survey.Operation(call), "S", asked=asked, faults=faults)
    decision = survey.decide(survey.Case.of(change, survey.Known(definition), caller))
    return decision.violations, decision.warnings


def examined(definitions: int, count: int, seed: int) -> int:
    """Compare bodies with the same signs; returns how many had signs of a doubt."""
    told = 0
    for number in range(definitions):
        random = Random(seed + number)
        definition, caller = survey_definition(random), survey.Caller(random.random() < 0.5)
        call: Call = random.choice(["add", "update"])
        found: dict[Signs, object] = {(): ((), ())}
        for body in bodies(random, definition, count):
            read = signs(body, call, definition, caller)
            if read is not None:
                told += read != ()
                expected = said(body, call, definition, caller)
                assert found.setdefault(read, expected) == expected, (definition.to_json(), body)
    return told


def test_the_same_signs_the_same_findings() -> None:
    """A hundred thousand bodies of a hundred surveys, added and updated while nobody is known."""
    assert examined(100, 1_000, seed=0) > 20_000


@pytest.mark.heavy
def test_the_same_signs_the_same_findings_of_many() -> None:
    """A million bodies."""
    assert examined(100, 10_000, seed=1_000) > 200_000


DEFINITION = survey.Survey.from_json(
    {
        "id": "S",
        "invited": True,
        "loggedOn": True,
        "group": True,
        "interviewers": ["x@y.com"],
        "inviteSeeding": ["surname"],
        "questionnaireSeeding": None,
        "variables": VARIABLES,
    }
)
RIGHT: dict[str, Any] = {
    "invitationSection": {"emailAddress": "a@example.com", "inviteSeeding": {"surname": "x"}},
    "loginSection": {
        "login": "kim",
        "password": "secret",
        "interviewer": "x@y.com",
        "subjects": [{"subjectName": "A", "questionnaireSeeding": {"v1": "1", "v3": "anything"}}],
    },
}


def with_login(**members: object) -> dict[str, Any]:
    """A body with another login section."""
    return RIGHT | {"loginSection": RIGHT["loginSection"] | members}


def with_invitation(**members: object) -> dict[str, Any]:
    """A body with another invitation section."""
    return RIGHT | {"invitationSection": RIGHT["invitationSection"] | members}


def with_seeds(**seeds: object) -> dict[str, Any]:
    """A body whose subject has another seeding."""
    return with_login(subjects=[{"subjectName": "A", "questionnaireSeeding": seeds}])


def of(body: Any) -> Signs | None:
    """The signs of a body."""
    return signs(body, "update", DEFINITION, survey.Caller())


SAME = {
    "personal values": (with_login(login="lee", password=None), RIGHT),
    "two unknown interviewers": (with_login(interviewer="z@y.com"), with_login(interviewer="q@y.com")),
    "two malformed addresses": (with_invitation(emailAddress="a@@b"), with_invitation(emailAddress="no")),
    "two invitations without an address": (
        with_invitation(emailAddress=None, sendInvitations=True),
        with_invitation(emailAddress="  ", sendInvitations=True),
    ),
    "two texts of an unknown variable": (with_seeds(v9="Loxley"), with_seeds(v9="Robin")),
    "two unknown invite seeds": (
        with_invitation(inviteSeeding={"nick": "a"}),
        with_invitation(inviteSeeding={"nick": "b"}),
    ),
}
DIFFERENT = {
    "an unknown code and another one": (with_seeds(v1="8"), with_seeds(v1="9")),
    "an unknown variable and another one": (with_seeds(v8="1"), with_seeds(v9="1")),
    "a blank and a missing login": (with_login(login=" ", interviewer=None), with_login(interviewer=None)),
    "a subject that is there twice, and a blank one": (
        with_login(subjects=[{"subjectName": "A"}, {"subjectName": "A"}]),
        with_login(subjects=[{"subjectName": "A"}, {"subjectName": " "}]),
    ),
    "an opted out and an addressless one": (
        with_invitation(optedOut=True, sendInvitations=True),
        with_invitation(emailAddress="", sendInvitations=True),
    ),
    "a section too few and another one": (
        RIGHT | {"loginSection": None},
        RIGHT | {"invitationSection": None},
    ),
}
UNTOLD = {
    "a seeding that has a key twice": with_seeds(v1="1", V1="1"),
    "a member that is not documented": RIGHT | {"colour": "red"},
    "a list for a section": RIGHT | {"loginSection": []},
    "no body": None,
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_the_same_signs(one: Any, other: Any) -> None:
    """What is only a person's own is no sign."""
    assert of(one) == of(other) is not None


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_different_signs(one: Any, other: Any) -> None:
    """What a finding names is a sign."""
    assert of(one) is not None
    assert of(one) != of(other)


@pytest.mark.parametrize("body", UNTOLD.values(), ids=UNTOLD.keys())
def test_no_signs(body: Any) -> None:
    """Where they would not tell everything, there are none."""
    assert of(body) is None


def test_signs_hold_nothing_personal() -> None:
    """They are kept for as long as a batch runs: no login, no address, no own words."""
    body = with_login(login=" ", interviewer="robin@example.com", subjects=[{"subjectName": ""}])
    body["invitationSection"] = {"emailAddress": "robin@@example", "inviteSeeding": {"nick": "Loxley"}}
    shown = repr(of(body)) + repr(of(with_seeds(v9="Robin", v3="Loxley", v1="x")))
    assert [secret for secret in ("robin", "Robin", "Loxley") if secret in shown] == []
