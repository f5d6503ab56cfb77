"""Who may call: the headers of one vendor, the tokens of the other, where a sandbox asks for them.

A token is its own proof: when it ends, and a signature with a secret of this process.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_bytes
from time import time
from typing import Any, Final, Self
from urllib.parse import parse_qs

from attrs import field, frozen

from participant_rules.access import key_wrong, token_required
from participant_rules.http import Request, Response, json_response, problem
from participant_rules.wire import Malformed

__all__ = ["LIFETIME", "Access"]

LIFETIME: Final = 300  # seconds: "only valid for a few minutes"

_GRANTS: Final[Mapping[str, str]] = {
    "client_credentials": "client_assertion",
    "delegated_participant": "token",
}
"""The grants of the token endpoint, and what a caller shows for each."""


@frozen
class Access:
    """What calls must show: this user name and API key, or a token; without a user name it is nothing."""

    username: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    _secret: bytes = field(factory=lambda: token_bytes(32), init=False, repr=False, eq=False)

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The access of an object `{"username": …, "apiKey": …}`; raises Malformed."""
        given = data if isinstance(data, dict) else {}
        username, api_key = given.get("username"), given.get("apiKey")
        if not (isinstance(username, str) and isinstance(api_key, str)):
            raise Malformed("credentials: an object with the texts `username` and `apiKey` is expected")
        return cls(username, api_key)

    def refuse_survey(self, headers: Mapping[str, str]) -> Response | None:
        """The answer to a caller of the survey API who is not known; None for one who is."""
        shown = [headers.get(name, "") for name in ("x-username", "x-api-key", "x-version")]
        wanted = [self.username or "", self.api_key or "", "2.0"]
        right = [_same(*each) for each in zip(shown, wanted, strict=True)]
        if self.username is None or all(right):
            return None
        return json_response(401, {"message": key_wrong.message})

    def refuse_project(self, headers: Mapping[str, str]) -> Response | None:
        """The answer to a caller of the project API without a good token; None for one who has it."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if self.username is None or (scheme.lower() == "bearer" and self._is_good(token.strip())):
            return None
        return problem(401, [token_required.violation()], {"WWW-Authenticate": "Bearer"})

    def answer_token(self, request: Request) -> Response:
        """The answer of the token endpoint (RFC 6749, 4.4 and 5): any client assertion is believed."""
        form = parse_qs(request.body.decode("utf-8", "replace"))
        grant = form.get("grant_type", [""])[-1]
        if grant not in _GRANTS:
            return _no_token("unsupported_grant_type" if grant else "invalid_request")
        if not form.get(_GRANTS[grant]):
            return _no_token("invalid_client" if grant == "client_credentials" else "invalid_grant")
        scope = form.get("scope", ["api"])[-1]
        return json_response(
            200,
            {
                "access_token": self._token(int(time()) + LIFETIME),
                "expires_in": LIFETIME,
                "token_type": "Bearer",
                "scope": scope,
            },
            headers={"Cache-Control": "no-store"},
        )

    def _token(self, ends: int) -> str:
        signature = hmac.new(self._secret, str(ends).encode(), sha256).hexdigest()
        return f"{ends}.{signature}"

    def _is_good(self, token: str) -> bool:
        ends, _, _ = token.partition(".")
        if not (ends.isascii() and ends.isdigit() and len(ends) <= _DIGITS):
            return False
        return _same(token, self._token(int(ends))) and time() < int(ends)


_DIGITS: Final = 18


def _same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell how far."""
    return hmac.compare_digest(one.encode(), other.encode())


def _no_token(error: str) -> Response:
    body: dict[str, Any] = {"error": error}
    return json_response(400, body, headers={"Cache-Control": "no-store"})
