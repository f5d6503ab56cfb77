"""The steps that read the columns of a table."""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from participant_rules.engine.cells import (
    Batch,
    Look,
    blank_of,
    flag_of,
    keys_of,
    refusals_of,
    where,
    without,
)
from participant_rules.engine.gathered import Faults, Gathered, Stranger
from participant_rules.engine.headers import Header, Placed
from participant_rules.engine.lacking import Bases
from participant_rules.engine.slots import UNREAD, Odd, Slots, State
from participant_rules.schema.form import Form
from participant_rules.schema.kinds import Text, Texts
from participant_rules.schema.reads import IGNORED, UNDECLARED, Mode
from participant_rules.schema.tree import Node
from participant_rules.unset import UNSET

__all__ = ["steps_of"]


def steps_of(slots: Slots, header: Header) -> Iterator[Look]:
    """The steps that read the rows, in their order."""
    yield Bases.of(slots, header)
    for path, column in header.read.items():
        node = slots.schema.node(path)
        if node.is_text:
            yield from _text_steps(slots, column, node)
        elif node.is_flag:
            yield from _flag_steps(slots, column, node)
        else:
            yield from _whole_steps(slots, column, node)
    for section, columns in header.elements.items():
        yield from _element_steps(slots, columns, slots.schema.node(section))
    for read in (UNDECLARED, IGNORED):
        strangers = [each for each in header.strangers if (each.node is None) is (read is UNDECLARED)]
        if read in slots.odd and strangers:
            yield Gathered(slots.odd[read], list(map(Stranger, strangers)))
    yield from _list_steps(slots, header)


# ---- texts


def _text_steps(slots: Slots, column: Placed, node: Node) -> Iterator[Look]:
    state = slots.place(node.path, Mode.STATE)
    key, text = slots.keys.get(node.path), slots.text_place(node.path)
    judged = [
        (slot, read.form)
        for read, slot in slots.odd.items()
        if read.path == node.path and read.mode is Mode.MALFORMED
    ]
    fills: list[tuple[int, Any]] = [(slot, True) for slot, form in judged if form is None]
    if state is not None:
        fills.append((state, State.MALFORMED))
        yield _Blank(column, state)
    by_key = node.form is not None and node.form.key is not None and key is not None
    if key is not None:
        yield _Key(column, key, node.form, tuple(fills) if by_key else (), trims=node.trims)
    if fills and not by_key:
        yield from _judging(column, node.form, tuple(fills), trims=node.trims)
    for slot, form in judged:
        if form is not None:
            yield from _judging(column, form, ((slot, True),), trims=node.trims)
    if text is not None:
        yield _Value(column, text, trim=isinstance(node.member.kind, Text) and node.member.kind.trim)


def _judging(column: Placed, form: Form | None, fills: Odd, *, trims: bool) -> Iterator[Look]:
    refusals = refusals_of(form, trims=trims) if form is not None else None
    if refusals is not None:

        def judge(batch: Batch) -> None:
            batch.add(refusals(batch, column.place), *fills)

        yield judge


@frozen
class _Blank:
    """Fills the state of blank cells."""

    column: Placed
    slot: int

    def __call__(self, batch: Batch) -> None:
        missing = batch.missing.get(self.column.section, ())
        blanks = [row for row in batch.blanks(self.column.place) if row not in missing]
        batch.add(blanks, (self.slot, State.NULL if self.column.clears else State.ABSENT))


@frozen
class _Key:
    """Gives the keys of a column, and fills the slots of texts without one."""

    column: Placed
    place: int
    form: Form | None
    fills: Odd
    trims: bool = True

    def __call__(self, batch: Batch) -> None:
        place = self.column.place
        texts: Sequence[str] = batch.stripped(place)
        if not self.trims:
            texts = without(batch.cells(place), batch.blanks(place), "")
        texts = without(texts, batch.unsure, "")
        keys = keys_of(self.form, texts, blank_of(self.column))
        none = [row for row, key in enumerate(keys) if key is None and texts[row]] if None in keys else []
        batch.keys[self.place] = without(keys, none, State.MALFORMED)
        if not self.fills:
            return
        admits = self.form.admits if self.form is not None else None
        if admits is not None:
            none += [
                row for row, key in enumerate(keys) if key is not None and texts[row] and not admits(key)
            ]
        batch.add(none, *self.fills)


@frozen
class _Value:
    """Gives the texts of a column as an entity has them."""

    column: Placed
    place: int
    trim: bool

    def __call__(self, batch: Batch) -> None:
        place = self.column.place
        texts = batch.stripped(place) if self.trim else batch.cells(place)
        batch.texts[self.place] = without(texts, batch.blanks(place), blank_of(self.column))


# ---- flags, and objects in one cell


def _flag_steps(slots: Slots, column: Placed, node: Node) -> Iterator[Look]:
    value, state = slots.place(node.path, Mode.VALUE), slots.place(node.path, Mode.STATE)
    if value is not None:
        yield _Flag(column, value)
    if state is not None:
        yield _Blank(column, state)


@frozen
class _Flag:
    """Fills the slots of flags that are not false."""

    column: Placed
    slot: int

    def __call__(self, batch: Batch) -> None:
        missing = batch.missing.get(self.column.section, ())
        cells = batch.cells(self.column.place)
        flags = {cell: flag_of(cell, blank_of(self.column)) for cell in set(cells)}
        for row in where(flags[cell] is not False for cell in cells):
            flag = flags[cells[row]]
            if flag is True or row not in missing:
                batch.add([row], (self.slot, flag))


def _whole_steps(slots: Slots, column: Placed, node: Node) -> Iterator[Look]:
    """The steps for an object whose cell must be blank; else its row is unsure."""
    state, text = slots.place(node.path, Mode.STATE), slots.text_place(node.path)
    if state is not None and not node.is_list:
        yield _Blank(column, state)
    if text is not None and node.is_open and column.clears:
        yield _Constant(text, None)
    if node.is_list:
        for read, place in slots.texts.items():
            if column.clears and read.path.startswith(f"{node.path}[]."):
                yield _Constant(place, None)


@frozen
class _Constant:
    """Gives the same text for all rows."""

    place: int
    text: Any

    def __call__(self, batch: Batch) -> None:
        batch.texts[self.place] = [self.text] * len(batch.rows)


# ---- members of open objects


def _element_steps(slots: Slots, columns: Sequence[Placed], node: Node) -> Iterator[Look]:
    slot, text = slots.place(node.path, Mode.FAULTS), slots.text_place(node.path)
    of_texts = isinstance(node.member.kind, Texts)
    for column in columns:
        key = slots.keys.get(f"{node.path}.{column.name}")
        if key is not None:
            form = slots.schema.node(f"{node.path}.{column.name}").form
            yield _Key(column, key, form, ())
    if slot is not None and node.members is not None:
        yield Gathered(slot, [Faults.of(each, node.members, of_texts=of_texts) for each in columns])
    if text is not None:
        yield _Constant(text, UNREAD)
    state = slots.place(node.path, Mode.STATE)
    if state is not None and not any(each.clears for each in columns):
        yield _Empty(columns, state)


@frozen
class _Empty:
    """Fills the state of objects that are there without a member."""

    columns: Sequence[Placed]
    slot: int

    def __call__(self, batch: Batch) -> None:
        empty = set.intersection(*[set(batch.blanks(each.place)) for each in self.columns])
        batch.add(empty - set(batch.missing.get(self.columns[0].section, ())), (self.slot, State.NULL))


# ---- lists of one element


def _list_steps(slots: Slots, header: Header) -> Iterator[Look]:
    """The steps that make tuples of the texts of an element: one for each list."""
    for read, place in slots.texts.items():
        node = slots.schema.node(read.path)
        section = f"{node.section.partition('[]')[0]}[]"
        if "[]" in node.section and section in header.sections:
            yield _Listed(place, section, is_member=node.section == section)


@frozen
class _Listed:
    """Makes a tuple of the text of the one element of a list."""

    place: int
    section: str
    is_member: bool

    def __call__(self, batch: Batch) -> None:
        texts = batch.texts.get(self.place, [UNSET] * len(batch.rows))
        listed = [(text,) for text in texts] if self.is_member else [()] * len(batch.rows)
        batch.texts[self.place] = without(listed, batch.missing.get(self.section, ()), UNSET)
