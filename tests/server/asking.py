"""A sandbox that is asked without a port."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.types import ASGIApp

from participant_rules import survey
from participant_rules.adapters.httpx import AsyncHttpxTransport
from participant_rules.http import Request, Response
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.sending import Retry
from participant_rules.server import MemoryStores, sandbox

__all__ = ["ASSERTION", "PROJECTS", "SURVEY", "TOKEN", "Ask", "asking", "asking_app", "asking_of", "form"]

SURVEY = survey.Survey(id="S1", invited=False, logged_on=True, group=False)
PROJECTS = [{"id": "P1", "participants": [{"participantIdentifier": "A"}, {"id": "B-1"}]}]
TOKEN = "/identityserver/connect/token"
ASSERTION = {"grant_type": "client_credentials", "client_assertion": "any.signed.jwt", "scope": "api"}

Ask = Callable[[Request], Response]


def asking_app(**options: Any) -> ASGIApp:
    """A new sandbox."""
    return sandbox(MemoryStores(MemorySurveys([SURVEY]), MemoryProjects.from_json(PROJECTS)), **options)


def asking(**options: Any) -> Ask:
    """A function that asks a new sandbox."""
    return asking_of(asking_app(**options))


def asking_of(app: ASGIApp) -> Ask:
    """A function that asks an application."""

    async def ask(request: Request) -> Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            transport = AsyncHttpxTransport("http://sandbox", client, retry=Retry(attempts=1))
            return await transport.send(request)

    return lambda request: asyncio.run(ask(request))


def form(**members: str) -> Request:
    """A request to the token endpoint."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request("POST", TOKEN, headers=headers, body=urlencode(members).encode())
