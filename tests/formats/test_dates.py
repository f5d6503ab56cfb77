"""Dates, date-times and UTC offsets: the documented forms and no others."""

import pytest

from participant_rules.formats import is_date, is_date_time, is_utc_offset


@pytest.mark.parametrize("text", ["2000-06-16", "2024-02-29", "0001-01-01", "9999-12-31"])
def test_date(text: str) -> None:
    """A date is a real day written YYYY-MM-DD, and alone no date-time."""
    assert (is_date(text), is_date_time(text)) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023-02-29",
        "1900-02-29",
        "2000-13-01",
        "2000-00-01",
        "2000-01-00",
        "2000-04-31",
        "0000-01-01",
        "2000-1-01",
        "2000-01-1",
        "20000616",
        "2000-W24-5",
        "2000-168",
        "2000/06/16",
        "16-06-2000",
        "02000-06-16",
        "-2000-06-16",
        "2000-06-16 ",
        " 2000-06-16",
        "2000-06-16\n",
        "2000-06-16T00:00",
        "2000\u201006\u201016",
        "\u0662\u0660\u0660\u0660-06-16",
        "\uff12000-06-16",
        "2" * 1_000_000,
    ],
)
def test_no_date(text: str) -> None:
    """Neither an unreal day nor another spelling is a date."""
    assert is_date(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "2000-06-16T00:00",
        "2000-06-16T23:59:59",
        "2000-06-16T12:30Z",
        "2000-06-16T12:30:15Z",
        "2000-06-16T12:30:15.1Z",
        "2000-06-16T12:30:15.123456789+05:30",
        "2000-06-16T12:30:15.12345678901234567890",
        "2024-02-29T12:30-14:00",
        "2000-06-16T00:00:00+00:00",
        "2000-06-16T00:00:00-00:00",
        "2000-06-16T00:00:00." + "0" * 1_000_000,
    ],
)
def test_date_time(text: str) -> None:
    """A date-time is ISO 8601 in extended form, with a fraction of any length and an offset or none."""
    assert is_date_time(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023-02-29T12:30",
        "0000-01-01T00:00",
        "2000-06-16T",
        "2000-06-16T12",
        "2000-06-16T1230",
        "20000616T1230",
        "2000-06-16 12:30",
        "2000-06-16t12:30",
        "2000-06-16T12:30z",
        "2000-06-16T24:00",
        "2000-06-16T12:60",
        "2000-06-16T12:30:60",
        "2000-06-16T12:30.5",
        "2000-06-16T12:30:15.",
        "2000-06-16T12:30:15,5",
        "2000-06-16T12:30:15+05",
        "2000-06-16T12:30:15+0530",
        "2000-06-16T12:30:15+24:00",
        "2000-06-16T12:30:15+05:60",
        "2000-06-16T12:30:15+05:30:00",
        "2000-06-16T12:30Z ",
        "2000-06-16T12:30Z\n",
        "2000-06-16T12:30:15.\u0661",
        "2000-06-16T\uff112:30",
        "2000-06-16T00:00:00." + "0" * 1_000_000 + "x",
    ],
)
def test_no_date_time(text: str) -> None:
    """Neither an unreal time nor another form is a date-time."""
    assert is_date_time(text) is False


@pytest.mark.parametrize(
    "text",
    ["-04:00:00", "+14:00:00", "-14:00:00", "14:00:00", "+13:59:59", "00:00:00", "-00:00:00", "05:30:00"],
)
def test_utc_offset(text: str) -> None:
    """A UTC offset is [+-]HH:MM:SS within 14 hours; a missing sign means plus."""
    assert is_utc_offset(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+14:00:01",
        "-14:01:00",
        "+15:00:00",
        "+24:00:00",
        "+05:60:00",
        "+05:00:60",
        "+05:30",
        "5:30:00",
        "+5:30:00",
        "+053000",
        "++05:30:00",
        "\u221205:30:00",
        "+05:30:00 ",
        "+05:30:00\n",
        "+05:30:00.0",
        "Z",
        "UTC",
        "+\u0660\u0665:30:00",
        "+0\uff15:30:00",
        "+05:30:00" * 100_000,
    ],
)
def test_no_utc_offset(text: str) -> None:
    """Nothing beyond 14 hours and no other spelling is a UTC offset."""
    assert is_utc_offset(text) is False
