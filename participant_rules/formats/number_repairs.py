"""Repairs of numbers in other forms."""

import re
from decimal import Decimal
from typing import Any, Final

from participant_rules.schema.form import Fix
from participant_rules.spelling import plain

__all__ = ["repair_decimal", "repair_integer"]

_WHOLE: Final = re.compile(r"([+-]?[0-9]+)[.,]?").fullmatch
_NO_FRACTION: Final = re.compile(r"([+-]?[0-9]+)[.]0+").fullmatch
_THOUSANDS: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,]000").fullmatch
_NO_WHOLE: Final = re.compile(r"([+-]?)([.,][0-9]+)").fullmatch
_PLAIN: Final = re.compile(r"[+-]?[0-9]+(?:[.][0-9]+)?").fullmatch
_COMMA: Final = re.compile(r"([+-]?[0-9]+),([0-9]+)").fullmatch
_GROUPED: Final = re.compile(
    r"([+-]?[0-9]{1,3}(?:([,. '\u00a0\u202f\u2019])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+))?"
).fullmatch
_SCIENTIFIC: Final = re.compile(r"[+-]?[0-9](?:[.][0-9]{1,17})?[eE][+-]?[0-9]{1,2}").fullmatch


def repair_integer(value: Any) -> Fix | None:
    """The integer without a zero fraction: 3.0 is 3; likely for one in groups of three digits.

    5.000 is nobody knows which: where the point groups digits it is five thousand.
    """
    if isinstance(value, float):
        return Fix(int(value), certain=True) if value.is_integer() else None
    text = _text_of(value)
    if _THOUSANDS(text) and "." in text:
        return None
    if found := _NO_FRACTION(text):
        return Fix(found[1], certain=True)
    if found := _WHOLE(text):
        return Fix(found[1], certain=text == found[1])
    comma = _COMMA(text)
    if comma and not comma[2].strip("0") and not _THOUSANDS(text):
        return Fix(comma[1], certain=False)
    return _ungrouped_integer(text)


def _ungrouped_integer(text: str) -> Fix | None:
    grouped = _GROUPED(text)
    if grouped is None or (grouped[3] or "").strip("0"):
        return None
    return Fix(grouped[1].replace(grouped[2], ""), certain=False)


def repair_decimal(value: Any) -> Fix | None:
    """The number with a point: .5 is 0.5; likely for a comma, unless it parts groups of three.

    A comma before just three digits may be either, unless nothing but zero stands before it.
    """
    text = _text_of(value)
    if _PLAIN(text):
        return Fix(text, certain=True)
    if found := _NO_WHOLE(text):
        return Fix(f"{found[1]}0.{found[2][1:]}", certain="," not in text)
    if found := _WHOLE(text):
        return Fix(found[1], certain=False)
    if _SCIENTIFIC(text):
        return Fix(format(Decimal(text), "f"), certain=False)
    return _likely_decimal(text)


def _likely_decimal(text: str) -> Fix | None:
    grouped, comma = _GROUPED(text), _COMMA(text)
    if comma and (not grouped or not comma[1].strip("+-0")):
        return Fix(f"{comma[1]}.{comma[2]}", certain=False)
    if grouped is None or (comma is not None):
        return None
    fraction = f".{grouped[3]}" if grouped[3] else ""
    return Fix(grouped[1].replace(grouped[2], "") + fraction, certain=False)


def _text_of(value: Any) -> str:
    return plain(value) if isinstance(value, str) else ""
