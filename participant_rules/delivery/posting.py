"""Sends rows call by call, each with a line in the journal before it and one after it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from attrs import field, frozen

from participant_rules.delivery.journal import Journal
from participant_rules.delivery.rows import Arrival, Post, Row, State
from participant_rules.delivery.waiting import Patience, Stopped, is_lost, is_throttled
from participant_rules.http import NoResponse, Unexpected
from participant_rules.violations import Refused, Violation, listing

__all__ = ["Posting"]

Finished = tuple[Row, State]

_HALTING: Final = frozenset({401, 403, 405})
_HALTS: Final = frozenset(
    {
        *("project-not-found", "survey-not-accessible", "participants-unsupported", "import-in-progress"),
        *("endpoint-unknown", "too-large"),
    }
)
"""Refusals of whoever calls, or of all there is: no row is to blame, and the next one would fare alike."""


@frozen
class Posting:
    """Sends rows by a post.

    `place` gives the row of the file that a row's number stands at. A call that is refused for some of its
    rows is made again without them where `good_only` says so; else sending stops there. What is not known to
    have arrived is asked for before it is sent again.
    """

    post: Post
    journal: Journal
    place: Callable[[int], int]
    good_only: bool = False
    patience: Patience = field(factory=Patience)

    def resume(self, rows: Sequence[Row]) -> Iterator[Finished]:
        """Close the call that an earlier run left open; `rows` are its rows that are still in the file.

        Raises Stopped where the server cannot be asked.
        """
        if not self.journal.open:
            return
        arrival = self._asked(rows) if rows else Arrival.UNKNOWN
        yield from self._close(rows, arrival)

    def send(self, rows: Iterable[Row]) -> Iterator[Finished]:
        """Send rows; yields each as soon as its state is known.

        Raises Stopped, with nothing open that is not in the journal.
        """
        for some in _calls(rows, self.post.most):
            left: Sequence[Row] = some
            while left:
                finished = list(self._call(left))
                yield from finished
                done = {row.number for row, _ in finished}
                left = [row for row in left if row.number not in done]
                if left and not self.good_only and finished:
                    raise Stopped(
                        "a call was refused for some of its rows: nothing of it was done", resumable=False
                    )

    def _call(self, rows: Sequence[Row]) -> Iterator[Finished]:
        """Make one call, as often as it takes, until something is known of some of its rows."""
        attempt = 0
        while True:
            attempt += 1
            self.journal.begin(rows, [self.place(each.number) for each in rows])
            try:
                actions = self.post.send(rows)
            except Refused as refused:
                yield from self._refused(rows, refused.violations)
                return
            except (NoResponse, Unexpected) as failure:
                arrival = self._after(failure, attempt, rows)
                if arrival is Arrival.ABSENT:
                    self.journal.nothing()
                    continue
                yield from self._close(rows, arrival)
                return
            yield from zip(rows, self.journal.sent(actions), strict=True)
            return

    def _after(self, failure: Exception, attempt: int, rows: Sequence[Row]) -> Arrival:
        """The state of a call that has no answer, asked after a while."""
        if is_throttled(failure):
            self._waited(attempt, failure)
            return Arrival.ABSENT
        if not is_lost(failure):
            self.journal.nothing()
            raise Stopped(str(failure)) from None
        self.patience.wait(attempt, failure)
        return self._asked(rows)

    def _waited(self, attempt: int, failure: Exception) -> None:
        """Wait after a call that has done nothing."""
        try:
            self.patience.wait(attempt, failure)
        except Stopped:
            self.journal.nothing()
            raise

    def _asked(self, rows: Sequence[Row]) -> Arrival:
        try:
            return self.post.arrival(rows)
        except Refused as refused:
            codes = ", ".join(dict.fromkeys(each.code for each in refused.violations))
            raise Stopped(f"the server does not say what has arrived: {codes}") from None

    def _close(self, rows: Sequence[Row], arrival: Arrival) -> Iterator[Finished]:
        """Close the open call with its state."""
        if arrival is Arrival.ABSENT:
            self.journal.nothing()
            return
        states = self.journal.sent() if arrival is Arrival.ARRIVED else self.journal.unknown()
        marks = {each.mark for each in rows}
        if len(marks) == len(states):
            yield from zip(rows, states, strict=True)
        else:  # the file has changed since
            yield from ((each, self.journal.states[each.mark]) for each in rows)

    def _refused(self, rows: Sequence[Row], violations: Sequence[Violation]) -> Iterator[Finished]:
        """The states of rows after a refusal; raises Stopped where it blames none of them."""
        halts = any(each.status in _HALTING or each.code in _HALTS for each in violations)
        found = None if halts else self.post.by_row(violations)
        if not found or max(found) >= len(rows):
            self.journal.nothing()
            raise Stopped(f"the server refuses the call: {listing(violations)}")
        self.journal.refused(found)
        for place in sorted(found):
            yield rows[place], State("refused", violations=found[place])


def _calls(rows: Iterable[Row], most: int) -> Iterator[Sequence[Row]]:
    rest = iter(rows)
    while some := list(islice(rest, most)):
        yield some
