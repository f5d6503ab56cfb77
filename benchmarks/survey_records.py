"""Participants of a survey: invitation, login, and one to three subjects with five seedings each."""

from collections.abc import Callable, Iterator
from random import Random

from records import (
    FAULTY,
    FIRST_NAMES,
    LAST_NAMES,
    MALFORMED_ADDRESSES,
    SEED,
    Record,
    address,
)

_TYPES = ("Single", "Multiple", "Text")
_CODES = {f"v{number}": [str(code) for code in range(1, 4 + number % 7)] for number in range(40, 70)}
_KINDS = {f"v{number}": _TYPES[number % 3] for number in range(40, 70)}
_SEEDABLE = [f"v{number}" for number in range(45, 65)]
_WORDS = "I feel fine since spring, mostly. No pain at night but a little tired after long walks".split()

TAKEN = [f"T{number}" for number in range(2_000)]
"""The logins that the store has already."""

DEFINITION: Record = {
    "id": "S1",
    "invited": True,
    "loggedOn": True,
    "group": True,
    "importState": None,
    "interviewers": None,
    "inviteSeeding": ["surname", "forenames"],
    "questionnaireSeeding": _SEEDABLE,
    "variables": [
        {
            "variableId": key.upper(),
            "responseType": _KINDS[key],
            "codes": [{"codeValue": code} for code in codes],
        }
        for key, codes in _CODES.items()
    ],
}


def _text(random: Random, key: str) -> str:
    if _KINDS[key] == "Text":
        return " ".join(random.choices(_WORDS, k=random.randint(1, 6)))
    count = 1 if _KINDS[key] == "Single" else random.randint(1, 3)
    return ";".join(sorted(random.sample(_CODES[key], count)))


def _subject(random: Random, number: int, seedings: int) -> Record:
    seeding = {key: _text(random, key) for key in random.sample(_SEEDABLE, seedings)}
    return {"subjectName": f"Subject {number}", "questionnaireSeeding": seeding, "status": "NotStarted"}


def _participant(random: Random, number: int) -> Record:
    return {
        "invitationSection": {
            "optedOut": False,
            "sendInvitations": random.random() < 0.8,
            "emailAddress": address(random, number),
            "inviteSeeding": {
                "surname": random.choice(LAST_NAMES),
                "forenames": random.choice(FIRST_NAMES),
            },
        },
        "loginSection": {
            "login": f"L{number}",
            "password": None,
            "interviewer": None,
            "status": "NotStarted",
            "subjects": [_subject(random, place, 5) for place in range(1, random.randint(1, 3) + 1)],
        },
        "enabled": True,
    }


def _invitation(record: Record) -> Record:
    return record["invitationSection"]


def _login(record: Record) -> Record:
    return record["loginSection"]


def _seeding(record: Record) -> Record:
    return record["loginSection"]["subjects"][0]["questionnaireSeeding"]


VALUE_FAULTS: dict[str, Callable[[Record, Random], object]] = {
    "opted out and invited": lambda r, _: _invitation(r).update(optedOut=True, sendInvitations=True),
    "malformed address": lambda r, x: _invitation(r).update(emailAddress=x.choice(MALFORMED_ADDRESSES)),
    "no address": lambda r, _: _invitation(r).update(emailAddress=None, sendInvitations=True),
    "no login name": lambda r, _: _login(r).update(login=""),
    "login name taken": lambda r, x: _login(r).update(login=x.choice(TAKEN)),
    "no subjects": lambda r, _: _login(r).update(subjects=[]),
    "subject repeated": lambda r, _: _login(r)["subjects"].append(_login(r)["subjects"][0] | {}),
    "subject without a name": lambda r, _: _login(r)["subjects"][0].update(subjectName=""),
    "interviewer": lambda r, _: _login(r).update(interviewer="x@example.com"),
    "invite seeding": lambda r, _: _invitation(r)["inviteSeeding"].update(nick="x"),
    "variable not seedable": lambda r, _: _seeding(r).update(v42="1"),
    "no such variable": lambda r, _: _seeding(r).update(v999="1"),
    "several values": lambda r, _: _seeding(r).update(v48="1;2"),
    "value repeated": lambda r, _: _seeding(r).update(v46="2;2"),
    "no such code": lambda r, _: _seeding(r).update(v46="77"),
}
SECTION_FAULTS: dict[str, Callable[[Record, Random], object]] = {
    "no login section": lambda r, _: r.pop("loginSection"),
    "no invitation section": lambda r, _: r.pop("invitationSection"),
}
TYPE_FAULTS: dict[str, Callable[[Record, Random], object]] = {
    "enabled is a word": lambda r, _: r.update(enabled="yes"),
    "seeding is a number": lambda r, _: _seeding(r).update(v47=5),
}


def _spoil(record: Record, random: Random) -> None:
    """Put in one fault or two."""
    kind = random.random()
    if kind < 0.1:
        random.choice(list(TYPE_FAULTS.values()))(record, random)
    elif kind < 0.2:
        random.choice(list(SECTION_FAULTS.values()))(record, random)
    else:
        for fault in random.sample(list(VALUE_FAULTS), random.choice((1, 1, 2))):
            if fault != "subject without a name" or _login(record)["subjects"]:
                _apply(fault, record, random)


def _apply(fault: str, record: Record, random: Random) -> None:
    if _login(record)["subjects"]:  # a fault before may have taken them
        VALUE_FAULTS[fault](record, random)


def records(count: int) -> Iterator[Record]:
    """So many participants to be added."""
    random = Random(SEED)
    for number in range(count):
        record = _participant(random, number)
        if random.random() < FAULTY:
            _spoil(record, random)
        yield record


def valid_update() -> Record:
    """One participant with six seedings."""
    random = Random(SEED)
    record = _participant(random, 1)
    _login(record)["subjects"] = [_subject(random, place, 3) for place in (1, 2)]
    return record


def faulty_update() -> Record:
    """The same with nine violations."""
    record = valid_update()
    for fault in (
        "opted out and invited",
        "malformed address",
        "no login name",
        "interviewer",
        "invite seeding",
        "variable not seedable",
        "no such variable",
        "several values",
        "no such code",
    ):
        VALUE_FAULTS[fault](record, Random(SEED))
    return record


SINGLE = {"one valid update": valid_update, "one with nine violations": faulty_update}
