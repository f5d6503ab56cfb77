"""Processes that do one thing again and again, each behind a pipe of its own.

A pool of the standard library has threads, which take turns with whoever uses it. Here he does all himself,
and can do something of the same kind while he waits.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.reduction import ForkingPickler
from pickle import PicklingError
from typing import Any, Final, Generic, TypeVar

__all__ = ["Died", "Prepare", "Worker", "packed"]

Made = TypeVar("Made")

Prepare = Callable[..., Callable[[Any], Any]]
"""Makes the function of a worker, in its process."""


class Died(Exception):
    """A worker is gone, and has not answered."""


class Worker(Generic[Made]):
    """A process that works on messages, one after the other.

    `others` are the workers that run already.
    """

    def __init__(
        self,
        context: BaseContext,
        prepare: Prepare,
        arguments: Sequence[Any],
        others: Sequence["Worker[Made]"] = (),
    ) -> None:
        self.pipe, theirs = context.Pipe()
        forks = context.get_start_method() == "fork"
        inherited = [each.pipe for each in (*others, self)] if forks else []
        self._process = context.Process(  # type: ignore[attr-defined]  # every context has one
            target=_work, args=(theirs, inherited, prepare, arguments), daemon=True
        )
        self._process.start()
        theirs.close()
        self._given = 0  # and not answered

    def takes(self, thing: bytes) -> bool:
        """Give it something to do, unless it has enough; raises Died."""
        # While it answers it takes nothing: what it is given meanwhile must have room in the pipe.
        if self._given == _MOST or (self._given and len(thing) > _SMALL):
            return False
        try:
            self.pipe.send_bytes(thing)
        except OSError:
            raise Died from None
        self._given += 1
        return True

    def has_answered(self) -> bool:
        """Whether the next answer is there, or never will be."""
        return self.pipe.poll()

    def answer(self) -> Made:
        """The next answer, as soon as it is there; raises Died, and the exceptions of the other process."""
        try:
            stands, answer = self.pipe.recv()
        except (EOFError, OSError):
            raise Died from None
        self._given -= 1
        if not stands:
            raise answer
        made: Made = answer
        return made

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()  # a fork has its owner's handler of SIGTERM
        self._process.join()
        self.pipe.close()


def packed(thing: object) -> bytes | None:
    """An object, ready to travel; None for one that cannot."""
    try:
        return _pickled(thing)
    except (AttributeError, RecursionError, TypeError, PicklingError):
        return None


_MOST: Final = 4  # things at once
_SMALL: Final = 2_000  # bytes: no system has smaller pipes than for four of these


def _work(
    pipe: Connection, inherited: Sequence[Connection], prepare: Prepare, arguments: Sequence[Any]
) -> None:
    for each in inherited:  # while they are open here, nobody sees that their owner is gone
        each.close()
    do = prepare(*arguments)
    with suppress(EOFError, KeyboardInterrupt, ConnectionError):  # their owner is gone, or will be
        while True:
            pipe.send_bytes(_answer(do, pipe.recv()))


def _answer(do: Callable[[Any], Any], thing: object) -> bytes:
    try:
        return _pickled((True, do(thing)))
    except Exception as error:  # noqa: BLE001  whatever it is, it is raised where the answer is taken
        return _pickled((False, error))


def _pickled(thing: object) -> bytes:
    """An object as bytes: the view that the pickler gives crashes Python 3.12.1 where it lies in a cycle."""
    return bytes(ForkingPickler.dumps(thing))
