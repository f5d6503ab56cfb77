"""The rows of a table that columns cannot read for sure: each is read as a JSON value instead."""

from collections.abc import Iterator
from operator import not_

from attrs import frozen

from participant_rules.engine.cells import Batch, Look, Test, failing, flag_of, quick_test
from participant_rules.engine.headers import Header
from participant_rules.engine.slots import Slots
from participant_rules.schema.kinds import Texts
from participant_rules.schema.reads import Mode

__all__ = ["tests_of"]


def tests_of(slots: Slots, header: Header) -> Iterator[Look]:
    """The steps that find unsure rows."""
    for column in header.read.values():
        assert column.node is not None  # noqa: S101  a column that is read has a documented member
        if column.node.is_flag:
            yield _Unsure(column.place, _is_flag, blanks=column.clears and not column.node.member.nullable)
        elif not column.node.is_text:
            nullable = column.node.member.nullable or column.node.is_open
            yield _Unsure(column.place, not_, blanks=column.clears and not nullable)
        elif column.node.path in slots.schema.aliases:
            yield _Unsure(column.place, not_, blanks=column.clears)
    yield from _element_tests(slots, header)


def _element_tests(slots: Slots, header: Header) -> Iterator[Look]:
    """The steps that find rows with unsure members of open objects."""
    for section, columns in header.elements.items():
        node = slots.schema.node(section)
        if isinstance(node.member.kind, Texts) or node.members is None:
            continue
        reads_faults = slots.place(section, Mode.FAULTS) is not None
        for column in columns:
            form = node.members.form(column.name)
            if column.name in node.members.required:
                yield _Unsure(column.place, not_, blanks=True)
            if f"{section}.{column.name}" in slots.keys:
                yield _Unsure(column.place, not_)
            elif reads_faults and form is not None and not form.any_text:
                yield _Unsure(column.place, quick_test(form))


def _is_flag(cell: str) -> bool:
    return flag_of(cell, None) is not cell


@frozen
class _Unsure:
    """Finds cells that do not pass a test; blank ones only with `blanks`."""

    place: int
    test: Test
    blanks: bool = False

    def __call__(self, batch: Batch) -> None:
        cells = batch.cells(self.place)
        batch.unsure.update([row for row in failing(cells, self.test) if cells[row].strip()])
        if self.blanks:
            batch.unsure.update(batch.blanks(self.place))
