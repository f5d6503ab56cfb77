"""Whether a body says what is stored already, told from its JSON values: what `merge` does for an entity.

Both are for bodies that a screen could tell: their values have the right types. The tests compare them with
the rules and with the merge.
"""

from collections.abc import Mapping
from typing import Any, Final

from participant_rules.project.ledger import Entry, Ledger
from participant_rules.project.model import DEMOGRAPHICS, Demographics, Participant
from participant_rules.project.screen import Claim
from participant_rules.project.values import same_json
from participant_rules.shapes import camel_case
from participant_rules.unset import UNSET

__all__ = ["is_alike", "may_become"]

_ATTRIBUTES: Final[Mapping[str, str]] = {camel_case(each): each for each in DEMOGRAPHICS}
_NOBODY: Final = Demographics()


def may_become(claim: Claim, entry: Entry, ledger: Ledger) -> bool:
    """Whether a stored participant may have the address and the number of a row without faults."""
    email, phone = claim.email, claim.phone
    return (email is UNSET or email == entry.email_key or _is_free(email, entry, ledger.emails.first)) and (
        phone is UNSET or phone == entry.phone_key or _is_free(phone, entry, ledger.phones.first)
    )


def _is_free(key: Any, entry: Entry, holders: Mapping[str, Entry]) -> bool:
    return not entry.enrolled and key not in holders


def is_alike(body: Mapping[str, Any], claim: Claim, entry: Entry) -> bool:
    """Whether the participant would stay as it is; the body has neither an id nor an alias."""
    stored = entry.standing.participant
    return (
        _same(body, "invitationStatus", stored.invitation_status)
        and _same(body, "institutionCode", stored.institution_code)
        and _is_same_flag(body.get("excludeFromExport", UNSET), stored)
        and _is_same_person(body.get("demographics") or {}, claim, entry, stored.demographics or _NOBODY)
        and _are_same_fields(body.get("customFields") or {}, stored.custom_fields or {})
    )


def _is_same_flag(value: Any, stored: Participant) -> bool:
    """Whether the flag is left out, or says the same; null is false."""
    return value is UNSET or bool(value) is bool(stored.exclude_from_export)


def _same(data: Mapping[str, Any], name: str, stored: Any) -> bool:
    """Whether a member is left out, or says the same text; null and a text with nothing in it are nothing."""
    value = data.get(name, UNSET)
    if value is UNSET or value == stored:
        return True
    return ((value and value.strip()) or None) == ((stored and stored.strip()) or None)


def _is_same_person(person: Mapping[str, Any], claim: Claim, entry: Entry, stored: Demographics) -> bool:
    for name, value in person.items():
        attribute = _ATTRIBUTES.get(name)
        if (
            attribute is None
            or value == getattr(stored, attribute)
            or _same(person, name, getattr(stored, attribute))
        ):
            continue
        if entry.enrolled and (
            (name == "email" and claim.email == entry.email_key)
            or (name == "mobilePhone" and claim.phone == entry.phone_key)
        ):
            continue  # who has enrolled keeps the stored spelling
        return False
    return True


def _are_same_fields(fields: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    return all(
        (value.__class__ is str and value == stored.get(name)) or same_json(value, stored.get(name))
        for name, value in fields.items()
    )
