"""Phone numbers: which are possible, and the key that all spellings of one number share.

The law is phonenumbers': a number is what `parse` reads, and possible is what `is_possible_number` says. It
reads almost any text ("Tel. (0)30/123456 ext. 7"), so nothing here refuses a text that it might read. What
is written in digits, spaces, dots, hyphens and parentheses is mostly recognised before it is asked, by one
regular expression for each calling code and for each home region (`phone_plans`).
"""

import re
from collections.abc import Sequence

from participant_rules.formats.phone_plans import Match, home_of, plan_of_head, refusal, refusal_at_home

_LONGEST = 250  # phonenumbers reads nothing longer
_LONGEST_NUMBER = 17  # nor a national number of more digits
_LONGEST_EXTENSION = 7  # digits; more are another number in the same cell

_TWO_DIGITS = re.compile(r"\d\D*\d").search
_PUNCTUATION = {ord(mark): None for mark in " ().-"}


def phone_key(text: str, region: str = "US", *, valid: bool = False) -> str | None:
    """The comparison key of a phone number: its E.164 form, and ";ext=" with its extension when it has one.

    `region` (ISO 3166-1, upper case) is where a number without calling code is at home; in an unknown region
    only numbers that begin with "+" have a key. None when the number is not possible, or with `valid` when
    it is in no range that is assigned. Possible includes a number that can only be dialled locally: 555-1234
    is one in the US. The key of a key is the key itself, and it is the same in every region.
    """
    if len(text) > _LONGEST:
        return None
    if not valid:
        plan = plan_of_head(text[:4])
        if plan is not None and plan(text) is not None:
            return text  # most are written like this
        bare = text.translate(_PUNCTUATION)
        key = _international(bare) or _national(bare, region)
        if key is not None:
            return key
        refuses = refusal(bare[:4], region) if bare.startswith("+") else refusal_at_home(region)
        if refuses is not None and refuses(bare) is not None:
            return None
    # Not even the shortest number has fewer than two digits, of any script.
    if _TWO_DIGITS(text) is None:
        return None
    return _stable(_read(text, region, valid=valid), region, valid=valid)


def is_region(name: str) -> bool:
    """Whether there is such a region, in which numbers may lack the country code, such as US."""
    if name == "US":  # as of most projects: the metadata is not read for it
        return True
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415  on first use

    return name in SUPPORTED_REGIONS


def phone_keys(texts: Sequence[str], region: str = "US") -> list[str | None]:
    """`phone_key` of many texts, at a lower price: punctuation is taken out of all in one go."""
    bare = "\n".join(texts).translate(_PUNCTUATION).split("\n")
    if len(bare) != len(texts) or max(map(len, texts), default=0) > _LONGEST:  # one of them has a line break
        return [phone_key(text, region) for text in texts]
    home = home_of(region)
    return [
        number
        if (plan := plan_of_head(number[:4])) is not None and plan(number) is not None
        # What is written as at home is mostly recognised too.
        else (_dialled(number, home) if home is not None else None) or phone_key(text, region)
        for text, number in zip(texts, bare, strict=True)
    ]


def _stable(key: str | None, region: str, *, valid: bool) -> str | None:
    """The key, read again unless another reading surely leaves it as it is."""
    if key is None or _international(key.partition(";")[0]) is not None:
        return key
    return _phone_key_by_library(key, region, valid=valid)


def _international(bare: str) -> str | None:
    """The number itself if it is in E.164 and the library would read it as it stands."""
    plan = plan_of_head(bare[:4])
    return bare if plan is not None and plan(bare) is not None else None


def _national(bare: str, region: str) -> str | None:
    """The key of a number written as at home in the region, where it is sure how the library reads it."""
    home = home_of(region)
    return _dialled(bare, home) if home is not None else None


def _dialled(bare: str, home: tuple[str, Match]) -> str | None:
    code, number = home
    match = number(bare)
    return code + match[match.lastindex or 0] if match is not None else None


def _phone_key_by_library(text: str, region: str = "US", *, valid: bool = False) -> str | None:
    """`phone_key` without a shortcut, and its definition: the library's reading, until it is stable.

    +49 00 30 123456 is read as +49030123456, and that as +4930123456: without the second reading two
    spellings of one number had two keys. A few readings suffice; the range only guards against the metadata.
    """
    key = _read(text, region, valid=valid)
    for _ in range(_LONGEST_NUMBER):  # pragma: no branch - it has always come to rest
        again = None if key is None else _read(key, region, valid=valid)
        if again == key:
            break
        key = again
    return key


def _read(text: str, region: str, *, valid: bool) -> str | None:
    """One reading: E.164 and the extension, in ASCII digits, of a number that is possible (or valid)."""
    # Imported here, so that a process without phone numbers never pays for it.
    import phonenumbers  # noqa: PLC0415  on first use

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not (phonenumbers.is_valid_number if valid else phonenumbers.is_possible_number)(number):
        return None
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # The library keeps an extension as it was written: "ext. ١٢" too.
    extension = phonenumbers.normalize_digits_only(number.extension or "")
    if len(extension) > _LONGEST_EXTENSION:
        return None  # two numbers in one cell
    return f"{key};ext={extension}" if extension else key
