"""The keys' shortcuts agree with the libraries, and a key is one for all spellings.

The big corpora are seeded and adversarial: near-misses of addresses and numbers, which random text hardly
ever is. A run takes two thousand of each; `-m heavy` takes a million, and every character, calling code and
length besides.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from sys import maxunicode
from unicodedata import category, normalize

import email_validator
import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules.formats import (
    PLAIN_EMAIL,
    email_key,
    email_keys,
    malformed_emails,
    phone_key,
    phone_keys,
)
from participant_rules.formats.phone import _phone_key_by_library
from participant_rules.formats.phone_plans import home_of, plan_of_head
from tests.formats.email_by_library import email_key_by_library

SIZES = [pytest.param(2_000, id="2k"), pytest.param(1_000_000, id="1M", marks=pytest.mark.heavy)]

# ---- e-mail

ATEXT = "abcXYZ019_!#$%&'*+-/=?^`{|}~"
ODD = (
    ' \t\n\r\x00.@"<>()[]\\,;:éü\u0338\u0301＠\u3002\uff0e\ufb00\u200bẞıİK\u2488日א\u037e\u00a0\ud800ȺΣ\ufe0f'
)
HOSTS = """
gmail.com Yahoo.COM uni-lab.co.uk x.local localhost a.test foo.invalid b.onion c.arpa bücher.example
xn--bcher-kva.example ab--c.com xn--a.com a.b a.1 a.c0 1.com -a.com a-.com a..com .com com a_b.com test
local.com notlocal mylocal.com x.LOCAL é.fr a.com. info.ex 123.123.123.123 [1.2.3.4] 0.a x.\uff4cocal
bücher.LOCAL faß.at \u05d0\u05d1.1.com \u4f8b\u3048\u3002\u30c6\u30b9\u30c8 x.locaL\ufe0f ex\xadample.com
e\u0301.fr Ü.de почта.рф
""".split()
LOCALS = """
joe john.doe Info SALES WWW postmaster a.b.c .a a. a..b a+b o'neil "q" müller x_y 日本 K İ Ftp mu\u0308ller
\u0301a J\u030c ΑΣ a\u037e a=\u0338 a<\u0338 \ud800 \u200b Ⱥ \U0001f600 \u0930\u093e\u092e
""".split()
TOPS = (".com", ".ORG", ".c1", ".local", ".test", ".a", ".xn--p1ai", ".рф", "")


def _mutated(text: str, odd: str, random: Random) -> str:
    """The text with one to three characters put in, taken out or replaced."""
    characters = list(text)
    for _ in range(random.randint(1, 3)):
        at = random.randint(0, len(characters))
        characters[at : at + random.randint(0, 1)] = random.choice(odd) * random.randint(0, 1)
    return "".join(characters)


def _name(common: str, odd: str, lengths: tuple[int, ...], random: Random) -> str:
    """A word of one of these lengths, of common characters and now and then an odd one."""
    alphabet = common * 20 + odd if random.random() < 0.5 else common
    return "".join(random.choices(alphabet, k=random.choice(lengths)))


def _address(random: Random) -> str:
    """A text that is an address, or would be but for a fault."""
    kind = random.random()
    if kind < 0.3:
        return f"{random.choice(LOCALS)}@{random.choice(HOSTS)}"
    if kind < 0.6:
        return _mutated(f"{random.choice(LOCALS)}@{random.choice(HOSTS)}", ODD + ATEXT, random)
    if kind < 0.95:
        local = _name(ATEXT, ODD, (1, 2, 5, 9, 20, 64, 65, 120, 200), random)
        labels = [
            _name("abcXY09-", ODD, (1, 2, 3, 4, 8, 62, 63, 64), random) for _ in range(random.randint(1, 4))
        ]
        return f"{local}@{'.'.join(labels)}{random.choice(TOPS)}"
    return "".join(map(chr, random.choices(range(0x20, 0x3000), k=random.randint(0, 14))))


SPECIAL = re.compile(rf"[.\u3002\uff0e\uff61](?:{'|'.join(email_validator.SPECIAL_USE_DOMAIN_NAMES)})\Z")


def _plainly(text: str) -> str | None:
    """The key by one plain call of the library; of a special-use domain the last letter is masked."""
    masked = text[:-1] + "x" if SPECIAL.search(text.lower()) else text
    try:
        address = email_validator.validate_email(masked, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    domain = address.ascii_domain if masked == text else address.ascii_domain[:-1] + text[-1]
    return normalize("NFC", address.local_part.lower()) + "@" + domain.lower()


def _is_oddly_special(text: str) -> bool:
    """Whether a special-use domain is spelled so that the plain call does not see it."""
    compatible = "".join(c for c in normalize("NFKC", text).lower() if category(c) != "Mn")
    return SPECIAL.search(compatible) is not None and SPECIAL.search(text.lower()) is None


@pytest.mark.parametrize("size", SIZES)
def test_email_shortcuts(size: int) -> None:
    """Of no adversarial address do the shortcut, the library in parts and the library at once differ."""
    random, accepted = Random(size), 0
    for _ in range(size):
        text = _address(random)
        key = email_key(text)
        assert key == email_key_by_library(text), ascii(text)
        assert key == _plainly(text) or _is_oddly_special(text), ascii(text)
        assert key is None or email_key(key) == key, ascii(text)
        accepted += key is not None
    assert size // 10 < accepted < size // 2  # the corpus tells something about both


@pytest.mark.parametrize("size", SIZES)
def test_many_addresses(size: int) -> None:
    """Each has the key that it has alone, whatever stands beside it."""
    random = Random(20261124)
    for _ in range(max(12, size // 1_000)):
        texts = [_address(random) for _ in range(random.choice((0, 1, 2, 10, 1_000)))]
        keys = list(map(email_key, texts))
        assert email_keys(texts) == keys
        assert malformed_emails(texts) == [place for place, key in enumerate(keys) if key is None]
        whole = [text for text in texts if "\n" not in text]
        assert email_keys(whole) == list(map(email_key, whole))


@pytest.mark.parametrize("size", SIZES)
def test_plain_addresses(size: int) -> None:
    """The match of the expression up to a quote or a line break is well formed; its key has small letters."""
    random, match, plain = Random(20261125), re.compile(f'({PLAIN_EMAIL})["\n]').fullmatch, 0
    for _ in range(size):
        text = _address(random)
        for end in '"\n':
            found = match(text + end)
            assert found is None or (found[1] == text and email_key(text) == text.lower()), ascii(text)
            plain += found is not None
        assert match(f"{text}x") is None
        assert match(f'{text}"x') is None
    assert plain > size // 20


def test_every_character_in_a_local_part() -> None:
    """Printable, the test of the shortcut, equals the five categories of the library in every character."""
    differing = [
        code
        for code in range(0x80, maxunicode + 1)
        if chr(code).isprintable() != (category(chr(code))[0] in "LMNPS")
    ]
    assert differing == []


@pytest.mark.heavy
def test_every_character_lower_cased() -> None:
    """Lower-casing and composing any character once is enough: the key of a key is the key."""
    characters = (normalize("NFC", chr(code)).lower() for code in range(0x80, maxunicode + 1))
    small = {normalize("NFC", text) for text in characters}
    assert [text for text in small if normalize("NFC", text.lower()) != text] == []


@pytest.mark.parametrize("position", ["{}", "{}a", "a{}", "a.{}"])
@pytest.mark.heavy
def test_every_character_by_the_library(position: str) -> None:
    """Any one character anywhere in a local part gives the library's key."""
    texts = (position.format(chr(code)) + "@x.com" for code in range(maxunicode + 1))
    assert [ascii(text) for text in texts if email_key(text) != email_key_by_library(text)] == []


SCRIPTS = "abcxyzäéñøłžАбвЯאבمثال日本語한글กขคनमสμπάΩŐŰĞşI"
cased = st.text(SCRIPTS, min_size=1, max_size=12)
label = st.text("abcxyz0189äéñøłž", min_size=1, max_size=10)
domain = st.lists(label, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "com"]))
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    lambda text: normalize("NFD", text),
    lambda text: normalize("NFD", text.upper()),
    lambda text: text.partition("@")[0] + "@" + text.partition("@")[2].translate(FULL_WIDTH),
    lambda text: text.partition("@")[0] + "@" + text.partition("@")[2].replace(".", "\uff61"),
]


@given(st.text(max_size=40) | st.emails() | st.builds("{}@{}".format, st.text(max_size=20), domain))
def test_email_key_is_its_own_key(text: str) -> None:
    """The key of an e-mail key is that key."""
    key = email_key(text)
    assert key is None or email_key(key) == key


@given(cased, domain)
def test_email_spellings(local: str, host: str) -> None:
    """An address has one key in either case, composed or not, and its domain in full width or in Punycode."""
    address = f"{local}@{host}"
    key = email_key(address)
    punycode = f"{local}@{key.partition('@')[2]}" if key is not None else address
    assert {email_key(text) for text in (*(spell(address) for spell in SPELLINGS), punycode)} == {key}


# ---- phone

FORMS = [
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.RFC3966,
]
REGIONS = [*sorted(phonenumbers.SUPPORTED_REGIONS), "ZZ", "us", "", "001"]
MARKS = [
    *"+-. ()x#;,*/~\u0663\uff11\uff10\uff0b\n\t[]é\ud800",
    " ext. 12",
    ";ext=7",
    " x123",
    ",,5",
    "  ",
    "00",
]
DIALLED = ("", "", "0", "1", "8", "00", "011", "+", "80", "180020", "15", "9")
DIGITS = "0123456789"
FREE = sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)  # like +800: at home nowhere


def _examples() -> list[tuple[str, phonenumbers.PhoneNumber]]:
    """Every example number of the metadata and its region."""
    kinds = phonenumbers.PhoneNumberType.values()
    regional = [
        (region, phonenumbers.example_number_for_type(region, kind))
        for region in REGIONS[:-4]
        for kind in kinds
    ]
    free = [("US", phonenumbers.example_number_for_non_geo_entity(code)) for code in FREE]
    return [(region, number) for region, number in regional + free if number is not None]


EXAMPLES = _examples()
AT_HOME = [(region, number) for region, number in EXAMPLES if number.country_code not in FREE]


def _dialled(number: phonenumbers.PhoneNumber, random: Random) -> str:
    """A number like this one, behind some prefix, with other digits and perhaps cut off or too long."""
    digits = phonenumbers.national_significant_number(number)
    digits = "".join(random.choice(DIGITS) if random.random() < 0.2 else digit for digit in digits)
    if random.random() < 0.3:
        digits = digits[: -random.randint(1, 5)] if random.random() < 0.5 else digits + random.choice(DIGITS)
    code = str(number.country_code)
    return (
        random.choice((*DIALLED, "+" + code, "+" + code, code, f"+{code}0", f"00{code}", f"+{code}00"))
        + digits
    )


def _number(example: phonenumbers.PhoneNumber, random: Random) -> str:
    """A text that is a number, or would be but for a fault."""
    kind = random.random()
    if kind < 0.5:
        text = _dialled(example, random)
    elif kind < 0.8:
        text = phonenumbers.format_number(example, random.choice(FORMS))
        text = "".join(random.choice(DIGITS) if c in DIGITS and random.random() < 0.1 else c for c in text)
    else:
        alphabet = DIGITS if kind < 0.9 else "00123456789 -().x#;,+*/~A\u0663\uff10\n"
        text = random.choice(("", "+", f"+{example.country_code}"))
        text += "".join(random.choices(alphabet, k=random.randint(0, 18)))
    if random.random() < 0.2:
        at = random.randint(0, len(text))
        text = text[:at] + random.choice(MARKS) + text[at:]
    return text.translate(FULL_WIDTH) if random.random() < 0.05 else text


@pytest.mark.parametrize("size", SIZES)
def test_phone_shortcuts(size: int) -> None:
    """Of no adversarial number do the shortcut and the library differ, nor does a key have another key."""
    random, accepted = Random(size), 0
    for _ in range(size):
        home, example = random.choice(EXAMPLES)
        text, region = _number(example, random), home if random.random() < 0.7 else random.choice(REGIONS)
        key = phone_key(text, region)
        assert key == _phone_key_by_library(text, region), (ascii(text), region)
        assert key is None or phone_key(key, random.choice(REGIONS)) == key, (ascii(text), region)
        accepted += key is not None
    assert size // 4 < accepted < size * 3 // 4  # the corpus tells something about both


@pytest.mark.parametrize("size", SIZES)
def test_many_numbers(size: int) -> None:
    """Each has the key that it has alone, whatever stands beside it."""
    random, examples = Random(20261124), _examples()
    for _ in range(max(12, size // 1_000)):
        region = random.choice([*phonenumbers.SUPPORTED_REGIONS, "ZZ"])
        numbers = [random.choice(examples)[1] for _ in range(random.choice((0, 1, 2, 10, 300)))]
        texts = [
            random.choice(("", _number(each, random), f"+{random.randrange(10**12)}")) for each in numbers
        ]
        if random.random() < 0.1:
            texts.append(random.choice(("2125550100\n", "0" * 251, "+1\n", "\n")))
        assert phone_keys(texts, region) == [phone_key(text, region) for text in texts]


@pytest.mark.parametrize(
    "size", [pytest.param(300, id="300"), pytest.param(20_000, id="20k", marks=pytest.mark.heavy)]
)
def test_valid_phone_shortcuts(size: int) -> None:
    """The same of valid numbers, which are possible numbers with the same keys."""
    random = Random(size)
    for _ in range(size):
        region, example = random.choice(EXAMPLES)
        text = _number(example, random)
        key = phone_key(text, region, valid=True)
        assert key == _phone_key_by_library(text, region, valid=True), (ascii(text), region)
        assert key in {None, phone_key(text, region)}, (ascii(text), region)
        assert key is None or phone_key(key, valid=True) == key, (ascii(text), region)


def test_what_is_possible_is_read_again() -> None:
    """The first reading alone decides whether a number is possible: a later one never refuses it."""
    random = Random(7)
    for _ in range(1_000):
        region, example = random.choice(EXAMPLES)
        text = _number(example, random)
        try:
            number = phonenumbers.parse(text, region)
            # An extension of more digits than dialling plans have is another number in the same cell.
            possible = phonenumbers.is_possible_number(number) and len(number.extension or "") <= 7
        except phonenumbers.NumberParseException:
            possible = False
        assert (phone_key(text, region) is not None) == possible, (ascii(text), region)


def _of_every_region() -> Iterator[tuple[str, str]]:
    """Numbers of every length, dialled behind every prefix in every region, region by region."""
    random = Random(11)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        code = str(phonenumbers.country_code_for_region(region))
        for prefix in {*DIALLED, "81", "86", "1481", code, code + "0", "+" + code, "+" + code + "0"}:
            for length in range(3, 14):
                yield prefix + "".join(random.choices(DIGITS, k=length)), region


@pytest.mark.parametrize(
    "step", [pytest.param(23, id="some"), pytest.param(1, id="all", marks=pytest.mark.heavy)]
)
def test_every_region(step: int) -> None:
    """Any prefix and any length gives the library's key in every region."""
    numbers = islice(_of_every_region(), None, None, step)
    assert [pair for pair in numbers if phone_key(*pair) != _phone_key_by_library(*pair)] == []


def _of_every_code() -> Iterator[str]:
    """Numbers of every calling code there could be, of every length and beginning."""
    for code in range(1, 1_000):
        for length in range(1, 19):
            yield f"+{code}" + "8012345678901234567"[:length]
            yield f"+{code}" + "0123456789012345678"[:length]


@pytest.mark.heavy
def test_every_calling_code() -> None:
    """Any beginning and any length of an international number gives the library's key."""
    assert [text for text in _of_every_code() if phone_key(text) != _phone_key_by_library(text)] == []


def test_which_numbers_are_recognised() -> None:
    """The shortcut knows every code and region: the tests above do not pass by asking the library."""
    codes = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    assert [code for code in codes if plan_of_head(f"+{code}55"[:4]) is None] == []
    assert [region for region in REGIONS if home_of(region) is None] == ["ZZ", "us", "", "001"]


@given(
    st.sampled_from(REGIONS),
    st.text(max_size=30) | st.text(DIGITS + "+-() .x;,#", max_size=30),
    st.booleans(),
)
def test_phone_key_is_its_own_key(region: str, text: str, valid: bool) -> None:
    """The key of a phone key is that key, in every region."""
    key = phone_key(text, region, valid=valid)
    assert key is None or {phone_key(key, home, valid=valid) for home in (region, "US", "DE", "ZZ")} == {key}


@given(
    st.sampled_from(AT_HOME),
    st.sampled_from(FORMS),
    st.sampled_from(["", " ext. {}", " x{}", ";ext={}", "#{}", ", {}"]),
    st.sampled_from("0\u0660\u06f0\u0966\uff10"),
)
def test_phone_spellings(
    example: tuple[str, phonenumbers.PhoneNumber], form: int, extension: str, zero: str
) -> None:
    """A number has one key in any format, in digits of any script, with any spelling of its extension."""
    region, number = example
    other_digits = {ord(digit): chr(ord(zero) + int(digit)) for digit in DIGITS}
    text = phonenumbers.format_number(number, form) + extension.format("123")
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    key += ";ext=123" if extension else ""
    assert {phone_key(text, region), phone_key(text.translate(other_digits), region)} == {key}
