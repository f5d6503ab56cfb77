"""The participant that results from a partial update: changed and unchanged members.

"Partial updates are supported": left out is unchanged, null clears. A value that is the same as the stored
one changes nothing; who has enrolled keeps the spelling of address and number too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import attrgetter, ne
from typing import Any, Final

from attrs import evolve, fields

from participant_rules.project.case import Case
from participant_rules.project.keys import IDENTIFIER
from participant_rules.project.known import EMPTY
from participant_rules.project.model import DEMOGRAPHICS, Demographics, Participant
from participant_rules.project.values import is_nothing, same_text, trimmed
from participant_rules.schema.building import builder
from participant_rules.schema.members import camel_case
from participant_rules.unset import UNSET, Unset

__all__ = ["changes_nothing", "merge", "shows_change", "withdraw"]

_KEYED: Final = {"email": "demographics.email", "mobile_phone": "demographics.mobilePhone"}
_NAMES: Final = tuple(map(camel_case, DEMOGRAPHICS))
_UNIQUE_NAMES: Final = frozenset(map(camel_case, _KEYED))
_demographics: Final[Callable[[Demographics], tuple[Any, ...]]] = attrgetter(*DEMOGRAPHICS)
_PARTS: Final = frozenset({"demographics", "customFields"})
_SHOWN: Final = {
    camel_case(each.name): each.name
    for each in fields(Participant)
    if "wire" in each.metadata and not (each.metadata["read_only"] or each.metadata["alias"])
}
_NOTHING: Final[Mapping[str, Any]] = {}
_participant_of: Final = builder(Participant)
_demographics_of: Final = builder(Demographics)


def merge(case: Case) -> Participant:
    """The participant after an accepted row: the stored one itself where nothing changes."""
    stored = case.standing
    if stored is None:
        return _added(case)
    changes = _changes(case, stored)
    return evolve(stored, **changes) if changes else stored


def withdraw(case: Case) -> Participant | None:
    """The participant withdrawn now, unless it is already."""
    stored = case.standing
    if stored is None or trimmed(stored.withdraw_date):
        return stored
    return evolve(stored, withdraw_date=case.known.mint.date())


def changes_nothing(case: Case) -> bool:
    """Whether the stored participant stays as it is; decided without making a participant."""
    stored = case.standing
    return (
        stored is not None
        and not _changes_demographics(case)
        and next(_changed_values(case, stored), None) is None
        and _fields(case) is None
    )


def shows_change(body: Mapping[str, Any], stored: Participant) -> bool | None:
    """Whether a JSON body changes the stored participant, as far as it shows without an entity.

    Another text of a demographic that is not unique does, values that are all stored do not; None for others.
    """
    sent = body.get("demographics") or _NOTHING
    differing = _differing(_NAMES, [*map(sent.get, _NAMES)], _demographics(stored.demographics or EMPTY))
    is_shown = body.keys() <= _SHOWN.keys()
    for name, new, old in differing:
        if name in sent and not same_text(new, old):
            if name not in _UNIQUE_NAMES:
                return True
            is_shown = False
    if not is_shown:
        return None
    pairs = [(value, getattr(stored, _SHOWN[name])) for name, value in body.items() if name not in _PARTS]
    custom, before = body.get("customFields") or _NOTHING, stored.custom_fields or _NOTHING
    pairs += zip(custom.values(), map(before.get, custom), strict=True)
    return False if all(_is_as_stored(*pair) for pair in pairs) else None


def _is_as_stored(sent: Any, stored: Any) -> bool:
    """Whether a value is stored: 1, 1.0 and true are three values; null, "" and none are one."""
    same: bool = sent.__class__ is stored.__class__ and sent == stored
    return same or (is_nothing(sent) and (stored is UNSET or is_nothing(stored)))


def _differing(
    names: Sequence[str], new: Sequence[Any], old: Sequence[Any]
) -> Iterable[tuple[str, Any, Any]]:
    """The names and values that differ; most are equal, which is found in C."""
    return compress(zip(names, new, old, strict=True), map(ne, new, old))


def _changes(case: Case, stored: Participant) -> dict[str, Any]:
    """The attributes that change, and their values."""
    changes = dict(_changed_values(case, stored))
    demographics = _merged(case)
    if demographics is not None:
        changes["demographics"] = demographics
    custom = _fields(case)
    if custom is not None:
        changes["custom_fields"] = custom
    return changes


def _changed_values(case: Case, stored: Participant) -> Iterator[tuple[str, Any]]:
    """The attributes that change among the members that are no objects, and their values."""
    asked = case.asked
    status, code = asked.invitation_status, asked.institution_code
    if status is not UNSET and not same_text(status, stored.invitation_status):
        yield "invitation_status", _kept(status)
    if code is not UNSET and not same_text(code, stored.institution_code):
        yield "institution_code", _kept(code)
    if case.new_identifier is not None:
        yield "participant_identifier", case.new_identifier
    excluded = asked.exclude_from_export
    if excluded is not UNSET and bool(excluded) is not bool(stored.exclude_from_export):
        yield "exclude_from_export", bool(excluded)


def _changes_demographics(case: Case) -> bool:
    """Whether the demographics change."""
    asked, stored = case.demographics, case.stored_demographics
    if asked is EMPTY:
        return False
    enrolled = case.standing is not None and case.standing.enrolled
    return any(
        new is not UNSET and not same_text(new, old) and not (enrolled and _has_its_key(case, attribute))
        for attribute, new, old in _differing(DEMOGRAPHICS, _demographics(asked), _demographics(stored))
    )


def _merged(case: Case) -> Demographics | None:
    """The demographics after the row; None where they do not change."""
    asked, stored = case.demographics, case.stored_demographics
    if asked is EMPTY:
        return None
    before, values = _demographics(stored), _demographics(asked)
    if stored is EMPTY:
        after = tuple([UNSET if new is UNSET or not new or new.isspace() else new for new in values])
    else:
        enrolled = case.standing is not None and case.standing.enrolled
        after = tuple(
            [
                old
                if new is UNSET or same_text(new, old) or (enrolled and _has_its_key(case, attribute))
                else _kept(new)
                for attribute, new, old in zip(DEMOGRAPHICS, values, before, strict=True)
            ]
        )
    return None if after == before else _demographics_of(*after, stored.extras)


def _has_its_key(case: Case, attribute: str) -> bool:
    """Whether a member is the address or the number, and keeps its key."""
    return attribute in _KEYED and _KEYED[attribute] not in case.changed_keys


def _fields(case: Case) -> Mapping[str, Any] | None:
    """The custom fields after the row; None where they do not change."""
    stored, changed = case.stored_fields, dict(case.changed_fields)
    if not changed:
        return None
    return {
        name: value
        for name, value in {**stored, **changed}.items()
        if name not in changed or not is_nothing(value)
    }


def _kept(value: str | None | Unset) -> str | Unset:
    """The stored value for a value of the body: nothing is left out."""
    return UNSET if value is None else value


# ---- a new participant


def _added(case: Case) -> Participant:
    """The participant that a row adds: its own values, and the generated ones."""
    asked, mint = case.asked, case.known.mint
    new_id, date = mint.new_id(), mint.date()
    taken = {new_id.lower()}
    demographics = _merged(case)
    return _participant_of(
        id=new_id,
        enrolled=False,
        inserted_date=date,
        participant_identifier=asked.participant_identifier or _new_identifier(case, taken),
        link_identifier=_drawn(case, taken) if case.project.link_identifiers else UNSET,
        invitation_status=_stored_text(asked.invitation_status),
        demographics=UNSET if demographics is None else demographics,
        custom_fields={name: value for name, value in case.written_fields.items() if not is_nothing(value)},
        exclude_from_export=bool(asked.exclude_from_export),
        institution_code=_stored_text(asked.institution_code),
    )


def _stored_text(value: str | None | Unset) -> str | Unset:
    """The stored value for a text of a new participant: a blank one is left out."""
    return value if value and value.strip() else UNSET


def _new_identifier(case: Case, taken: set[str]) -> str:
    """A new identifier: the project's prefix and a new GUID."""
    prefix = case.project.participant_identifier_prefix
    while True:
        identifier = prefix + _drawn(case, taken)
        if case.ledger is None or case.ledger.find(IDENTIFIER, identifier) is None:
            return identifier


def _drawn(case: Case, taken: set[str]) -> str:
    """A GUID that is not taken yet; it is taken now."""
    while (drawn := case.known.mint.new_id()).lower() in taken:
        pass
    taken.add(drawn.lower())
    return drawn
