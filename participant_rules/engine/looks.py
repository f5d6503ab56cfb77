"""What is looked at in the columns of a table, for what rules read."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import not_
from typing import Any, Final

from attrs import field, frozen

from participant_rules.engine.cells import Batch, flag_of, keys_of, quick_test, refusals_of, where, without
from participant_rules.engine.headers import Header, Placed
from participant_rules.engine.recent import Recent
from participant_rules.engine.slots import UNREAD, Odd, Slots, State
from participant_rules.schema.form import Form, OpenForm
from participant_rules.schema.reads import IGNORED, UNDECLARED, Mode, Read
from participant_rules.schema.shapes import Text, Texts
from participant_rules.schema.tree import Node
from participant_rules.unset import UNSET

__all__ = ["Look", "steps_of", "tests_of"]

Look = Callable[[Batch], None]


def tests_of(slots: Slots, header: Header) -> Iterator[Look]:
    """What finds rows that are unsure."""
    for column in header.read.values():
        assert column.node is not None  # noqa: S101  it is documented
        if column.node.is_flag:
            yield _Unsure(column.place, _is_flag, blanks=column.clears and not column.node.member.nullable)
        elif not column.node.is_text:
            nullable = column.node.member.nullable or column.node.is_open
            yield _Unsure(column.place, not_, blanks=column.clears and not nullable)
    for section, columns in header.elements.items():
        node = slots.schema.node(section)
        if isinstance(node.member.kind, Texts) or node.members is None:
            continue
        reads_faults = Read(section, Mode.FAULTS) in slots.odd
        for column in columns:
            form = node.members.form(column.name)
            if f"{section}.{column.name}" in slots.keys:
                yield _Unsure(column.place, not_)
            elif reads_faults and form is not None and not form.any_text:
                yield _Unsure(column.place, quick_test(form))


def steps_of(slots: Slots, header: Header) -> Iterator[Look]:
    """What reads the rows, in the order in which it is to be done."""
    yield _Bases.of(slots, header)
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
            yield _Collected(slots.odd[read], tuple(map(_Stranger, strangers)))
    yield from _list_steps(slots, header)


def _state_slot(slots: Slots, node: Node) -> int | None:
    return slots.odd.get(Read(node.path, Mode.STATE))


def _blank_of(column: Placed) -> Any:
    return None if column.clears else UNSET


# ---- rows that are unsure


def _is_flag(cell: str) -> bool:
    return flag_of(cell, None) is not cell


@frozen
class _Unsure:
    """Finds cells that do not pass a test; with `blanks` blank ones do not."""

    place: int
    test: Callable[[str], object]
    blanks: bool = False

    def __call__(self, batch: Batch) -> None:
        batch.unsure.update(where(map(not_, map(self.test, batch.cells(self.place)))))
        if self.blanks:
            batch.unsure.update(batch.blanks(self.place))


# ---- objects, and members without a column


@frozen(eq=False)
class _Bases:
    """Says of each row what is not plain for the lack of members: those without a column, and whole objects.

    `absent` are the sections of such members and what is said of them where those are there; `states` the
    slots of objects that a row may lack, and `around` the objects around those.
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
    def of(cls, slots: Slots, header: Header) -> "_Bases":
        """The bases of a table's rows."""
        absent = [(node.section, pair) for node in header.absent for pair in _absences(slots, node)]
        watched = {
            section: _places(slots, columns)
            for section, columns in header.sections.items()
            if not header.is_always_there(section) and _is_read(slots, section)
        }
        nodes = {section: slots.schema.node(section.removesuffix("[]")) for section in watched}
        states = {section: _state_slot(slots, node) for section, node in nodes.items() if not node.is_list}
        return cls(
            absent,
            watched,
            {section: slot for section, slot in states.items() if slot is not None},
            {section: node.section for section, node in nodes.items()},
        )

    def __call__(self, batch: Batch) -> None:
        batch.odds = [self._made[()]] * len(batch.rows)
        lacks: dict[int, tuple[str, ...]] = {}
        for section, places in self.watched.items():
            missing = batch.missing[section] = _missing(batch, places)
            for row in missing:
                lacks[row] = (*lacks.get(row, ()), section)
        for row, sections in lacks.items():
            batch.odds[row] = self._made[sections]

    def _base(self, missing: tuple[str, ...]) -> Odd:
        """What is said of a row that lacks some objects."""
        lacking = [
            (self.states[section], State.ABSENT)
            for section in missing
            if section in self.states and self.around[section] not in missing
        ]
        return (*[odd for section, odd in self.absent if section not in missing], *lacking)


_LATEST: Final = 64


def _absences(slots: Slots, node: Node) -> Iterator[tuple[int, Any]]:
    """What is said of a member that is left out."""
    value, state = slots.odd.get(Read(node.path)), _state_slot(slots, node)
    if node.is_flag and value is not None:
        yield value, UNSET
    if state is not None and not node.is_list:
        yield state, State.ABSENT


def _is_read(slots: Slots, section: str) -> bool:
    """Whether it matters that an object is there."""
    if section.endswith("[]"):
        return any(read.path.startswith(f"{section}.") for read in slots.reads)
    return Read(section, Mode.STATE) in slots.odd


def _places(slots: Slots, columns: Iterable[Placed]) -> tuple[int, ...]:
    """The places of columns, first of those that are looked at in any case."""
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


# ---- texts


def _text_steps(slots: Slots, column: Placed, node: Node) -> Iterator[Look]:
    state = _state_slot(slots, node)
    key, text = slots.keys.get(node.path), slots.texts.get(Read(node.path))
    judged = [
        (slot, read.form)
        for read, slot in slots.odd.items()
        if read.path == node.path and read.mode is Mode.MALFORMED
    ]
    says: list[tuple[int, Any]] = [(slot, True) for slot, form in judged if form is None]
    if state is not None:
        says.append((state, State.MALFORMED))
        yield _Blank(column, state)
    by_key = node.form is not None and node.form.key is not None and key is not None
    if key is not None:
        yield _Key(column, key, node.form, tuple(says) if by_key else ())
    if says and not by_key:
        yield from _judging(column, node.form, tuple(says))
    for slot, form in judged:
        if form is not None:
            yield from _judging(column, form, ((slot, True),))
    if text is not None:
        yield _Value(column, text, trim=isinstance(node.member.kind, Text) and node.member.kind.trim)


def _judging(column: Placed, form: Form | None, says: Odd) -> Iterator[Look]:
    refusals = refusals_of(form) if form is not None else None
    if refusals is not None:

        def judge(batch: Batch) -> None:
            batch.add(refusals(batch.cells(column.place)), *says)

        yield judge


@frozen
class _Blank:
    """Says what blank cells are."""

    column: Placed
    slot: int

    def __call__(self, batch: Batch) -> None:
        missing = batch.missing.get(self.column.section, ())
        blanks = [row for row in batch.blanks(self.column.place) if row not in missing]
        batch.add(blanks, (self.slot, State.NULL if self.column.clears else State.ABSENT))


@frozen
class _Key:
    """Gives the keys of a column, and says which texts have none."""

    column: Placed
    place: int
    form: Form | None
    says: Odd

    def __call__(self, batch: Batch) -> None:
        texts = without(batch.stripped(self.column.place), batch.unsure, "")
        keys = batch.keys[self.place] = keys_of(self.form, texts, _blank_of(self.column))
        admits = self.form.admits if self.form is not None else None
        if not self.says or (admits is None and None not in keys):
            return
        wrong = [
            row
            for row, (text, key) in enumerate(zip(texts, keys, strict=True))
            if text and (key is None or (admits is not None and not admits(key)))
        ]
        batch.add(wrong, *self.says)


@frozen
class _Value:
    """Gives the texts of a column as an entity has them."""

    column: Placed
    place: int
    trim: bool

    def __call__(self, batch: Batch) -> None:
        place = self.column.place
        texts = batch.stripped(place) if self.trim else batch.cells(place)
        batch.texts[self.place] = without(texts, batch.blanks(place), _blank_of(self.column))


# ---- flags, and objects in one cell


def _flag_steps(slots: Slots, column: Placed, node: Node) -> Iterator[Look]:
    value, state = slots.odd.get(Read(node.path)), _state_slot(slots, node)
    if value is not None:
        yield _Flag(column, value)
    if state is not None:
        yield _Blank(column, state)


@frozen
class _Flag:
    """Says which flags are not false."""

    column: Placed
    slot: int

    def __call__(self, batch: Batch) -> None:
        missing = batch.missing.get(self.column.section, ())
        cells = batch.cells(self.column.place)
        flags = {cell: flag_of(cell, _blank_of(self.column)) for cell in set(cells)}
        for row in where(flags[cell] is not False for cell in cells):
            flag = flags[cells[row]]
            if flag is True or row not in missing:
                batch.add([row], (self.slot, flag))


def _whole_steps(slots: Slots, column: Placed, node: Node) -> Iterator[Look]:
    """An object whose cell is blank, else its row is unsure."""
    state, text = _state_slot(slots, node), slots.texts.get(Read(node.path))
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


# ---- members of open objects, and what is not read


@frozen(eq=False)
class _Collected:
    """Says what several columns say together."""

    slot: int
    finders: Sequence[Callable[[Batch], Iterable[tuple[int, Any]]]]

    def __call__(self, batch: Batch) -> None:
        found: dict[int, tuple[Any, ...]] = {}
        for finder in self.finders:
            for row, said in finder(batch):
                found[row] = (*found.get(row, ()), said)
        for row, together in found.items():
            batch.odds[row] += ((self.slot, together),)


@frozen
class _Stranger:
    """Names a member that is not read where it is there."""

    column: Placed

    def __call__(self, batch: Batch) -> Iterator[tuple[int, Any]]:
        said = self.column.path[:-1], self.column.name
        stands = range(len(batch.rows)) if self.column.clears else where(batch.stripped(self.column.place))
        return ((row, said) for row in stands)


def _element_steps(slots: Slots, columns: Sequence[Placed], node: Node) -> Iterator[Look]:
    slot, text = slots.odd.get(Read(node.path, Mode.FAULTS)), slots.texts.get(Read(node.path))
    of_texts = isinstance(node.member.kind, Texts)
    for column in columns:
        key = slots.keys.get(f"{node.path}.{column.name}")
        if key is not None:
            form = slots.schema.node(f"{node.path}.{column.name}").form
            yield _Key(column, key, form, ())
    if slot is not None and node.members is not None:
        yield _Collected(slot, tuple(_finders(columns, node.members, of_texts=of_texts)))
    if text is not None:
        yield _Constant(text, UNREAD)


def _finders(columns: Iterable[Placed], members: OpenForm, *, of_texts: bool) -> Iterator["_Faults"]:
    for column in columns:
        form = members.form(column.name)
        quick = _always if form is not None and (form.any_text or not of_texts) else quick_test(form)
        yield _Faults(column, members, quick)


def _always(_cell: str) -> bool:
    return True


@frozen
class _Faults:
    """Says what is wrong with a member of an open object."""

    column: Placed
    members: OpenForm
    quick: Callable[[str], object]

    def __call__(self, batch: Batch) -> Iterator[tuple[int, Any]]:
        name, place = self.column.name, self.column.place
        cells = batch.cells(place)
        doubted = [] if self.quick is _always else where(map(not_, map(self.quick, cells)))
        faults: dict[str, Hashable | None] = {}
        for row in doubted:
            cell = cells[row]
            if cell not in faults:
                faults[cell] = None if not cell.strip() else self.members.fault(name, cell)
            if faults[cell] is not None:
                yield row, self._said(faults[cell])
        cleared = self.members.fault(name, None) if self.column.clears else None
        if cleared is not None:
            for row in batch.blanks(place):
                yield row, self._said(cleared)

    def _said(self, fault: Hashable) -> tuple[Any, ...]:
        return self.column.path[:-1], self.column.name, fault, False


# ---- lists of one element


def _list_steps(slots: Slots, header: Header) -> Iterator[Look]:
    """What makes tuples of the texts of an element: one for each list."""
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
