"""The members of rows like one: what matches them in a JSON text, and what is captured of them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from participant_rules.patterns import (
    CAPTURED,
    FLAG,
    INTEGER,
    NUMBER,
    ODD,
    SCALAR,
    TEXT,
    TEXT_OR_ODD,
    Style,
    object_of,
    one_of,
    pairs_of,
    plain_or_odd,
    value_of,
)
from participant_rules.project.claim import NONE, PLAIN_DATE, Signs, is_plain_name
from participant_rules.project.model import DEMOGRAPHICS, GENDERS, STATUSES, FieldType, Project
from participant_rules.project.screen import Screen, screen_of_fields, screen_of_member
from participant_rules.shapes import camel_case
from participant_rules.skims import Columns, where

__all__ = ["CLAIMS", "Layout", "Odd"]

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
CLAIMS: Final = (
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


class Odd(NamedTuple):
    """What may be odd about a row: its object, the members that a captured text says, and its signs.

    Both raise ValueError for what is no JSON. Signs are None where they have another place in a row.
    """

    place: str
    read: Callable[[str], Mapping[str, Any]]
    signs: Callable[[str], Signs | None]


class Layout:
    """The members of rows like this one: what matches them, and what is captured."""

    def __init__(self, body: Mapping[str, Any], style: Style, project: Project, *, is_first: bool) -> None:
        self._style, self._types, self._is_first = style, project.types, is_first
        self.groups: list[tuple[str, str]] = []  # the object of each captured member, and its name
        self.constant: list[tuple[str, str]] = []  # those that every row shows: null, or odd whatever it is
        self._fields: tuple[str, ...] = ()
        self.pattern = self._object("", body)
        odd = [place for place in self.groups if place not in CLAIMS]
        order = sorted(odd, key=lambda place: _ORDER.index(place) if place in _ORDER else len(_ORDER))
        self.odd = {self.groups.index(each): self._odd_of(*each, project) for each in order}

    def _odd_of(self, place: str, name: str, project: Project) -> Odd:
        if name == _FURTHER:
            fields = screen_of_fields(project)
            return Odd(place, self._further, lambda text: (fields(self._further(text)) or (None, NONE))[0])
        screen = screen_of_member(place, name, project)
        return Odd(place, lambda text: {name: value_of(text)}, lambda text: screen(value_of(text)))

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
        pairs = pairs_of("{" + text[len(self._style.item) :] + "}")
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
                    found = odd.signs(column[row])
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
