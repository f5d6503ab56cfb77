"""Paths, methods and query parameters."""

from collections.abc import Mapping, Sequence

import pytest

from participant_rules import UNSET
from participant_rules.routes import (
    Endpoint,
    NoEndpoint,
    Routes,
    boolean_parameter,
    integer_parameter,
    parameter,
)

ROUTES = Routes(
    {"/shelves/{}/books": {"GET": "list", "POST": "add"}, "/shelves/{}/books/{}": {"GET": "read"}}
)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/shelves/A/books", Endpoint("list", ("A",))),
        ("POST", "/shelves/A/books", Endpoint("add", ("A",))),
        ("GET", "/shelves/A/books/1", Endpoint("read", ("A", "1"))),
        ("GET", "/shelves/a%2Fb/books/%7B%7D", Endpoint("read", ("a/b", "{}"))),
        ("GET", "/shelves/{}/books/+", Endpoint("read", ("{}", "+"))),
        ("GET", "/shelves/%C5%BE/books/%25", Endpoint("read", ("ž", "%"))),
        ("GET", "/shelves/%FF/books/%", Endpoint("read", ("\ufffd", "%"))),
    ],
)
def test_documented_calls(method: str, path: str, expected: Endpoint[str]) -> None:
    """A path's names are decoded once each, after the path was split."""
    assert ROUTES.find(method, path) == expected


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "shelves/A/books",
        "/shelves/A/books/",
        "/shelves//books",
        "/shelves/A/books/1/x",
        "/shelves/A/boxes",
    ],
)
def test_endpoint_unknown(path: str) -> None:
    """Every other path is unknown, with no methods to allow."""
    found = ROUTES.find("GET", path)
    assert isinstance(found, NoEndpoint)
    assert (found.violation.code, found.violation.status, found.violation.pointer) == (
        "endpoint-unknown",
        404,
        "",
    )
    assert (found.allow, found.headers) == ((), {})


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/shelves/A/books", "GET, POST"),
        ("get", "/shelves/A/books/1", "GET"),
        ("", "/shelves/A/books/1", "GET"),
    ],
)
def test_method_not_allowed(method: str, path: str, allow: str) -> None:
    """The answer to a method that a path does not have lists the path's methods."""
    found = ROUTES.find(method, path)
    assert isinstance(found, NoEndpoint)
    assert (found.violation.code, found.violation.status) == ("method-not-allowed", 405)
    assert found.headers == {"Allow": allow}


@pytest.mark.parametrize(
    ("names", "path"),
    [
        (("A", "1"), "/shelves/A/books/1"),
        (("a/b", "50% + ž?#"), "/shelves/a%2Fb/books/50%25%20%2B%20%C5%BE%3F%23"),
        ((".", ".."), "/shelves/%2E/books/%2E%2E"),
        (("...", "a.b"), "/shelves/.../books/a.b"),
        (("{}", "kim@example.com"), "/shelves/%7B%7D/books/kim%40example.com"),
    ],
)
def test_locate(names: tuple[str, ...], path: str) -> None:
    """A call with these names has this path, and the path is found to be that call."""
    assert ROUTES.locate("read", *names) == ("GET", path)
    assert ROUTES.find("GET", path) == Endpoint("read", names)


def test_locate_without_a_name() -> None:
    """Without a name the path would be another call's."""
    assert ROUTES.locate("add", "A") == ("POST", "/shelves/A/books")
    assert ROUTES.locate("add", "A", UNSET) == ("POST", "/shelves/A/books")
    with pytest.raises(ValueError, match="a name in a path cannot be empty"):
        ROUTES.locate("read", "A", "")


def test_template() -> None:
    """A path's template is the path without names."""
    paths = ("/shelves/A/books", "/shelves/A/books/1", "/shelves/A")
    assert [ROUTES.template(path) for path in paths] == ["/shelves/{}/books", "/shelves/{}/books/{}", None]


def test_the_names_of_an_endpoint() -> None:
    """A path with fewer names has none at the later positions."""
    endpoint = Endpoint("list", ("A",))
    assert [endpoint.name(position) for position in range(3)] == ["A", UNSET, UNSET]


Query = Mapping[str, str | Sequence[str]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, None),
        ({"other": "1"}, None),
        ({"pageSize": "1"}, "1"),
        ({"PAGESIZE": "1"}, "1"),
        ({"pageSize": ["1", "2"]}, "2"),
        ({"pageSize": []}, None),
        ({"pageSize": "1", "pagesize": "2"}, "2"),
        ({"pageSize": "1", "pagesize": []}, "1"),
        ({"pageSize": ""}, ""),
    ],
)
def test_parameter(query: Query, expected: str | None) -> None:
    """A parameter's name compares without regard to case; of several values the last one counts."""
    assert parameter(query, "pageSize") == expected


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), ("0", 0), ("007", 7), ("10", 10), ("9", 9), (None, 4)]
)
def test_integer_parameter(text: str | None, number: int) -> None:
    """A whole number within the bounds, or the default where there is none."""
    query: Query = {} if text is None else {"size": text}
    assert integer_parameter(query, "size", default=4, most=10) == (number, ())


@pytest.mark.parametrize(
    "text", ["", "-1", "11", "1.0", " 1", "1 ", "+1", "1e1", "x", "٣", "²", "1" * 19, "1_0"]
)
def test_integer_parameter_malformed(text: str) -> None:
    """Anything else is a violation at the parameter's documented name, and the default."""
    number, faults = integer_parameter({"SIZE": text}, "size", default=4, most=10)
    assert number == 4
    assert [(each.code, each.pointer, each.message, each.status) for each in faults] == [
        ("parameter-malformed", "/size", "The query parameter must be a whole number from 0 to 10.", 400)
    ]


def test_integer_parameter_without_a_greatest() -> None:
    """A number may have no upper bound, and says so."""
    assert integer_parameter({"n": "9" * 18}, "n", default=1, least=1) == (int("9" * 18), ())
    _, faults = integer_parameter({"n": "0"}, "n", default=1, least=1)
    assert [each.message for each in faults] == ["The query parameter must be a whole number from 1."]


@pytest.mark.parametrize(
    ("query", "value"), [({}, True), ({"Deep": "TRUE"}, True), ({"deep": "False"}, False)], ids=str
)
def test_boolean_parameter(query: dict[str, str], value: bool) -> None:
    """In any case; the default where it is left out."""
    assert boolean_parameter(query, "deep", default=True) == (value, ())


@pytest.mark.parametrize("text", ["", "1", "yes", "true "])
def test_boolean_parameter_malformed(text: str) -> None:
    """The default, and a violation that names the parameter."""
    value, faults = boolean_parameter({"deep": text}, "deep")
    assert (value, [(each.pointer, each.message) for each in faults]) == (
        False,
        [("/deep", "The query parameter must be true or false.")],
    )


def test_the_latest_paths_are_remembered_and_no_more() -> None:
    """Whatever paths are asked for, few are kept, and a very long one is not."""
    routes = Routes({"/a/{}": {"GET": "read"}})
    for number in range(1000):
        assert routes.find("GET", f"/a/{number}") == Endpoint("read", (str(number),))
    assert routes.find("GET", "/a/999") is routes.find("GET", "/a/999")
    assert len(_kept(routes)) <= 64
    long = "/a/" + "x" * 300
    assert routes.find("GET", long) == Endpoint("read", ("x" * 300,))
    assert ("GET", long) not in _kept(routes)


def _kept(routes: Routes[str]) -> dict[tuple[str, str], object]:
    """The paths that are remembered."""
    return {**routes._found}
