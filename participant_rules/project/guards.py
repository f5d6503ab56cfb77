"""Cheap tests for a clean record: each vouches that the rules which share it hold.

A guard that says no proves nothing, the rules are asked; one that says yes is never wrong, and the tests
compare every guard with its rules. They read the bodies directly, since they run for every record of a batch.
"""

import re
from typing import Final

from participant_rules.formats import is_date, is_utc_offset
from participant_rules.project.case import Case, Named
from participant_rules.project.claim import PLAIN_DATE
from participant_rules.project.ledger import Entry
from participant_rules.project.model import GENDERS, SECONDARY, STATUSES, Demographics, Participant
from participant_rules.project.values import TYPES
from participant_rules.unset import UNSET

__all__ = ["GUARDS", "email_fits", "fields_fit", "identified", "is_clear", "phone_fits", "values_fit"]

_ABSENT: Final = frozenset({None, UNSET})
_GENDERS: Final = GENDERS | _ABSENT
_STATUSES: Final = STATUSES | _ABSENT
_is_plain_date = re.compile(PLAIN_DATE).fullmatch


def identified(case: Case) -> bool:
    """The row names somebody who is there and may be updated, or a new participant."""
    if case.known.project is None or case.lost:
        return False
    named, entry = case.named, case.entry
    if named is Named.EMAIL:
        return True
    if entry.__class__ is Entry:
        if named is Named.ID:
            return case.allow_update and (case.identifier_holder is None or case.identifier_holder is entry)
        return case.allow_update
    return named is Named.IDENTIFIER


def values_fit(case: Case) -> bool:
    """The values with a documented form have it."""
    asked = case.change.asked
    if asked.__class__ is not Participant or asked.invitation_status not in _STATUSES:
        return False
    demographics = asked.demographics
    if demographics.__class__ is not Demographics:
        return demographics in _ABSENT
    if demographics.gender not in _GENDERS:
        return False
    born, offset = demographics.date_of_birth, demographics.utc_offset
    if born.__class__ is str:
        if not _is_plain_date(born) and not is_date(born):
            return False
    elif born not in _ABSENT:
        return False
    return is_utc_offset(offset) if offset.__class__ is str else offset in _ABSENT


def email_fits(case: Case) -> bool:
    """The address is well formed and free, or the one that the participant has."""
    key, entry = case.email_key, case.entry
    if case.lost or case.change.faults:
        return False
    if entry.__class__ is not Entry:
        return case.email_holder is None and (key is not None or _has_no(case, "email"))
    if key is None:
        return _leaves_out(case, "email")
    return case.email_holder is entry or (case.email_holder is None and not entry.enrolled)


def phone_fits(case: Case) -> bool:
    """The number is possible and free, or the one that the participant has."""
    key, entry = case.phone_key, case.entry
    if case.lost or case.change.faults:
        return False
    if key is not None and not case.policy.admits(key, case.project.default_region):
        return False
    if entry.__class__ is not Entry:
        return case.phone_holder is None and (key is not None or _has_no(case, "mobile_phone"))
    if key is None:
        return _leaves_out(case, "mobile_phone")
    return case.phone_holder is entry or (case.phone_holder is None and not entry.enrolled)


def _has_no(case: Case, attribute: str) -> bool:
    """Whether the body has no such value."""
    demographics = case.asked.demographics
    if demographics.__class__ is not Demographics:
        return demographics in _ABSENT
    return getattr(demographics, attribute) in _ABSENT


def _leaves_out(case: Case, attribute: str) -> bool:
    """Whether the body leaves the value as it is."""
    demographics = case.asked.demographics
    if demographics.__class__ is not Demographics:
        return demographics in _ABSENT
    return getattr(demographics, attribute) is UNSET


def fields_fit(case: Case) -> bool:
    """The custom fields are declared and of their type, and the alias says nothing else."""
    asked, types = case.change.asked, case.project.types
    if asked.__class__ is not Participant:
        return False
    fields, alias = asked.custom_fields, asked.secondary_identifier
    if alias not in _ABSENT and (alias.__class__ is not str or types is not None):
        return False
    if fields.__class__ is not dict:
        return fields is None or fields is UNSET
    if alias is not UNSET and SECONDARY in fields:
        return False
    if types is not None:
        for name, value in fields.items():
            if name not in types or not (value is None or value == "" or TYPES[types[name]](value)):
                return False
    return True


GUARDS: Final = frozenset({identified, values_fit, email_fits, phone_fits, fields_fit})


def is_clear(case: Case) -> bool:
    """Whether all guards vouch for the case."""
    return (
        identified(case) and values_fit(case) and email_fits(case) and phone_fits(case) and fields_fit(case)
    )
