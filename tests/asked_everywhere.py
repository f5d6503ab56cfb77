"""Which payloads are accepted on each road, as a program: JSON in, JSON out.

Reads a list of {"family", "definition", "payloads"}: each payload adds somebody to what the definition has
stored. Writes for each of them, by roads, a list of true and false, and the OpenAPI description. Roads of one
record at a time are asked for the last payloads only.
"""

import asyncio
import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
import openpyxl  # type: ignore[import-untyped]  # it has no types
from attrs import frozen

from participant_rules import Refused, batch, openapi, project, survey
from participant_rules.adapters.sqlalchemy import AsyncSqlProjects, AsyncSqlSurveys, open_async_engine
from participant_rules.batch.files import open_source
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.survey import SurveyLayout
from participant_rules.batch.sources import given
from participant_rules.http import Request, Response
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.server import MemoryStores, sandbox
from participant_rules.server.database import SqlStores

Json = dict[str, Any]
Road = Mapping[str, Sequence[bool]]
AT_ONCE: Final = 20  # records of a chunk: there are several, and templates are learned
ALONE: Final = 3  # payloads, the last ones, that are asked for one by one


class Project:
    """Participants of a project."""

    def __init__(self, definition: Json) -> None:
        self.definition, self.project = definition, project.Project.from_json(definition)
        self.layout: Any = ProjectLayout(self.project)

    def stores(self) -> MemoryStores:
        """The stores in memory."""
        return MemoryStores(projects=MemoryProjects.from_json([self.definition]))

    def sql_stores(self, file: Path) -> SqlStores:
        """The same in SQLite."""
        stores = SqlStores.open(f"sqlite:///{file}")
        stores.fill([], [self.definition])
        return stores

    def api(self, stores: Any) -> Any:
        """The Api."""
        return project.Api(stores.projects)

    def async_api(self, engine: Any) -> Any:
        """The same over an async engine."""
        return project.Api(AsyncSqlProjects(engine))

    def submit(self, payload: Json) -> bool:
        """Whether a registrar adds somebody."""
        store = MemoryProjects.from_json([self.definition])
        return bool(project.Registrar(store).put(project.read(payload, project="P")))

    def send(self, payload: Json) -> None:
        """Add somebody through a client."""
        project.Client(Answering(self.api(self.stores()))).put("P", payload)

    def request(self, payload: Json) -> Request:
        """The request that adds somebody."""
        path = "/api/v1/administration/projects/P/participants"
        return Request("PUT", path, body=json.dumps(payload).encode())

    def check(self, payload: Json) -> bool:
        """Whether a check before sending finds nothing."""
        store = MemoryProjects.from_json([self.definition])
        return not list(project.check(payload, self.project, roster=store))

    def task(self) -> Any:
        """The task of a batch."""
        return batch.ProjectTask(self.project, MemoryProjects.from_json([self.definition]))


class Survey:
    """Participants of a survey."""

    def __init__(self, definition: Json) -> None:
        self.definition, self.survey = definition, survey.Survey.from_json(definition)
        self.layout: Any = SurveyLayout(self.survey)

    def stores(self) -> MemoryStores:
        """The stores in memory."""
        return MemoryStores(MemorySurveys.from_json([self.definition]))

    def sql_stores(self, file: Path) -> SqlStores:
        """The same in SQLite."""
        stores = SqlStores.open(f"sqlite:///{file}")
        stores.fill([self.definition], [])
        return stores

    def api(self, stores: Any) -> Any:
        """The Api."""
        return survey.Api(stores.surveys)

    def async_api(self, engine: Any) -> Any:
        """The same over an async engine."""
        return survey.Api(AsyncSqlSurveys(engine))

    def submit(self, payload: Json) -> bool:
        """Whether a registrar adds somebody."""
        store = MemorySurveys.from_json([self.definition])
        return bool(survey.Registrar(store).add("S", survey.read(payload)))

    def send(self, payload: Json) -> None:
        """Add somebody through a client."""
        survey.Client(Answering(self.api(self.stores()))).add("S", payload)

    def request(self, payload: Json) -> Request:
        """The request that adds somebody."""
        return Request("POST", "/surveys/S/participants", body=json.dumps(payload).encode())

    def check(self, payload: Json) -> bool:
        """Whether a check before sending finds nothing."""
        change = survey.Change(survey.Operation.ADD, "S", asked=survey.read(json.dumps(payload).encode()))
        known = MemorySurveys.from_json([self.definition]).find(survey.keys([change]))
        return not list(survey.check(payload, self.survey, operation="add", known=known))

    def task(self) -> Any:
        """The task of a batch."""
        return batch.SurveyTask(self.survey, MemorySurveys.from_json([self.definition]), "add")


@frozen
class Answering:
    """A transport to a server in this process."""

    api: Any

    def send(self, request: Request) -> Response:
        """The server's answer."""
        answer: Response = self.api.handle(request)
        return answer


def sent(family: Project | Survey, payload: Json) -> bool:
    """Whether a client's call stands."""
    try:
        family.send(payload)
    except Refused:
        return False
    return True


def stored(family: Project | Survey, file: Path, asked: Request) -> bool:
    """Whether a store over the data of a file accepts a request."""
    with closing(family.sql_stores(file)) as stores:
        return bool(family.api(stores).handle(asked).status < 300)


def awaited(family: Project | Survey, file: Path, asked: Request) -> bool:
    """Whether a store of coroutines over the data of a file accepts a request."""

    async def handle() -> bool:
        engine = open_async_engine(f"sqlite+aiosqlite:///{file}")
        try:
            answer = await family.async_api(engine).ahandle(asked)
            return bool(answer.status < 300)
        finally:
            await engine.dispose()

    family.sql_stores(file).close()
    return asyncio.run(handle())


def posted(stores: Any, asked: Request) -> bool:
    """Whether the sandbox accepts a request."""

    async def post() -> bool:
        transport = httpx.ASGITransport(sandbox(stores))
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            answer = await client.request(asked.method, asked.path, content=asked.body)
            return answer.is_success

    return asyncio.run(post())


def batched(sources: Sequence[Any], task: Any, jobs: int = 1) -> list[bool]:
    """Whether a batch accepts each record."""
    outcomes = batch.check_sources(sources, task, records=AT_ONCE, jobs=jobs)
    return [each.action != "refused" for each in outcomes]


def table(payloads: Sequence[Json]) -> list[list[Any]]:
    """A header of dotted paths, and a row for each payload."""
    rows = [dict(_flat(each)) for each in payloads]
    header = list(dict.fromkeys(name for row in rows for name in row))
    return [header, *([row.get(name, "") for name in header] for row in rows)]


def _flat(payload: Json, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in payload.items():
        if isinstance(value, list):  # of one subject
            yield from _flat(value[0], prefix)
        elif isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def saved(payloads: Sequence[Json], folder: Path) -> list[Path]:
    """The payloads as JSON lines, as CSV, as a workbook, and as a JSON array."""
    lines, sheet, book, array = (folder / f"records.{ending}" for ending in ("jsonl", "csv", "xlsx", "json"))
    array.write_text(json.dumps(payloads), "utf-8")
    lines.write_text("".join(json.dumps(each) + "\n" for each in payloads), "utf-8")
    with sheet.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(table(payloads))
    workbook = openpyxl.Workbook()
    for row in table(payloads):
        workbook.active.append(row)
    workbook.save(book)
    return [lines, sheet, book, array]


def roads(family: Project | Survey, payloads: Sequence[Json], folder: Path) -> Road:
    """Whether each payload is accepted, on each road; roads of one record at a time see the last ones."""
    alone = payloads[-ALONE:]
    requests = [family.request(each) for each in alone]
    lines, sheet, book, array = saved(payloads, folder)

    def files(path: Path, jobs: int = 1) -> list[bool]:
        return batched([open_source(str(path), family.layout)], family.task(), jobs)

    return {
        "check": [family.check(each) for each in alone],
        "dry run": [not family.api(family.stores()).check(each) for each in requests],
        "handle": [family.api(family.stores()).handle(each).status < 300 for each in requests],
        "sandbox": [posted(family.stores(), each) for each in requests],
        "SQL": [stored(family, folder / f"{place}.db", each) for place, each in enumerate(requests)],
        "async SQL": [
            awaited(family, folder / f"async {place}.db", each) for place, each in enumerate(requests)
        ],
        "registrar": [family.submit(each) for each in alone],
        "client": [sent(family, each) for each in alone],
        "values": batched([given(payloads)], family.task()),
        "JSON lines": files(lines),
        "JSON": files(array),
        "CSV": files(sheet),
        "XLSX": files(book),
        "two processes": files(lines, jobs=2),
    }


def main() -> None:
    """Judge the payloads of standard input."""
    found = []
    for asked in json.load(sys.stdin):
        family = (Survey if asked["family"] == "survey" else Project)(asked["definition"])
        with TemporaryDirectory() as folder:
            found.append(roads(family, asked["payloads"], Path(folder)))
    sys.stdout.write(json.dumps({"roads": found, "openapi": json.dumps(openapi.document())}))


if __name__ == "__main__":
    main()
