"""Where a sandbox keeps its participants: in memory, or (see `database`) in SQL."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from attrs import define, field

from participant_rules import project, survey
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.violations import pointer
from participant_rules.wire import Malformed

__all__ = ["Definitions", "MemoryStores", "Stores", "definitions"]

Definitions = Iterable[Mapping[str, Any]]


Read = Callable[[Definitions], object]


def definitions(given: object, name: str, read: Read, *path: str) -> list[Mapping[str, Any]]:
    """The definitions that somebody gives at `path`: none, one, or a list of them.

    Raises Malformed with the place of what `read`, a store's `from_json`, finds wrong.
    """
    found: list[Any] = given if isinstance(given, list) else [] if given is None else [given]
    for position, each in enumerate(found):
        where: tuple[str | int, ...] = (*path, position) if isinstance(given, list) else path
        if not isinstance(each, dict):
            raise Malformed.of(name, [(pointer(*where), "The value must be an object.")])
        try:
            read([each])
        except Malformed as wrong:
            raise wrong.within(*where) from None
    return found


class Stores(Protocol):
    """The registers of both families; `blocking` ones are asked in threads."""

    @property
    def blocking(self) -> bool:
        """Whether the registers wait for something else, such as a database."""
        ...

    @property
    def surveys(self) -> survey.Register:
        """The register of surveys."""
        ...

    @property
    def projects(self) -> project.Register:
        """The register of projects."""
        ...

    def reset(self, surveys: Definitions, projects: Definitions, now: Callable[[], datetime] | None) -> None:
        """Start again with just these definitions and participants; raises Malformed and changes nothing.

        `now` stops the clock.
        """
        ...

    def close(self) -> None:
        """Let go of what they hold."""
        ...


@define
class MemoryStores:
    """Everything in memory, and gone with it."""

    surveys: MemorySurveys = field(factory=MemorySurveys)
    projects: MemoryProjects = field(factory=MemoryProjects)
    blocking: bool = field(default=False, init=False)

    def reset(self, surveys: Definitions, projects: Definitions, now: Callable[[], datetime] | None) -> None:
        """Start again; see `Stores.reset`."""
        clock = {"now": now} if now else {}
        given = MemorySurveys.from_json(surveys), MemoryProjects.from_json(projects, **clock)
        self.surveys, self.projects = given

    def close(self) -> None:
        """There is nothing to let go of."""
