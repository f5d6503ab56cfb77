"""The participant that results: what a partial update changes, and what it leaves.

"Partial updates are supported": left out is unchanged, null clears. A value that is the same as the stored
one changes nothing; who has enrolled keeps the spelling of address and number too.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import evolve

from participant_rules.project.case import EMPTY, Case
from participant_rules.project.keys import IDENTIFIER
from participant_rules.project.model import DEMOGRAPHICS, SECONDARY, Participant
from participant_rules.project.types import text_of
from participant_rules.project.values import is_nothing, same_json, same_text
from participant_rules.unset import UNSET, Unset

__all__ = ["changes_nothing", "merge", "withdraw"]

_TEXTS: Final = ("invitation_status", "institution_code")
_KEYED: Final = {"email": "demographics.email", "mobile_phone": "demographics.mobilePhone"}


def merge(case: Case) -> Participant:
    """The participant after an accepted row: the stored one itself where nothing would change."""
    stored = case.standing or _new(case)
    changes = dict(_changes(case, stored))
    return evolve(stored, **changes) if changes else stored


def withdraw(case: Case) -> Participant | None:
    """The participant withdrawn now, unless it is already."""
    stored = case.standing
    if stored is None or stored.withdraw_date:
        return stored
    return evolve(stored, withdraw_date=case.known.mint.date())


def changes_nothing(case: Case) -> bool:
    """Whether the stored participant would stay as it is."""
    stored = case.standing
    return (
        stored is not None
        and next(_changed_texts(case, stored), None) is None
        and next(_changed_demographics(case), None) is None
        and _fields(case) is None
    )


def _changes(case: Case, stored: Participant) -> Iterator[tuple[str, Any]]:
    """The attributes that change, and their values."""
    yield from _changed_texts(case, stored)
    demographics = dict(_changed_demographics(case))
    if demographics:
        yield "demographics", evolve(case.stored_demographics, **demographics)
    custom = _fields(case)
    if custom is not None:
        yield "custom_fields", custom


def _changed_texts(case: Case, stored: Participant) -> Iterator[tuple[str, Any]]:
    asked = case.asked
    for attribute in _TEXTS:
        value = getattr(asked, attribute)
        if value is not UNSET and not same_text(value, getattr(stored, attribute)):
            yield attribute, _kept(value)
    if case.new_identifier is not None:
        yield "participant_identifier", case.new_identifier
    excluded = asked.exclude_from_export
    if excluded is not UNSET and bool(excluded) is not bool(stored.exclude_from_export):
        yield "exclude_from_export", bool(excluded)


def _changed_demographics(case: Case) -> Iterator[tuple[str, Any]]:
    asked, stored = case.demographics, case.stored_demographics
    if asked is EMPTY:
        return
    enrolled = case.standing is not None and case.standing.enrolled
    for attribute in DEMOGRAPHICS:
        value = getattr(asked, attribute)
        if value is UNSET or same_text(value, getattr(stored, attribute)):
            continue
        if enrolled and attribute in _KEYED and _KEYED[attribute] not in case.changed_keys:
            continue
        yield attribute, _kept(value)


def _fields(case: Case) -> Mapping[str, Any] | None:
    """The custom fields after the row; None where they do not change."""
    stored, alias = case.stored_fields, case.asked.secondary_identifier
    sent = dict(case.custom_fields)
    if alias is not UNSET and SECONDARY not in sent and case.project.has_secondary_identifier:
        sent[SECONDARY] = stored.get(SECONDARY) if alias == text_of(stored.get(SECONDARY)) else alias
    changed = {name: value for name, value in sent.items() if not same_json(value, stored.get(name))}
    if not changed:
        return None
    return {
        name: value
        for name, value in {**stored, **changed}.items()
        if name not in changed or not is_nothing(value)
    }


def _kept(value: str | None) -> str | Unset:
    """What is stored for a value of the body: nothing is left out."""
    return UNSET if value is None else value


# ---- a new participant


def _new(case: Case) -> Participant:
    """What an added participant has before the row's own values."""
    mint, project = case.known.mint, case.project
    new_id = mint.new_id()
    taken = {new_id.lower()}
    return Participant(
        id=new_id,
        enrolled=False,
        inserted_date=mint.date(),
        participant_identifier=case.asked.participant_identifier or _new_identifier(case, taken),
        link_identifier=_drawn(case, taken) if project.link_identifiers else UNSET,
        custom_fields={},
        exclude_from_export=False,
    )


def _new_identifier(case: Case, taken: set[str]) -> str:
    """An identifier for who has none: the project's prefix and a new GUID that nobody has."""
    prefix = case.project.participant_identifier_prefix
    while True:
        identifier = prefix + _drawn(case, taken)
        if case.ledger is None or case.ledger.find(IDENTIFIER, identifier) is None:
            return identifier


def _drawn(case: Case, taken: set[str]) -> str:
    """A GUID that is none of those taken, which it joins."""
    while (drawn := case.known.mint.new_id()).lower() in taken:
        pass
    taken.add(drawn.lower())
    return drawn
