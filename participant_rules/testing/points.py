"""The points of a call: lines of a store at which it stops for a while, or ends."""

import inspect
import linecache
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any, Final

__all__ = ["WAIT", "Call", "Crash", "Point", "crash", "lines_of", "own_places", "spread", "traced"]

Call = Callable[[], Any]
Point = tuple[str, int, int]  # file, line, and which time the line is run

HITS: Final = 3  # times that a line in a loop is interrupted
WAIT: Final = 20  # seconds after which a call counts as hanging


class Crash(BaseException):
    """The process ends here, as far as the store is concerned."""


def own_places(store: Any) -> tuple[str, ...]:
    """Where the code of a store is: the folder of its package, else its file."""
    module = sys.modules[type(store).__module__]
    file = Path(inspect.getfile(type(store)))
    return (f"{file.parent}/",) if getattr(module, "__package__", "") else (str(file),)


def crash() -> None:
    """Raise Crash."""
    raise Crash


def lines_of(call: Call, places: Sequence[str]) -> Sequence[Point]:
    """The lines of a store that a call runs: those at which others may stop."""
    points = traced(call, places)
    assert points, f"no line of {places} was run: say in `crash_in` where the store's code is"
    return points


def spread(points: Sequence[Point], most: int) -> Sequence[Point]:
    """Points spread evenly over a call."""
    return points[:: -(-len(points) // most)]


def _is_still(frame: FrameType) -> bool:
    """Whether nothing is run at the line itself, so that no exception arises there outside a debugger.

    Such are `try` and the way out of a `with`; Python does not end the context for what is raised there.
    """
    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
    return line.lstrip().startswith(("with ", "async with ", "try:", "finally:", "else:"))


def traced(
    call: Call, places: Sequence[str], at: Point | None = None, do: Call = lambda: None
) -> list[Point]:
    """Make a call in a thread of its own, and do something at one of its points; returns those it came by."""
    tracer = _Tracer(tuple(places), at, do)
    failures: list[BaseException] = []

    def run() -> None:
        sys.settrace(tracer)
        try:
            call()
        except Crash:
            pass
        except BaseException as failure:  # noqa: BLE001  a thread hands on whatever it met
            failures.append(failure)
        finally:
            sys.settrace(None)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(WAIT)
    assert not thread.is_alive(), "a commit hangs"
    for each in failures:
        raise each
    return tracer.points


class _Tracer:
    """Notes the points that a call comes by in some files, and does something at one of them."""

    def __init__(self, places: tuple[str, ...], at: Point | None, do: Call) -> None:
        self._places, self._at, self._do = places, at, do
        self._hits: Counter[tuple[str, int]] = Counter()
        self.points: list[Point] = []

    def __call__(self, frame: FrameType, event: str, _: object) -> Any:
        """The tracer of a frame, as `sys.settrace` wants it."""
        if not frame.f_code.co_filename.startswith(self._places):
            return None
        if event == "line" and not _is_still(frame):
            self._note((frame.f_code.co_filename, frame.f_lineno))
        return self

    def _note(self, line: tuple[str, int]) -> None:
        self._hits[line] += 1
        if self._hits[line] <= HITS:
            self.points.append((*line, self._hits[line]))
            if self.points[-1] == self._at:
                self._do()
