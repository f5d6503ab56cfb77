"""Templates read a text as a strict reading and the value reader, however the text is bent."""

import json
from random import Random
from typing import Any, Final

import pytest

from participant_rules import project
from participant_rules.engine.capture_groups import What
from participant_rules.engine.layouts import Layout
from participant_rules.engine.patterns import Style
from participant_rules.engine.slots import Slots, State
from participant_rules.engine.templates import TemplateReader
from participant_rules.project.change import Operation
from participant_rules.project.plan import plan_of
from participant_rules.project.policy import POLICY
from participant_rules.project.rules import BULK
from participant_rules.schema.reads import Read, faults, state, value
from participant_rules.unset import UNSET
from tests.engine.drawn import DEFINITIONS, LAYOUTS, body
from tests.engine.entities import MORE_READS, READS, slots_of
from tests.engine.reading import Drawn, Law, alone, comparable, examined, taught, written
from tests.mutants import Bender

CASES: Final[dict[str, Slots]] = {
    f"{name}, {label}": slots_of(definition, reads)
    for name, definition in DEFINITIONS.items()
    for label, reads in (("a few reads", READS), ("many reads", MORE_READS), ("no reads", ()))
}
TABLE = pytest.mark.parametrize("case", CASES)


class _Odd:
    """Draws bodies of a layout, as odd as wanted."""

    def __init__(self, layout: list[str]) -> None:
        self.layout, self.how_odd = layout, 0.0

    def __call__(self, random: Random) -> dict[str, Any]:
        return body(random, self.layout, self.how_odd)


def law_of(case: str) -> Law:
    """The law of a case, with all layouts learned."""
    law = Law(CASES[case])
    law.learn(*[_Odd(layout) for layout in LAYOUTS])
    return law


def drawn(random: Random, draw: Drawn) -> dict[str, Any]:
    """A body that is more or less odd."""
    assert isinstance(draw, _Odd)
    draw.how_odd = random.choice((0, 0.02, 0.1, 0.3))
    return draw(random)


@TABLE
def test_bent_texts_are_read_as_their_values(case: str) -> None:
    """Whatever stands in the text, alone and among others."""
    straight, bent = examined(law_of(case), drawn, 400, seed=1)
    assert straight > 10
    assert bent > 20


@pytest.mark.heavy
@TABLE
def test_many_bent_texts_are_read_as_their_values(case: str) -> None:
    """More of them."""
    straight, bent = examined(law_of(case), drawn, 400_000, seed=2)
    assert straight > 10_000
    assert bent > 20_000


@TABLE
def test_right_bodies_are_read(case: str) -> None:
    """Whatever the layout: otherwise the law would hold for nothing."""
    law, random = Law(CASES[case]), Random(5)
    for number, layout in enumerate(LAYOUTS):
        reader, tight = law.reader(), number % 2 == 0
        texts = [written(body(random, layout, 0), tight=tight) for _ in range(60)]
        assert all(taught(reader, text) for text in texts[:20])
        ends = [random.choice((b"", b"\n", b" \r\n\t")) for _ in texts]
        read = [law.holds(reader, text + end) for text, end in zip(texts, ends, strict=True)]
        assert sum(read[20:]) >= 36, layout


@pytest.mark.parametrize("seed", [0, *(pytest.param(each, marks=pytest.mark.heavy) for each in range(1, 9))])
def test_bodies_of_any_layout(seed: int) -> None:
    """Whatever a reader has learned, a text is read rightly or not at all."""
    random, bender, learned, read = Random(seed), Bender(seed), 0, 0
    for number in range(120):
        law = Law(CASES[random.choice([*CASES])])
        text = written(body(random, random.choice(LAYOUTS), (0.02, 0.2)[number % 2]), tight=number % 3 == 0)
        reader = law.reader()
        if b"\\" in text or not _is_learned(law, reader, text):
            continue
        learned += law.holds(reader, text)
        read += sum(law.holds(reader, bender.bent(text)) for _ in range(20))
    assert learned > 40
    assert read > 60


def _is_learned(law: Law, reader: TemplateReader, text: bytes) -> bool:
    value_of_text = json.loads(text)
    return any(reader.learn(text, value_of_text) for _ in range(140))


# ---- projects

PROJECT_CASES: Final = {
    "undeclared": project.Project(id="P"),
    "declared": project.Project(
        id="P",
        custom_fields=(
            project.CustomField("I", "Integer"),
            project.CustomField("D", "Decimal"),
            project.CustomField("When", "Date"),
            project.CustomField("T", "Text"),
            project.CustomField("U", "Text", unique=True),
            project.CustomField("C", "Text", one_of=("a", "b")),
            project.CustomField("M", "Integer", minimum=1, maximum=5),
        ),
    ),
    "an alias": project.Project(id="P", custom_fields=(project.CustomField("SecondaryIdentifier", "Date"),)),
}


def row(random: Random, how_odd: float) -> dict[str, Any]:
    """A row of a project."""
    odd: list[Any] = [
        None,
        "",
        " ",
        0,
        1.5,
        True,
        "M",
        "m",
        " F ",
        "2001-02-29",
        "x@y",
        "555",
        "a: b",
        "\u2003",
        [],
        {},
        "a\\b",
    ]

    def one(*right: Any) -> Any:
        return random.choice(odd if random.random() < how_odd else right)

    found = {
        "participantIdentifier": one("A", " B "),
        "id": one("X", None),
        "invitationStatus": one("pending", None),
        "secondaryIdentifier": one("2000-01-21", "x"),
        "enrolled": one(True, None),
        "demographics": {
            "email": one("a@example.com", " B@Example.com "),
            "gender": one("M", "F", None),
            "dateOfBirth": one("2000-01-21"),
            "mobilePhone": one("2125550100", "+12125550100", "(212) 555-0100", ""),
            "utcOffset": one("-04:00:00", None),
            "city": one("x", None),
            "Other": one("x"),
        },
        "customFields": {
            "I": one(1, -2, "3"),
            "D": one(1.5, 2),
            "When": one("2000-01-21"),
            "T": one("x", 1, True),
            "U": one("u", 5),
            "C": one("a", "b"),
            "M": one(1, 5),
        },
        "excludeFromExport": one(True, False, None),
    }
    for name in ("demographics", "customFields"):
        if random.random() < how_odd / 2:
            found[name] = random.choice([None, {}, []])
    if random.random() < how_odd and isinstance(found["customFields"], dict):
        found["customFields"][random.choice(["Z", "x y"])] = one(1)
    return found


class _Row:
    def __init__(self, names: str) -> None:
        self.names, self.how_odd = names.split(), 0.0

    def __call__(self, random: Random) -> dict[str, Any]:
        found = row(random, self.how_odd)
        return {name: found[name] for name in self.names if name in found}


ROWS: Final = [
    "participantIdentifier invitationStatus demographics customFields excludeFromExport",
    "id enrolled demographics customFields",
    "participantIdentifier secondaryIdentifier customFields",
    "demographics",
    "participantIdentifier",
]


@pytest.mark.parametrize("case", PROJECT_CASES)
def test_rows_are_read_as_their_values(case: str) -> None:
    """Of all rules for a batch, with warnings."""
    plan = plan_of(PROJECT_CASES[case], POLICY, Operation.BULK, BULK, warnings=True)
    law = Law(plan.slots)
    law.learn(*[_Row(names) for names in ROWS])

    def odd_row(random: Random, draw: Drawn) -> dict[str, Any]:
        assert isinstance(draw, _Row)
        draw.how_odd = random.choice((0, 0.02, 0.1, 0.3))
        return draw(random)

    straight, bent = examined(law, odd_row, 1_200, seed=3)
    assert straight > 35
    assert bent > 70


REQUIRED: Final = project.Project(id="P", custom_fields=(project.CustomField("T", "Text", required=True),))


@pytest.mark.parametrize("fields", [{"customFields": None}, {"customFields": {}}, {}])
def test_required_members_of_an_object_that_is_not_there(fields: dict[str, Any]) -> None:
    """They are lacking, and a template would have no place for them: its texts are never learned."""
    law = Law(plan_of(REQUIRED, POLICY, Operation.BULK, BULK, warnings=True).slots)
    reader = law.reader()
    lacks = written({"participantIdentifier": "A", **fields})
    assert not taught(reader, lacks)
    assert taught(reader, written({"participantIdentifier": "A", "customFields": {"T": "x"}}))
    assert not law.holds(reader, lacks)


# ---- single texts

KIM: Final[dict[str, Any]] = {
    "invitationSection": {
        "optedOut": False,
        "sendInvitations": True,
        "emailAddress": " Kim@example.com ",
        "inviteSeeding": {"surname": "Lee"},
    },
    "loginSection": {
        "login": " kim ",
        "interviewer": None,
        "subjects": [{"subjectName": "A", "questionnaireSeeding": {"v1": "1", "v3": "x"}}],
    },
}


def changed(section: str, **members: Any) -> dict[str, Any]:
    """Kim with other members in a section."""
    return KIM | {section: KIM[section] | members}


def test_a_reading() -> None:
    """Its keys, its odd slots, and its texts; odd slots of a list have places."""
    slots = slots_of(DEFINITIONS["logged on"])
    reader, odd, texts = Law(slots).reader(), slots.odd, slots.texts
    assert taught(reader, written(KIM))
    names, interviewer = (
        texts[Read(f"loginSection.{each}")] for each in ("subjects[].subjectName", "interviewer")
    )
    subjects = [
        {"subjectName": name, "questionnaireSeeding": seeds}
        for name, seeds in (("B", {"v9": "1", "v1": "7"}), (None, {"V1": "1", "v1": "1"}), ("", None))
    ]
    found = alone(reader, written(changed("loginSection", subjects=subjects, interviewer="x@y.com")))
    assert found is not None
    keys, results, values = comparable(found)
    where = ("loginSection", "subjects")
    assert keys == (" kim ",)  # logins are never trimmed
    assert results[odd[faults("loginSection.subjects[].questionnaireSeeding")]] == (
        ((*where, 0, "questionnaireSeeding"), "v9", "undeclared", False),
        ((*where, 0, "questionnaireSeeding"), "v1", ("7",), False),
        ((*where, 1, "questionnaireSeeding"), "v1", None, True),
    )
    assert results[odd[value("invitationSection.sendInvitations")]] is True
    assert value("invitationSection.optedOut") not in [read for read in odd if odd[read] in results]
    assert (values[names], values[interviewer]) == (("B", None, ""), "x@y.com")


def test_a_name_in_two_spellings() -> None:
    """The later one repeats the earlier one, in every text of the layout."""
    law = Law(slots_of(DEFINITIONS["logged on"]))
    reader = law.reader()
    text = written(changed("invitationSection", inviteSeeding={"surname": "Lee", "Surname": "Roe"}))
    assert taught(reader, text)
    assert law.holds(reader, text)


def test_an_open_member_that_is_never_wrong_is_not_captured() -> None:
    """Of another one, and of a later spelling of the same name, odd values are captured."""
    slots = slots_of(DEFINITIONS["logged on"])

    def elements(seeds: dict[str, str]) -> list[str]:
        value = changed("invitationSection", inviteSeeding=seeds)
        groups = Layout(slots, [value], Style.of(written(value).decode())).groups
        return [each.name for each in groups if each.what is What.ELEMENT]

    assert elements({"surname": "Lee"}) == []
    assert elements({"surname": "Lee", "Surname": "Roe"}) == ["Surname"]
    assert elements({"surname": "Lee", "nick": "x"}) == ["nick"]


@pytest.mark.parametrize("null", [True, False])
def test_a_section_that_is_not_there(*, null: bool) -> None:
    """Null or left out: nothing inside of it is read, its key and texts are left out."""
    slots = slots_of(DEFINITIONS["logged on"])
    reader = Law(slots).reader()
    assert taught(reader, written(KIM | {"enabled": True}))
    rest: dict[str, Any] = {"loginSection": None} if null else {}
    found = alone(reader, written({"invitationSection": KIM["invitationSection"], **rest, "enabled": True}))
    assert found is not None
    keys, results, texts = comparable(found)
    assert keys == (UNSET,)
    assert results[slots.odd[state("loginSection")]] is (State.NULL if null else State.ABSENT)
    assert slots.odd[state("loginSection.login")] not in results
    assert texts == (UNSET, UNSET)


MISTYPED: Final[list[dict[str, Any]]] = [
    changed("loginSection", login=1),
    changed("loginSection", subjects="A"),
    changed("loginSection", subjects=[1]),
    changed("loginSection", subjects=[KIM["loginSection"]["subjects"][0]] * 5),
    changed("loginSection", subjects=[{"subjectName": "A", "questionnaireSeeding": {"v1": 1}}]),
    changed("loginSection", subjects=[{"subjectName": "A", "questionnaireSeeding": {"v1": {}}}]),
    changed("invitationSection", optedOut="true"),
    changed("invitationSection", optedOut=None),
    changed("invitationSection", inviteSeeding={"surname": 1}),
    changed("invitationSection", inviteSeeding={"surname": "x", "surname ": [1]}),
    KIM | {"loginSection": []},
    KIM | {"more": []},
]


@pytest.mark.parametrize("mistyped", MISTYPED, ids=range(len(MISTYPED)))
def test_what_has_a_wrong_type_is_not_read(mistyped: dict[str, Any]) -> None:
    """Neither by the template of right texts nor after it was met often."""
    law = Law(slots_of(DEFINITIONS["logged on"]))
    reader = law.reader()
    assert taught(reader, written(KIM))
    assert not law.holds(reader, written(mistyped))
    for _ in range(400):
        reader.learn(written(mistyped), mistyped)
    assert not law.holds(reader, written(mistyped))
