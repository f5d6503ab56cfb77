"""A process that is killed while it commits batches leaves each batch before or after, never between."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from participant_rules import project
from participant_rules.adapters.sqlalchemy import SqlProjects, create_tables, open_engine
from participant_rules.testing.postgres import Postgres

WRITER = Path(__file__).with_name("bulk_writer.py")
ROWS = 60
ROOT = Path(__file__).parents[2]


def kill_again_and_again(url: str, times: int) -> None:
    """Start a writer, kill it at some moment, and look at the data that it left."""
    engine = open_engine(url)
    create_tables(engine)
    store = SqlProjects(engine)
    store.load([{"id": "P"}])
    random, start = Random(times), 0
    for _ in range(times):
        command = [sys.executable, str(WRITER), url, str(start)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=_environment()
        ) as writer:
            assert writer.stdout is not None
            for _ in range(random.randint(1, 4)):  # it is at work, the first times at least
                shown = writer.stdout.readline()
                assert shown, "the writer did not start"
            time.sleep(random.uniform(0, 0.25))
            writer.kill()
            shown = (shown + writer.stdout.read()).split()[-1]
        start = int(shown) + 1
        look(store)
    assert store.search("P", project.Query()).total > 0
    engine.dispose()


def _environment() -> dict[str, str]:
    return {"PYTHONPATH": str(ROOT)}


def look(store: SqlProjects) -> None:
    """Every batch is there with all its rows or with none, renamed as a whole or not at all, keys and all."""
    everybody = store.search("P", project.Query(page_size=1_000_000)).participants
    names = [str(each.participant_identifier) for each in everybody]
    batches = Counter(name.split("-")[0] for name in names)
    assert set(batches.values()) <= {ROWS}
    ids = frozenset(str(each.id) for each in everybody)
    assert len(known(store, project.Keys("P", {"id": ids}))) == len(everybody)
    assert len(known(store, project.Keys("P", {"participantIdentifier": frozenset(names)}))) == len(everybody)
    emails = frozenset(f"{each.id}@example.com" for each in everybody)
    assert len(known(store, project.Keys("P", {"demographics.email": emails}))) == len(everybody)
    others = frozenset(name.removeprefix("renamed ") for name in names) - set(names)
    assert known(store, project.Keys("P", {"participantIdentifier": others})) == ()


def known(store: SqlProjects, keys: project.Keys) -> tuple[project.Stored, ...]:
    """The participants that the keys name."""
    found = store.find(keys).participants
    assert isinstance(found, tuple)
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes a database of each kind."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path}/kills.db"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.create_database


def test_some_kills(new_database: Callable[[], str]) -> None:
    """At random moments: two on each kind."""
    kill_again_and_again(new_database(), 2)


@pytest.mark.heavy
def test_fifty_kills(new_database: Callable[[], str]) -> None:
    """On each kind."""
    kill_again_and_again(new_database(), 50)
