"""Projects in SQL keep the contract: SQLite in memory and in a file, and PostgreSQL; sync and async."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from participant_rules.adapters.sqlalchemy import (
    AsyncSqlProjects,
    SqlProjects,
    acreate_tables,
    create_tables,
    open_async_engine,
    open_engine,
)
from participant_rules.testing import ProjectRegisterContract
from participant_rules.testing.postgres import Postgres


class SyncContract(ProjectRegisterContract):
    """A store on an engine that is disposed of after the test."""

    shares_values = True
    url: str
    engine: Engine

    def make(self, definitions: list[dict[str, Any]]) -> SqlProjects:
        """A new store."""
        self.engine = open_engine(self.url)
        create_tables(self.engine)
        store = SqlProjects(self.engine)
        store.load(definitions)
        return store

    def close(self, store: SqlProjects) -> None:
        """Close the connections."""
        store.clear()
        self.engine.dispose()


class AsyncContract(ProjectRegisterContract):
    """The same with coroutines."""

    shares_values = True
    url: str
    engine: AsyncEngine

    async def make(self, definitions: list[dict[str, Any]]) -> AsyncSqlProjects:
        """A new store."""
        self.engine = open_async_engine(self.url)
        await acreate_tables(self.engine)
        store = AsyncSqlProjects(self.engine)
        await store.load(definitions)
        return store

    async def close(self, store: AsyncSqlProjects) -> None:
        """Close the connections."""
        await store.clear()
        await self.engine.dispose()


@pytest.mark.heavy
class TestMemory(SyncContract):
    """SQLite in memory."""

    url = "sqlite://"


@pytest.mark.heavy
class TestAsyncMemory(AsyncContract):
    """SQLite in memory, async."""

    url = "sqlite+aiosqlite://"


class TestFile(SyncContract):
    """SQLite in a file."""

    @pytest.fixture(autouse=True)
    def _file(self, tmp_path: Path) -> None:
        self.url = f"sqlite:///{tmp_path}/projects.db"


@pytest.mark.heavy
class TestAsyncFile(AsyncContract):
    """SQLite in a file, async."""

    @pytest.fixture(autouse=True)
    def _file(self, tmp_path: Path) -> None:
        self.url = f"sqlite+aiosqlite:///{tmp_path}/projects.db"


@pytest.fixture(scope="class")
def database(postgres: Postgres) -> str:
    """A database for a class of tests."""
    return postgres.create_database()


@pytest.mark.heavy
class TestPostgres(SyncContract):
    """PostgreSQL."""

    @pytest.fixture(autouse=True)
    def _database(self, database: str) -> None:
        self.url = database


@pytest.mark.heavy
class TestAsyncPostgres(AsyncContract):
    """PostgreSQL, async."""

    @pytest.fixture(autouse=True)
    def _database(self, database: str) -> None:
        self.url = database
