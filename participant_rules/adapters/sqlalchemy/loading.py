"""Filling the tables: definitions, and participants as they are given."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from attrs import evolve
from sqlalchemy import Connection, delete, insert, select, update

from participant_rules.adapters.sqlalchemy.commit import participant_row
from participant_rules.adapters.sqlalchemy.owner import (
    Owner,
    find_owner,
    id_key,
    id_of,
    named_keys,
    project_key,
)
from participant_rules.adapters.sqlalchemy.schema import (
    CHUNK,
    MEMBERS,
    PROJECT_KEYS,
    PROJECT_PARTICIPANTS,
    PROJECTS,
    SEGMENTS,
    chunks,
    digest,
)
from participant_rules.definitions import several
from participant_rules.project import Mint, Participant, Policy, Project, Segment
from participant_rules.project.wire import read_segments, read_stored
from participant_rules.wire import Malformed, Wire, read_each

__all__ = ["Definitions", "clear", "fill", "load", "reindex", "save"]

Definitions = Iterable[Mapping[str, Any]]

_ROW = PROJECT_PARTICIPANTS.c
_KEY = PROJECT_KEYS.c
_wire = Wire(stored=True)


def save(connection: Connection, project: Project, policy: Policy) -> None:
    """Store a definition; participants get new keys, since another one may make others unique."""
    before = find_owner(connection, project.id, hold=True)
    _define(connection, project)
    if before is not None and before.project != project:
        reindex(connection, project.id, policy)


def _define(connection: Connection, project: Project) -> Owner:
    definition = json.dumps(project.to_json())
    owner = find_owner(connection, project.id, hold=True)
    if owner is None:
        values = {"key": project_key(project.id), "definition": definition, "clock": 0}
        added = insert(PROJECTS).values(values).returning(PROJECTS.c.no)
        return Owner(connection.execute(added).scalar_one(), project, clock=0)
    connection.execute(update(PROJECTS).where(PROJECTS.c.no == owner.no).values(definition=definition))
    return evolve(owner, project=project)


def load(connection: Connection, projects: Definitions, policy: Policy, mint: Mint) -> None:
    """Store definitions with their participants and segments, in the place of earlier ones."""
    for project, data in several(projects, Project.from_json, project_key):
        owner = _define(connection, project)
        _empty(connection, owner)
        given = read_each(data, "participants", partial(read_stored, project=owner.project))
        _fill(connection, owner, given, policy, mint)
        for each in read_segments(data):
            _add_segment(connection, owner, each)


def fill(
    connection: Connection,
    project: str,
    participants: Iterable[Mapping[str, Any]],
    policy: Policy,
    mint: Mint,
) -> None:
    """Add participants as they are given to the stored ones."""
    owner = find_owner(connection, project, hold=True)
    if owner is None:
        raise Malformed(f"there is no project {project!r}")
    _fill(connection, owner, (read_stored(each, owner.project) for each in participants), policy, mint)


def _fill(
    connection: Connection, owner: Owner, given: Iterable[Participant], policy: Policy, mint: Mint
) -> None:
    participants = (each if each.id else evolve(each, id=mint.new_id()) for each in given)
    holders = _Holders(connection, owner)
    clock = owner.clock
    while portion := list(islice(participants, CHUNK)):
        placed = list(enumerate(portion, start=clock + 1))
        rows = [participant_row(owner, place, place, each) for place, each in placed]
        connection.execute(insert(PROJECT_PARTICIPANTS), rows)
        holders.add(placed, policy)
        clock += len(portion)
    connection.execute(update(PROJECTS).where(PROJECTS.c.no == owner.no).values(clock=clock))
    if clock - owner.clock > CHUNK and connection.dialect.name == "postgresql":
        for table in (PROJECT_PARTICIPANTS, PROJECT_KEYS):  # plans for an empty table are slow in a full one
            connection.exec_driver_sql(f"ANALYZE {table.name}")


def _empty(connection: Connection, owner: Owner) -> None:
    segments = select(SEGMENTS.c.no).where(SEGMENTS.c.project == owner.no)
    connection.execute(delete(MEMBERS).where(MEMBERS.c.segment.in_(segments)))
    connection.execute(delete(SEGMENTS).where(SEGMENTS.c.project == owner.no))
    connection.execute(delete(PROJECT_KEYS).where(_KEY.project == owner.no))
    connection.execute(delete(PROJECT_PARTICIPANTS).where(_ROW.project == owner.no))


class _Holders:
    """The holders of keys while participants come in.

    A legacy participant may have a key that another one has, and waits behind it. Keys that came in with this
    call are remembered, the database is only asked about those that were there before.
    """

    def __init__(self, connection: Connection, owner: Owner) -> None:
        self._connection = connection
        self._owner = owner
        self._held: set[bytes] = set()
        asked = select(_KEY.place).where(_KEY.project == owner.no).limit(1)
        self._was_empty = connection.execute(asked).first() is None

    def add(self, placed: Sequence[tuple[int, Participant]], policy: Policy) -> None:
        """Give participants their keys."""
        project = self._owner.project
        keys = [
            (place, id_of(each), [key for _, key in named_keys(each, project, policy)])
            for place, each in placed
        ]
        if not self._was_empty:
            self._look({key for _, meant, others in keys for key in (meant, *others)})
        rows = []
        for place, meant, others in keys:
            if meant in self._held:
                raise Malformed(f"participants: two have the same id in project {project.id!r}")
            for key in (meant, *others):
                turn = place if key in self._held else 0
                rows.append({"project": self._owner.no, "key": key, "turn": turn, "place": place})
                self._held.add(key)
        self._connection.execute(insert(PROJECT_KEYS), rows)

    def _look(self, keys: set[bytes]) -> None:
        for some in chunks(keys):
            asked = select(_KEY.key).where(_KEY.project == self._owner.no, _KEY.key.in_(some))
            self._held.update(each.key for each in self._connection.execute(asked))


def _add_segment(connection: Connection, owner: Owner, segment: Segment) -> None:
    values = {
        "project": owner.no,
        "key": digest("segment", segment.segment_id.lower()),
        "definition": json.dumps({**_wire.write(segment), "members": []}),
    }
    number = connection.execute(insert(SEGMENTS).values(values).returning(SEGMENTS.c.no)).scalar_one()
    members = {id_key(each.id): each for each in segment.members}  # the last one counts
    rows = [
        {"segment": number, "key": key, "seat": seat, "document": _wire.write(each)}
        for seat, (key, each) in enumerate(members.items())
    ]
    if rows:
        connection.execute(insert(MEMBERS), rows)


def reindex(connection: Connection, project: str, policy: Policy) -> None:
    """Make the keys of a project anew."""
    owner = find_owner(connection, project, hold=True)
    if owner is None:
        return
    connection.execute(delete(PROJECT_KEYS).where(_KEY.project == owner.no))
    holders = _Holders(connection, owner)
    for portion in _portions(connection, owner):
        holders.add(portion, policy)


def _portions(connection: Connection, owner: Owner) -> Iterator[list[tuple[int, Participant]]]:
    """All participants in the order of their adding."""
    last = 0
    while True:
        asked = select(_ROW.place, _ROW.document).where(_ROW.project == owner.no, _ROW.place > last)
        rows = connection.execute(asked.order_by(_ROW.place).limit(CHUNK)).all()
        if not rows:
            return
        yield [(each.place, read_stored(each.document, owner.project)) for each in rows]
        last = rows[-1].place


def clear(connection: Connection) -> None:
    """Delete everything."""
    for table in (MEMBERS, SEGMENTS, PROJECT_KEYS, PROJECT_PARTICIPANTS, PROJECTS):
        connection.execute(delete(table))
