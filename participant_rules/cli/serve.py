"""`participant-rules serve`: a sandbox for writers of integrations."""

import re
import secrets
from typing import Annotated, Final, Literal

from cyclopts import Parameter

from participant_rules.cli.arguments import NUMBER
from participant_rules.cli.definitions import ProjectFile, SurveyFile
from participant_rules.cli.extras import need
from participant_rules.cli.own import sandbox_rules
from participant_rules.unusable import Unusable
from participant_rules.wire import Malformed

__all__ = ["serve"]


def serve(
    *,
    survey_file: SurveyFile = None,
    project_file: ProjectFile = None,
    host: str = "127.0.0.1",
    port: Annotated[int, NUMBER] = 8000,
    database: str | None = None,
    credentials: str | None = None,
    resettable: Annotated[bool, Parameter(negative="")] = False,
    cors: Annotated[list[str] | None, Parameter(negative="")] = None,
    rate_limit: Annotated[bool, Parameter(negative="")] = False,
    faults: str = "0%",
    latency: str = "0ms",
    seed: Annotated[int | None, NUMBER] = None,
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
    need("server", "starlette", "uvicorn")
    from participant_rules import server  # noqa: PLC0415  the extra may not be there
    from participant_rules.cli import sandboxing  # noqa: PLC0415  as above

    if not 0 <= port <= _LAST_PORT:
        raise Unusable(f"--port: a number from 0 to {_LAST_PORT} is expected")
    own = sandbox_rules(rules or (), facts or ())
    chosen = server.Faults(
        share=_share(faults),
        latency=_seconds(latency),
        seed=secrets.randbelow(10**6) if seed is None else seed,
    )
    try:
        access = sandboxing.access_of(credentials)
        stores = sandboxing.filled_stores(survey_file, project_file, database, own)
    except Malformed as wrong:
        raise Unusable(str(wrong)) from None
    sandboxing.log_to_stderr(log)
    if chosen.share:
        sandboxing.LOG.info("faults as of --seed %d", chosen.seed)
    app = server.sandbox(
        stores,
        access=access,
        resettable=resettable,
        cors=tuple(cors or ()),
        limits=server.Limits() if rate_limit else None,
        faults=chosen,
        **own,
    )
    try:
        server.serve(app, host, port, _announce)
    except OSError as failure:
        raise Unusable(f"cannot listen at {host}:{port}: {failure.strerror}") from None
    return 0


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


def _announce(address: str) -> None:
    print(address, flush=True)
