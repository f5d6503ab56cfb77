"""The forms of a project's members.

A function here takes the terms that a form depends on: a project's definition, and the caller's policy.
"""

import re
from functools import lru_cache
from typing import Final, Protocol

from attrs import field, frozen

from participant_rules import formats
from participant_rules.formats.forms import EMAIL_ADDRESS, phone_number
from participant_rules.project.custom import CustomFields
from participant_rules.project.policy import Policy
from participant_rules.project.types import SECONDARY, CustomField
from participant_rules.schema.form import ANY_TEXT, Form, key_form

__all__ = ["ID", "TEN_DIGITS", "Terms", "email", "fields", "phone", "secondary"]


class _Project(Protocol):
    @property
    def custom_fields(self) -> tuple[CustomField, ...] | None: ...

    @property
    def default_region(self) -> str: ...


@frozen
class Terms:
    """The terms that the forms of a project's members depend on."""

    project: _Project = field(repr=False)
    policy: Policy


ID: Final = key_form(str.lower, keys=lambda texts: [text.lower() for text in texts])
"""An id, which compares without regard to case."""

_TEN_DIGITS = re.compile(r"[0-9]{10}").fullmatch

TEN_DIGITS: Final = Form(
    lambda value: isinstance(value, str) and _TEN_DIGITS(value) is not None,
    "[0-9]{10}",
    exact=True,
    json={"type": "string", "pattern": "^[0-9]{10}$"},
    right=("5557778888",),
    wrong=("+15557778888",),
)
"""What the vendor accepts as a phone number: "only accepts 10 digits"."""


def email(terms: Terms) -> Form:
    """An e-mail address, by the policy's key."""
    if terms.policy.email_key is formats.email_key:
        return EMAIL_ADDRESS
    return key_form(terms.policy.email_key, json=EMAIL_ADDRESS.json, repair=EMAIL_ADDRESS.repair)


def phone(terms: Terms) -> Form:
    """A phone number at home in the project's region, by the policy's key."""
    form = _phone_number(terms.project.default_region, valid=terms.policy.valid_phones)
    make, region = terms.policy.phone_key, terms.project.default_region
    if make is formats.phone_key:
        return form
    return key_form(lambda text: make(text, region), admits=form.admits, repair=form.repair)


_phone_number = lru_cache(maxsize=64)(phone_number)


def secondary(terms: Terms) -> Form:
    """The form of the alias of a custom field."""
    return CustomFields(terms.project.custom_fields).form(SECONDARY) or ANY_TEXT


def fields(terms: Terms) -> CustomFields:
    """The custom fields that a project declares."""
    return CustomFields(terms.project.custom_fields)
