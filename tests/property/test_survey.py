"""Laws that hold for every survey, every store and every request."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import UNSET, Rule, RuleSet, Severity, Violation, survey
from participant_rules.http import Request
from participant_rules.memory import MemorySurveys
from participant_rules.survey.case import Case, Change, Operation, keys
from participant_rules.survey.decision import decide
from participant_rules.survey.wire import read_stored, write
from tests.asked import asked_of_survey as read_body

Json = Any

# ---- what is known

LOGINS = ["kim", "Kim", "lee", "a/b", " x"]
ADDRESSES = ["kim@example.com", "KIM@Example.com", "lee@bücher.example", "nonsense", " lee@example.com "]
NAMES = ["", "A", "B", "a", " ", "null"]
KEYS = ["v46", "V46", "v48", "v50", "v99", "surname", "Surname", "town", ""]
TEXTS = ["", "1", "2", "1;2", "1;1", " 1 ; ", "9;9", "1;9", "Doe"]

seedings = st.dictionaries(st.sampled_from(KEYS), st.none() | st.sampled_from(TEXTS), max_size=3)
statuses = st.sampled_from([None, "NotStarted", "Saved", "Completed"])


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Json]:
    """A survey's facts, some of them left out."""
    kinds = [(True, True), (True, False), (False, True), (True, True), (False, True), (False, False)]
    invited, logged_on = draw(st.sampled_from(kinds))
    codes = [{"codeValue": "1"}, {"codeValue": "2"}]
    variables = [
        {"variableId": "V46", "responseType": "Single", "codes": codes},
        {"variableId": "V48", "responseType": "Multiple", "codes": codes},
        {"variableId": "v50", "responseType": "Text"},
        {"variableId": "V51", "responseType": "Multiple"},
    ]
    optional = {
        "importState": st.sampled_from([None, None, None, None, "running"]),
        "interviewers": st.sampled_from([None, [], ["kim@example.com"]]),
        "inviteSeeding": st.sampled_from([[], ["surname"], ["Surname", "town"]]),
        "questionnaireSeeding": st.sampled_from([None, [], ["v46", "V48"]]),
        "variables": st.sampled_from([[], variables, variables[:2]]),
        "fixedSubjects": st.booleans(),
    }
    facts = {"id": "S1", "invited": invited, "loggedOn": logged_on, "group": draw(st.booleans())}
    return facts | draw(st.fixed_dictionaries({}, optional=optional))


def _invitation_section(*, stored: bool) -> st.SearchStrategy[Json]:
    seeding = (
        {"inviteSeeding": seedings} if stored else {"inviteSeeding": seedings, "invitationSeeding": seedings}
    )
    return st.fixed_dictionaries(
        {"emailAddress": st.sampled_from(ADDRESSES)},
        optional={"optedOut": st.booleans(), "sendInvitations": st.booleans(), **seeding},
    )


def _login_section(*, group: bool, login: st.SearchStrategy[str]) -> st.SearchStrategy[Json]:
    names = st.sampled_from(NAMES) if group else st.sampled_from(["", "", "", "A"])
    subject = st.fixed_dictionaries(
        {"subjectName": names}, optional={"questionnaireSeeding": seedings, "status": statuses}
    )
    return st.fixed_dictionaries(
        {"login": login, "subjects": st.lists(subject, min_size=1, max_size=3 if group else 1)},
        optional={
            "password": st.sampled_from([None, "", "secret"]),
            "interviewer": st.sampled_from([None, "", "kim@example.com", "lee@example.com"]),
            "status": statuses,
        },
    )


@st.composite
def stores(draw: st.DrawFn) -> tuple[dict[str, Json], MemorySurveys]:
    """A survey and its store, with participants of different identities."""
    facts = draw(definitions())
    key = survey.Survey.from_json(facts).key
    participants = {}
    for login in draw(st.lists(st.sampled_from(LOGINS), max_size=3)):
        section = draw(_login_section(group=facts["group"], login=st.just(login)))
        section["subjects"] = list({each["subjectName"]: each for each in section["subjects"]}.values())
        invitation = draw(_invitation_section(stored=True))
        identity = login if facts["loggedOn"] else invitation["emailAddress"]
        participants[key(identity)] = {
            "invitationSection": invitation,
            "loginSection": section,
            "enabled": draw(st.booleans()),
        }
    return facts, MemorySurveys.from_json([{**facts, "participants": list(participants.values())}])


# ---- what is asked

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "x", "\0"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["a", "login", "v46"]), inner, max_size=2)
    ),
    max_leaves=3,
)
FIELDS = [
    "enabled",
    "optedOut",
    "login",
    "Login",
    "subjects",
    "subjectName",
    "emailAddress",
    "status",
    "x/y",
    "",
]


def _places(value: Json) -> Iterator[tuple[Json, Json]]:
    """Every container in a value, with every name or position in it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield value, name
        yield from _places(inner)


@st.composite
def _mutated(draw: st.DrawFn, bodies: st.SearchStrategy[Json]) -> Json:
    """A body that is mostly right: some of its values are replaced, taken away or added."""
    body = draw(bodies)
    for _ in range(draw(st.sampled_from([0, 0, 0, 0, 1, 1, 2]))):
        places = list(_places(body))
        if not places:
            break
        container, name = draw(st.sampled_from(places))
        change = draw(st.sampled_from(["replace", "remove", "add"]))
        if change == "replace":
            container[name] = draw(values)
        elif change == "remove":
            del container[name]
        elif isinstance(container, dict):
            container[draw(st.sampled_from(FIELDS))] = draw(values)
    return body


def bodies(facts: dict[str, Json]) -> st.SearchStrategy[Json]:
    """Bodies that this survey mostly takes."""
    invitation = _invitation_section(stored=False)
    login = _login_section(group=facts["group"], login=st.sampled_from(LOGINS))
    sections = {"invitationSection": invitation} if facts["invited"] else {}
    if facts["loggedOn"]:
        sections["loginSection"] = login
    others = {
        "enabled": st.booleans(),
        "invitationSection": st.none() | invitation,
        "loginSection": st.none() | login,
    }
    return _mutated(
        st.fixed_dictionaries(
            sections, optional={name: each for name, each in others.items() if name not in sections}
        )
    )


@st.composite
def requests(draw: st.DrawFn, facts: dict[str, Json]) -> Request:
    """A request on the survey, mostly an update or an add."""
    identity = draw(st.sampled_from(LOGINS if facts["loggedOn"] else ADDRESSES)).replace("/", "%2F")
    one = f"/surveys/S1/participants/{identity}"
    subject = f"{one}/subjects/{draw(st.sampled_from(['null', 'A', 'B', 'C']))}"
    subjects = _mutated(
        st.fixed_dictionaries(
            {"subjectName": st.sampled_from(NAMES)}, optional={"questionnaireSeeding": seedings}
        )
    )
    body = st.none()
    calls = [
        ("PUT", one, bodies(facts)),
        ("PUT", one, bodies(facts)),
        ("POST", "/surveys/S1/participants", bodies(facts)),
        ("DELETE", one, body),
        ("GET", one, body),
        ("GET", "/surveys/S1/participants", body),
        ("GET", f"{one}/subjects", body),
        ("POST", f"{one}/subjects", subjects),
        ("GET", subject, body),
        ("PUT", subject, subjects),
        ("DELETE", subject, body),
        ("GET", "/surveys/S2/participants", body),
    ]
    method, path, asked = draw(st.sampled_from(calls))
    text = json.dumps(draw(asked))
    if draw(st.integers(0, 20)) == 0:
        text = text.replace('"', "'", 1)
    return Request(method, path, body=text.encode())


scenes = stores().flatmap(
    lambda store: st.tuples(st.just(store), requests(store[0]), st.booleans().map(survey.Caller))
)
Scene = tuple[tuple[dict[str, Json], MemorySurveys], Request, survey.Caller]


def _errors(found: tuple[Violation, ...]) -> list[Violation]:
    return [each for each in found if each.severity is Severity.ERROR]


# ---- laws


@given(scenes)
def test_the_dry_run_and_the_answer_agree(scene: Scene) -> None:
    """A request with errors is refused with the first one's sentence, changing nothing; else it succeeds."""
    (_, register), request, caller = scene
    api = survey.Api(register, caller=caller)
    before = register.to_json()
    found = api.check(request)
    assert register.to_json() == before
    response = api.handle(request)
    errors = _errors(found)
    assert list(found[: len(errors)]) == errors
    if errors:
        assert (response.status, response.json()) == (errors[0].status, {"message": errors[0].message})
        assert register.to_json() == before
    else:
        assert response.status == 200
        assert request.method != "GET" or register.to_json() == before


@given(scenes)
def test_a_check_before_sending_finds_what_the_dry_run_finds(scene: Scene) -> None:
    """With all that a store answers, a payload's check is the dry run of its request."""
    (_, register), request, caller = scene
    operation, uid = _operation(request)
    if operation is None:
        return
    asked, faults = read_body(survey.Participant, request.body)
    change = Change(operation, "S1", uid, asked=asked, faults=faults)
    known = register.find(keys([change]))
    assert known.survey is not None
    found = survey.check(
        request.body, known.survey, operation=operation.value, uid=uid, known=known, caller=caller
    )
    assert found == survey.Api(register, caller=caller).check(request)


def _operation(request: Request) -> tuple[Any, Any]:
    """The call on a participant with a body, and the id in its path."""
    rest = request.path.removeprefix("/surveys/S1/participants")
    if request.method == "POST" and rest == "":
        return Operation.ADD, UNSET
    if request.method == "PUT" and rest.count("/") == 1:
        return Operation.UPDATE, rest[1:].replace("%2F", "/")
    return None, None


@given(scenes)
def test_what_is_not_known_only_spares(scene: Scene) -> None:
    """Less knowledge finds no error that full knowledge would not also find, but for a gate."""
    (facts, register), request, caller = scene
    operation, uid = _operation(request)
    if operation is None:
        return
    asked, faults = read_body(survey.Participant, request.body)
    change = Change(operation, "S1", uid, asked=asked, faults=faults)
    least = {name: facts[name] for name in ("id", "invited", "loggedOn", "group")} | {"fixedSubjects": False}
    found = _errors(
        survey.check(
            request.body, survey.Survey.from_json(least), operation=operation.value, uid=uid, caller=caller
        )
    )
    full = _errors(
        survey.check(
            request.body,
            survey.Survey.from_json(facts),
            operation=operation.value,
            uid=uid,
            caller=caller,
            known=register.find(keys([change])),
        )
    )
    gated = any(
        each.code in survey.RULES[operation] and survey.RULES[operation][each.code].gate for each in full
    )
    assert gated or [each for each in found if each not in full] == []


@given(scenes)
def test_an_explanation_has_every_violation(scene: Scene) -> None:
    """The violations of a decision are those of an account of every rule."""
    (_, register), request, caller = scene
    operation, uid = _operation(request)
    if operation is None:
        return
    asked, faults = read_body(survey.Participant, request.body)
    change = Change(operation, "S1", uid, asked=asked, faults=faults)
    decision = decide(Case.of(change, register.find(keys([change])), caller))
    shown = [violation for verdict in decision.explain() for violation in verdict.violations]
    assert tuple(_errors(tuple(shown))) == decision.violations[len(faults) :]
    assert [each for each in shown if each.severity is Severity.WARNING] == list(decision.warnings) or any(
        each.rule.gate and each.outcome == "fired" for each in decision.explain()
    )


@given(scenes, st.randoms(use_true_random=False))
def test_the_order_of_the_rules_decides_the_answer(scene: Scene, random: Any) -> None:
    """However the laws are ordered, violations come in that order and the first one is the answer."""
    (_, register), request, caller = scene
    operation, uid = _operation(request)
    if operation is None:
        return
    laws: list[Rule] = list(survey.RULES[operation])
    random.shuffle(laws)
    shuffled = RuleSet(laws)
    asked, faults = read_body(survey.Participant, request.body)
    change = Change(operation, "S1", uid, asked=asked, faults=faults)
    case = Case.of(change, register.find(keys([change])), caller)
    found = shuffled.violations(case)
    places = [shuffled.codes.index(each.code) for each in found]
    assert places == sorted(places)
    assert shuffled.first(case) == (found[0] if found else None)


@given(scenes)
def test_what_a_get_answers_is_accepted_by_a_put_and_changes_nothing(scene: Scene) -> None:
    """Each answer goes back and leaves the same answer, while the survey's facts allow it."""
    (facts, register), request, caller = scene
    api = survey.Api(register, caller=caller)
    api.handle(request)
    for participant in register.to_json()[0]["participants"]:
        path = _path(facts, participant)
        answer = api.handle(Request("GET", path))
        if answer.status != 200 or not _allowed(facts, participant, caller):
            continue
        again = api.handle(Request("PUT", path, body=answer.body))
        assert (again.status, again.json()) == (200, answer.json())
        assert api.handle(Request("GET", path)).json() == answer.json()


def _path(facts: dict[str, Json], participant: Json) -> str:
    section, name = ("loginSection", "login") if facts["loggedOn"] else ("invitationSection", "emailAddress")
    return f"/surveys/S1/participants/{participant[section][name].replace('/', '%2F')}"


def _allowed(facts: dict[str, Json], participant: Json, caller: survey.Caller) -> bool:
    """Whether the stored data break no law of their survey."""
    definition = survey.Survey.from_json(facts)
    asked = write(read_stored(participant))
    for name, wanted in (
        ("invitationSection", definition.invited),
        ("loginSection", definition.logged_on),
    ):
        if not wanted:
            asked.pop(name, None)
    section = asked.get("loginSection")
    if section:
        open_to = caller.manages_interviewers and definition.interviewers is not None
        section["interviewer"] = (section.get("interviewer") or "") if open_to else None
    found = survey.check(asked, definition, caller=caller)
    return not facts.get("importState") and _errors(found) == []


# ---- wire

texts = st.text(max_size=4)
entities = st.builds(
    survey.Participant,
    invitation_section=st.none()
    | st.builds(
        survey.InvitationSection,
        opted_out=st.booleans(),
        send_invitations=st.booleans(),
        email_address=st.none() | texts.map(str.strip),
        invite_seeding=st.none() | st.dictionaries(texts, st.none() | texts, max_size=2),
    ),
    login_section=st.none()
    | st.builds(
        survey.LoginSection,
        login=st.none() | texts,
        password=st.none() | texts,
        interviewer=st.none() | texts,
        status=st.none() | texts,
        subjects=st.none()
        | st.lists(
            st.builds(
                survey.Subject,
                subject_name=st.none() | texts,
                questionnaire_seeding=st.none() | st.dictionaries(texts, st.none() | texts, max_size=2),
                status=st.none() | texts,
            ),
            max_size=2,
        ).map(tuple),
    ),
    enabled=st.booleans(),
)


@given(entities)
def test_what_is_written_is_read(participant: survey.Participant) -> None:
    """Every entity goes over the wire and back."""
    assert read_stored(write(participant)) == participant
    assert read_stored(json.loads(json.dumps(write(participant)))) == participant


# ---- bad input

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "invitationSection",
                    "loginSection",
                    "subjects",
                    "login",
                    "questionnaireSeeding",
                    "enabled",
                    "é",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(anything | st.binary(max_size=30) | st.text(max_size=30), definitions())
def test_any_payload_has_a_verdict(payload: object, facts: dict[str, Json]) -> None:
    """Any value, any bytes and any text are judged, and never raise."""
    definition = survey.Survey.from_json(facts)
    assert isinstance(survey.check(payload, definition), tuple)
    assert isinstance(survey.check(payload, definition, operation="add"), tuple)


@given(stores(), st.text(max_size=8), st.text(max_size=30), st.binary(max_size=30))
def test_any_request_has_an_answer(
    store: tuple[dict[str, Json], MemorySurveys], method: str, path: str, body: bytes
) -> None:
    """Any method, path and body are answered, and the dry run agrees."""
    api = survey.Api(store[1])
    for request in (
        Request(method, path, body=body),
        Request("PUT", f"/surveys/S1/participants/{path}", body=body),
    ):
        response = api.handle(request)
        assert response.status in {200, 400, 401, 404, 405}
        assert bool(_errors(api.check(request))) is (response.status != 200)


MEGABYTES = {
    "brackets": b"[" * 100_000,
    "nested brackets": b"[" * 100_000 + b"]" * 100_000,
    "digits": b"1" * 1_000_000,
    "a field": json.dumps(
        {"loginSection": {"login": "x" * 1_000_000, "subjects": [{"subjectName": ""}]}}
    ).encode(),
    "no text": b"\xff" * 1_000_000,
    "nothing": b"",
}


@pytest.mark.parametrize("body", MEGABYTES.values(), ids=MEGABYTES.keys())
def test_a_megabyte_is_answered(body: bytes) -> None:
    """Large bodies of bad input are refused like small ones."""
    register = MemorySurveys.from_json([{"id": "S1", "invited": True, "loggedOn": True, "group": False}])
    response = survey.Api(register).handle(Request("POST", "/surveys/S1/participants", body=body))
    assert response.status == 400
