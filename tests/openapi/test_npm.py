"""The results of other tools with the description."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import define, evolve, field

from participant_rules import openapi
from participant_rules.adapters.httpx import HttpxTransport
from participant_rules.conformance import Remote, load, run_files
from participant_rules.http import Request, Response, Transport
from participant_rules.sending import Retry
from tests.openapi.tools import FOLDER, environment, run, tool, write_description
from tests.server.processes import ROOT, free_port, listening, sandbox

pytestmark = pytest.mark.tools

EXAMPLES = ROOT / "docs" / "examples"
DEFINITIONS = (
    "--survey",
    str(EXAMPLES / "survey.json"),
    "--project",
    str(EXAMPLES / "project.json"),
)
KEYS = {"username": "robin@example.com", "apiKey": "k3y"}


@pytest.mark.parametrize("required", [False, True])
def test_redocly(required: bool) -> None:
    """Its recommended rules, without a warning."""
    linter, file = tool("redocly"), write_description(openapi.document(required=required), "o.json")
    done = run(linter, "lint", file, "--extends", "recommended", "--format", "json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["totals"]["errors"], found["totals"]["warnings"]) == (0, 0, 0), done.stdout


@pytest.mark.parametrize("required", [False, True])
def test_spectral(required: bool) -> None:
    """Its recommended rules, without a hint."""
    linter, file = tool("spectral"), write_description(openapi.document(required=required), "o.json")
    done = run(
        linter,
        "lint",
        file,
        "--ruleset",
        "spectral.json",
        "--format",
        "json",
        "--fail-severity",
        "hint",
        "--quiet",
    )
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stdout + done.stderr


def test_typescript(tmp_path: Path) -> None:
    """A client made of the description compiles strictly and makes every call, also with credentials."""
    maker, compiler = tool("openapi-typescript"), tool("tsc")
    write_description(openapi.document(), "o.json")
    made = run(maker, "o.json", "-o", "api.ts")
    assert made.returncode == 0, made.stderr
    compiled = run(compiler, "--strict", "-p", "tsconfig.json")
    assert compiled.returncode == 0, compiled.stdout
    assert "Record<string, never>" not in "".join(
        line for line in (FOLDER / "api.ts").read_text().splitlines() if "customFields" in line
    )
    (tmp_path / "keys.json").write_text(json.dumps(KEYS))
    names = {each["operationId"] for path in openapi.document()["paths"].values() for each in path.values()}
    for options, shown in (([], []), (["--credentials", "keys.json"], [*KEYS.values()])):
        with sandbox(tmp_path, *DEFINITIONS, *options) as started:
            done = run("node", "calls.js", started.address, *shown)
            assert (done.returncode, done.stderr) == (0, "")
            assert set(done.stdout.split()) == names


def is_json(body: bytes) -> bool:
    """Whether the proxy answers at all: without an answer it waits for ever."""
    try:
        return not body or isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


@define
class Proxied:
    """A transport through a validating proxy, without calls that the description does not know."""

    direct: Transport
    proxy: Transport
    differences: list[str] = field(factory=list)
    seen: int = 0

    def send(self, request: Request) -> Response:
        """The answer; the findings of the proxy are kept."""
        if request.path.startswith("/sandbox/") or not is_json(request.body):
            return self.direct.send(request)
        answer = self.proxy.send(request)
        self.seen += 1
        for each in json.loads(answer.header("sl-violations") or "[]"):
            if each["location"][0] == "response" and b"none of the documented ones" not in answer.body:
                self.differences.append(f"{request.method} {answer.status}: {each}")
        return answer


@contextmanager
def proxy(address: str, folder: Path) -> Iterator[str]:
    """A Prism proxy that compares all that passes with the description."""
    port, prism = free_port(), tool("prism")
    file = write_description(openapi.document(server=address), "o.json")
    command = [prism, "proxy", str(FOLDER / file), address, "--port", str(port), "--multiprocess", "false"]
    with (folder / "prism.txt").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment())
        try:
            listening(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def test_prism(tmp_path: Path) -> None:
    """No answer to a test vector differs from the description."""
    retry = Retry(attempts=1)
    files = [evolve(each, cases=each.cases[::5]) for each in load([ROOT / "tests" / "vectors"])]
    with (
        sandbox(tmp_path, "--resettable") as started,
        proxy(started.address, tmp_path) as address,
        HttpxTransport(started.address, retry=retry) as direct,
        HttpxTransport(address, retry=retry) as through,
    ):
        proxied = Proxied(direct, through)
        results = list(run_files(files, Remote(proxied)))
    assert len(results) > 50
    assert proxied.seen > 200
    assert proxied.differences == []
