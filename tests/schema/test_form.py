"""Every form of the library is consistent: its pattern, its key, its examples and its test agree."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from participant_rules import formats
from participant_rules.formats import forms
from participant_rules.project import CustomField, Project
from participant_rules.project import forms as members
from participant_rules.project.keys import schema_of
from participant_rules.project.model import Gender, InvitationStatus, Participant
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.types import FORMS, FieldType
from participant_rules.schema.form import ANY_TEXT, Form, OpenForm, key_form, one_of, text_form

TERMS: Final[Mapping[str, Any]] = {
    "": schema_of(Project(), POLICY).definition,
    " by a caller's keys": schema_of(
        Project(), Policy(email_key=lambda text: text.lower() or None, phone_key=lambda text, _: text[:3])
    ).definition,
    " of Britain, if valid": schema_of(Project(default_region="GB"), Policy(valid_phones=True)).definition,
}
LIMITED: Final = Project(
    custom_fields=(
        *[CustomField(f"Once{kind}", kind, unique=True) for kind in FieldType],
        CustomField("Few", "Text", one_of=("a", "b")),
        CustomField("Like", "Text", pattern="[a-c]+"),
        CustomField("Low", "Integer", maximum=9),
        CustomField("Late", "Date", minimum="2000-01-01"),
    )
)


def forms_in(module: object) -> dict[str, Form]:
    """The forms that a module declares."""
    return {name: each for name, each in vars(module).items() if isinstance(each, Form)}


def declared(project: Project) -> dict[str, Form]:
    """The forms of declared custom fields, and with their keys those of unique ones."""
    fields: OpenForm | None = schema_of(project, POLICY).node("customFields").members
    assert fields is not None
    found = {f"customFields.{name}": fields.form(name) for name in fields.names() or ()}
    keyed = {f"customFields.{name} with its key": form for name, form in fields.unique.items()}
    return {name: form for name, form in found.items() if form is not None} | keyed


ALL: Final[Mapping[str, Form]] = {
    "ANY_TEXT": ANY_TEXT,
    **forms_in(forms),
    **forms_in(members),
    **{f"phone_number({region})": forms.phone_number(region) for region in ("US", "GB", "IT", "?")},
    **{f"a field's type, {kind}": form for kind, form in FORMS.items()},
    **{f"email{name}": members.email(each) for name, each in TERMS.items()},
    **{f"phone{name}": members.phone(each) for name, each in TERMS.items()},
    "secondary": members.secondary(TERMS[""]),
    "one_of(Gender)": one_of(Gender),
    "one_of(InvitationStatus)": one_of(InvitationStatus),
    "one_of odd texts": one_of(["a|b", ".", "(", 'say "no"', "\\", "é", "-", "\x1f"]),
    "one_of nothing": one_of([]),
    **declared(LIMITED),
}
NAMES: Final = st.sampled_from(list(ALL))


def loosened(pattern: str) -> str:
    """A pattern without its look-behinds and look-aheads, from which nothing can be generated."""
    return re.sub(r"^\(\?=[^)]*\)", "", pattern)


@st.composite
def texts_like(draw: st.DrawFn, form: Form) -> str:
    """Texts that a form might accept: its examples, texts that match its pattern, and near ones."""
    strategies = [st.text(max_size=12), st.text("+-.:@T0123456789 aMkm", max_size=16)]
    examples = [each for each in (*form.right, *form.wrong) if isinstance(each, str)]
    if examples:
        strategies += [st.sampled_from(examples)] * 2
    if form.pattern:
        strategies.append(st.from_regex(loosened(form.pattern), fullmatch=True))
    text = draw(st.one_of(strategies))
    at = draw(st.integers(0, len(text)))
    put = draw(st.sampled_from(["", "", "", " ", "0", "a", "\n", "٣", "ſ"]))
    return (text[:at] + put + text[at:]).strip()


# ---- examples


@pytest.mark.parametrize("name", ALL)
def test_examples_are_right_and_wrong(name: str) -> None:
    """Right ones are accepted, wrong ones are not."""
    form = ALL[name]
    assert [each for each in form.right if not form.accepts(each)] == []
    assert [each for each in form.wrong if form.accepts(each)] == []


@pytest.mark.parametrize("name", forms_in(forms) | forms_in(members))
def test_declared_forms_have_examples(name: str) -> None:
    """A right one and a wrong one, unless all is accepted."""
    form = ALL[name]
    any_text = form.accepts("") or form.accepts("-")
    assert form.any_text or any_text or (form.right and form.wrong)


# ---- patterns


@pytest.mark.parametrize("name", ALL)
def test_patterns_have_no_groups(name: str) -> None:
    """Whoever puts a pattern into a larger one counts its own groups."""
    assert re.compile(ALL[name].pattern).groups == 0


@given(NAMES, st.data())
def test_what_matches_the_pattern_is_accepted(name: str, data: st.DataObject) -> None:
    """By itself, and between the quotes of a JSON text; it needs no escapes there."""
    form = ALL[name]
    assume(form.pattern)
    text = data.draw(st.from_regex(loosened(form.pattern), fullmatch=True))
    alone = re.compile(form.pattern).fullmatch(text)
    quoted = re.compile(f'"(?:{form.pattern})"').fullmatch(f'"{text}"')
    assume(text.strip() and (alone or quoted))
    assert form.accepts(text)
    assert not {'"', "\\"} & set(text)


@given(NAMES, st.data())
def test_exact_patterns_match_all_that_is_accepted(name: str, data: st.DataObject) -> None:
    """A text that does not match an exact pattern is refused; with `any_text` none is."""
    form = ALL[name]
    text = data.draw(texts_like(form))
    assume(text)
    if form.exact:
        assert form.accepts(text) is (re.compile(form.pattern).fullmatch(text) is not None)
    if form.any_text:
        assert form.accepts(text)


VALUES: Final[Mapping[type, st.SearchStrategy[Any]]] = {
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
}


@given(st.sampled_from([name for name, form in ALL.items() if form.scalars]), st.data())
def test_scalars_are_accepted(name: str, data: st.DataObject) -> None:
    """Every value of the types that a form names."""
    form = ALL[name]
    value = data.draw(st.one_of([VALUES[each] for each in sorted(form.scalars, key=str)]))
    assert form.accepts(value)


@given(NAMES, st.one_of(st.none(), *VALUES.values(), st.just([]), st.just({})))
def test_other_values_are_refused(name: str, value: Any) -> None:
    """A test decides on any JSON value, and never fails."""
    form = ALL[name]
    says_more = name.startswith("customFields.") or name == "_UNDECLARED_FORM"
    assert form.accepts(value) is (type(value) in form.scalars) or says_more


# ---- keys

KEYED: Final = [name for name, form in ALL.items() if form.key is not None]


@given(st.sampled_from(KEYED), st.data())
def test_what_has_a_key_is_accepted(name: str, data: st.DataObject) -> None:
    """Unless the form says more than its key."""
    form = ALL[name]
    assert form.key is not None
    text = data.draw(texts_like(form))
    assume(text)
    key = form.key(text)
    if not name.startswith("customFields."):
        assert form.accepts(text) is (key is not None and (form.admits is None or form.admits(key)))
    elif key is None:
        assert not form.accepts(text)


@given(st.sampled_from(KEYED), st.data())
def test_the_key_of_a_key_is_the_key(name: str, data: st.DataObject) -> None:
    """A stored key may be handed in again."""
    form = ALL[name]
    assert form.key is not None
    text = data.draw(texts_like(form))
    key = form.key(text) if text else None
    assume(key is not None)
    assert key is not None
    assert form.key(key) == key


@given(NAMES, st.data())
def test_many_keys_at_once_are_the_keys_of_each(name: str, data: st.DataObject) -> None:
    """In their order; a form without a key of its own compares by the text."""
    form = ALL[name]
    texts = data.draw(st.lists(texts_like(form).filter(bool), max_size=5))
    make = form.key if form.key is not None else str
    assert list(form.keys_of(texts)) == [make(each) for each in texts]


# ---- how forms are made


def test_one_of() -> None:
    """A choice is a text, in its spelling; a text that needs escapes is left to the test."""
    form = one_of([Gender.MALE, "é", 'say "no"'])
    assert (form.pattern, form.exact) == ("M|é", False)
    assert form.json == {"type": "string", "enum": ["M", "é", 'say "no"']}
    assert (form.right, form.wrong) == (("M", "é", 'say "no"'), ("m", "É", 'SAY "NO"', "-"))
    assert [form.accepts(each) for each in ("M", 'say "no"', "N", None, ["M"])] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert one_of(["-", "1"]).wrong == ()


def test_text_form() -> None:
    """Only texts are asked about."""
    form = text_form(lambda text: len(text) == 1, "[a-z]", right=("a",))
    assert [form.accepts(each) for each in ("a", "ab", 1, None)] == [True, False, False, False]
    assert (form.pattern, form.right, form.json) == ("[a-z]", ("a",), {"type": "string"})


def test_key_form() -> None:
    """A text with a key is accepted, unless the key is not admitted."""
    form = key_form(lambda text: text.upper() if text != "?" else None, admits=lambda key: key != "NO")
    assert [form.accepts(each) for each in ("yes", "no", "?", 1)] == [True, False, False, False]
    assert form.keys_of(["a", "?"]) == ["A", None]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("100", "100"),
        ("1.50", "1.5"),
        (1.5, "1.5"),
        ("-0.0", "0"),
        ("+007", "7"),
        (10**30 + 1, str(10**30 + 1)),
        ("0.10000000000000000000000000000000000001", "0.10000000000000000000000000000000000001"),
        (1e25, "10000000000000000000000000"),
        ("one", None),
    ],
)
def test_numbers_compare_by_their_digits(value: Any, key: str | None) -> None:
    """However they are written, and however many they are."""
    form = ALL["customFields.OnceDecimal with its key"]
    assert form.key is not None
    assert form.key(value) == key


def test_keys_that_the_library_makes_are_those_of_its_forms() -> None:
    """The forms that a project has by default have the keys of `formats`, for many at once too."""
    nodes = schema_of(Project(), POLICY).nodes
    email, phone = nodes["demographics.email"].form, nodes["demographics.mobilePhone"].form
    assert email is forms.EMAIL_ADDRESS
    assert phone is not None
    assert (email.key, email.keys) == (formats.email_key, formats.email_keys)
    assert phone.keys_of(["2125550100"]) == ["+12125550100"]
    assert schema_of(Project(), POLICY).entity is Participant
