"""Enrolling and changing the address at the same time: nobody's address changes after they have enrolled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from participant_rules import project
from participant_rules.adapters.sqlalchemy import SqlProjects, create_tables, open_engine
from participant_rules.conflicts import Stale
from participant_rules.memory import MemoryProjects
from participant_rules.testing.postgres import Postgres

Store = MemoryProjects | SqlProjects


def stored(store: Store, name: str) -> project.Stored:
    """The participant with this id."""
    participants = store.find(project.Keys("P", {"id": frozenset({name})})).participants
    assert isinstance(participants, tuple)
    return participants[0]


def enroll(store: Store, name: str) -> str:
    """The work of the study's own app; answers the address that it enrolled with."""
    while True:
        before = stored(store, name)
        after = evolve(before.participant, enrolled=True, enrollment_date="2026-01-01")
        try:
            store.commit([project.Write("P", before, after)])
        except Stale:
            continue
        assert after.demographics
        return str(after.demographics.email)


def change(store: Store, name: str) -> bool:
    """The work of an administrator; answers whether the new address stands."""
    row = {"id": name, "demographics": {"email": f"new-{name}@example.com"}}
    decision = project.Registrar(store).put(project.read(row, project="P"))
    assert [each.code for each in decision.violations] in ([], ["email-immutable"])
    return bool(decision)


def interleave(store: Store, times: int) -> None:
    """Both at once, again and again; a short wait before either moves their meeting about."""
    random = Random(times)
    with ThreadPoolExecutor(2) as threads:
        for number in range(times):
            name = f"n{number}"
            old = f"old-{name}@example.com"
            row = {"id": name, "participant_identifier": name}
            given = project.Participant(**row, demographics=project.Demographics(email=old))  # type: ignore[arg-type]
            store.commit([project.Write("P", None, given)])
            calls: list[Callable[[Store, str], object]] = [enroll, change]
            random.shuffle(calls)
            first, second = (threads.submit(each, store, name) for each in calls)
            outcomes = {first.result(60), second.result(60)}
            now = stored(store, name).participant
            assert now.enrolled is True
            assert now.demographics
            address = now.demographics.email
            assert address in outcomes, "the address is the one that they enrolled with"
            assert (address == f"new-{name}@example.com") is (True in outcomes)


def interleave_in(url: str, times: int) -> None:
    """In a database."""
    engine = open_engine(url)
    create_tables(engine)
    store = SqlProjects(engine)
    store.load([{"id": "P"}])
    interleave(store, times)
    engine.dispose()


@pytest.mark.parametrize("times", [200, pytest.param(2000, marks=pytest.mark.heavy)])
def test_in_memory(times: int) -> None:
    """Without a database."""
    interleave(MemoryProjects.from_json([{"id": "P"}]), times)


@pytest.mark.parametrize("times", [20, pytest.param(2000, marks=pytest.mark.heavy)])
def test_on_sqlite(tmp_path: Path, times: int) -> None:
    """In a file."""
    interleave_in(f"sqlite:///{tmp_path}/enrolling.db", times)


@pytest.mark.parametrize("times", [20, pytest.param(2000, marks=pytest.mark.heavy)])
def test_on_postgresql(postgres: Postgres, times: int) -> None:
    """On a server."""
    interleave_in(postgres.create_database(), times)
