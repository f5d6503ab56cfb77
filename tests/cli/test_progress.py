"""A bar on standard error, on a terminal and for long work only."""

import io
import sys

import pytest

from participant_rules.cli import progress as module
from participant_rules.cli.progress import progress


class Terminal(io.StringIO):
    """Standard error that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def shown(monkeypatch: pytest.MonkeyPatch, out: io.StringIO, short: float) -> str:
    """The text that is shown while two of four bytes are done."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setattr(module, "_SHORT", short)
    with progress(4) as advance:
        advance(2, 1_000)
    return out.getvalue()


def test_long_work_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the share that is done and the rate."""
    bar = shown(monkeypatch, Terminal(), 0)
    assert "50%" in bar
    assert "records/s" in bar


def test_short_work_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does work without a terminal."""
    assert shown(monkeypatch, Terminal(), 60) == ""
    assert shown(monkeypatch, io.StringIO(), 0) == ""
