"""A batch against a million stored participants on PostgreSQL: seconds, and statements by thousand rows.

    python benchmarks/scale.py [PARTICIPANTS [ROWS]]

It starts a server of its own, fills it, and decides and commits batches of 10,000 rows: all new, all known,
and half of each. Needs the extra `test`.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text

from participant_rules import project
from participant_rules.adapters.sqlalchemy import SqlProjects, create_tables, open_engine
from participant_rules.testing.postgres import Postgres


def payload(number: int, code: str = "x") -> dict[str, Any]:
    """A record of twenty fields."""
    return {
        "participantIdentifier": f"P-{number:07}",
        "demographics": {
            "email": f"person.{number}@example.com",
            "firstName": f"First{number % 977}",
            "lastName": f"Last{number % 1013}",
            "dateOfBirth": f"19{number % 90 + 10:02}-0{number % 9 + 1}-1{number % 9}",
            "gender": "MFO"[number % 3],
            "mobilePhone": f"+1202{number % 10_000_000:07}",
            "street1": f"{number} Main Street",
            "city": "Springfield",
            "state": "VA",
            "postalCode": f"{number % 100_000:05}",
            "preferredLanguage": "en",
        },
        "customFields": {
            "Site": f"S{number % 40}",
            "Arm": "AB"[number % 2],
            "Score": number % 100,
            "Note": code,
        },
    }


def people(count: int) -> Iterator[dict[str, Any]]:
    """Stored participants in wire form."""
    for number in range(count):
        yield {
            "id": f"00000000-0000-4000-8000-{number:012}",
            "enrolled": bool(number % 2),
            "insertedDate": f"2024-01-01T00:00:00.{number % 1_000_000:06}+00:00",
            **payload(number),
        }


class Statements:
    """How many statements an engine was given."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0

        @event.listens_for(engine, "before_cursor_execute")
        def note(*_: object) -> None:
            self.count += 1


@contextmanager
def shown(what: str, statements: Statements, thousands: float = 0) -> Iterator[None]:
    """Print the seconds that a block took, and its statements."""
    before, start = statements.count, time.perf_counter()
    yield
    spent, asked = time.perf_counter() - start, statements.count - before
    rate = f", {asked / thousands:.1f} for each thousand rows" if thousands else ""
    print(f"{what:<58} {spent:8.2f} s {asked:6} statements{rate}", flush=True)


def measure(engine: Engine, participants: int, rows: int) -> None:
    """Fill, then decide and commit."""
    statements = Statements(engine)
    store = SqlProjects(engine)
    with shown(f"load {participants:,} participants", statements, participants / 1000):
        store.save_project(project.Project(id="P"))
        store.fill("P", people(participants))
    with engine.connect() as connection:
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    print(f"the database has {size / 1e9:.2f} GB")
    new = range(participants, participants + rows)
    known = range(participants // 3, participants // 3 + rows)
    mixed = [
        *range(participants // 2, participants // 2 + rows // 2),
        *range(participants + rows, participants + rows + rows // 2),
    ]
    for name, numbers in (("new", new), ("known", known), ("half known", mixed)):
        batch(store, statements, name, [payload(number, "changed") for number in numbers])
    single(store, statements)
    searches(store, statements)


def batch(store: SqlProjects, statements: Statements, name: str, payloads: list[dict[str, Any]]) -> None:
    """Decide a batch step by step, then commit it through the registrar."""
    thousands = len(payloads) / 1000
    with shown(f"{name}: read {len(payloads):,} rows", statements):
        changes = [project.read(each, project="P") for each in payloads]
    with shown(f"{name}: ask the store", statements, thousands):
        known = store.find(project.keys(changes))
    with shown(f"{name}: decide", statements):
        decisions = project.decide_all(changes, known, allow_update=True)
    if not decisions:
        raise SystemExit(f"refused: {decisions.violations[:3]}")
    with shown(f"{name}: ask, decide and commit", statements, thousands):
        bulk = project.Registrar(store).put_many(changes, allow_update=True)
    print(f"{'':<58} {bulk.total_added} added, {bulk.total_updated} updated")


def single(store: SqlProjects, statements: Statements) -> None:
    """One participant at a time."""
    registrar = project.Registrar(store)
    with shown("100 single updates", statements, 0.1):
        for number in range(100):
            registrar.put(project.read(payload(number * 7919, "single"), project="P"))


def searches(store: SqlProjects, statements: Statements) -> None:
    """Pages of queries."""
    sort = project.Sort("participant", "participant_identifier")
    asked: dict[str, Callable[[], project.Query]] = {
        "the first page": project.Query,
        "page 1,000": lambda: project.Query(page_number=1000),
        "an address": lambda: project.Query(demographics=(("email", "PERSON.77@example.com"),)),
        "a text": lambda: project.Query(text="person.777777"),
        "a last name": lambda: project.Query(demographics=(("last_name", "last77"),)),
        "by identifier": lambda: project.Query(sort_by=sort, ascending=False),
    }
    for name, query in asked.items():
        with shown(f"query: {name}", statements):
            page = store.search("P", query())
        print(f"{'':<58} {page.total} found")


if __name__ == "__main__":
    participants, rows = [int(each) for each in sys.argv[1:]] + [1_000_000, 10_000][len(sys.argv) - 1 :]
    with Postgres(
        durable=True, shared_buffers="1GB", max_wal_size="4GB", maintenance_work_mem="512MB"
    ) as server:
        engine = open_engine(server.create_database())
        create_tables(engine)
        measure(engine, participants, rows)
        engine.dispose()
