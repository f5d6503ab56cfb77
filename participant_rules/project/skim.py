"""Rows told from their JSON texts: what a screen says of the value, without decoding it.

A skim captures what a row claims, and of its other values those that are not plain. Of a row that has none of
these it tells itself; of others it shows the screen a body of nothing but them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from participant_rules.project.claim import (
    NONE,
    PLAIN_DATE,
    Claim,
    Signs,
    is_plain_name,
    is_ten_digits,
)
from participant_rules.project.claiming import Claiming, where
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
    Columns,
    Skimmer,
    Style,
    Tell,
    object_of,
    one_of,
    plain_or_odd,
    value_of,
)
from participant_rules.unset import UNSET

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
        return layout.pattern, _teller(layout, project, policy, screen)

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
        order = sorted(odd, key=lambda place: _ORDER.index(place) if place in _ORDER else len(_ORDER))
        self._judges = {
            self.groups.index(place): (*place, screen_of_member(*place, project)) for place in order
        }

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

    def show(self, row: Mapping[int, str]) -> dict[str, Any]:
        """A body of what is odd, by its groups: somebody without address and number."""
        held: dict[str, dict[str, Any]] = {"": {}, "demographics": {}, "customFields": {}}
        for place, name in self.constant:
            held[place][name] = None
        for at, text in row.items():
            place, name, _ = self._judges[at]
            held[place][name] = value_of(text)
        return held.pop("") | _SOMEBODY | held

    def odd(self, columns: Columns) -> dict[int, dict[int, str]]:
        """The rows with what is odd, and that by its groups, in the order of signs."""
        odd: dict[int, dict[int, str]] = {}
        for at in self._judges:
            for row in where(columns[at]):
                odd.setdefault(row, {})[at] = columns[at][row]
        return odd

    def faults(self, row: Mapping[int, str], screen: Screen) -> Signs | None:
        """The signs of what is odd, except of address and number; None where they are not sure."""
        faults: Signs = ()
        for at, text in row.items():
            found = self._judges[at][2](value_of(text))
            if found is None:
                shown = screen(self.show(row))
                return None if shown is None else shown.faults
            faults += found
        return faults


def _teller(layout: _Layout, project: Project, policy: Policy, screen: Screen) -> Tell[Claim]:
    """What tells of rows with a layout."""
    at_identifier, at_id, at_email, at_phone = (
        layout.groups.index(each) if each in layout.groups else len(layout.groups) for each in _CLAIMS
    )  # the last column is blank
    no_email, no_phone = (
        None if each in layout.constant or each in layout.groups else UNSET for each in _CLAIMS[2:]
    )
    claiming = Claiming(policy, project.default_region, no_email, no_phone)
    plain, peculiar = _odd(layout, screen, "0000000000"), _odd(layout, screen, "0")

    def tell(columns: Columns) -> Sequence[Claim | None]:
        faults, unsure = [NONE] * len(columns[-1]), set[int]()
        for place, row in layout.odd(columns).items():
            found = _faults(layout, row, screen)
            if found is None:
                unsure.add(place)
            else:
                faults[place] = found
        ids, identifiers, emails, phones = (
            list(map(str.strip, columns[at])) for at in (at_id, at_identifier, at_email, at_phone)
        )
        odd = [peculiar if phone and not is_ten_digits(phone) else plain for phone in phones]
        claims = claiming.claims(ids, identifiers, emails, phones, faults, odd)
        return [None if place in unsure else claim for place, claim in enumerate(claims)] if unsure else claims

    return tell


def _faults(layout: _Layout, row: Mapping[int, str], screen: Screen) -> Signs | None:
    try:
        return layout.faults(row, screen)
    except ValueError:  # a number that is none
        return None


def _odd(layout: _Layout, screen: Screen, number: str) -> Signs:
    """What is odd about every row with a layout and such a number."""
    shown = layout.show({})
    if ("demographics", "mobilePhone") in layout.groups:
        shown["demographics"]["mobilePhone"] = number
    claim = screen(shown)
    return claim.odd if claim is not None else ()
