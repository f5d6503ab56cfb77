"""A match of a pattern of JSON values is JSON, and a match of a form's pattern is accepted by the form."""

import re
from itertools import chain, permutations
from typing import Any, Final

import pytest

from participant_rules import jsontext
from participant_rules.engine.patterns import (
    FLAG,
    INTEGER,
    NUMBER,
    SCALAR,
    TEXT,
    Style,
    object_of,
    text_in,
    value_of,
    well_formed,
)
from participant_rules.formats.forms import DATE, DATE_OR_TIME, EMAIL_ADDRESS, UTC_OFFSET
from participant_rules.project.forms import TEN_DIGITS
from participant_rules.project.types import FORMS
from participant_rules.schema.form import ANY_TEXT, Form, one_of, text_form
from tests.mutants import VALUES

TOKENS: Final = [
    token
    for token in [
        b'"2000-02-03"',
        *VALUES,
        *[b'"%s"' % each for each in VALUES],
        *[b"-" + each for each in VALUES],
    ]
    if not re.search(rb"[\\\x00-\x1f]", token)  # texts with these are not read by templates
]
SCALARS: Final = (str, int, float, bool, type(None))
EXPRESSIONS: Final[dict[str, tuple[str, Any]]] = {
    "TEXT": (TEXT, str),
    "FLAG": (FLAG, bool),
    "INTEGER": (INTEGER, int),
    "NUMBER": (NUMBER, (int, float)),
    "SCALAR": (SCALAR, SCALARS),
    "any form": (well_formed(None), str),
    "a date": (well_formed(DATE), str),
    "an address": (well_formed(EMAIL_ADDRESS), str),
    "any text": (well_formed(ANY_TEXT), str),
    "a choice": (well_formed(one_of(["M", "a.b", 'x", "y'])), str),
}
FORMS_OF_TEXTS: Final = [
    *[DATE, DATE_OR_TIME, EMAIL_ADDRESS, UTC_OFFSET, ANY_TEXT, TEN_DIGITS, *FORMS.values()],
    one_of(["M", "a.b", " c", 'x", "y']),
]


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_what_a_pattern_matches_is_a_scalar(name: str) -> None:
    """A strict reading finds no fault in it."""
    pattern, types = EXPRESSIONS[name]
    match, matched = re.compile(rf"\[(?:{pattern})\]").fullmatch, 0
    for token in TOKENS:
        try:
            text = token.decode()
        except UnicodeDecodeError:
            continue
        if match(f"[{text}]") is None:
            continue
        matched += 1
        value, faults = jsontext.read(b"[%s]" % token)
        assert faults == (), token
        assert isinstance(value[0], types), token
        assert value_of(text) == value[0], token
        assert value_of(text).__class__ is value[0].__class__, token
    assert matched > 0


@pytest.mark.parametrize("form", FORMS_OF_TEXTS, ids=range(len(FORMS_OF_TEXTS)))
def test_what_is_well_formed_is_accepted(form: Form) -> None:
    """Trimmed, and never blank; right examples without white space are recognised."""
    match = re.compile(well_formed(form)).fullmatch
    texts = [token.decode(errors="replace")[1:-1] for token in TOKENS]
    for text in [*texts, *form.right, *form.wrong, "", " ", "\u2003", " M", "M ", " c", "a.b"]:
        if isinstance(text, str) and match(f'"{text}"') is not None:
            assert text.strip(), text
            assert form.accepts(text.strip()), text


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        *[
            (each, True)
            for each in ("[a-z]+", r"\w+", r"\d{3}", r"(?<=a)b|\bc", "(?i:yes|no)", r'(?=[^"]*")a')
        ],
        *[(each, True) for each in (r'[^"]*', r"\.", "a{2}", "(?:a|b)?+", "^a$", "")],
        *[
            (each, False)
            for each in (".*", r"\S+", "[^,]+", "a(?=.*x)b", "(?!abc$)[a-z]+", r"\x22", '"', r"\"")
        ],
        *[
            (each, False)
            for each in ("(?i)abc", "(a)", r"\N{QUOTATION MARK}", "(?x: a # (\n)", "[ -~]", r"[]\"]")
        ],
        *[(each, False) for each in ("(?P<a>b)", r"(?<=\")a", "(", r"\u0022", r"[\W]", r"\D", "(?=a.b)a")],
    ],
)
def test_a_pattern_that_may_run_into_the_next_text_is_not_used(pattern: str, *, expected: bool) -> None:
    """Nor one that looks beyond its text."""
    assert text_in(text_form(bool, pattern)) == (pattern if expected else "")


def test_a_form_without_a_pattern_has_no_texts() -> None:
    """Nothing is well formed then without being asked."""
    assert well_formed(text_form(bool)) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, "b": 2}', Style(", ", ": ")),
        ('{"a":1,"b":2}', Style(",", ":")),
        ('{"a": 1,"b": 2}', Style(",", ": ")),
        ('{"a":1, "b":2}', Style(", ", ":")),
        ('{"a":", ","b":": ","c":1}', Style(",", ":")),
        ('{"a": ",", "b": ":", "c": 1}', Style(", ", ": ")),
        ("{}", Style(",", ":")),
        ('{"a": {}}', Style(", ", ": ")),
    ],
    ids=range(8),
)
def test_a_style(text: str, expected: Style) -> None:
    """The white space between members, and behind a name."""
    assert Style.of(text) == expected


def test_an_object_has_its_names_in_their_order() -> None:
    """Whatever characters the names have."""
    members = {"a.b*": "1", "(x)?": TEXT, "": "null"}
    match = re.compile(object_of(members, Style(",", ": "))).fullmatch
    assert match('{"a.b*": 1,"(x)?": "y","": null}')
    assert not match('{"(x)?": "y","a.b*": 1,"": null}')
    assert not match('{"axbb": 1,"x": "y","": null}')
    assert re.fullmatch(object_of({}, Style(",", ":")), "{}")


@pytest.mark.parametrize("optional", ["", "a", "b", "c", "ab", "ac", "bc", "abc"])
def test_members_that_may_be_left_out(optional: str) -> None:
    """Each of them; in the same order, and with a comma between two. Where all may be, none may."""
    match = re.compile(object_of({name: name for name in "abc"}, Style(", ", ": "), optional)).fullmatch
    for names in ("", *map("".join, chain(*[permutations("abc", count) for count in (1, 2, 3)]))):
        text = "{" + ", ".join(f'"{name}": {name}' for name in names) + "}"
        complete = {*"abc"} - {*names} <= {*optional} if len(optional) < 3 else names == "abc"
        assert bool(match(text)) is (complete and [*names] == sorted(names)), text
    for text in ('{"a": a"b": b, "c": c}', '{"a": a, , "c": c}', '{, "b": b, "c": c}', '{"a": a, "b": b, }'):
        assert not match(text)
