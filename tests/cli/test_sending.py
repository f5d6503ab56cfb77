"""The output and the question of `send`."""

import io
import json
import sys
from pathlib import Path

import pytest

from participant_rules.cli import run
from participant_rules.cli.sending import sending_bar


class Terminal(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many of how many, how fast, and why it waits."""
    out = Terminal()
    monkeypatch.setattr(sys, "stderr", out)
    with sending_bar(300) as shown:
        for _ in range(120):
            shown.sent()
        shown.waits(1234)
    assert "120/300" in out.getvalue()
    assert "records/min" in out.getvalue()
    assert "waiting 1,234 s" in out.getvalue()


def test_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A long wait is a line, and nothing else is shown."""
    with sending_bar(300) as shown:
        shown.sent()
        shown.waits(59)
        shown.waits(90)
    assert capsys.readouterr().err == "participant-rules: waiting 90 s, as the server asks\n"


def test_it_asks_before_it_sends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After no, nothing was sent; the address is shown without its secret parts."""
    (tmp_path / "p.json").write_text(json.dumps({"id": "P"}))
    (tmp_path / "r.csv").write_text("participantIdentifier\nA\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", Terminal("\n"))
    assert run(["send", "r.csv", "--url", "http://kim:hunter2@127.0.0.1:9", "--project", "p.json"]) == 3
    reported = capsys.readouterr().err
    assert "Send 1 record to 127.0.0.1? [y/N] " in reported
    assert reported.splitlines()[-1].endswith(
        "nothing was sent; 1 record not sent; the same command goes on from here"
    )
    assert "hunter2" not in reported + Path("r.csv.journal.jsonl").read_text()
