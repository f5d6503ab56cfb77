"""The server for a vector: Apis over stores in memory, or a running server behind a transport."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from attrs import define, evolve, field

from participant_rules import project, survey
from participant_rules.http import Request, Response, Transport
from participant_rules.memory import Loopback, MemoryProjects, MemorySurveys
from participant_rules.violations import Violation

__all__ = ["Local", "Remote", "Server"]

Json = Mapping[str, Any]


class Server(Protocol):
    """An implementation of the documented endpoints."""

    def begin(self, given: Json) -> None:
        """Start a case with exactly the given definitions."""
        ...

    def dry_run(self, request: Request, caller: Json, /) -> tuple[Violation, ...] | None:
        """All that is wrong with the request; None where the server cannot be asked."""
        ...

    def send(self, request: Request, caller: Json, /) -> Response:
        """The answer."""
        ...

    def contents(self) -> object:
        """All that is stored, to see whether something changed; None where it cannot be seen."""
        ...


@define
class Local:
    """Our own Apis, over stores in memory."""

    _surveys: MemorySurveys = field(factory=MemorySurveys)
    _projects: MemoryProjects = field(factory=MemoryProjects)

    def begin(self, given: Json) -> None:
        """New stores; raises Malformed where a definition cannot be read."""
        now = datetime.fromisoformat(given["now"]) if "now" in given else None
        self._surveys = MemorySurveys.from_json(given.get("surveys", ()))
        self._projects = MemoryProjects.from_json(
            given.get("projects", ()), **({"now": lambda: now} if now else {})
        )

    def dry_run(self, request: Request, caller: Json) -> tuple[Violation, ...] | None:
        """The Api's dry run."""
        return self._apis(caller).api(request).check(request)

    def send(self, request: Request, caller: Json) -> Response:
        """The Api's answer."""
        return self._apis(caller).send(request)

    def contents(self) -> object:
        """The contents of both stores."""
        return self._surveys.to_json(), self._projects.to_json()

    def _apis(self, caller: Json) -> Loopback:
        by = survey.Caller(manages_interviewers=caller.get("managesInterviewers", True))
        return Loopback({"": survey.Api(self._surveys, caller=by), "/api/v1/": project.Api(self._projects)})


@define
class Remote:
    """A running server: each case's `given` goes to `PUT /sandbox/given` first, unless it is `prepared`.

    A step in another caller's name than the given one's says so in the header Sandbox-Caller.
    """

    transport: Transport
    prepared: bool = False
    _caller: Json = field(factory=dict, init=False)

    def begin(self, given: Json) -> None:
        """Send the given definitions to the server; raises ConnectionError where it does not take them."""
        self._caller = given.get("caller", {})
        if self.prepared:
            return
        request = Request("PUT", "/sandbox/given", headers=_JSON, body=json.dumps(given).encode())
        response = self.transport.send(request)
        if response.status != _NO_CONTENT:
            raise ConnectionError(f"PUT /sandbox/given answered {response.status}")

    def dry_run(self, _request: Request, _caller: Json) -> None:
        """A server answers, it does not explain."""
        return

    def send(self, request: Request, caller: Json) -> Response:
        """The server's answer."""
        if caller == self._caller:
            return self.transport.send(request)
        headers = {**request.headers, "Sandbox-Caller": json.dumps(caller)}
        return self.transport.send(evolve(request, headers=headers))

    def contents(self) -> None:
        """No data: a server does not show its store."""
        return


_JSON = {"Content-Type": "application/json"}
_NO_CONTENT = 204
