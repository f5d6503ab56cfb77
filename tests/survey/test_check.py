"""A payload checked before it is sent."""

import json
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from participant_rules import UNSET, Severity, Violation, survey
from participant_rules.conformance import Vector, load
from participant_rules.http import Request
from participant_rules.memory import MemorySurveys
from participant_rules.routes import Endpoint
from participant_rules.survey.api import ROUTES
from participant_rules.survey.case import Operation
from tests.asked import asked_of_survey as read_body
from tests.survey.samples import SECRETS, Json, a_survey, codes, login_section, payload, secret_participant

KNOWN: Json = {
    "importState": None,
    "interviewers": None,
    "inviteSeeding": [],
    "questionnaireSeeding": None,
    "variables": [],
}


def test_a_payload_that_stands() -> None:
    """It has no findings, in any form."""
    for kind in ("login", "invite", "both"):
        body = payload(kind)
        for form in (body, json.dumps(body), json.dumps(body).encode(), bytearray(json.dumps(body).encode())):
            for definition in (a_survey(kind), a_survey(kind, **KNOWN)):
                assert survey.check(form, definition) == ()
                assert survey.check(form, definition, operation="add") == ()


def test_payloads_of_one_program() -> None:
    """The hundredth one with the same members is checked as the first one is."""
    definition = a_survey("login", **KNOWN)
    body = payload("login")
    login = body["loginSection"]["login"]
    here = survey.Known(definition, {login: survey.Stored(survey.Participant())})
    sent, blank = json.dumps(body).encode(), deepcopy(body)
    blank["loginSection"]["login"] = " "

    def results() -> list[list[str]]:
        reported = survey.check(sent, definition, operation="add", known=here)
        elsewhere = survey.check(sent, definition, uid="somebody else")
        faulty = survey.check(json.dumps(blank).encode(), definition, operation="add")
        return [[each.code for each in found] for found in (reported, elsewhere, faulty)]

    before = results()
    assert before == [["login-name-taken"], ["identity-mismatch"], ["login-name-required"]]
    for _ in range(100):
        assert survey.check(sent, definition, operation="add") == ()
    assert results() == before


def test_everything_that_is_wrong() -> None:
    """Errors come in the order of precedence, then warnings."""
    body = {
        "enabled": 1,
        "colour": 2,
        "invitationSection": {"emailAddress": "nonsense", "inviteSeeding": {"town": "x"}},
        "loginSection": {
            "login": " ",
            "interviewer": "",
            "subjects": [{"subjectName": "", "questionnaireSeeding": {"v1": "1"}}],
            "Login": "kim",
        },
    }
    found = survey.check(body, a_survey("both", **KNOWN))
    assert [(each.code, each.pointer, each.severity) for each in found] == [
        ("wrong-type", "/enabled", Severity.ERROR),
        ("login-name-required", "/loginSection/login", Severity.ERROR),
        ("interviewer-not-allowed", "/loginSection/interviewer", Severity.ERROR),
        ("email-malformed", "/invitationSection/emailAddress", Severity.ERROR),
        ("invite-seeding-unknown", "/invitationSection/inviteSeeding/town", Severity.ERROR),
        ("variable-unknown", "/loginSection/subjects/0/questionnaireSeeding/v1", Severity.ERROR),
        ("unknown-field", "/colour", Severity.WARNING),
        ("unknown-field", "/loginSection/Login", Severity.WARNING),
    ]


def test_the_operation() -> None:
    """An update has a path and a stored participant, which an addition has not."""
    definition = a_survey()
    known = survey.Known(definition, {"kim": survey.Stored(survey.read(payload()))})
    assert codes(survey.check(payload(), definition, operation="add", known=known)) == ["login-name-taken"]
    assert codes(survey.check(payload(), definition, known=known)) == []


def test_the_path() -> None:
    """Where the id of the path is known, the body must agree with it, and somebody must have it."""
    definition = a_survey()
    assert codes(survey.check(payload(), definition, uid="lee")) == ["identity-mismatch"]
    assert codes(survey.check(payload(), definition, uid="kim")) == []
    assert codes(survey.check(payload(), definition, uid=UNSET)) == []
    nobody = survey.Known(definition, {})
    assert codes(survey.check(payload(), definition, uid="lee", known=nobody)) == ["participant-not-found"]
    assert codes(survey.check(payload(), definition, known=nobody)) == ["login-name-unknown"]


@pytest.mark.parametrize("kind", ["login", "invite"])
def test_a_path_is_judged_as_a_path(kind: str) -> None:
    """Only a body that is judged alone may name nobody; a path's id is another law's."""
    definition = a_survey(kind)
    nobody = survey.Known(definition, {})
    rules = {Operation.UPDATE: survey.UPDATE.without("participant-not-found")}
    uid = {"login": "kim", "invite": "kim@example.com"}[kind]
    assert survey.check(payload(kind), definition, uid=uid, known=nobody, rules=rules) == ()


def test_an_address_in_the_path() -> None:
    """Addresses compare without regard to case and white space."""
    definition = a_survey("invite")
    assert survey.check(payload("invite"), definition, uid="KIM@example.com") == ()
    nobody = survey.Known(definition, {})
    assert codes(survey.check(payload("invite"), definition, known=nobody)) == ["email-unknown"]


def test_what_an_update_would_lose() -> None:
    """Where the stored participant is known, left out members are warned about."""
    definition = a_survey()
    stored = survey.wire.read_stored({"loginSection": login_section(password="secret"), "enabled": False})
    known = survey.Known(definition, {"kim": survey.Stored(stored)})
    assert [(each.code, each.pointer) for each in survey.check(payload(), definition, known=known)] == [
        ("reset-by-omission", "/enabled"),
        ("reset-by-omission", "/loginSection/password"),
    ]


def test_the_caller_and_the_rules() -> None:
    """The caller's rights and the caller's own set of laws count."""
    body = {"loginSection": login_section(interviewer="")}
    stranger = survey.Caller(manages_interviewers=False)
    assert codes(survey.check(body, a_survey(), caller=stranger)) == ["interviewer-not-allowed"]
    rules = {Operation.UPDATE: survey.UPDATE.without("interviewer-not-allowed")}
    assert survey.check(body, a_survey(), caller=stranger, rules=rules) == ()


def test_an_unknown_survey() -> None:
    """A store may answer that there is no such survey."""
    found = survey.check(payload(), a_survey(), known=survey.Known(None))
    assert [(each.code, each.status) for each in found] == [("survey-not-accessible", 401)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", [("not-json", "")]),
        (b"\xff", [("not-json", "")]),
        ("{", [("not-json", "")]),
        ('{"a": 1, "a": 1}', [("key-repeated", "/a")]),
        ('{"loginSection": {"login": "kim", "login": "kim"}}', [("key-repeated", "/loginSection/login")]),
        ('{"enabled": NaN}', [("number-not-finite", "/enabled")]),
        ('{"loginSection": {"login": "\\u0000"}}', [("text-malformed", "/loginSection/login")]),
        (b"[" * 100_000, [("too-deep", "")]),
        (b'"' + b"a" * 10 * 1024 * 1024 + b'"', [("too-large", "")]),
        ([], [("wrong-type", "")]),
        (None, [("wrong-type", "")]),
        (object(), [("not-json-value", "")]),
        ({1: 2}, [("not-json-value", "")]),
        ({"loginSection": {"login": float("nan")}}, [("number-not-finite", "/loginSection/login")]),
        ({"loginSection": {"login": "\ud800"}}, [("text-malformed", "/loginSection/login")]),
    ],
    ids=range(15),
)
def test_bad_input_is_a_violation(body: object, expected: list[tuple[str, str]]) -> None:
    """An unreadable text is a violation, and nothing else is judged."""
    assert [(each.code, each.pointer) for each in survey.check(body, a_survey())] == expected


VECTORS = load([Path(__file__).parent.parent / "vectors" / "survey"])


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.heavy)])
@pytest.mark.parametrize("file", [pytest.param(file.cases, id=Path(file.file).stem) for file in VECTORS])
def test_a_check_is_the_dry_run_of_a_request(file: tuple[Vector, ...], every: int) -> None:
    """Over every fourth vector, the check of a body with all stored data finds the same as the dry run."""
    for case in file[::every]:
        register = MemorySurveys.from_json(case.given.get("surveys", ()))
        for step in case.steps:
            rights = step.caller if step.caller is not None else case.given.get("caller", {})
            caller = survey.Caller(rights.get("managesInterviewers", True))
            api = survey.Api(register, caller=caller)
            endpoint = ROUTES.find(step.request.method, step.request.path)
            if isinstance(endpoint, Endpoint) and endpoint.call in (Operation.ADD, Operation.UPDATE):
                assert _checked(register, endpoint, step.request, caller) == api.check(step.request)
            api.handle(step.request)


def _checked(
    register: MemorySurveys, endpoint: Endpoint[Operation], request: Request, caller: survey.Caller
) -> tuple[Violation, ...]:
    asked, faults = read_body(survey.Participant, request.body)
    change = survey.Change(endpoint.call, endpoint.names[0], endpoint.name(1), asked=asked, faults=faults)
    known = register.find(survey.keys([change]))
    return survey.check(
        request.body,
        known.survey or a_survey(),
        operation="add" if endpoint.call is Operation.ADD else "update",
        uid=endpoint.name(1),
        known=known,
        caller=caller,
    )


WHOLE: Json = {
    "invitationSection": {
        "optedOut": False,
        "sendInvitations": False,
        "emailAddress": "kim@example.com",
        "inviteSeeding": {},
    },
    "loginSection": {
        "login": "kim",
        "password": None,
        "interviewer": None,
        "status": None,
        "subjects": [{"subjectName": "", "questionnaireSeeding": {}, "status": None}],
    },
    "enabled": True,
}


def _renamed(path: tuple[str | int, ...]) -> Json:
    """The whole body with one member under another name."""
    body = deepcopy(WHOLE)
    inner: Any = body
    for part in path[:-1]:
        inner = inner[part]
    inner["other"] = inner.pop(path[-1])
    return body


@pytest.mark.parametrize(
    ("path", "pointer", "found"),
    [
        (("enabled",), "/other", []),
        (("invitationSection",), "/other", ["invitation-section-required"]),
        (("invitationSection", "emailAddress"), "/invitationSection/other", []),
        (("invitationSection", "inviteSeeding"), "/invitationSection/other", []),
        (("loginSection", "login"), "/loginSection/other", ["login-name-required"]),
        (("loginSection", "password"), "/loginSection/other", []),
        (("loginSection", "subjects"), "/loginSection/other", ["subject-required"]),
        (
            ("loginSection", "subjects", 0, "subjectName"),
            "/loginSection/subjects/0/other",
            ["subject-not-single"],
        ),
        (("loginSection", "subjects", 0, "status"), "/loginSection/subjects/0/other", []),
    ],
    ids=lambda each: str(each[-1]) if isinstance(each, tuple) else None,
)
def test_a_member_under_another_name(path: tuple[str | int, ...], pointer: str, found: list[str]) -> None:
    """A body with the right number of members, one of which is not documented, lacks the documented one."""
    reported = survey.check(_renamed(path), a_survey("both", **KNOWN))
    assert codes(reported) == [*found, "unknown-field"]
    assert reported[-1].pointer == pointer
    assert survey.check(json.dumps(_renamed(path)), a_survey("both", **KNOWN)) == reported


def test_a_whole_body() -> None:
    """A body with every documented member stands."""
    assert survey.check(WHOLE, a_survey("both", **KNOWN)) == ()


BIG = "x" * 1_000_000
HOSTILE = {
    "a long login": payload(loginSection=login_section(BIG)),
    "a long address": {"invitationSection": {"emailAddress": BIG}},
    "a long address with an at sign": {"invitationSection": {"emailAddress": BIG + "@example.com"}},
    "a long domain": {"invitationSection": {"emailAddress": "a@" + "a." * 500_000 + "com"}},
    "at signs": {"invitationSection": {"emailAddress": "@" * 1_000_000}},
    "dots": {"invitationSection": {"emailAddress": "." * 1_000_000}},
    "white space": {"invitationSection": {"emailAddress": " " * 1_000_000}},
    "letters beyond ASCII": {"invitationSection": {"emailAddress": "ž" * 500_000 + "@ž.example"}},
    "a long interviewer": payload(loginSection=login_section(interviewer=BIG)),
    "a long name of a subject": payload(loginSection=login_section("kim", BIG)),
    "many subjects": payload(loginSection=login_section("kim", *map(str, range(30_000)))),
    "one subject many times": payload(loginSection=login_section("kim", *["a"] * 5_000)),
    "a long key": payload(
        loginSection=login_section(subjects=[{"subjectName": "", "questionnaireSeeding": {BIG: "1"}}])
    ),
    "a long value": payload(
        loginSection=login_section(subjects=[{"subjectName": "", "questionnaireSeeding": {"v48": BIG}}])
    ),
    "many values": payload(
        loginSection=login_section(
            subjects=[{"subjectName": "", "questionnaireSeeding": {"v48": "1;" * 300_000}}]
        )
    ),
    "many unknown values": payload(
        loginSection=login_section(
            subjects=[{"subjectName": "", "questionnaireSeeding": {"v48": ";".join(map(str, range(5_000)))}}]
        )
    ),
    "many seeds": payload(
        loginSection=login_section(
            subjects=[{"subjectName": "", "questionnaireSeeding": {f"k{i}": "1" for i in range(5_000)}}]
        )
    ),
    "many undocumented members": payload() | {f"k{i}": 1 for i in range(5_000)},
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("kind", ["both", "invite", "group"])
@pytest.mark.usefixtures("uncollected")
def test_hostile_payloads_are_judged_in_linear_time(body: object, kind: str) -> None:
    """A megabyte in any field is a violation or a clean verdict within a second."""
    variables = [{"variableId": "V48", "responseType": "Multiple", "codes": [{"codeValue": "1"}]}]
    definition = a_survey(
        "both" if kind == "group" else kind,
        **{**KNOWN, "variables": variables, "interviewers": []},
        group=kind == "group",
    )
    text = json.dumps(body)
    started = time.process_time()
    survey.check(text, definition)
    assert time.process_time() - started < 1


def test_nothing_personal_is_shown() -> None:
    """No violation shows a value, but for keys and codes, which the documented sentences name."""
    body = secret_participant()
    body["invitationSection"] |= {"emailAddress": "robin@example.com@", "inviteSeeding": {"town": "Loxley"}}
    body["loginSection"]["subjects"] *= 2
    found = survey.check(
        body, a_survey("both", interviewers=[], inviteSeeding=[], variables=[], group=True), uid="x"
    )
    assert len(found) > 5
    shown = repr(found) + json.dumps([each.as_dict() for each in found])
    assert [secret for secret in SECRETS if secret in shown] == []
