"""E-mail addresses: which are well formed, and the key that all spellings of one address share.

Well formed is what email-validator accepts with its defaults and without a look-up, its refusal of
special-use domains (.local, .test, .invalid …) alone left out. An address is decided in three parts, each
once: its local part, its domain, and their lengths together. What is ASCII is decided here, by the grammar
of RFC 5322 and RFC 1123 as email-validator reads it; IDNA and Unicode normalisation are the library's.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import category, normalize

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

_LONGEST = 254  # "octets" of an address, as it was given and as it is normalised (RFC 5321 with its errata)

_ATEXT = r"a-zA-Z0-9_!#$%&'*+\-/=?^`{|}~"
_ASCII_LOCAL = re.compile(rf"[{_ATEXT}]+(?:\.[{_ATEXT}]+)*").fullmatch
_LOCAL = re.compile(rf"[{_ATEXT}\u0080-\U0010FFFF]+(?:\.[{_ATEXT}\u0080-\U0010FFFF]+)*").fullmatch
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_ASCII_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}(?<=[a-zA-Z])").fullmatch

_LABEL = "[a-zA-Z0-9]++(?:-[a-zA-Z0-9]++)*+"  # a label without the reserved ones of RFC 5890
PLAIN_EMAIL: Final = (
    r'(?=[^"\n]{1,63}["\n])'
    rf"[{_ATEXT}]++(?:\.[{_ATEXT}]++)*+@(?:{_LABEL}\.)++{_LABEL}(?<=[a-zA-Z])"
)
"""Matches a well-formed address before a quote or a line break, so short that no part of it is too long."""

# The plain address of a line; nothing of any other line.
_find_plain = re.compile(rf"(?:({PLAIN_EMAIL})|[^\n]*+)\n").findall

# The dots of UTS #46: full stop, ideographic, full-width and half-width ideographic.
_LAST_LABEL = re.compile("[^.\u3002\uff0e\uff61]*\\Z")
# The capitals whose small letter takes more octets than they do.
_GROWING = (("i\u0307", "\u0130"), ("\u2c65", "\u023a"), ("\u2c66", "\u023e"))


class _Domain(NamedTuple):
    """A well-formed domain: the end of its addresses' keys, and the octets it leaves to a local part."""

    suffix: str
    room: int


def email_key(text: str) -> str | None:
    """The comparison key of an e-mail address: local part lower-cased, "@", domain in ASCII lower-cased.

    None when the address is malformed. Surrounding space is malformed too: trim first. The key of a key is
    the key itself, and an address has one key however it is spelled: upper or lower case, NFC or NFD, its
    domain full-width, in Unicode or in Punycode.
    """
    if len(text) > _LONGEST:
        return None
    local, _, name = text.partition("@")
    ascii_local = _ASCII_LOCAL(local) is not None
    if not ascii_local and local.isascii():
        return None
    domain = _domain(name)
    if domain is None:
        return None
    if not ascii_local:
        return _international_key(local, domain)
    return local.lower() + domain.suffix if len(local) <= domain.room else None


def email_keys(texts: Sequence[str]) -> list[str | None]:
    """`email_key` of many texts, at a fraction of the price: plain ones are recognised in one go."""
    plain = _plain(texts)
    return [key.lower() if key else email_key(text) for key, text in zip(plain, texts, strict=True)]


def malformed_emails(texts: Sequence[str]) -> list[int]:
    """The places of texts that have no `email_key`, at a fraction of the price."""
    return [place for place, key in enumerate(_plain(texts)) if not key and email_key(texts[place]) is None]


def _plain(texts: Sequence[str]) -> Sequence[str]:
    """The plain addresses, with empty texts in place of the others."""
    plain: list[str] = _find_plain("\n".join(texts) + "\n")
    return plain if len(plain) == len(texts) else [""] * len(texts)  # else one of them has a line break


def _international_key(local: str, domain: _Domain) -> str | None:
    """The key of an address with a local part beyond ASCII: the library admits it as given and in NFC."""
    composed = normalize("NFC", local)
    return _key(composed, domain) if all(_admitted(form, domain) for form in {local, composed}) else None


def _admitted(local: str, domain: _Domain) -> bool:
    """Whether a local part of any script stands before that domain."""
    # Printable are letters, marks, numbers, punctuation and symbols: the categories the library admits.
    # It refuses a mark in front, which would combine with whatever stands before the address.
    well_formed = _LOCAL(local) is not None and local.isprintable() and category(local[0])[0] != "M"
    return well_formed and _fits(local, domain)


def _fits(local: str, domain: _Domain) -> bool:
    """Whether the address is short enough, in octets."""
    return len(local.encode()) <= domain.room


def _key(local: str, domain: _Domain) -> str:
    """The key of an address that is well formed, its local part in NFC."""
    small = normalize("NFC", local.lower())  # J with a caron is two characters, its small letter is one
    shortest = _domain(domain.suffix[1:])
    # A key must itself be well formed, but three letters grow; where there is no room they stay capitals.
    if shortest is not None and not _fits(small, shortest):
        for grown, capital in _GROWING:
            small = small.replace(grown, capital)
    return small + domain.suffix


@lru_cache(maxsize=4096)
def _domain(name: str) -> _Domain | None:
    """The domain of that name, or None when it is malformed. Domains repeat, so the latest are kept."""
    # "--" is where Punycode and the reserved labels of RFC 5890 are: not ours to judge.
    if not name.isascii() or "--" in name:
        return _domain_by_library(name)
    return _measured(name, name.lower(), name) if _ASCII_DOMAIN(name) is not None else None


def _domain_by_library(name: str) -> _Domain | None:
    """`_domain` as email-validator answers it, its refusal of special-use domains left out.

    That refusal cannot be switched off but by changing the library's globals, which belong to everyone.
    So a refused domain is asked again with an x before its last label, which makes ".local" the ordinary
    ".xlocal"; if only now it is accepted, and its last label was one of the special ones, it is well formed.
    """
    address = _ask("@" + name)
    if address is not None:
        return _measured(name, address.ascii_domain, address.domain)
    masked = _ask("@" + _LAST_LABEL.sub(r"x\g<0>", name, count=1))
    if masked is None or not _is_special_use(masked.ascii_domain.rpartition(".x")[2]):
        return None
    return _measured(name, *(".".join(form.rsplit(".x", 1)) for form in (masked.ascii_domain, masked.domain)))


def _measured(name: str, in_ascii: str, in_unicode: str) -> _Domain:
    """The domain with the room it leaves in its longest form: as given, in ASCII, in Unicode."""
    longest = max(len(form.encode()) for form in (name, in_ascii, in_unicode))
    return _Domain("@" + in_ascii.lower(), _LONGEST - len("@") - longest)


def _is_special_use(label: str) -> bool:
    """Whether the library refuses every domain under this top-level label."""
    from email_validator import SPECIAL_USE_DOMAIN_NAMES  # noqa: PLC0415  on first use

    return label in SPECIAL_USE_DOMAIN_NAMES


def _ask(address: str) -> "ValidatedEmail | None":
    """The reading of an address by email-validator, also without a local part; None when it refuses.

    The options are its defaults, said aloud so that nobody's change of the library's globals changes a key.
    """
    # Imported here, so that a process which never asks never pays for it.
    from email_validator import validate_email  # noqa: PLC0415  on first use

    try:
        return validate_email(
            address,
            allow_smtputf8=True,
            allow_empty_local=address.startswith("@"),
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            strict=False,
            check_deliverability=False,
            test_environment=False,
            globally_deliverable=True,
        )
    except ValueError:  # its own errors are ValueErrors, and so are those of idna beneath it
        return None
