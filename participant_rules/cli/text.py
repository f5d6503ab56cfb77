"""Colour for the text report, where a terminal shows it."""

from typing import TextIO

from rich.console import Console
from rich.text import Text

from participant_rules.batch.reports import Paint

__all__ = ["painter"]


def painter(out: TextIO) -> Paint:
    """What gives a text its colour on `out`; it stays plain where that is no terminal, or NO_COLOR is set."""
    console = Console(file=out, highlight=False, soft_wrap=True)

    def paint(text: str, style: str) -> str:
        with console.capture() as painted:
            console.print(Text(text, style=style), end="")
        return painted.get()

    return paint
