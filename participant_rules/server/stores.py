"""Where a sandbox keeps its participants: in memory, or (see `database`) in SQL."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from attrs import define, field, frozen

from participant_rules import project, survey
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.schema.shapes import Shape
from participant_rules.violations import pointer
from participant_rules.wire import Malformed

__all__ = ["Definitions", "Held", "MemoryStores", "Stores", "dated", "definitions", "held"]

Definitions = Iterable[Mapping[str, Any]]


Read = Callable[[Definitions], object]


def definitions(given: object, name: str, read: Read, *path: str) -> list[Mapping[str, Any]]:
    """The definitions given at `path`: none, one, or a list of them.

    Raises Malformed with the place of what `read`, a store's `from_json`, finds wrong.
    """
    found: list[Any] = given if isinstance(given, list) else [] if given is None else [given]
    for position, each in enumerate(found):
        where: tuple[str | int, ...] = (*path, position) if isinstance(given, list) else path
        if not isinstance(each, dict):
            raise Malformed.of(name, [(pointer(*where), "The value must be an object.")])
        other = _OTHER[name]
        if not _ONLY[other].isdisjoint(each) and _ONLY[name].isdisjoint(each):
            raise Malformed.of(name, [(pointer(*where), f"This is the definition of a {other}.")])
        try:
            read([each])
        except Malformed as wrong:
            raise wrong.within(*where) from None
    return found


_OTHER: Final = {"survey": "project", "project": "survey"}
_ONLY: Final = {  # what a survey must state, and what only a project may
    "survey": frozenset({"invited", "loggedOn", "group"}),
    "project": frozenset(Shape.of(project.Project).names) - {"id"},
}


def dated(projects: Iterable[Mapping[str, Any]], moment: datetime) -> list[Mapping[str, Any]]:
    """The definitions with a date of insertion for every participant that lacks one.

    Whoever has none is listed last: participants that are added while a list is paged would come before.
    """
    return [
        each | {"participants": [_dated(one, moment) for one in each["participants"]]}
        if each.get("participants")
        else each
        for each in map(dict, projects)
    ]


def _dated(participant: Any, moment: datetime) -> Any:
    if not isinstance(participant, dict) or participant.get("insertedDate"):
        return participant
    return participant | {"insertedDate": moment.isoformat()}


@frozen
class Held:
    """The contents of one survey or project: its id, the number of participants, the names of some."""

    family: str
    id: str
    participants: int
    some: tuple[str, ...] = field(repr=False)


def held(
    surveys: Iterable[survey.Survey], projects: Iterable[project.Project], stores: "Stores"
) -> Iterator[Held]:
    """The contents of surveys and projects, from the registers of the stores."""
    for each in surveys:
        page: Any = stores.surveys.page(each.id, "0", _SOME)
        names = (each.identity(one) for one in page.participants)
        yield Held("survey", each.id, stores.count(each.id), tuple(filter(None, names)))
    for one in projects:
        found: Any = stores.projects.search(one.id, project.Query(page_size=_SOME))
        yield Held("project", one.id, found.total, tuple(_name(each) for each in found.participants))


_SOME: Final = 5


def _name(participant: project.Participant) -> str:
    return str(participant.participant_identifier or participant.id)


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

    def count(self, survey: str) -> int:
        """How many participants a survey has."""
        ...

    def overview(self) -> Sequence[Held]:
        """The contents, surveys first."""
        ...

    def reset(self, surveys: Definitions, projects: Definitions, now: Callable[[], datetime] | None) -> None:
        """Start again with just these definitions and participants; raises Malformed and changes nothing.

        `now` stops the clock.
        """
        ...

    def close(self) -> None:
        """Release connections and files."""
        ...


@define
class MemoryStores:
    """Everything in memory, and gone with it."""

    surveys: MemorySurveys = field(factory=MemorySurveys)
    projects: MemoryProjects = field(factory=MemoryProjects)
    blocking: bool = field(default=False, init=False)

    def count(self, survey: str) -> int:
        """How many participants a survey has."""
        return self.surveys.count(survey)

    def overview(self) -> Sequence[Held]:
        """The contents; see `Stores.overview`."""
        return tuple(held(self.surveys.surveys, self.projects.projects, self))

    def reset(self, surveys: Definitions, projects: Definitions, now: Callable[[], datetime] | None) -> None:
        """Start again; see `Stores.reset`."""
        clock = {"now": now} if now else {}
        given = MemorySurveys.from_json(surveys), MemoryProjects.from_json(projects, **clock)
        self.surveys, self.projects = given

    def close(self) -> None:
        """There is nothing to let go of."""
