"""Engines and transactions: the only place that distinguishes sync from async stores, and commits.

Everything else here is a function of a sync `Connection`; an async engine runs it in a greenlet.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import AsyncAdaptedQueuePool, QueuePool, SingletonThreadPool, StaticPool

from participant_rules.conflicts import Stale
from participant_rules.due import refuse_other

__all__ = ["AsyncBind", "AsyncDatabase", "Bind", "Database", "open_async_engine", "open_engine"]

Bind = Engine | Connection | Session
"""The place of a store: an engine, or a connection or session, and it joins the transaction of that."""
AsyncBind = AsyncEngine | AsyncConnection | AsyncSession

T = TypeVar("T")
Work = Callable[[Connection], T]

PATIENCE: Final = 60  # seconds that a writer of SQLite, of whom there is one at a time, waits for its turn
_DEADLOCK: Final = "40P01"  # SQLSTATE
_TRY_AGAIN: Final = frozenset({"40001", _DEADLOCK})  # a serialization failure ends with the transaction


def open_engine(url: str, **options: Any) -> Engine:
    """An engine that suits the stores; `options` go to `create_engine`, and win.

    SQLite in memory gets one connection, which its users take in turn; in a file it writes ahead (WAL), so
    that nobody who reads waits for a writer. `connect_args` are added to those that SQLite gets.
    """
    engine = create_engine(url, **_options(url, QueuePool, options))
    _write_ahead(engine)
    return engine


def open_async_engine(url: str, **options: Any) -> AsyncEngine:
    """An async engine that suits the stores; see `open_engine`."""
    engine = create_async_engine(url, **_options(url, AsyncAdaptedQueuePool, options))
    _write_ahead(engine.sync_engine)
    return engine


def _options(url: str, pool: type[QueuePool], options: Mapping[str, Any]) -> dict[str, Any]:
    where = make_url(url)
    if where.get_backend_name() != "sqlite":
        return dict(options)
    waiting = {"check_same_thread": False, "timeout": PATIENCE} | dict(options.get("connect_args", {}))
    in_memory = where.database in (None, "", ":memory:")
    alone = {"poolclass": pool, "pool_size": 1, "max_overflow": 0} if in_memory else {}
    return alone | dict(options) | {"connect_args": waiting}


def _write_ahead(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def set_journal(connection: Any, _: object) -> None:
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.close()


class Database:
    """Runs functions of a connection: each in a transaction of its own, or all in the caller's."""

    def __init__(self, bind: Bind) -> None:
        refuse_other(bind, Bind, "an Engine, a Connection or a Session (of a scoped one what a call gives)")
        self._bind = _discreet(bind) if isinstance(bind, Engine) else bind

    def read(self, work: Work[T]) -> T:
        """The result of the function, which only reads."""
        return self._run(work, partial(_read_joined, work=work))

    def write(self, work: Work[T]) -> T:
        """The result of the function, once its writes are committed, or part of the caller's transaction."""
        return self._run(partial(_write, work=work), partial(_write_joined, work=work))

    def _run(self, alone: Work[T], joined: Work[T]) -> T:
        if isinstance(self._bind, Engine):
            with self._bind.connect() as connection:
                return alone(connection)
        return joined(self._bind.connection() if isinstance(self._bind, Session) else self._bind)


class AsyncDatabase:
    """Runs the same functions on an async engine, or in the transaction of an async connection or session."""

    def __init__(self, bind: AsyncBind) -> None:
        refuse_other(bind, AsyncBind, "an AsyncEngine, an AsyncConnection or an AsyncSession")
        self._bind = AsyncEngine(_discreet(bind.sync_engine)) if isinstance(bind, AsyncEngine) else bind
        # SQLite cannot be stopped in a statement, and a caller's transaction shall not be.
        self._finishes = bind.dialect.name == "sqlite" if isinstance(bind, AsyncEngine) else True

    async def read(self, work: Work[T]) -> T:
        """The result of the function, which only reads."""
        running = self._run(work, partial(_read_joined, work=work))
        return await (_to_the_end(running) if self._finishes else running)

    async def write(self, work: Work[T]) -> T:
        """The result of the function, once its writes are committed, or part of the caller's transaction."""
        return await _to_the_end(self._run(partial(_write, work=work), partial(_write_joined, work=work)))

    async def _run(self, alone: Work[T], joined: Work[T]) -> T:
        if isinstance(self._bind, AsyncEngine):
            async with self._bind.connect() as connection:
                return await connection.run_sync(alone)
        if isinstance(self._bind, AsyncSession):
            return await self._bind.run_sync(lambda session: joined(session.connection()))
        return await self._bind.run_sync(joined)


async def _to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Finish a begun call, also for a task that is cancelled meanwhile.

    Else a client that hangs up would cost a connection, and SQLite in memory its only one, with all the data.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


def _discreet(engine: Engine) -> Engine:
    """A view of the engine that keeps personal data out of errors and logs."""
    if engine.dialect.name == "sqlite" and isinstance(engine.pool, StaticPool | SingletonThreadPool):
        raise ValueError(
            "this engine lets several users into one connection, or gives each thread a database of its own:"
            " use open_engine, or a QueuePool of one connection"
        )
    view = engine.execution_options()
    view.hide_parameters = True
    return view


def _write(connection: Connection, work: Work[T]) -> T:
    try:
        with _transaction(connection):
            return work(connection)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _TRY_AGAIN:
            raise Stale from None
        raise


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        with connection.begin():
            yield
        return
    # Python's SQLite begins with a lock that only reads; to change to writing later may fail without waiting.
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        if not connection.invalidated and _is_in_transaction(connection):
            connection.exec_driver_sql("ROLLBACK")
        raise


def _is_in_transaction(connection: Connection) -> bool:
    """Whether SQLite has a transaction still: where its disk is full, it has taken it back itself."""
    driver: Any = connection.connection.driver_connection
    return bool(driver.in_transaction)


# ---- in the transaction of a caller, who commits and rolls back


def _read_joined(connection: Connection, work: Work[T]) -> T:
    with _without_values():
        return work(connection)


def _write_joined(connection: Connection, work: Work[T]) -> T:
    """The result of the function; when it raises, only its own writes are undone."""
    try:
        with _without_values():
            _begin(connection)
            with connection.begin_nested():
                return work(connection)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _DEADLOCK:
            raise Stale from None
        raise


def _begin(connection: Connection) -> None:
    """Begin the transaction that the driver of SQLite would begin later: a savepoint is to stand in one."""
    if connection.dialect.name == "sqlite" and not _is_in_transaction(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _without_values() -> Iterator[None]:
    """Keep personal data out of the errors of a caller's connection."""
    try:
        yield
    except StatementError as error:
        error.hide_parameters = True
        raise
