"""A project in SQL, and the keys of its participants."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from attrs import frozen
from sqlalchemy import Connection, select

from participant_rules.adapters.sqlalchemy.schema import PROJECTS, digest
from participant_rules.formats import is_guid
from participant_rules.project import Keys, Participant, Policy, Project, Segment
from participant_rules.project.keys import ID, keys_of
from participant_rules.wire import Wire

__all__ = ["Owner", "find_owner", "id_key", "id_of", "keys_asked", "named_keys", "project_key", "segment_of"]

_wire: Final = Wire(stored=True)


@frozen
class Owner:
    """A project, its number and its time."""

    no: int
    project: Project
    clock: int


def find_owner(connection: Connection, project: str, *, hold: bool = False) -> Owner | None:
    """The project with this id; with `hold`, commits to it wait until this transaction ends."""
    columns = PROJECTS.c
    asked = select(columns.no, columns.definition, columns.clock).where(columns.key == project_key(project))
    found = connection.execute(asked.with_for_update() if hold else asked).one_or_none()
    return None if found is None else Owner(found.no, _project(found.definition), found.clock)


@lru_cache(maxsize=256)
def _project(definition: str) -> Project:
    """The project of a text; it is read once, since each request asks for it."""
    return Project.from_json(json.loads(definition))


@lru_cache(maxsize=1024)
def segment_of(definition: str) -> Segment:
    """The segment of a text, without its members."""
    return _wire.read_stored(Segment, json.loads(definition), "segment")


def project_key(project: str) -> bytes:
    """The comparison key of a project id: GUIDs without regard to case."""
    return digest("project", project.lower() if is_guid(project) else project)


def id_key(participant: str) -> bytes:
    """The comparison key of a participant's id."""
    return digest(ID, participant.lower())


def id_of(participant: Participant | None) -> bytes:
    """The id of a participant that is stored, or is to be."""
    return id_key(str(participant.id) if participant and participant.id else "")


def named_keys(participant: Participant, project: Project, policy: Policy) -> Iterator[tuple[str, bytes]]:
    """The keys that constraints keep unique beside the id, each under the path of its member."""
    for path, key in keys_of(participant, project, policy).items():
        if path != ID:
            yield path, digest(path, key)


def keys_asked(keys: Keys, project: Project) -> frozenset[bytes]:
    """All that a question names participants by."""
    return frozenset(digest(path, key) for path, some in keys.of(project).items() for key in some)
