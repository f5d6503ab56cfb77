"""The stores, the access and the log of a sandbox, by the options of `serve` (needs the extra `server`)."""

import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from participant_rules.cli.definitions import read_definition
from participant_rules.cli.extras import need
from participant_rules.cli.own import try_out
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.server import Access, MemoryStores, Stores
from participant_rules.server.log import LOG, JsonLines
from participant_rules.server.stores import dated, definitions
from participant_rules.unusable import Unusable
from participant_rules.wire import Malformed

__all__ = ["LOG", "access_of", "filled_stores", "log_to_stderr"]


def access_of(credentials: str | None) -> Access:
    """The access by the credentials in a file, without one anybody's; raises Unusable and Malformed."""
    if credentials is None:
        return Access()
    return Access.from_json(read_definition(credentials, "credentials").value)


def filled_stores(
    survey_file: str | None, project_file: str | None, database: str | None, own: Mapping[str, Any]
) -> Stores:
    """The filled stores of some files; raises Unusable and Malformed."""
    surveys = _definitions(survey_file, "survey", MemorySurveys.from_json)
    projects = dated(_definitions(project_file, "project", MemoryProjects.from_json), datetime.now(UTC))
    try_out(own, surveys, projects)
    if database is not None:
        return _stores_in_sql(surveys, projects, database)
    return MemoryStores(MemorySurveys.from_json(surveys), MemoryProjects.from_json(projects))


def _definitions(file: str | None, name: str, read: Callable[[Iterable[Any]], object]) -> list[Any]:
    if file is None:
        return []
    given = read_definition(file, name)
    try:
        return [*definitions(given.value, name, read)]
    except Malformed as wrong:
        raise given.unusable(wrong) from None


def _stores_in_sql(surveys: list[Any], projects: list[Any], database: str) -> Stores:
    need("sql", "sqlalchemy")
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415  the extra may not be there

    from participant_rules.server.database import SqlStores  # noqa: PLC0415  as above

    try:
        stores = SqlStores.open(database)
        stores.fill(surveys, projects)
    except (SQLAlchemyError, ModuleNotFoundError) as failure:
        raise Unusable(f"--database: the database cannot be used ({type(failure).__name__})") from None
    return stores


def log_to_stderr(form: str) -> None:
    """Write the sandbox's log to standard error: lines of text, or JSON objects."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter("%(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
