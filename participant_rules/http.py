"""Requests and responses as plain values, and the transport that carries them; there is no server here."""

import json
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import quote

from attrs import field, frozen

from participant_rules.violations import Violation

__all__ = ["Request", "Response", "Transport", "json_response", "problem"]

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"


@frozen
class Request:
    """What a client sends: method, percent-encoded path, query (a list repeats a name), headers, body bytes.

    A repr shows the method alone: paths name people.
    """

    method: str
    path: str = field(repr=False)
    query: Mapping[str, str | Sequence[str]] = field(factory=dict, repr=False)
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@frozen
class Response:
    """What a server answers."""

    status: int
    headers: Mapping[str, str] = field(factory=dict)
    body: bytes = field(default=b"", repr=False)

    def json(self) -> Any:
        """The body as a JSON value; an empty body is None. Raises ValueError when it is no JSON."""
        return json.loads(self.body) if self.body else None


class Transport(Protocol):
    """Carries a request to a server."""

    def send(self, request: Request) -> Response | Awaitable[Response]:
        """The server's response, whatever its status; raises only when there is none."""
        ...


def json_response(
    status: int, value: Any, *, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """A response with a JSON body."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(status, {"Content-Type": media_type, **(headers or {})}, body)


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
        "title": _TITLES.get(status, "Refused"),
        "status": status,
        "errors": errors,
    }
    return json_response(status, details, media_type=PROBLEM_JSON, headers=headers)


_TITLES = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed"}
