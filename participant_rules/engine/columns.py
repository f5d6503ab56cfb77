"""Rows of a table read by their columns, as their payloads would be, which are not made.

Only the columns that are read are looked at, each for all rows at once. A row is unsure where it takes the
JSON value to tell what it says: such a row has its payload made, and read by `values.reader_of`.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import Any, Final

from participant_rules.engine.cells import Batch
from participant_rules.engine.headers import Header, TableColumn, header_of
from participant_rules.engine.looks import steps_of
from participant_rules.engine.readings import Readings
from participant_rules.engine.recent import Recent
from participant_rules.engine.slots import Slots
from participant_rules.engine.unsure import tests_of
from participant_rules.unset import UNSET

__all__ = ["ColumnsReader", "TableColumn", "columns_reader"]

Rows = Sequence[Sequence[str]]

ColumnsReader = Callable[[Rows], Readings]
"""Gives the readings of rows, but for those that are unsure.

No text may have a fault (NUL, a lone surrogate).
"""


def columns_reader(
    slots: Slots, columns: Iterable[TableColumn], width: int, *, keeps: bool = False
) -> ColumnsReader | None:
    """The function that reads rows of so many cells by these columns, remembered; None where there is none.

    A cell is the text of its member as it is, a flag where it says true or false, and left out or null where
    it is blank. Only what a definition declares in an object of any values may become a number or a flag on
    the way, and then such a text must be accepted as the text is. With `keeps` the object around a column is
    in every payload, else only where it has a member.
    """
    made: Recent[Hashable, ColumnsReader | None] | None = slots.made.get(columns_reader)
    if made is None:
        made = slots.made[columns_reader] = Recent(partial(_made, slots), _LATEST)
    return made[tuple(columns), width, keeps]


_LATEST: Final = 64  # kinds of tables


def _made(slots: Slots, table: Any) -> ColumnsReader | None:
    columns, width, keeps = table
    header = header_of(slots.schema, columns, keeps=keeps)
    if header is None or _lacks_required(slots, header):
        return None
    return _reader(slots, header, width)


def _lacks_required(slots: Slots, header: Header) -> bool:
    """Whether there are members that have to be there and have no column."""
    return any(
        node.members is not None
        and not node.members.required <= {each.name for each in header.elements.get(node.path, ())}
        for node in slots.schema.nodes.values()
    )


def _reader(slots: Slots, header: Header, width: int) -> ColumnsReader:
    tests, steps = tuple(tests_of(slots, header)), tuple(steps_of(slots, header))

    def read(rows: Rows) -> Readings:
        batch, places, absent = Batch(rows, width), range(len(rows)), [UNSET] * len(rows)
        for step in (*tests, *steps):
            step(batch)
        keys = [batch.keys.get(place, absent) for place in slots.keys.values()]
        texts = [batch.texts.get(place, absent) for place in slots.texts.values()]
        readings = Readings(slots)
        readings.extend(places, keys, batch.odds, texts)
        if batch.unsure:
            readings.only([place not in batch.unsure for place in places])
        return readings

    return read
