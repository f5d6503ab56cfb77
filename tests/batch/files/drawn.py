"""Tables of participants with right, odd and faulty cells."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from participant_rules import project
from tests.batch.samples import EMAILS, IDS, NAMES, PHONES

__all__ = ["header", "rows"]

BLANK: Final = ["", "", "", "", "", "", " ", "\t ", "\u2003"]
ODD: Final = [
    "x",
    "Łódź",
    "null",
    "0",
    '"',
    "a\nb",
    "\r\n",
    "{}",
    "[1]",
    "a:b",
    "\u200b",
    "١٢",
    "0" * 400,
    ",",
]
DATES: Final = [
    "2000-02-28",
    "1931-12-01",
    "2000-02-29",
    "1985-02-30",
    "06/16/2000",
    "0999-01-01",
    "2000-01-31",
]
CELLS: Final[dict[str, Sequence[str]]] = {
    "participantIdentifier": NAMES,
    "id": [*IDS, IDS[0].upper()],
    "email": [*EMAILS, "a@b", "@", "a b@example.com", "x@example.com\n"],
    "mobilePhone": [*PHONES, "555", "call me", "+999123456789", "+1 212 555 0100 ext. 7", "٢١٢٥٥٥٠١٠٠"],
    "invitationStatus": [*map(str, project.InvitationStatus), "Approved", "not invited"],
    "gender": ["M", "F", "O", "f", "male"],
    "dateOfBirth": DATES,
    "utcOffset": ["-04:00:00", "05:30:00", "+14:00:00", "+25:00:00", "UTC", "-4:00"],
    "excludeFromExport": ["true", "FALSE", "False", "tRuE", "yes", "0"],
    "customFields": [
        "{}",
        '{"I": 1}',
        '{"I": "x"}',
        '{"SecondaryIdentifier": "a"}',
        '{"I": 1, "I": 2}',
        "[]",
    ],
    "customFields.Other": ["", "", "x"],
    "customFields.I": ["0", "-17", "+5", "007", "1.0", "often", "9" * 16, "9" * 310],
    "customFields.D": ["0", "-1.5", "+5.25", "007.10", ".5", "1e3", "9" * 305 + ".5"],
    "customFields.When": [*DATES, "2000-01-01T10:00:00Z", "2000-01-01T25:00"],
}
TEXTS: Final = [
    *["institutionCode", "firstName", "street1", "preferredLanguage", "secondaryIdentifier", "enrolled"],
    *[
        "insertedDate",
        "linkIdentifier",
        "customFields.T",
        "customFields.x y",
    ],
    *["customFields.~/x: é", "customFields.SecondaryIdentifier", "Stranger", "", " "],
]


def header(random: Random) -> tuple[str, ...]:
    """Some columns, in any order."""
    names = [each for each in [*CELLS, *TEXTS] if random.random() < (0.15 if "." in each else 0.4)]
    if "customFields" in names and random.random() < 0.8:
        names.remove("customFields")
    if "customFields" in names:
        names = [each for each in names if not each.startswith("customFields.")]
    random.shuffle(names)
    return ("email", *[each for each in names if each != "email"])


def rows(random: Random, names: Sequence[str], count: int) -> Iterator[list[str]]:
    """Rows below a header, some of them ragged."""
    for number in range(count):
        how_odd = (0.0, 0.02, 0.1, 0.3)[number % 4]
        row = [cell(random, name, how_odd) for name in names]
        if random.random() < how_odd / 5:
            row = random.choice([row[:-1], row[:1], [], [*row, ""], [*row, "more"]])
        yield row


def cell(random: Random, name: str, how_odd: float) -> str:
    """A cell, mostly a plausible one."""
    if random.random() < 0.2:
        return random.choice(BLANK) if random.random() < how_odd else ""
    known = CELLS.get(name, NAMES)
    text = random.choice(known if random.random() < how_odd else known[:2])
    if random.random() < how_odd:
        text = random.choice([*ODD, f" {text}", f"{text}\u2003", f"\n{text} "])
    return text
