"""The texts of a workbook's values, as a person would type them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

__all__ = ["has_lost_digits", "text_of_cell"]

_SIXTEEN_DIGITS: Final = 1e15


def text_of_cell(value: object) -> str:  # noqa: PLR0911  a kind of value each
    """The text that stands for a value: a date as YYYY-MM-DD, a number with all digits and no exponent.

    It is the shortest decimal that reads back as the stored double.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _SIXTEEN_DIGITS:
            return str(int(value))
        text = format(Decimal(repr(value)), "f")
        return text.removesuffix(".0")
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return _duration(value) if isinstance(value, timedelta) else str(value)


def has_lost_digits(value: object) -> bool:
    """Whether it is a whole number of so many digits that a spreadsheet does not keep all of them."""
    return isinstance(value, float | int) and abs(value) >= _SIXTEEN_DIGITS and float(value).is_integer()


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(abs(round(value.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if value < timedelta() else ""
    return f"{sign}{hours:02}:{minutes:02}:{seconds:02}"
