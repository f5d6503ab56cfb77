"""Transports over HTTP, against handlers in the same process."""

import asyncio
import logging
from collections.abc import Callable, Iterator

import httpx
import pytest

from participant_rules.adapters.httpx import AsyncHttpxTransport, HttpxTransport
from participant_rules.http import NoResponse, Request, Response
from participant_rules.sending import RateLimit, Retry

Handler = Callable[[httpx.Request], httpx.Response]
Send = Callable[[Request], Response]

BASE = "http://robin:hunter2@127.0.0.1:1/base/"


def sync_send(handler: Handler, **options: object) -> Send:
    """The `send` of a sync transport."""
    client = httpx.Client(transport=httpx.MockTransport(handler), follow_redirects=True)
    return HttpxTransport(BASE, client, sleep=lambda _: None, **options).send  # type: ignore[arg-type]  # by name


def async_send(handler: Handler, **options: object) -> Send:
    """The `send` of an async transport, waited for."""

    async def send(request: Request) -> Response:
        client = httpx.AsyncClient(transport=httpx.MockTransport(handler), follow_redirects=True)
        async with AsyncHttpxTransport(BASE, client, sleep=rest, **options) as transport:  # type: ignore[arg-type]
            return await transport.send(request)

    async def rest(_: float) -> None:
        pass

    return lambda request: asyncio.run(send(request))


@pytest.fixture(params=[sync_send, async_send])
def make(request: pytest.FixtureRequest) -> Callable[..., Send]:
    """Either transport."""
    made: Callable[..., Send] = request.param
    return made


def echo(request: httpx.Request) -> httpx.Response:
    """The request that came."""
    seen = {"target": request.extensions.get("target", request.url.raw_path), "body": request.content}
    headers = {name: request.headers.get(name, "-") for name in ("content-type", "x-a")}
    return httpx.Response(201, headers=headers, content=repr(seen).encode())


def test_everything_arrives_as_it_is(make: Callable[..., Send]) -> None:
    """Method, path, query, headers and body; status, headers and body of the response."""
    query = {"a": "1 &", "b": ["2", "3"]}
    response = make(echo)(Request("POST", "/x%2Fy", query, {"X-A": "b"}, b"{}"))
    seen = {"target": b"/base/x%2Fy?a=1+%26&b=2&b=3", "body": b"{}"}
    assert (response.status, response.body) == (201, repr(seen).encode())
    assert (response.header("X-a"), response.header("Content-Type")) == ("b", "application/json")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/a/../b", b"/base/a/../b"),
        ("/a/./b", b"/base/a/./b"),
        ("/%2E%2E", b"/base/%2E%2E"),
        ("a", b"/basea"),
    ],
)
def test_no_path_is_put_straight(make: Callable[..., Send], path: str, target: bytes) -> None:
    """The names in the path are the server's to judge."""
    response = make(echo)(Request("GET", path, {"a": "b"}))
    assert response.body == repr({"target": target + b"?a=b", "body": b""}).encode()
    assert response.header("content-type") == "-"


def test_no_response(make: Callable[..., Send]) -> None:
    """Failures of the network are NoResponse, after the attempts that the method allows."""
    asked = []

    def gone(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        raise httpx.ConnectError("gone", request=request)

    for method in ("GET", "POST"):
        with pytest.raises(NoResponse, match="ConnectError"):
            make(gone)(Request(method, "/"))
    assert asked == ["GET", "GET", "GET", "POST"]
    with pytest.raises(NoResponse):
        make(gone, retry=Retry(attempts=1))(Request("GET", "/"))


def test_whether_it_arrived_is_not_known(make: Callable[..., Send]) -> None:
    """A failure says so."""

    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("gone", request=request)

    with pytest.raises(NoResponse) as lost:
        make(gone)(Request("POST", "/"))
    assert str(lost.value) == "ReadTimeout: whether the server got the request is not known"


@pytest.mark.parametrize(
    "address",
    [
        "snap.example.com",
        "",
        "localhost:8000",
        "https://",
        "//snap.example.com",
        "http://a:port",
        "/api",
        "http://a:99999",
    ]
    + ["http://.", "http://a b.example", f"http://{64 * 'a'}.example"],
)
def test_an_address_without_a_scheme(address: str) -> None:
    """It is an error at once, and nothing is tried; a password in it is not shown."""
    for kind in (HttpxTransport, AsyncHttpxTransport):
        with pytest.raises(ValueError, match="the base address ") as wrong:
            kind(address)
        assert "example" not in str(wrong.value)
    with pytest.raises(ValueError, match="has a query or a fragment"):
        HttpxTransport("http://a/?b=c")


def test_an_unknown_scheme() -> None:
    """It is no failure of the network: nothing is tried again."""
    naps: list[float] = []
    with (
        HttpxTransport("gopher://127.0.0.1", sleep=naps.append) as transport,
        pytest.raises(ValueError, match="scheme that the client does not speak"),
    ):
        transport.send(Request("GET", "/"))
    assert naps == []


def test_redirects_are_not_followed(make: Callable[..., Send]) -> None:
    """Not even by a client that would: a key goes nowhere else."""
    moved = httpx.Response(307, headers={"Location": "http://example.com/"})
    assert make(lambda _: moved)(Request("GET", "/")).status == 307


def test_later(make: Callable[..., Send]) -> None:
    """A server that is busy is asked again."""
    answers = iter([httpx.Response(429, headers={"Retry-After": "1"}), httpx.Response(200)])
    assert make(lambda _: next(answers))(Request("GET", "/")).status == 200


def test_a_rate_limit_on_request() -> None:
    """The second call of a second waits."""
    naps: list[float] = []
    client = httpx.Client(transport=httpx.MockTransport(echo))
    transport = HttpxTransport(BASE, client, limit=RateLimit(), sleep=naps.append)
    transport.send(Request("GET", "/"))
    transport.send(Request("GET", "/"))
    assert len(naps) == 1
    assert 0.5 < naps[0] <= 1.0


@pytest.fixture
def whole_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that anybody logs."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_nothing_personal_is_logged(make: Callable[..., Send], whole_log: pytest.LogCaptureFixture) -> None:
    """Httpx logs every address; of ours it does not, of others it still does."""
    make(echo)(Request("GET", "/surveys/S1/participants/robin", {"query": "robin"}, {"X-API-KEY": "hunter2"}))
    assert "robin" not in whole_log.text
    assert "hunter2" not in whole_log.text
    httpx.Client(transport=httpx.MockTransport(echo)).get("http://127.0.0.1/somebody")
    assert "somebody" in whole_log.text


def test_a_repr_shows_nothing() -> None:
    """A base address may hold a password."""
    with HttpxTransport(BASE) as transport:
        assert "robin" not in repr(transport)
        assert transport.client.timeout == httpx.Timeout(30.0)
    assert transport.client.is_closed
    made = AsyncHttpxTransport(BASE, timeout=3.0)
    assert "robin" not in repr(made)
    assert made.client.timeout == httpx.Timeout(3.0)
    asyncio.run(made.aclose())
