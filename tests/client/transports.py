"""Transports that the tests of the clients share."""

import json
from collections.abc import Iterable
from typing import Any

from attrs import define, field

from participant_rules.http import Request, Response, Transport

NOBODY_SENDS = "nothing may be sent"


@define
class Canned:
    """Gives its answers in turn, and remembers its requests."""

    responses: Iterable[Response | Exception]
    requests: list[Request] = field(factory=list)

    def send(self, request: Request) -> Response:
        """The next response."""
        self.requests.append(request)
        self.responses, (response, *_) = list(self.responses)[1:], list(self.responses)
        if isinstance(response, Exception):
            raise response
        return response


@define
class Recording:
    """Hands requests to another transport, and remembers them."""

    transport: Transport
    requests: list[Request] = field(factory=list)

    def send(self, request: Request) -> Response:
        """The other's response."""
        self.requests.append(request)
        return self.transport.send(request)

    @property
    def calls(self) -> list[tuple[str, str]]:
        """Method and path of every request."""
        return [(each.method, each.path) for each in self.requests]


@define
class Later:
    """The async twin of a transport."""

    transport: Transport

    async def send(self, request: Request) -> Response:
        """The other's response."""
        return self.transport.send(request)


def answer(value: Any, status: int = 200) -> Response:
    """A response with a JSON body."""
    return Response(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
