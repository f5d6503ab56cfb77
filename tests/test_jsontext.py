"""Strict JSON: values, and every fault of a text."""

import json
import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import UNSET, Violation, jsontext
from participant_rules.jsontext import MAX_BYTES, MAX_DEPTH, is_sound, read
from participant_rules.jsontext.values import exact, faults_of


def _faults(payload: object, **limits: int) -> list[tuple[str, str | None]]:
    value, faults = read(payload, **limits)
    assert (value is UNSET) is bool(faults)
    return [(each.code, each.pointer) for each in faults]


def _brief(each: object) -> str:
    """The name of a case."""
    text = ascii(each)
    return text if len(text) < 40 else f"{text[:12]}...{text[-12:]} ({len(text)})"


def _nested(levels: int, inner: str = "") -> str:
    return "[" * levels + inner + "]" * levels


# ---- sound texts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        (" [1, -2.5, 1e3, true, false, null] \n", [1, -2.5, 1000.0, True, False, None]),
        ('{"a": {"b": ["\\u017e\\n"]}}', {"a": {"b": ["ž\n"]}}),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\\\u0000 \\\\ud800"', "\\u0000 \\ud800"),
        ('"žofie 😀"', "žofie 😀"),
        ("0", 0),
        ("-0", 0),
        ("9" * 308, int("9" * 308)),
        ("-" + "9" * 308, -int("9" * 308)),
        ("1" + "0" * 308, 10**308),
        ("1.7976931348623157e308", 1.7976931348623157e308),
        ("1e-999", 0.0),
        ('{"a": 1, "A": 2}', {"a": 1, "A": 2}),
        ('[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
        ('"' + "[" * 100 + '"', "[" * 100),
        ('"\\"' + "[" * 100 + '"', '"' + "[" * 100),
    ],
    ids=_brief,
)
def test_a_sound_text_is_its_value(text: str, value: Any) -> None:
    """Text and bytes give the value, and so does the value itself, unless it is a text."""
    for payload in (text, text.encode(), bytearray(text.encode()), memoryview(text.encode())):
        assert read(payload) == (value, ())
    assert isinstance(value, str) or read(value) == (value, ())


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), inner
            )
        ),
        max_leaves=20,
    )
)
def test_what_json_writes_is_read(value: Any) -> None:
    """Every JSON value goes through a text and back."""
    assert read(json.dumps(value)) == (value, ())
    assert read(json.dumps(value, ensure_ascii=False).encode()) == (value, ())


def test_numbers_keep_their_type() -> None:
    """1 is no 1.0, and true is no 1."""
    assert [type(each) for each in read("[1, 1.0, 1e0, true]")[0]] == [int, float, float, bool]


# ---- faults of the text


@pytest.mark.parametrize(
    "text",
    ["", " ", "{", "}", "[1,]", "{'a': 1}", "nul", "True", "01", "+1", ".5", "1.", "[1 2]", '"', '"\t"', "\0",
     "{}{}", '{"a" 1}', "\ufeff{}", "// {}", "--1", "0x1", '"\\x"', "[" * 64],
)  # fmt: skip
def test_not_json(text: str) -> None:
    """A text that is no JSON has one fault, at the whole."""
    assert _faults(text) == _faults(text.encode()) == [("not-json", "")]


@pytest.mark.parametrize("data", [b"\xff", b'{"a": "\xe9"}', b'"\xed\xa0\x80"', "{}".encode("utf-16")])
def test_bytes_that_are_no_utf8(data: bytes) -> None:
    """A body is UTF-8."""
    assert _faults(data) == [("not-json", "")]


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ('{"a": 1, "a": 1}', ["/a"]),
        ('{"a": 1, "a": 2, "a": 3}', ["/a"]),
        ('{"a": 1, "b": 2, "a": 3, "b": 4}', ["/a", "/b"]),
        ('{"a": {"b": [0, {"c": 1, "c": 2}]}}', ["/a/b/1/c"]),
        ('{"a/~": 1, "a/~": 1}', ["/a~1~0"]),
        ('{"": 1, "": 1}', ["/"]),
        ('{"a": 1, "\\u0061": 2}', ["/a"]),
        ('{"a": {"x": 1, "x": 1}, "a": {"y": 1, "y": 1}}', ["/a/x", "/a", "/a/y"]),
    ],
)
def test_key_repeated(text: str, pointers: list[str]) -> None:
    """A name that stands in an object again is one fault at that name, however often it stands there."""
    assert _faults(text) == [("key-repeated", pointer) for pointer in pointers]


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ("NaN", [""]),
        ("-Infinity", [""]),
        ('{"a": [Infinity, 1, -Infinity]}', ["/a/0", "/a/2"]),
        ("[1e999, -1e999, 1E+400]", ["/0", "/1", "/2"]),
        ("1" + "0" * 309, [""]),
        ("-" + "9" * 5000, [""]),
        ("[" + "9" * 309 + "]", ["/0"]),
        ("1" + "0" * 400 + ".5", [""]),
    ],
    ids=_brief,
)
def test_number_not_finite(text: str, pointers: list[str]) -> None:
    """A number that no double holds is a fault at its place."""
    assert _faults(text) == [("number-not-finite", pointer) for pointer in pointers]


def test_the_greatest_integer() -> None:
    """An integer that rounds to the greatest double is finite, the next one up is not."""
    greatest = 2**1024 - 2**970 - 1
    assert _faults(str(greatest)) == _faults(greatest) == []
    assert _faults(str(greatest + 1)) == _faults(greatest + 1) == [("number-not-finite", "")]


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ('"\\u0000"', [""]),
        ('["\\ud800", "ok", "\\udfff\\ud800"]', ["/0", "/2"]),
        ('{"a\\u0000": 1}', ["/a\0"]),
        ('{"\\ud800": {"b": "\\u0000"}}', ["/?", "/?/b"]),
        ('{"\\udc00": 1, "\\udc00": 2}', ["/?", "/?", "/?"]),
    ],
)
def test_text_malformed(text: str, pointers: list[str]) -> None:
    """A lone surrogate or a NUL is a fault, in a value or a name; a pointer can be written all the same."""
    faults = _faults(text)
    assert [pointer for _, pointer in faults] == pointers
    assert "text-malformed" in [code for code, _ in faults]
    assert "".join(str(pointer) for _, pointer in faults).isascii()


def test_raw_surrogates_in_a_text() -> None:
    """A Python text may have lone surrogates that no bytes could."""
    assert _faults('{"a": "\ud800"}') == [("text-malformed", "/a")]


DEEP = [("too-deep", "")]
DEPTHS = {
    "64 lists": (_nested(64), []),
    "65 lists": (_nested(65), DEEP),
    "64 lists around a number": (_nested(64, "1"), []),
    "64 lists around an object": (_nested(64, "{}"), DEEP),
    "64 objects": ('{"a": ' * 64 + "1" + "}" * 64, []),
    "65 objects": ('{"a": ' * 65 + "1" + "}" * 65, DEEP),
    "65 open lists": ("[" * 65, DEEP),
    "lists side by side": ("[" + ",".join(["[]"] * 1000) + "]", []),
    "64 lists around a NUL": (_nested(64, '"\\u0000"'), [("text-malformed", "/0" * 64)]),
    "65 lists around a NUL": (_nested(65, '"\\u0000"'), DEEP),
    "brackets in a text": ('["' + "[" * 100 + '\\"{{"]', []),
    "brackets in a text beside a NUL": ('["' + "[" * 100 + '\\"{{", "\\u0000"]', [("text-malformed", "/1")]),
}


@pytest.mark.parametrize(("text", "expected"), DEPTHS.values(), ids=DEPTHS.keys())
def test_too_deep(text: str, expected: list[tuple[str, str]]) -> None:
    """64 levels are allowed, the root being the first; brackets in strings do not count."""
    assert _faults(text) == expected


def test_too_large() -> None:
    """A text over the limit is not read; the limit counts bytes and is 10 MiB unless the caller says."""
    assert (MAX_BYTES, MAX_DEPTH) == (10_485_760, 64)
    assert _faults(b'"' + b"a" * (MAX_BYTES - 2) + b'"') == []
    assert _faults(b'"' + b"a" * (MAX_BYTES - 1) + b'"') == [("too-large", "")]
    assert _faults("x" * (MAX_BYTES + 1)) == [("too-large", "")]
    assert _faults('"ž"', max_bytes=4) == []
    assert _faults('"ž"', max_bytes=3) == [("too-large", "")]
    assert _faults(b"{}", max_bytes=1) == [("too-large", "")]


def test_all_faults_in_the_order_of_the_text() -> None:
    """Faults of different kinds are found together."""
    assert _faults('{"a": NaN, "b": ["\\u0000"], "a": 1}') == [
        ("number-not-finite", "/a"),
        ("text-malformed", "/b/0"),
        ("key-repeated", "/a"),
    ]


def test_faults_describe_what_is_wrong() -> None:
    """Each fault has a sentence of ours, and the status of a bad request."""
    assert [(each.code, each.text, each.status, each.source.kind) for each in jsontext.FAULTS] == [
        ("not-json", "The text is not JSON.", 400, "ours"),
        ("key-repeated", "The same name stands twice in one object.", 400, "ours"),
        ("number-not-finite", "The number is not finite.", 400, "ours"),
        ("too-deep", "The text nests deeper than 64 levels.", 400, "ours"),
        ("too-large", "The text is too large.", 400, "ours"),
        ("text-malformed", "The text has a lone surrogate or a NUL character.", 400, "ours"),
    ]


# ---- values that were decoded elsewhere


class _Odd:
    """No JSON value."""

    def __repr__(self) -> str:
        return "odd"


class Colour(Enum):
    """No string and no number."""

    RED = "red"


class Word(StrEnum):
    """A string."""

    A = "a"


class Number(IntEnum):
    """A number."""

    ONE = 1


class Share(float):
    """A number as other packages have it."""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": {1: 2}}, [("not-json-value", "/a")]),
        (_Odd(), [("not-json-value", "")]),
        ({"a": _Odd()}, [("not-json-value", "/a")]),
        ({"a": (1, 2)}, [("not-json-value", "/a")]),
        ([{1, 2}, [date(2026, 1, 2)]], [("not-json-value", "/0"), ("not-json-value", "/1/0")]),
        (math.nan, [("number-not-finite", "")]),
        ({"a": [math.inf, -math.inf]}, [("number-not-finite", "/a/0"), ("number-not-finite", "/a/1")]),
        (10**400, [("number-not-finite", "")]),
        ({"a": "\0"}, [("text-malformed", "/a")]),
        ({"\ud800": 1}, [("text-malformed", "/?")]),
        ([["\udfff"]], [("text-malformed", "/0/0")]),
    ],
    ids=repr,
)
def test_values_have_the_faults_of_their_text(value: Any, expected: list[tuple[str, str]]) -> None:
    """A decoded value is judged as its text would have been."""
    assert _faults(value) == expected


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (date(2026, 1, 2), "date"),
        (datetime(2026, 1, 2, tzinfo=UTC), "datetime"),
        (UUID(int=1), "UUID"),
        (Decimal("1.5"), "Decimal"),
        (b"a", "bytes"),
        (type("bool", (), {"__module__": "numpy.core"})(), "numpy.bool"),
        (Colour.RED, "Colour"),
        ({1: 2}, "dict with a name of the type int"),
        ({"a": 1, None: 2}, "dict with a name of the type NoneType"),
    ],
    ids=lambda each: each if isinstance(each, str) else type(each).__name__,
)
def test_what_json_does_not_have(value: object, found: str) -> None:
    """It has a fault with its place and its type: nothing is converted."""
    assert read({"a": [value]}) == (
        UNSET,
        (
            Violation(
                "not-json-value",
                f"The value is of the type {found}, which JSON does not have.",
                pointer="/a/0",
                words={"found": found},
            ),
        ),
    )


_LEAVES = st.sampled_from(
    [
        None,
        True,
        0,
        10**308,
        10**309,
        1.5,
        math.nan,
        math.inf,
        "a",
        "\0",
        "\ud800",
        "\U0001f600",
        Word.A,
        Number.ONE,
    ]
    + [Share(0.5), Colour.RED, (1,), b"a"]
)
_NAMES_OF_VALUES = st.sampled_from(["a", "b", "\0", "\udfff", Word.A, 1, None])


@given(st.recursive(_LEAVES, lambda each: st.lists(each) | st.dictionaries(_NAMES_OF_VALUES, each)))
def test_a_value_that_is_surely_sound(value: Any) -> None:
    """It is read as it is, and no fault would be found in it."""
    value = [value]  # a text alone is read as JSON
    if is_sound(value):
        assert faults_of(value) == ()
        assert read(value) == (value, ())
        assert read(value)[0] is value
        assert repr(exact(value)) == repr(value)


@pytest.mark.parametrize("value", [{}, [], "a", None, {"a": [1, 2.5, {"b": ["x", True]}]}], ids=repr)
def test_plain_values_are_surely_sound(value: Any) -> None:
    """Nothing but the classes that a decoder makes, and no fault."""
    assert is_sound(value)


def test_depth_of_a_sound_value() -> None:
    """As deep as a text may nest."""
    assert is_sound(json.loads(_nested(MAX_DEPTH)))
    assert not is_sound(json.loads(_nested(MAX_DEPTH + 1)))


def test_strings_and_numbers_of_a_kind_of_their_own() -> None:
    """A member of an enumeration of strings is its string; any other type is handed on as it is."""
    value, faults = read({Word.A: [Word.A, Number.ONE, Share(0.5), True, None, {"b": 1}]})
    assert (value, faults) == ({"a": ["a", 1, 0.5, True, None, {"b": 1}]}, ())
    assert [type(each) for each in (*value, *value["a"][:4])] == [str, str, int, float, bool]
    plain = {"a": [1, None]}
    assert read(plain)[0] is plain


def test_a_value_that_is_too_deep() -> None:
    """A decoded value nests at most as deep as a text."""
    value: Any = []
    for _ in range(63):
        value = [value]
    assert _faults(value) == []
    assert _faults({"a": value}) == [("too-deep", "")]


def test_a_value_that_holds_itself() -> None:
    """A value without an end is too deep."""
    value: list[Any] = []
    value.append(value)
    assert _faults(value) == [("too-deep", "")]


# ---- hostile texts

HOSTILE = {
    "open brackets": "[" * 100_000,
    "nested brackets": _nested(100_000),
    "braces": '{"a":' * 100_000,
    "closing brackets": "]" * 100_000,
    "open strings": '"' * 1_000_001,
    "a string without end": '"' + "a" * 1_000_000,
    "backslashes": '"' + "\\" * 1_000_001,
    "surrogates": '"' + "\\ud800" * 150_000 + '"',
    "NULs": '"' + "\\u0000" * 150_000 + '"',
    "digits": "1" * 1_000_000,
    "digits behind the point": "0." + "1" * 1_000_000,
    "digits of an exponent": "1e" + "9" * 1_000_000,
    "digits before an exponent": "9" * 1_000_000 + "e-999999",
    "negative digits": '{"a": -' + "9" * 1_000_000 + "}",
    "numbers": "[" + "1e999," * 20_000 + "1]",
    "many names": "{" + ",".join(f'"{i}": 1' for i in range(100_000)) + "}",
    "one name": "{" + ",".join(['"a": 1'] * 100_000) + "}",
    "escaped names": "{" + ",".join(['"\\u0061": 1'] * 100_000) + "}",
    "flat lists": "[" + ",".join(["[]"] * 300_000) + "]",
    "white space": " " * 1_000_000,
    "a long text": '"' + "ž" * 1_000_000 + '"',
    "many bad texts": "[" + ",".join(['"\\u0000"'] * 20_000) + "]",
}


@contextmanager
def _untraced() -> Iterator[None]:
    """Run without coverage's tracer, which is not to be measured."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.usefixtures("uncollected")
def test_hostile_texts_are_read_in_linear_time(text: str) -> None:
    """A megabyte of anything is a value or faults within a second, and never an exception."""
    with _untraced():
        started = time.process_time()
        value, faults = read(text.encode())
        taken = time.process_time() - started
    assert taken < 1
    assert (value is UNSET) is bool(faults)


@given(st.binary() | st.text())
def test_reading_never_raises(payload: bytes | str) -> None:
    """Any bytes and any text are a value or have faults."""
    _faults(payload)


@given(st.text(alphabet='{}[]:,"\\ud80cNaIinfty0129eE+-. \0'))
def test_reading_what_looks_like_json_never_raises(payload: str) -> None:
    """Nor do near misses; a JSON value is accepted or has a fault of its own."""
    faults = _faults(payload)
    try:
        json.loads(payload)
    except ValueError:
        assert faults != []


def test_what_nests_too_deep_is_never_whole() -> None:
    """It proves nothing then."""
    text = b"[" * 65 + b"]" * 65
    value, colons = jsontext.glance(text)
    assert not jsontext.is_whole(text, value, colons)
    assert jsontext.is_whole(text[1:-1], value[0], colons)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", True),
        ("1", True),
        ('"a:b"', True),
        ('[1, [2, ":"], {"a": null}]', True),
        ('{"a": {"b:c": "d:e:f"}, "g": [{"h": "::"}, ":"]}', True),
        ('{"a": "\u00fc:"}', True),
        ('{"a": 1, "a": 1}', False),
        ('{"a": ":", "a": 1}', False),
        ('{"a": 1, "a": ":"}', False),
        ('[{"a": {"b": ":", "b": [":"]}}]', False),
        ('{"a": "\\u003a", "b": 1, "b": 1}', False),
        ('{"a": "\\n"}', False),
        ("[" * 64 + "]" * 64, True),
        ('{"a": ' * 64 + '":"' + "}" * 64, False),
    ],
    ids=_brief,
)
def test_what_a_glance_saw_is_whole(text: str, expected: bool) -> None:
    """Of text as of bytes: every colon stands behind a name that is there, or inside a string that is."""
    for payload in (text, text.encode()):
        assert jsontext.is_whole(payload, *jsontext.glance(payload)) is expected
        assert not expected or read(payload)[1] == ()


@given(
    st.recursive(
        st.none() | st.integers(-9, 9) | st.text("a:\u00fc", max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("ab:", max_size=2), inner, max_size=3)
        ),
        max_leaves=12,
    ),
    st.text("ab:", max_size=2),
)
def test_a_text_that_repeats_a_name_is_never_whole(value: Any, name: str) -> None:
    """And one that does not, without an escape, always is."""
    text = json.dumps(value, ensure_ascii=False)
    assert jsontext.is_whole(text, *jsontext.glance(text))
    for place in [at for at, letter in enumerate(text) if letter == "{"]:
        again = f'{text[: place + 1]}"{name}": 0, "{name}": ":", {text[place + 1 :]}'.replace(", }", "}")
        assert read(again)[1] != ()
        assert not jsontext.is_whole(again, *jsontext.glance(again))


@pytest.mark.parametrize("escape", ["\\u003a", "\\u003A"])
def test_a_colon_that_is_escaped_is_not_glanced_at(escape: str) -> None:
    """It would stand in the value and not in the text; a reading takes it as it is."""
    text = f'{{"a": "-04{escape}00"}}'
    assert jsontext.glance(text) == jsontext.glance(text.encode()) == (UNSET, -1)
    assert read(text) == ({"a": "-04:00"}, ())
    assert jsontext.glance(f'{{"a": "\\{escape}"}}') == (UNSET, -1)


def test_a_sound_value_is_read_once() -> None:
    """A value is itself, a text is decoded; one that a glance doubts is read strictly."""
    value = {"a": 1}
    assert jsontext.sound_value(value) is value
    assert [jsontext.sound_value(each) for each in ('{"a": 1}', b'{"a": 1}', '{"\\u0061": 1}')] == [value] * 3
    assert jsontext.sound_value(b' \n{"a": 1}\t') == value
