"""Phone numbers: the key of each, by hand."""

from random import Random

import phonenumbers
import pytest
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS

from participant_rules.formats import phone_key
from participant_rules.formats.phone import _phone_key_by_library
from participant_rules.formats.phone_plans import refusal, refusal_at_home

# Of each country a number as it is written at home and abroad, and its key.
COUNTRIES = [
    ("US", "(201) 555-0123", "+1 201-555-0123", "+12015550123"),
    ("GB", "07400 123456", "+44 7400 123456", "+447400123456"),
    ("DE", "01512 3456789", "+49 1512 3456789", "+4915123456789"),
    ("FR", "06 12 34 56 78", "+33 6 12 34 56 78", "+33612345678"),
    ("IT", "312 345 6789", "+39 312 345 6789", "+393123456789"),
    ("ES", "612 34 56 78", "+34 612 34 56 78", "+34612345678"),
    ("PT", "912 345 678", "+351 912 345 678", "+351912345678"),
    ("NL", "06 12345678", "+31 6 12345678", "+31612345678"),
    ("BE", "0450 00 12 34", "+32 450 00 12 34", "+32450001234"),
    ("LU", "628 123 456", "+352 628 123 456", "+352628123456"),
    ("CH", "078 123 45 67", "+41 78 123 45 67", "+41781234567"),
    ("AT", "0664 123456", "+43 664 123456", "+43664123456"),
    ("DK", "34 41 23 45", "+45 34 41 23 45", "+4534412345"),
    ("SE", "070-123 45 67", "+46 70 123 45 67", "+46701234567"),
    ("NO", "40 61 23 45", "+47 40 61 23 45", "+4740612345"),
    ("FI", "041 2345678", "+358 41 2345678", "+358412345678"),
    ("IS", "611 1234", "+354 611 1234", "+3546111234"),
    ("IE", "085 012 3456", "+353 85 012 3456", "+353850123456"),
    ("PL", "512 345 678", "+48 512 345 678", "+48512345678"),
    ("CZ", "601 123 456", "+420 601 123 456", "+420601123456"),
    ("SK", "0912 123 456", "+421 912 123 456", "+421912123456"),
    ("HU", "06 20 123 4567", "+36 20 123 4567", "+36201234567"),
    ("RO", "0712 034 567", "+40 712 034 567", "+40712034567"),
    ("BG", "043 012 345", "+359 43 012 345", "+35943012345"),
    ("GR", "691 234 5678", "+30 691 234 5678", "+306912345678"),
    ("TR", "0501 234 56 78", "+90 501 234 56 78", "+905012345678"),
    ("RU", "8 (912) 345-67-89", "+7 912 345-67-89", "+79123456789"),
    ("UA", "050 123 4567", "+380 50 123 4567", "+380501234567"),
    ("KZ", "8 (771) 000 9998", "+7 771 000 9998", "+77710009998"),
    ("IL", "050-234-5678", "+972 50-234-5678", "+972502345678"),
    ("SA", "051 234 5678", "+966 51 234 5678", "+966512345678"),
    ("AE", "050 123 4567", "+971 50 123 4567", "+971501234567"),
    ("EG", "010 01234567", "+20 10 01234567", "+201001234567"),
    ("ZA", "071 123 4567", "+27 71 123 4567", "+27711234567"),
    ("NG", "0802 123 4567", "+234 802 123 4567", "+2348021234567"),
    ("KE", "0712 123456", "+254 712 123456", "+254712123456"),
    ("MA", "06 50 12 34 56", "+212 6 50 12 34 56", "+212650123456"),
    ("IN", "081234 56789", "+91 81234 56789", "+918123456789"),
    ("PK", "0301 2345678", "+92 301 2345678", "+923012345678"),
    ("BD", "01812-345678", "+880 1812-345678", "+8801812345678"),
    ("CN", "131 2345 6789", "+86 131 2345 6789", "+8613123456789"),
    ("JP", "090-1234-5678", "+81 90-1234-5678", "+819012345678"),
    ("KR", "010-2000-0000", "+82 10-2000-0000", "+821020000000"),
    ("TW", "0912 345 678", "+886 912 345 678", "+886912345678"),
    ("HK", "5123 4567", "+852 5123 4567", "+85251234567"),
    ("SG", "8123 4567", "+65 8123 4567", "+6581234567"),
    ("MY", "012-345 6789", "+60 12-345 6789", "+60123456789"),
    ("TH", "081 234 5678", "+66 81 234 5678", "+66812345678"),
    ("VN", "0912 345 678", "+84 912 345 678", "+84912345678"),
    ("ID", "0812-345-678", "+62 812-345-678", "+62812345678"),
    ("PH", "0905 123 4567", "+63 905 123 4567", "+639051234567"),
    ("AU", "0412 345 678", "+61 412 345 678", "+61412345678"),
    ("NZ", "021 123 4567", "+64 21 123 4567", "+64211234567"),
    ("CA", "(506) 234-5678", "+1 506-234-5678", "+15062345678"),
    ("MX", "222 123 4567", "+52 222 123 4567", "+522221234567"),
    ("BR", "(11) 96123-4567", "+55 11 96123-4567", "+5511961234567"),
    ("AR", "011 15-2345-6789", "+54 9 11 2345-6789", "+5491123456789"),
    ("CL", "(2) 2123 4567", "+56 2 2123 4567", "+56221234567"),
    ("CO", "321 1234567", "+57 321 1234567", "+573211234567"),
    ("PE", "912 345 678", "+51 912 345 678", "+51912345678"),
]

KEYS = [
    ("212-555-1234", "US", "+12125551234"),
    ("1 212 555 1234", "US", "+12125551234"),
    ("1-800-FLOWERS", "US", "+18003569377"),
    ("5557778888", "US", "+15557778888"),
    ("555-1234", "US", "+15551234"),
    ("011 44 20 7946 0958", "US", "+442079460958"),
    ("00442079460958", "DE", "+442079460958"),
    ("+44 (0)20 7946 0958", "US", "+442079460958"),
    ("\uff0b\uff14\uff14 20 7946 0958", "US", "+442079460958"),
    ("tel:+44-20-7946-0958", "US", "+442079460958"),
    ("tel:20-7946-0958;phone-context=+44", "US", "+442079460958"),
    ("Tel. (0)30/123456", "DE", "+4930123456"),
    ("+49 00 30 123456", "DE", "+4930123456"),
    ("06 698 12345", "IT", "+390669812345"),
    ("+39 06 698 12345", "US", "+390669812345"),
    ("+800 1234 5678", "US", "+80012345678"),
    ("(212) 555-1234 ext. 0042", "US", "+12125551234;ext=0042"),
    ("212-555-1234 x5", "US", "+12125551234;ext=5"),
    ("+12125551234;ext=5", "US", "+12125551234;ext=5"),
    ("212-555-1234 ext \u0661\u0662", "US", "+12125551234;ext=12"),
    ("\u0662\u0661\u0662\u0665\u0665\u0665\u0661\u0662\u0663\u0664", "US", "+12125551234"),
    ("\uff12\uff11\uff12\uff15\uff15\uff15\uff11\uff12\uff13\uff14", "US", "+12125551234"),
    ("+12125551234", "ZZ", "+12125551234"),
    ("+12125551234", "us", "+12125551234"),
    ("+12125551234", "", "+12125551234"),
    ("+1" + " " * 238 + "2125551234", "US", "+12125551234"),
]

IMPOSSIBLE = [
    ("+1 212 555 0100 ext. 123456789012", "US"),
    ("", "US"),
    ("+", "US"),
    ("5", "US"),
    ("12", "US"),
    ("123", "US"),
    ("n/a", "US"),
    ("unknown", "US"),
    ("555-12345", "US"),
    ("212-555-12345", "US"),
    ("+1", "US"),
    ("+999 1234567", "US"),
    ("+0 2125551234 99", "US"),
    ("+1234567890123456789", "US"),
    ("joe@example.com", "US"),
    ("\u00b2\u00b9\u00b2\u2075\u2075\u2075\u00b9\u00b2\u00b3\u2074", "US"),
    ("\ud800\ud800\ud800", "US"),
    ("\x00" * 9, "US"),
    ("2125551234", "ZZ"),
    ("2125551234", "us"),
    ("2125551234", ""),
    ("2125551234", "001"),
    ("2125551234", "no region"),
    ("0044 20 7946 0958", "ZZ"),
    ("+1" + " " * 239 + "2125551234", "US"),
]

VALID = [
    ("(201) 555-0123", "US", "+12015550123"),
    ("07400 123456", "GB", "+447400123456"),
    ("(201) 555-0123 ext. 7", "US", "+12015550123;ext=7"),
    ("5557778888", "US", None),
    ("555-1234", "US", None),
    ("n/a", "US", None),
    ("201 555 0123", "ZZ", None),
]


@pytest.mark.parametrize(("region", "national", "international", "key"), COUNTRIES)
def test_countries(region: str, national: str, international: str, key: str) -> None:
    """A number has one key as it is written at home and abroad, and it is a valid one."""
    spellings = [(national, region), (international, region), (international, "ZZ"), (key, "US")]
    keys = [phone_key(text, home, valid=valid) for text, home in spellings for valid in (False, True)]
    assert keys == [key] * 8


@pytest.mark.parametrize(("text", "region", "key"), KEYS)
def test_key(text: str, region: str, key: str) -> None:
    """A possible number has this key, which is its own key, and the library alone says so too."""
    by_library = _phone_key_by_library(text, region)
    assert (phone_key(text, region), phone_key(key, region), by_library) == (key, key, key)


@pytest.mark.parametrize(("text", "region"), IMPOSSIBLE)
def test_impossible(text: str, region: str) -> None:
    """An impossible number has no key, and so decides the library alone."""
    assert (phone_key(text, region), _phone_key_by_library(text, region)) == (None, None)


@pytest.mark.parametrize("count", [3_000, pytest.param(100_000, marks=pytest.mark.heavy)])
@pytest.mark.parametrize("prefix", ["+", ""])
def test_numbers_of_any_length(prefix: str, count: int) -> None:
    """Digits that are too many or too few are refused without the library, and only where it refuses them."""
    random, refused = Random(20261125), 0
    codes, regions = sorted(COUNTRY_CODE_TO_REGION_CODE), [*sorted(SUPPORTED_REGIONS), "ZZ"]
    for _ in range(count):
        digits = "".join(random.choices("0123456789", k=random.randint(1, 16)))
        code = random.choice(codes) if random.random() < 0.7 else random.randrange(1_000)  # most are none
        text = f"+{code}{digits}" if prefix else digits
        region = random.choice(regions)
        key = _phone_key_by_library(text, region)
        assert phone_key(text, region) == key, (text, region)
        refuses = refusal(text[:4], region) if prefix else refusal_at_home(region)
        refused += refuses is not None and key is None and refuses(text) is not None
    assert refused > count / 3  # most lengths are impossible


@pytest.mark.parametrize(("text", "region", "key"), VALID)
def test_valid(text: str, region: str, key: str | None) -> None:
    """Where valid is asked for, a number that is merely possible has no key."""
    assert phone_key(text, region, valid=True) == key


def test_region_is_the_united_states() -> None:
    """The home of a number is the United States where none is named."""
    assert phone_key("2125551234") == "+12125551234"


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_examples_of_every_region(region: str) -> None:
    """Every example number of every region has its E.164 as the key, at home and abroad."""
    types = phonenumbers.PhoneNumberType.values()
    examples = [phonenumbers.example_number_for_type(region, kind) for kind in types]
    for number in filter(None, examples):
        forms = phonenumbers.PhoneNumberFormat
        e164, national, international = (
            phonenumbers.format_number(number, form)
            for form in (forms.E164, forms.NATIONAL, forms.INTERNATIONAL)
        )
        assert {phone_key(text, region) for text in (e164, national, international)} == {e164}


@pytest.mark.parametrize(
    "unit", ["1", "+", "a", "+1 ", "1 ", "(", ";ext=", "x", " ", "\u0661", "\ud800", "0", "1x"]
)
def test_megabyte(unit: str) -> None:
    """A text of a megabyte is no number, and is not looked at."""
    text = unit * (1_000_000 // len(unit))
    assert (phone_key(text), phone_key(text, valid=True), phone_key("2125551234" + text)) == (
        None,
        None,
        None,
    )
