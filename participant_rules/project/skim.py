"""Rows told from their JSON texts: what a screen says of the value, without decoding it.

A skim captures what a row claims, and of its other values those that are not plain. Of a row that has none of
these it tells itself; of others it shows the screen a body of nothing but them.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from operator import itemgetter
from typing import Any, Final, NamedTuple

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
from participant_rules.project.screen import Screen, screen_of_fields, screen_of_member
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
    Row,
    Shape,
    Skimmer,
    Style,
    object_of,
    one_of,
    plain_or_odd,
    value_of,
)
from participant_rules.unset import UNSET

__all__ = ["skimmer_of"]

_TEXT: Final = f"(?:{TEXT}|null)"
_DATE: Final = f'"(?:{PLAIN_DATE})?"'
_OFFSET: Final = '"(?:[+-](?:0[0-9]|1[0-3]):[0-5][0-9]:[0-5][0-9])?"'


_ROW: Final[Mapping[str, str]] = {
    "participantIdentifier": CAPTURED,
    "id": CAPTURED,
    "invitationStatus": plain_or_odd(one_of(sorted(STATUSES))),
    "secondaryIdentifier": _TEXT,
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
    tried = count()

    def shape_of(body: Any, style: Style) -> Shape[Claim] | None:
        if body.__class__ is not dict or _is_ambiguous(body, project):
            return None
        # Nearly all texts are of the first shape, so it is to be fast; others are often faults.
        layout = _Layout(body, style, project, is_first=not next(tried))
        return _shape(layout, project, policy, screen)

    return Skimmer(shape_of)


def _is_ambiguous(body: Mapping[str, Any], project: Project) -> bool:
    """Whether `secondaryIdentifier` is more than deprecated: its value matters."""
    if "secondaryIdentifier" not in body:
        return False
    declared = (project.types or {}).get(SECONDARY, FieldType.TEXT)
    return declared is not FieldType.TEXT or SECONDARY in (body.get("customFields") or ())


class _Odd(NamedTuple):
    """What may be odd about a row: its object, the members that a captured text says, and their signs.

    Reading raises ValueError for what is no JSON. Signs are None where they have another place in a row.
    """

    place: str
    read: Callable[[str], Mapping[str, Any]]
    signs: Callable[[Mapping[str, Any]], Signs | None]


class _Layout:
    """The members of rows like this one: what matches them, and what is captured."""

    def __init__(self, body: Mapping[str, Any], style: Style, project: Project, *, is_first: bool) -> None:
        self._style, self._types, self._is_first = style, project.types, is_first
        self.groups: list[tuple[str, str]] = []  # the object of each captured member, and its name
        self.constant: list[tuple[str, str]] = []  # those that every row shows: null, or odd whatever it is
        self._fields: tuple[str, ...] = ()
        self.pattern = self._object("", body)
        odd = [place for place in self.groups if place not in _CLAIMS]
        order = sorted(odd, key=lambda place: _ORDER.index(place) if place in _ORDER else len(_ORDER))
        self.odd = {self.groups.index(each): self._odd_of(*each, project) for each in order}

    def _odd_of(self, place: str, name: str, project: Project) -> _Odd:
        if name == _FURTHER:
            fields = screen_of_fields(project)
            return _Odd(place, self._further, lambda members: (fields(members) or (None, NONE))[0])
        screen = screen_of_member(place, name, project)
        return _Odd(place, lambda text: {name: value_of(text)}, lambda members: screen(members[name]))

    def _object(self, place: str, data: Mapping[str, Any]) -> str:
        members = {name: self._member(place, name, value) for name, value in data.items()}
        pattern = object_of(members, self._style)
        if place != "customFields" or not data or self._types is None:
            return pattern
        self.groups.append((place, _FURTHER))
        self._fields = tuple(data)
        further = f"((?:{self._style.item}{TEXT}{self._style.name}{SCALAR})*+)"
        return pattern.removesuffix(_END) + further + _END

    def _further(self, text: str) -> dict[str, Any]:
        """The custom fields behind those that all rows have."""
        pairs = _pairs_of("{" + text[len(self._style.item) :] + "}")
        members = dict(pairs)
        if len(members) < len(pairs) or not members.keys().isdisjoint(self._fields):
            raise ValueError("a name stands twice")
        return members

    def _member(self, place: str, name: str, value: Any) -> str:
        if not place and name in _OBJECTS:
            return self._object(name, value) if value.__class__ is dict else "null"
        pattern = self._known(place, name)
        if pattern is TEXT_OR_ODD and self._is_first and (value is None or value.__class__ is str):
            pattern = _TEXT
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

    def show(self, odd: Iterable[tuple[str, Mapping[str, Any]]] = ()) -> dict[str, Any]:
        """A body of what is odd, by the objects that it is in: somebody without address and number."""
        held: dict[str, dict[str, Any]] = {"": {}, "demographics": {}, "customFields": {}}
        for place, name in self.constant:
            held[place][name] = None
        for place, members in odd:
            held[place] |= members
        return held.pop("") | _SOMEBODY | held

    def faults(self, columns: Columns, screen: Screen) -> tuple[list[Signs], set[int]]:
        """The signs of what is odd about each row, but of address and number, and where they are not sure."""
        faults, doubtful, unsure = [NONE] * len(columns[-1]), set[int](), set[int]()
        for at, odd in self.odd.items():
            column = columns[at]
            for row in where(column):
                try:
                    found = odd.signs(odd.read(column[row]))
                except ValueError:  # a number that is none
                    unsure.add(row)
                    continue
                if found is None:
                    doubtful.add(row)
                else:
                    faults[row] += found
        for row in doubtful - unsure:
            shown = screen(self.show(self._all_odd(columns, row)))
            if shown is None:
                unsure.add(row)
            else:
                faults[row] = shown.faults
        return faults, unsure

    def _all_odd(self, columns: Columns, row: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for at, odd in self.odd.items():
            if columns[at][row]:
                yield odd.place, odd.read(columns[at][row])


_FURTHER: Final = "\0"  # a name that no member has
_END: Final = r"\}"
_pairs_of = json.JSONDecoder(object_pairs_hook=list).decode


def _shape(layout: _Layout, project: Project, policy: Policy, screen: Screen) -> Shape[Claim]:
    """The shape of rows with a layout."""
    named = [
        layout.groups.index(each) if each in layout.groups else len(layout.groups) for each in _CLAIMS
    ]  # the last column is blank
    no_email, no_phone = (
        None if each in layout.constant or each in layout.groups else UNSET for each in _CLAIMS[2:]
    )
    claiming = Claiming(policy, project.default_region, no_email, no_phone)
    plain, peculiar = _odd(layout, screen, "0000000000"), _odd(layout, screen, "0")
    odd_of = itemgetter(*layout.odd, -1, -1)  # the last column twice, so that there are always several

    def tell(columns: Columns) -> Sequence[Claim | None]:
        faults, unsure = layout.faults(columns, screen)
        identifiers, ids, emails, phones = [[*map(str.strip, columns[at])] for at in named]
        odd = [peculiar if phone and not is_ten_digits(phone) else plain for phone in phones]
        claims = claiming.claims(ids, identifiers, emails, phones, faults=faults, odd=odd)
        if not unsure:
            return claims
        return [None if place in unsure else claim for place, claim in enumerate(claims)]

    def tell_one(row: Row) -> Claim | None:
        if any(odd_of(row)):
            return None
        identifier, name, email, phone = [row[at].strip() for at in named]
        odd = peculiar if phone and not is_ten_digits(phone) else plain
        return claiming.claim(name, identifier, email, phone, odd)

    return Shape(layout.pattern, tell, tell_one)


def _odd(layout: _Layout, screen: Screen, number: str) -> Signs:
    """What is odd about every row with a layout and such a number."""
    shown = layout.show()
    if ("demographics", "mobilePhone") in layout.groups:
        shown["demographics"]["mobilePhone"] = number
    claim = screen(shown)
    return claim.odd if claim is not None else ()
