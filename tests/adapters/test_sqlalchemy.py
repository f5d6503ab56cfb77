"""Stores in SQL beyond the contract: filling, definitions, privacy, and the vectors."""

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from sqlalchemy import Engine, StaticPool, create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from participant_rules import project, survey
from participant_rules.adapters.sqlalchemy import (
    METADATA,
    AsyncSqlSurveys,
    SqlProjects,
    SqlSurveys,
    create_tables,
    open_engine,
)
from participant_rules.adapters.sqlalchemy.engines import Database
from participant_rules.conflicts import Stale
from participant_rules.conformance.runner import run_files
from participant_rules.conformance.vectors import load
from participant_rules.http import Request, Response
from participant_rules.memory import Loopback
from participant_rules.survey.wire import read_stored
from participant_rules.testing.postgres import Postgres
from participant_rules.violations import Violation
from participant_rules.wire import Malformed

TWINS = [
    {"id": "a", "demographics": {"email": "twin@example.com"}},
    {"id": "b", "demographics": {"email": "Twin@example.com"}},
    {"id": "c", "demographics": {"mobilePhone": "020 7946 0018"}},
]
OWNERS = [METADATA.tables[f"participant_rules_{name}"] for name in ("survey", "project")]
LOGIN = {"id": "L", "invited": False, "loggedOn": True, "group": False}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        engine = open_engine("sqlite://")
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        engine = open_engine(postgres.create_database())
    create_tables(engine)
    yield engine
    engine.dispose()


def put(store: SqlProjects, row: object) -> list[str]:
    """The codes of a change's violations."""
    return [each.code for each in project.Registrar(store).put(project.read(row, project="P")).violations]


def test_a_legacy_key_of_several_is_kept_until_the_last_gives_it_up(engine: Engine) -> None:
    """As in memory: the store starts with exactly the given data."""
    store = SqlProjects(engine)
    store.load([{"id": "P", "participants": TWINS}])
    row = {"demographics": {"email": "twin@example.com"}}
    for each in ("a", "b"):
        assert put(store, row) == ["email-taken"]
        assert put(store, {"id": each, "demographics": {"email": None}}) == []
    assert put(store, row) == []


def test_fill_adds_to_what_there_is(engine: Engine) -> None:
    """From an iterator, without judging; all of it or nothing."""
    store = SqlProjects(engine)
    store.load([{"id": "P", "participants": TWINS[:1]}])
    store.fill("P", iter(TWINS[1:]))
    store.fill("P", ({"participantIdentifier": f"n{number}"} for number in range(2500)))
    assert store.search("P", project.Query()).total == 2503
    for given in ([{"id": "new"}, {"id": "A"}], [{"id": 1}]):
        with pytest.raises(Malformed):
            store.fill("P", given)
    with pytest.raises(Malformed):
        store.fill("Q", [{}])
    assert store.search("P", project.Query()).total == 2503
    assert put(store, {"demographics": {"email": "twin@example.com"}}) == ["email-taken"]


def test_another_region_brings_other_numbers(engine: Engine) -> None:
    """A definition that is saved again makes the keys anew where they depend on it."""
    store = SqlProjects(engine)
    store.load([{"id": "P", "participants": TWINS}])
    row = {"demographics": {"email": "x@example.com", "mobilePhone": "+442079460018"}}
    store.save_project(project.Project(id="P", default_region="GB"))
    assert put(store, row) == ["mobile-phone-taken"]
    store.save_project(project.Project(id="P", default_region="FR"))
    assert put(store, row) == []
    assert put(store, {"demographics": {"email": "twin@example.com"}}) == ["email-taken"]


def test_load_replaces(engine: Engine) -> None:
    """The earlier data of a project or survey is gone; when a definition is wrong, nothing is."""
    projects, surveys = SqlProjects(engine), SqlSurveys(engine)
    projects.load([{"id": "P", "participants": TWINS}, {"id": "Q", "participants": TWINS}])
    projects.load([{"id": "P", "participants": [{"id": "d"}]}])
    assert [projects.search(name, project.Query()).total for name in "PQ"] == [1, 3]
    surveys.load([LOGIN | {"participants": [login("a")]}])
    with pytest.raises(Malformed):
        surveys.load([LOGIN, LOGIN | {"id": "M", "participants": [login("b"), login("b")]}])
    with pytest.raises(Malformed):
        surveys.load([LOGIN, LOGIN])
    with pytest.raises(Malformed):
        projects.load([{"id": "P"}, {"id": "P"}])
    with pytest.raises(
        Malformed, match=r"^segment: /segments/1/segmentID An earlier segment has the same id\.$"
    ):
        projects.load([{"id": "P", "segments": [{"segmentID": "s"}, {"segmentID": "S"}]}])
    assert projects.search("P", project.Query()).total == 1
    assert len(surveys.page("L", "0", 9).participants) == 1
    surveys.clear()
    projects.clear()
    assert surveys.find(survey.Keys("L", frozenset())).survey is None
    assert projects.find(project.Keys("P")).project is None


def login(name: str) -> dict[str, Any]:
    """A participant in wire form."""
    return {"loginSection": {"login": name, "subjects": [{"subjectName": ""}]}}


def test_a_definition_changes_while_its_participants_stay(engine: Engine) -> None:
    """But not their keys."""
    store = SqlSurveys(engine)
    store.load([LOGIN | {"participants": [login("a")]}])
    store.save_survey(survey.Survey.from_json(LOGIN | {"importState": "running"}))
    with pytest.raises(Stale):
        store.commit(survey.Write("L", None, read_stored(login("b"))))
    store.save_survey(survey.Survey.from_json(LOGIN))
    store.commit(survey.Write("L", None, read_stored(login("b"))))
    with pytest.raises(ValueError, match="known by"):
        store.save_survey(survey.Survey.from_json(LOGIN | {"invited": True, "loggedOn": False}))
    assert len(store.page("L", "0", 9).participants) == 2


def test_constraints_guard_the_keys_from_whoever_writes(engine: Engine) -> None:
    """A row that is inserted past the store."""
    SqlProjects(engine).load([{"id": "P", "participants": TWINS}])
    SqlSurveys(engine).load([LOGIN | {"participants": [login("a")]}])
    for table in ("project_key", "survey_participant"):
        copied = METADATA.tables[f"participant_rules_{table}"]
        names = [column.name for column in copied.columns]
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(copied.insert().from_select(names, copied.select()))


def test_all_names_begin_alike() -> None:
    """So that the tables can live beside others."""
    assert all(name.startswith("participant_rules_") for name in METADATA.tables)


def test_errors_and_logs_have_no_personal_data(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """Also of an engine that shows its statements."""
    engine.echo = True
    store = SqlProjects(engine)
    store.load([{"id": "P", "participants": TWINS}])
    METADATA.tables["participant_rules_project_key"].drop(engine)
    with caplog.at_level(logging.DEBUG), pytest.raises(DBAPIError) as failure:
        put(store, {"participantIdentifier": "secret", "demographics": {"email": "secret@example.com"}})
    assert "secret" not in str(failure.value) + caplog.text
    assert "hidden" in str(failure.value)


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_what_a_database_wants_tried_again_is_stale(engine: Engine, code: str) -> None:
    """Deadlocks and serialization failures; other errors pass through."""

    class Lost(Exception):
        sqlstate = code

    def fail(_: object) -> None:
        raise DBAPIError("", None, Lost())

    with pytest.raises(Stale):
        Database(engine).write(fail)
    Lost.sqlstate = "53100"
    with pytest.raises(DBAPIError):
        Database(engine).write(fail)


def test_an_engine_without_transactions_is_refused() -> None:
    """SQLite in memory, where threads or tasks would share a connection."""
    with pytest.raises(ValueError, match="open_engine"):
        SqlSurveys(create_engine("sqlite://", poolclass=StaticPool))
    with pytest.raises(ValueError, match="open_engine"):
        SqlProjects(create_engine("sqlite://"))
    with pytest.raises(ValueError, match="open_engine"):
        AsyncSqlSurveys(create_async_engine("sqlite+aiosqlite://"))


# ---- the vectors


class InSql:
    """A server over the stores in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._surveys = SqlSurveys(engine)
        self._projects = SqlProjects(engine)

    def begin(self, given: Mapping[str, Any]) -> None:
        """Start with exactly the given data."""
        now = datetime.fromisoformat(given["now"]) if "now" in given else None
        self._projects = SqlProjects(self._engine, now=lambda: now or datetime.now(UTC))
        self._surveys.clear()
        self._projects.clear()
        self._surveys.load(given.get("surveys", ()))
        self._projects.load(given.get("projects", ()))

    def dry_run(self, request: Request, caller: Mapping[str, Any]) -> tuple[Violation, ...]:
        """The Api's dry run."""
        return self._apis(caller).api(request).check(request)

    def send(self, request: Request, caller: Mapping[str, Any]) -> Response:
        """The Api's answer."""
        return self._apis(caller).send(request)

    def contents(self) -> object:
        """The clocks, which tick with every commit."""
        with self._engine.connect() as connection:
            return [sorted(connection.execute(select(each.c.key, each.c.clock)).all()) for each in OWNERS]

    def _apis(self, caller: Mapping[str, Any]) -> Loopback:
        by = survey.Caller(manages_interviewers=caller.get("managesInterviewers", True))
        return Loopback({"": survey.Api(self._surveys, caller=by), "/api/v1/": project.Api(self._projects)})


@pytest.mark.parametrize(
    "step", [pytest.param(9, id="some"), pytest.param(1, id="all", marks=pytest.mark.heavy)]
)
def test_the_vectors_hold_in_sql(step: int) -> None:
    """Some of each file, or every one of them."""
    engine = open_engine("sqlite://")
    create_tables(engine)
    files = load([Path(__file__).parents[1] / "vectors"])
    chosen = [evolve(each, cases=each.cases[::step]) for each in files]
    outcomes = list(run_files(chosen, InSql(engine)))
    engine.dispose()
    assert [(each.name, each.why) for each in outcomes if not each.passed] == []


def test_more_is_kept_than_the_contract_wants(engine: Engine) -> None:
    """Undocumented members, and the order of names."""
    given = {"id": "a", "demographics": {"timeZone": "UTC"}, "customFields": {"z": 1, "a": 2}, "old": [1]}
    projects = SqlProjects(engine)
    projects.load([{"id": "P", "participants": [given]}])
    known = projects.find(project.Keys("P", {"id": frozenset({"a"})})).participants
    assert isinstance(known, tuple)
    (text_of,) = [project.write(each.participant) for each in known]
    assert text_of == given
    assert [*text_of["customFields"]] == ["z", "a"]
    seeding = {"v2": "b;a", "V1": None}
    section = {"login": "E", "subjects": [{"subjectName": "", "questionnaireSeeding": seeding}]}
    surveys = SqlSurveys(engine)
    surveys.load([LOGIN | {"participants": [{"loginSection": section, "legacy": {"x": 1}}]}])
    stored = surveys.find(survey.Keys("L", frozenset({"E"}))).find("E")
    assert isinstance(stored, survey.Stored)
    assert dict(stored.participant.extras) == {"legacy": {"x": 1}}
    (subject,) = survey.write(stored.participant)["loginSection"]["subjects"]
    assert [*subject["questionnaireSeeding"]] == ["v2", "V1"]


def test_a_full_disk(tmp_path: Path) -> None:
    """The database's own reason reaches the caller, nothing is stored, and the store goes on afterwards."""
    engine = open_engine(f"sqlite:///{tmp_path / 'small.db'}", connect_args={"timeout": 1}, pool_size=1)
    create_tables(engine)
    store = SqlProjects(engine)
    store.load([{"id": "P"}])
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
    with pytest.raises(DBAPIError, match="database or disk is full"):
        store.fill("P", ({"participantIdentifier": f"n{number}"} for number in range(2_000)))
    assert store.search("P", project.Query()).total == 0
    assert put(store, {"participantIdentifier": "n"}) == []
    engine.dispose()
