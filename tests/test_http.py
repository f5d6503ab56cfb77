"""Requests and responses as plain values."""

import json

import pytest

from participant_rules import Violation
from participant_rules.http import (
    Request,
    Response,
    Unexpected,
    _encoding,
    from_asgi,
    from_wsgi,
    json_response,
    problem,
    target_path,
)


def test_a_request_needs_method_and_path() -> None:
    """Query, headers and body are empty where they are left out."""
    request = Request("GET", "/surveys/S1/participants")
    assert (request.query, request.headers, request.body) == ({}, {}, b"")
    assert request == Request("GET", "/surveys/S1/participants", {}, {}, b"")


def test_the_repr_of_a_request_shows_the_method_alone() -> None:
    """Paths, queries, headers and bodies name people and keys."""
    request = Request("PUT", "/robin", {"query": "robin"}, {"X-API-KEY": "robin"}, b"robin")
    assert repr(request) == "Request(method='PUT')"


def test_the_repr_of_a_response_shows_the_status_alone() -> None:
    """A body is personal data, and a header may be."""
    assert repr(Response(200, {"Location": "/robin"}, b"robin")) == "Response(status=200)"


def test_json_of_a_body() -> None:
    """A body is read as JSON; an empty one is None."""
    assert Response(200, body=b'{"a": [1, null]}').json() == {"a": [1, None]}
    assert Response(200).json() is None
    with pytest.raises(ValueError, match="Expecting"):
        Response(200, body=b"<html>").json()
    with pytest.raises(ValueError, match="the body nests too deep"):
        Response(200, body=b"[" * 100_000).json()


def test_json_response() -> None:
    """A JSON response says so, in UTF-8, with further headers where there are any."""
    assert json_response(201, {"name": "žofie"}, headers={"X-A": "1"}) == Response(
        201, {"Content-Type": "application/json", "X-A": "1"}, '{"name": "žofie"}'.encode()
    )
    assert json_response(200, []).headers == {"Content-Type": "application/json"}


def test_json_response_writes_lone_surrogates_as_escapes() -> None:
    """A text that UTF-8 cannot carry is still valid JSON."""
    response = json_response(200, {"name": "\ud800"})
    assert response.body == b'{"name": "\\ud800"}'
    assert response.json() == {"name": "\ud800"}


def test_problem() -> None:
    """A refusal as problem details has all violations, with pointers in fragment form."""
    violations = [
        Violation("email-malformed", "Not an address.", pointer="/demographics/email", status=404),
        Violation("unknown", "No field.", pointer="/customFields/a b~1ž%"),
        Violation("heard", "A sentence.", pointer=None),
    ]
    response = problem(404, violations, {"X-A": "1"})
    assert (response.status, response.headers) == (
        404,
        {"Content-Type": "application/problem+json", "X-A": "1"},
    )
    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "errors": [
            {"code": "email-malformed", "pointer": "#/demographics/email", "detail": "Not an address."},
            {"code": "unknown", "pointer": "#/customFields/a%20b~1%C5%BE%25", "detail": "No field."},
            {"code": "heard", "pointer": "#", "detail": "A sentence."},
        ],
    }


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (400, "Bad Request"),
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (404, "Not Found"),
        (405, "Method Not Allowed"),
        (409, "Conflict"),
        (499, "Refused"),
        (429, "Too Many Requests"),
    ],
)
def test_problem_titles(status: int, title: str) -> None:
    """The title is the status's phrase."""
    assert problem(status, []).json() == {
        "type": "about:blank",
        "title": title,
        "status": status,
        "errors": [],
    }


def test_header() -> None:
    """The name of a header compares without regard to case."""
    assert Response(200, {"Retry-After": "1"}).header("retry-after") == "1"
    assert Response(200).header("Retry-After") is None


def test_unexpected_shows_the_status_alone() -> None:
    """A body is personal data."""
    unexpected = Unexpected(Response(500, body=b"robin"))
    assert str(unexpected) == "the server answered 500, and not in a documented form"
    assert "robin" not in repr(unexpected)


def test_the_request_of_an_asgi_scope() -> None:
    """With the path as it came, and repeated parameters."""
    scope = {
        "method": "PUT",
        "path": "/a/b c",
        "raw_path": b"/a%2Fb%20c",
        "query_string": b"x=1&X=&x=%C5%BE",
        "headers": [(b"x-a", "é".encode("latin-1"))],
    }
    query = {"x": ["1", "ž"], "X": [""]}
    assert from_asgi(scope, b"{}") == Request("PUT", "/a%2Fb%20c", query, {"x-a": "é"}, b"{}")
    assert from_asgi({**scope, "raw_path": None}, b"").path == "/a/b%20c"
    assert from_asgi({**scope, "raw_path": b"http://host:1//a%2Fb"}, b"").path == "/a%2Fb"


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a/b", "/a/b"),
        ("/a//b/", "/a//b/"),
        ("//a/b", "/a/b"),
        ("///", "/"),
        ("/a?b=//c", "/a"),
        ("http://host:1/a%2F/b?c", "/a%2F/b"),
        ("HTTPS://[::1]//a", "/a"),
        ("http://host", "/"),
        ("http://host?x", "/"),
        ("/http://host/a", "/http://host/a"),
        ("*", "*"),
        ("a/b", "a/b"),
        ("", ""),
    ],
)
def test_the_path_of_a_target(target: str, path: str) -> None:
    """Also of a whole address; only at its beginning several slashes are one."""
    assert target_path(target) == path


@pytest.mark.parametrize(
    ("root", "path", "raw", "own"),
    [
        ("", "/a/b", b"/a%2Fb", "/a%2Fb"),
        ("/app", "/app/a/b", b"/app/a%2Fb", "/a%2Fb"),  # as uvicorn and Starlette have it
        ("/app/", "/app/a/b", b"/app/a%2Fb", "/a%2Fb"),
        ("/app", "/a/b", b"/app/a%2Fb", "/a%2Fb"),  # as the standard of WSGI has it
        ("/app", "/a/b", b"/a%2Fb", "/a%2Fb"),
        ("", "/a/b", b"/app/a%2Fb", "/a%2Fb"),  # as Litestar has it
        ("", "/a/", b"/app/a", "/a"),
        ("", "/a/b/c", b"/app/a/%2Fb%2F%2Fc%2F", "/a/%2Fb%2F%2Fc%2F"),  # as Litestar has such names
        ("", "/a/", b"/app/a/", "/a/"),
        ("", "/\ufffd", b"/%FF", "/%FF"),
        ("/app", "/apple/b", b"/apple%2Fb", "/apple%2Fb"),
        ("/a b", "/a b/ž", b"/a%20b/%C5%BE", "/%C5%BE"),
        ("/app", "/app/a", None, "/a"),
        ("/app", "/app", b"/app", ""),
        ("/app", "/app//a/b", b"/app//a%2Fb", "/a%2Fb"),
        ("/app", "//app/a/b", b"//app/a%2Fb", "/a%2Fb"),
        ("/app", "http://host/app/a?b", b"http://host/app/a%3Fb", "/a%3Fb"),  # as h11 has it
        ("/app", "/app/\ufffd", b"/app/%FF", "/%EF%BF%BD"),
    ],
)
def test_an_application_that_is_mounted(root: str, path: str, raw: bytes | None, own: str) -> None:
    """It gets the part of the path below its mount, as it came."""
    scope = {"method": "GET", "root_path": root, "path": path, "raw_path": raw}
    assert from_asgi({**scope, "query_string": b"", "headers": []}, b"").path == own


@pytest.mark.parametrize(
    ("shown", "path"),
    [
        ({"RAW_URI": "/a%2Fb%20c?x=1"}, "/a%2Fb%20c"),
        ({"REQUEST_URI": "http://example.com/a%2Fb%20c?x=1"}, "/a%2Fb%20c"),
        ({"RAW_URI": "//a%2Fb%20c?x=1"}, "/a%2Fb%20c"),
        ({"RAW_URI": "/app/a%2Fb%20c%25?x=1"}, "/a%2Fb%20c%25"),
        ({"RAW_URI": "//app//a%2Fb%20c%25?x=1"}, "/a%2Fb%20c%25"),
        ({"RAW_URI": "http://host:1/app/a%2Fb%20c%25?x=1"}, "/a%2Fb%20c%25"),
        ({"RAW_URI": "/app/%61/b%20c"}, "/a/b%20c%25"),
        ({"RAW_URI": "/app/%C3%A9", "PATH_INFO": "/\xc3\xa9"}, "/%C3%A9"),
        ({"RAW_URI": "/app/%C3%A9", "PATH_INFO": "/\xe9"}, "/%C3%A9"),  # as Django has it
        ({"RAW_URI": "/app/%C5%BE", "PATH_INFO": "/\u017e"}, "/%C5%BE"),
        ({"PATH_INFO": "//a/b"}, "/a/b"),
        ({}, "/a/b%20c%25"),
    ],
)
def test_the_request_of_a_wsgi_environment(shown: dict[str, str], path: str) -> None:
    """With the path as it came, where the server gives it."""
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "/app",
        "PATH_INFO": "/a/b c%",
        "QUERY_STRING": "x=1&x=2",
        "CONTENT_TYPE": "application/json",
        "HTTP_X_API_KEY": "k",
        **shown,
    }
    headers = {"CONTENT-TYPE": "application/json", "X-API-KEY": "k"}
    assert from_wsgi(environ, b"") == Request("GET", path, {"x": ["1", "2"]}, headers)
    assert from_wsgi({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, b"").query == {}


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ("/\xc3\xbc", "/%C3%BC"),  # by the standard
        ("/\xfc", "/%C3%BC"),  # as Django has it
        ("/\u017e", "/%C5%BE"),
        ("/\udc80", "/%ED%B2%80"),
    ],
)
def test_letters_in_a_path_that_is_told_decoded(told: str, path: str) -> None:
    """They are found again, whichever way the environment has them."""
    assert from_wsgi({"REQUEST_METHOD": "GET", "PATH_INFO": told}, b"").path == path


@pytest.mark.parametrize("make", [getattr(json.encoder, "c_make_encoder", None), None])
@pytest.mark.parametrize(
    "value",
    [{}, [], None, True, 1.5, "ž\n\u2028", {"a": [1, {"b": None}], "č": "\ud800"}, [{}, {"": ""}]],
)
def test_values_are_written_as_by_json_dumps(make: object, value: object) -> None:
    """With the C accelerator and without it, byte for byte."""
    assert _encoding(make)(value) == json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("make", [getattr(json.encoder, "c_make_encoder", None), None])
def test_a_value_that_is_no_json_leaves_nothing_behind(make: object) -> None:
    """An object written before the failure is not taken for a circle the next time."""
    write, inner = _encoding(make), {"a": {1}}
    for _ in range(2):
        with pytest.raises(TypeError, match="set"):
            write({"b": inner})
