"""E-mail addresses with something around them, or with a mistyped domain: what is meant.

What stands around an address is taken off, which is certain. A domain that is malformed and nearly a
well-known one is likely to be that.
"""

import re
from typing import Any, Final

from participant_rules.formats.email import email_key
from participant_rules.schema.form import Fix
from participant_rules.spelling import nearest, without_invisible

__all__ = ["repair_email"]

WELL_KNOWN: Final = (
    *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "yahoo.com"),
    *("yahoo.co.uk", "icloud.com", "aol.com", "protonmail.com", "gmx.de", "gmx.net", "web.de", "t-online.de"),
)
"""Domains that a great many people have their address at."""

_mailto: Final = re.compile(r"\s*mailto:\s*", re.IGNORECASE).match
_AROUND: Final = re.compile(r"""[\s"'<(\[]*+([^\s<>]+?)[\s"'>)\],;.]*""").fullmatch
_NAMED: Final = re.compile(r"[^<>@]*<\s*([^<>\s]+)\s*>[\s,;.]*").fullmatch
_white: Final = re.compile(r"\s+").sub


def repair_email(value: Any) -> Fix | None:
    """The address without what stands around it: white space, `mailto:`, brackets, quotes, a comma, a stop.

    Likely are: the address in brackets behind a name, one with white space in it, and one whose domain is
    nearly a well-known one.
    """
    text = without_invisible(value) if isinstance(value, str) else ""
    bare = _bare(text)
    if email_key(bare) is not None:
        return Fix(bare, certain=True)
    for likely in (_in_brackets(text), _white("", bare), _at_well_known(_white("", bare))):
        if likely and email_key(likely) is not None:
            return Fix(likely, certain=False)
    return None


def _bare(text: str) -> str:
    """The text without what stands around it."""
    while True:
        before = text
        if found := _mailto(text):
            text = text[found.end() :]
        if around := _AROUND(text):
            text = around[1]
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
    without_end = {each.partition(".")[0]: each for each in reversed(WELL_KNOWN)}
    return nearest(domain, WELL_KNOWN) or without_end.get(nearest(domain, without_end) or "")
