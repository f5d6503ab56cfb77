"""Many requests at once, and many participants."""

import asyncio
import json
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from participant_rules import project
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.server import MemoryStores, Stores, sandbox
from participant_rules.testing.postgres import Postgres

MANY = 60
SURVEY = "/surveys/S1/participants"
PROJECT = "/api/v1/administration/projects/P1/participants"
SURVEYS = [{"id": "S1", "invited": False, "loggedOn": True, "group": False}]
PROJECTS = [{"id": "P1"}]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A running server."""
    with Postgres() as server:
        yield server


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.heavy)])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """Empty stores of each kind."""
    if request.param == "memory":
        yield MemoryStores(MemorySurveys.from_json(SURVEYS), MemoryProjects.from_json(PROJECTS))
        return
    from participant_rules.server.database import SqlStores  # noqa: PLC0415  as the sandbox imports it

    url = f"sqlite:///{tmp_path}/study.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").create_database()
    stores = SqlStores.open(url)
    stores.fill(SURVEYS, PROJECTS)
    yield stores
    stores.close()


Ask = Callable[[httpx.AsyncClient, int], Any]


def at_once(stores: Stores, ask: Ask, count: int = MANY) -> list[httpx.Response]:
    """The answers to so many requests that are sent together."""

    async def everything() -> list[httpx.Response]:
        transport = httpx.ASGITransport(sandbox(stores))
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox", timeout=120) as client:
            return list(await asyncio.gather(*(ask(client, number) for number in range(count))))

    return asyncio.run(everything())


def participant(login: str) -> dict[str, Any]:
    """A participant of the survey."""
    return {"loginSection": {"login": login, "subjects": [{"subjectName": ""}]}}


def test_nothing_is_lost(stores: Stores) -> None:
    """Whoever is answered is stored, and nobody else."""
    answers = at_once(stores, lambda client, n: client.post(SURVEY, json=participant(f"kim-{n}")))
    assert Counter(each.status_code for each in answers) == {200: MANY}
    answers = at_once(stores, lambda client, n: client.put(PROJECT, json={"participantIdentifier": f"A-{n}"}))
    assert Counter(each.status_code for each in answers) == {200: MANY}
    held = {(each.family, each.participants) for each in stores.overview()}
    assert held == {("survey", MANY), ("project", MANY)}


def test_one_wins(stores: Stores) -> None:
    """Of many that want the same name, one has it, and all others get the reason."""
    answers = at_once(stores, lambda client, _: client.post(SURVEY, json=participant("kim")), 50)
    assert Counter(each.status_code for each in answers) == {200: 1, 400: 49}
    sentence = {"message": "Participant with this login name already exists."}
    assert [each.json() for each in answers if each.status_code == 400] == [sentence] * 49


PEOPLE = 5_000


def test_a_page_of_a_survey_costs_what_it_shows() -> None:
    """A list is not copied for a page of it."""
    people = [participant(f"kim-{n}") for n in range(PEOPLE)]
    surveys = MemorySurveys.from_json([{**SURVEYS[0], "participants": people}])
    page, peak = traced(lambda: surveys.page("S1", str(PEOPLE // 2), 20))
    assert (len(page.participants), page.up_to_date) == (20, False)
    assert peak < COPY // 2


@pytest.fixture(scope="module")
def crowd() -> MemoryProjects:
    """Many participants of a project."""
    rows = [
        {
            "participantIdentifier": f"A-{n}",
            "insertedDate": "2026-01-02",
            "demographics": {"city": f"City {n % 50}"},
            "customFields": {"Weight": n % 90},
        }
        for n in range(PEOPLE)
    ]
    return MemoryProjects.from_json([{"id": "P1", "participants": rows}])


@pytest.mark.parametrize("ascending", [True, False])
@pytest.mark.parametrize(
    "sort", ["InsertedDate", "ParticipantIdentifier", "DemographicField.City", "CustomField.Weight"]
)
def test_a_page_of_a_project_costs_what_it_shows(crowd: Any, sort: str, ascending: bool) -> None:
    """Sorted by anything, once it has been sorted, and also after a write."""
    asked = {"sortBy": sort, "sortAscending": str(ascending), "pageNumber": str(PEOPLE // 40)}
    query, _ = project.query.read_query(asked)
    crowd.search("P1", query)
    somebody = crowd.search("P1", query).participants[0]
    keys = project.Keys("P1", {"id": frozenset({str(somebody.id)})})
    for _ in range(2):
        found, peak = traced(lambda: crowd.search("P1", query))
        assert (len(found.participants), found.total) == (20, PEOPLE)
        assert peak < COPY // 2
        (stored,) = crowd.find(keys).participants
        crowd.commit([project.Write("P1", stored, stored.participant)])


COPY = 8 * PEOPLE  # bytes of a list of them all, and of nothing else


def traced(ask: Callable[[], Any]) -> tuple[Any, int]:
    """The result of a call, and the memory that it takes."""
    tracemalloc.start()
    try:
        return ask(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.heavy
def test_memory_is_bounded() -> None:
    """The sandbox keeps the stored data, and nothing of the requests."""
    stores = MemoryStores(MemorySurveys.from_json(SURVEYS), MemoryProjects.from_json(PROJECTS))
    app = sandbox(stores)
    body = json.dumps(participant("kim")).encode()

    async def ask(count: int) -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            for number in range(count):
                await client.post(SURVEY, content=body)
                await client.put(f"{SURVEY}/kim", json=participant("kim") | {"enabled": number % 2 == 0})
                await client.get(f"{SURVEY}/nobody-{number}")
                await client.delete(f"{SURVEY}/kim")

    asyncio.run(ask(200))
    tracemalloc.start()
    asyncio.run(ask(200))
    first, _ = tracemalloc.get_traced_memory()
    asyncio.run(ask(800))
    last, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert last - first < 100_000  # bytes for 3,200 requests
