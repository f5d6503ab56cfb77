"""The forms of texts that both vendors document, and their comparison keys."""

from functools import partial
from typing import Any, Final

from participant_rules.formats.date_repairs import (
    among_dates,
    among_moments,
    repair_date,
    repair_moment,
    repair_utc_offset,
)
from participant_rules.formats.dates import is_date, is_date_time, is_utc_offset
from participant_rules.formats.email import PLAIN_EMAIL, email_key, email_keys
from participant_rules.formats.email_repairs import repair_email
from participant_rules.formats.phone import phone_key, phone_keys
from participant_rules.schema.form import Fix, Form, key_form, text_form
from participant_rules.spelling import without_invisible

__all__ = ["DATE", "DATE_OR_TIME", "EMAIL_ADDRESS", "UTC_OFFSET", "phone_number"]

_PLAIN_DATE: Final = "(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"  # needs no calendar
_CALENDAR: Final = (  # every day of the years 1 to 9999, for validators that do not check formats
    "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)-"
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29"
)

DATE: Final = text_form(
    is_date,
    _PLAIN_DATE,
    json={
        "type": "string",
        "format": "date",
        "pattern": f"^(?:{_CALENDAR})$",
    },
    repair=repair_date,
    among=among_dates,
    right=("2000-02-29", "1980-02-03"),
    wrong=("2001-02-29", "20000616", "3.2.1980", "1980-2-3"),
)
"""A real date as YYYY-MM-DD."""

DATE_OR_TIME: Final = text_form(
    lambda text: is_date(text) or is_date_time(text),
    _PLAIN_DATE,
    json={
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T.+)?$",
        "anyOf": [{"format": "date"}, {"format": "date-time"}],
    },
    repair=repair_moment,
    among=among_moments,
    right=("2000-02-29", "2000-02-29T23:59:59Z"),
    wrong=("2001-02-29", "2000-02-29 23:59"),
)
"""A real date, or an ISO 8601 date-time."""

UTC_OFFSET: Final = text_form(
    is_utc_offset,
    "[+-](?:0[0-9]|1[0-3]):[0-5][0-9]:[0-5][0-9]",
    json={"type": "string", "pattern": "^[+-]?(?:(?:0[0-9]|1[0-3]):[0-5][0-9]:[0-5][0-9]|14:00:00)$"},
    repair=repair_utc_offset,
    right=("-04:00:00", "+14:00:00", "05:30:00"),
    wrong=("-4", "+14:00:01", "-04:00"),
)
"""A UTC offset of hours, minutes and seconds, at most 14 hours."""

EMAIL_ADDRESS: Final = key_form(
    email_key,
    PLAIN_EMAIL,
    keys=email_keys,
    json={
        "type": "string",
        "format": "idn-email",
        "maxLength": 254,
        "pattern": "^[^@ \\u0000]+@[^@ \\u0000]+[.\\u3002\\uff0e\\uff61][^@ \\u0000]+$",
    },
    repair=repair_email,
    right=("kim@example.com", "sborg4@titan.local"),
    wrong=("kim", "kim@example", "kim @example.com"),
)
"""A well-formed e-mail address."""

_TWO_DIGITS: Final = {
    "type": "string",
    "maxLength": 250,
    # Digits of other scripts, whatever an engine takes for some, stand from U+0660 on.
    "pattern": "^[^\\u0000]*[^\\u0000-/:-\\u065f][^\\u0000]*[^\\u0000-/:-\\u065f][^\\u0000]*$",
}


def phone_number(region: str, *, valid: bool = False) -> Form:
    """A phone number that is possible in a region, or with `valid` in a range that is assigned."""
    return key_form(
        partial(phone_key, region=region),
        keys=partial(phone_keys, region=region),
        admits=partial(_is_valid, region=region) if valid else None,
        json=_TWO_DIGITS,
        repair=repair_number,
        right=("+12125550123",),
        wrong=("12", "telephone"),
    )


def repair_number(value: Any) -> Fix | None:
    """A phone number without invisible characters, which alone make it malformed.

    Likely are a plus for 00, and the digits of a number that has become a fraction.
    """
    if not isinstance(value, str):
        return None
    text = without_invisible(value).strip()
    if text.startswith("00"):
        return Fix(f"+{text[2:].lstrip()}", certain=False)
    return Fix(text[:-2], certain=False) if text.endswith(".0") else Fix(text, certain=True)


def _is_valid(key: str, region: str) -> bool:
    return phone_key(key, region, valid=True) is not None
