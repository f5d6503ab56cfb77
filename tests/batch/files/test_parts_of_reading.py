"""The small parts of reading: invisible characters, number formats, guesses, suggestions."""

import sys
import unicodedata

import pytest

from participant_rules.batch.files import guessing, number_formats
from participant_rules.batch.files.archives import place_of
from participant_rules.batch.files.cell_texts import has_lost_digits, text_of_cell
from participant_rules.batch.files.content import InMemory
from participant_rules.batch.files.fields import Field
from participant_rules.batch.files.guessing import guessed
from participant_rules.batch.files.invisible import find_invisible, has_invisible
from participant_rules.batch.files.number_formats import displayed, is_plain, shows_texts
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.suggestions import PROJECT_NAMES, SURVEY_NAMES, suggested
from participant_rules.batch.files.suspects import is_exponent, is_formula
from participant_rules.project.model import Project
from participant_rules.spelling import without_invisible


def a_field(name: str) -> Field:
    """The member with this name."""
    return Field((name,))


def test_invisible_characters() -> None:
    """They are all of the categories Cf and Cc but for white space, and the variation selectors."""
    missing = [
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in {"Cf", "Cc"}
        and chr(code) not in "\t\n\r"
        and not find_invisible(chr(code))
    ]
    assert missing == []
    assert all(map(find_invisible, "\ufe0f\U000e0100\u180b\ufeff\u00ad"))
    assert [has_invisible(each) for each in ("a\tb\n", "\x1f", "ä", "\u200b")] == [False, True, False, True]
    assert without_invisible("\ufeffa\u200bb") == "ab"


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (7, "0000", "0007"),
        (12345, "000", "12345"),
        (7, '"P-"000', "P-007"),
        (7, r"\P000", "P007"),
        (123456789, "000-00-0000", "123-45-6789"),
        (5, "[Red]00", "05"),
        (5, "00;-00", "05"),
        (0, "#", None),
        (5, "00_)", "05"),
        (5, "[>9]00", None),
        (5, "[$P-]000", "P005"),
        (5, "[$€-407] 00", "€ 05"),
        (5, "[$-en-US]00[]", "05"),
        (5, "[$CHF]00", "CHF05"),
        (5, "0.00", None),
        (5, "0%", None),
        (5, "#,##0", None),
        (5.5, "00", None),
        (-5, "00", "-05"),
        (-5, '00;"M"00', "M05"),
        (0, '00;-00;"zero" 0', "zero 0"),
        (5, "# ?/?", None),
        (5, ";;;", None),
        (5, '"x"', None),
        (7, '"P-"General', "P-7"),
        (0, "general_)", "0"),
    ],
)
def test_displayed(value: float, code: str, shown: str | None) -> None:
    """A whole number is displayed in digits and text; other formats have no text of their own."""
    assert displayed(float(value), code) == shown


def test_plain_formats() -> None:
    """General, text and dates read as they are displayed; General with a text of its own does not."""
    assert all(map(is_plain, ("General", "@", "", "yyyy-mm-dd")))
    assert not any(map(is_plain, ("0", '"d"0', '"P-"General', "General\\x", '"P-"@')))
    assert number_formats.BUILT_IN[9] == "0%"


def test_formats_of_texts() -> None:
    """A text reads as it is displayed unless its part of the format hides it, or adds a text."""
    assert all(map(shows_texts, ("0", "0;0;0;@", "0;-0;;@_)", "[Red]@", "General;General;General;General")))
    assert not any(map(shows_texts, (";;;", "[$P-]@", '"P-"@', '0;0;0;"P-"@', r"@\x", '0;0;0;"x"')))


def test_references() -> None:
    """A reference is a row and a column."""
    assert [place_of(each) for each in ("A1", "AB12", "XFD1048576", "1A", "")] == [
        (1, 1), (12, 28), (1048576, 16384), None, None
    ]  # fmt: skip


def test_texts_of_numbers() -> None:
    """They are the shortest decimals that read back, without an exponent."""
    numbers = [12.0, 0.1, 1e15, 1.5e21, 1.23456789012346e18, 1e-7]
    assert [text_of_cell(each) for each in numbers] == [
        "12", "0.1", "1000000000000000", "1500000000000000000000", "1234567890123460000", "0.0000001"
    ]  # fmt: skip
    assert [has_lost_digits(each) for each in (1e15, 999999999999999.0, "1" * 20, 0.5)] == [
        True, False, False, False
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("Köln, Straße, naïve café, Œuvre", "cp1252", "cp1252"),
        ("O’Brien – “x” €5", "cp1252", "cp1252"),
        ("José Müller", "mac_roman", "mac_roman"),
        ("Łukasz Żółć", "cp1250", "cp1250"),
        ("Иван Петров", "cp1251", "cp1251"),
        ("Иван", "cp1251", "cp1251"),
        ("Łukasz", "cp1250", "cp1250"),
        ("Ştefan", "cp1250", "cp1250"),
        ("山田太郎", "shift_jis", "cp932"),
    ],
)
def test_guesses(text: str, encoding: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An encoding is guessed in which the words are words, with a detector or without."""
    content = InMemory("a.csv", f"email\n{text}\n".encode(encoding))
    assert guessed(content) == name
    monkeypatch.setattr(guessing, "find_spec", lambda _: None)
    assert guessed(content) in {name, "cp1250", "cp1251", "mac_roman", "cp932"}


def test_guesses_that_make_no_words() -> None:
    """Where no encoding makes words it is cp1252, which is likely, or latin-1, which reads everything."""
    assert guessed(InMemory("a", b"a\xff\xa9\xb7\x98 \x80\xd7x\xf7")) == "cp1252"
    assert guessed(InMemory("a", b"A\x81\xff\x98a\xfe")) == "latin-1"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Teilnehmer-ID", "participantIdentifier"),
        ("Participant No.", "participantIdentifier"),
        ("Geburtsdatum", "dateOfBirth"),
        ("Date de naissance", "dateOfBirth"),
        ("Handy", "mobilePhone"),
        ("Phone number", "mobilePhone"),
        ("Téléphone", "mobilePhone"),
        ("Sexe", "gender"),
        ("Correo electrónico", "email"),
        ("StreetAddress1", "street1"),
        ("E-mail (work)*", "email"),
        ("Emial", "email"),
        ("emaill", "email"),
        ("Colour", None),
    ],
)
def test_suggestions(name: str, field: str | None) -> None:
    """Usual names in four languages, and names within a letter or two, are suggested."""
    assert suggested(name, [], PROJECT_NAMES, ["email", "gender"], field=a_field, taken=()) == field
    assert suggested(name, [], PROJECT_NAMES, ["email"], field=a_field, taken=[f"/{field}"]) is None


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("demographics/lastName", "lastName"),
        ("address.city", "city"),
        ("City (home)", "city"),
        ("State/Province", "state"),
        ("Sex / Gender [M|F]", "gender"),
        ("customFields.0.Notes", "Notes"),
        ("Date/Time", None),
        ("(city)", None),
    ],
)
def test_suggestions_by_a_part_of_the_name(name: str, field: str | None) -> None:
    """A name with words in brackets, and a path, mean what they do without them, or the last known word."""
    known = ProjectLayout(Project.from_json({"id": "P", "customFields": [{"name": "Notes", "type": "Text"}]}))
    assert known.suggestion(name, (), ()) == field


def test_suggestions_by_content() -> None:
    """A column of addresses may be the address."""
    values = ["kim@example.com", "", "lee@example.com", "x"]
    assert suggested("Contact?", values, SURVEY_NAMES, [], field=a_field, taken=()) == "emailAddress"
    assert suggested("User name", ["x"], SURVEY_NAMES, [], field=a_field, taken=()) == "login"


def test_texts_that_are_none() -> None:
    """Formulas written as text, and numbers in scientific notation."""
    formulas = ['="001"', "=A1", " = SUM(A1)", "=-1", "=) smile", "a=b", "=="]
    assert [bool(is_formula(each)) for each in formulas] == [True] * 4 + [False] * 3
    numbers = ["1E+05", "1.5e10", "1,23E+11", "1e5", "12E34", "E5", "3e5f"]
    assert [bool(is_exponent(each)) for each in numbers] == [True] * 4 + [False] * 3
