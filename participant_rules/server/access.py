"""The credentials that a sandbox asks for: the headers of one vendor, the tokens of the other.

A token is its own proof: whom it is for and when it ends, signed with a secret of this process.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_bytes, token_hex
from time import time
from typing import Any, Final, Self
from urllib.parse import parse_qsl

from attrs import field, frozen

from participant_rules.access import TOKEN, key_wrong, token_insufficient, token_required
from participant_rules.http import Request, Response, json_response, problem
from participant_rules.wire import Malformed

__all__ = ["LIFETIME", "Access", "Grant"]

LIFETIME: Final = 300  # seconds: "only valid for a few minutes"


@frozen
class Grant:
    """The scope of a token: everything, or to read the participant with this id."""

    participant: str | None = field(default=None, repr=False)

    def refuse(self) -> Response | None:
        """The answer to whoever wants anything but to read a participant; None where all may be done."""
        if self.participant is None:
            return None
        headers = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}  # RFC 6750, 3.1
        return problem(403, [token_insufficient.violation()], headers)

    def only_own(self, answer: Response) -> Response:
        """The answer of Get Participant, where it is the participant of the token; else a refusal."""
        if self.participant is None:
            return answer
        found = answer.json() if answer.status == _OK else {}
        own = str(found.get("id")).lower() == self.participant.lower()
        return answer if own else self.refuse() or answer


_OK: Final = 200


@frozen
class Access:
    """The credentials of calls: this user name and API key, or a token; none without a user name."""

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

    @property
    def is_required(self) -> bool:
        """Whether calls must show anything."""
        return self.username is not None

    def refuse_survey(self, headers: Mapping[str, str]) -> Response | None:
        """The answer to an unknown caller of the survey API; None for a known one."""
        shown = [headers.get(name, "") for name in ("x-username", "x-api-key", "x-version")]
        wanted = [self.username or "", self.api_key or "", "2.0"]
        right = [_same(*each) for each in zip(shown, wanted, strict=True)]
        if not self.is_required or all(right):
            return None
        return json_response(401, {"message": key_wrong.message})

    def refuse_project(self, headers: Mapping[str, str]) -> Response | None:
        """The answer to a caller of the project API without a good token; None with one."""
        if not self.is_required or self.grant(headers) is not None:
            return None
        return problem(401, [token_required.violation()], {"WWW-Authenticate": "Bearer"})

    def grant(self, headers: Mapping[str, str]) -> Grant | None:
        """The scope of a request's bearer token; None for no good one."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        return self._read(token.strip()) if scheme.lower() == "bearer" else None

    # ---- the token endpoint

    def answer_token(self, request: Request) -> Response:
        """The answer of the token endpoint (RFC 6749, 4.4 and 5): any client assertion is believed.

        A participant's token is given for a service account's that this endpoint has given.
        """
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))  # of one that is repeated the last
        kind = form.get("grant_type", "")
        if kind == "client_credentials":
            is_known = form.get("client_assertion")
            return self._answer(Grant(), form) if is_known else _no_token("invalid_client")
        if kind == "delegated_participant":
            return self._delegate(form)
        return _no_token("unsupported_grant_type" if kind else "invalid_request")

    def _delegate(self, form: Mapping[str, str]) -> Response:
        if self._read(form.get("token", "")) != Grant():
            return _no_token("invalid_grant")
        if not form.get("participant_id"):
            return _no_token("invalid_request")
        return self._answer(Grant(form["participant_id"]), form)

    def _answer(self, grant: Grant, form: Mapping[str, str]) -> Response:
        given = {
            "access_token": self._token(grant),
            "expires_in": LIFETIME,
            "token_type": "Bearer",
            "scope": form.get("scope", "api"),
        }
        return json_response(200, given, headers=_NOT_KEPT)

    # ---- tokens

    def _token(self, grant: Grant) -> str:
        payload = json.dumps([int(time()) + LIFETIME, token_hex(8), grant.participant])
        text = urlsafe_b64encode(payload.encode()).decode().rstrip("=")
        return f"{text}.{self._signature(text)}"

    def _signature(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), sha256).hexdigest()

    def _read(self, token: str) -> Grant | None:
        text, _, signature = token.partition(".")
        if not _same(signature, self._signature(text)):
            return None
        ends, _, participant = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return Grant(participant) if time() < ends else None


def _same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def _no_token(error: str) -> Response:
    body: dict[str, Any] = {"error": error, "error_description": TOKEN[error].message}
    return json_response(400, body, headers=_NOT_KEPT)


_NOT_KEPT: Final = {"Cache-Control": "no-store"}
