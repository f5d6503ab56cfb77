"""Participants of a survey that conflict a lot, and their outcomes when decided all together."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final, Literal

from participant_rules import survey
from participant_rules.batch import SurveyTask
from participant_rules.memory import MemorySurveys
from tests.asked import asked_of_survey as read_body
from tests.batch.drawing import WRONG, one_of, some
from tests.batch.results import RowResult, with_repeats

VARIABLES: Final = [
    {"variableId": "V1", "responseType": "Single", "codes": [{"codeValue": "1"}, {"codeValue": "2"}]},
    {"variableId": "V2", "responseType": "Multiple", "codes": [{"codeValue": "1"}, {"codeValue": "2"}]},
    {"variableId": "V3", "responseType": "Text"},
    {"variableId": "V4", "responseType": "Single"},
]
LOGINS: Final = ["kim", "lee", "Kim", "robin", "ann", "bob"]
ADDRESSES: Final = [
    "a@example.com",
    "A@EXAMPLE.com",
    " a@example.com ",
    "b@example.com",
    "ü@bücher.de",
    "u\u0308@xn--bcher-kva.de",
]


def survey_definition(random: Random) -> survey.Survey:
    """A survey of any kind, of which more or less is known."""
    data: dict[str, Any] = {"id": "S", "group": random.random() < 0.5}
    data["invited"], data["loggedOn"] = random.choice(
        [(True, False), (False, True), (True, True), (True, True)]
    )
    rare: dict[str, Callable[[], object]] = {
        "importState": lambda: one_of(random, None, odd=["running"], how_odd=0.03),
        "interviewers": lambda: random.choice([None, None, [], ["x@y.com"]]),
        "inviteSeeding": lambda: random.choice([[], ["surname", "Forenames"]]),
        "questionnaireSeeding": lambda: one_of(random, None, ["v1", "V2", "v3", "v4"], odd=[[]]),
        "variables": lambda: VARIABLES,
        "fixedSubjects": lambda: random.random() < 0.5,
    }
    return survey.Survey.from_json(data | some(random, rare, share=0.7))


def _seeding(random: Random, how_odd: float) -> Any:
    names = ["v1", "V1", "v2", "v3", "v4", "v9"] if random.random() < how_odd else ["v1", "V2", "v3", "v4"]
    keys = random.sample(names, random.choice([0, 0, 1, 1, 2, 3]))
    texts = ["1", "2", "x", None]
    odd = ["1;2", "2;2", " 1 ", "9", "", ";", "10:30", 1, True, [], {}]
    return {key: one_of(random, *texts[: 2 + random.randrange(3)], odd=odd, how_odd=how_odd) for key in keys}


def _subject(random: Random, how_odd: float, name: str) -> Any:
    members: dict[str, Callable[[], object]] = {
        "subjectName": lambda: one_of(random, name, odd=["", " ", "A", None, 1], how_odd=how_odd),
        "questionnaireSeeding": lambda: one_of(
            random, _seeding(random, how_odd), None, odd=[1, []], how_odd=how_odd / 3
        ),
        "status": lambda: one_of(random, "NotStarted", None, 1),
    }
    left_out = {"subjectName": how_odd / 2, "questionnaireSeeding": 0.3, "status": 0.3}
    kept = {name: make() for name, make in members.items() if random.random() > left_out[name]}
    return one_of(random, kept, odd=[{**kept, "colour": 1}, None, []], how_odd=how_odd / 3)


def _often(random: Random, members: dict[str, Callable[[], object]], share: float = 0.85) -> dict[str, Any]:
    return {name: make() for name, make in members.items() if random.random() < share}


def _invitation(random: Random, definition: survey.Survey, how_odd: float) -> dict[str, Any]:
    invites = {"Surname": "a:b"} if definition.invite_seeding and random.random() < 0.7 else {}
    unknown = [{"surname": "x"}, {"nick": "x"}, {"surname": 1}, 1]
    members: dict[str, Callable[[], object]] = {
        "optedOut": lambda: one_of(random, False, odd=[True, 1], how_odd=how_odd),
        "sendInvitations": lambda: one_of(random, False, True, odd=[None, "x"], how_odd=how_odd),
        "emailAddress": lambda: one_of(random, *ADDRESSES, odd=["bad@@x", "", " ", None, 1], how_odd=how_odd),
        "inviteSeeding": lambda: one_of(random, {}, invites, None, odd=unknown, how_odd=how_odd),
    }
    section = _often(random, members)
    return section | ({"invitationSeeding": {"surname": "x"}} if random.random() < how_odd / 4 else {})


def _login(random: Random, definition: survey.Survey, how_odd: float) -> dict[str, Any]:
    usual = "" if definition.interviewers and random.random() < 0.7 else None
    others = ["", "x@y.com", "X@y.com", "z@y.com", 1]
    subjects = _subjects(random, how_odd, group=definition.group)
    members: dict[str, Callable[[], object]] = {
        "login": lambda: one_of(random, *LOGINS, odd=["", " ", None, 1], how_odd=how_odd),
        "password": lambda: one_of(random, "p", None, odd=[1], how_odd=how_odd),
        "interviewer": lambda: one_of(random, usual, odd=others, how_odd=how_odd),
        "status": lambda: "NotStarted",
        "subjects": lambda: one_of(random, subjects, odd=[None, [], 1], how_odd=how_odd / 3),
    }
    return _often(random, members, share=0.93)


def _subjects(random: Random, how_odd: float, *, group: bool) -> list[Any]:
    if group:
        return [_subject(random, how_odd, name) for name in "ABC"[: random.choice([1, 1, 2, 3])]]
    return [_subject(random, how_odd, "") for _ in range(one_of(random, 1, odd=[0, 2], how_odd=how_odd))]


def participant(random: Random, definition: survey.Survey, how_odd: float = 0.1) -> Any:
    """A body that may be about one of a few participants, and may be odd or faulty."""
    if random.random() < how_odd / 5:
        return random.choice([*WRONG, None, "A"])
    invitation, login = _invitation(random, definition, how_odd), _login(random, definition, how_odd)
    wanted = {True: 0.97, False: how_odd / 2}
    body: dict[str, Any] = {}
    if random.random() < wanted[definition.invited]:
        body["invitationSection"] = one_of(random, invitation, odd=[None, [], 1], how_odd=how_odd / 4)
    if random.random() < wanted[definition.logged_on]:
        body["loginSection"] = one_of(random, login, odd=[None, [], 1], how_odd=how_odd / 4)
    if random.random() < 0.6:
        body["enabled"] = one_of(random, True, False, odd=[None, "x", 0, []], how_odd=how_odd)
    if random.random() < how_odd / 3:
        body["colour"] = random.choice(["red", 1, {"a": 1}])
    return body


def stored_participants(random: Random, definition: survey.Survey) -> list[dict[str, Any]]:
    """Participants that a store of a survey has."""
    found: dict[str, dict[str, Any]] = {}
    for _ in range(random.randrange(9)):
        body = participant(random, definition, how_odd=0)
        asked, faults = read_body(survey.Participant, body)
        if faults or not isinstance(asked, survey.Participant):
            continue
        identity = definition.identity(asked)
        if identity is not None:
            found.setdefault(definition.key(identity), survey.write(asked))
    return list(found.values())


def survey_store(definition: survey.Survey, stored: Sequence[dict[str, Any]]) -> MemorySurveys:
    """A store of a survey with these participants."""
    return MemorySurveys.from_json([{**definition.to_json(), "participants": stored}])


def participants_one_by_one(
    payloads: Sequence[object],
    definition: survey.Survey,
    store: MemorySurveys | None,
    *,
    operation: Literal["add", "update"],
    caller: survey.Caller,
) -> list[RowResult]:
    """The outcomes of participants that are sent one by one, decided all together."""
    changes = []
    for payload in payloads:
        asked, faults = read_body(survey.Participant, payload)
        changes.append(survey.Change(survey.Operation(operation), definition.id, asked=asked, faults=faults))
    known = store.find(survey.keys(changes)) if store else survey.Known(definition)
    found = survey.decide_all(changes, known, caller=caller)
    task = SurveyTask(definition, store, operation, caller)
    return with_repeats([_result_of(each) for each in found], payloads, task)


def _result_of(decision: survey.Decision) -> RowResult:
    action: Any = decision.action if decision else "refused"
    return action, (*decision.violations, *decision.warnings)


def a_group_survey(**known: Any) -> survey.Survey:
    """A survey with participants that log in and answer about several subjects."""
    definition = {"id": "S", "invited": False, "loggedOn": True, "group": True, "variables": VARIABLES}
    return survey.Survey.from_json(definition | {"questionnaireSeeding": None} | known)
