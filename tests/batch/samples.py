"""Records that conflict a lot, and what becomes of them one by one: what a batch must say too."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from typing import Any, Final, Literal

from attrs import evolve, field, frozen

from participant_rules import project, survey
from participant_rules.batch import Action, Chunk, Outcome, Part, ProjectTask, SurveyTask
from participant_rules.batch.chunks import ChunkResult
from participant_rules.batch.records import Notice
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.project.wire import read_body as read_project_body
from participant_rules.survey.wire import read_body as read_survey_body
from participant_rules.violations import Violation

Said = tuple[Action, tuple[Violation, ...]]
"""What becomes of a record, and all that is said of it."""

IDS: Final = [f"00000000-0000-0000-0000-00000000000{i}" for i in "abcd"]
NAMES: Final = ["A", "B", "C", "D", "E", "F"]
EMAILS: Final = [
    "a@example.com",
    "A@EXAMPLE.com",
    " b@example.com",
    "c@example.com",
    "ü@example.com",
    "d@bücher.de",
]
PHONES: Final = ["2125550100", "(212) 555-0100", "+12125550101", "2125550102", "5557778888", "2025550103"]
SECRETS: Final = ("Robin", "robin@example.com", "2125550177", "hunter2", "Loxley")


def said_of(outcomes: Iterable[Outcome]) -> list[Said]:
    """What a batch says of each record."""
    return [(each.action, tuple([found.violation for found in each.findings])) for each in outcomes]


def said_of_rows(result: ChunkResult) -> list[Said]:
    """What the result of a chunk says of each row."""
    return [(action, said) for _, action, said in result]


# ---- a file that is made up


@frozen
class Stretch:
    """A part of a made-up file."""

    chunk: Chunk
    size: int = 10

    def read(self) -> Chunk:
        """Its records."""
        return self.chunk


@frozen
class Made:
    """A made-up file: its records stand on every other line from the second one."""

    payloads: Sequence[object] = field(repr=False)
    name: str = "made.csv"
    sound: bool = False
    subjects: Sequence[Sequence[int]] = ()
    notices: Sequence[Notice] = ()
    size: int = 100

    def parts(self, records: int) -> Iterator[Part]:
        """Its parts."""
        for start in range(0, len(self.payloads), records):
            some = self.payloads[start : start + records]
            rows = [2 * (start + place) + 2 for place in range(len(some))]
            yield Stretch(Chunk(some, rows, self.subjects[start : start + records], self.sound))

    def column(self, pointer: str) -> str | None:
        """The column that is named like the last member of the pointer."""
        return pointer.rpartition("/")[2].upper() or None


def one_of(random: Random, *usual: object, odd: Sequence[object] = (), how_odd: float = 0.1) -> Any:
    """One of the usual values, rarely an odd one."""
    return random.choice(odd if odd and random.random() < how_odd else usual)


def some(random: Random, members: dict[str, Callable[[], object]], share: float = 0.6) -> dict[str, Any]:
    """An object with some of its members, in any order."""
    names = [name for name in members if random.random() < share]
    random.shuffle(names)
    return {name: members[name]() for name in names}


# ---- texts


def text_of(random: Random, body: object) -> object:
    """A body as a JSON text, as bytes, or as it is; texts have odd white space and escapes, some faults."""
    if random.random() < 0.3 and not isinstance(body, str):  # a string would be a text
        return body
    text = json.dumps(
        body,
        ensure_ascii=random.random() < 0.3,
        indent=random.choice([None, None, 1]),
        separators=random.choice([None, (",", ":"), (" ,", " : ")]),
    )
    if random.random() < 0.12:
        text = _with_fault(random, text)
    return text if random.random() < 0.4 else text.encode("utf-8", "surrogatepass")


def _with_fault(random: Random, text: str) -> str:
    """A text with a repeated name, an escaped name, a fault, or an end that is missing or too long."""
    kind = random.randrange(7)
    if kind == 0 and text.startswith("{"):
        again = '{"participantIdentifier": "A", "enabled": true, ' + text[1:]
        return again.replace("4:", random.choice(["4:", "4\\u003a"]), 1)  # one name more, one colon less
    if kind == 1 and text.startswith("{"):
        return '{"a": {"b": 1, "b": 2}, ' + text[1:] if len(text) > 2 else '{"a": {"b": 1, "b": 2}}'
    if kind == 2:
        return text.replace('"id"', '"\\u0069d"').replace('"login"', '"lo\\u0067in"')
    if kind == 3:
        return text.replace("null", "NaN").replace("true", "1e999")
    if kind == 4:
        return text.replace("A", "\\u0000", 1).replace("B", "\\ud800", 1)
    return text[:-1] if kind == 5 else text + "}"


# ---- rows of a project

WRONG: Final = [1, True, 1.5, [], {}, ["x"], {"x": "y: z"}]
UNDECLARED: Final = None
DECLARED: Final = (
    project.CustomField("T", "Text"),
    project.CustomField("I", "Integer"),
    project.CustomField("D", "Decimal"),
    project.CustomField("When", "Date"),
    project.CustomField("x y", "Text"),
    project.CustomField("SecondaryIdentifier", "Integer"),
)


def contact(random: Random, how_odd: float = 0.1) -> dict[str, Any]:
    """Demographics."""

    def text(*usual: object, odd: Sequence[object] = ()) -> Callable[[], object]:
        return lambda: one_of(random, *usual, odd=[*odd, None, "", "  ", *WRONG], how_odd=how_odd)

    return some(
        random,
        {
            "email": text(*EMAILS, odd=["no address", "ü@bücher.de", " A@example.com "]),
            "mobilePhone": text(*PHONES, odd=["555", "ask", " 2125550100 ", "+1 212 555 0101", "1:2"]),
            "firstName": text("Kim", " Kim ", "Lee", "K\u0069\u0301m", "K\u00edm", "x: y"),
            "gender": text("M", "F", " O ", odd=["m", "male"]),
            "dateOfBirth": text(
                "2000-01-31", "2001-02-28", odd=["2001-02-29", " 2000-01-31 ", "1700-01-01", "20000101"]
            ),
            "utcOffset": text("-04:00:00", odd=["UTC", " +01:00:00 ", "-04:00", "1:2:3:4"]),
        },
        share=0.35,
    ) | some(random, {"timeZone": text("CET", odd=["a:b"]), "MobilePhone": text("x")}, share=how_odd / 2)


def fields(random: Random, how_odd: float = 0.1) -> dict[str, Any]:
    """Custom fields."""
    odd = ["one", "1.5", True, [], {}, {"b": [1, "x:y"], "a": 2}, " "]
    members: dict[str, Callable[[], object]] = {
        name: lambda: one_of(random, "1", 1, None, "", odd=odd, how_odd=how_odd)
        for name in ("T", "I", "x y", "D")
    }
    members["When"] = lambda: one_of(random, "2000-01-31", None, odd=["never", 1, []])
    members["SecondaryIdentifier"] = lambda: one_of(random, "7", 7, None, odd=["x"])
    return some(random, members, share=0.2)


def row(random: Random, how_odd: float = 0.1) -> Any:
    """A row that may be about one of a few participants, and may be odd or faulty."""
    if random.random() < how_odd / 5:
        return random.choice([*WRONG, None, "A"])
    odd = [*WRONG, "  ", ""]

    def maybe(make: Callable[[Random, float], object]) -> Callable[[], object]:
        return lambda: one_of(random, make(random, how_odd), odd=[None, [], 1, "x", {}], how_odd=how_odd / 3)

    body = some(
        random,
        {
            "participantIdentifier": lambda: one_of(random, *NAMES, " A ", odd=[*odd, None], how_odd=how_odd),
            "demographics": maybe(contact),
            "customFields": maybe(fields),
        },
        share=0.8,
    )
    rare: dict[str, Callable[[], object]] = {
        "id": lambda: one_of(random, *IDS, IDS[0].upper(), odd=[*odd, "nobody", None], how_odd=how_odd),
        "invitationStatus": lambda: one_of(
            random, "pending", " approved ", None, odd=[*odd, "Pending"], how_odd=how_odd
        ),
        "secondaryIdentifier": lambda: one_of(random, "7", " 8 ", None, odd=[*odd, "x"]),
        "excludeFromExport": lambda: one_of(random, True, False, None, odd=["yes", 0, []]),
        "institutionCode": lambda: one_of(random, "North", " North ", None, odd=odd),
        "enrolled": lambda: one_of(random, True, "x", [1], None),
        "linkIdentifier": lambda: "L:1",
        "colour": lambda: one_of(random, "red", 1, None, {"a": 1, "b": "c:d"}),
    }
    items = [*body.items(), *some(random, rare, share=0.03 + how_odd).items()]
    random.shuffle(items)
    return dict(items)


def people(random: Random) -> list[dict[str, Any]]:
    """Stored participants: some have enrolled, some have legacy values that are malformed."""
    found, seen = [], set[str]()
    for number in range(random.randrange(5)):
        data = row(random, how_odd=0.3)
        kept = data if isinstance(data, dict) else {}
        texts = ("invitationStatus", "institutionCode")
        person = {
            name: kept[name] for name in texts if isinstance(kept.get(name), str | None) and name in kept
        }
        person |= {"id": IDS[number], "enrolled": random.random() < 0.4}
        if random.random() < 0.9:
            person["participantIdentifier"] = random.choice([NAMES[number], f" {NAMES[number]} "])
        if isinstance(kept.get("excludeFromExport"), bool):
            person["excludeFromExport"] = kept["excludeFromExport"]
        if isinstance(kept.get("customFields"), dict):
            person["customFields"] = kept["customFields"]
        person["demographics"] = _held(contact(random, how_odd=0.3), seen)
        found.append(person)
    return found


def _held(given: dict[str, Any], seen: set[str]) -> dict[str, str | None]:
    """What somebody may have whom a store keeps: texts, and no address or number of another one."""
    kept = {name: value for name, value in given.items() if isinstance(value, str | None)}
    policy = project.Policy()
    for name, key in (("email", policy.email), ("mobilePhone", lambda text: policy.phone(text, "US"))):
        text = kept.get(name)
        if text and key(text) in seen:
            del kept[name]
        elif text:
            seen.add(key(text))
    return kept


def store_of(
    definition: project.Project, stored: Sequence[dict[str, Any]], policy: project.Policy
) -> MemoryProjects:
    """A store of a project with these people."""
    return MemoryProjects.from_json([{**definition.to_json(), "participants": stored}], policy=policy)


def rows_one_by_one(
    payloads: Sequence[object],
    definition: project.Project,
    store: MemoryProjects | None,
    *,
    allow_update: bool,
    policy: project.Policy,
) -> list[Said]:
    """What becomes of the rows of one Bulk Add/Update, decided all together."""
    changes = []
    for payload in payloads:
        asked, faults = read_project_body(payload)
        changes.append(project.Change(project.Operation.BULK, definition.id, asked=asked, faults=faults))
    known = store.find(project.keys(changes, policy)) if store else project.Known(definition)
    found = project.decide_all(changes, known, allow_update=allow_update, policy=policy)
    return [_row_said(each) for each in found]


def _row_said(decision: project.Decision) -> Said:
    said = (*decision.violations, *decision.warnings)
    action: Any = decision.action if decision else "refused"
    base = len(decision.base)
    return action, tuple([evolve(each, pointer=(each.pointer or "")[base:]) for each in said])


# ---- participants of a survey

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


def participant(random: Random, definition: survey.Survey, how_odd: float = 0.1) -> Any:
    """A body that may be about one of a few participants, and may be odd or faulty."""
    if random.random() < how_odd / 5:
        return random.choice([*WRONG, None, "A"])
    interviewer = "" if definition.interviewers and random.random() < 0.7 else None
    invites = {"Surname": "a:b"} if definition.invite_seeding and random.random() < 0.7 else {}

    def chance(share: float) -> bool:
        return random.random() < share

    def often(members: dict[str, Callable[[], object]], share: float = 0.85) -> dict[str, Any]:
        return {name: make() for name, make in members.items() if chance(share)}

    addresses = lambda: one_of(random, *ADDRESSES, odd=["bad@@x", "", " ", None, 1], how_odd=how_odd)  # noqa: E731  three of them
    invitation = often(
        {
            "optedOut": lambda: one_of(random, False, odd=[True, 1], how_odd=how_odd),
            "sendInvitations": lambda: one_of(random, False, True, odd=[None, "x"], how_odd=how_odd),
            "emailAddress": addresses,
            "inviteSeeding": lambda: one_of(
                random,
                {},
                invites,
                None,
                odd=[{"surname": "x"}, {"nick": "x"}, {"surname": 1}, 1],
                how_odd=how_odd,
            ),
        }
    )
    if chance(how_odd / 4):
        invitation["invitationSeeding"] = {"surname": "x"}
    count = (
        random.choice([1, 1, 2, 3]) if definition.group else one_of(random, 1, odd=[0, 2], how_odd=how_odd)
    )
    login = often(
        {
            "login": lambda: one_of(random, *LOGINS, odd=["", " ", None, 1], how_odd=how_odd),
            "password": lambda: one_of(random, "p", None, odd=[1], how_odd=how_odd),
            "interviewer": lambda: one_of(
                random, interviewer, odd=["", "x@y.com", "X@y.com", "z@y.com", 1], how_odd=how_odd
            ),
            "status": lambda: "NotStarted",
            "subjects": lambda: one_of(
                random,
                [
                    _subject(random, how_odd, "ABC"[place] if definition.group else "")
                    for place in range(count)
                ],
                odd=[None, [], 1],
                how_odd=how_odd / 3,
            ),
        },
        share=0.93,
    )
    body: dict[str, Any] = {}
    if chance(0.97) if definition.invited else chance(how_odd / 2):
        body["invitationSection"] = one_of(random, invitation, odd=[None, [], 1], how_odd=how_odd / 4)
    if chance(0.97) if definition.logged_on else chance(how_odd / 2):
        body["loginSection"] = one_of(random, login, odd=[None, [], 1], how_odd=how_odd / 4)
    if chance(0.6):
        body["enabled"] = one_of(random, True, False, odd=[None, "x", 0, []], how_odd=how_odd)
    if chance(how_odd / 3):
        body["colour"] = random.choice(["red", 1, {"a": 1}])
    return body


def stored_participants(random: Random, definition: survey.Survey) -> list[dict[str, Any]]:
    """Participants that a store of a survey has."""
    found: dict[str, dict[str, Any]] = {}
    for _ in range(random.randrange(9)):
        body = participant(random, definition, how_odd=0)
        asked, faults = read_survey_body(survey.Participant, body)
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
    operation: str,
    caller: survey.Caller,
) -> list[Said]:
    """What becomes of participants that are sent one by one, decided all together."""
    changes = []
    for payload in payloads:
        asked, faults = read_survey_body(survey.Participant, payload)
        changes.append(survey.Change(survey.Operation(operation), definition.id, asked=asked, faults=faults))
    known = store.find(survey.keys(changes)) if store else survey.Known(definition)
    found = survey.decide_all(changes, known, caller=caller)
    return [_participant_said(each) for each in found]


def _participant_said(decision: survey.Decision) -> Said:
    action: Any = decision.action if decision else "refused"
    return action, (*decision.violations, *decision.warnings)


# ---- scenes: a batch, its task, and what becomes of each record


@frozen
class Scene:
    """A batch of records, the task that judges them, and what must become of each."""

    payloads: Sequence[object] = field(repr=False)
    task: ProjectTask | SurveyTask
    expected: Sequence[Said] = field(repr=False)


def project_scene(random: Random, size: int, *, decoded: bool = False) -> Scene:
    """Rows of a project of which more or less is known."""
    declared = random.choice([UNDECLARED, UNDECLARED, DECLARED, DECLARED, ()])
    definition = project.Project(id="P", custom_fields=declared)
    policy = project.Policy(valid_phones=random.random() < 0.3)
    store = store_of(definition, people(random), policy) if random.random() < 0.8 else None
    allow_update, how_odd = random.random() < 0.7, random.choice([0.01, 0.1, 0.3])
    bodies = [row(random, how_odd) for _ in range(size)]
    payloads = bodies if decoded else [text_of(random, each) for each in bodies]
    expected = rows_one_by_one(payloads, definition, store, allow_update=allow_update, policy=policy)
    return Scene(payloads, ProjectTask(definition, store, allow_update, policy), expected)


def survey_scene(random: Random, size: int, *, decoded: bool = False) -> Scene:
    """Participants of a survey of which more or less is known."""
    definition = survey_definition(random)
    store = (
        survey_store(definition, stored_participants(random, definition)) if random.random() < 0.8 else None
    )
    operation = random.choice(OPERATIONS)
    caller, how_odd = survey.Caller(random.random() < 0.5), random.choice([0.01, 0.1, 0.3])
    bodies = [participant(random, definition, how_odd) for _ in range(size)]
    payloads = bodies if decoded else [text_of(random, each) for each in bodies]
    expected = participants_one_by_one(payloads, definition, store, operation=operation, caller=caller)
    return Scene(payloads, SurveyTask(definition, store, operation, caller), expected)


OPERATIONS: Final[list[Literal["add", "update"]]] = ["add", "update"]
SCENES: Final[dict[str, Callable[..., Scene]]] = {"project": project_scene, "survey": survey_scene}


def a_group_survey(**known: Any) -> survey.Survey:
    """A survey whose participants log in and answer about several subjects."""
    definition = {"id": "S", "invited": False, "loggedOn": True, "group": True, "variables": VARIABLES}
    return survey.Survey.from_json(definition | {"questionnaireSeeding": None} | known)
