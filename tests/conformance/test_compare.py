"""The expected answer is compared with the real one."""

from typing import Any

import pytest

from participant_rules.conformance.compare import compare_response, compare_violations, compare_warnings, same
from participant_rules.http import Response, json_response
from participant_rules.violations import Severity, Violation

WRONG = Violation("wrong-type", "The value must be a string.", pointer="/a")
ODD = Violation("unknown-field", "Not documented.", pointer="/b", severity=Severity.WARNING)


@pytest.mark.parametrize(
    ("expected", "differences"),
    [
        ([["wrong-type", "/a"]], []),
        ([["wrong-type", "/a", "The value must be a string."]], []),
        (
            [["wrong-type", "/a", "Another."]],
            [
                "expected the violation ['wrong-type', '/a', 'Another.']",
                "did not expect the violation ['wrong-type', '/a', 'The value must be a string.']",
            ],
        ),
        ([], ["did not expect the violation ['wrong-type', '/a']"]),
        ([["wrong-type", "/a"], ["wrong-type", "/a"]], ["expected the violation ['wrong-type', '/a']"]),
    ],
)
def test_violations_are_exactly_those(expected: list[list[str]], differences: list[str]) -> None:
    """Errors are exactly the expected ones, each once; warnings are not looked at."""
    assert list(compare_violations(expected, [ODD, WRONG])) == differences


def test_warnings_are_at_least_those() -> None:
    """An expected warning is there; others may be."""
    assert list(compare_warnings([], [ODD])) == []
    assert list(compare_warnings([["unknown-field", "/b"]], [ODD])) == []
    assert list(compare_warnings([["unknown-field", "/b", "Not documented."]], [ODD])) == []
    assert list(compare_warnings([["wrong-type", "/a"]], [WRONG])) == [
        "expected the warning ['wrong-type', '/a']"
    ]


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, True, False),
        (0, False, False),
        (1, 1.0, True),
        (None, None, True),
        ({"a": [1]}, {"a": [1]}, True),
        ({"a": [1]}, {"a": [True]}, False),
        ([1], [1, 2], False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({}, [], False),
    ],
)
def test_json_values_are_the_same(one: Any, other: Any, equal: bool) -> None:
    """Values are equal as JSON: true is no number."""
    assert same(one, other) is equal
    assert same(other, one) is equal


BODY = {"a": {"b": [1, 2]}, "c": None}


@pytest.mark.parametrize(
    ("expected", "differences"),
    [
        ({"status": 200}, []),
        ({"status": 400}, ["expected status 400, came 200"]),
        ({"status": 200, "body": BODY}, []),
        ({"status": 200, "body": {}}, ['expected body {}, came {"a": {"b": [1, 2]}, "c": null}']),
        ({"status": 200, "contains": {"a": {"b": [1]}, "c": None}}, []),
        ({"status": 200, "contains": {"a": {"b": [2]}}}, ["expected 2 at /a/b/0, came 1"]),
        ({"status": 200, "contains": {"a": {"b": [1, 2, 3]}}}, ["expected [1, 2, 3] at /a/b, came [1, 2]"]),
        ({"status": 200, "contains": {"d": 1}}, ["expected 1 at /d, came nothing"]),
        ({"status": 200, "contains": {"d": {}}}, ["expected {} at /d, came nothing"]),
        ({"status": 200, "present": ["", "/c", "/a/b/1"], "absent": ["/d", "/a/b/2", "/c/x"]}, []),
        ({"status": 200, "present": ["/d"]}, ["expected a member at /d"]),
        ({"status": 200, "absent": ["/c"]}, ["did not expect a member at /c"]),
        ({"status": 200, "headers": {"ALLOW": "GET"}}, []),
        ({"status": 200, "headers": {"Allow": "PUT"}}, ["expected the header Allow: PUT, came GET"]),
    ],
)
def test_response(expected: dict[str, Any], differences: list[str]) -> None:
    """A response is compared as far as something is expected of it."""
    assert list(compare_response(expected, json_response(200, BODY, headers={"allow": "GET"}))) == differences


def test_an_empty_body_is_null() -> None:
    """No bytes compare as null, and a body that is no JSON is named."""
    assert list(compare_response({"status": 200, "body": None}, Response(200))) == []
    assert list(compare_response({"status": 200}, Response(200, {}, b"<"))) == ["the body is no JSON"]


def test_escaped_pointers() -> None:
    """Names with a slash or a tilde are found by their escapes."""
    response = json_response(200, {"a/b": {"c~d": 1}})
    assert list(compare_response({"status": 200, "present": ["/a~1b/c~0d"]}, response)) == []
