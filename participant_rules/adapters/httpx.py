"""Transports over HTTP, with httpx (extra `http`)."""

import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, Self

import anyio
import httpx
from attrs import Factory, field, frozen

from participant_rules.http import NoResponse, Request, Response
from participant_rules.sending import CLOCK, Clock, Pace, RateLimit, Retry, sending
from participant_rules.steps import Steps, hold, hold_async

__all__ = ["AsyncHttpxTransport", "HttpxTransport"]

TIMEOUT: Final = 30.0  # seconds
_LAST_PORT: Final = 65_535


def _is_address(_: object, __: object, base_url: str) -> None:
    """Raise ValueError for a base address that cannot be called, without showing it."""
    try:
        url = httpx.URL(base_url)
        url.host.encode("idna")  # as the resolver does
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError("the base address is no URL") from None
    if "%20" in url.host or (url.port or 0) > _LAST_PORT:
        raise ValueError("the base address is no URL")
    if not (url.scheme and url.host):
        raise ValueError('the base address lacks a scheme or a host: "https://" and a name are expected')
    if url.query or url.fragment:
        raise ValueError("the base address has a query or a fragment")


@frozen(kw_only=True)
class _Settings:
    """The common part of both transports.

    `limit` is the rate that the server allows: none unless one is handed in. `timeout` (seconds, or httpx's
    own) is for the client that is made here. A repr shows nothing: base addresses may hold passwords.
    """

    base_url: str = field(kw_only=False, repr=False, validator=_is_address)
    timeout: float | httpx.Timeout = field(default=TIMEOUT, repr=False)
    retry: Retry = field(factory=Retry, repr=False)
    limit: RateLimit | None = field(default=None, repr=False)
    clock: Clock = field(default=CLOCK, repr=False)
    _pace: Pace | None = field(init=False, repr=False, eq=False)

    @_pace.default
    def _own_pace(self) -> Pace | None:
        return Pace(self.limit) if self.limit else None

    def _sending(
        self, request: Request, carry: Callable[[Request], Any], sleep: Callable[[float], Any]
    ) -> Steps[Response]:
        """The conversation with the client, at its pace and with its repetitions."""
        return sending(request, carry, retry=self.retry, pace=self._pace, clock=self.clock, sleep=sleep)


def _client_of(settings: _Settings) -> httpx.Client:
    return httpx.Client(timeout=settings.timeout)


def _async_client_of(settings: _Settings) -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=settings.timeout)


@frozen(kw_only=True)
class HttpxTransport(_Settings):
    """A Transport to the server at a base address.

    Hand in a client of your own for headers, proxies or certificates. Redirects are not followed, so
    credentials go nowhere else.
    """

    client: httpx.Client = field(default=Factory(_client_of, takes_self=True), kw_only=False, repr=False)
    sleep: Callable[[float], Any] = field(default=time.sleep, repr=False)

    def send(self, request: Request) -> Response:
        """The server's response, whatever its status; raises NoResponse."""
        return hold(self._sending(request, self._carry, self.sleep))

    def _carry(self, request: Request) -> Response:
        with _carrying():
            return _response(self.client.request(**_arguments(self.base_url, request)))

    def close(self) -> None:
        """Close the client's connections."""
        self.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@frozen(kw_only=True)
class AsyncHttpxTransport(_Settings):
    """An AsyncTransport to the server at a base address, on asyncio or trio; see HttpxTransport."""

    client: httpx.AsyncClient = field(
        default=Factory(_async_client_of, takes_self=True), kw_only=False, repr=False
    )
    sleep: Callable[[float], Awaitable[Any]] = field(default=anyio.sleep, repr=False)

    async def send(self, request: Request) -> Response:
        """The server's response, whatever its status; raises NoResponse."""
        return await hold_async(self._sending(request, self._carry, self.sleep))

    async def _carry(self, request: Request) -> Response:
        with _carrying():
            return _response(await self.client.request(**_arguments(self.base_url, request)))

    async def aclose(self) -> None:
        """Close the client's connections."""
        await self.client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


@contextmanager
def _carrying() -> Iterator[None]:
    """Let httpx log nothing of a request, and raise what a caller expects."""
    silent = _silent.set(True)
    try:
        yield
    except httpx.RequestError as failure:
        raise _lost(failure) from failure
    finally:
        _silent.reset(silent)


def _lost(failure: httpx.RequestError) -> Exception:
    """The exception for a caller that stands for a failure of httpx."""
    if isinstance(failure, httpx.UnsupportedProtocol):
        return ValueError("the base address has a scheme that the client does not speak")
    return NoResponse(f"{type(failure).__name__}: whether the server got the request is not known")


def _arguments(base_url: str, request: Request) -> dict[str, Any]:
    content = {"Content-Type": "application/json"} if request.body else {}
    base = base_url.rstrip("/")
    query = [
        (name, each)
        for name, value in request.query.items()
        for each in ([value] if isinstance(value, str) else value)
    ]
    return {
        "method": request.method,
        "url": base + (request.path if _is_plain(request.path) else "/"),
        "params": query or None,
        "headers": content | dict(request.headers),
        "content": request.body or None,
        "extensions": {} if _is_plain(request.path) else {"target": _target(base, request.path, query)},
        "follow_redirects": False,  # not those of a client that was handed in, either
    }


def _is_plain(path: str) -> bool:
    """Whether httpx takes the path as it is: it resolves steps such as "..", and wants a slash first."""
    return path.startswith("/") and not {".", ".."}.intersection(path.split("/"))


def _target(base: str, path: str, query: Any) -> bytes:
    """The text of a path in the request line."""
    before = httpx.URL(base).raw_path.decode("ascii").rstrip("/")
    asked = f"?{httpx.QueryParams(query)}" if query else ""
    return ((before + path or "/") + asked).encode("ascii")


def _response(response: httpx.Response) -> Response:
    return Response(response.status_code, dict(response.headers), response.content)


# httpx logs the whole address of every request, and addresses of participants name people: not of ours.

_silent: ContextVar[bool] = ContextVar("_silent", default=False)


def _is_not_ours(_: logging.LogRecord) -> bool:
    return not _silent.get()


logging.getLogger("httpx").addFilter(_is_not_ours)
