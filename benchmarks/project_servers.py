"""Servers of the PUT of a project's participant: this library, by its roads, and pydantic with a dictionary.

Each function starts a server with its store; a server takes bodies, and says which of them it accepted.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from project_peers import model
from project_records import DEFINITION, project_records

from participant_rules import Refused, project
from participant_rules.http import Request
from participant_rules.memory import MemoryProjects

Server = Callable[[Sequence[bytes]], list[bool]]

PATH = f"/api/v1/administration/projects/{DEFINITION['id']}/participants"


class Later:
    """A store of coroutines."""

    def __init__(self, store: Any) -> None:
        self._store = store

    async def find(self, keys: Any) -> Any:
        """Answer a question."""
        return self._store.find(keys)

    async def commit(self, saved: Any) -> None:
        """Make changes."""
        self._store.commit(saved)


def _store() -> MemoryProjects:
    return MemoryProjects.from_json([DEFINITION | {"participants": project_records(0)[0]}])


def handle() -> Server:
    """`Api.handle`."""
    api = project.Api(_store())

    def serve(bodies: Sequence[bytes]) -> list[bool]:
        return [api.handle(Request("PUT", PATH, body=body)).status == 200 for body in bodies]

    return serve


def ahandle() -> Server:
    """`Api.ahandle`, one call after the other."""
    api = project.Api(Later(_store()))  # type: ignore[arg-type]  # it is asked by coroutines alone

    async def answer(bodies: Sequence[bytes]) -> list[bool]:
        return [(await api.ahandle(Request("PUT", PATH, body=body))).status == 200 for body in bodies]

    return lambda bodies: asyncio.run(answer(bodies))


def registrar() -> Server:
    """`Registrar.put`, which answers nothing."""
    put = project.Registrar(_store()).put

    def accepts(body: bytes) -> bool:
        try:
            return bool(put(project.read(body, project=DEFINITION["id"])))
        except Refused:
            return False

    return lambda bodies: [accepts(body) for body in bodies]


def pydantic() -> Server:
    """Strict models, uniqueness in dictionaries, models that are kept, and an answer in JSON."""
    from pydantic import BaseModel, ValidationError
    from roster import Roster

    participant = model()

    class Stored(participant):  # type: ignore[misc, valid-type]  # it is made at run time
        id: str
        enrolled: bool = False

    class Answer(BaseModel):
        actionTaken: str
        result: Stored

    roster, stored = Roster(), dict[str, Stored]()

    def answer(body: bytes) -> tuple[int, bytes]:
        try:
            row = participant.model_validate_json(body)
        except ValidationError as error:
            return 400, _problem(
                {_pointer(each["loc"]): each["msg"] for each in error.errors(include_url=False)}
            )
        person, name = row.demographics, row.participantIdentifier
        action = "update" if name in roster.people else "add"
        verdict = roster.put(name, str(person.email).lower(), str(person.mobilePhone))
        if verdict is not None:
            return 400, _problem(dict.fromkeys(verdict.pointers, "Must be unique within a project."))
        known = stored.get(name)
        made = Stored.model_construct(**dict(row), id=known.id if known else str(uuid4()))
        stored[name] = made
        return 200, Answer.model_construct(actionTaken=action, result=made).model_dump_json().encode()

    return lambda bodies: [answer(body)[0] == 200 for body in bodies]


def _pointer(location: Sequence[object]) -> str:
    return "/" + "/".join(map(str, location))


def _problem(complaints: Mapping[str, str]) -> bytes:
    errors = [{"pointer": pointer, "detail": detail} for pointer, detail in complaints.items()]
    return json.dumps({"title": "Bad Request", "status": 400, "errors": errors}).encode()


SERVERS: dict[str, Callable[[], Server]] = {
    "Api.handle": handle,
    "Api.ahandle": ahandle,
    "Registrar": registrar,
    "pydantic": pydantic,
}
