"""`participant-rules serve`: a sandbox for people who write integrations."""

import logging
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import Annotated, Any

from cyclopts import Parameter

from participant_rules.cli.definitions import read_definition
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.unusable import Unusable
from participant_rules.wire import Malformed

__all__ = ["serve"]


def serve(
    *,
    survey_file: Annotated[str | None, Parameter(name="--survey")] = None,
    project_file: Annotated[str | None, Parameter(name="--project")] = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    database: str | None = None,
    credentials: str | None = None,
    resettable: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Answer as both documented servers do, until it is interrupted; prints its address once it is ready.

    Args:
        survey_file: The definition of a survey with its participants, or a list of them.
        project_file: The definition of a project with its participants and segments, or a list of them.
        host: The address to listen at.
        port: The port to listen at; 0 is any free one.
        database: Keep the data in the SQL database at this SQLAlchemy address, and not in memory.
        credentials: A JSON file {"username": …, "apiKey": …}; calls must show these, or a token.
        resettable: For tests: PUT /sandbox/given replaces all data.
    """
    _need("server", "starlette", "uvicorn")
    from participant_rules.server import Access, sandbox  # noqa: PLC0415  the extra may not be there
    from participant_rules.server import serve as run  # noqa: PLC0415

    try:
        surveys = _definitions(survey_file, "survey", MemorySurveys.from_json)
        projects = _definitions(project_file, "project", MemoryProjects.from_json)
        access = Access()
        if credentials is not None:
            access = Access.from_json(read_definition(credentials, "credentials").value)
        stores = _stores(surveys, projects, database)
    except Malformed as wrong:
        raise Unusable(str(wrong)) from None
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    try:
        run(sandbox(stores, access=access, resettable=resettable), host, port, _announce)
    except OSError as failure:
        raise Unusable(f"cannot listen at {host}:{port}: {failure.strerror}") from None
    return 0


def _definitions(file: str | None, name: str, read: Callable[[Iterable[Any]], object]) -> list[Any]:
    from participant_rules.server.stores import definitions  # noqa: PLC0415

    if file is None:
        return []
    given = read_definition(file, name)
    try:
        return [*definitions(given.value, name, read)]
    except Malformed as wrong:
        raise given.unusable(wrong) from None


def _stores(surveys: list[Any], projects: list[Any], database: str | None) -> Any:
    from participant_rules.server import MemoryStores  # noqa: PLC0415

    if database is None:
        return MemoryStores(MemorySurveys.from_json(surveys), MemoryProjects.from_json(projects))
    _need("sql", "sqlalchemy")
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from participant_rules.server.database import SqlStores  # noqa: PLC0415

    try:
        stores = SqlStores.open(database)
        stores.fill(surveys, projects)
    except (SQLAlchemyError, ModuleNotFoundError) as failure:
        raise Unusable(f"--database: the database cannot be used ({type(failure).__name__})") from None
    return stores


def _need(extra: str, *packages: str) -> None:
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise Unusable(f"this needs {' and '.join(missing)}: pip install 'participant-rules[cli,{extra}]'")


def _announce(address: str) -> None:
    print(address, flush=True)
