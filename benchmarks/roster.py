"""Uniqueness and immutability in plain Python, as an application would write them.

Every peer uses it but ours. Only rows whose values are right come here; a refused row leaves nothing behind.
"""

from collections.abc import Callable
from functools import cache

import phonenumbers
from email_validator import validate_email
from project_records import project_records
from verdicts import Verdict


def email_key(address: str) -> str:
    """The comparison key of an address."""
    return validate_email(address, check_deliverability=False).normalized.lower()


def phone_key(number: str) -> str:
    """The comparison key of a number; raises ValueError where it is none."""
    parsed = phonenumbers.parse(number, "US")
    if not phonenumbers.is_valid_number(parsed):
        raise ValueError("no phone number")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


_KEYS: list[Callable[[str], str]] = [email_key, phone_key]


def use(email: Callable[[str], str], phone: Callable[[str], str]) -> None:
    """Make other keys of the stored participants: a peer compares its own with them."""
    _KEYS[:] = [email, phone]


class Roster:
    """The addresses and numbers of participants, by key."""

    def __init__(self) -> None:
        people, emails, phones = _stored()
        self.people, self.emails, self.phones = dict(people), dict(emails), dict(phones)

    def _add(self, identifier: str, enrolled: bool, email: str, phone: str) -> None:
        self.people[identifier] = enrolled, email, phone
        self.emails[email] = self.phones[phone] = identifier

    def put(self, identifier: str, email: str, phone: str) -> Verdict | None:
        """Add or update a participant, or say why not."""
        wrong = []
        enrolled, old_email, old_phone = self.people.get(identifier, (False, None, None))
        if email != old_email and (enrolled or email in self.emails):
            wrong.append("/demographics/email")
        if phone != old_phone and (enrolled or phone in self.phones):
            wrong.append("/demographics/mobilePhone")
        if wrong:
            return Verdict(wrong)
        if old_email is not None and old_phone is not None:
            del self.emails[old_email], self.phones[old_phone]
        self._add(identifier, enrolled, email, phone)
        return None


@cache
def _stored() -> tuple[dict[str, tuple[bool, str, str]], dict[str, str], dict[str, str]]:
    """The stored participants."""
    people, emails, phones = {}, {}, {}
    for each in project_records(0)[0]:
        identifier = each["participantIdentifier"]
        email, phone = (
            _KEYS[0](each["demographics"]["email"]),
            _KEYS[1](each["demographics"]["mobilePhone"]),
        )
        people[identifier] = each["enrolled"], email, phone
        emails[email] = phones[phone] = identifier
    return people, emails, phones
