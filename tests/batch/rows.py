"""Rows of a project that conflict a lot, and their outcomes when they are decided all together."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

from attrs import evolve

from participant_rules import formats, project
from participant_rules.batch import ProjectTask
from participant_rules.memory import MemoryProjects
from tests.asked import asked_of_project as read_body
from tests.batch.drawing import WRONG, one_of, some
from tests.batch.results import RowResult, with_repeats

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


def project_of(random: Random) -> project.Project:
    """A project of which more or less is declared, some fields with limits."""
    declared = random.choice([UNDECLARED, DECLARED, DECLARED[:3], ()])
    if declared and random.random() < 0.6:
        declared = (
            evolve(declared[0], one_of=("1", "Kim"), unique=True),
            evolve(declared[1], minimum=1, maximum=5, unique=True, required=random.random() < 0.3),
            evolve(declared[2], immutable=True),
            *declared[3:],
        )
    return project.Project(id="P", custom_fields=declared)


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
    """Values that a stored participant may have: texts, and no address or number of another one."""
    kept = {name: value for name, value in given.items() if isinstance(value, str | None)}
    keys: dict[str, Callable[[str], str | None]] = {
        "email": formats.email_key,
        "mobilePhone": lambda text: formats.phone_key(text, "US"),
    }
    for name, make in keys.items():
        text = kept.get(name)
        if text:
            key = make(text.strip()) or formats.fold(text)
            if key in seen:
                del kept[name]
            seen.add(key)
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
) -> list[RowResult]:
    """The outcomes of the rows of one Bulk Add/Update, decided all together."""
    changes = []
    for payload in payloads:
        asked, faults = read_body(payload)
        changes.append(project.Change(project.Operation.BULK, definition.id, asked=asked, faults=faults))
    known = store.find(project.keys(changes, policy)) if store else project.Known(definition)
    found = project.decide_all(changes, known, allow_update=allow_update, policy=policy)
    task = ProjectTask(definition, store, allow_update, policy)
    return with_repeats([_result_of(each) for each in found], payloads, task)


def _result_of(decision: project.Decision) -> RowResult:
    results = (*decision.violations, *decision.warnings)
    action: Any = decision.action if decision else "refused"
    base = len(decision.base)
    return action, tuple([evolve(each, pointer=(each.pointer or "")[base:]) for each in results])
