"""Phone numbers: which are possible, and the key that all spellings of one number share.

The law is phonenumbers': a number is what `parse` reads, and possible is what `is_possible_number` says. It
reads almost any text ("Tel. (0)30/123456 ext. 7"), so nothing here refuses a text that it might read. What
is written in digits, spaces, dots, hyphens and parentheses is mostly recognised before it is asked, by one
regular expression for each calling code and for each home region, made from its metadata on first use.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple, cast

_Match = Callable[[str], re.Match[str] | None]

_LONGEST = 250  # phonenumbers reads nothing longer
_LONGEST_NUMBER = 17  # nor a national number of more digits
_LONGEST_EXTENSION = 7  # digits; more are another number in the same cell
_SHORTEST_NUMBER = 3  # nor any of fewer, with punctuation

_TWO_DIGITS = re.compile(r"\d\D*\d").search
_PUNCTUATION = {ord(mark): None for mark in " ().-"}
_GROUP = re.compile(r"\((?!\?)")
_NEVER = "(?!)"


class _Region(NamedTuple):
    """The parts of a region's metadata that are needed; the expressions have no groups, "" is none."""

    code: str
    abroad: str  # what is dialled before a foreign calling code: "011"
    prefix: str  # what is dialled before a national number: "0"
    transforms: bool  # whether taking the prefix off rewrites the number
    pattern: str
    lengths: tuple[int, ...]
    local_lengths: tuple[int, ...]


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
        plan = _plan(text[:4])
        if plan is not None and plan(text) is not None:
            return text  # most are written like this
        bare = text.translate(_PUNCTUATION)
        key = _international(bare) or _national(bare, region)
        if key is not None:
            return key
        refusal = _refusal(bare[:4], region) if bare.startswith("+") else _refusal_at_home(region)
        if refusal is not None and refusal(bare) is not None:
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
    home = _home(region)
    return [
        number
        if (plan := _plan(number[:4])) is not None and plan(number) is not None
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
    plan = _plan(bare[:4])
    return bare if plan is not None and plan(bare) is not None else None


def _national(bare: str, region: str) -> str | None:
    """The key of a number written as at home in the region, where it is sure how the library reads it."""
    home = _home(region)
    return _dialled(bare, home) if home is not None else None


def _dialled(bare: str, home: tuple[str, _Match]) -> str | None:
    code, number = home
    match = number(bare)
    return code + match[match.lastindex or 0] if match is not None else None


_LONGEST_HEAD = 4


# Four characters tell every calling code: a plus sign and at most three digits.
@lru_cache(maxsize=1024)
def _plan(head: str) -> _Match | None:
    """The matcher of whole E.164 numbers that begin with these four characters; None to ask the library."""
    code = _calling_code(head)
    return _plan_of(code) if code is not None else None


@lru_cache(maxsize=1024)
def _refusal(head: str, region: str) -> _Match | None:
    """The matcher of impossible numbers with a plus that begin like this; None to ask the library.

    It is for those that `_plan` did not recognise. No prefix is there to be taken off, so the library counts
    the digits as they stand. Where no calling code is, it reads the number once more as if it had no plus.
    """
    code = _calling_code(head)
    if code is not None:
        return re.compile(rf"\+{code}{_impossible(code)}").fullmatch
    home = _region_at_home(region)
    begins = _unless(home.abroad) + _unless(home.code) if home is not None else ""
    return re.compile(rf"\+{begins}[0-9]{{3,17}}").fullmatch if len(head) == _LONGEST_HEAD else None


def _calling_code(head: str) -> str | None:
    """The calling code of a number, as the library finds it: its shortest beginning that is one."""
    codes = (head[1:end] for end in (2, 3, 4)) if head.startswith("+") else ()
    return next((code for code in codes if code in _calling_codes()), None)


@lru_cache(maxsize=256)
def _refusal_at_home(name: str) -> _Match | None:
    """The matcher of impossible numbers dialled at home in a region that `_home` did not recognise."""
    region = _region_at_home(name)
    if region is None:
        return None
    begins = _unless(region.abroad) + _unless(region.code) + _unless(region.prefix)
    return re.compile(begins + _impossible(region.code)).fullmatch


def _impossible(code: str) -> str:
    """The pattern of digits that the library reads as they stand; fewer than three may be a local number."""
    return _unless(_main(code).prefix) + "[0-9]{3,14}"


@cache
def _calling_codes() -> frozenset[str]:
    """Every calling code."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE  # noqa: PLC0415  on first use

    return frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))


@cache  # there are some two hundred
def _plan_of(code: str) -> _Match:
    """The matcher of whole E.164 numbers of a calling code."""
    return re.compile(rf"\+{code}{_significant(code)}").fullmatch


@lru_cache(maxsize=256)
def _home(name: str) -> tuple[str, _Match] | None:
    """The calling code of a region, with "+", and the matcher of numbers dialled there.

    The group that matched is the national number. There are three ways to write one: as it is ("2125551234"),
    with the calling code but no plus ("12125551234"), and behind the prefix of the region ("020 7946 0958").
    """
    region = _region_at_home(name)
    if region is None:
        return None
    ways = "|".join(way(region) for way in (_as_it_is, _with_code, _behind_prefix))
    return f"+{region.code}", re.compile(f"{_unless(region.abroad)}(?:{ways})").fullmatch


def _region_at_home(name: str) -> _Region | None:
    """The metadata of a region by its name; None where the library does not know it."""
    from phonenumbers import SUPPORTED_REGIONS, country_code_for_valid_region  # noqa: PLC0415  on first use

    if name not in SUPPORTED_REGIONS:
        return None
    return _region(name, str(country_code_for_valid_region(name)))


def _as_it_is(region: _Region) -> str:
    """A number that neither the calling code nor the prefix could be taken from."""
    return f"{_unless(region.code)}{_unless(region.prefix)}({_significant(region.code)})"


def _with_code(region: _Region) -> str:
    """Calling code and number, together too long for the region: the library takes the code off."""
    too_long = max(region.lengths) + 1
    return f"(?=.{{{too_long}}}){region.code}{_unless(region.prefix)}({_significant(region.code)})"


def _behind_prefix(region: _Region) -> str:
    """Prefix and number, together not in the region's pattern: the library takes the prefix off.

    It takes what the prefix's expression matches first (hence the atomic group), provided that what is left
    has a length of the region. Where taking the prefix off rewrites the number, it is left to the library.
    """
    if region.transforms or not region.prefix:
        return _NEVER
    prefix = rf"{_unless(region.code)}(?!(?:{region.pattern})\Z)(?>{region.prefix})"
    return rf"{prefix}(?={_digits(region.lengths)}\Z)({_significant(region.code)})"


def _significant(code: str) -> str:
    """The national numbers of a calling code: of a possible length, and with no prefix to be taken off.

    Numbers are judged by the main region of their calling code, whichever region they are in.
    """
    main = _main(code)
    return _unless(main.prefix) + _digits(main.lengths + main.local_lengths)


def _main(code: str) -> _Region:
    """The main region of a calling code."""
    from phonenumbers import region_code_for_country_code  # noqa: PLC0415  on first use

    return _region(region_code_for_country_code(int(code)), code)


def _region(name: str, code: str) -> _Region:
    """The metadata of a region that phonenumbers knows; "001" stands for no region, as for +800."""
    from phonenumbers import PhoneMetadata, PhoneNumberDesc  # noqa: PLC0415  on first use

    # It is there for every region and calling code that the library lists.
    found = PhoneMetadata.metadata_for_region_or_calling_code(int(code), name)
    metadata = cast("PhoneMetadata", found)
    general = cast("PhoneNumberDesc", metadata.general_desc)
    return _Region(
        code=code,
        abroad=_plain(metadata.international_prefix),
        prefix=_plain(metadata.national_prefix_for_parsing),
        transforms=bool(metadata.national_prefix_transform_rule),
        pattern=_plain(general.national_number_pattern),
        lengths=tuple(general.possible_length),
        local_lengths=tuple(general.possible_length_local_only),
    )


def _plain(pattern: str | None) -> str:
    """A pattern of the metadata without its groups: only ours are to be counted."""
    return _GROUP.sub("(?:", pattern or "")


def _digits(lengths: Iterable[int]) -> str:
    """ASCII digits in one of these numbers."""
    counts = sorted(length for length in lengths if length >= _SHORTEST_NUMBER)
    return f"(?:{'|'.join(f'[0-9]{{{count}}}' for count in counts)})"


def _unless(pattern: str) -> str:
    """A guard: the rest does not begin with the pattern."""
    return f"(?!{pattern})" if pattern else ""


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
