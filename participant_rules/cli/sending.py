"""The progress of `send`: a bar with rate and time left, and the reason of a wait."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from attrs import frozen
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

__all__ = ["Shown", "sending_bar"]


@frozen
class Shown:
    """Shows progress: `sent` one more settled record, `waits` a wait of so many seconds."""

    sent: Callable[[], None]
    waits: Callable[[float], None]


@contextmanager
def sending_bar(total: int) -> Iterator[Shown]:
    """Shows how far it has come on standard error; where that is no terminal, waits of a minute in words."""
    if not sys.stderr.isatty():
        yield Shown(lambda: None, _say)
        return
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[why]}"),
    )
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=total, why="")
        yield Shown(
            lambda: bar.update(task, advance=1, why=""),
            lambda seconds: bar.update(task, why=f"waiting {seconds:,.0f} s, as the server asks"),
        )


_LONG = 60


def _say(seconds: float) -> None:
    if seconds >= _LONG:
        sys.stderr.write(f"participant-rules: waiting {seconds:,.0f} s, as the server asks\n")


class _Rate(ProgressColumn):
    """Records in a minute."""

    def render(self, task: Task) -> Text:
        rate = 60 * task.completed / task.elapsed if task.elapsed else 0
        return Text(f"{rate:,.0f} records/min", style="progress.data.speed")
