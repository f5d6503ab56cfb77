"""The examples of docs/embedding.md, on real servers: each as it is printed there."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from attrs import evolve

from participant_rules import Refused, project, survey
from participant_rules.adapters.httpx import HttpxTransport
from participant_rules.conformance import Remote, VectorFile, load, run_files
from participant_rules.http import Request
from tests.server.processes import ROOT, Running, running

PAGE = (ROOT / "docs" / "embedding.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"^### (.+?)\n\n```python\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE))
VECTORS = load([ROOT / "tests" / "vectors"])
SERVERS = {
    "Starlette": "uvicorn",
    "FastAPI": "uvicorn",
    "Litestar": "uvicorn",
    "Nothing but ASGI": "uvicorn",
    "Flask": "gunicorn",
    "Django": "gunicorn",
    "The standard library": "wsgiref",
}


@pytest.fixture(scope="module", params=SERVERS)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An example in a process of its own."""
    folder = tmp_path_factory.mktemp("example")
    (folder / "example.py").write_text(EXAMPLES[request.param])
    host = str(Path(__file__).with_name("host.py"))
    with running(folder, sys.executable, host, "example.py", SERVERS[request.param]) as started:
        yield started


OF_ONE_KIND = ("FastAPI", "Litestar", "Nothing but ASGI", "Flask", "Django")
"""Those that are like one of ASGI or one of WSGI that is mounted in the quick run."""


@pytest.fixture(
    params=[pytest.param(each, marks=pytest.mark.heavy if each in OF_ONE_KIND else ()) for each in SERVERS]
)
def mounted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an example that is mounted below a prefix of another application."""
    (tmp_path / "example.py").write_text(EXAMPLES[request.param])
    host = str(Path(__file__).with_name("host.py"))
    command = (sys.executable, host, "example.py", SERVERS[request.param], "/studies/of ours")
    with running(tmp_path, *command) as started:
        yield f"{started.address}/studies/of%20ours"


def test_an_example_below_a_prefix(mounted: str) -> None:
    """It answers there as it does by itself, and finds names that have to be encoded."""
    with HttpxTransport(mounted) as transport:
        client = survey.Client(transport)
        for login in ("kim", "ž 100%"):
            client.add("S1", {"loginSection": {"login": login, "subjects": [{"subjectName": ""}]}})
            assert client.get("S1", login).enabled
        assert len(list(client.participants("S1", page_size=1))) == 2
        client.delete("S1", "kim")
        given = b'{"projects": [{"id": "P1", "participants": [{"participantIdentifier": "A"}]}]}'
        assert transport.send(Request("PUT", "/sandbox/given", body=given)).status == 204
        assert project.Client(transport).get("P1", "A").participant_identifier == "A"


def test_no_example_is_left_out_or_long() -> None:
    """Every heading's lines are run, and there are fewer than 25 of them."""
    assert EXAMPLES.keys() == SERVERS.keys()
    assert {
        name: length for name, lines in EXAMPLES.items() if (length := len(lines.splitlines())) >= 25
    } == {}


def test_the_example_as_it_stands(served: Running) -> None:
    """It serves the survey that it holds."""
    with HttpxTransport(served.address) as transport:
        client = survey.Client(transport)
        client.add("S1", {"loginSection": {"login": "kim", "subjects": [{"subjectName": ""}]}})
        assert client.get("S1", "kim").enabled
        assert len(list(client.participants("S1", page_size=1))) == 1
        client.delete("S1", "kim")
        with pytest.raises(Refused) as refused:
            client.get("S1", "kim")
        assert refused.value.violations[0].code == "participant-not-found"


def failures(served: Running, files: Iterable[VectorFile]) -> dict[str, str]:
    """Why cases fail; of WSGI alone nobody can want a slash within a name."""
    with HttpxTransport(served.address) as transport:
        failed = {each.name: each.why for each in run_files(files, Remote(transport)) if not each.passed}
    failed.pop("endpoint-unknown: paths that are not documented", None)  # "GET surveys" is no HTTP to some
    by_wsgi = "wsgiref" in str(served.process.args)
    return {name: why for name, why in failed.items() if not (by_wsgi and "slash" in name)}


def test_some_vectors(served: Running) -> None:
    """It answers as the pages say, whatever is asked."""
    assert failures(served, [evolve(each, cases=each.cases[::40]) for each in VECTORS]) == {}


@pytest.mark.heavy
def test_all_vectors(served: Running) -> None:
    """And in every case."""
    assert failures(served, VECTORS) == {}


def test_the_project_client(served: Running) -> None:
    """Either family's client finds its server."""
    with HttpxTransport(served.address) as transport:
        given = b'{"projects": [{"id": "P1", "participants": [{"participantIdentifier": "A"}]}]}'
        assert transport.send(Request("PUT", "/sandbox/given", body=given)).status == 204
        client = project.Client(transport)
        assert client.put_many("P1", [{"participantIdentifier": "B/1"}]).total_added == 1
        assert {each.participant_identifier for each in client.participants("P1")} == {"A", "B/1"}
