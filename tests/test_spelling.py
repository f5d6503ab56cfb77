"""Names in other spellings, and names a letter or two off."""

import pytest

from participant_rules.spelling import loose, most_similar, nearest, respelt, without_invisible

KNOWN = ("gender", "dateOfBirth", "street1", "street2", "V46", "site_code", "approved")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Date_of-birth", "dateOfBirth"),
        ("STREET 1", "street1"),
        ("site\u200bcode", "site_code"),
        ("gendr", None),
        ("", None),
    ],
)
def test_another_spelling(name: str, found: str | None) -> None:
    """Case, separators and invisible characters are spelling, and letters are not."""
    assert respelt(name, KNOWN) == found


def test_a_spelling_of_two_names() -> None:
    """A name near to two names is a spelling of neither."""
    assert respelt("siteId", ["Site_ID", "site-id"]) is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("gendr", "gender"),
        ("genedr", "gender"),
        ("gendder", "gender"),
        ("gxndex", None),  # two of six letters
        ("dateOfBrith", "dateOfBirth"),
        ("dataOfBirt", "dateOfBirth"),
        ("dxtxOfBirtx", None),
        ("street3", None),  # a digit is never mistyped
        ("stret1", "street1"),
        ("V47", None),
        ("v46", "V46"),
        ("aproved", "approved"),
        ("", None),
    ],
)
def test_the_nearest_name(name: str, found: str | None) -> None:
    """One letter may be off, two of a long name, and digits never."""
    assert nearest(name, KNOWN) == found


def test_a_name_that_is_near_to_two() -> None:
    """A name equally near to two names is near to neither."""
    assert nearest("sitea", ["siteb", "sitec"]) is None
    assert nearest("sitea", ["siteb", "siteaa", "sitezz"]) is None


def test_what_is_most_alike() -> None:
    """The errors of set-ups name the nearest one in any case."""
    assert most_similar("CUSTOMFIELD", ["customFields", "id"]) == "customFields"
    assert most_similar("xyz", ["customFields", "id"]) is None


def test_what_spellings_share() -> None:
    """Invisible characters are no part of a name."""
    assert loose("\ufeffNot_Invited") == loose("not invited") == "notinvited"
    assert without_invisible("a\u00adb") == "ab"
