"""The contract of `participant_rules.http.Transport`, as tests that a transport's own tests inherit.

They speak to a server in this process, which says what it got or answers what it is asked to.
"""

import base64
import inspect
import json
import socket
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import pytest

from participant_rules.http import NoResponse, Request, Response
from participant_rules.testing.harness import Harness

__all__ = ["TransportContract"]

SECRET: Final = "c0ntract-s3cret"
BYTES: Final = bytes(range(256)) * 8


class _Handler(BaseHTTPRequestHandler):
    """Answers 200 with the request; under /status/{n}/ with that status; under /gone nothing."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/gone"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        status, answer = 200, json.dumps(self._got(body)).encode()
        if self.path.startswith("/status/"):
            status, answer = int(self.path.split("/")[2]), b"" if "empty" in self.path else BYTES
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("X-Answer", "here")
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815  http.server's names

    def _got(self, body: bytes) -> dict[str, Any]:
        target = urlsplit(self.path)
        return {
            "method": self.command,
            "path": target.path,
            "query": parse_qsl(target.query, keep_blank_values=True),
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": base64.b64encode(body).decode(),
        }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  http.server's name
        """Log nothing."""


class TransportContract(Harness):
    """The contract of `Transport`, and of its async twin.

    class TestMyTransport(TransportContract):
        def connect(self, base_url):
            return MyTransport(base_url)
    """

    def connect(self, base_url: str) -> Any:
        """A transport to the server at a base address; it may be a coroutine's."""
        raise NotImplementedError

    def make(self, _definitions: list[dict[str, Any]]) -> Any:
        """A transport to the server of this suite."""
        return self.connect(self._base_url)

    @pytest.fixture(autouse=True)
    def _server(self) -> Iterator[None]:
        """The server, while the test lasts."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.daemon_threads = True
        self._base_url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=partial(server.serve_forever, poll_interval=0.01))
        thread.start()
        yield
        server.shutdown()
        thread.join()
        server.server_close()

    @pytest.fixture
    def transport(self, _loop: None, _server: None) -> Any:
        """The transport under test."""
        return self.filled([])

    def send(self, transport: Any, request: Request) -> Response:
        """The transport's answer."""
        response = self.ask(transport.send(request))
        assert isinstance(response, Response)
        return response

    def got(self, transport: Any, request: Request) -> dict[str, Any]:
        """The request that the server got."""
        answer: dict[str, Any] = self.send(transport, request).json()
        return answer

    @pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
    def test_method_and_body_arrive(self, transport: Any, method: str) -> None:
        """The body byte for byte, and none where there is none."""
        for body in (b"", b'{"a": "\xc3\xa9"}', BYTES, b"x" * 1_000_000):
            got = self.got(transport, Request(method, "/x", body=body))
            assert (got["method"], base64.b64decode(got["body"])) == (method, body)

    @pytest.mark.parametrize(
        "path",
        ["/", "/a/b", "/surveys/S%2F1/participants/a%20b", "/%C3%A9/%25/%3F%23/null", "/a%2fb/a+b/a:b@c"],
    )
    def test_the_path_arrives_as_it_is(self, transport: Any, path: str) -> None:
        """It is percent-encoded already."""
        assert self.got(transport, Request("GET", path))["path"] == path

    def test_the_query_arrives(self, transport: Any) -> None:
        """Encoded on the way; a list repeats its name."""
        query = {"query": "a b&c=d+é%", "customField.x y": ["1", "2"], "empty": ""}
        expected = [
            ["query", "a b&c=d+é%"],
            ["customField.x y", "1"],
            ["customField.x y", "2"],
            ["empty", ""],
        ]
        assert self.got(transport, Request("GET", "/x", query))["query"] == expected
        assert self.got(transport, Request("GET", "/x"))["query"] == []

    def test_headers_arrive(self, transport: Any) -> None:
        """All that are given."""
        headers = {"X-API-KEY": SECRET, "Content-Type": "application/json", "X-Version": "2.0"}
        got = self.got(transport, Request("PUT", "/x", headers=headers, body=b"{}"))["headers"]
        assert {name: got[name.lower()] for name in headers} == headers

    @pytest.mark.parametrize("status", [200, 201, 204, 302, 400, 401, 404, 405, 409, 429, 500, 503])
    def test_every_status_is_a_response(self, transport: Any, status: int) -> None:
        """None is an exception, and no redirect is followed; the body comes back byte for byte."""
        bodiless = "empty" if status == 204 else "full"
        response = self.send(transport, Request("POST", f"/status/{status}/{bodiless}", body=b"{}"))
        assert (response.status, response.body) == (status, b"" if bodiless == "empty" else BYTES)
        assert response.header("x-answer") == "here"

    def test_without_a_response_it_says_so(self, transport: Any) -> None:
        """The server hangs up, or there is none; secrets are not in the message."""
        headers = {"Authorization": f"Bearer {SECRET}"}
        with pytest.raises(NoResponse) as failure:
            self.send(transport, Request("POST", f"/gone/{SECRET}", headers=headers, body=b"{}"))
        assert SECRET not in str(failure.value)
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = f"http://127.0.0.1:{free.getsockname()[1]}"
        nowhere = self.ask(self.connect(address))
        self._stores.append(nowhere)
        with pytest.raises(NoResponse):
            self.send(nowhere, Request("POST", "/x", body=b"{}"))

    def test_several_at_once_get_their_own_answers(self, transport: Any) -> None:
        """Threads or tasks may share a transport."""
        requests = [Request("PUT", f"/{number}", body=b"%d" % number) for number in range(8)]
        calls = [partial(transport.send, each) for each in requests]
        asynchronous = inspect.iscoroutinefunction(transport.send)
        answers = [each.json() for each in self.race(calls, asynchronous=asynchronous)]
        assert [each["path"] for each in answers] == [each.path for each in requests]
