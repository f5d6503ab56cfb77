"""Colour and width for the text report, where a terminal shows it."""

from typing import TextIO

from rich.console import Console
from rich.text import Text

from participant_rules.batch.reports import Look

__all__ = ["look_of"]


def look_of(out: TextIO) -> Look:
    """How lines look on `out`: plain and never broken where that is no terminal; plain with NO_COLOR."""
    console = Console(file=out, highlight=False, soft_wrap=True)

    def paint(text: str, style: str) -> str:
        with console.capture() as painted:
            console.print(Text(text, style=style), end="")
        return painted.get()

    return Look(paint, console.width) if console.is_terminal else Look()
