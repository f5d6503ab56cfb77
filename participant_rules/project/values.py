"""When a value is nothing, and when two are the same.

White space at the ends of a documented string does not count, and a string with nothing in it is null. What
is the same as the stored value is not judged, so that what a Get answers can be put back.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from participant_rules.formats import is_date, is_date_time
from participant_rules.project.model import FieldType
from participant_rules.unset import Unset

__all__ = ["TYPES", "is_nothing", "same_json", "same_text", "text_of", "trimmed"]


def trimmed(value: str | None | Unset) -> str | None:
    """A documented string without white space at its ends; None where there is nothing in it."""
    return (value.strip() or None) if isinstance(value, str) else None


def same_text(one: str | None | Unset, other: str | None | Unset) -> bool:
    """Whether two documented strings say the same; null and left out do."""
    return (one or "").strip() == (other or "").strip()


def is_nothing(value: object) -> bool:
    """Whether a custom value clears its field: null or ""."""
    return value is None or value == ""


def same_json(one: object, other: object) -> bool:
    """Whether two custom values are the same: 1, 1.0 and true are three values, null and "" are one."""
    if is_nothing(one) or is_nothing(other):
        return is_nothing(one) and is_nothing(other)
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def text_of(value: object) -> str | None:
    """A custom value as a documented string: its own trimmed text, or that of its JSON; None for nothing."""
    if value is None or isinstance(value, str):
        return trimmed(value)
    return json.dumps(value, ensure_ascii=False)


# ---- the types of custom fields; null and "" are never asked

_INTEGER = re.compile(r"[+-]?[0-9]+").fullmatch
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?").fullmatch


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float)  # booleans are integers here


def _is_integer(value: Any) -> bool:
    if isinstance(value, str):
        return _INTEGER(value) is not None
    return isinstance(value, int) and not isinstance(value, bool)


def _is_decimal(value: Any) -> bool:
    if isinstance(value, str):
        return _DECIMAL(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and (is_date(value) or is_date_time(value))


TYPES: Final[Mapping[FieldType, Callable[[Any], bool]]] = {
    FieldType.TEXT: _is_text,
    FieldType.INTEGER: _is_integer,
    FieldType.DECIMAL: _is_decimal,
    FieldType.DATE: _is_date,
}
"""Whether a value reads as the type of a declared field."""
