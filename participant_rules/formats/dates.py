"""Dates, date-times and UTC offsets, in ASCII digits and in no form but the documented one."""

import re
from datetime import date

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_TIME = re.compile(
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]"
    r"(?::[0-5][0-9](?:\.[0-9]+)?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
).fullmatch
_OFFSET = re.compile(r"[+-]?(?:(?:0[0-9]|1[0-3]):[0-5][0-9]:[0-5][0-9]|14:00:00)").fullmatch
_DATE_LENGTH = len("YYYY-MM-DD")


def is_date(text: str) -> bool:
    """Whether the text is a real date in the form YYYY-MM-DD ("Date in YYYY-MM-DD format.")."""
    # date.fromisoformat alone would also take 20000616 and 2000-W24-5.
    if _DATE(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_date_time(text: str) -> bool:
    """Whether the text is an ISO 8601 date-time, extended: `YYYY-MM-DDTHH:MM[:SS[.fraction]][Z|±HH:MM]`.

    Date and time are real: no 24:00 and no leap second. A fraction has any number of digits.
    """
    return _TIME(text, _DATE_LENGTH) is not None and is_date(text[:_DATE_LENGTH])


def is_utc_offset(text: str) -> bool:
    """Whether the text is a UTC offset [+-]HH:MM:SS of at most 14 hours; without a sign it means +.

    "Timezone represented as a UTC offset, e.g., -04:00:00."
    """
    return _OFFSET(text) is not None
