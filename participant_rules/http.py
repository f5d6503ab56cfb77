"""Requests and responses as plain values, and the transport that carries them; there is no server here."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from json import encoder
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, quote, unquote_to_bytes

from attrs import field, frozen

from participant_rules.violations import Violation

__all__ = [
    "AsyncTransport",
    "NoResponse",
    "Request",
    "Response",
    "Transport",
    "Unexpected",
    "from_asgi",
    "from_wsgi",
    "json_response",
    "problem",
    "target_path",
]

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"


@frozen(slots=False)  # made faster than with slots
class Request:
    """A request: method, percent-encoded path, query (a list repeats a name), headers, body bytes.

    `repeatable` says whether a second arrival does no harm; None where only the method tells.
    A repr shows the method alone: paths name people.
    """

    method: str
    path: str = field(repr=False)
    query: Mapping[str, str | Sequence[str]] = field(factory=dict, repr=False)
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    repeatable: bool | None = field(default=None, eq=False, repr=False)


@frozen(slots=False)  # made faster than with slots
class Response:
    """A response."""

    status: int
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """The value of a header; its name compares without regard to case."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)

    def json(self) -> Any:
        """The body as a JSON value; an empty body is None. Raises ValueError for any other."""
        try:
            return json.loads(self.body) if self.body else None
        except RecursionError:
            raise ValueError("the body nests too deep") from None


class NoResponse(ConnectionError):
    """There is no response: whether the server got the request, and acted on it, is not known."""


class Unexpected(Exception):
    """A response that is none of the documented ones; `response` has it, the message only its status."""

    def __init__(self, response: Response) -> None:
        super().__init__(response)
        self.response = response

    def __str__(self) -> str:
        text = f"the server answered {self.response.status}, and not in a documented form"
        lost = self.response.status in _LOST
        return f"{text}; it is not known whether it acted on the call" if lost else text


class Transport(Protocol):
    """Carries a request to a server."""

    def send(self, request: Request, /) -> Response:
        """The server's response, whatever its status; raises NoResponse when there is none.

        Path, query, headers and body arrive as they are: the path is percent-encoded already, the query is
        not, and an empty body is none. Redirects are not followed, and bodies come back byte for byte. The
        text of NoResponse has nothing of the request. Threads or tasks may share a transport.
        """
        ...


class AsyncTransport(Protocol):
    """Carries a request to a server, as a coroutine."""

    def send(self, request: Request, /) -> Awaitable[Response]:
        """The answers and the exceptions of `Transport.send`."""
        ...


def from_asgi(scope: Mapping[str, Any], body: bytes) -> Request:
    """The request of an ASGI scope; its path is taken before the server decodes it.

    An application that is mounted somewhere gets its own part of the path: what is below its `root_path`.
    """
    path, root = _origin_form(scope["path"]), scope.get("root_path", "").rstrip("/")
    if root and (path + "/").startswith(root + "/"):
        path = path.removeprefix(root)
    decoded = _origin_form(path).encode(errors="surrogatepass")
    raw = target_path((scope.get("raw_path") or b"").decode("latin-1"))
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(
        scope["method"],
        _own_part(raw, [decoded, decoded.removesuffix(b"/")], root),  # a mount of Litestar adds a slash
        _query(scope["query_string"].decode("latin-1")),
        headers,
        body,
    )


def from_wsgi(environ: Mapping[str, Any], body: bytes) -> Request:
    """The request of a WSGI environment, below the application's `SCRIPT_NAME`.

    The standard has the decoded path alone, in which `%2F` can no longer be told from `/`; gunicorn, uWSGI,
    mod_wsgi and Werkzeug also tell the path as it came.
    """
    came = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    paths = _bytes(_origin_form(environ.get("PATH_INFO", "")))
    headers = {
        name.removeprefix("HTTP_").replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    return Request(
        environ["REQUEST_METHOD"],
        _own_part(target_path(came) if came else "", paths, environ.get("SCRIPT_NAME", "")),
        _query(environ.get("QUERY_STRING", "")),
        headers,
        body,
    )


def _bytes(path: str) -> list[bytes]:
    """The bytes of a path of WSGI, likely ones first: Latin-1 by the standard, but a text once Django had it.

    Django's own server does not tell the path as it came.
    """
    text = path.encode(errors="surrogatepass")
    try:
        standard = path.encode("latin-1")
    except UnicodeEncodeError:
        return [text]
    try:
        standard.decode()
    except UnicodeDecodeError:
        return [text, standard]
    return [standard, text]


def _own_part(raw: str, paths: Sequence[bytes], root: str) -> str:
    """The end of a raw path that a decoded path was made of.

    It is all of it where the two do not belong together, and the server has taken the `root` off. Where there
    is no raw path, the decoded one is encoded again.
    """
    starts = [place for place, character in enumerate(raw) if character == "/"]
    ends = [raw[start:] for start in reversed(starts)]
    found = next((end for end in ends if unquote_to_bytes(end) in paths), None)
    if (
        found is None
    ):  # Litestar has one slash for several, and none at the end, also where they are in a name
        likely = {*map(_loose, paths)}
        found = next((end for end in ends if _loose(unquote_to_bytes(end)) in likely), None)
    if found is not None:
        return found
    within = root and unquote_to_bytes(raw).startswith(root.encode(errors="surrogatepass"))
    return raw if raw and not within else quote(paths[0], safe="/!$&'()*+,;=:@~")


def _loose(path: bytes) -> bytes:
    return _several_slashes(b"/", path).rstrip(b"/")


_several_slashes = re.compile(b"/{2,}").sub


def target_path(target: str) -> str:
    """The path of a request target: "a server MUST accept the absolute-form" (RFC 9112, 3.2.2).

    Several slashes at its beginning are one: programs put a base address that ends with one before a path.
    """
    return _origin_form(target.partition("?")[0])


def _origin_form(path: str) -> str:
    """A path, decoded or not, without scheme and host, and with one slash at its beginning."""
    if absolute := _absolute(path):
        path = path[absolute.end() :] or "/"
    return "/" + path.lstrip("/") if path.startswith("/") else path


_absolute = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?]*").match


def _query(text: str) -> dict[str, list[str]]:
    return parse_qs(text, keep_blank_values=True)


def json_response(
    status: int, value: Any, *, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """A response with a JSON body."""
    body = _as_text(value).encode("utf-8", "backslashreplace")
    return Response(status, {"Content-Type": media_type, **(headers or {})}, body)


def _encoding(make: Any) -> Callable[[Any], str]:
    """A function that writes a value as `json.dumps(value, ensure_ascii=False)` does.

    It makes its encoder once, with the function of the standard library that it is handed; `json.dumps` makes
    one for each value, at the price of a small answer.
    """
    plain = encoder.JSONEncoder(ensure_ascii=False)
    if make is None:  # an interpreter without the C accelerator
        return plain.encode
    encode = make(None, plain.default, encoder.encode_basestring, None, ": ", ", ", False, False, True)  # noqa: FBT003  its own order
    return lambda value: "".join(encode(value, 0))


_as_text: Final = _encoding(getattr(encoder, "c_make_encoder", None))


def problem(
    status: int, violations: Iterable[Violation], headers: Mapping[str, str] | None = None
) -> Response:
    """A refusal as RFC 9457 problem details, with all violations in the member `errors`."""
    errors = [
        {
            "code": each.code,
            "pointer": "#" + quote(each.pointer or "", safe="/~!$&'()*+,;=:@"),
            "detail": each.message,
        }
        for each in violations
    ]
    details = {
        "type": "about:blank",
        "title": phrase_of(status),
        "status": status,
        "errors": errors,
    }
    return json_response(status, details, media_type=PROBLEM_JSON, headers=headers)


_LOST = frozenset({502, 503, 504})  # a gateway's, which may have lost the answer


def phrase_of(status: int) -> str:
    """The phrase of a status; "Refused" for one that HTTP does not name."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Refused"
