"""`participant-rules conform`: test vectors against our own rules or a running server."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from participant_rules.conformance import Local, NotVectors, Outcome, Remote, Server, load, run_files
from participant_rules.http import NoResponse, Transport
from participant_rules.sending import Retry
from participant_rules.unusable import Unusable

__all__ = ["conform"]


def conform(
    paths: Annotated[list[Path], Parameter(name="FILE_OR_FOLDER", negative="")],
    /,
    *,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    url: str | None = None,
    prepared: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Run test vectors and print which cases fail.

    Args:
        paths: Vector files, or folders that are searched for them.
        as_json: Print the outcome as one JSON object.
        url: Send the requests to the server at this base address; only responses are compared.
        prepared: The server holds what the cases expect; do not send it their `given`.
    """
    server: Server = Local() if url is None else Remote(_transport(url), prepared)
    try:
        outcomes = list(run_files(load(paths), server))
    except NotVectors as wrong:
        raise Unusable(str(wrong)) from None
    except NoResponse:
        raise Unusable(f"{url} does not answer") from None
    show = _print_json if as_json else _print_failed
    show(outcomes)
    return 0 if all(each.passed for each in outcomes) else 1


def _print_failed(outcomes: list[Outcome]) -> None:
    failed = [each for each in outcomes if not each.passed]
    for each in failed:
        print(f"FAILED {each.file}: {each.name}\n  {each.why}")
    print(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")


def _print_json(outcomes: list[Outcome]) -> None:
    passed = sum(each.passed for each in outcomes)
    cases = [each.as_dict() for each in outcomes]
    json.dump({"passed": passed, "failed": len(outcomes) - passed, "cases": cases}, sys.stdout, indent=2)
    print()


def _transport(url: str) -> Transport:
    if find_spec("httpx") is None:
        raise Unusable("--url needs httpx: pip install 'participant-rules[http]'")
    from participant_rules.adapters.httpx import HttpxTransport  # noqa: PLC0415  the extra may be absent

    return HttpxTransport(url, retry=Retry(attempts=1))
