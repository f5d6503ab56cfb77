"""Servers of the POST of a survey's participant: this library, by its roads, and pydantic with a dictionary.

Each function starts a server with its store; a server takes bodies, and says which of them it accepted.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from project_servers import Later, Server
from survey_peers import model
from survey_records import DEFINITION, TAKEN

from participant_rules import Refused, survey
from participant_rules.http import Request
from participant_rules.memory import MemorySurveys

PATH = f"/surveys/{DEFINITION['id']}/participants"


def _store() -> MemorySurveys:
    stored = [{"loginSection": {"login": login}} for login in TAKEN]
    return MemorySurveys.from_json([DEFINITION | {"participants": stored}])


def handle() -> Server:
    """`Api.handle`."""
    api = survey.Api(_store())

    def serve(bodies: Sequence[bytes]) -> list[bool]:
        return [api.handle(Request("POST", PATH, body=body)).status == 200 for body in bodies]

    return serve


def ahandle() -> Server:
    """`Api.ahandle`, one call after the other."""
    api = survey.Api(Later(_store()))  # type: ignore[arg-type]  # it is asked by coroutines alone

    async def answer(bodies: Sequence[bytes]) -> list[bool]:
        return [(await api.ahandle(Request("POST", PATH, body=body))).status == 200 for body in bodies]

    return lambda bodies: asyncio.run(answer(bodies))


def registrar() -> Server:
    """`Registrar.add`, which answers nothing."""
    add = survey.Registrar(_store()).add

    def accepts(body: bytes) -> bool:
        try:
            return bool(add(DEFINITION["id"], survey.read(body)))
        except Refused:
            return False

    return lambda bodies: [accepts(body) for body in bodies]


def pydantic() -> Server:
    """Strict models, the rules in plain Python, models that are kept, and an answer in JSON."""
    from pydantic import ValidationError
    from survey_rules import complaints

    read, logins, stored = model().model_validate_json, set(TAKEN), dict[str, Any]()

    def answer(body: bytes) -> tuple[int, bytes]:
        try:
            participant = read(body)
        except ValidationError as error:
            return 400, _refusal(error.errors(include_url=False)[0]["msg"])
        wrong = complaints(participant, logins, address_is_judged=True)
        if wrong:
            return 400, _refusal(wrong[0][1])
        stored[participant.loginSection.login] = participant
        return 200, participant.model_dump_json().encode()

    return lambda bodies: [answer(body)[0] == 200 for body in bodies]


def _refusal(sentence: str) -> bytes:
    return json.dumps({"message": sentence}).encode()


SERVERS: dict[str, Callable[[], Server]] = {
    "Api.handle": handle,
    "Api.ahandle": ahandle,
    "Registrar": registrar,
    "pydantic": pydantic,
}
