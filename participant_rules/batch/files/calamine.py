"""python-calamine, a library in Rust: a panic of it, on a file that is broken, is an error like any other.

It derives from BaseException, and is printed to the process's standard error before anybody can catch it.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from participant_rules.batch.records import Unusable

__all__ = ["Panicked", "calamine_of", "quietly"]

_PANIC: Final = "PanicException"  # of a module that cannot be imported
_STDERR: Final = 2
_lock = threading.Lock()


class Panicked(Exception):
    """The library has given up in the middle of a file."""


@contextmanager
def quietly() -> Iterator[None]:
    """Make a panic of the calls within a Panicked; nothing is printed to standard error meanwhile."""
    with _lock:  # nor by any other thread
        kept = None
        with suppress(OSError):  # a process without a standard error
            kept = os.dup(_STDERR)
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, _STDERR)
            os.close(sink)
        try:
            yield
        except BaseException as failure:
            if type(failure).__name__ == _PANIC:
                raise Panicked from None
            raise
        finally:
            if kept is not None:
                os.dup2(kept, _STDERR)
                os.close(kept)


def calamine_of(name: str) -> Any:
    """The library; raises Unusable where it is not installed."""
    try:
        import python_calamine  # noqa: PLC0415  the extra may be absent
    except ImportError:
        raise Unusable(
            f"{name}: a workbook needs python-calamine: pip install 'participant-rules[xlsx]'"
        ) from None
    return python_calamine
