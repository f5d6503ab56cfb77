"""How the text report looks: in a terminal, and elsewhere."""

import io

import pytest

from participant_rules.batch.reports import Look
from participant_rules.batch.reports.lines import Piece
from participant_rules.cli.text import look_of


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 24 columns that shows colours."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "24")


PIECES = [Piece("email-taken", "bold red"), Piece("Must be unique.")]


def test_a_terminal_has_colours_and_a_width() -> None:
    """Words stay whole where a line ends."""
    look = look_of(Terminal())
    assert [*look.lines(PIECES)] == ["\x1b[1;31memail-taken\x1b[0m  Must be", "    unique."]


def test_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR leaves the width."""
    monkeypatch.setenv("NO_COLOR", "1")
    first, second = look_of(Terminal()).lines(PIECES)
    assert "31m" not in first
    assert second == "    unique."


def test_what_is_no_terminal_is_plain() -> None:
    """In a file or a pipe a line is never broken."""
    assert look_of(io.StringIO()) == Look()
    assert [*look_of(io.StringIO()).lines(PIECES)] == ["email-taken  Must be unique."]
