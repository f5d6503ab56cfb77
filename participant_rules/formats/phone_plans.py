"""Regular expressions for phone numbers, one for each calling code and each region, made of their metadata.

A number that an expression matches is read by the library as the expression says; any other is left to it.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import NamedTuple, cast

__all__ = ["Match", "home_of", "plan_of_head", "refusal", "refusal_at_home"]

Match = Callable[[str], re.Match[str] | None]

_SHORTEST_NUMBER = 3  # phonenumbers reads no number of fewer digits, with punctuation
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


_LONGEST_HEAD = 4


# Four characters tell every calling code: a plus sign and at most three digits.
@lru_cache(maxsize=1024)
def plan_of_head(head: str) -> Match | None:
    """The matcher of whole E.164 numbers that begin with these four characters; None to ask the library."""
    code = _calling_code(head)
    return _plan_of_code(code) if code is not None else None


@lru_cache(maxsize=1024)
def refusal(head: str, region: str) -> Match | None:
    """The matcher of impossible numbers with a plus that begin like this; None to ask the library.

    It is for numbers that `plan_of_head` did not recognise. There is no prefix to be taken off, so the
    library counts the digits as they stand. Without a calling code it reads the number once more as if
    without a plus.
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
def refusal_at_home(name: str) -> Match | None:
    """The matcher of impossible numbers dialled at home in a region that `home_of` did not recognise."""
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
def _plan_of_code(code: str) -> Match:
    """The matcher of whole E.164 numbers of a calling code."""
    return re.compile(rf"\+{code}{_significant(code)}").fullmatch


@lru_cache(maxsize=256)
def home_of(name: str) -> tuple[str, Match] | None:
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
    """The look-ahead for a rest that does not begin with the pattern."""
    return f"(?!{pattern})" if pattern else ""
