"""Participants of a project: twenty fields, addresses and numbers of many countries, some already stored."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from random import Random

import phonenumbers
from records import FAULTY, FIRST_NAMES, LAST_NAMES, MALFORMED_ADDRESSES, SEED, Record, address

REGIONS = "US US US US GB DE FR CA AU IN BR JP MX ES IT SE PL".split()
NANP = {"US": ["212", "415", "617", "734", "206", "312"], "CA": ["416", "604", "514", "403"]}
MALFORMED_NUMBERS = ["555", "+1 234 567", "call me", "+999123456789", "+1212555012345"]
LANGUAGES = "en en en es fr de pt-BR zh-Hans hi en-US en-GB".split()
OFFSETS = "-04:00:00 -05:00:00 -08:00:00 +00:00:00 +01:00:00 +02:00:00 +05:30:00 +10:00:00".split()
STATUSES = ["pending", "declined", "cancelled", "approved", "notInvited", None]
CITIES = ["Anytown", "München", "São Paulo", "New York", "Ann Arbor", "Łódź"]
STORED = 4_000

DEFINITION: Record = {
    "id": "P1",
    "customFields": [{"name": "Medication1", "type": "Text"}, {"name": "Smoker", "type": "Integer"}],
    "defaultRegion": "US",
}


@cache
def _example(region: str) -> str:
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    return f"+{number.country_code}", str(number.national_number)


def _number(random: Random, taken: set[str]) -> str:
    """A valid number that nobody has, most of them in E.164."""
    while True:
        region = random.choice(REGIONS)
        code, national = _example(region)
        if region in NANP:
            national = f"{random.choice(NANP[region])}{random.randint(2, 9)}{random.randint(0, 999_999):06d}"
        else:
            national = national[:-5] + f"{random.randint(0, 99_999):05d}"
        saved = code + national
        number = phonenumbers.parse(saved)
        if saved in taken or not phonenumbers.is_valid_number(number):
            continue
        taken.add(saved)
        style = random.random()
        if style < 0.6:
            return saved
        if style < 0.75:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        if region in NANP:
            area, rest = national[:3], national[3:]
            return random.choice(
                [f"({area}) {rest[:3]}-{rest[3:]}", f"{area}-{rest[:3]}-{rest[3:]}", national, f"1{national}"]
            )
        return saved


def _participant(random: Random, number: int, taken: set[str]) -> Record:
    return {
        "participantIdentifier": f"P-{number:07d}",
        "invitationStatus": random.choice(STATUSES),
        "demographics": {
            "email": address(random, number),
            "firstName": random.choice(FIRST_NAMES),
            "middleName": random.choice(["", None, "J.", "Marie", "Luz"]),
            "lastName": random.choice(LAST_NAMES),
            "dateOfBirth": _date(random),
            "preferredLanguage": random.choice(LANGUAGES),
            "gender": random.choice(["M", "F", "O", None]),
            "street1": f"{random.randint(1, 9999)} Main Street",
            "street2": random.choice(["", "Apartment #1", None]),
            "city": random.choice(CITIES),
            "state": random.choice("NY CA TX MA WA MI".split()),
            "postalCode": f"{random.randint(0, 99_999):05d}",
            "mobilePhone": _number(random, taken),
            "utcOffset": random.choice(OFFSETS),
        },
        "customFields": {
            "Medication1": random.choice(["Warfarin", "None", ""]),
            "Smoker": random.choice([0, 1]),
        },
        "excludeFromExport": random.random() < 0.05,
        "institutionCode": random.choice(["County", "North", "Süd", ""]),
    }


def _date(random: Random) -> str:
    return f"{random.randint(1930, 2008)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"


def _person(record: Record) -> Record:
    return record["demographics"]


VALUE_FAULTS: dict[str, Callable[[Record, Random, list[Record]], object]] = {
    "malformed address": lambda r, x, _: _person(r).update(email=x.choice(MALFORMED_ADDRESSES)),
    "malformed number": lambda r, x, _: _person(r).update(mobilePhone=x.choice(MALFORMED_NUMBERS)),
    "address taken": lambda r, x, others: _person(r).update(email=_person(x.choice(others))["email"].upper()),
    "number taken": lambda r, x, others: _person(r).update(
        mobilePhone=_person(x.choice(others))["mobilePhone"]
    ),
    "gender": lambda r, x, _: _person(r).update(gender=x.choice(["male", "f"])),
    "status": lambda r, _, __: r.update(invitationStatus="Approved"),
    "date of birth": lambda r, x, _: _person(r).update(dateOfBirth=x.choice(["06/16/2000", "1985-02-30"])),
    "offset": lambda r, x, _: _person(r).update(utcOffset=x.choice(["-4:00", "UTC", "+25:00:00"])),
    "undeclared field": lambda r, _, __: r["customFields"].update(Smokes="yes"),
    "mistyped field": lambda r, _, __: r["customFields"].update(Smoker="often"),
}
TYPE_FAULTS: dict[str, Callable[[Record], object]] = {
    "a word for a boolean": lambda r: r.update(excludeFromExport="false"),
    "a number for a name": lambda r: _person(r).update(firstName=42),
    "a number for a postal code": lambda r: _person(r).update(postalCode=12_345),
}


def _spoil(record: Record, random: Random, others: list[Record]) -> None:
    """Put in faults of one kind: one of a type, or one or two of values."""
    if random.random() < 0.1:
        random.choice(list(TYPE_FAULTS.values()))(record)
        return
    for fault in random.sample(list(VALUE_FAULTS), random.choice((1, 1, 2))):
        VALUE_FAULTS[fault](record, random, others)


@cache
def project_records(count: int) -> tuple[list[Record], list[Record]]:
    """The stored participants, two thirds of them enrolled, and so many rows of a batch.

    One row in twelve is an update of a stored participant; of these some would change address or number.
    """
    random, taken = Random(SEED), set[str]()
    stored = [_participant(random, 9_000_000 + number, taken) for number in range(STORED)]
    for each in stored:
        each["enrolled"] = random.random() < 0.66
    updated = iter(random.sample(stored, STORED // 2))
    rows: list[Record] = []
    for number in range(count):
        record = _participant(random, number, taken)
        if random.random() < 1 / 12 and (old := next(updated, None)):
            record["participantIdentifier"] = old["participantIdentifier"]
            if random.random() < 0.8:
                _person(record).update({key: _person(old)[key] for key in ("email", "mobilePhone")})
        elif random.random() < FAULTY:
            _spoil(record, random, [*stored[:500], *rows[-500:]] if rows else stored)
        rows.append(record)
    return stored, rows


def records(count: int) -> Iterator[Record]:
    """The rows of a batch."""
    return iter(project_records(count)[1])


def valid_row() -> Record:
    """One participant to be added."""
    return next(each for each in records(50) if each["customFields"]["Smoker"] == 1)


def faulty_row() -> Record:
    """The same with five violations."""
    record = json.loads(json.dumps(valid_row()))
    for fault in ("malformed address", "malformed number", "gender", "date of birth", "offset"):
        VALUE_FAULTS[fault](record, Random(SEED), [])
    return record


def wrong_row() -> Record:
    """The same with nine violations."""
    record = faulty_row()
    for fault in ("status", "undeclared field", "mistyped field"):
        VALUE_FAULTS[fault](record, Random(SEED), [])
    TYPE_FAULTS["a word for a boolean"](record)
    return record


SINGLE = {
    "one valid row": valid_row,
    "one with five violations": faulty_row,
    "one with nine violations": wrong_row,
}
