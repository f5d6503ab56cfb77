"""A hundred thousand byte sequences that are JSON, nearly JSON, or nothing like it."""

import json
import struct
from collections.abc import Callable, Iterator
from itertools import chain, product
from random import Random
from typing import Final

from participant_rules import survey
from tests.batch.samples import VARIABLES, participant, row

SURVEY: Final = survey.Survey.from_json(
    {"id": "S", "invited": True, "loggedOn": True, "group": True, "variables": VARIABLES}
)
ROW: Final = {
    "participantIdentifier": "A-7",
    "demographics": {"email": "kim@example.com", "firstName": "Zoë", "city": "Łódź: 田 😀", "gender": None},
    "customFields": {"I": -12, "D": 1.5, "T": 'a \\ "b" \n', "x y": [True, False, {}, [], ""]},
}
BODY: Final = {
    "invitationSection": {"optedOut": False, "emailAddress": "kim@example.com", "inviteSeeding": {}},
    "loginSection": {"login": "kim", "subjects": [{"subjectName": "A", "questionnaireSeeding": {"v1": "1"}}]},
    "enabled": True,
}
NUMBERS: Final = [
    b"1e400",
    b"-1E+400",
    b"1" * 309,
    b"-" + b"9" * 400,
    b"1e-400",
    b"-0",
    b"18446744073709551616",
]
BYTES: Final = rb' "\/{}[]:,-+.0123456789eEuntfaNI' + bytes.fromhex(
    "00090a0b0d1f7f80a0bfc0c2c3e0e2edeff0f4ff"
)


def texts_of(value: object) -> list[bytes]:
    """A value in the styles that programs write."""
    texts = [
        json.dumps(value),
        json.dumps(value, ensure_ascii=False),
        json.dumps(value, ensure_ascii=False, separators=(",", ":")),
        json.dumps(value, indent=1).replace("\n", "\r\n\t"),
    ]
    return [text.encode() for text in texts]


TEXTS: Final = [*texts_of(ROW), *texts_of(BODY)]


def with_one_byte_changed() -> Iterator[bytes]:
    """Each bit of each byte flipped; each byte left out, doubled, replaced; each beginning."""
    for text in TEXTS:
        for place in range(len(text)):
            before, byte, after = text[:place], text[place : place + 1], text[place + 1 :]
            yield before
            yield before + after
            yield before + byte + byte + after
            yield from [before + bytes([byte[0] ^ 1 << bit]) + after for bit in range(8)]
    for text in TEXTS:
        for place, other in product(range(len(text)), BYTES):
            yield text[:place] + bytes([other]) + text[place + 1 :]


def with_names_repeated() -> Iterator[bytes]:
    """A name that stands twice in one object: next to itself or not, escaped, with colons that hide it."""
    pairs = product(
        ["a", "email", "é", "", "a:b", "田" * 30, "x" * 40],
        ["{0}", "{1}", " {0}"],
        ["", '"b": 2, ', '"b\\u003a": "\\u003a", ', '"c": {{"{0}": 3}}, '],
        [
            '{{"{0}": 1, {3}"{2}": 2}}',
            '[{{"{0}":1}},{{{3}"{0}" : {{}}, "{2}":"x:y"}}]',
            '{{"{0}":{{"{0}":1}},{3}"{2}":1}}',
        ],
    )
    for name, again, between, text in pairs:
        escaped = "".join(f"\\u{ord(letter):04x}" for letter in name)
        second = again.format(name, escaped)
        yield text.format(name, escaped, second, between.format(name)).encode()


def with_numbers(random: Random) -> Iterator[bytes]:
    """Numbers of all shapes and sizes, well written or not, alone and as members."""
    signs, wholes = ["", "-", "+", "--"], ["", "0", "00", "01", "7", "12345678901234567"]
    fractions, exponents = (
        ["", ".", ".0", ".5", ".1e"],
        ["", "e5", "E+07", "e-3", "e", "e308", "e309", "e-324", "e-999"],
    )
    for parts in product(signs, wholes, fractions, exponents):
        yield "".join(parts).encode()
    for power, sign, more in product(range(1_030), ("", "-"), (-1, 0, 1)):
        yield f'{{"a":{sign}{2**power + more}}}'.encode()
    greatest = 2**1024 - 2**970
    for more, zeros in product((-1, 0, 1), range(40)):
        yield f"{' ' * zeros}[{greatest + more}, {' ' * zeros}{greatest + more}.0]".encode()
    for digits in chain(range(280, 340), range(4_290, 4_310)):
        yield from (
            b"9" * digits,
            b"[-%s]" % (b"1" * digits),
            b"0." + b"7" * digits,
            b"1e%s" % (b"0" * digits),
        )
    for _ in range(8_000):
        (double,) = struct.unpack("d", random.randbytes(8))
        whole, places = random.randrange(10 ** random.randrange(1, 40)), random.randrange(1, 40)
        yield repr(double).encode()
        yield f"[{whole}.{random.randrange(10**places):0{places}}e{random.randrange(-340, 320)}]".encode()
        yield f"[{double:.{places}e}]".encode()


def with_strings(random: Random) -> Iterator[bytes]:
    """Escapes, surrogates and characters of all planes, in names and in values; bytes that are no UTF-8."""
    for code in range(0x10000):
        if code < 0x300 or 0xD7F0 <= code < 0xE010 or random.random() < 0.02:
            yield b'{"\\u%04x": "a\\u%04X"}' % (code, code)
            yield f'{{"{chr(code)}": "a{chr(code)}"}}'.encode("utf-8", "surrogatepass")
    pieces = [
        rb"\ud83d",
        rb"\ude00",
        rb"\uD800",
        rb"\\u0000",
        rb"\u0000",
        rb"\u00",
        b"\\",
        b"x",
        "é".encode(),
        b"\xed\xa0\x80",
    ]
    for few in product(pieces, repeat=3):
        yield b'["%s", {"%s": 1}]' % (b"".join(few), b"".join(few[:2]))
    for lead, rest in product(
        range(0x80, 0x100), (b"", b"\x80", b"\xbf\xbf", b"\x8f\xbf\xbf", b"\x90\x80\x80", b"\x80\x80\x80\x80")
    ):
        yield b'{"a":"%s"}' % (bytes([lead]) + rest)


def with_anything(random: Random) -> Iterator[bytes]:
    """Random bytes, random pieces of JSON, and records with several changes at once."""
    pieces = [
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b'"',
        b'"a"',
        b'"a":',
        b"1",
        b"-0",
        b"1.5",
        b"null",
        b" ",
        b"true",
        b'"\\u0061"',
    ]
    for _ in range(15_000):
        yield random.randbytes(random.randrange(12))
        yield b"".join(random.choices(pieces, k=random.randrange(12)))
    for _ in range(6_000):
        made = row(random, 0.3) if random.random() < 0.5 else participant(random, SURVEY, 0.3)
        record = bytearray(random.choice(texts_of(made)))
        for _ in range(random.randrange(4)):
            start = random.randrange(len(record) + 1)
            record[start : start + random.randrange(3)] = random.choice(
                [b"", *NUMBERS, *pieces, b"\\u0000", b"\xff"]
            )
        yield bytes(record)
    for depth in chain(range(60, 70), (500, 1_500, 100_000)):
        yield from (b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth, b"[" * depth)
    for text in TEXTS:
        yield from (
            b"\xef\xbb\xbf" + text,
            text + b"\0",
            text + b"\n ",
            text + b"\x0c",
            text + text,
            b"\xa0" + text,
        )
        yield from (text.decode().encode(each) for each in ("utf-16", "utf-16-le", "utf-32"))


KINDS: Final[dict[str, Callable[[Random], Iterator[bytes]]]] = {
    "one byte changed": lambda _: with_one_byte_changed(),
    "names repeated": lambda _: with_names_repeated(),
    "numbers": with_numbers,
    "strings": with_strings,
    "anything": with_anything,
}
