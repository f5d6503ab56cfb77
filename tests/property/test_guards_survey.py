"""The walk over a body against the rules: where it has no doubt, no rule finds anything."""

import json
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import survey
from participant_rules.rules import RuleSet
from participant_rules.survey.guards import GUARDS, walk
from participant_rules.survey.wire import read_body
from participant_rules.unset import UNSET, Unset

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.just(1.5) | st.text("ab \0:\ud800", max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2),
    max_leaves=4,
)
NAMES = st.sampled_from(["A", "B", "", " ", "a", "A:"])
TEXTS = st.sampled_from(["1", "2", "1;2", "2;2", " 1 ", "9", "", ";", "time: 10:30", None])
KEYS = st.sampled_from(["v1", "V1", "v2", "v3", "v4", "v9", "İ", "i̇"])
ADDRESSES = st.sampled_from(["a@example.com", " A@example.com ", "bad@@x", "", " ", "ü@bücher.de", None])
SEEDINGS = st.dictionaries(KEYS, TEXTS, max_size=4)
INVITES = st.dictionaries(st.sampled_from(["surname", "Surname", "forenames", "nick"]), TEXTS, max_size=3)
STATUS = st.sampled_from(["NotStarted", None]) | JSON


def rarely(right: st.SearchStrategy[Any], wrong: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A right value nine times of ten, so that most bodies are nearly right."""
    return st.integers(0, 9).flatmap(lambda number: right if number else wrong)


def objects(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object that may lack members, may have one more or another one, or may be something else."""
    some = st.fixed_dictionaries({}, optional=members)
    whole = st.fixed_dictionaries(members)
    other = st.builds(
        lambda one, name, value: {each: one[each] for each in one if each != name} | {"other": value},
        whole,
        st.sampled_from(sorted(members)),
        JSON,
    )
    more = st.builds(
        lambda one, other: {**one, **other}, whole, st.dictionaries(st.text("ab", max_size=3), JSON)
    )
    return rarely(rarely(whole, some | more | other), st.none() | JSON)


SUBJECTS = objects(
    subjectName=rarely(NAMES, JSON), questionnaireSeeding=rarely(SEEDINGS, JSON), status=STATUS
)
LOGINS = objects(
    login=rarely(NAMES, JSON),
    password=rarely(st.sampled_from(["p", None]), JSON),
    interviewer=rarely(st.none(), st.sampled_from(["x@y.com", ""]) | JSON),
    status=STATUS,
    subjects=rarely(st.lists(SUBJECTS, max_size=3), st.none() | JSON),
)
INVITATIONS = objects(
    optedOut=rarely(st.booleans(), JSON),
    sendInvitations=rarely(st.booleans(), JSON),
    emailAddress=rarely(ADDRESSES, JSON),
    inviteSeeding=rarely(INVITES, JSON),
) | st.fixed_dictionaries({"invitationSeeding": INVITES}, optional={"inviteSeeding": INVITES})
BODIES = objects(invitationSection=INVITATIONS, loginSection=LOGINS, enabled=rarely(st.booleans(), JSON))

VARIABLES = [
    {"variableId": "V1", "responseType": "Single", "codes": [{"codeValue": "1"}, {"codeValue": "2"}]},
    {"variableId": "V2", "responseType": "Multiple", "codes": [{"codeValue": "1"}, {"codeValue": "2"}]},
    {"variableId": "V3", "responseType": "Text"},
    {"variableId": "V4", "responseType": "Single"},
]
DEFINITIONS = st.fixed_dictionaries(
    {"id": st.just("S"), "invited": st.booleans(), "loggedOn": st.booleans(), "group": st.booleans()},
    optional={
        "importState": st.sampled_from([None, None, "running"]),
        "interviewers": st.sampled_from([None, [], ["x@y.com"]]),
        "inviteSeeding": st.sampled_from([[], ["surname", "Forenames"]]),
        "questionnaireSeeding": st.sampled_from([None, [], ["v1", "V2", "v3", "v4"]]),
        "variables": st.just(VARIABLES),
        "fixedSubjects": st.booleans(),
    },
).map(survey.Survey.from_json)
STORED = survey.Stored(
    survey.Participant(
        login_section=survey.LoginSection(
            login="A", password="p", subjects=(survey.Subject(subject_name="A"),)
        )
    )
)
CALLERS = st.builds(survey.Caller, manages_interviewers=st.booleans())
OPERATIONS: st.SearchStrategy[Literal["add", "update"]] = st.sampled_from(["add", "update"])
UIDS = st.sampled_from([UNSET, UNSET, "A", "a@example.com", "A@EXAMPLE.com", "B"])


@st.composite
def known_of(draw: st.DrawFn) -> survey.Known:
    """A survey with nobody asked, or with one participant stored; sometimes no survey."""
    definition = draw(rarely(DEFINITIONS, st.none()))
    stored: list[dict[str, survey.Stored]] = [{}, {"A": STORED}, {"a@example.com": STORED}]
    participants = draw(st.sampled_from(stored) | st.just(UNSET))
    return survey.Known(definition, participants)


def case_of(
    body: Any, operation: str, uid: str | Unset, known: survey.Known, caller: survey.Caller
) -> survey.Case | None:
    """The case without a walk: everything is in doubt."""
    asked, faults = read_body(survey.Participant, body)
    if asked is UNSET:
        return None
    change = survey.Change(survey.Operation(operation), "S", uid, asked=asked, faults=faults)
    return survey.Case.of(change, known, caller)


@given(BODIES, OPERATIONS, UIDS, known_of(), CALLERS)
def test_where_the_walk_has_no_doubt_no_rule_finds_anything(
    body: Any,
    operation: Literal["add", "update"],
    uid: str | Unset,
    known: survey.Known,
    caller: survey.Caller,
) -> None:
    """Each guard alone, for every rule that it vouches for."""
    doubts, _, _ = walk(body, operation, uid, known, caller)
    case = case_of(body, operation, uid, known, caller)
    if case is None:
        return
    for rule in survey.RULES[survey.Operation(operation)]:
        assert rule.clear is not None
        case.doubts = doubts
        vouched = rule.clear(case)
        case.doubts = -1
        alone = RuleSet((rule,))
        assert not vouched or (alone.violations(case), alone.warnings(case)) == ((), ()), rule.code


@given(BODIES, OPERATIONS, UIDS, known_of(), CALLERS, st.booleans())
def test_the_walk_changes_no_verdict(
    body: Any,
    operation: Literal["add", "update"],
    uid: str | Unset,
    known: survey.Known,
    caller: survey.Caller,
    spaced: bool,
) -> None:
    """A check with its walk finds what the rules find in the whole, of a text as of a decoded value."""
    definition = known.survey or survey.Survey(invited=True, logged_on=True, group=True)
    text = json.dumps(body, separators=None if spaced else (",", ":"), indent=1 if spaced else None)
    case = case_of(text, operation, uid, known, caller)
    _, faults = read_body(survey.Participant, text)
    decision = None if case is None else survey.decide(case)
    expected = faults if decision is None else (*decision.violations, *decision.warnings)
    for payload in (text, text.encode()):
        found = survey.check(payload, definition, operation=operation, uid=uid, known=known, caller=caller)
        assert found == expected
    if not isinstance(body, str):  # that would be a text itself
        found = survey.check(body, definition, operation=operation, uid=uid, known=known, caller=caller)
        assert sorted(found, key=str) == sorted(expected, key=str)  # a text tells its faults in its order


@given(BODIES, OPERATIONS, UIDS, known_of(), CALLERS)
def test_the_number_of_names(
    body: Any,
    operation: Literal["add", "update"],
    uid: str | Unset,
    known: survey.Known,
    caller: survey.Caller,
) -> None:
    """The walk counts every name of a body that it has read, or says that it has not."""
    _, names, _ = walk(body, operation, uid, known, caller)
    assert names < 0 or names == count_names(body)


def count_names(value: object) -> int:
    """The number of names in all objects of a value."""
    if isinstance(value, dict):
        return len(value) + sum(map(count_names, value.values()))
    return sum(map(count_names, value)) if isinstance(value, list) else 0


WHOLE: dict[str, Any] = {
    "invitationSection": {
        "optedOut": False,
        "sendInvitations": True,
        "emailAddress": "a@example.com",
        "inviteSeeding": {"surname": "x"},
    },
    "loginSection": {
        "login": "A",
        "password": None,
        "interviewer": None,
        "status": "NotStarted",
        "subjects": [{"subjectName": "A", "questionnaireSeeding": {"v1": "1"}, "status": "NotStarted"}],
    },
    "enabled": True,
}


def test_a_clear_body_is_not_doubted() -> None:
    """The walk vouches for all of it: otherwise it would be right and of no use."""
    definition = survey.Survey.from_json(
        {
            "invited": True,
            "loggedOn": True,
            "group": True,
            "inviteSeeding": ["surname"],
            "questionnaireSeeding": None,
            "variables": VARIABLES,
            "interviewers": None,
        }
    )
    for operation in ("add", "update"):
        known = survey.Known(definition, {} if operation == "add" else UNSET)
        assert walk(WHOLE, operation, UNSET, known, survey.Caller()) == (0, 17, "A")


@pytest.mark.parametrize("operation", ["add", "update"])
def test_all_rules_of_the_calls_with_a_body_are_walked_for(operation: Literal["add", "update"]) -> None:
    """No rule of ours makes a clear record ask it."""
    assert survey.RULES[survey.Operation(operation)].guards <= GUARDS


def test_a_name_that_stands_twice_is_seen() -> None:
    """However the text spells it, and whatever colons its values have."""
    definition = survey.Survey(invited=False, logged_on=True, group=False)
    subject = '{"subjectName": "", "questionnaireSeeding": {"v1": "a:b"}, "status": null}'
    for login in ('"login": "A", "login": "A"', '"login" : "A", "lo\\u0067in": "A"', '"login": "A"'):
        text = f'{{"loginSection": {{{login}, "subjects": [{subject}]}}}}'
        found = [each.code for each in survey.check(text, definition)]
        assert found == (["key-repeated"] if "login" in login[8:] or "\\u" in login else [])
