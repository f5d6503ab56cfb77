"""The fast readers of JSON against the slow one, on sound texts and on odd ones."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from participant_rules import jsontext
from participant_rules.jsontext import slow
from participant_rules.unset import UNSET

WHITE = st.sampled_from(["", "", "", " ", "\n", "\t ", "\r\n", "\xa0", "\x0b"])
LITERALS = st.sampled_from(
    [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1.5",
        "1e999",
        "-1e999",
        "NaN",
        "Infinity",
        "1" * 400,
        "01",
        "+1",
        "nul",
    ]
)
CHARACTERS = st.sampled_from(
    [
        "a",
        "b",
        ":",
        "ü",
        "田",
        "😀",
        r"\u0000",
        r"\ud83d\ude00",
        r"\ud800",
        r"\u0061",
        r"\\u0000",
        r"\"",
        "\\",
        "\n",
    ]
)
STRINGS = st.lists(CHARACTERS, max_size=4).map(lambda characters: '"' + "".join(characters) + '"')


def lists_of(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The texts of lists."""
    return st.builds(
        lambda each, white: "[" + white + ",".join(each) + white + "]", st.lists(values, max_size=3), WHITE
    )


def objects_of(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The texts of objects, in which names may stand twice."""
    members = st.builds(
        lambda name, before, after, value: name + before + ":" + after + value, STRINGS, WHITE, WHITE, values
    )
    return st.lists(members, max_size=3).map(lambda each: "{" + ",".join(each) + "}")


TEXTS = st.builds(
    lambda before, value, after: before + value + after,
    WHITE,
    st.recursive(STRINGS | LITERALS, lambda inner: lists_of(inner) | objects_of(inner), max_leaves=8),
    WHITE | st.sampled_from(["}", "]", ",", "x"]),
)


@given(TEXTS | st.text(max_size=20))
@example("[" * 64 + "]" * 64)
@example("[" * 65 + "]" * 65)
@example('{"a":' * 64 + "[]" + "}" * 64)
@example('{"a": 1, "\\u0061": 2}')
@example('"\ud800"')
@example("\ufeff1")
def test_the_fast_reader_reads_like_the_slow_one(text: str) -> None:
    """The same value, or the same faults; of text as of bytes."""
    twin = slow.decode(text)
    assert same(jsontext.read(text), twin)
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        return
    assert same(jsontext.read(encoded), twin)


@given(TEXTS)
@example('{"a": 1, "a": 2}')
@example('{"a" :1, "a":2}')
@example('{"a": ":", "a": 1}')
@example('{"a":{"b":1,"b":2},"c":3}')
def test_a_glance_whose_names_are_all_counted_is_a_reading(text: str) -> None:
    """Where the members of the value are as many as the glance says, the text has no fault."""
    for payload in (text, text.encode("utf-8", "surrogatepass")):
        value, names = jsontext.glance(payload)
        assert (value is UNSET) is (names < 0)
        if names == count_names(value):
            assert same((value, ()), jsontext.read(payload))


def test_a_glance_is_no_look_at_depth_or_at_other_values() -> None:
    """It answers for texts, as the caller must know."""
    assert jsontext.glance("[" * 65 + "]" * 65)[1] == 0
    assert jsontext.glance({"a": 1}) == (UNSET, -1)
    assert jsontext.glance(b'"' + b"x" * jsontext.MAX_BYTES + b'"') == (UNSET, -1)


def same(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    """Whether two readings say the same; true is not 1 here."""
    if one[1] or other[1]:
        return bool(one[1] == other[1])
    return bool(json.dumps(one[0]) == json.dumps(other[0]))


def count_names(value: object) -> int:
    """The number of names in all objects of a value."""
    if isinstance(value, dict):
        return len(value) + sum(map(count_names, value.values()))
    return sum(map(count_names, value)) if isinstance(value, list) else 0
