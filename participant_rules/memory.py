"""The embedded default: stores in memory, and a transport into Apis of the same process."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from attrs import field, frozen

from participant_rules.due import refuse_lacking, refuse_other
from participant_rules.http import Request, Response
from participant_rules.project.memory import MemoryProjects
from participant_rules.survey.memory import MemorySurveys
from participant_rules.violations import Violation

__all__ = ["Answering", "AsyncAnswering", "AsyncLoopback", "Loopback", "MemoryProjects", "MemorySurveys"]


ApiT = TypeVar("ApiT")


class Answering(Protocol):
    """An Api of either family."""

    def handle(self, request: Request) -> Response:
        """The documented answer."""
        ...

    def check(self, request: Request) -> tuple[Violation, ...]:
        """The dry run."""
        ...


class AsyncAnswering(Protocol):
    """An Api of either family, over an async store."""

    async def ahandle(self, request: Request) -> Response:
        """The documented answer."""
        ...


def _with(method: str) -> Callable[[object, object, Mapping[str, object]], None]:
    """A validator of attrs that refuses what are no Apis with this method."""

    def refuse(_loopback: object, _attribute: object, apis: Mapping[str, object]) -> None:
        refuse_other(apis, Mapping, "Apis by the prefixes of their paths")
        for each in apis.values():
            refuse_lacking(each, [method], "an Api")

    return refuse


@frozen
class Loopback:
    """A Transport that hands each request to the Api of its path's prefix; "" is that of every other path."""

    apis: Mapping[str, Answering] = field(validator=_with("handle"))

    def send(self, request: Request) -> Response:
        """The Api's answer; raises LookupError where no Api has the path."""
        return self.api(request).handle(request)

    def api(self, request: Request) -> Answering:
        """The Api that has the request's path."""
        return _find(self.apis, request)


@frozen
class AsyncLoopback:
    """The AsyncTransport into Apis of the same process; see Loopback."""

    apis: Mapping[str, AsyncAnswering] = field(validator=_with("ahandle"))

    async def send(self, request: Request) -> Response:
        """The Api's answer; raises LookupError where no Api has the path."""
        return await _find(self.apis, request).ahandle(request)


def _find(apis: Mapping[str, ApiT], request: Request) -> ApiT:
    for prefix in sorted(apis, key=len, reverse=True):
        if request.path.startswith(prefix):
            return apis[prefix]
    raise LookupError("no Api has this path")
