"""Stores in SQL that join a transaction of their caller's."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from participant_rules import project, survey
from participant_rules.adapters.sqlalchemy import (
    AsyncSqlProjects,
    AsyncSqlSurveys,
    SqlProjects,
    SqlSurveys,
    create_tables,
    open_engine,
)
from participant_rules.adapters.sqlalchemy.engines import Database
from participant_rules.conflicts import Taken, Vanished
from participant_rules.testing.postgres import Postgres

SURVEY = survey.Survey(id="S", invited=False, logged_on=True, group=False)
KIM = {"loginSection": {"login": "kim", "subjects": [{"subjectName": ""}]}}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    """A database of each kind, with our tables and one of somebody else's."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'study.db'}"
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        address = postgres.create_database()
    engine = open_engine(address)
    create_tables(engine)
    SqlProjects(engine).save_project(project.Project(id="P"))
    SqlSurveys(engine).save_survey(SURVEY)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE visits (visit INTEGER)"))
    engine.dispose()
    return address


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """An engine of the caller's own, as SQLAlchemy makes it."""
    engine = create_engine(url)
    yield engine
    engine.dispose()


Opening = Callable[[Engine], Connection | Session]
BOTH = pytest.mark.parametrize("open_", [Engine.connect, Session], ids=["connection", "session"])
VISIT = text("INSERT INTO visits VALUES (1)")


def put(store: SqlProjects, row: object) -> list[str]:
    """The outcome of a change: its action, or its violations."""
    decision = project.Registrar(store).put(project.read(row, project="P"))
    return [each.code for each in decision.violations] or [decision.action]


def stored(engine: Engine) -> tuple[int, int, int]:
    """How many participants of the project, participants of the survey, and visits there are."""
    page = SqlSurveys(engine).page("S", "0", 10)
    with engine.connect() as connection:
        visits = connection.execute(text("SELECT count(*) FROM visits")).scalar_one()
    return SqlProjects(engine).search("P", project.Query()).total, len(page.participants), visits


@BOTH
def test_the_callers_transaction_is_the_stores(engine: Engine, open_: Opening) -> None:
    """The writes of the store are committed or rolled back with the caller's, and seen before."""
    for committing, expected in ((False, (0, 0, 0)), (True, (2, 1, 1))):
        with open_(engine) as transaction:
            projects, surveys = SqlProjects(transaction), SqlSurveys(transaction)
            assert put(projects, {"participantIdentifier": "A", "demographics": {"email": "a@b.de"}}) == [
                "add"
            ]
            transaction.execute(VISIT)
            assert put(projects, {"participantIdentifier": "B"}) == ["add"]
            assert survey.Registrar(surveys).add("S", survey.read(KIM)).action == "add"
            assert put(projects, {"participantIdentifier": "B"}) == ["none"]
            assert stored_seen(transaction) == (2, 1)
            if committing:
                transaction.commit()
            else:
                transaction.rollback()
        assert stored(engine) == expected


def stored_seen(transaction: Connection | Session) -> tuple[int, int]:
    """How many participants a transaction sees."""
    projects, surveys = SqlProjects(transaction), SqlSurveys(transaction)
    return projects.search("P", project.Query()).total, len(surveys.page("S", "0", 10).participants)


@BOTH
def test_a_refusal_leaves_the_transaction_as_it_was(engine: Engine, open_: Opening) -> None:
    """Neither a violation nor a conflict undoes the caller's earlier writes."""
    with open_(engine) as transaction:
        projects, surveys = SqlProjects(transaction), SqlSurveys(transaction)
        transaction.execute(VISIT)
        assert put(projects, {"participantIdentifier": "A", "demographics": {"email": "a@b.de"}}) == ["add"]
        assert put(projects, {"participantIdentifier": "B", "demographics": {"email": "A@B.de"}}) == [
            "email-taken"
        ]
        known = surveys.find(survey.Keys("S", frozenset()))
        assert known.survey == SURVEY
        write = survey.Write("S", None, survey.read(KIM))
        surveys.commit(write)
        with pytest.raises(Taken):
            surveys.commit(write)
        participant = project.Participant(id="a", participant_identifier="A")
        with pytest.raises(Taken):
            projects.commit([project.Write("P", None, participant)])
        gone = project.Stored(participant, 99)
        with pytest.raises(Vanished):
            projects.commit([project.Write("P", gone, participant)])
        transaction.commit()
    assert stored(engine) == (1, 1, 1)


SYNC = "an Engine, a Connection or a Session (of a scoped one what a call gives) is due, not"
ASYNC = "an AsyncEngine, an AsyncConnection or an AsyncSession is due, not"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda _: SqlProjects("sqlite://"), f"{SYNC} a value of the type str"),  # type: ignore[arg-type]  # a mistake
        (lambda _: SqlSurveys(None), f"{SYNC} None"),  # type: ignore[arg-type]  # a mistake
        (
            lambda engine: SqlProjects(sessionmaker(engine)),  # type: ignore[arg-type]  # a mistake
            f"{SYNC} a value of the type sqlalchemy.sessionmaker",
        ),
        (
            lambda engine: SqlProjects(scoped_session(sessionmaker(engine))),  # type: ignore[arg-type]  # a mistake
            f"{SYNC} a value of the type sqlalchemy.scoped_session",
        ),
        (AsyncSqlProjects, f"{ASYNC} a value of the type sqlalchemy.Engine"),
        (lambda _: AsyncSqlSurveys("sqlite://"), f"{ASYNC} a value of the type str"),  # type: ignore[arg-type]  # a mistake
    ],
    ids=range(6),
)
def test_where_a_store_can_be(make: Callable[[Any], object], why: str) -> None:
    """Anything else is refused at once: a scoped session is another one in another thread."""
    engine = create_engine("sqlite://")
    with pytest.raises(TypeError) as wrong:
        make(engine)
    assert str(wrong.value) == why


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_two_transactions_of_their_callers(engine: Engine) -> None:
    """A reader does not wait, and decides on the data that the other one has committed by then."""
    with engine.connect() as one, engine.connect() as other:
        assert put(SqlProjects(one), {"participantIdentifier": "A"}) == ["add"]
        asked = SqlProjects(other).find(project.Keys("P", {"participantIdentifier": frozenset({"A"})}))
        assert asked.participants == ()
        one.commit()
        assert put(SqlProjects(other), {"participantIdentifier": "A"}) == ["none"]
        other.commit()


def test_errors_have_no_personal_data(engine: Engine) -> None:
    """Also those of a connection with an engine that would show the values of a statement."""

    def broken(connection: Connection) -> None:
        connection.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": "robin"})

    with engine.connect() as connection:
        for run in (Database(connection).read, Database(connection).write):
            with pytest.raises(DBAPIError) as failure:
                run(broken)
            assert "robin" not in str(failure.value)
            connection.rollback()


# ---- async

OpeningAsync = Callable[[AsyncEngine], AsyncConnection | AsyncSession]


@pytest.mark.parametrize("open_", [AsyncEngine.connect, AsyncSession], ids=["connection", "session"])
def test_the_same_with_coroutines(url: str, engine: Engine, open_: OpeningAsync) -> None:
    """An async connection or session is joined alike."""
    address = url.replace("sqlite:", "sqlite+aiosqlite:")

    async def work(*, committing: bool) -> None:
        there = create_async_engine(address)
        async with open_(there) as transaction:
            projects, surveys = AsyncSqlProjects(transaction), AsyncSqlSurveys(transaction)
            registrar = project.Registrar(projects)
            change = project.read({"demographics": {"email": "a@b.de"}}, project="P")
            assert (await registrar.aput(change)).action == "add"
            await transaction.execute(VISIT)
            assert [each.code for each in (await registrar.aput(change)).violations] == ["email-taken"]
            added = await survey.Registrar(surveys).asubmit(
                survey.Change(survey.Operation.ADD, "S", asked=survey.read(KIM))
            )
            assert added.action == "add"
            if committing:
                await transaction.commit()
            else:
                await transaction.rollback()
        await there.dispose()

    asyncio.run(work(committing=False))
    assert stored(engine) == (0, 0, 0)
    asyncio.run(work(committing=True))
    assert stored(engine) == (1, 1, 1)
