"""Addresses, numbers and flags in other forms."""

from typing import Any

import pytest

from participant_rules.formats.email_repairs import mistyped
from participant_rules.formats.forms import EMAIL_ADDRESS, phone_number
from participant_rules.project import FieldType
from participant_rules.project.types import FORMS
from participant_rules.schema.flags import repair_flag, repair_flag_text
from participant_rules.schema.form import Fix, Form


@pytest.mark.parametrize(
    "value",
    [
        *(" kim@example.com ", "\u200bkim@exa\u00admple.com", "mailto:kim@example.com", "<kim@example.com>"),
        *("kim@example.com,", "kim@example.com.", "kim@example.com;", " MAILTO: <kim@example.com>, "),
        *("\u201ckim@example.com\u201d", "kim\uff20example.com", "kim@example.com:", "`kim@example.com`"),
        *("'kim@example.com'", '"kim@example.com"', "(kim@example.com)", "\tkim@example.com\r\n"),
    ],
)
def test_what_stands_around_an_address(value: str) -> None:
    """It is taken off for certain."""
    assert EMAIL_ADDRESS.fix(value) == Fix("kim@example.com", certain=True)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("Kim Lee <kim@example.com>", "kim@example.com"),
        ("kim @example.com", "kim@example.com"),
        ("kim@gmail,com", "kim@gmail.com"),
        ("kim@gmail", "kim@gmail.com"),
        ("kim@hotmial", "kim@hotmail.com"),
        ("kim@outlook..com", "kim@outlook.com"),
        ("Kim@gmial,com", "Kim@gmail.com"),
        ("kim@ gmial.com", "kim@gmail.com"),
        ("kim@example,com", "kim@example.com"),
        ("kim (at) example [dot] com", "kim@example.com"),
        ("kim at example.com", "kim@example.com"),
        ("E-Mail: kim@example.com", "kim@example.com"),
        ("kim@example.com (work)", "kim@example.com"),
        ("mailto:kim@example.com?subject=Hello", "kim@example.com"),
    ],
)
def test_an_address_that_is_likely(value: str, address: str) -> None:
    """A name before it, white space in it, a domain that is nearly a well-known one."""
    assert EMAIL_ADDRESS.fix(value) == Fix(address, certain=False)


@pytest.mark.parametrize(
    "value",
    [
        "kim",
        "@gmail",
        "a@example.com, b@example.com",
        "kim@example..com",
        "",
        "<>",
        "kim@@example.com",
        "kim@gmx",
        5,
        None,
    ],
)
def test_an_ambiguous_address(value: Any) -> None:
    """No domain, two addresses, none."""
    assert EMAIL_ADDRESS.fix(value) is None


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("kim@gmial.com", "kim@gmail.com"),
        ("kim@GMAIL.con", "kim@gmail.com"),
        ("kim@hotmial.com", "kim@hotmail.com"),
        ("kim@gmial.con", "kim@gmail.com"),
        ("kim@yahooo.co.uk", "kim@yahoo.co.uk"),
        ("kim@t-onlien.de", "kim@t-online.de"),
        *((f"kim@{each}", None) for each in ("gmail.com", "mail.com", "ymail.com", "email.com", "cloud.com")),
        *((f"kim@{each}", None) for each in ("yahoo.ca", "hotmail.cl", "gmx.at", "gmail.cm", "yaho.co.jp")),
        *((each, None) for each in ("kim@example.com", "kim", "")),
    ],
)
def test_a_mistyped_well_known_domain(address: str, meant: str | None) -> None:
    """The first letter is right, and either the name or the end: domains that there are stay alone."""
    assert mistyped(address) == meant


def test_an_address_that_is_right() -> None:
    """A domain that looks mistyped may be right."""
    assert EMAIL_ADDRESS.fix("kim@gmial.com") is None


@pytest.mark.parametrize(
    ("kind", "value", "fix"),
    [
        (FieldType.INTEGER, 3.0, Fix(3, certain=True)),
        (FieldType.INTEGER, "3.0", Fix("3", certain=True)),
        (FieldType.INTEGER, " 3", Fix("3", certain=True)),
        (FieldType.INTEGER, "\u22123.00", Fix("-3", certain=True)),
        (FieldType.INTEGER, "3.", Fix("3", certain=False)),
        (FieldType.INTEGER, "1,234,567", Fix("1234567", certain=False)),
        (FieldType.INTEGER, "1 234", Fix("1234", certain=False)),
        (FieldType.INTEGER, 3.5, None),
        (FieldType.INTEGER, float("inf"), None),
        (FieldType.INTEGER, "1,23", None),
        (FieldType.INTEGER, "3,0", Fix("3", certain=False)),
        (FieldType.INTEGER, "1.234,0", Fix("1234", certain=False)),
        (FieldType.INTEGER, "3,000", Fix("3000", certain=False)),
        (FieldType.INTEGER, "3.000", None),
        (FieldType.INTEGER, "0.000", Fix("0", certain=True)),
        (FieldType.INTEGER, "\uff11\uff12", Fix("12", certain=True)),
        (FieldType.INTEGER, "three", None),
        (FieldType.INTEGER, True, None),
        (FieldType.DECIMAL, "72,5", Fix("72.5", certain=False)),
        (FieldType.DECIMAL, ".5", Fix("0.5", certain=True)),
        (FieldType.DECIMAL, "-.5", Fix("-0.5", certain=True)),
        (FieldType.DECIMAL, " 72.5\u00a0", Fix("72.5", certain=True)),
        (FieldType.DECIMAL, "1e3", Fix("1000", certain=False)),
        (FieldType.DECIMAL, "1e-99", Fix("0." + "0" * 98 + "1", certain=False)),
        (FieldType.DECIMAL, "1e999", None),
        (FieldType.DECIMAL, ",5", Fix("0.5", certain=False)),
        (FieldType.DECIMAL, "72,", Fix("72", certain=False)),
        (FieldType.DECIMAL, "1,234", None),
        (FieldType.DECIMAL, "-0,125", Fix("-0.125", certain=False)),
        (FieldType.DECIMAL, "1.234,5", Fix("1234.5", certain=False)),
        (FieldType.DECIMAL, "1,234,567.5", Fix("1234567.5", certain=False)),
        (FieldType.DECIMAL, "1 234", Fix("1234", certain=False)),
        (FieldType.DECIMAL, "much", None),
        (FieldType.DECIMAL, [], None),
        (FieldType.BOOLEAN, "Yes", Fix("true", certain=True)),
        (FieldType.BOOLEAN, " no", Fix("false", certain=True)),
        (FieldType.BOOLEAN, "1", Fix("true", certain=True)),
        (FieldType.BOOLEAN, 0, Fix(False, certain=True)),
        (FieldType.BOOLEAN, 2, None),
        (FieldType.BOOLEAN, "yes.", Fix("true", certain=True)),
        (FieldType.BOOLEAN, "FALSCH", Fix("false", certain=False)),
        (FieldType.BOOLEAN, "fasle", Fix("false", certain=False)),
        (FieldType.BOOLEAN, "maybe", None),
        (FieldType.BOOLEAN, {}, None),
        (FieldType.DATE, "31/12/1990", Fix("1990-12-31", certain=True)),
        (FieldType.TEXT, ["a"], None),
    ],
)
def test_values_of_custom_fields(kind: FieldType, value: Any, fix: Fix | None) -> None:
    """A fraction that says nothing, a comma, another word for true."""
    assert FORMS[kind].fix(value) == fix


def test_flags() -> None:
    """A flag is a truth value; a text stays one where it may be."""
    assert repair_flag("Y") == Fix(True, certain=True)
    assert repair_flag_text("Y") == Fix("true", certain=True)
    assert repair_flag_text(1) == Fix(True, certain=True)
    assert repair_flag_text("perhaps") is None


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ("+1 212\u0000 555 0123", Fix("+1 212 555 0123", certain=True)),
        ("00 49 30 123456", Fix("+49 30 123456", certain=False)),
        ("2125550123.0", Fix("2125550123", certain=False)),
        ("12", None),
        (13, None),
    ],
)
def test_numbers_of_phones(value: Any, fix: Fix | None) -> None:
    """Characters that nobody sees may be all that is wrong, or how other countries are called."""
    assert phone_number("US").fix(value) == fix


def test_a_fix_is_accepted() -> None:
    """A repair to a refused value is none; a right value is never repaired."""
    form = Form(lambda value: value == "a", repair=lambda _: Fix("b", certain=True))
    assert form.fix("c") is None
    assert Form(lambda _: True, repair=lambda _: Fix("b", certain=True)).fix("c") is None
