"""Faults on purpose."""

import itertools
import json
import time
from pathlib import Path

import httpx
import pytest

from participant_rules.adapters.httpx import HttpxTransport
from participant_rules.http import NoResponse, Request, Response
from participant_rules.sending import Retry
from participant_rules.server.faults import KINDS, Faults
from tests.server.asking import SURVEY, TOKEN, Ask, asking, form
from tests.server.processes import sandbox

LIST = Request("GET", "/surveys/S1/participants")


def drawn(faults: Faults, count: int) -> list[str | None]:
    """The faults of the first requests."""
    draw = faults.drawing()
    return [draw() for _ in range(count)]


def test_the_seed_decides_which() -> None:
    """The same number the same faults; the share of them is kept to, and each kind comes."""
    some = drawn(Faults(share=0.05, seed=7), 2000)
    assert some == drawn(Faults(share=0.05, seed=7), 2000) != drawn(Faults(share=0.05, seed=8), 2000)
    assert 60 < len([each for each in some if each]) < 140
    assert set(some) == {None, *KINDS}
    assert set(drawn(Faults(share=0.0), 1000)) == {None}
    assert None not in drawn(Faults(share=1.0), 1000)


def seed_of(kind: str) -> int:
    """A seed that gives the first request this fault."""
    return next(seed for seed in itertools.count() if drawn(Faults(share=1.0, seed=seed), 1) == [kind])


def faulty(kind: str) -> Ask:
    """A sandbox that gives the first request this fault."""
    return asking(faults=Faults(share=1.0, seed=seed_of(kind), slow=0.2))


ADD = Request(
    "POST",
    "/surveys/S1/participants",
    body=b'{"loginSection": {"login": "kim", "subjects": [{"subjectName": ""}]}}',
)


class Once:
    """Draws one fault, and none after it."""

    def __init__(self, kind: str) -> None:
        self.kinds = [kind]

    def __call__(self) -> str | None:
        return self.kinds.pop() if self.kinds else None


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        ("server error", False),
        ("cut before the commit", False),
        ("cut after the commit", True),
        ("slow", True),
    ],
)
def test_what_happens(kind: str, done: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault says nothing of whether the request was carried out: the next one shows it."""
    monkeypatch.setattr(Faults, "drawing", lambda _: Once(kind))
    ask = asking(faults=Faults(share=1.0, slow=0.2))
    begun = time.monotonic()
    answer: Response | None
    try:
        answer = ask(ADD)
    except (NoResponse, ConnectionAbortedError):
        answer = None
    took = time.monotonic() - begun
    expected = {"server error": 500, "slow": 200}.get(kind)
    assert (answer and answer.status) == expected
    assert (took > 0.2) is (kind == "slow")
    assert len(ask(LIST).json()["participants"]) == done


def test_a_client_that_does_not_wait(tmp_path: Path) -> None:
    """A slow answer that a client does not wait for: the request is carried out all the same."""
    seed = next(each for each in itertools.count() if drawn(Faults(0.5, seed=each), 2) == ["slow", None])
    (tmp_path / "survey.json").write_text(json.dumps(SURVEY.to_json()))
    options = ("--survey", "survey.json", "--faults", "50%", "--seed", str(seed))
    with sandbox(tmp_path, *options) as started:
        retry = Retry(attempts=1)
        with (
            HttpxTransport(started.address, httpx.Client(timeout=0.5), retry=retry) as impatient,
            pytest.raises(NoResponse),
        ):
            impatient.send(ADD)
        with HttpxTransport(started.address, retry=retry) as transport:
            assert len(transport.send(LIST).json()["participants"]) == 1


def test_other_addresses_have_none() -> None:
    """Addresses of no vendor answer always; the token endpoint is a vendor's."""
    ask = faulty("server error")
    assert [ask(Request("GET", path)).status for path in ("/", "/openapi.json", "/surveys")] == [
        200,
        200,
        404,
    ]
    assert ask(form()).status == 500
    assert faulty("server error")(Request("POST", "/inv" + TOKEN)).status == 500


def test_latency() -> None:
    """Every call waits."""
    ask = asking(faults=Faults(latency=0.15))
    for request, least in ((LIST, 0.15), (Request("GET", "/"), 0.0)):
        begun = time.monotonic()
        assert ask(request).status == 200
        assert (time.monotonic() - begun > 0.15) is (least > 0)


@pytest.mark.parametrize("kind", ["cut before the commit", "cut after the commit"])
def test_a_cut_connection(tmp_path: Path, kind: str) -> None:
    """A client gets no answer at all, the log has the reason, and the next request shows the result."""
    seed = next(each for each in itertools.count() if drawn(Faults(0.5, seed=each), 2) == [kind, None])
    (tmp_path / "survey.json").write_text(json.dumps(SURVEY.to_json()))
    options = ("--survey", "survey.json", "--faults", "50%", "--seed", str(seed))
    with (
        sandbox(tmp_path, *options) as started,
        HttpxTransport(started.address, retry=Retry(attempts=1)) as transport,
    ):
        with pytest.raises(NoResponse):
            transport.send(ADD)
        assert len(transport.send(LIST).json()["participants"]) == (kind == "cut after the commit")
        found = started.log.read_text().splitlines()
    assert found[0] == f"faults as of --seed {seed}"
    assert found[1].startswith("POST /surveys/{}/participants - ")
    assert found[1].endswith(f" ms (fault: {kind})")
