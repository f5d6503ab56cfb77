"""The slots that rows of a table fill for lack of members: members without a column, and whole objects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import field, frozen

from participant_rules.engine.cells import Batch
from participant_rules.engine.headers import Header, Placed
from participant_rules.engine.recent import Recent
from participant_rules.engine.slots import Odd, Slots, State
from participant_rules.schema.reads import Mode
from participant_rules.schema.tree import Node
from participant_rules.unset import UNSET

__all__ = ["Bases"]


@frozen(eq=False)
class Bases:
    """Fills the slots of each row for lack of members: members without a column, and whole objects.

    `absent` are the sections of such members, and their slots where the section is there; `states` the slots
    of objects that a row may lack, and `around` the objects around those.
    """

    absent: Sequence[tuple[str, tuple[int, Any]]]
    watched: Mapping[str, tuple[int, ...]]
    states: Mapping[str, int]
    around: Mapping[str, str]
    _made: Recent[tuple[str, ...], Odd] = field(init=False)

    @_made.default
    def _make(self) -> Recent[tuple[str, ...], Odd]:
        return Recent(self._base, _LATEST)

    @classmethod
    def of(cls, slots: Slots, header: Header) -> "Bases":
        """The bases of a table's rows."""
        absent = [(node.section, pair) for node in header.absent for pair in _absences(slots, node)]
        watched = {
            section: _places(slots, columns)
            for section, columns in header.sections.items()
            if not header.is_always_there(section) and _is_read(slots, section)
        }
        nodes = {section: slots.schema.node(section.removesuffix("[]")) for section in watched}
        states = {
            section: slots.place(node.path, Mode.STATE) for section, node in nodes.items() if not node.is_list
        }
        return cls(
            absent,
            watched,
            {section: slot for section, slot in states.items() if slot is not None},
            {section: node.section for section, node in nodes.items()},
        )

    def __call__(self, batch: Batch) -> None:
        """Fill the slots of each row."""
        batch.odds = [self._made[()]] * len(batch.rows)
        lacks: dict[int, tuple[str, ...]] = {}
        for section, places in self.watched.items():
            missing = batch.missing[section] = _missing(batch, places)
            for row in missing:
                lacks[row] = (*lacks.get(row, ()), section)
        for row, sections in lacks.items():
            batch.odds[row] = self._made[sections]

    def _base(self, missing: tuple[str, ...]) -> Odd:
        """The slots of a row that lacks some objects."""
        lacking = [
            (self.states[section], State.ABSENT)
            for section in missing
            if section in self.states and self.around[section] not in missing
        ]
        return (*[odd for section, odd in self.absent if section not in missing], *lacking)


_LATEST: Final = 64


def _absences(slots: Slots, node: Node) -> Iterator[tuple[int, Any]]:
    """The slots that a left out member fills."""
    value, state = slots.place(node.path, Mode.VALUE), slots.place(node.path, Mode.STATE)
    if node.is_flag and value is not None:
        yield value, UNSET
    if state is not None and not node.is_list:
        yield state, State.ABSENT


def _is_read(slots: Slots, section: str) -> bool:
    """Whether a rule reads the presence of an object."""
    if section.endswith("[]"):
        return any(read.path.startswith(f"{section}.") for read in slots.reads)
    return slots.place(section, Mode.STATE) is not None


def _places(slots: Slots, columns: Iterable[Placed]) -> tuple[int, ...]:
    """The places of columns, first of the columns that are looked at in any case."""
    return tuple(
        [
            each.place
            for each in sorted(
                columns, key=lambda each: each.node is None or each.node.path not in slots.keys
            )
        ]
    )


def _missing(batch: Batch, places: Iterable[int]) -> set[int]:
    """The rows in which all these columns are blank."""
    first, *others = places
    missing = batch.blanks(first)
    for place in others:
        if not missing:
            break
        cells = batch.cells(place)
        missing = [row for row in missing if not cells[row].strip()]
    return set(missing)
