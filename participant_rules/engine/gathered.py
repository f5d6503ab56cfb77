"""Slots that several columns of a table fill together: faults of open objects' members, and unread names."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any

from attrs import frozen

from participant_rules.engine.cells import Batch, Test, failing, quick_test, where
from participant_rules.engine.headers import Placed
from participant_rules.schema.form import OpenForm

__all__ = ["Faults", "Gathered", "Stranger"]


@frozen(eq=False)
class Gathered:
    """Fills a slot from several columns."""

    slot: int
    finders: Sequence[Callable[[Batch], Iterable[tuple[int, Any]]]]

    def __call__(self, batch: Batch) -> None:
        """Fill the slot of each row."""
        found: dict[int, tuple[Any, ...]] = {}
        for finder in self.finders:
            for row, fault in finder(batch):
                found[row] = (*found.get(row, ()), fault)
        for row, together in found.items():
            batch.odds[row] += ((self.slot, together),)


@frozen
class Stranger:
    """Names a member that is not read where it is there."""

    column: Placed

    def __call__(self, batch: Batch) -> Iterator[tuple[int, Any]]:
        """The rows in which the member is there, and its name."""
        fault = self.column.path[:-1], self.column.name
        stands = range(len(batch.rows)) if self.column.clears else where(batch.stripped(self.column.place))
        return ((row, fault) for row in stands)


@frozen
class Faults:
    """Finds the faults of an open object's member; without `quick` only a cleared one has a fault."""

    column: Placed
    members: OpenForm
    quick: Test | None

    @classmethod
    def of(cls, column: Placed, members: OpenForm, *, of_texts: bool) -> "Faults":
        """The faults of a column.

        What a definition declares in an object of any values is unsure where it is not plain; what nobody
        declares there stays a text.
        """
        form = members.form(column.name)
        plain = form is not None and (form.any_text or not of_texts)
        return cls(column, members, None if plain else quick_test(form))

    def __call__(self, batch: Batch) -> Iterator[tuple[int, Any]]:
        """The rows in which the member has a fault, and the fault with its path."""
        name, place = self.column.name, self.column.place
        cells = batch.cells(place)
        faults: dict[str, Hashable | None] = {}
        for row in failing(cells, self.quick) if self.quick is not None else ():
            cell = cells[row]
            if cell not in faults:
                faults[cell] = self.members.fault(name, cell) if cell.strip() else None
            if faults[cell] is not None:
                yield row, self._with_path(faults[cell])
        cleared = self.members.fault(name, None) if self.column.clears else None
        if cleared is not None:
            for row in batch.blanks(place):
                yield row, self._with_path(cleared)

    def _with_path(self, fault: Hashable) -> tuple[Any, ...]:
        return self.column.path[:-1], self.column.name, fault, False
