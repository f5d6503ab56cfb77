"""What a skim tells of a text is what a strict reading and the walk tell, however the text is bent."""

import gc
import json
from collections.abc import Iterator
from random import Random
from time import perf_counter
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

import pytest

from participant_rules import jsontext, survey
from participant_rules.skims import Skimmer
from participant_rules.survey.guards import walk
from participant_rules.survey.signs import ShownBody, signs_of
from participant_rules.survey.skim import Doubtful, Skimmed, skimmer_of
from participant_rules.unset import UNSET
from tests.batch.samples import VARIABLES, participant, survey_definition
from tests.mutants import Bender, alone, examined, taught

# ---- surveys, and participants of a few shapes

ALL: Final[dict[str, Any]] = {
    "id": "S",
    "invited": True,
    "loggedOn": True,
    "group": True,
    "importState": None,
    "interviewers": None,
    "inviteSeeding": ["surname", "Forenames"],
    "questionnaireSeeding": ["v1", "V2", "v3", "v4"],
    "variables": VARIABLES,
}
INVITED: Final[dict[str, Any]] = {"loggedOn": False, "group": False}
TRACKED: Final[dict[str, Any]] = {"invited": False}
LEFT_OUT: Final = ("importState", "interviewers", "inviteSeeding", "questionnaireSeeding", "variables")


def fewer(*names: str) -> dict[str, Any]:
    """A definition of which less is known."""
    return {name: value for name, value in ALL.items() if name not in names}


CASES: Final[dict[str, tuple[dict[str, Any], bool]]] = {
    "both, group": (ALL, True),
    "both, not group": (ALL | {"group": False}, False),
    "invited": (ALL | INVITED, True),
    "logged on, group": (ALL | TRACKED, True),
    "logged on, not group": (ALL | TRACKED | {"group": False}, True),
    "nothing known": (fewer(*LEFT_OUT), False),
    "variables unknown": (fewer("variables") | TRACKED, True),
    "seedings unknown": (fewer("questionnaireSeeding", "inviteSeeding"), True),
    "every variable": (ALL | {"questionnaireSeeding": None, "inviteSeeding": []}, True),
    "no variable": (ALL | {"questionnaireSeeding": []}, True),
    "interviewers, who are not managed": (ALL | {"interviewers": ["x@y.com"]}, False),
}
CLOSED: Final[dict[str, tuple[dict[str, Any], bool]]] = {
    "an import runs": (ALL | {"importState": "running"}, True),
    "interviewers, who are managed": (ALL | {"interviewers": ["x@y.com"]}, True),
    "no interviewers, who are managed": (ALL | {"interviewers": []}, True),
    "no participants": (ALL | {"invited": False, "loggedOn": False}, True),
}
TABLE = pytest.mark.parametrize("case", CASES)

SUBJECT: Final[dict[str, Any]] = {"subjectName": "", "questionnaireSeeding": "", "status": ""}
INVITATION: Final[dict[str, Any]] = {
    "optedOut": "",
    "sendInvitations": "",
    "emailAddress": "",
    "inviteSeeding": {"surname": "", "forenames": ""},
}
LOGIN: Final[dict[str, Any]] = {
    "login": "",
    "password": "",
    "interviewer": "",
    "status": "",
    "subjects": [SUBJECT],
}
SHAPES: Final[list[dict[str, Any]]] = [
    {"invitationSection": INVITATION, "loginSection": LOGIN, "enabled": ""},
    {"invitationSection": INVITATION, "loginSection": None, "enabled": ""},
    {"enabled": "", "loginSection": LOGIN, "invitationSection": None},
    {"invitationSection": INVITATION},
    {"loginSection": LOGIN},
    {"loginSection": {"subjects": [{"questionnaireSeeding": "", "subjectName": ""}], "login": ""}},
    {"loginSection": {"subjects": [{"status": "", "subjectName": ""}], "login": "", "interviewer": ""}},
    {"loginSection": {"subjects": [{"subjectName": ""}]}, "invitationSection": {"emailAddress": ""}},
    {"loginSection": LOGIN, "invitationSection": {"emailAddress": "", "inviteSeeding": None}},
    {"loginSection": LOGIN, "invitationSection": INVITATION | {"inviteSeeding": {"nick": "", "Surname": ""}}},
    {"loginSection": LOGIN, "invitationSection": INVITATION | {"inviteSeeding": {}}},
    {"loginSection": {"login": "", "subjects": [SUBJECT]}, "invitationSection": {}, "enabled": ""},
    {"loginSection": {"login": "", "subjects": [{"subjectName": "", "questionnaireSeeding": ""}]}},
    {"invitationSection": {"sendInvitations": "", "optedOut": ""}, "loginSection": LOGIN},
    {},
]
KEYS: Final = ["v1", "v2", "v3", "v4"]
RIGHT: Final[dict[str, list[Any]]] = {
    "enabled": [True, False],
    "optedOut": [False],
    "sendInvitations": [True, False],
    "emailAddress": ["a@example.com", " B@Example.com ", "ü@bücher.de"],
    "surname": ["Loxley", "a: b", "", None],
    "forenames": ["Robin", "{[", None],
    "login": ["kim", " kim ", "Süd", "a, b: c"],
    "password": [None, "", "hunter2"],
    "interviewer": [None],
    "status": ["NotStarted", None],
}
ODD: Final[dict[str, list[Any]]] = {
    "enabled": [None, 0, "true", 1.5, "", " ", -1],
    "optedOut": [True],
    "sendInvitations": [True],
    "emailAddress": [None, "", " ", "no", "a@@b", "a@example.com"],
    "login": ["", " ", "\u2003", None],
    "interviewer": ["", "x@y.com", " X@Y.com", "other"],
    "status": [""],
}
FAR: Final[list[Any]] = [[], {}, 1, True, None, 'say "x"', "a\\b", "a\nb", 1.5]
TEXTS: Final = {
    "v1": ["1", "2", ""],
    "v2": ["1", "2", "1;2", " 2 ; 1 ", ";"],
    "v3": ["x", "I feel fine, mostly.", "a: b", "", "ü", "time: 10:30", "'"],
    "v4": ["1", "x", ""],
}
NAMES: Final = ["A", "B", "C c", "Süd", "e, f"]


def seeding(random: Random, how_odd: float) -> Any:
    """A seeding of a subject."""
    if random.random() < how_odd / 8:
        return random.choice([None, 1, [], {"v1": None}, {"v3": None, "v1": "1"}, {"v1": 1}, {"v3": [1]}])
    found: dict[str, Any] = {}
    for key in random.sample(KEYS, random.choice((0, 1, 2, 3))):
        odd = random.random() < how_odd
        name = random.choice(["V1", "v9", "", "surname", ", ", key.upper(), key]) if odd else key
        texts = (
            ["1;2", "2;2", "9", "", "[", "{", '"', "\\", "\t", ",", ", ", ": ", ":", '", "']
            if odd
            else TEXTS[key]
        )
        found[name] = random.choice(texts)
    return found


def subjects(random: Random, one: dict[str, Any], how_odd: float, *, group: bool) -> list[Any]:
    """Subjects of one shape, seldom none or too many."""
    names = random.sample(NAMES, random.choice((1, 2, 3, 4))) if group else [""]
    if random.random() < how_odd:
        names = [random.choice([*NAMES, "", " ", "A"]) for _ in range(random.choice((0, 1, 2, 4, 5)))]
    found = []
    for name in names:
        subject = one | {"subjectName": name}
        if "questionnaireSeeding" in one:
            subject["questionnaireSeeding"] = seeding(random, how_odd)
        if "status" in one:
            subject["status"] = random.choice(RIGHT["status"])
        found.append(subject)
    if found and random.random() < how_odd / 20:
        random.choice(found)[random.choice(("subjectName", "questionnaireSeeding", "x"))] = random.choice(FAR)
    return found


def filled(random: Random, shape: dict[str, Any], how_odd: float, *, group: bool) -> dict[str, Any]:
    """A participant of that shape, with values that are right, odd, or even of wrong types."""
    found: dict[str, Any] = {}
    for name, value in shape.items():
        if name == "subjects":
            found[name] = subjects(random, value[0], how_odd, group=group)
        elif isinstance(value, dict):
            found[name] = filled(random, value, how_odd, group=group)
        elif value is None:
            found[name] = None
        elif random.random() < how_odd / 10:
            found[name] = random.choice(FAR)
        else:
            odd = random.random() < how_odd and name in ODD
            found[name] = random.choice(ODD[name] if odd else RIGHT.get(name, ["x", None]))
    return found


def written(body: object, *, tight: bool = False) -> bytes:
    """A participant as JSON, in one of two styles."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":") if tight else None).encode()


def told_slowly(
    body: Any, definition: survey.Survey, caller: survey.Caller, operation: str
) -> Skimmed | None:
    """What the walk and the signs tell of a body; None where that is not all."""
    doubts, names, identity = walk(body, operation, UNSET, survey.Known(definition), caller)
    signs = (
        ()
        if not doubts
        else signs_of(ShownBody(body, definition), doubts, definition)
        if names >= 0
        else None
    )
    if signs is None:
        return None
    return Doubtful(identity, signs) if identity is None or signs else identity


class Skims:
    """Skimmers of a survey that have learned shapes, a few each, and the slow road."""

    def __init__(self, case: tuple[dict[str, Any], bool], shapes: list[dict[str, Any]] = SHAPES) -> None:
        self.data, managing = case
        self.caller = survey.Caller(managing)
        self.definition = survey.Survey.from_json(self.data)
        self.learned: list[tuple[Skimmer[Skimmed], dict[str, Any], bool]] = []
        skimmer = self.skimmer()
        for number, shape in enumerate(shapes * 2):
            skimmer = self.skimmer() if number % 3 == 0 else skimmer
            tight = number >= len(shapes)
            # The first shape knows no other texts than its own; the second one knows them all.
            bodies = [self.body(Random(100 * number + each), shape, 0) for each in range(20)]
            texts = [written(body, tight=tight) for body in bodies]
            if all(self.slow(body) is not None for body in bodies) and all(
                taught(skimmer, text, body) for text, body in zip(texts, bodies, strict=True)
            ):
                self.learned.append((skimmer, shape, tight))

    def skimmer(self) -> Skimmer[Skimmed]:
        """One that has learned nothing."""
        return skimmer_of(survey.Survey.from_json(self.data), self.caller)

    def slow(self, body: Any) -> Skimmed | None:
        """What is told of a body by the slow road, which is the same for both operations."""
        add, update = [told_slowly(body, self.definition, self.caller, each) for each in ("add", "update")]
        assert add == update
        return add

    def told(self, skimmer: Skimmer[Skimmed], payload: bytes) -> bool:
        """Whether a text is told, and rightly."""
        skimmed = alone(skimmer, payload)
        if skimmed is None:
            return False
        value, faults = jsontext.read(payload)
        assert faults == (), payload
        assert skimmed == self.slow(value), payload
        return True

    def drawn(self, random: Random, shape: dict[str, Any], tight: bool) -> bytes:
        """A participant of a shape, as it is written."""
        return written(self.body(random, shape, random.choice((0, 0.05, 0.1, 0.3))), tight=tight)

    def body(self, random: Random, shape: dict[str, Any], how_odd: float) -> dict[str, Any]:
        """A participant of the survey."""
        return filled(random, shape, how_odd, group=self.definition.group)


# ---- the law


@TABLE
def test_what_is_told_of_bent_texts_is_what_is_read(case: str) -> None:
    """Whatever stands in the text: what is told is what the walk says, and the text has no fault."""
    skims = Skims(CASES[case])
    straight, bent = examined(skims, skims.drawn, 20_000, seed=1)
    assert straight > 1_000
    assert bent > 1_500


@pytest.mark.heavy
@TABLE
def test_what_is_told_of_many_bent_texts_is_what_is_read(case: str) -> None:
    """More of them."""
    skims = Skims(CASES[case])
    straight, bent = examined(skims, skims.drawn, 400_000, seed=2)
    assert straight > 20_000
    assert bent > 30_000


@TABLE
def test_right_participants_are_told(case: str) -> None:
    """All of them, whatever the shape: otherwise the law would hold for nothing."""
    skims, random, clear = Skims(CASES[case]), Random(5), 0
    for skimmer, shape, tight in skims.learned:
        for _ in range(50):
            body = skims.body(random, shape, 0)
            text = written(body, tight=tight) + random.choice((b"", b"\n", b" \r\n\t"))
            assert skims.told(skimmer, text), text
            clear += isinstance(skims.slow(body), str)
    assert clear > 30


@pytest.mark.parametrize("case", CLOSED)
def test_where_nobody_is_clear_nothing_is_told(case: str) -> None:
    """And where the caller's interviewers are to be judged."""
    skims = Skims(CLOSED[case], [])
    bodies = [skims.body(Random(1), shape, 0) for shape in SHAPES]
    assert not any(taught(skims.skimmer(), written(body), body) for body in bodies)


@pytest.mark.parametrize("seed", range(4))
def test_participants_of_any_shape(seed: int) -> None:
    """Of any survey, whatever a batch may have learned."""
    random, bender, learned, told = Random(seed), Bender(seed), 0, 0
    for _ in range(400):
        definition = survey_definition(random)
        skims = Skims((definition.to_json(), random.random() < 0.5), [])
        body = participant(random, definition, how_odd=random.choice((0.01, 0.1)))
        if skims.slow(body) is None:
            continue
        ways = [written(body), written(body, tight=True), json.dumps(body, indent=1).encode()]
        text, skimmer = random.choice(ways), skims.skimmer()
        for _ in range(100):
            skimmer.learn(text, body)
        learned += skims.told(skimmer, text)
        told += sum(skims.told(skimmer, bender.bent(text)) for _ in range(25))
    assert learned > 100
    assert told > 200


# ---- single participants

BOTH: Final = (ALL, True)
KIM: Final[dict[str, Any]] = {
    "invitationSection": {
        "optedOut": False,
        "sendInvitations": True,
        "emailAddress": " Kim@example.com ",
        "inviteSeeding": {"surname": "Lee"},
    },
    "loginSection": {
        "login": "kim",
        "password": None,
        "interviewer": None,
        "subjects": [{"subjectName": "A", "questionnaireSeeding": {"v1": "1", "v3": "x"}, "status": "Saved"}],
    },
    "enabled": True,
}


def changed(section: str, **members: Any) -> dict[str, Any]:
    """Kim with other members in a section."""
    return KIM | {section: KIM[section] | members}


def with_subjects(*found: tuple[str, Any]) -> dict[str, Any]:
    """Kim with subjects of these names and seedings."""
    made = [{"subjectName": name, "questionnaireSeeding": seeds, "status": None} for name, seeds in found]
    return changed("loginSection", subjects=made)


UNUSUAL: Final = with_subjects(("A", {"v1": "1"})) | {
    "invitationSection": KIM["invitationSection"] | {"inviteSeeding": {"surname": None}}
}


def knowing_kim(skims: Skims) -> Skimmer[Skimmed]:
    """A skimmer that knows Kim, and others with null for a text, or a text for null."""
    skimmer = skims.skimmer()
    assert taught(skimmer, written(KIM), KIM)
    assert alone(skimmer, written(UNUSUAL)) is None
    assert taught(skimmer, written(UNUSUAL), UNUSUAL)
    return skimmer


CLEAR: Final[list[dict[str, Any]]] = [
    KIM,
    UNUSUAL,
    KIM | {"enabled": False},
    changed("invitationSection", optedOut=True, sendInvitations=False),
    changed("invitationSection", sendInvitations=False, emailAddress=None),
    changed("invitationSection", sendInvitations=False, emailAddress=" "),
    changed("invitationSection", inviteSeeding={"surname": None}),
    changed("loginSection", password="p"),
    with_subjects(("A", {"v3": "{", "v1": None, "v4": "["})),
    with_subjects(("A", {}), ("B", None), ("C", {"v2": "1;2"}), ("D", {"v4": "x", "v3": "", "v1": ""})),
]


@pytest.mark.parametrize("body", CLEAR, ids=range(len(CLEAR)))
def test_who_is_clear(body: dict[str, Any]) -> None:
    """All that is told is the identity: the login."""
    skims = Skims(BOTH, [])
    skimmer = knowing_kim(skims)
    assert alone(skimmer, written(body)) == skims.slow(body) == "kim"


IN_DOUBT: Final[list[dict[str, Any]]] = [
    changed("invitationSection", optedOut=True),
    changed("invitationSection", emailAddress="no"),
    changed("invitationSection", emailAddress=None),
    changed("loginSection", login=" "),
    changed("loginSection", login=None),
    changed("loginSection", interviewer=""),
    changed("loginSection", interviewer="x@y.com"),
    changed("loginSection", subjects=[]),
    with_subjects(("A", {}), ("A", {})),
    with_subjects(("B", {}), ("A", {}), ("B", {"v9": "1"})),
    with_subjects(("A", {"v1": "9"}), ("B", {"v2": "2;2", "v1": "1"})),
    with_subjects(("A", {"V1": "1"})),
    KIM | {"enabled": None},
    KIM | {"enabled": "true"},
    KIM | {"enabled": 1.5},
    {name: value for name, value in KIM.items() if name != "invitationSection"},
    {name: value for name, value in KIM.items() if name != "loginSection"},
    {"enabled": "no"},
]


@pytest.mark.parametrize("body", IN_DOUBT, ids=range(len(IN_DOUBT)))
def test_who_is_in_doubt(body: dict[str, Any]) -> None:
    """The signs are those of the walk."""
    skims = Skims(BOTH, [])
    skimmer = knowing_kim(skims)
    slow = skims.slow(body)
    assert isinstance(slow, Doubtful)
    assert slow.signs != ()
    assert alone(skimmer, written(body)) == slow


UNTOLD: Final[list[dict[str, Any]]] = [
    with_subjects(*[(name, {}) for name in "ABCDE"]),
    with_subjects(("A", {"v1": "1", "V1": "1"})),
    with_subjects(("A", {"v1": None})),
    with_subjects(("A", {"v1": 1})),
    with_subjects(("A", {"v3": '"'})),
    changed("loginSection", subjects=[{"subjectName": "A"}]),
    changed("loginSection", subjects=None),
    changed("loginSection", password=1),
    changed("invitationSection", optedOut=None),
    changed("invitationSection", inviteSeeding={"nick": "x"}),
    KIM | {"colour": 1},
    KIM | {"enabled": []},
    KIM | {"loginSection": None},
    {name: value for name, value in KIM.items() if name != "enabled"},
]


@pytest.mark.parametrize("body", UNTOLD, ids=range(len(UNTOLD)))
def test_of_whom_nothing_is_told(body: dict[str, Any]) -> None:
    """Too many subjects, keys in two spellings, other values, another shape."""
    skimmer = knowing_kim(Skims(BOTH, []))
    assert alone(skimmer, written(body)) is None


@pytest.mark.parametrize(
    "seeding",
    [
        b'"v1": "1", "v1": "1"',
        b'"v1": "1", "v1": "2"',
        b'"v9": "1", "v9": "1"',
        b'"v3": "x", "v3": "y"',
        b'"v1": "1", "v3": "x", "v1": "1"',
        b'"V3": "x", "v3": "x"',
        b'"v1": "1",',
        b', "v1": "1"',
        b'"v1": "1" ',
        b'"v1": "1"0',
        b'"v1": "1',
        b'v1": "1"',
        b'"v1"',
        b'"v1": ',
        b'"v1": "1" "v3": "x"',
        b'"v1": "1", "v3"',
        b'"v1", "v3": "x": "y"',
        b'"v3": "x": "y", "v1"',
        b'"v3": "", "',
        b'"v9"": "1"',
        b'""v9": "1"',
        b'"v9": ""1"',
        b'"',
        b'""',
        b'""""',
        b'", "": "',
    ],
    ids=range(26),
)
@pytest.mark.parametrize("case", ["both, group", "nothing known"])
def test_a_seeding_that_is_written_badly(case: str, seeding: bytes) -> None:
    """It is not told, whether its seeds are right or not: a reader finds a fault, or keys are repeated."""
    skimmer, right = knowing_kim(Skims(CASES[case], [])), written(KIM)
    for before in (b"", b'"v4": "x", ', b'"v8": "x", '):
        assert alone(skimmer, right.replace(b'"v1": "1", "v3": "x"', before + seeding)) is None


@pytest.mark.parametrize(
    "body",
    [
        KIM | {"colour": 1},
        KIM | {"loginSection": []},
        changed("invitationSection", colour=1),
        changed("invitationSection", invitationSeeding={}),
        changed("invitationSection", inviteSeeding=[]),
        KIM | {"loginSection": {"login": "kim"}},
        changed("loginSection", subjects=None),
        changed("loginSection", subjects=[]),
        changed("loginSection", subjects=["A"]),
        changed("loginSection", subjects=[{}]),
        changed("loginSection", subjects=[{"subjectName": "A", "colour": 1}]),
        changed("loginSection", subjects=[{"subjectName": "A"}] * 5),
        changed("loginSection", subjects=[{"subjectName": "A"}, {"subjectName": "B", "status": None}]),
        [],
        None,
    ],
    ids=range(15),
)
def test_what_is_not_learned(body: Any) -> None:
    """Members that nobody knows, subjects of several shapes, and where there is no first one."""
    assert not taught(Skims(BOTH, []).skimmer(), written(body), body)


@pytest.mark.parametrize("left_out", [(), ("variables",)], ids=["variables", "unknown"])
def test_what_people_write_is_not_kept(left_out: tuple[str, ...]) -> None:
    """The answer to an open question; where variables are unknown, to any."""
    skimmer = knowing_kim(Skims((fewer(*left_out), True), []))
    open_question = "v3" if not left_out else "v1"
    told = [
        alone(skimmer, written(with_subjects(("A", {open_question: f"Robin {number}"})))) for number in "123"
    ]
    assert told == ["kim"] * 3
    assert [each for each in reachable(skimmer) if isinstance(each, str) and "Robin" in each] == []


@pytest.mark.parametrize("left_out", [(), ("variables",)], ids=["variables", "unknown"])
def test_what_is_kept_does_not_grow(left_out: tuple[str, ...]) -> None:
    """However many keys are sent that nobody has declared."""
    skimmer, sizes = knowing_kim(Skims((fewer(*left_out), True), [])), set[int]()
    for number in range(3_000):
        alone(skimmer, written(with_subjects(("A", {f"k{number}": "x", "v1": "1"}))))
        if number % 1_000 == 999:
            sizes.add(len([*reachable(skimmer)]))
    assert len(sizes) == 1


def reachable(thing: object) -> Iterator[object]:
    """All that a thing holds, in its closures too."""
    seen, left = set[int](), [thing]
    while left:
        each = left.pop()
        if id(each) not in seen and not isinstance(each, type | ModuleType | CodeType):
            seen.add(id(each))
            yield each
            left += (each.__closure__ or ()) if isinstance(each, FunctionType) else gc.get_referents(each)
            left += [*each] if isinstance(each, dict) else []  # the collector passes over keys that are texts


def test_a_skimmer_is_kept_with_the_survey() -> None:
    """One for each kind of caller."""
    definition = survey.Survey.from_json(ALL)
    one, other = survey.Caller(manages_interviewers=True), survey.Caller(manages_interviewers=False)
    assert skimmer_of(definition, one) is skimmer_of(definition, survey.Caller())
    assert skimmer_of(definition, one) is not skimmer_of(definition, other)
    assert skimmer_of(definition, one) is not skimmer_of(survey.Survey.from_json(ALL), one)


def test_many_choices_are_judged_all_the_same() -> None:
    """Some thousands are remembered; what is not, is judged again."""
    codes = [{"codeValue": str(number)} for number in range(5_000)]
    variables = [{"variableId": "v1", "responseType": "Single", "codes": codes}, VARIABLES[2]]
    skimmer = knowing_kim(Skims((ALL | {"variables": variables}, True), []))
    for _ in range(2):
        texts = [written(with_subjects(("A", {"v1": str(number)}))) for number in range(5_000)]
        assert {alone(skimmer, text) for text in texts} == {"kim"}


# ---- what it costs


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize(
    "name", ["emailAddress", "login", "subjectName", "v3", "surname", "password", "status"]
)
def test_long_values(name: str) -> None:
    """A megabyte in any member, of a text that matches until the last byte or to its end."""
    skimmer = knowing_kim(Skims(BOTH, []))
    for piece in ("a", '", ', '", "', '": "', '"v1": "1", ', ", ", " ", "}, {", "null"):
        filler = (piece * (1_000_000 // len(piece))).encode()
        start = written(KIM).index(b'"%s": ' % name.encode()) + len(name) + 4
        text = written(KIM)[:start] + b'"' + filler + b'"' + written(KIM)[start:].partition(b",")[1] + b" "
        whole = written(KIM)[:start].rstrip() + b'"' + filler + written(KIM)[start + 1 :]
        for each in (text, whole, whole[:-1], whole + b"x", whole[:-2] + b"\0}"):
            begun = perf_counter()
            alone(skimmer, each)
            assert perf_counter() - begun < 0.5
