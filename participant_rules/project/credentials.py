"""The credentials of a caller of MyDataHelps: a bearer token, from a port that knows its source.

A service account gets short-lived ones from the token endpoint for an assertion that it signs. The signing is
the caller's: a function that returns a signed JWT.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from attrs import define, evolve, field, frozen

from participant_rules.access import TOKEN
from participant_rules.calling import header_value, member, refusal, succeeded
from participant_rules.http import AsyncTransport, Request, Response, Transport, Unexpected
from participant_rules.sending import CLOCK, Clock
from participant_rules.steps import Steps, hold, hold_async
from participant_rules.violations import Refused, Violation

__all__ = ["AsyncServiceAccount", "ServiceAccount", "Token", "TokenSource"]

TransportT = TypeVar("TransportT", bound=Transport | AsyncTransport)

TOKEN_PATH: Final = "/identityserver/connect/token"  # noqa: S105  an address
MARGIN: Final = 30.0  # seconds: a token that is about to expire may do so on its way


class TokenSource(Protocol):
    """Where bearer tokens come from."""

    def token(self) -> str | Awaitable[str]:
        """A token that is good now; it is asked for before every call."""
        ...


@frozen
class Token:
    """A token that the caller has, never shown; raises ValueError for a text that no header can hold."""

    value: str = field(repr=False)
    answers_at_once: ClassVar[bool] = True

    def __attrs_post_init__(self) -> None:
        header_value(self.value, "the token")

    def token(self) -> str:
        """The token."""
        return self.value


@define
class _Held:
    """The token in use, and until when."""

    token: str = field(default="", repr=False)
    until: float = 0.0


@frozen
class _Account(Generic[TransportT]):
    """A service account behind a transport; `sign` makes a client assertion (a signed JWT) each time."""

    transport: TransportT
    sign: Callable[[], str] = field(repr=False)
    path: str = field(default=TOKEN_PATH, kw_only=True)
    scope: str = field(default="api", kw_only=True)
    clock: Clock = field(default=CLOCK, kw_only=True, repr=False)
    _held: _Held = field(factory=_Held, init=False, repr=False, eq=False)

    def _steps(self) -> Steps[str]:
        if self.clock.monotonic() < self._held.until:
            return self._held.token
        body = urlencode(
            {
                "scope": self.scope,
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": self.sign(),
            }
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        request = Request("POST", self.path, headers=headers, body=body.encode(), repeatable=True)
        response: Response = yield partial(self.transport.send, request)
        return self._hold(response)

    def _hold(self, response: Response) -> str:
        if not succeeded(response):
            raise Refused([_recognised(response)])
        token: Any = member(response, "access_token")
        if not isinstance(token, str):
            raise Unexpected(response)
        lasts = member(response, "expires_in")
        seconds = lasts if isinstance(lasts, int | float) else 0
        self._held.token = header_value(token, "the token")
        self._held.until = self.clock.monotonic() + seconds - MARGIN
        return token


def _recognised(response: Response) -> Violation:
    """Why there is no token, in the endpoint's words where it has some; raises Unexpected for no refusal."""
    error = refusal(response, "error")
    if not isinstance(error, str):
        raise Unexpected(response)
    sentence, rule = member(response, "error_description"), TOKEN.get(error)
    message = sentence if isinstance(sentence, str) else rule.message if rule else error
    found = rule.violation() if rule else Violation("unrecognised", message)
    return evolve(found, message=message, text=message.strip(), pointer=None, status=response.status)


@frozen
class ServiceAccount(_Account[Transport]):
    """A TokenSource that asks the token endpoint, and holds the token until it expires."""

    def token(self) -> str:
        """A token that is good now; raises Refused, or Unexpected for an answer in no documented form."""
        return hold(self._steps())


@frozen
class AsyncServiceAccount(_Account[AsyncTransport]):
    """A TokenSource that asks the token endpoint through an async transport; see ServiceAccount."""

    async def token(self) -> str:
        """A token that is good now; raises Refused, or Unexpected for an answer in no documented form."""
        return await hold_async(self._steps())
