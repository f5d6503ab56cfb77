"""Custom fields: their types, their declarations, and the faults of these."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from math import isfinite
from typing import Any, Final

from attrs import NOTHING, evolve, frozen

from participant_rules.definitions import Part
from participant_rules.formats.forms import DATE_OR_TIME
from participant_rules.formats.number_repairs import repair_decimal, repair_integer
from participant_rules.schema.flags import repair_flag_text
from participant_rules.schema.form import ANY_TEXT, Form
from participant_rules.schema.members import member

__all__ = ["FORMS", "SECONDARY", "CustomField", "FieldType", "comparable", "fault_of", "text_of"]

SECONDARY: Final = "SecondaryIdentifier"
"""The custom field that `secondaryIdentifier` is an alias for."""


class FieldType(StrEnum):
    """The type of a custom field's values."""

    TEXT = "Text"
    INTEGER = "Integer"
    DECIMAL = "Decimal"
    DATE = "Date"
    BOOLEAN = "Boolean"


@frozen(weakref_slot=False, repr=False)
class CustomField(Part):
    """A project-specific field: its name, its type ("Text", "Integer", "Decimal", "Date" or "Boolean").

    And what else its values must be: `required` in every participant, one of some texts, matched by a regular
    expression as a whole, no less than a minimum and no more than a maximum, `unique` in the project, and
    `immutable` once a participant has enrolled.
    """

    name: str = member(default=NOTHING)
    type: str = member(default=NOTHING)
    required: bool = member(default=False)
    one_of: tuple[str, ...] | None = member(default=None)
    pattern: str | None = member(default=None)
    minimum: str | int | float | None = member(default=None)
    maximum: str | int | float | None = member(default=None)
    unique: bool = member(default=False)
    immutable: bool = member(default=False)


# ---- the types

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


ANY_SCALAR: Final = frozenset({int, float, bool})

FORMS: Final[Mapping[FieldType, Form]] = {
    FieldType.TEXT: evolve(
        ANY_TEXT,
        accepts=lambda value: isinstance(value, str | int | float),  # booleans are integers here
        scalars=ANY_SCALAR,
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
"""The form of each type's values; null and "" are never asked."""


def comparable(kind: FieldType, value: Any) -> Any:
    """The comparable of a value: a number, or a point in time; None for any other type.

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


def fault_of(declared: CustomField) -> tuple[str, str] | None:
    """The fault of a declaration: the member, and a sentence; None where there is none."""
    if declared.type not in list(FieldType):
        return "type", f"The value must be one of {', '.join(FieldType)}."
    if declared.pattern is not None and not _is_plain_pattern(declared.pattern):
        return "pattern", "The value must be a regular expression without look-around and back-references."
    return _fault_of_limits(declared, FieldType(declared.type))


def _fault_of_limits(declared: CustomField, kind: FieldType) -> tuple[str, str] | None:
    of_type = FORMS[kind]
    for each in declared.one_of or ():
        if not of_type.accepts(each):
            return "oneOf", f"The values must be of the type {kind.value}."
    limits = []
    for name, value in (("minimum", declared.minimum), ("maximum", declared.maximum)):
        if value is None:
            continue
        finite = not isinstance(value, float) or isfinite(value)
        if not finite or not of_type.accepts(value) or comparable(kind, value) is None:
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
