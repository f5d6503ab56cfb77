"""Many writers and shared keys: one winner a key, the documented violation for all others, no duplicate.

Each writer is a thread with a registrar of its own; it puts every key once, in an order of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine

from participant_rules import project, survey
from participant_rules.adapters.sqlalchemy import SqlProjects, SqlSurveys, create_tables, open_engine
from participant_rules.testing.postgres import Postgres

DEFINITION: dict[str, Any] = {"id": "S", "invited": False, "loggedOn": True, "group": False}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind with a survey and a project in it."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path}/races.db", pool_size=40)
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        engine = open_engine(postgres.create_database(), pool_size=70)
    create_tables(engine)
    SqlSurveys(engine).load([DEFINITION])
    SqlProjects(engine).load([{"id": "P"}])
    yield engine
    engine.dispose()


def all_at_once(writers: int, keys: int, put: Callable[[int, int], str]) -> list[Counter[str]]:
    """The outcome of each key: every writer puts every key, and no two in the same order."""
    barrier = Barrier(writers)

    def run(writer: int) -> list[tuple[int, str]]:
        order = list(range(keys))
        Random(writer).shuffle(order)
        if writer % 2:
            order.sort()  # half of them meet at every key
        barrier.wait(60)
        return [(key, put(writer, key)) for key in order]

    found = [Counter[str]() for _ in range(keys)]
    with ThreadPoolExecutor(writers) as threads:
        for outcomes in threads.map(run, range(writers)):
            for key, outcome in outcomes:
                found[key][outcome] += 1
    return found


def outcome(decision: Any) -> str:
    """The violations of a decision, or its action."""
    return ",".join(each.code for each in decision.violations) or decision.action


def race_for_addresses(engine: Engine, writers: int, keys: int) -> None:
    """New participants of a project, known by their addresses."""
    registrar = project.Registrar(SqlProjects(engine))

    def put(writer: int, key: int) -> str:
        email = f"{'Key' if writer % 2 else 'key'}{key}@example.com"
        return outcome(registrar.put(project.read({"demographics": {"email": email}}, project="P")))

    assert all_at_once(writers, keys, put) == [{"add": 1, "email-taken": writers - 1}] * keys
    page = SqlProjects(engine).search("P", project.Query(page_size=10 * keys))
    emails = [each.demographics.email.lower() for each in page.participants]  # type: ignore[union-attr]
    assert sorted(emails) == sorted(f"key{key}@example.com" for key in range(keys))


def race_for_logins(engine: Engine, writers: int, keys: int) -> None:
    """New participants of a survey, known by their logins."""
    registrar = survey.Registrar(SqlSurveys(engine))

    def put(writer: int, key: int) -> str:
        section = {"login": f"key{key}", "password": str(writer), "subjects": [{"subjectName": ""}]}
        return outcome(registrar.add("S", survey.read({"loginSection": section})))

    assert all_at_once(writers, keys, put) == [{"add": 1, "login-name-taken": writers - 1}] * keys
    listed = SqlSurveys(engine).page("S", "0", 10 * keys).participants
    logins = [each.login_section.login for each in listed]  # type: ignore[union-attr]
    assert sorted(map(str, logins)) == sorted(f"key{key}" for key in range(keys))


def race_in_batches(engine: Engine, writers: int, batches: int, rows: int) -> None:
    """Whole batches with their good rows taken: of two batches with an address in common one has it."""
    registrar = project.Registrar(SqlProjects(engine))

    def put(writer: int, key: int) -> str:
        changes = [
            project.read({"demographics": {"email": f"batch{key}-{row}@example.com"}}, project="P")
            for row in Random(f"{writer} {key}").sample(range(rows), rows)
        ]
        return str(registrar.put_many(changes, accept="good").total_added)

    for found in all_at_once(writers, batches, put):
        assert sum(int(added) * times for added, times in found.items()) == rows
    assert SqlProjects(engine).search("P", project.Query()).total == batches * rows


@pytest.mark.parametrize("race", [race_for_addresses, race_for_logins], ids=["addresses", "logins"])
def test_one_winner_a_key(engine: Engine, race: Callable[[Engine, int, int], None]) -> None:
    """Twelve writers, some keys."""
    race(engine, 12, 6)


def test_one_winner_a_key_of_batches(engine: Engine) -> None:
    """Five writers, the same batches in other orders."""
    race_in_batches(engine, 5, 2, 10)


@pytest.mark.heavy
@pytest.mark.parametrize("race", [race_for_addresses, race_for_logins], ids=["addresses", "logins"])
def test_one_winner_of_a_thousand_keys(engine: Engine, race: Callable[[Engine, int, int], None]) -> None:
    """32 writers on SQLite, 64 on PostgreSQL."""
    race(engine, 32 if engine.dialect.name == "sqlite" else 64, 1000)


@pytest.mark.heavy
def test_one_winner_of_a_thousand_rows(engine: Engine) -> None:
    """Batches of a hundred rows."""
    race_in_batches(engine, 32 if engine.dialect.name == "sqlite" else 64, 10, 100)
