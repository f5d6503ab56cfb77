"""The definition of an address' key: the library alone, without a shortcut."""

from participant_rules.formats.email import _LONGEST, _ask, _domain_by_library, _fits, _key

__all__ = ["email_key_by_library"]


def email_key_by_library(text: str) -> str | None:
    """`email_key` without a shortcut: the library reads both sides.

    The local part is read before a short domain of no consequence, and the lengths are compared here,
    because a masked domain is longer than the one that was given.
    """
    if len(text) > _LONGEST:
        return None
    local, _, name = text.rpartition("@")
    domain = _domain_by_library(name)
    mailbox = _ask(f"{local}@a.aa") if local else None
    if domain is None or mailbox is None:
        return None
    if not _fits(local, domain) or not _fits(mailbox.local_part, domain):
        return None
    return _key(mailbox.local_part, domain)
