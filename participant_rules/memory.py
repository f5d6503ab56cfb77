"""The embedded default: stores in memory, and a transport into Apis of the same process."""

from collections.abc import Mapping
from typing import Protocol

from attrs import frozen

from participant_rules.http import Request, Response
from participant_rules.project.memory import MemoryProjects
from participant_rules.survey.memory import MemorySurveys
from participant_rules.violations import Violation

__all__ = ["Answering", "Loopback", "MemoryProjects", "MemorySurveys"]


class Answering(Protocol):
    """An Api of either family."""

    def handle(self, request: Request) -> Response:
        """The documented answer."""
        ...

    def check(self, request: Request) -> tuple[Violation, ...]:
        """The dry run."""
        ...


@frozen
class Loopback:
    """A Transport that hands each request to the Api of its path's prefix; "" is that of every other path."""

    apis: Mapping[str, Answering]

    def send(self, request: Request) -> Response:
        """The Api's answer; raises LookupError where no Api has the path."""
        return self.api(request).handle(request)

    def api(self, request: Request) -> Answering:
        """The Api that has the request's path."""
        for prefix in sorted(self.apis, key=len, reverse=True):
            if request.path.startswith(prefix):
                return self.apis[prefix]
        raise LookupError("no Api has this path")
