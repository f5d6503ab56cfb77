"""`participant-rules serve` as a process of its own."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from participant_rules import Refused, project, survey
from participant_rules.adapters.httpx import HttpxTransport
from participant_rules.cli import run
from participant_rules.http import Request
from participant_rules.sending import Retry
from tests.server.processes import ROOT, Running, sandbox

SURVEY = {"id": "S1", "invited": False, "loggedOn": True, "group": False, "interviewers": None}
PROJECT = {
    "id": "P1",
    "participants": [{"participantIdentifier": "A", "demographics": {"email": "a@example.com"}}],
}
ROBIN = {"loginSection": {"login": "robin", "subjects": [{"subjectName": ""}]}}


@pytest.fixture(scope="module")
def resettable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A sandbox for test runs."""
    with sandbox(tmp_path_factory.mktemp("sandbox"), "--resettable") as started:
        yield started


def files(folder: Path) -> list[str]:
    """The options that name the definitions."""
    (folder / "survey.json").write_text(json.dumps(SURVEY))
    (folder / "projects.json").write_text(json.dumps([PROJECT]))
    return ["--survey", "survey.json", "--project", "projects.json"]


def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "participant_rules", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )


SOME = ("tests/vectors/survey/calls.json", "tests/vectors/project/flows.json")


@pytest.mark.parametrize(
    "vectors",
    [pytest.param(SOME, id="some"), pytest.param(["tests/vectors"], id="all", marks=pytest.mark.heavy)],
)
def test_vectors_over_http(resettable: Running, vectors: Sequence[str]) -> None:
    """`conform --url` finds nothing that the sandbox answers otherwise."""
    done = command("conform", *vectors, "--url", resettable.address)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1].endswith(" passed, 0 failed"), done.stdout
    assert done.returncode == 0


def logged(log: Path, last: str) -> list[str]:
    """The lines of a log up to one that begins like this: a request is logged after it has been answered."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        lines = log.read_text().splitlines()
        if lines[-1].startswith(last):
            return lines
        time.sleep(0.01)
    raise AssertionError(f"no line that begins with {last} came")


def test_the_log_has_no_personal_data(resettable: Running) -> None:
    """Method, route, status and time of every request, and nothing that a request brought along."""
    transport = HttpxTransport(resettable.address, retry=Retry(attempts=1))
    for path in (
        "/surveys/S9/participants/robin%20hood",
        "/robin",
        "/api/v1/administration/projects/P1/participants",
    ):
        transport.send(Request("GET", path, {"query": "robin"}, {"X-API-KEY": "robin"}))
    transport.send(Request("ROBIN", "/robin"))
    transport.close()
    lines = logged(resettable.log, "(other)")[-4:]
    assert [line.rsplit(" ", 2)[0] for line in lines] == [
        "GET /surveys/{}/participants/{} 401",
        "GET (no documented path) 404",
        "GET /api/v1/administration/projects/{}/participants 404",
        "(other) (no documented path) 404",
    ]
    assert "robin" not in resettable.log.read_text().lower()


@pytest.mark.parametrize("how", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.heavy)])
def test_it_serves_both_families_and_stops_gracefully(tmp_path: Path, how: signal.Signals) -> None:
    """With the definitions of the files, below the vendors' prefixes too; a signal is no failure."""
    with sandbox(tmp_path, *files(tmp_path)) as started, HttpxTransport(started.address) as transport:
        surveys = survey.Client(
            transport, base_path="/snaponline/api", surveys=[survey.Survey.from_json(SURVEY)]
        )
        surveys.add("S1", ROBIN)
        assert survey.Client(transport).get("S1", "robin").enabled
        account = project.ServiceAccount(
            transport, lambda: "any.signed.assertion", path="/inv/identityserver/connect/token"
        )
        projects = project.Client(transport, account, base_path="/inv")
        assert projects.get("P1", "A").participant_identifier == "A"
        with pytest.raises(Refused):
            projects.get("P1", "B")
        assert transport.send(Request("PUT", "/sandbox/given")).status == 404
        assert started.stop(how) == 0


def test_required_credentials(tmp_path: Path) -> None:
    """Without them, or with wrong ones, both APIs answer 401."""
    (tmp_path / "keys.json").write_text('{"username": "robin@example.com", "apiKey": "k3y"}')
    options = [*files(tmp_path), "--credentials", "keys.json"]
    with sandbox(tmp_path, *options) as started, HttpxTransport(started.address) as transport:
        right = survey.Credentials("robin@example.com", "k3y")
        assert list(survey.Client(transport, right).participants("S1")) == []
        for wrong in (None, survey.Credentials("robin@example.com", "key")):
            with pytest.raises(Refused) as refused:
                survey.Client(transport, wrong).page("S1")
            assert refused.value.violations[0].status == 401
        account = project.ServiceAccount(transport, lambda: "any")
        assert project.Client(transport, account).page("P1").total == 1
        for token in (None, "made-up", "99999999999.made-up"):
            with pytest.raises(Refused) as refused:
                project.Client(transport, token).page("P1")
            assert refused.value.violations[0].code == "token-required"
        with pytest.raises(Refused) as refused:
            project.ServiceAccount(transport, str).token()
        assert refused.value.violations[0].code == "invalid-client"
    assert "k3y" not in started.log.read_text()


def test_data_in_a_database_outlives_the_sandbox(tmp_path: Path) -> None:
    """Definitions of the files are stored once; participants stay."""
    pytest.importorskip("sqlalchemy")
    options = [*files(tmp_path), "--database", f"sqlite:///{tmp_path}/study.db", "--resettable"]
    for attempt in ("first", "second"):
        with sandbox(tmp_path, *options) as started, HttpxTransport(started.address) as transport:
            surveys, projects = survey.Client(transport), project.Client(transport)
            if attempt == "first":
                surveys.add("S1", ROBIN)
                projects.put("P1", {"participantIdentifier": "B"})
            assert surveys.get("S1", "robin").enabled
            assert projects.page("P1").total == 2
            if attempt == "second":
                given = json.dumps({"projects": [{"id": "P2"}], "now": "2026-01-02T03:04:05+00:00"}).encode()
                assert transport.send(Request("PUT", "/sandbox/given", body=given)).status == 204
                inserted = projects.put("P2", {"participantIdentifier": "C"}).participant.inserted_date
                assert inserted == "2026-01-02T03:04:05+00:00"
                with pytest.raises(Refused):
                    projects.page("P1")
            assert started.stop() == 0


@pytest.mark.heavy
def test_all_vectors_over_http_from_a_database(tmp_path: Path) -> None:
    """The stores answer alike."""
    pytest.importorskip("sqlalchemy")
    with sandbox(tmp_path, "--resettable", "--database", f"sqlite:///{tmp_path}/study.db") as started:
        done = command("conform", "tests/vectors", "--url", started.address)
        assert done.stdout.splitlines()[-1].endswith(" passed, 0 failed"), done.stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--survey", "nowhere.json"], "nowhere.json: No such file or directory"),
        (["--survey", "odd.json"], "survey: / The value must be an object."),
        (["--project", "odd.json"], "project: "),
        (["--credentials", "odd.json"], "credentials: "),
        (["--database", "odd://"], "--database: the database cannot be used"),
        (["--project", "survey.json"], "project: / This is the definition of a survey."),
        (["--survey", "project.json"], "survey: / This is the definition of a project."),
        (["--survey", "either.json"], "survey: /invited"),
        (["--port", "odd"], "--port"),
        (["--faults", "5"], "--faults: a percentage such as 5% is expected"),
        (["--faults", "101%"], "--faults: a percentage such as 5% is expected"),
        (["--latency", "200"], "--latency: a duration such as 200ms or 1.5s is expected"),
        (["--log", "xml"], "--log"),
    ],
)
def test_what_cannot_be_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    """One line says why, and the exit status is 2."""
    (tmp_path / "odd.json").write_text("7")
    (tmp_path / "either.json").write_text('{"id": "E"}')
    (tmp_path / "survey.json").write_text(json.dumps(SURVEY))
    (tmp_path / "project.json").write_text(json.dumps(PROJECT | {"defaultRegion": "US"}))
    named = [str(tmp_path / each) if (tmp_path / each).exists() else each for each in arguments]
    assert run(["serve", "--port", "0", *named]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert why in printed.err
    assert len(printed.err.splitlines()) == 1


def test_a_port_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """It is not taken for another one."""
    assert run(["serve", "--port", "65536"]) == 2
    assert capsys.readouterr().err == "participant-rules: --port: a number from 0 to 65535 is expected\n"


def test_an_address_that_is_taken() -> None:
    """It is an error, with exit status 2."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = command("serve", "--port", port)
        assert done.returncode == 2
        assert f"cannot listen at 127.0.0.1:{port}" in done.stderr
        silent = command("conform", SOME[0], "--url", "http://127.0.0.1:1")
        assert (silent.returncode, silent.stderr) == (
            2,
            "participant-rules: http://127.0.0.1:1 does not answer\n",
        )
