"""Commits that take of quotas, each in its turn.

A commit holds what it takes from before it begins until it has ended: so of changes made at once no two take
the last place, and none is refused for what a failing one only held.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from threading import RLock
from types import TracebackType
from typing import Any, Final, Self

from attrs import define, field, frozen

from participant_rules.conflicts import Stale
from participant_rules.quotas import Quota, Taker, Taking
from participant_rules.steps import Pause, Steps, Within

__all__ = ["Deed", "Turn", "begin_again", "in_turn", "turn_of"]

WAIT: Final = 60.0  # seconds for a commit of another change, which holds what is left


@frozen
class Deed:
    """The shares that a change takes for a participant; a deleted one gives all of its own back."""

    taker: Taker
    taking: Taking
    deletes: bool = False


_LOCK: Final = RLock()  # guards the numbers of all quotas; nobody waits for anything while having it
_waiting: list[Future[None]] = []  # whoever waits for the end of a commit


def in_turn(turn: "Turn | None", commit: Callable[[], Any]) -> Steps[None]:
    """Make a commit in its turn; raises Stale where rules are to be asked again, for too little is left."""
    if turn is None:
        yield commit
        return
    yield from turn.begin()
    with turn.abandoned():
        yield Within(commit, turn)


def turn_of(facts: Mapping[str, object], deeds: Iterable[Deed]) -> "Turn | None":
    """The turn of a commit of these changes; None where they neither take nor give back."""
    deeds = [*deeds]
    takes = [(quota, key, count, each) for each in deeds for quota, key, count in each.taking.taken]
    gone = [each.taker for each in deeds if each.deletes]
    quotas = [each for each in facts.values() if isinstance(each, Quota)] if gone else []
    return Turn(takes, [(quota, taker) for quota in quotas for taker in gone]) if takes or quotas else None


def begin_again(quota: Quota, left: Mapping[str, int]) -> None:
    """Count a quota down from these numbers, as if none of them had been taken."""
    with _LOCK:
        quota.ledger.left = {**left}
        quota.ledger.takers.clear()


@define(eq=False)
class Turn:
    """The shares of quotas that a commit takes and gives back: held from `begin` to its end.

    As a context it is the commit: one that ends well settles all, one that raises gives it back.
    """

    _takes: Sequence[tuple[Quota, str, int, Deed]]
    _gone: Sequence[tuple[Quota, Taker]]
    _is_held: bool = field(default=False, init=False)
    _is_running: bool = field(default=False, init=False)

    def begin(self) -> Steps[None]:
        """Hold all of it, once no other commit stands in the way.

        Raises Stale where there is no longer enough, TimeoutError where the other one does not end.
        """
        while (busy := self._hold()) is not None:
            if not (yield Pause(busy, WAIT)):
                raise Stale

    def _hold(self) -> Future[None] | None:
        """Hold all of it; a future where another commit is to end first. Raises Stale."""
        with _LOCK:
            wanted = Counter[tuple[Quota, str]]()
            for quota, key, count, _ in self._takes:
                wanted[quota, key] += count
            if any(count > quota.ledger.left[key] for (quota, key), count in wanted.items()):
                raise Stale
            left = (
                quota.ledger.left[key] - quota.ledger.held[key] - count
                for (quota, key), count in wanted.items()
            )
            if any(taker in quota.ledger.busy for quota, taker in self._takers()) or min(left, default=0) < 0:
                _waiting.append(found := Future[None]())
                return found
            self._mark(1)
            self._is_held = True
            return None

    def _takers(self) -> Iterator[tuple[Quota, Taker]]:
        yield from self._gone
        yield from ((quota, deed.taker) for quota, _, _, deed in self._takes)

    def _mark(self, step: int) -> None:
        """Mark the shares as held, or as no longer held."""
        for quota, key, count, _ in self._takes:
            quota.ledger.held[key] += step * count
        for quota, taker in self._takers():
            (quota.ledger.busy.add if step > 0 else quota.ledger.busy.discard)(taker)

    def __enter__(self) -> Self:
        with _LOCK:
            if not self._is_held:
                raise CancelledError  # whoever wanted the commit has left before it began
            self._is_running = True
        return self

    def __exit__(
        self,
        failed: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._end(is_made=failed is None)

    @contextmanager
    def abandoned(self) -> Iterator[None]:
        """Give back the shares held for a commit that has not begun when the context is left."""
        try:
            yield
        finally:
            with _LOCK:
                if not self._is_running:
                    self._end(is_made=False)

    def _end(self, *, is_made: bool) -> None:
        with _LOCK:
            self._is_held = False
            self._mark(-1)
            if is_made:
                self._take()
            waiting, _waiting[:] = _waiting[:], []
        for each in waiting:
            if each.set_running_or_notify_cancel():
                each.set_result(None)

    def _take(self) -> None:
        for quota, taker in self._gone:
            for key, count in quota.ledger.takers.pop(taker, ()):
                quota.ledger.left[key] += count
        for quota, key, count, deed in self._takes:
            quota.ledger.left[key] -= count
            if not deed.deletes:
                quota.ledger.takers.setdefault(deed.taker, []).append((key, count))
