"""Projects, their participants and their segments in SQL."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from participant_rules.adapters.sqlalchemy import loading
from participant_rules.adapters.sqlalchemy.commit import commit
from participant_rules.adapters.sqlalchemy.engines import AsyncBind, AsyncDatabase, Bind, Database
from participant_rules.adapters.sqlalchemy.loading import Definitions
from participant_rules.adapters.sqlalchemy.owner import find_owner, id_key, keys_asked, segment_of
from participant_rules.adapters.sqlalchemy.schema import (
    MEMBERS,
    PROJECT_KEYS,
    PROJECT_PARTICIPANTS,
    SEGMENTS,
    chunks,
)
from participant_rules.adapters.sqlalchemy.search import search
from participant_rules.project import (
    Keys,
    Known,
    Membership,
    Mint,
    Page,
    Policy,
    Project,
    Query,
    Stored,
    Write,
)
from participant_rules.project.policy import MINT, POLICY
from participant_rules.project.wire import read_stored
from participant_rules.twins import as_coroutine

__all__ = ["AsyncSqlProjects", "SqlProjects"]


class SqlProjects:
    """A Register of projects in a SQL database; `now` returns the time and `new_id` makes GUIDs.

    On an engine each method is a transaction. On a connection or a session it joins the caller's, who commits
    or rolls back.
    """

    def __init__(
        self,
        bind: Bind,
        *,
        policy: Policy = POLICY,
        now: Callable[[], datetime] = MINT.now,
        new_id: Callable[[], str] = MINT.new_id,
    ) -> None:
        self._database = Database(bind)
        self._policy = policy
        self._mint = Mint(new_id, now)

    def find(self, keys: Keys) -> Known:
        """Answer a question; see `Roster.find`."""
        return self._database.read(partial(_find, keys=keys, mint=self._mint))

    def commit(self, writes: Sequence[Write]) -> None:
        """Make the writes; see `Register.commit`."""
        return self._database.write(partial(commit, writes=writes, policy=self._policy))

    def search(self, project: str, query: Query) -> Page:
        """Answer a query; see `Register.search`."""
        return self._database.read(partial(search, project=project, query=query, policy=self._policy))

    def segments(self, project: str, participant: str) -> tuple[Membership, ...]:
        """Answer a participant's segments; see `Register.segments`."""
        return self._database.read(partial(_segments, project=project, participant=participant))

    def save_project(self, project: Project) -> None:
        """Store a definition, in the place of the one that has its id."""
        return self._database.write(partial(loading.save, project=project, policy=self._policy))

    def load(self, projects: Definitions) -> None:
        """Store definitions with their `participants` in wire form and `segments`; raises Malformed.

        What these projects had is gone then; when it raises, nothing is.
        """
        work = partial(loading.load, projects=projects, policy=self._policy, mint=self._mint)
        return self._database.write(work)

    def fill(self, project: str, participants: Iterable[Mapping[str, Any]]) -> None:
        """Add stored participants in wire form as they are, unjudged; or none, and raises Malformed."""
        work = partial(
            loading.fill, project=project, participants=participants, policy=self._policy, mint=self._mint
        )
        return self._database.write(work)

    def reindex(self, project: str) -> None:
        """Make all keys anew: after a change of the policy, or of the possible phone numbers."""
        return self._database.write(partial(loading.reindex, project=project, policy=self._policy))

    def clear(self) -> None:
        """Delete everything."""
        return self._database.write(loading.clear)


class AsyncSqlProjects:
    """The same Register with coroutines, on an async engine, connection or session."""

    def __init__(
        self,
        bind: AsyncBind,
        *,
        policy: Policy = POLICY,
        now: Callable[[], datetime] = MINT.now,
        new_id: Callable[[], str] = MINT.new_id,
    ) -> None:
        self._database = AsyncDatabase(bind)
        self._policy = policy
        self._mint = Mint(new_id, now)

    find = as_coroutine(SqlProjects.find)
    commit = as_coroutine(SqlProjects.commit)
    search = as_coroutine(SqlProjects.search)
    segments = as_coroutine(SqlProjects.segments)
    save_project = as_coroutine(SqlProjects.save_project)
    load = as_coroutine(SqlProjects.load)
    fill = as_coroutine(SqlProjects.fill)
    reindex = as_coroutine(SqlProjects.reindex)
    clear = as_coroutine(SqlProjects.clear)


def _find(connection: Connection, keys: Keys, mint: Mint) -> Known:
    owner = find_owner(connection, keys.project)
    if owner is None:
        return Known(None, (), mint)
    row, key = PROJECT_PARTICIPANTS.c, PROJECT_KEYS.c
    found: dict[int, Stored] = {}
    for some in chunks(keys_asked(keys, owner.project)):
        places = select(key.place).where(key.project == owner.no, key.key.in_(some))
        asked = select(row.place, row.version, row.document).where(
            row.project == owner.no, row.place.in_(places)
        )
        for each in connection.execute(asked):
            found[each.place] = Stored(read_stored(each.document, owner.project), each.version)
    return Known(owner.project, tuple(found[place] for place in sorted(found)), mint)


def _segments(connection: Connection, project: str, participant: str) -> tuple[Membership, ...]:
    owner = find_owner(connection, project)
    if owner is None:
        return ()
    asked = (
        select(SEGMENTS.c.definition, MEMBERS.c.document)
        .join(MEMBERS, MEMBERS.c.segment == SEGMENTS.c.no)
        .where(SEGMENTS.c.project == owner.no, MEMBERS.c.key == id_key(participant))
        .order_by(SEGMENTS.c.no, MEMBERS.c.seat)
    )
    return tuple(
        Membership(
            segment_of(each.definition).segment_id,
            segment_of(each.definition).segment_name,
            each.document.get("addDate"),
        )
        for each in connection.execute(asked)
    )
