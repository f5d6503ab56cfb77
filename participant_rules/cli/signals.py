"""Signals that end a program: what it has begun is cleared away first."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, Never

__all__ = ["ending_in_order"]

_ENDING: Final = [
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
]  # not every system has both


@contextmanager
def ending_in_order() -> Iterator[None]:
    """A block in which SIGTERM and SIGHUP raise SystemExit, with the status that shells give.

    By default they end a program at once, and drafts of its outputs would be left. A second one still does;
    one that is ignored, as `nohup` does, stays so.
    """
    taken = [each for each in _ENDING if signal.getsignal(each) is signal.SIG_DFL]
    for each in taken:
        signal.signal(each, _end)
    try:
        yield
    finally:
        for each in taken:
            signal.signal(each, signal.SIG_DFL)


def _end(number: int, _frame: FrameType | None) -> Never:
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(128 + number)
