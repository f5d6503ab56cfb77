"""Seeded records, about one in ten of them faulty, like the files of data managers.

Every record is made from one random generator, so that a number of records is always the same records. Faults
are such as people make; a record has faults of its JSON types or of its values, never both, since peers that
model the types stop there. White space, special-use domains and undocumented members are left out: peers
differ about them.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

SEED = 20_240_611
FAULTY = 0.10

Record = dict[str, Any]

FIRST_NAMES = (
    "James Mary José Zoë Łukasz Anaïs Björn 太郎 Мария Nguyễn Fatima Ahmed Li Wei Priya Noah Olivia Liam "
    "Emma Chloé Seán Siobhán Karl Ingrid Ana"
).split()
LAST_NAMES = (
    "Smith Müller García O'Brien Kowalski Jørgensen 田中 Иванова Trần Haddad Johnson Williams Brown Jones "
    "Davis Silva Novák Rossi Dubois Lee Kim Chen Singh Ferrari López"
).split()
_MAIL = (
    "gmail.com yahoo.com outlook.com hotmail.com icloud.com aol.com protonmail.com live.com msn.com gmx.de"
)
_HOMES = ("nhs-trust", "uni-lab", "cityhealth", "study-mail", "research", "county-hosp", "biobank")
_ENDS = (".org", ".edu", ".co.uk", ".de", ".com", ".fr")
DOMAINS = [*_MAIL.split(), *(home + end for home in _HOMES for end in _ENDS)]
IDN_DOMAINS = ["bücher.de", "españa.com", "例え.jp", "xn--mnchen-3ya.de"]
MALFORMED_ADDRESSES = [
    "not-an-email",
    "bad@@x.com",
    "a b@x.com",
    "x..y@gmail.com",
    "joe@-bad.com",
    ".joe@x.com",
]


def lines(records: Iterator[Record]) -> list[bytes]:
    """The records as JSON lines, as most programs write them."""
    return [json.dumps(record, ensure_ascii=False).encode() for record in records]


def plain(name: str) -> str:
    """A name without characters that addresses do not have."""
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha()) or "p"


def address(random: Random, number: int) -> str:
    """An e-mail address; one in fifty is not ASCII."""
    first, last = plain(random.choice(FIRST_NAMES)), plain(random.choice(LAST_NAMES))
    style = random.random()
    if style < 0.02:
        return f"{first}.müller{number}@{random.choice(IDN_DOMAINS)}"
    domain = random.choice(DOMAINS[:10] if random.random() < 0.6 else DOMAINS)
    if style < 0.5:
        return f"{first}.{last}{number}@{domain}"
    if style < 0.75:
        return f"{last}_{number}@{domain}"
    if style < 0.9:
        return f"{first}{number}+study@{domain}"
    return f"{first.title()}.{last.title()}{number}@{domain.title()}"
