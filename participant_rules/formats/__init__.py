"""Grammars and comparison keys of the values a participant carries: e-mail, phone, dates, offsets, GUIDs.

A grammar answers a bool. A key answers a text that is the same for every spelling of one address or number,
or None where the value is malformed. All are pure functions of text, safe in threads, and never raise.

The laws are those of email-validator and phonenumbers. Both are imported when the first value asks for them,
and most values never do: a shortcut decides what it provably decides as they would.
"""

from participant_rules.formats.dates import is_date, is_date_time, is_utc_offset
from participant_rules.formats.email import PLAIN_EMAIL, email_key, email_keys, malformed_emails
from participant_rules.formats.phone import is_region, phone_key, phone_keys
from participant_rules.formats.text import fold, is_guid

__all__ = [
    "PLAIN_EMAIL",
    "email_key",
    "email_keys",
    "fold",
    "is_date",
    "is_date_time",
    "is_guid",
    "is_region",
    "is_utc_offset",
    "malformed_emails",
    "phone_key",
    "phone_keys",
]
