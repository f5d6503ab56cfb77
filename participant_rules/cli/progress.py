"""A bar with rate and time left, on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TimeRemainingColumn
from rich.text import Text

__all__ = ["Advance", "progress"]

Advance = Callable[[int, int], None]
"""Takes the number of further bytes, and of further records."""

_SHORT: Final = 0.5  # seconds; shorter work shows no bar


@contextmanager
def progress(total_bytes: int) -> Iterator[Advance]:
    """Shows how far the work has come, until the block ends; with 0 bytes in total, that it goes on.

    Nothing is shown where standard error is no terminal, and for short work.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield _silent
        return
    bar = _bar()
    task = bar.add_task("", total=total_bytes or None, records=0)
    began, records = monotonic(), 0

    def advance(more_bytes: int, more_records: int) -> None:
        nonlocal records
        records += more_records
        bar.update(task, advance=more_bytes, records=records)
        if not bar.live.is_started and monotonic() - began >= _SHORT:
            bar.start()

    try:
        yield advance
    finally:
        if bar.live.is_started:
            bar.stop()


def _bar() -> Progress:
    columns = (TaskProgressColumn(), BarColumn(), _Rate(), TimeRemainingColumn())
    # Transient: what is left on the terminal is the report.
    return Progress(*columns, console=Console(file=sys.stderr), transient=True)


def _silent(_bytes: int, _records: int) -> None:
    pass


class _Rate(ProgressColumn):
    """Records in a second."""

    def render(self, task: Task) -> Text:
        rate = task.fields["records"] / task.elapsed if task.elapsed else 0
        return Text(f"{rate:,.0f} records/s", style="progress.data.speed")
