"""`participant-rules serve`: a sandbox for writers of integrations."""

import logging
import re
import secrets
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Annotated, Any, Final, Literal

from cyclopts import Parameter

from participant_rules.cli.definitions import ProjectFile, SurveyFile, read_definition
from participant_rules.cli.own import sandbox_rules, try_out
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.unusable import Unusable
from participant_rules.wire import Malformed

__all__ = ["serve"]


def serve(
    *,
    survey_file: SurveyFile = None,
    project_file: ProjectFile = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    database: str | None = None,
    credentials: str | None = None,
    resettable: Annotated[bool, Parameter(negative="")] = False,
    cors: Annotated[list[str] | None, Parameter(negative="")] = None,
    rate_limit: Annotated[bool, Parameter(negative="")] = False,
    faults: str = "0%",
    latency: str = "0ms",
    seed: int | None = None,
    log: Literal["text", "json"] = "text",
    rules: Annotated[list[str] | None, Parameter(negative="")] = None,
    facts: Annotated[list[str] | None, Parameter(negative="")] = None,
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
        cors: An origin whose web pages may ask, such as http://localhost:3000; "*" for all. May be repeated.
        rate_limit: Count requests as the vendors do, and answer 429 to those that are too many.
        faults: This share of the calls fails on purpose: 500, a connection cut before or after the commit, or
            a slow answer.
        latency: Every call waits this long: 200ms, 1.5s.
        seed: Faults are those of the earlier sandbox that was started with this number.
        log: A line of text for each request, or a JSON object.
        rules: Rules of your own: a mapping from calls to rule sets in a Python module, as "mymodule:RULES".
            May be given for each family.
        facts: Facts that these rules read: a mapping from names to facts, as "mymodule:FACTS". May be given
            more than once.
    """
    _need("server", "starlette", "uvicorn")
    from participant_rules.server import Faults, Limits, sandbox  # noqa: PLC0415  the extra may not be there
    from participant_rules.server import serve as run  # noqa: PLC0415  as above

    if not 0 <= port <= _LAST_PORT:
        raise Unusable(f"--port: a number from 0 to {_LAST_PORT} is expected")
    own = sandbox_rules(rules or (), facts or ())
    chosen = Faults(
        share=_share(faults),
        latency=_seconds(latency),
        seed=secrets.randbelow(10**6) if seed is None else seed,
    )
    try:
        access = _access(credentials)
        stores = _filled_stores(survey_file, project_file, database, own)
    except Malformed as wrong:
        raise Unusable(str(wrong)) from None
    _log_to_stderr(log)
    if chosen.share:
        logging.getLogger("participant_rules.server").info("faults as of --seed %d", chosen.seed)
    app = sandbox(
        stores,
        access=access,
        resettable=resettable,
        cors=tuple(cors or ()),
        limits=Limits() if rate_limit else None,
        faults=chosen,
        **own,
    )
    try:
        run(app, host, port, _announce)
    except OSError as failure:
        raise Unusable(f"cannot listen at {host}:{port}: {failure.strerror}") from None
    return 0


def _filled_stores(
    survey_file: str | None, project_file: str | None, database: str | None, own: Mapping[str, Any]
) -> Any:
    """The filled stores of some files; raises Unusable and Malformed."""
    from participant_rules.server.stores import dated  # noqa: PLC0415  the extra may not be there

    surveys = _definitions(survey_file, "survey", MemorySurveys.from_json)
    projects = dated(_definitions(project_file, "project", MemoryProjects.from_json), datetime.now(UTC))
    try_out(own, surveys, projects)
    return _stores(surveys, projects, database)


def _access(credentials: str | None) -> Any:
    """The access by the credentials in a file; without a file every caller has it."""
    from participant_rules.server import Access  # noqa: PLC0415  the extra may not be there

    if credentials is None:
        return Access()
    return Access.from_json(read_definition(credentials, "credentials").value)


def _definitions(file: str | None, name: str, read: Callable[[Iterable[Any]], object]) -> list[Any]:
    from participant_rules.server.stores import definitions  # noqa: PLC0415  as above

    if file is None:
        return []
    given = read_definition(file, name)
    try:
        return [*definitions(given.value, name, read)]
    except Malformed as wrong:
        raise given.unusable(wrong) from None


_LAST_PORT: Final = 65_535  # a greater number would be taken for another one


def _share(text: str) -> float:
    """The share of a percentage; raises Unusable."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)%", text, re.ASCII)
    share = float(found[1]) / 100 if found else -1
    if not 0 <= share <= 1:
        raise Unusable("--faults: a percentage such as 5% is expected")
    return share


def _seconds(text: str) -> float:
    """The seconds of a duration; raises Unusable."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(ms|s)", text, re.ASCII)
    if not found:
        raise Unusable("--latency: a duration such as 200ms or 1.5s is expected")
    return float(found[1]) / (1000 if found[2] == "ms" else 1)


def _log_to_stderr(form: str) -> None:
    from participant_rules.server.log import JsonLines  # noqa: PLC0415  the extra may not be there

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter("%(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


def _stores(surveys: list[Any], projects: list[Any], database: str | None) -> Any:
    from participant_rules.server import MemoryStores  # noqa: PLC0415  as above

    if database is None:
        return MemoryStores(MemorySurveys.from_json(surveys), MemoryProjects.from_json(projects))
    _need("sql", "sqlalchemy")
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415  as above

    from participant_rules.server.database import SqlStores  # noqa: PLC0415  as above

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
