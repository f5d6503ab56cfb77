"""Surveys and their participants in SQL."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, Final

from attrs import evolve, frozen
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from participant_rules.adapters.sqlalchemy.engines import AsyncBind, AsyncDatabase, Bind, Database
from participant_rules.adapters.sqlalchemy.schema import SURVEY_PARTICIPANTS, SURVEYS, chunks, digest
from participant_rules.conflicts import Stale, Taken, Vanished
from participant_rules.definitions import several
from participant_rules.survey import Keys, Known, Page, Participant, Stored, Survey, Write
from participant_rules.survey.wire import read_participants, read_stored, write
from participant_rules.twins import as_coroutine
from participant_rules.wire import Malformed

__all__ = ["AsyncSqlSurveys", "SqlSurveys"]

Definitions = Iterable[Mapping[str, Any]]

_OWNER: Final = SURVEYS.c
_ROW: Final = SURVEY_PARTICIPANTS.c


class SqlSurveys:
    """A Register of surveys in a SQL database.

    On an engine each method is a transaction. On a connection or a session it joins the caller's, who commits
    or rolls back.
    """

    def __init__(self, bind: Bind) -> None:
        self._database = Database(bind)

    def find(self, keys: Keys) -> Known:
        """Answer a question; see `Roster.find`."""
        return self._database.read(partial(_find, keys=keys))

    def commit(self, write: Write) -> None:
        """Make a write; see `Register.commit`."""
        return self._database.write(partial(_commit, write=write))

    def page(self, survey: str, starting_from: str, limit: int) -> Page:
        """Answer a page; see `Register.page`."""
        return self._database.read(partial(_page, survey=survey, starting_from=starting_from, limit=limit))

    def save_survey(self, survey: Survey) -> None:
        """Store a definition, in the place of the one that has its id."""
        return self._database.write(partial(_save, survey=survey))

    def load(self, surveys: Definitions) -> None:
        """Store definitions with their `participants` in wire form; or none, and raises Malformed."""
        return self._database.write(partial(_load, surveys=surveys))

    def clear(self) -> None:
        """Delete everything."""
        return self._database.write(_clear)


class AsyncSqlSurveys:
    """The same Register with coroutines, on an async engine, connection or session."""

    def __init__(self, bind: AsyncBind) -> None:
        self._database = AsyncDatabase(bind)

    find = as_coroutine(SqlSurveys.find)
    commit = as_coroutine(SqlSurveys.commit)
    page = as_coroutine(SqlSurveys.page)
    save_survey = as_coroutine(SqlSurveys.save_survey)
    load = as_coroutine(SqlSurveys.load)
    clear = as_coroutine(SqlSurveys.clear)


# ---- the survey


@frozen
class _Owner:
    """A survey, its number and its time."""

    no: int
    survey: Survey
    clock: int

    def key(self, participant: Participant) -> bytes:
        """The text that the constraint keeps unique."""
        key = self.survey.key_of(participant)
        if key is None:
            raise Malformed("a participant without an identity cannot be stored")
        return digest("identity", key)

    def taken(self) -> Taken:
        return Taken("login" if self.survey.logged_on else "email")


def _owner(connection: Connection, survey: str, *, hold: bool = False) -> _Owner | None:
    asked = select(_OWNER.no, _OWNER.definition, _OWNER.clock).where(_OWNER.key == digest("survey", survey))
    found = connection.execute(asked.with_for_update() if hold else asked).one_or_none()
    return None if found is None else _Owner(found.no, _survey(found.definition), found.clock)


@lru_cache(maxsize=256)
def _survey(definition: str) -> Survey:
    """The survey of a text; it is read once, since each request asks for it."""
    return Survey.from_json(json.loads(definition))


# ---- the port


def _find(connection: Connection, keys: Keys) -> Known:
    owner = _owner(connection, keys.survey)
    if owner is None:
        return Known(None)
    wanted = {digest("identity", key): key for key in map(owner.survey.key, keys.identities)}
    found: dict[str, Stored] = {}
    for some in chunks(wanted):
        asked = select(_ROW.key, _ROW.version, _ROW.document).where(
            _ROW.survey == owner.no, _ROW.key.in_(some)
        )
        for row in connection.execute(asked):
            found[wanted[row.key]] = Stored(read_stored(row.document), row.version)
    return Known(owner.survey, found)


def _commit(connection: Connection, write: Write) -> None:
    owner = _owner(connection, write.survey, hold=True)
    if owner is None or owner.survey.import_state:
        raise Stale
    try:
        if write.before is not None:
            _replace(connection, owner, write.before, write.after)
        elif write.after is not None:
            _add(connection, owner, [write.after])
    except IntegrityError:
        raise owner.taken() from None
    connection.execute(update(SURVEYS).where(_OWNER.no == owner.no).values(clock=owner.clock + 1))


def _replace(connection: Connection, owner: _Owner, before: Stored, after: Participant | None) -> None:
    meant = (_ROW.survey == owner.no, _ROW.key == owner.key(before.participant))
    version = connection.execute(select(_ROW.version).where(*meant)).scalar()
    if version is None:
        raise Vanished
    if version != before.version:
        raise Stale
    if after is None:
        connection.execute(delete(SURVEY_PARTICIPANTS).where(*meant))
    else:
        values = {"key": owner.key(after), "document": _document(after), "version": owner.clock + 1}
        connection.execute(update(SURVEY_PARTICIPANTS).where(*meant).values(values))


def _add(connection: Connection, owner: _Owner, participants: Iterable[Participant]) -> None:
    rows = [
        {"survey": owner.no, "place": at, "version": at, "key": owner.key(each), "document": _document(each)}
        for at, each in enumerate(participants, start=owner.clock + 1)
    ]
    connection.execute(insert(SURVEY_PARTICIPANTS), rows)


def _document(participant: Participant) -> dict[str, Any]:
    """The stored form; further members of a store's payload are kept."""
    return {**participant.extras, **write(participant)}


def _page(connection: Connection, survey: str, starting_from: str, limit: int) -> Page:
    asked = (
        select(_ROW.place, _ROW.document)
        .join(SURVEYS, _OWNER.no == _ROW.survey)
        .where(_OWNER.key == digest("survey", survey), _ROW.place > int(starting_from))
        .order_by(_ROW.place)
        .limit(limit + 1)
    )
    rows = connection.execute(asked).all()
    shown = rows[:limit]
    return Page(
        tuple(read_stored(each.document) for each in shown),
        str(shown[-1].place) if shown else starting_from,
        len(rows) <= limit,
    )


# ---- filling the store


def _save(connection: Connection, survey: Survey) -> None:
    _define(connection, survey)


def _define(connection: Connection, survey: Survey) -> _Owner:
    """Store a definition; the survey's kind of identity must stay."""
    definition = json.dumps(survey.to_json())
    owner = _owner(connection, survey.id, hold=True)
    if owner is None:
        values = {"key": digest("survey", survey.id), "definition": definition, "clock": 0}
        added = insert(SURVEYS).values(values).returning(_OWNER.no)
        return _Owner(connection.execute(added).scalar_one(), survey, clock=0)
    if owner.survey.logged_on is not survey.logged_on and _has_participants(connection, owner):
        raise ValueError("participants are known by their login or by their address: that cannot change")
    connection.execute(update(SURVEYS).where(_OWNER.no == owner.no).values(definition=definition))
    return evolve(owner, survey=survey)


def _has_participants(connection: Connection, owner: _Owner) -> bool:
    asked = select(_ROW.place).where(_ROW.survey == owner.no).limit(1)
    return connection.execute(asked).first() is not None


def _load(connection: Connection, surveys: Definitions) -> None:
    for survey, data in several(surveys, Survey.from_json):
        owner = _define(connection, survey)
        connection.execute(delete(SURVEY_PARTICIPANTS).where(_ROW.survey == owner.no))
        participants = list(read_participants(data, owner.survey))
        if not participants:
            continue
        _add(connection, owner, participants)
        clock = owner.clock + len(participants)
        connection.execute(update(SURVEYS).where(_OWNER.no == owner.no).values(clock=clock))


def _clear(connection: Connection) -> None:
    connection.execute(delete(SURVEY_PARTICIPANTS))
    connection.execute(delete(SURVEYS))
