"""Dates, date-times and offsets in other forms."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from participant_rules.formats.date_repairs import among_dates, among_moments, repair_utc_offset
from participant_rules.formats.forms import DATE, DATE_OR_TIME, UTC_OFFSET
from participant_rules.schema.form import Fix


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("1990/12/31", "1990-12-31"),
        ("31/12/1990", "1990-12-31"),
        ("12/31/1990", "1990-12-31"),
        ("31.12.1990", "1990-12-31"),
        ("31-12-1990", "1990-12-31"),
        ("31 12 1990", "1990-12-31"),
        ("19901231", "1990-12-31"),
        ("31121990", "1990-12-31"),
        ("1980-2-3", "1980-02-03"),
        ("11/11/1990", "1990-11-11"),
        ("31 Dec 1990", "1990-12-31"),
        ("3-Sept-1990", "1990-09-03"),
        ("December 31st, 1990", "1990-12-31"),
        ("1990-12-31T00:00:00", "1990-12-31"),
        ("1990-12-31 00:00:00.000Z", "1990-12-31"),
        ("31/12/1990 0:00", "1990-12-31"),
        ("\ufeff 1990-12-31\u00a0", "1990-12-31"),
        ("'1990-12-31", "1990-12-31"),
        ("1990\u201312\u201331,", "1990-12-31"),
        ("\u0661\u0669\u0669\u0660-12-31", "1990-12-31"),
        (date(1990, 12, 31), "1990-12-31"),
        (datetime(1990, 12, 31, tzinfo=UTC), "1990-12-31"),
    ],
)
def test_a_date_with_one_reading(value: Any, day: str) -> None:
    """It is certain."""
    assert DATE.fix(value) == Fix(day, certain=True)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("3.2.1980", "1980-02-03"),  # with full stops the day comes first
        ("1990-31-12", "1990-12-31"),  # the day and the month have changed places
        ("1990-12-31T08:30", "1990-12-31"),
        (datetime(1990, 12, 31, 8, 30, tzinfo=UTC), "1990-12-31"),
    ],
)
def test_a_date_that_is_likely(value: Any, day: str) -> None:
    """It is no more than that."""
    assert DATE.fix(value) == Fix(day, certain=False)


@pytest.mark.parametrize(
    "value",
    [
        *("12/11/1990", "01022003", "2001-02-29", "31/12/90", "1/2/3", "12-31/1990", "99999999", "1/1/1700"),
        *("31 Foo 1990", "1990-31-13", "31 Decade 1990", "soon", "", "31/12", "1990", 19901231, None, []),
    ],
)
def test_an_ambiguous_date(value: Any) -> None:
    """It has two readings, or none."""
    assert DATE.fix(value) is None


@pytest.mark.parametrize(
    ("others", "found"),
    [
        (["31/12/1990", "1990-12-31", "12/12/1990", "01/02/2003"], Fix("1990-11-12", certain=False)),
        (["12/31/1990", "12/31/1990 08:00"], Fix("1990-12-11", certain=False)),
        (["12/31/1990", "31/12/1990"], None),
        (["1990/12/31", "1990-12-31", "x", ""], None),
    ],
)
def test_the_other_dates_of_a_column_decide(others: list[str], found: Fix | None) -> None:
    """Where unambiguous dates have the day first, or the month, so has the date."""
    assert DATE.fix("12/11/1990", among_dates(others)) == found


@pytest.mark.parametrize(
    ("value", "moment", "certain"),
    [
        ("2000-02-29 23:59", "2000-02-29T23:59", True),
        ("29/2/2000 9:05:01", "2000-02-29T09:05:01", True),
        ("2000-02-29t23:59z", "2000-02-29T23:59Z", True),
        ("29/2/2000", "2000-02-29", True),
        ("3.2.1980 10:00", "1980-02-03T10:00", False),
        (datetime(2000, 2, 29, 23, 59, tzinfo=UTC), "2000-02-29T23:59:00+00:00", True),
    ],
)
def test_a_moment(value: Any, moment: str, certain: bool) -> None:
    """The time is kept."""
    assert DATE_OR_TIME.fix(value) == Fix(moment, certain)


@pytest.mark.parametrize("value", ["2000-02-30 23:59", "2000-02-29 25:00", "12/11/1990 10:00", "soon", 5])
def test_an_ambiguous_moment(value: Any) -> None:
    """No such day, no such time, two readings."""
    assert DATE_OR_TIME.fix(value) is None


def test_a_moment_in_a_column() -> None:
    """The others decide which part comes first."""
    assert DATE_OR_TIME.fix("12/11/1990 10:00", among_moments(["31/12/1990"])) == Fix(
        "1990-11-12T10:00", certain=False
    )


@pytest.mark.parametrize(
    ("value", "offset", "certain"),
    [
        ("-4", "-04:00:00", True),
        ("-04:00", "-04:00:00", True),
        ("UTC-4", "-04:00:00", True),
        ("gmt +5:30", "+05:30:00", True),
        ("+0530", "+05:30:00", True),
        ("\u22124", "-04:00:00", True),
        ("Z", "+00:00:00", True),
        ("UTC", "+00:00:00", True),
        (" -04:00:00\u200b", "-04:00:00", True),
        ("4", "+04:00:00", False),
        ("5:30", "+05:30:00", False),
        ("(UTC-05:00)", "-05:00:00", True),
        ("(UTC-05:00) Eastern Time", "-05:00:00", False),
        ("-4.5", "-04:30:00", False),
        ("-4h", "-04:00:00", False),
        ("+5,75", "+05:45:00", False),
    ],
)
def test_an_offset(value: str, offset: str, certain: bool) -> None:
    """Hours, minutes and seconds; one without a sign is only likely to be positive."""
    assert UTC_OFFSET.fix(value) == Fix(offset, certain)


@pytest.mark.parametrize(
    "value", ["-15", "+14:30", "EST", "", " ", "Europe/Berlin", "-4.4", "-4:99", "(UTC+20:00) X", 4, None]
)
def test_an_ambiguous_offset(value: Any) -> None:
    """No hours, too many, a name, no text."""
    assert repair_utc_offset(value) is None
