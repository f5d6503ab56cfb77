"""Repairs of e-mail addresses with something around them, or with a mistyped domain.

What stands around an address is taken off, which is certain. A domain that is malformed and nearly a
well-known one is likely to be that.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from participant_rules.formats.email import email_key
from participant_rules.schema.form import Fix
from participant_rules.spelling import bare, nearest, without_invisible

__all__ = ["has_mistyped", "mistyped", "repair_email"]

WELL_KNOWN: Final = (
    *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "yahoo.com"),
    *("yahoo.co.uk", "icloud.com", "aol.com", "protonmail.com", "gmx.de", "gmx.net", "web.de", "t-online.de"),
)
"""Domains that a great many people have their address at."""

_mailto: Final = re.compile(r"\s*mailto:\s*", re.IGNORECASE).match
_AT: Final = dict.fromkeys((0xFE6B, 0xFF20), "@")
_SPELT_AT: Final = re.compile(r"\s*[(\[{]\s*at\s*[)\]}]\s*|\s+at\s+", re.IGNORECASE)
_SPELT_DOT: Final = re.compile(r"\s*[(\[{]\s*dot\s*[)\]}]\s*|\s+dot\s+", re.IGNORECASE)
_LABELLED: Final = re.compile(r"e-?mail\s*:\s*(\S+)", re.IGNORECASE).fullmatch
_REMARKED: Final = re.compile(r"(\S+)\s+\([^()@]*\)").fullmatch
_QUERY: Final = re.compile(r"\s*mailto:([^?]+)\?.*", re.IGNORECASE).fullmatch
_DOTS: Final = re.compile(r"\s*[.,]+\s*").sub
_NAMED: Final = re.compile(r"[^<>@]*<\s*([^<>\s]+)\s*>[\s,;.]*").fullmatch
_white: Final = re.compile(r"\s+").sub


def repair_email(value: Any) -> Fix | None:
    """The address without decoration: white space, `mailto:`, brackets, quotes, a comma, a stop.

    Likely are: the address in brackets behind a name, one with a remark, with white space in it or with "at"
    for the sign, one with a comma for a full stop, and one whose domain is nearly a well-known one.
    """
    text = without_invisible(value).translate(_AT) if isinstance(value, str) else ""
    found = _bare(text)
    if email_key(found) is not None:
        return Fix(found, certain=True)
    for likely in _likely(text, found):
        if email_key(likely) is not None:
            return Fix(mistyped(likely) or likely, certain=False)
    return None


def _likely(text: str, found: str) -> Iterator[str]:
    """The likely repairs of an address, the likeliest first."""
    yield _in_brackets(text)
    for each in (_LABELLED(text), _REMARKED(text), _QUERY(text)):
        if each:
            yield _bare(each[1])
    together = _white("", found)
    yield together
    yield _at_well_known(together)
    yield _SPELT_DOT.sub(".", _SPELT_AT.sub("@", found, 1)) if "@" not in found else ""
    local, _, domain = together.partition("@")
    yield f"{local}@{_DOTS('.', domain)}" if local and "," in domain else ""


def _bare(text: str) -> str:
    """The text without such decoration."""
    while True:
        before = text
        if found := _mailto(text):
            text = text[found.end() :]
        text = bare(text)
        if text == before:
            return text


def _in_brackets(text: str) -> str:
    named = _NAMED(text)
    return _bare(named[1]) if named else ""


def _at_well_known(text: str) -> str:
    """The address at the well-known domain that its own nearly is; "" where none is near."""
    local, at, domain = text.partition("@")
    meant = _known_domain(domain.replace(",", ".").replace("..", ".").casefold()) if at and local else None
    return f"{local}@{meant}" if meant else ""


def _known_domain(domain: str) -> str | None:
    if domain in WELL_KNOWN:
        return domain
    return nearest(domain, WELL_KNOWN) or _OF_NAMES.get(nearest(domain, _OF_NAMES) or "")


def mistyped(address: str) -> str | None:
    """The well-formed address at the well-known domain that its own nearly is; None where it is not near.

    The first letter and either the name or the end of the domain are right, so that mail.com, ymail.com and
    the like are left alone, and so are the same providers in other countries.
    """
    local, _, domain = address.rpartition("@")
    meant = _meant(domain)
    return f"{local}@{meant}" if meant is not None else None


def has_mistyped(text: str) -> bool:
    """Whether some address in a text has such a domain."""
    return any(_meant(each[1:]) is not None for each in set(_suspects(text)))


@lru_cache(maxsize=4096)
def _meant(domain: str) -> str | None:
    """The well-known domain that a well-formed one is likely to be; None for one that may be meant."""
    name, _, end = domain.lower().partition(".")
    near = name if name in _OF_NAMES else nearest(name, _LONG_NAMES)
    if near is None or near[0] != name[0]:
        return None
    meant = f"{near}.{'com' if end in _MISTYPED_ENDS else end}"
    return meant if meant in WELL_KNOWN and meant != domain.lower() else None


_OF_NAMES: Final = {
    name: each
    for each in reversed(WELL_KNOWN)
    if (name := each.partition(".")[0]) != "gmx"  # of which two ends are as likely
}
_LONG_NAMES: Final = [each for each in _OF_NAMES if len(each) >= len("gmail")]
_MISTYPED_ENDS: Final = frozenset(["con", "comm", "cmo", "ocm", "vom", "xom", "coom", "cim", "cpm", "c0m"])
"""Ends of .com that are no end of any domain."""

_BEGINNINGS: Final = "".join({each[0] + each[0].upper() for each in _LONG_NAMES})
_RIGHT: Final = "|".join(map(re.escape, WELL_KNOWN))
_suspects: Final = re.compile(
    rf"@(?!(?:{_RIGHT})\b)[{_BEGINNINGS}][A-Za-z0-9-]{{2,11}}\.[A-Za-z0-9]{{2,4}}(?:\.[A-Za-z]{{2,3}})?"
).findall
