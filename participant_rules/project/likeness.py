"""Whether a body says what is stored already, told from its JSON values: what `merge` does for an entity.

Both are for bodies that a screen could tell: their values have the right types. The tests compare them with
the rules and with the merge.
"""

from collections.abc import Mapping
from typing import Any, Final

from participant_rules.project.claim import Claim
from participant_rules.project.ledger import Entry
from participant_rules.project.model import DEMOGRAPHICS, SECONDARY, Demographics, Participant, Project
from participant_rules.project.values import same_json, text_of
from participant_rules.shapes import camel_case
from participant_rules.unset import UNSET

__all__ = ["is_alike"]

_ATTRIBUTES: Final[Mapping[str, str]] = {camel_case(each): each for each in DEMOGRAPHICS}
_NOBODY: Final = Demographics()


def is_alike(body: Mapping[str, Any], claim: Claim, entry: Entry, project: Project) -> bool:
    """Whether the participant would stay as it is; the body has no id."""
    stored = entry.standing.participant
    return (
        _same(body, "invitationStatus", stored.invitation_status)
        and _same(body, "institutionCode", stored.institution_code)
        and _is_same_flag(body.get("excludeFromExport", UNSET), stored)
        and _is_same_person(body.get("demographics") or {}, claim, entry, stored.demographics or _NOBODY)
        and _are_same_fields(body.get("customFields") or {}, stored.custom_fields or {})
        and (
            not project.has_secondary_identifier
            or _is_same_alias(body.get("secondaryIdentifier", UNSET), stored.custom_fields or {})
        )
    )


def _is_same_alias(value: Any, stored: Mapping[str, Any]) -> bool:
    """Whether the alias of a custom field is left out, or says the same."""
    return value is UNSET or text_of(value) == text_of(stored.get(SECONDARY))


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
