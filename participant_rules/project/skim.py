"""Rows told from their JSON texts: what a screen says of the value, without decoding it.

A skim captures what a row claims, and of its other values those that are not plain. Of a row that has none of
these it tells itself; of others it shows the screen a body of nothing but them.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from participant_rules.project.claim import (
    MALFORMED_EMAIL,
    MALFORMED_PHONE,
    NOBODY,
    NONE,
    PLAIN_DATE,
    Claim,
    Signs,
    claim_of,
    is_plain_name,
    is_ten_digits,
)
from participant_rules.project.model import DEMOGRAPHICS, GENDERS, SECONDARY, STATUSES, FieldType, Project
from participant_rules.project.policy import Policy
from participant_rules.project.screen import Screen, screen_of_member
from participant_rules.shapes import camel_case
from participant_rules.skims import (
    CAPTURED,
    FLAG,
    INTEGER,
    NUMBER,
    ODD,
    SCALAR,
    TEXT,
    TEXT_OR_ODD,
    Groups,
    Skimmer,
    Style,
    Tell,
    object_of,
    one_of,
    plain_or_odd,
    value_of,
)
from participant_rules.unset import UNSET, Unset

__all__ = ["skimmer_of"]

_DATE: Final = f'"(?:{PLAIN_DATE})?"'
_OFFSET: Final = '"(?:[+-](?:0[0-9]|1[0-3]):[0-5][0-9]:[0-5][0-9])?"'


_ROW: Final[Mapping[str, str]] = {
    "participantIdentifier": CAPTURED,
    "id": CAPTURED,
    "invitationStatus": plain_or_odd(one_of(sorted(STATUSES))),
    "secondaryIdentifier": f"(?:{TEXT}|null)",
    "excludeFromExport": plain_or_odd(FLAG),
    "institutionCode": TEXT_OR_ODD,
}
_PERSON: Final[Mapping[str, str]] = dict.fromkeys(map(camel_case, DEMOGRAPHICS), TEXT_OR_ODD) | {
    "email": CAPTURED,
    "mobilePhone": CAPTURED,
    "gender": plain_or_odd(one_of(sorted(GENDERS))),
    "dateOfBirth": plain_or_odd(_DATE),
    "utcOffset": plain_or_odd(_OFFSET),
}
_FIELDS: Final[Mapping[FieldType, str]] = {
    FieldType.TEXT: SCALAR,
    FieldType.INTEGER: plain_or_odd(INTEGER),
    FieldType.DECIMAL: plain_or_odd(NUMBER),
    FieldType.DATE: plain_or_odd(_DATE),
}
_JUDGED: Final = ("gender", "dateOfBirth", "utcOffset")
_CLAIMS: Final = (
    ("", "participantIdentifier"),
    ("", "id"),
    ("demographics", "email"),
    ("demographics", "mobilePhone"),
)
_ORDER: Final = (
    ("", "invitationStatus"),
    ("", "excludeFromExport"),
    ("", "institutionCode"),
    *[("demographics", name) for name in map(camel_case, DEMOGRAPHICS) if name not in _JUDGED],
    *[("demographics", name) for name in _JUDGED],
)  # of signs
_OBJECTS: Final = frozenset({"demographics", "customFields"})
_SOMEBODY: Final = {"participantIdentifier": "-"}


def skimmer_of(project: Project, policy: Policy, screen: Screen) -> Skimmer[Claim]:
    """What skims rows of a project for their screen; `colons` of its claims are not counted."""

    def shape(body: Any, style: Style) -> tuple[str, Tell[Claim]] | None:
        if body.__class__ is not dict or _is_ambiguous(body, project):
            return None
        layout = _Layout(body, style, project)
        return layout.pattern, _teller(layout, project.default_region, policy, screen)

    return Skimmer(shape)


def _is_ambiguous(body: Mapping[str, Any], project: Project) -> bool:
    """Whether `secondaryIdentifier` is more than deprecated: its value matters."""
    if "secondaryIdentifier" not in body:
        return False
    declared = (project.types or {}).get(SECONDARY, FieldType.TEXT)
    return declared is not FieldType.TEXT or SECONDARY in (body.get("customFields") or ())


class _Layout:
    """The members of rows like this one: what matches them, and what is captured."""

    def __init__(self, body: Mapping[str, Any], style: Style, project: Project) -> None:
        self._style, self._types = style, project.types
        self.groups: list[tuple[str, str]] = []  # the object of each captured member, and its name
        self.constant: list[tuple[str, str]] = []  # those that every row shows: null, or odd whatever it is
        self.pattern = self._object("", body)
        odd = [place for place in self.groups if place not in _CLAIMS]
        self._judges = [
            (self.groups.index(place), *place, screen_of_member(*place, project))
            for place in sorted(
                odd, key=lambda place: _ORDER.index(place) if place in _ORDER else len(_ORDER)
            )
        ]

    def _object(self, place: str, data: Mapping[str, Any]) -> str:
        members = {name: self._member(place, name, value) for name, value in data.items()}
        return object_of(members, self._style)

    def _member(self, place: str, name: str, value: Any) -> str:
        if not place and name in _OBJECTS:
            return self._object(name, value) if value.__class__ is dict else "null"
        pattern = self._known(place, name)
        if pattern is None or name == "secondaryIdentifier" or (pattern is CAPTURED and value is None):
            self.constant.append((place, name))
        if pattern is CAPTURED and value is None:
            return "null"
        if pattern is not None and re.compile(pattern).groups:
            self.groups.append((place, name))
        return pattern or SCALAR

    def _known(self, place: str, name: str) -> str | None:
        if place != "customFields":
            return (_PERSON if place else _ROW).get(name)
        if self._types is None:
            return SCALAR if is_plain_name(name) else None
        return _FIELDS[self._types[name]] if name in self._types else ODD

    def show(self, groups: Groups) -> dict[str, Any]:
        """A body of what is odd: somebody without address and number."""
        held: dict[str, dict[str, Any]] = {"": {}, "demographics": {}, "customFields": {}}
        for place, name in self.constant:
            held[place][name] = None
        for at, place, name, _ in self._judges:
            if groups[at] is not None:
                held[place][name] = value_of(groups[at])
        return held.pop("") | _SOMEBODY | held

    def faults(self, groups: Groups, screen: Screen) -> Signs | None:
        """The signs of what is odd, except of address and number."""
        faults: Signs = ()
        for at, _, _, judge in self._judges:
            if groups[at] is not None:
                found = judge(value_of(groups[at]))
                if found is None:
                    shown = screen(self.show(groups))
                    return None if shown is None else shown.faults
                faults += found
        return faults


def _teller(layout: _Layout, region: str, policy: Policy, screen: Screen) -> Tell[Claim]:
    """What tells of rows with a layout."""
    at_name, at_id, at_email, at_phone = (
        layout.groups.index(each) if each in layout.groups else None for each in _CLAIMS
    )
    quiet = len(layout.groups) - len([each for each in _CLAIMS if each in layout.groups])
    email_key, phone_key, faults_of = policy.email_key, policy.phone_key, layout.faults
    cleared_email, cleared_phone = (None if each in layout.constant else UNSET for each in _CLAIMS[2:])
    admits = policy.admits if policy.valid_phones else None
    plain, peculiar = _odd(layout, screen, "0000000000"), _odd(layout, screen, "0")

    def tell(groups: Groups) -> Claim | None:
        found = NONE if groups.count(None) == quiet else faults_of(groups, screen)
        if found is None:
            return None
        faults = found
        identifier = groups[at_name].strip() if at_name is not None else None
        name = groups[at_id].strip().lower() if at_id is not None else None
        email: str | None | Unset = cleared_email
        phone: str | None | Unset = cleared_phone
        odd, address = plain, ""
        if at_email is not None:
            address = groups[at_email].strip()
            email = email_key(address) if address else None
            if address and email is None:
                faults += MALFORMED_EMAIL
        if at_phone is not None:
            number = groups[at_phone].strip()
            phone = phone_key(number, region) if number else None
            if number and (phone is None or (admits and not admits(phone, region))):
                faults += MALFORMED_PHONE
            if number and not is_ten_digits(number):
                odd = peculiar
        if not (identifier or name or address):
            faults += NOBODY
        return claim_of((0, name or None, identifier or None, email, phone, faults, odd))

    return tell


def _odd(layout: _Layout, screen: Screen, number: str) -> Signs:
    """What is odd about every row with a layout and such a number."""
    shown = layout.show((None,) * len(layout.groups))
    if ("demographics", "mobilePhone") in layout.groups:
        shown["demographics"]["mobilePhone"] = number
    claim = screen(shown)
    return claim.odd if claim is not None else ()
