"""Numbers in other forms: what each can be read as."""

import re
from typing import Any, Final

from participant_rules.schema.form import Fix
from participant_rules.spelling import without_invisible

__all__ = ["repair_decimal", "repair_integer"]

_MINUS: Final = str.maketrans("\u2212", "-")
_WHOLE: Final = re.compile(r"([+-]?[0-9]+)[.,]?").fullmatch
_NO_FRACTION: Final = re.compile(r"([+-]?[0-9]+)[.]0+").fullmatch
_NO_WHOLE: Final = re.compile(r"([+-]?)([.][0-9]+)").fullmatch
_PLAIN: Final = re.compile(r"[+-]?[0-9]+(?:[.][0-9]+)?").fullmatch
_COMMA: Final = re.compile(r"([+-]?[0-9]+),([0-9]+)").fullmatch
_GROUPED: Final = re.compile(
    r"[+-]?[0-9]{1,3}(?:([,. '\u00a0\u202f\u2019])[0-9]{3})(?:\1[0-9]{3})*"
).fullmatch


def _text_of(value: Any) -> str:
    return without_invisible(value).strip().translate(_MINUS) if isinstance(value, str) else ""


def repair_integer(value: Any) -> Fix | None:
    """What an integer is without a fraction that says nothing: 3.0 is 3; likely is one in groups of three."""
    if isinstance(value, float):
        return Fix(int(value), certain=True) if value.is_integer() else None
    text = _text_of(value)
    if found := _NO_FRACTION(text):
        return Fix(found[1], certain=True)
    if found := _WHOLE(text):
        return Fix(found[1], certain=text == found[1])
    grouped = _GROUPED(text)
    return Fix(text.replace(grouped[1], ""), certain=False) if grouped else None


def repair_decimal(value: Any) -> Fix | None:
    """What a number is with a point: .5 is 0.5; a comma is likely to be one."""
    text = _text_of(value)
    if _PLAIN(text):
        return Fix(text, certain=True)
    if found := _NO_WHOLE(text):
        return Fix(f"{found[1]}0{found[2]}", certain=True)
    found = _COMMA(text)
    return Fix(f"{found[1]}.{found[2]}", certain=False) if found else None
