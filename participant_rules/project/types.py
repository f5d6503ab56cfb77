"""The forms of a project's values: those of its members, and of the custom fields that it declares.

A function here takes the terms that a form depends on: a project's definition, and the caller's policy.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, Final, Protocol

from attrs import evolve, field, frozen

from participant_rules import formats
from participant_rules.formats.forms import DATE_OR_TIME, EMAIL_ADDRESS, phone_number
from participant_rules.formats.number_repairs import repair_decimal, repair_integer
from participant_rules.schema.flags import repair_flag_text
from participant_rules.schema.form import ANY_TEXT, Fix, Form, key_form, respelled, respelling

__all__ = [
    "FORMS",
    "ID",
    "TEN_DIGITS",
    "CustomFields",
    "FieldType",
    "Terms",
    "email",
    "fault_of",
    "fields",
    "is_plain_name",
    "phone",
    "secondary",
    "text_of",
]

SECONDARY: Final = "SecondaryIdentifier"
"""The custom field that `secondaryIdentifier` is an alias for."""


class FieldType(StrEnum):
    """What the values of a custom field may be."""

    TEXT = "Text"
    INTEGER = "Integer"
    DECIMAL = "Decimal"
    DATE = "Date"
    BOOLEAN = "Boolean"


class Declared(Protocol):
    """A custom field as a definition declares it; see `model.CustomField`."""

    @property
    def name(self) -> str: ...

    @property
    def type(self) -> str: ...

    @property
    def required(self) -> bool: ...

    @property
    def one_of(self) -> tuple[str, ...] | None: ...

    @property
    def pattern(self) -> str | None: ...

    @property
    def minimum(self) -> str | float | None: ...

    @property
    def maximum(self) -> str | float | None: ...

    @property
    def unique(self) -> bool: ...

    @property
    def immutable(self) -> bool: ...


class _Policy(Protocol):
    @property
    def email_key(self) -> Callable[[str], str | None]: ...

    @property
    def phone_key(self) -> Callable[[str, str], str | None]: ...

    @property
    def valid_phones(self) -> bool: ...


class _Project(Protocol):
    @property
    def custom_fields(self) -> tuple[Any, ...] | None: ...

    @property
    def default_region(self) -> str: ...


@frozen
class Terms:
    """What the forms of a project's members depend on."""

    project: _Project = field(repr=False)
    policy: _Policy


# ---- members


ID: Final = key_form(str.lower, keys=lambda texts: [text.lower() for text in texts])
"""An id, which compares without regard to case."""

_TEN_DIGITS = re.compile(r"[0-9]{10}").fullmatch

TEN_DIGITS: Final = Form(
    lambda value: isinstance(value, str) and _TEN_DIGITS(value) is not None,
    "[0-9]{10}",
    exact=True,
    json={"type": "string", "pattern": "^[0-9]{10}$"},
    right=("5557778888",),
    wrong=("+15557778888",),
)
"""What the vendor accepts as a phone number: "only accepts 10 digits"."""


def email(terms: Terms) -> Form:
    """An e-mail address, by the policy's key."""
    if terms.policy.email_key is formats.email_key:
        return EMAIL_ADDRESS
    return key_form(terms.policy.email_key, json=EMAIL_ADDRESS.json, repair=EMAIL_ADDRESS.repair)


def phone(terms: Terms) -> Form:
    """A phone number at home in the project's region, by the policy's key."""
    form = _phone_number(terms.project.default_region, valid=terms.policy.valid_phones)
    make, region = terms.policy.phone_key, terms.project.default_region
    if make is formats.phone_key:
        return form
    return key_form(lambda text: make(text, region), admits=form.admits, repair=form.repair)


_phone_number = lru_cache(maxsize=64)(phone_number)


def secondary(terms: Terms) -> Form:
    """The alias of a custom field: what that may be."""
    declared = CustomFields(terms.project.custom_fields).declared.get(SECONDARY)
    return FORMS[FieldType(declared.type)] if declared is not None else ANY_TEXT


def fields(terms: Terms) -> "CustomFields":
    """The custom fields that a project declares."""
    return CustomFields(terms.project.custom_fields)


# ---- custom fields

_INTEGER: Final = r"[+-]?[0-9]+"
_TRUTH: Final = "[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]"
_DECIMAL: Final = rf"{_INTEGER}(?:\.[0-9]+)?"


def _of_texts(pattern: str, scalars: Iterable[type], **more: Any) -> Form:
    """The form of some scalars, and of texts that match a pattern."""
    classes, matches = frozenset(scalars), re.compile(pattern).fullmatch

    def accepts(value: Any) -> bool:
        if value.__class__ is str:
            return matches(value) is not None
        return value.__class__ in classes

    return Form(accepts, pattern, classes, **more)


_ANY_SCALAR: Final = frozenset({int, float, bool})

FORMS: Final[Mapping[FieldType, Form]] = {
    FieldType.TEXT: evolve(
        ANY_TEXT,
        accepts=lambda value: isinstance(value, str | int | float),  # booleans are integers here
        scalars=_ANY_SCALAR,
        json={"type": ["string", "number", "boolean"]},
        right=("Kim", 5, True),
        wrong=([], {}),
    ),
    FieldType.INTEGER: _of_texts(
        _INTEGER,
        [int],
        json={"anyOf": [{"type": "integer"}, {"type": "string", "pattern": f"^{_INTEGER}$"}]},
        repair=repair_integer,
        right=(5, "-5", "+12"),
        wrong=("5.0", "five", 5.5, True),
    ),
    FieldType.DECIMAL: _of_texts(
        _DECIMAL,
        [int, float],
        json={"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{_DECIMAL}$"}]},
        repair=repair_decimal,
        right=(72.5, "72.5", 5),
        wrong=("72,5", "1e3", ".5", True),
    ),
    FieldType.DATE: DATE_OR_TIME,
    FieldType.BOOLEAN: _of_texts(
        _TRUTH,
        [bool],
        json={"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": f"^(?:{_TRUTH})$"}]},
        repair=repair_flag_text,
        right=(True, "FALSE", "true"),
        wrong=("yes", 1, "1"),
    ),
}
"""What a value of each type may be; null and "" are never asked."""

is_plain_name = re.compile(r"[A-Za-z0-9_]+").fullmatch
"""Whether a custom field that nobody declares is not warned about."""

_UNDECLARED_FORM: Final = evolve(ANY_TEXT, accepts=lambda _: True, scalars=_ANY_SCALAR)


@frozen(slots=False)
class CustomFields:
    """What the custom fields of a project may be; None where they are undeclared.

    A fault is a tuple of its sorts: "undeclared", "malformed-name", "mistyped", "not-allowed",
    "out-of-range", "cleared", "absent".
    """

    fields: tuple[Declared, ...] | None

    @cached_property
    def declared(self) -> Mapping[str, Declared]:
        """The declared fields by name."""
        return {each.name: each for each in self.fields or ()}

    @cached_property
    def _limits(self) -> Mapping[str, "_Limits"]:
        return {name: _Limits(each) for name, each in self.declared.items()}

    def names(self) -> Iterable[str] | None:
        """The names of the declared fields; None where fields are undeclared."""
        return None if self.fields is None else self.declared.keys()

    def fold(self, name: str) -> str:
        """Names compare exactly."""
        return name

    def form(self, name: str) -> Form | None:
        """The form of a field; of one that nobody declares only where none is declared."""
        if self.fields is None:
            return _UNDECLARED_FORM if is_plain_name(name) else None
        limits = self._limits.get(name)
        return limits.form if limits is not None else None

    def fault(self, name: str, value: Any) -> tuple[str, ...] | None:
        """What is wrong with a field; a value that clears it is never malformed."""
        if self.fields is None:
            return None if is_plain_name(name) else ("malformed-name",)
        limits = self._limits.get(name)
        if limits is None:
            return ("undeclared",)
        if value is None or value == "":
            return ("cleared",) if limits.declared.required else None
        return limits.fault(value)

    def respell(self, name: str) -> Fix | None:
        """The declared field that an undeclared one is meant to be."""
        return respelled(name, self.declared)

    @cached_property
    def required(self) -> frozenset[str]:
        """The names of the fields that every participant has."""
        return frozenset(name for name, each in self.declared.items() if each.required)

    def absent(self, _name: str) -> tuple[str, ...]:
        """The fault of a required field that is left out."""
        return ("absent",)

    @cached_property
    def immutable(self) -> frozenset[str]:
        """The names of the fields that who has enrolled keeps."""
        return frozenset(name for name, each in self.declared.items() if each.immutable)

    def range_of(self, name: str) -> str:
        """The range of a field in words."""
        declared = self.declared[name]
        if declared.minimum is None:
            return f"no more than {declared.maximum}"
        return (
            f"{declared.minimum} to {declared.maximum}"
            if declared.maximum is not None
            else f"no less than {declared.minimum}"
        )

    @cached_property
    def unique(self) -> Mapping[str, Form]:
        """The forms of unique fields, with their keys."""
        return {name: limits.keyed for name, limits in self._limits.items() if limits.declared.unique}


class _Limits:
    """What the value of one declared field may be."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        self.type = FieldType(declared.type)
        self._of_type = FORMS[self.type]
        self._matches = re.compile(declared.pattern).fullmatch if declared.pattern is not None else None
        self._allowed = frozenset(declared.one_of) if declared.one_of is not None else None
        self._least, self._most = (
            None if each is None else comparable(self.type, each)
            for each in (declared.minimum, declared.maximum)
        )

    @cached_property
    def form(self) -> Form:
        """The form: that of the type, unless the field allows less."""
        limits = (self._matches, self._allowed, self._least, self._most)
        if all(each is None for each in limits):
            return self._of_type
        of_type = self._of_type
        return Form(
            lambda value: self.fault(value) is None, json=self._json, repair=self._repair, among=of_type.among
        )

    def _repair(self, value: Any) -> Fix | None:
        """What the type makes of a value, or the allowed text that is meant."""
        by_type = self._of_type.fix(value)
        if by_type is not None or self.declared.one_of is None:
            return by_type
        return respelling(self.declared.one_of)(text_of(value))

    @property
    def _json(self) -> Mapping[str, Any]:
        """The keywords of the type, and those of the limits; what is limited as a text is one."""
        declared, limits = self.declared, list[dict[str, Any]]()
        if declared.one_of is not None:
            limits.append({"enum": [*declared.one_of]})
        if declared.pattern is not None:
            limits.append({"type": "string", "pattern": f"^(?:{declared.pattern})$"})
        if self.type in (FieldType.INTEGER, FieldType.DECIMAL):
            ends = {"minimum": self._least, "maximum": self._most}
            limits.append({name: float(end) for name, end in ends.items() if end is not None})
        return {"allOf": [self._of_type.json, *filter(None, limits)]}

    @cached_property
    def keyed(self) -> Form:
        """The form with the key of unique values."""
        return evolve(self.form, key=self._key)

    def _key(self, value: Any) -> str | None:
        if not self._of_type.accepts(value):
            return None
        number = comparable(self.type, value) if self.type in (FieldType.INTEGER, FieldType.DECIMAL) else None
        return _digits_of(number) if number is not None else text_of(value)

    def fault(self, value: Any) -> tuple[str, ...] | None:
        """What is wrong with a value; one of the wrong type is nothing else."""
        if not self._of_type.accepts(value):
            return ("mistyped",)
        return tuple(self._faults(value)) or None

    def _faults(self, value: Any) -> Iterator[str]:
        text = text_of(value) or ""
        if (self._allowed is not None and text not in self._allowed) or (
            self._matches is not None and self._matches(text) is None
        ):
            yield "not-allowed"
        if self._least is not None or self._most is not None:
            found = comparable(self.type, value)
            if found is not None and (
                (self._least is not None and found < self._least)
                or (self._most is not None and found > self._most)
            ):
                yield "out-of-range"


def _digits_of(number: Decimal) -> str:
    """A number in plain digits, none of which says nothing: 1.50 and +1.5 are 1.5, and -0 is 0."""
    digits = format(number, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits if digits != "-0" else "0"


def comparable(kind: FieldType, value: Any) -> Any:
    """A value as what it compares as: a number, or a point in time; None for any other type.

    A date is its first moment, and a time without an offset is one of UTC.
    """
    if kind in (FieldType.INTEGER, FieldType.DECIMAL):
        try:
            return Decimal(str(value))
        except InvalidOperation:
            return None
    if kind is FieldType.DATE and isinstance(value, str):
        if "T" not in value:
            day = date.fromisoformat(value)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return None


def text_of(value: object) -> str | None:
    """A custom value as a documented string: its own trimmed text, or that of its JSON; None for nothing."""
    if value is None or isinstance(value, str):
        return (value.strip() or None) if value is not None else None
    return json.dumps(value, ensure_ascii=False)


# ---- definitions


def fault_of(declared: Declared) -> tuple[str, str] | None:
    """What is wrong with a declaration: the member, and a sentence; None where it can be."""
    if declared.type not in list(FieldType):
        return "type", f"The value must be one of {', '.join(FieldType)}."
    if declared.pattern is not None and not _is_plain_pattern(declared.pattern):
        return "pattern", "The value must be a regular expression without look-around and back-references."
    return _fault_of_limits(declared, FieldType(declared.type))


def _fault_of_limits(declared: Declared, kind: FieldType) -> tuple[str, str] | None:
    of_type = FORMS[kind]
    for each in declared.one_of or ():
        if not of_type.accepts(each):
            return "oneOf", f"The values must be of the type {kind.value}."
    limits = []
    for name, value in (("minimum", declared.minimum), ("maximum", declared.maximum)):
        if value is None:
            continue
        if not of_type.accepts(value) or comparable(kind, value) is None:
            return name, f"The value must be one of the type {kind.value} that has an order."
        limits.append(comparable(kind, value))
    if len(limits) == len(("minimum", "maximum")) and limits[0] > limits[1]:
        return "minimum", "The value must not be above the maximum."
    return None


_OF_PATTERN: Final = re.compile(
    r"""\\[1-9] | \(\?P= | \(\?\( | \(\?<?[=!]   # what is not allowed
    | (\\. | \[\^?\]?(?:\\.|[^\]\\])*\] | .)        # all else, escapes and classes as a whole
    """,
    re.VERBOSE | re.DOTALL,
)


def _is_plain_pattern(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return all(found[1] is not None for found in _OF_PATTERN.finditer(pattern))
