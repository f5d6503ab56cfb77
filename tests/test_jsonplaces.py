"""Where a member stands in a JSON text."""

import json

import pytest

from participant_rules.jsonplaces import (
    Extent,
    Place,
    extent,
    find,
    look_up,
    place,
    position_of_fault,
)
from participant_rules.unset import UNSET

TEXT = """ {"a": 1, "b/~": [true,
  {"c": "é\\"}", "d": [ ]}
], "a": {}}"""


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", Place(1, 2)),
        ("/a", Place(3, 4)),
        ("/b~1~0", Place(1, 11)),
        ("/b~1~0/0", Place(1, 19)),
        ("/b~1~0/1", Place(2, 3)),
        ("/b~1~0/1/d", Place(2, 17)),
        ("/b~1~0/1/d/0", None),
        ("/b~1~0/2", None),
        ("/b~1~0/9", None),
        ("/b~1~0/x", None),
        ("/b~1~0/0/x", None),
        ("/e", None),
    ],
)
def test_members_and_elements(pointer: str, expected: Place | None) -> None:
    """A member stands where its name does, the last one of two; a missing one stands nowhere."""
    assert find(TEXT, pointer) == expected


@pytest.mark.parametrize("text", ["", "{", '{"a"', '{"a": 1', "[1", '{"a": nothing}'])
def test_what_is_no_json(text: str) -> None:
    """In a text that is no JSON nothing stands anywhere."""
    assert find(text, "/b") is None


def test_lines_and_columns() -> None:
    """Both are counted from 1."""
    assert [str(place("a\nbc\n", at)) for at in (0, 1, 2, 5)] == [
        "line 1, column 1",
        "line 1, column 2",
        "line 2, column 1",
        "line 3, column 1",
    ]


def test_the_extent_in_broken_text() -> None:
    """None where the value has no end."""
    assert extent('{"a": [1, 2', ["a"]) is None
    assert extent("[1, 2", []) is None
    assert extent('{"a": [1, 2]}', ["a"]) == Extent(1, 6, 12)


@pytest.mark.parametrize(
    "failure",
    [
        json.JSONDecodeError("Expecting property name enclosed in double quotes", '{"a": 1, }', 9),
        json.JSONDecodeError("Illegal trailing comma before end of object", '{"a": 1, }', 7),
    ],
    ids=["Python 3.12", "Python 3.13"],
)
def test_a_trailing_comma(failure: json.JSONDecodeError) -> None:
    """The fault stands behind it, on every version of Python."""
    assert position_of_fault(failure) == 9


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", {"a": [1, {"b/~": None}], "1": "x"}),
        ("/a/0", 1),
        ("/a/1/b~1~0", None),
        ("/1", "x"),
        ("/a/2", UNSET),
        ("/a/²", UNSET),
        ("/a/0/b", UNSET),
        ("/b", UNSET),
    ],
)
def test_the_value_at_a_pointer(pointer: str, expected: object) -> None:
    """A member by its name, an element by its position."""
    assert look_up({"a": [1, {"b/~": None}], "1": "x"}, pointer) == expected
