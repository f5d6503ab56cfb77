"""Rows told from their JSON values alone: most records of a batch need no entity and no rule.

A screen knows a project and a policy, and looks at a body as it was decoded. It says what the row claims, and
the signs of all that the laws say of a row that adds somebody and meets nobody: rows with the same signs
break the same laws and get the same warnings, so that they need be judged once, and a row without signs
breaks none (the tests compare the screen with the rules). Where it says None, that proves nothing: the row
takes the whole road. It runs for every record, which is why it calls little and asks for classes instead of
instances.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache, partial
from types import NoneType
from typing import Any, Final

from participant_rules.formats import is_date, is_utc_offset
from participant_rules.project.claim import (
    MALFORMED_EMAIL,
    MALFORMED_PHONE,
    NOBODY,
    NONE,
    NOT_TEN_DIGITS,
    PLAIN_DATE,
    Claim,
    Key,
    Signs,
    claim_of,
    is_plain_name,
    is_ten_digits,
)
from participant_rules.project.model import (
    DEMOGRAPHICS,
    GENDERS,
    SECONDARY,
    STATUSES,
    FieldType,
    Participant,
    Project,
)
from participant_rules.project.policy import Policy
from participant_rules.project.values import TYPES, is_nothing
from participant_rules.shapes import Shape, camel_case
from participant_rules.unset import UNSET

__all__ = ["Screen", "screen_of", "screen_of_fields", "screen_of_member"]

_Person = tuple[int, bool, Key, Key, Signs, Signs, Signs]
"""What demographics say: the colons, whether there is an address to add by, both keys, and signs: of faults,
of faults of both, and of what is odd."""

Screen = Callable[[Any], Claim | None]

_WRITTEN: Final = frozenset(each.name for each in Shape.of(Participant).members if not each.read_only)
_UNREMARKABLE: Final = _WRITTEN - {"secondaryIdentifier"}
_PLAIN: Final = _UNREMARKABLE - {"id"}
_DEMOGRAPHICS: Final = dict.fromkeys(map(camel_case, DEMOGRAPHICS)).keys()
_TEXT: Final = frozenset({str, NoneType})
_FLAG: Final = frozenset({bool, NoneType})
_SCALAR: Final = frozenset({str, NoneType, bool, int, float})
_NO_PERSON: Final[_Person] = (0, False, UNSET, UNSET, NONE, NONE, NONE)
_CLASSES: Final[Mapping[FieldType, frozenset[type]]] = {
    FieldType.TEXT: _SCALAR,
    FieldType.INTEGER: frozenset({NoneType, int}),
    FieldType.DECIMAL: frozenset({NoneType, int, float}),
    FieldType.DATE: frozenset({NoneType}),
}  # of the values that read as the type whatever they are

_is_plain_date = re.compile(PLAIN_DATE).fullmatch
_is_offset = lru_cache(maxsize=256)(is_utc_offset)  # a batch has a few


def screen_of(project: Project, policy: Policy) -> Screen:  # noqa: C901  its walk is told in one piece
    """The screen for the bodies of a project's participants."""
    screen_person, screen_fields = _person(project.default_region, policy), screen_of_fields(project)
    alias_fits = _alias(project)

    def screen(body: Any) -> Claim | None:  # noqa: C901, PLR0911, PLR0912  a call for each part costs
        if body.__class__ is not dict:
            return None
        get = body.get
        identifier, name, status = get("participantIdentifier"), get("id"), get("invitationStatus")
        person, fields = get("demographics"), get("customFields")
        if identifier.__class__ not in _TEXT or name.__class__ not in _TEXT:
            return None
        colons, odd, faults = len(body), NONE, NONE
        if not body.keys() <= _PLAIN:
            strangers = _strangers(body, _UNREMARKABLE, "")
            if strangers is None or not alias_fits(body):
                return None
            odd = strangers
        if status is not None and (status.__class__ is not str or status not in STATUSES):
            fault = _fault_of(status, STATUSES, "invitationStatus")
            if fault is None:
                return None
            faults = fault
        flag, institution = get("excludeFromExport"), get("institutionCode")
        if flag.__class__ not in _FLAG or institution.__class__ not in _TEXT:
            if flag.__class__ not in _SCALAR or institution.__class__ not in _SCALAR:
                return None
            faults += ("excludeFromExport",) if flag.__class__ not in _FLAG else NONE
            faults += ("institutionCode",) if institution.__class__ not in _TEXT else NONE
        told = screen_person(person) if person is not None else _NO_PERSON
        if told is None:
            return None
        more, named, email, phone, wrong, unreachable, peculiar = told
        if wrong:
            faults += wrong
        if peculiar:
            odd += peculiar
        if fields is not None:
            screened = screen_fields(fields)
            if screened is None:
                return None
            more += len(fields)
            faults += screened[0]
            odd += screened[1]
        if unreachable:
            faults += unreachable
        name, identifier = name and name.strip().lower(), identifier and identifier.strip()
        if not (named or identifier or name):
            faults += NOBODY
        return claim_of((colons + more, name or None, identifier or None, email, phone, faults, odd))

    return screen


def _fault_of(value: Any, allowed: Collection[str], name: str) -> Signs | None:
    """The sign of a text that is not allowed, or of a value that is no text; None for a list or an object."""
    if value.__class__ is str:
        text = value.strip()
        return (name + "=",) if text and text not in allowed else NONE
    return (name,) if value.__class__ in _SCALAR else None


def _person(region: str, policy: Policy) -> Callable[[Any], _Person | None]:  # noqa: C901  its walk is told in one piece
    """What screens demographics."""
    email_key, phone_key = policy.email_key, policy.phone_key
    admits = policy.admits if policy.valid_phones else None

    def screen(person: Any) -> _Person | None:  # noqa: C901, PLR0912  a call for each member costs
        if person.__class__ is not dict:
            return None
        odd, faults, unreachable, colons = NONE, NONE, NONE, len(person)
        if not person.keys() <= _DEMOGRAPHICS:
            strangers = _strangers(person, _DEMOGRAPHICS, "demographics")
            if strangers is None:
                return None
            odd = strangers
            person = {each: value for each, value in person.items() if each in _DEMOGRAPHICS}
        if not _TEXT.issuperset(map(type, person.values())):
            mistyped = _mistyped(person)
            if mistyped is None or "demographics\0email" in mistyped:
                return None
            faults = mistyped
            person = {each: value for each, value in person.items() if value.__class__ in _TEXT}
        get = person.get
        email, phone, named = get("email", UNSET), get("mobilePhone", UNSET), False
        gender, born, offset = get("gender"), get("dateOfBirth"), get("utcOffset")
        if email:
            text = email.strip()
            named, email = text != "", email_key(text) if text else None
            if named and email is None:
                unreachable = MALFORMED_EMAIL
        elif email == "":
            email = None
        if phone:
            text = phone.strip()
            phone = phone_key(text, region) if text else None
            if text and (phone is None or (admits and not admits(phone, region))):
                unreachable += MALFORMED_PHONE
            if text and not is_ten_digits(text):
                odd += NOT_TEN_DIGITS
        elif phone == "":
            phone = None
        if gender and gender not in GENDERS:
            faults += _fault_of(gender, GENDERS, "gender") or NONE
        if born and not _is_plain_date(born) and not _is_right(born, is_date):
            faults += ("dateOfBirth",)
        if offset:
            colons += offset.count(":")
            if not _is_offset(offset) and not _is_right(offset, is_utc_offset):
                faults += ("utcOffset",)
        return colons, named, email, phone, faults, unreachable, odd

    return screen


def _is_right(text: str, is_one: Callable[[str], bool]) -> bool:
    """Whether a text is right, or nothing."""
    text = text.strip()
    return not text or is_one(text)


_TEXTS: Final[Mapping[str, Callable[[str], Signs]]] = {
    "gender": lambda text: _fault_of(text, GENDERS, "gender") or NONE,
    "dateOfBirth": lambda text: NONE if _is_right(text, is_date) else ("dateOfBirth",),
    "utcOffset": lambda text: NONE if _is_right(text, is_utc_offset) else ("utcOffset",),
}


def _mistyped(person: Mapping[str, Any]) -> Signs | None:
    """The demographics that are no texts; None where one is a list or an object."""
    wrong = {name: person[name] for name in _DEMOGRAPHICS if person.get(name).__class__ not in _TEXT}
    if not _SCALAR.issuperset(map(type, wrong.values())):
        return None
    return tuple([f"demographics\0{name}" for name in wrong])


def screen_of_member(place: str, name: str, project: Project) -> Callable[[Any], Signs | None]:
    """What screens a scalar alone: the signs of its faults, as the screen of the whole row has them.

    None where these have another place among the signs of a row.
    """
    if place == "customFields":
        fields = screen_of_fields(project)
        return lambda value: (fields({name: value}) or _FIT)[0]
    if name == "invitationStatus":
        return partial(_fault_of, allowed=STATUSES, name=name)
    if name in _TEXTS:
        signs = _TEXTS[name]
        return lambda value: signs(value) if value.__class__ is str else None
    sign = (f"{place}\0{name}",) if place else (name,)
    return lambda _: sign  # a value of a type that it cannot have


def screen_of_fields(project: Project) -> Callable[[Any], tuple[Signs, Signs] | None]:
    """What screens custom fields: the signs of their faults, and of what is odd."""
    if project.types is None:
        return _undeclared
    types = project.types
    classes = {name: _CLASSES[kind] for name, kind in types.items()}

    def screen(fields: Any) -> tuple[Signs, Signs] | None:
        if fields.__class__ is not dict:
            return None
        faults: list[str] = []
        for name, value in fields.items():
            known = classes.get(name)
            if known is not None and value.__class__ in known:
                continue
            if value.__class__ not in _SCALAR:
                return None
            if known is None:
                faults.append(f"customFields\0{name}")
            elif value != "" and not TYPES[types[name]](value):
                faults.append(f"customFields=\0{name}")
        return (tuple(faults), NONE) if faults else _FIT

    return screen


_FIT: Final[tuple[Signs, Signs]] = (NONE, NONE)


def _undeclared(fields: Any) -> tuple[Signs, Signs] | None:
    """What screens custom fields where none are declared; lists and objects are left to the reader."""
    if fields.__class__ is not dict or not _SCALAR.issuperset(map(type, fields.values())):
        return None
    return NONE, tuple([f"customFields\0{name}" for name in fields if not is_plain_name(name)])


def _strangers(data: dict[str, Any], names: Iterable[str], path: str) -> Signs | None:
    """The members that are only warned about; None where one is a list or an object."""
    odd = {name: value for name, value in data.items() if name not in names}
    if not _SCALAR.issuperset(map(type, odd.values())):
        return None
    return tuple([f"{path}\0{name}" for name in odd])


def _alias(project: Project) -> Callable[[dict[str, Any]], bool]:
    """What tells whether `secondaryIdentifier` fits, where it is sent."""
    kind = (project.types or {}).get(SECONDARY)

    def fits(body: dict[str, Any]) -> bool:
        alias, fields = body.get("secondaryIdentifier", UNSET), body.get("customFields")
        if alias is UNSET:
            return True
        if alias.__class__ not in _TEXT or (fields.__class__ is dict and SECONDARY in fields):
            return False
        return kind is None or is_nothing(alias and alias.strip()) or TYPES[kind](alias.strip())

    return fits
