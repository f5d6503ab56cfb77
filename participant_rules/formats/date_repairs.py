"""Repairs of dates, date-times and UTC offsets in other forms.

A date that can be read in one way only is certain. Where the day and the month could change places, the other
dates of its column may tell which of them comes first: then the reading is likely.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final, Literal

from participant_rules.formats.dates import is_date, is_date_time, is_utc_offset
from participant_rules.schema.form import Fix, FixOf
from participant_rules.spelling import bare, plain

__all__ = ["among_dates", "among_moments", "repair_date", "repair_moment", "repair_utc_offset"]

Order = Literal["YMD", "DMY", "MDY"]
_Reading = tuple[Order, date]

_EARLIEST, _LATEST = 1850, 2150
"""The years that dates of people are of; others are misread."""

_PARTS: Final = re.compile(r"([0-9]{1,4})\s*([-/.\s])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,4})[.]?").fullmatch
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{2})[-/.]([0-9]{2})").fullmatch
_DIGITS: Final = re.compile("[0-9]{8}").fullmatch
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_NAMED: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[-\s.]*([a-z]{3,9})[-\s.,]*([0-9]{4})").fullmatch
_NAMED_DAY: Final = re.compile(r"([a-z]{3,9})[-\s.]*([0-9]{1,2})(?:st|nd|rd|th)?[-\s.,]+([0-9]{4})").fullmatch
_WITH_TIME: Final = re.compile(r"(.*[0-9])(?:T|t|\s+)([0-9]{1,2}:[0-9]{2}.*)").fullmatch
_MIDNIGHT: Final = re.compile(r"0{1,2}:00(?::00(?:[.]0+)?)?(?:\s*(?:Z|[+-]00:?00))?", re.IGNORECASE).fullmatch
_YEAR_LENGTH: Final = len("YYYY")


def repair_date(value: Any) -> Fix | None:
    """The date in the form YYYY-MM-DD, where it can be read in one way only.

    A time of midnight says nothing; of another one only the date is kept, which is likely to be meant.
    """
    return _repair_date(value, None)


def among_dates(others: Iterable[Any]) -> FixOf:
    """The same where the other dates of the column may show whether the day comes first."""
    return partial(_repair_date, order=_order_of(others))


def repair_moment(value: Any) -> Fix | None:
    """The date or date-time in an ISO 8601 form."""
    return _repair_moment(value, None)


def among_moments(others: Iterable[Any]) -> FixOf:
    """The same where the other dates of the column may show whether the day comes first."""
    return partial(_repair_moment, order=_order_of(others))


def _repair_date(value: Any, order: Order | None) -> Fix | None:
    text = _text_of(value)
    found = _date_of(text, order)
    timed = _WITH_TIME(text) if found is None else None
    if timed is None:
        return found
    found = _date_of(timed[1], order)
    return found if found is None or _MIDNIGHT(timed[2]) else Fix(found.value, certain=False)


def _repair_moment(value: Any, order: Order | None) -> Fix | None:
    text = _text_of(value)
    timed = _WITH_TIME(text)
    if timed is None:
        return _date_of(text, order)
    found, clock = _date_of(timed[1], order), timed[2].upper().replace(" ", "")
    if found is None:
        return None
    whole = f"{found.value}T{clock.zfill(len(clock) + (clock.index(':') == 1))}"
    return Fix(whole, found.certain) if is_date_time(whole) else None


def _text_of(value: Any) -> str:
    """The text of a value: a program may have a date where JSON has none."""
    if isinstance(value, datetime):
        return value.isoformat() if value.time() != time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return plain(bare(value)) if isinstance(value, str) else ""


def _date_of(text: str, order: Order | None) -> Fix | None:
    if is_date(text):
        return Fix(text, certain=True)
    readings = list(_readings(text))
    days = {day for _, day in readings}
    if len(days) == 1:
        return Fix(days.pop().isoformat(), certain=True)
    order = order or ("DMY" if "." in text else None)  # nobody writes months first with full stops
    meant = next((day for each, day in readings if each == order), _swapped(text))
    return None if meant is None else Fix(meant.isoformat(), certain=False)


def _swapped(text: str) -> date | None:
    """The date with day and month exchanged behind the year."""
    parts = _YEAR_FIRST(text)
    if parts is None:
        return None
    swapped = f"{parts[1]}-{parts[3]}-{parts[2]}"
    return date.fromisoformat(swapped) if is_date(swapped) else None


def _readings(text: str) -> Iterator[_Reading]:
    """All possible readings of a text."""
    for order, year, month, day in _candidates(text):
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if _EARLIEST <= found.year <= _LATEST:
            yield order, found


def _candidates(text: str) -> Iterator[tuple[Order, str, str, str]]:
    if _DIGITS(text):
        yield "YMD", text[:4], text[4:6], text[6:]
        yield "DMY", text[4:], text[2:4], text[:2]
        yield "MDY", text[4:], text[:2], text[2:4]
        return
    if parts := _PARTS(text):
        first, _, second, third = parts.groups()
        if len(first) == _YEAR_LENGTH:
            yield "YMD", first, second, third
        elif len(third) == _YEAR_LENGTH:
            yield "DMY", third, second, first
            yield "MDY", third, first, second
        return
    yield from _with_a_name(text.casefold())


def _with_a_name(text: str) -> Iterator[tuple[Order, str, str, str]]:
    """The reading of a date with an English month's name, whole or as its first three letters."""
    if named := _DAY_NAMED(text):
        day, month, year = named.groups()
    elif named := _NAMED_DAY(text):
        month, day, year = named.groups()
    else:
        return
    if month[:3] in _MONTHS and _is_month(month):
        yield "DMY", year, str(_MONTHS.index(month[:3]) + 1), day


_FULL: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)


def _is_month(name: str) -> bool:
    return name in _MONTHS or name in _FULL or name == "sept"


def _order_of(others: Iterable[Any]) -> Order | None:
    """The part that comes first in unambiguous dates; None where they differ, or there are none."""
    orders = set[Order]()
    for each in others:
        text = _text_of(each)
        if is_date(text):
            continue
        timed = _WITH_TIME(text)
        readings = list(_readings(timed[1] if timed else text))
        if len({day for _, day in readings}) == 1 and len(readings) == 1 and readings[0][0] != "YMD":
            orders.add(readings[0][0])
    return orders.pop() if len(orders) == 1 else None


# ---- offsets

_OFFSET: Final = re.compile(
    r"(?:UTC|GMT)?\s*(?:([+-])\s*([0-9]{1,2})(?::?([0-5][0-9]))?(?::?([0-5][0-9])(?:[.]0+)?)?)?",
    re.IGNORECASE,
).fullmatch
_UNSIGNED: Final = re.compile(r"([0-9]{1,2})(?::?([0-5][0-9]))?(?::?([0-5][0-9]))?").fullmatch
_IN_HOURS: Final = re.compile(
    r"(?:UTC|GMT)?\s*([+-]?)\s*([0-9]{1,2})(?:[.,]([0-9]{1,2}))?\s*(?:h|hrs|hours)?[.]?", re.IGNORECASE
).fullmatch
_WITH_A_NAME: Final = re.compile(r"((?:UTC|GMT)\s*[+-][0-9:]+)[)\]].*", re.IGNORECASE | re.DOTALL).fullmatch
_MINUTES: Final = {"": "00", "0": "00", "00": "00", "25": "15", "5": "30", "50": "30", "75": "45"}


def repair_utc_offset(value: Any) -> Fix | None:
    """The offset with hours, minutes and seconds; one without a sign is likely to be positive.

    Likely are also hours with a fraction, and the offset before a zone's name.
    """
    text = plain(bare(value)) if isinstance(value, str) else ""
    if not text:
        return None
    if text in ("Z", "z"):
        return Fix("+00:00:00", certain=True)
    signed = _OFFSET(text)
    if signed is not None:
        return _offset(signed[1] or "+", signed[2] or "0", signed[3], signed[4], certain=True)
    unsigned = _UNSIGNED(text)
    if unsigned is not None:
        return _offset("+", unsigned[1], unsigned[2], unsigned[3], certain=False)
    return _likely_offset(text)


def _likely_offset(text: str) -> Fix | None:
    """The offset of hours with a fraction, or of the text before a zone's name."""
    if named := _WITH_A_NAME(text):
        found = repair_utc_offset(named[1])
        return None if found is None else Fix(found.value, certain=False)
    hours = _IN_HOURS(text)
    minutes = _MINUTES.get(hours[3] or "") if hours else None
    return _offset(hours[1] or "+", hours[2], minutes, None, certain=False) if hours and minutes else None


def _offset(sign: str, hours: str, minutes: str | None, seconds: str | None, *, certain: bool) -> Fix | None:
    text = f"{sign}{hours.zfill(2)}:{minutes or '00'}:{seconds or '00'}"
    return Fix(text, certain) if is_utc_offset(text) else None
