"""The request log."""

import itertools
import json
import logging
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from participant_rules.adapters.httpx import HttpxTransport
from participant_rules.http import NoResponse, Request
from participant_rules.sending import Retry
from participant_rules.server import Faults
from participant_rules.server.log import JsonLines, Line
from tests.server.processes import Running, sandbox, until

HALF = b"POST /surveys/S1/participants HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{"


def connect(started: Running) -> socket.socket:
    """A connection to it."""
    host, port = started.address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def lines(started: Running, expected: int) -> list[str]:
    """The lines of its log, once there are as many."""
    return until(lambda: started.log.read_text().splitlines(), lambda found: len(found) >= expected)


def test_a_client_that_hangs_up(tmp_path: Path) -> None:
    """Is a line, and no traceback; the sandbox goes on."""
    with sandbox(tmp_path) as started:
        with connect(started) as connection:
            connection.sendall(HALF)
        results = lines(started, 1)
        assert [each.partition(" - ")[0] for each in results] == ["POST /surveys/{}/participants"]
        assert results[0].endswith(" ms (the client hung up)")
        with HttpxTransport(started.address) as transport:
            assert transport.send(Request("GET", "/openapi.json")).status == 200
        assert started.stop() == 0
    assert len(started.log.read_text().splitlines()) == 2


def test_a_client_that_hangs_up_on_a_fault(tmp_path: Path) -> None:
    """Both are logged."""
    kinds = ((seed, Faults(1.0, seed=seed).drawing()()) for seed in itertools.count())
    seed = next(seed for seed, kind in kinds if kind == "slow")
    with sandbox(tmp_path, "--faults", "100%", "--seed", str(seed)) as started:
        with connect(started) as connection:
            connection.sendall(HALF)
        assert lines(started, 2)[1].endswith(" ms (fault: slow; the client hung up)")


@pytest.mark.heavy
def test_a_half_sent_request_at_a_stop(tmp_path: Path) -> None:
    """It gets its time; then the connection ends, and two lines say so."""
    with sandbox(tmp_path) as started, connect(started) as connection:
        connection.sendall(HALF)
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):  # it waits for the rest
            connection.recv(1)
        connection.settimeout(20)
        started.process.send_signal(signal.SIGTERM)
        assert connection.recv(1000) == b""
        assert started.process.wait(20) == 0
        results = started.log.read_text().splitlines()
    assert len(results) == 2
    assert results[0].startswith("Cancel 1 running task(s)")
    assert results[1].endswith(" ms (the sandbox stopped first)")


def test_json(tmp_path: Path) -> None:
    """Each line is an object with the parts of a request; anything else is a message."""
    options = ("--log", "json", "--faults", "100%", "--seed", "3")
    with (
        sandbox(tmp_path, *options) as started,
        HttpxTransport(started.address, retry=Retry(attempts=1)) as transport,
    ):
        transport.send(Request("GET", "/openapi.json"))
        for _ in range(4):
            try:
                transport.send(Request("GET", "/surveys/robin/participants"))
            except NoResponse:
                break
        results = [json.loads(each) for each in lines(started, 3)]
    assert results[0].keys() == {"time", "level", "message"}
    assert results[0]["message"] == "faults as of --seed 3"
    assert {name: value for name, value in results[1].items() if name not in {"time", "milliseconds"}} == {
        "method": "GET",
        "route": "/openapi.json",
        "status": 200,
    }
    assert results[1]["time"].endswith("+00:00")
    assert results[2]["note"].startswith("fault: ")
    assert "robin" not in started.log.read_text()


def record(message: str, **extra: Any) -> logging.LogRecord:
    """A record of the log."""
    made = logging.LogRecord("x", logging.ERROR, __file__, 1, message, (), None)
    vars(made).update(extra)
    return made


def test_one_object_a_line() -> None:
    """Whatever a message has in it."""
    assert json.loads(JsonLines().format(record('a\n"b"'))) | {"time": ""} == {
        "time": "",
        "level": "error",
        "message": 'a\n"b"',
    }
    line = Line("2026-01-02T03:04:05.678+00:00", "GET", "/", None, 1.25, "the client hung up")
    assert str(line) == "GET / - 1.2 ms (the client hung up)"
    assert json.loads(JsonLines().format(record("", line=line))) == {
        "time": "2026-01-02T03:04:05.678+00:00",
        "method": "GET",
        "route": "/",
        "status": None,
        "milliseconds": 1.25,
        "note": "the client hung up",
    }
