"""What a skim tells of a text is what a strict reading and the screen tell, however the text is bent."""

import json
from collections.abc import Sequence
from random import Random
from time import perf_counter
from typing import Any, Final

import pytest

from participant_rules import jsontext, project
from participant_rules.project.claim import Claim
from participant_rules.project.screen import screen_of
from participant_rules.project.skim import skimmer_of
from participant_rules.skims import Skimmer
from participant_rules.unset import UNSET
from tests.batch.samples import DECLARED, row
from tests.mutants import Bender, alone, examined, taught

# ---- rows of a few shapes

CONTACT: Final[dict[str, Any]] = {
    "email": "",
    "firstName": "",
    "middleName": "",
    "lastName": "",
    "dateOfBirth": "",
    "preferredLanguage": "",
    "gender": "",
    "street1": "",
    "street2": "",
    "city": "",
    "state": "",
    "postalCode": "",
    "mobilePhone": "",
    "utcOffset": "",
}
FIELDS: Final[dict[str, Any]] = {"T": "", "I": "", "D": "", "When": ""}
ROW: Final[dict[str, Any]] = {
    "participantIdentifier": "",
    "invitationStatus": "",
    "demographics": CONTACT,
    "customFields": FIELDS,
    "excludeFromExport": "",
    "institutionCode": "",
}
SHAPES: Final[list[dict[str, Any]]] = [
    ROW,
    {"id": ""} | ROW,
    {"secondaryIdentifier": ""} | ROW,
    ROW | {"enrolled": "", "insertedDate": "", "colour": "", "a.b*(c)": "", "x~/y": "", "ü: {": ""},
    ROW | {"demographics": {"timeZone": ""} | CONTACT | {"Email": "", "email ": ""}},
    ROW | {"participantIdentifier": None, "id": None, "demographics": CONTACT | {"email": None}},
    ROW | {"demographics": {"mobilePhone": None, "email": "", "gender": "", "dateOfBirth": ""}},
    ROW | {"customFields": FIELDS | {"x y": "", "Other": "", "a:b": ""}},
    ROW | {"customFields": {"Other": "", "SecondaryIdentifier": "", "T": "", "email": "", "id": ""}},
    ROW | {"demographics": None, "customFields": None},
    ROW | {"demographics": {}, "customFields": {}},
    {"id": "", "demographics": {"email": ""}},
    {"demographics": {"email": "", "mobilePhone": "", "utcOffset": ""}, "customFields": {"I": "", "x y": ""}},
    {"demographics": {"mobilePhone": ""}},
    {"demographics": {"email": None, "mobilePhone": None, "gender": ""}, "invitationStatus": ""},
    {"invitationStatus": "", "excludeFromExport": "", "institutionCode": ""},
    {"secondaryIdentifier": "", "colour": "", "participantIdentifier": ""},
    {"secondaryIdentifier": None, "demographics": {"utcOffset": "", "city": ""}, "id": ""},
    {},
]
TEXTS: Final = [
    "",
    "A",
    "Kim",
    " Kim ",
    "Süd",
    "x: y",
    "a, b",
    "😀",
    "\u2028",
    "{[",
    "  ",
    "\u2003A",
    "\x7f",
    "7",
]
RIGHT: Final[dict[str, list[Any]]] = {
    "participantIdentifier": ["A", "B-1", " A ", "ü", "", "  ", "a:b"],
    "id": ["00000000-0000-0000-0000-00000000000A", " x ", "", " "],
    "invitationStatus": ["pending", "declined", "cancelled", "approved", "notInvited", "", None],
    "secondaryIdentifier": ["7", " 8 ", "x", "", None],
    "excludeFromExport": [True, False, None],
    "institutionCode": [*TEXTS, None],
    "email": ["a@example.com", " B@Example.com ", "ü@bücher.de", "", "  ", "\u2003a@b.de"],
    "mobilePhone": ["2125550100", "(212) 555-0100", "+12125550101", " +442079460958 ", "", " "],
    "gender": ["M", "F", "O", "", None],
    "dateOfBirth": ["2000-01-31", "1985-12-01", "2001-02-28", "", None],
    "utcOffset": ["-04:00:00", "+13:59:59", "-00:00:00", "", None],
    "I": [0, 1, -5, 123456789012345, None, "1", ""],
    "D": [0, 1.5, -0.25, 10, None, "1.5", ""],
    "When": ["2000-01-31", None, ""],
    "T": [*TEXTS, 1, 1.5, True, None],
}
OTHERS: Final[dict[str, list[Any]]] = {name: [*TEXTS, None] for name in CONTACT if name not in RIGHT}
ANYTHING: Final[list[Any]] = [*TEXTS, 0, 1, -3, 1.5, True, False, None]
ODD: Final[list[Any]] = [
    *TEXTS,
    *[
        "555",
        "ask",
        "no",
        "a@b@c",
        "male",
        " O ",
        "Pending",
        " pending ",
        "Sent",
        "2001-02-29",
        " 2000-01-31",
    ],
    *["1700-01-01", "2000-01-31T10:00Z", "UTC", "14:00:00", " +01:00:00 ", "+14:00:00", "+14:00:01", "true"],
    *["null", "1.5", "+1", "1.", "one", 0, 1, -1, 1.5, -0.0, 999999999999999, True, False, None],
]
FAR: Final[list[Any]] = [[], {}, [1], {"a": 1}, 'say "x"', "a\\b", "a\nb", 10**20, 1e300, 1e-7, "\x01"]


def filled(random: Random, shape: dict[str, Any], how_odd: float) -> dict[str, Any]:
    """A row of that shape, with values that are right, odd, or even lists and escapes."""
    found: dict[str, Any] = {}
    for name, value in shape.items():
        if isinstance(value, dict):
            found[name] = filled(random, value, how_odd)
        elif value is None and random.random() >= how_odd / 20:
            found[name] = None
        elif random.random() < how_odd:
            found[name] = random.choice(ODD if random.random() < 0.95 else FAR)
        else:
            found[name] = random.choice((RIGHT | OTHERS).get(name, ANYTHING))
    return found


def written(body: object, *, tight: bool = False) -> bytes:
    """A row as JSON, in one of two styles."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":") if tight else None).encode()


# ---- definitions and policies


def own_email(text: str) -> str | None:
    """A key of one's own: what stands before the @."""
    return text.partition("@")[0].lower() if "@" in text else None


def own_phone(text: str, region: str) -> str | None:
    """A key of one's own: the digits, in a region."""
    digits = "".join(filter(str.isdecimal, text))
    return f"{region}{digits}" if digits else None


OWN = project.Policy(own_email, own_phone)
SECONDARY = [
    project.Project(id="P", custom_fields=(project.CustomField("SecondaryIdentifier", kind),))
    for kind in ("Text", "Date")
]
CASES: Final[dict[str, tuple[project.Project, project.Policy]]] = {
    "undeclared": (project.Project(id="P"), project.Policy()),
    "undeclared, valid": (project.Project(id="P"), project.Policy(valid_phones=True)),
    "declared": (project.Project(id="P", custom_fields=DECLARED), project.Policy()),
    "declared, own keys": (project.Project(id="P", custom_fields=DECLARED), OWN),
    "no fields": (project.Project(id="P", custom_fields=()), project.Policy()),
    "another region": (project.Project(id="P", default_region="GB"), project.Policy()),
    "another region, valid": (
        project.Project(id="P", custom_fields=DECLARED[:4], default_region="DE"),
        project.Policy(valid_phones=True),
    ),
    "own keys": (project.Project(id="P", default_region="FR"), OWN),
    "an alias": (SECONDARY[0], project.Policy()),
    "a typed alias": (SECONDARY[1], project.Policy()),
}
TABLE = pytest.mark.parametrize("case", CASES)


class Skims:
    """Skimmers of a project that have learned shapes, a few each, and the slow road."""

    def __init__(self, case: str, shapes: Sequence[dict[str, Any]] = SHAPES) -> None:
        definition, policy = CASES[case]
        self.screen = screen_of(definition, policy)
        self.learned: list[tuple[Skimmer[Claim], dict[str, Any], bool]] = []
        skimmers: list[Skimmer[Claim]] = []
        for tight in (False, True):
            for place, shape in enumerate(shapes):
                if place % 6 == 0:
                    skimmers.append(skimmer_of(definition, policy, self.screen))
                body = filled(Random(place), shape, 0)
                if taught(skimmers[-1], written(body, tight=tight), body):
                    self.learned.append((skimmers[-1], shape, tight))
                else:  # it has tried so often in vain that it would be slow to learn another one
                    skimmers.append(skimmer_of(definition, policy, self.screen))

    def told(self, skimmer: Skimmer[Claim], payload: bytes) -> bool:
        """Whether a text is told, and rightly."""
        claim = alone(skimmer, payload)
        if claim is None:
            return False
        value, faults = jsontext.read(payload)
        assert faults == (), payload
        screened = self.screen(value)
        assert screened is not None, payload
        assert claim == screened._replace(colons=0), payload
        return True


# ---- the law


def drawn(random: Random, shape: dict[str, Any], tight: bool) -> bytes:
    """A row of a shape, as it is written."""
    return written(filled(random, shape, random.choice((0, 0.02, 0.1, 0.3))), tight=tight)


@TABLE
def test_what_is_told_of_bent_texts_is_what_is_read(case: str) -> None:
    """Whatever stands in the text: a claim is the screen's, and the text has no fault."""
    straight, bent = examined(Skims(case), drawn, 40_000, seed=1)
    assert straight > 3_000
    assert bent > 5_000


@pytest.mark.heavy
@TABLE
def test_what_is_told_of_many_bent_texts_is_what_is_read(case: str) -> None:
    """More of them."""
    straight, bent = examined(Skims(case), drawn, 400_000, seed=2)
    assert straight > 30_000
    assert bent > 50_000


@TABLE
def test_right_rows_are_told(case: str) -> None:
    """All of them, whatever the shape: otherwise the law would hold for nothing."""
    skims, random = Skims(case), Random(5)
    missed = [shape for shape in SHAPES if shape not in [each for _, each, _ in skims.learned]]
    assert missed == (
        [each for each in SHAPES if "secondaryIdentifier" in each]
        if case == "a typed alias" or case.startswith("declared")
        else []
    )
    for skimmer, shape, tight in skims.learned:
        rows = [filled(random, shape, 0) for _ in range(50)]
        told = [
            skims.told(skimmer, written(body, tight=tight) + random.choice((b"", b"\n", b" \r\n\t")))
            for body in rows
        ]
        assert told == [skims.screen(body) is not None for body in rows], shape
        assert sum(told) == 50, shape


NAMES: Final = [
    *[
        'say "x"',
        "a\\b",
        "a\nb",
        "\0",
        "\\",
        "\\u0041",
        '", "',
        '": "',
        "a.b*",
        "(x)?",
        "[a]",
        "{a}",
        "^$|",
        "#x",
        " ",
    ],
    *[
        "",
        "ü",
        "😀",
        "a:b",
        "a,b",
        "email",
        "customFields",
        "demographics",
        "id",
        "secondaryIdentifier",
        "T",
        "I",
    ],
    *["enrolled", "participantIdentifier", "SecondaryIdentifier", "\u2028", "\x7f", "'a'", "a b", "x y"],
]


def renamed(random: Random, body: Any) -> Any:
    """A row some of whose members have other names, names that need escapes among them."""
    if not isinstance(body, dict):
        return body
    return {
        random.choice(NAMES) if random.random() < 0.1 else name: renamed(random, value)
        for name, value in body.items()
    }


@pytest.mark.parametrize("case", ["undeclared", "declared", "an alias"])
def test_rows_of_any_shape(case: str) -> None:
    """Whatever a skimmer has learned, the rows that have no claim and names that need escapes among them."""
    definition, policy = CASES[case]
    random, bender, skims = Random(6), Bender(6), Skims(case, ())
    learned = told = 0
    for number in range(1_500):
        body = row(random, how_odd=(0.01, 0.1)[number % 2])
        body = renamed(random, body if number % 3 else filled(random, random.choice(SHAPES), 0.1))
        ways = [
            written(body),
            written(body, tight=True),
            json.dumps(body).encode(),
            json.dumps(body, indent=1).encode(),
        ]
        text, skimmer = random.choice(ways), skimmer_of(definition, policy, skims.screen)
        for _ in range(100):
            skimmer.learn(text, body)
        learned += skims.told(skimmer, text)
        told += sum(skims.told(skimmer, bender.bent(text)) for _ in range(10))
    assert learned > 600
    assert told > 600


# ---- single texts


def skimmed(body: dict[str, Any], *others: dict[str, Any], case: str = "undeclared") -> list[Claim | None]:
    """What is told of other rows by who has learned the shape of one."""
    definition, policy = CASES[case]
    skimmer = skimmer_of(definition, policy, screen_of(definition, policy))
    assert taught(skimmer, b'{"id": "x"}', {"id": "x"})  # the first shape is the one that knows least
    assert taught(skimmer, written(body), body)
    return [alone(skimmer, written(each)) for each in (body, *others)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, Claim(0, None, None, UNSET, UNSET, ("",), ())),
        ({"participantIdentifier": " A "}, Claim(0, None, "A", UNSET, UNSET, (), ())),
        ({"id": " AbC "}, Claim(0, "abc", None, UNSET, UNSET, (), ())),
        ({"id": None, "participantIdentifier": None}, Claim(0, None, None, UNSET, UNSET, ("",), ())),
        (
            {"participantIdentifier": "A", "demographics": {"email": None, "mobilePhone": None}},
            Claim(0, None, "A", None, None, (), ()),
        ),
        (
            {"demographics": {"email": " A@Example.com ", "mobilePhone": "", "utcOffset": "-04:00:00"}},
            Claim(0, None, None, "a@example.com", None, (), ()),
        ),
        (
            {"participantIdentifier": "A", "demographics": {"email": "", "mobilePhone": "+1 212 555 0100"}},
            Claim(0, None, "A", None, "+12125550100", (), ("mobilePhone",)),
        ),
        (
            {"demographics": {"mobilePhone": "555"}},
            Claim(0, None, None, UNSET, None, ("mobilePhone", ""), ("mobilePhone",)),
        ),
        (
            {"participantIdentifier": "A", "demographics": {"email": "no", "gender": 1, "x": 1}},
            Claim(0, None, "A", None, UNSET, ("demographics\0gender", "email"), ("demographics\0x",)),
        ),
        (
            {
                "participantIdentifier": "A",
                "invitationStatus": "Sent",
                "enrolled": True,
                "secondaryIdentifier": "7",
            },
            Claim(
                0, None, "A", UNSET, UNSET, ("invitationStatus=",), ("\0enrolled", "\0secondaryIdentifier")
            ),
        ),
        (
            {"participantIdentifier": "A", "customFields": {"a": 1, "a:b": 1}},
            Claim(0, None, "A", UNSET, UNSET, (), ("customFields\0a:b",)),
        ),
    ],
    ids=range(11),
)
def test_a_claim(body: dict[str, Any], expected: Claim) -> None:
    """Its keys, and the signs of what is wrong or odd, without the colons."""
    assert skimmed(body) == [expected]


def test_what_is_plain_in_one_row_may_be_odd_in_another() -> None:
    """Of one shape, a fault in each member."""
    right = filled(Random(1), ROW, 0)
    right["demographics"] |= {"email": "a@example.com", "mobilePhone": "2125550100"}
    right |= {"participantIdentifier": "A", "invitationStatus": None}
    faults: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
        ("", {"invitationStatus": "Sent"}, ("invitationStatus=",)),
        ("", {"invitationStatus": 1, "excludeFromExport": "yes"}, ("invitationStatus", "excludeFromExport")),
        ("", {"institutionCode": False}, ("institutionCode",)),
        ("demographics", {"city": 1}, ("demographics\0city",)),
        ("demographics", {"gender": "m", "dateOfBirth": "2001-02-29"}, ("gender=", "dateOfBirth")),
        ("demographics", {"utcOffset": "UTC", "mobilePhone": "5"}, ("utcOffset", "mobilePhone")),
        ("customFields", {"I": 1.5, "D": "x"}, ("customFields=\0I", "customFields=\0D")),
        ("customFields", {"When": "never", "T": True}, ("customFields=\0When",)),
        ("customFields", {"When": "2000-01-31T10:00Z", "D": -0.5}, ()),
    ]
    rows = [
        right | (members if not place else {place: right[place] | members}) for place, members, _ in faults
    ]
    told = skimmed(right, *rows, case="declared")
    assert [None if each is None else each.faults for each in told] == [
        (),
        *[signs for _, _, signs in faults],
    ]


@pytest.mark.parametrize(
    "text",
    [
        b'{"participantIdentifier": "A", "demographics": {"email": "a@b.de"}, "x": 1e5}',
        b'{"participantIdentifier": "A", "demographics": {"email": "a@b.de"}, "x": 1234567890123456}',
        b'{"participantIdentifier": "A", "demographics": {"email": "a@b.de"}, "x": []}',
        b'{"participantIdentifier": "A", "demographics": {"email": "a@b.de"}, "x": "\\u0041"}',
        b'{"participantIdentifier": "A", "demographics": {"email": 1}, "x": 1}',
        b'{"participantIdentifier": "A", "demographics": {"email": null}, "x": 1}',
        b'{"participantIdentifier": "A", "demographics": null, "x": 1}',
        b'{"participantIdentifier": "A", "demographics": {"email": "a@b.de"}}',
        b'{"participantIdentifier": "A", "demographics": {"email": "a@b.de"}, "x": 1, "y": 1}',
        b'{"demographics": {"email": "a@b.de"}, "participantIdentifier": "A", "x": 1}',
        b'{"participantIdentifier":"A","demographics":{"email":"a@b.de"},"x":1}',
        b' {"participantIdentifier": "A", "demographics": {"email": "a@b.de"}, "x": 1}',
    ],
    ids=range(12),
)
def test_a_sound_text_of_which_nothing_is_told(text: bytes) -> None:
    """It proves nothing, and is decoded: values that are not plain, another shape, another style."""
    assert jsontext.read(text)[1] == ()
    screen = screen_of(*CASES["undeclared"])
    skimmer = skimmer_of(*CASES["undeclared"], screen)
    body = {"participantIdentifier": "A", "demographics": {"email": "a@b.de"}, "x": 1}
    assert taught(skimmer, written(body), body)
    assert alone(skimmer, text) is None


@pytest.mark.parametrize(
    ("further", "faults"),
    [
        (b'"x": 1', ("customFields\0x",)),
        (b'"x": null, "y": "", "a:b": true', ("customFields\0x", "customFields\0y", "customFields\0a:b")),
        (b'"x": 1, "x": 1', None),
        (b'"x": 1, "T": "a"', None),
        (b'"x": 1, "I": "a"', None),
        (b'"x": []', None),
        (b'"x": 1.', None),
    ],
    ids=range(7),
)
def test_further_custom_fields(further: bytes, faults: tuple[str, ...] | None) -> None:
    """They are judged behind those of the shape; nothing is told where a name stands twice."""
    skimmer = skimmer_of(*CASES["declared"], screen_of(*CASES["declared"]))
    body = {"participantIdentifier": "A", "customFields": {"T": "a", "I": 1}}
    assert taught(skimmer, written(body), body)
    claim = alone(skimmer, written(body).replace(b"1}", b"1, " + further + b"}"))
    assert (claim and claim.faults) == faults


def test_an_alias_whose_value_matters_is_not_learned() -> None:
    """Where it is of a type, or stands beside its custom field."""
    rows: list[tuple[str, dict[str, Any]]] = [
        ("a typed alias", {"secondaryIdentifier": "2000-01-31", "id": "x"}),
        ("undeclared", {"secondaryIdentifier": "7", "customFields": {"SecondaryIdentifier": "7"}}),
        ("an alias", {"secondaryIdentifier": "7", "customFields": None}),
        ("undeclared", {"secondaryIdentifier": "7", "customFields": {"Secondary": "7"}}),
    ]
    learned = []
    for case, body in rows:
        skimmer = skimmer_of(*CASES[case], screen_of(*CASES[case]))
        learned.append(taught(skimmer, written(body), body))
    assert learned == [False, False, True, True]


def test_of_what_a_screen_does_not_tell_nothing_is_told() -> None:
    """A member of a wrong type is shown to the screen, which may know nothing."""
    skimmer = skimmer_of(*CASES["undeclared"], lambda _: None)
    right = {"participantIdentifier": "A", "demographics": {"gender": "M", "dateOfBirth": None}}
    wrong = {"participantIdentifier": "A", "demographics": {"gender": 1, "dateOfBirth": None}}
    assert taught(skimmer, written(right), right)
    assert alone(skimmer, written(wrong)) is None


# ---- what it costs


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize(
    "name", ["id", "firstName", "email", "mobilePhone", "utcOffset", "dateOfBirth", "x y", "T"]
)
def test_long_values(name: str) -> None:
    """A megabyte in any member, of a row that matches until the last byte or to its end."""
    skims = Skims("declared", [SHAPES[1] | {"customFields": FIELDS | {"x y": ""}}])
    body = filled(Random(1), skims.learned[0][1], 0)
    held = next(each for each in (body, body["demographics"], body["customFields"]) if name in each)
    for piece in ("a", '", ', "-", "2000-01-31", "0.0", " ", "true", "null", ".1", "{"):
        text = written(body).replace(written(held), written(held | {name: piece * (1_000_000 // len(piece))}))
        texts = [text, text[:-1], text + b"}", text[:-2] + b"\x00}", text.replace(b"\\", b"")]
        for each in texts:
            start = perf_counter()
            alone(skims.learned[0][0], each)
            assert perf_counter() - start < 0.5
