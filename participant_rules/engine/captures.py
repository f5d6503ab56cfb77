"""Readings of texts from the groups that a layout captured: by columns, so nearly all is done in C."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import repeat
from operator import itemgetter
from typing import Any, Final

from participant_rules.engine.capture_groups import MOST_ELEMENTS, CaptureGroup, Name, What
from participant_rules.engine.elements import is_of_texts
from participant_rules.engine.keyed import ElementKeys, Keys, Refusal
from participant_rules.engine.layouts import Layout
from participant_rules.engine.objects import UNSURE, LazyObject, Members, pairs_in
from participant_rules.engine.oddities import Held, brackets_that_matter, oddities_of
from participant_rules.engine.patterns import value_of
from participant_rules.engine.readers import (
    LONG,
    Columns,
    Judged,
    ListTexts,
    ObjectMembers,
    Raw,
    Reader,
    Row,
    Small,
    Unset,
    Values,
)
from participant_rules.engine.readings import Reading, Readings
from participant_rules.engine.recent import Recent
from participant_rules.engine.slots import Odd
from participant_rules.schema.reads import Mode
from participant_rules.schema.tree import Node

__all__ = ["Captures"]

_Path = tuple[str | int, ...]


class Captures:
    """Reads the captured groups of a layout."""

    def __init__(self, layout: Layout, matters: AbstractSet[Name] | None = None) -> None:
        self._layout, self._slots, self._at = layout, layout.slots, layout.at
        self._looked: set[Name] = set()
        self._keys = [self._key(path) for path in self._slots.keys]
        self._texts = [self._text(self._slots.schema.node(read.path)) for read in self._slots.texts]
        self._names: list[Name] = []
        self._members: dict[str, Members] = {}
        for path, each in zip(self._slots.keys, self._keys, strict=True):
            self._names += [(tuple(path.split(".")), What.KEY, "")] * each.judgements
        self._small: list[Small] = []
        self.matters = brackets_that_matter(layout) if matters is None else matters
        """The groups of brackets that show odd slots."""
        self._add_small()
        groups = [each.at for each in self._small]
        self._raw: Callable[[Row], Row] = itemgetter(*groups, -1)
        self._judged: Callable[[Row], Row] = itemgetter(
            *[each.at for each in self._small if not isinstance(each, Raw)], -1, -1
        )
        self._matter = [name for name in self._names if name[1] is What.IS_THERE]
        self._by_starts: Recent[tuple[str, ...], Callable[[Held], Odd]] = Recent(
            self._oddities_by, _MOST_STARTS
        )
        self._odd: Recent[Any, Odd] = Recent(self._oddities, _MOST_KINDS)
        self._met_unsure = False

        brackets = {each.at for each in layout.groups if each.what is What.IS_THERE}
        self.needless = frozenset(brackets - self.matters - self._looked)
        """The groups that no reader looks at."""

    def read(self, places: Sequence[int], columns: Columns) -> Readings:
        """The readings of texts, without the unsure ones."""
        rows = len(columns[-1])
        keys: list[Sequence[Any]] = []
        small: list[Sequence[Any]] = []
        for each in self._keys:
            found, verdicts = each.read(columns)
            keys.append(found)
            small += verdicts
        small += [reader.column(columns) for reader in self._small]
        odd = list(map(self._odd.__getitem__, _rows(small, rows)))
        readings = Readings(self._slots)
        readings.extend(places, keys, odd, [reader.column(columns) for reader in self._texts])
        if self._met_unsure:
            readings.only([each is not UNSURE for each in odd])
        return readings

    def read_one(self, row: Row) -> Reading | None:
        """The reading of one text, at a lower price than a column of one; None where it is unsure."""
        keys: list[Any] = []
        small: list[Any] = []
        for each in self._keys:
            found, verdicts = each.one(row)
            keys.append(found)
            small += verdicts
        if any(self._judged(row)):
            small += [reader.one(row) for reader in self._small]
        elif self._small:
            small += self._raw(row)[:-1]
        odd = self._odd[tuple(small)]
        return (
            None if odd is UNSURE else (tuple(keys), odd, tuple([reader.one(row) for reader in self._texts]))
        )

    def _oddities(self, row: tuple[Any, ...]) -> Odd:
        if UNSURE in row:
            self._met_unsure = True
            return UNSURE  # type: ignore[no-any-return]  # a mark, which is taken out
        held: dict[Name, Any] = {}
        for name, verdict in zip(self._names, row, strict=True):
            held[name] = held[name] + verdict if name in held else verdict
        starts = tuple([held[name] for name in self._matter])
        return self._by_starts[starts](held)

    def _oddities_by(self, starts: tuple[str, ...]) -> Callable[[Held], Odd]:
        return oddities_of(self._layout, dict(zip(self._matter, starts, strict=True)))

    # ---- what is small

    def _add_small(self) -> None:
        """Add the readers of the groups that may show something odd."""
        for group in self._layout.groups:
            reader = self._verdicts(group)
            if reader is not None and (group.what is not What.IS_THERE or group.at in self.matters):
                self._names.append(group.at)
                self._small.append(reader)

    def _verdicts(self, group: CaptureGroup) -> Small | None:
        """The reader of a group that may show something odd; None for other groups."""
        at, node = self._at[group.at], group.node
        reads_faults = self._slots.place(node.path, Mode.FAULTS) is not None
        if group.what in (What.IS_THERE, What.FLAG):
            return Raw(at)
        if group.what is What.JUDGED:
            return Judged(at, Refusal(self._slots, node).of_raw)
        if group.what is What.ELEMENT and reads_faults:
            return Judged(at, self._fault_of(group))
        if group.what is What.FURTHER:
            return Judged(at, self._further_of(group))
        if group.what is What.MEMBERS:
            return ObjectMembers(at, self._members_of(node, reads_faults=reads_faults))
        return None

    def _members_of(self, node: Node, *, reads_faults: bool) -> Members:
        """The memory of an open object's members: one for all elements of a list."""
        if node.path not in self._members:
            read = node.members if reads_faults else None
            self._members[node.path] = Members(read, self._layout.style, of_texts=is_of_texts(node))
        return self._members[node.path]

    def _fault_of(self, group: CaptureGroup) -> Callable[[str], Any]:
        """The function that gives the fault of one member of an open object."""
        members, name = group.node.members, group.name
        assert members is not None  # noqa: S101  faults are read
        repeated = group.at in self._layout.repeated

        def fault(raw: str) -> Any:
            found = members.fault(name, value_of(raw))
            if found is None and not repeated:
                return ()
            return (name, found, repeated) if len(raw) <= LONG else UNSURE

        return fault

    def _further_of(self, group: CaptureGroup) -> Callable[[str], Any]:
        """The function that gives the faults of the members behind the named ones of the first text."""
        node, names = group.node, self._layout.open[group.path]
        members, item = node.members, self._layout.style.item
        taken = {*names, *self._slots.schema.members_in(node.path)}  # a key has a place of its own
        of_texts, reads = is_of_texts(node), self._slots.place(node.path, Mode.FAULTS) is not None

        def faults(raw: str) -> Any:
            pairs = pairs_in(raw[len(item) :] if names else raw, of_texts=of_texts)
            if pairs is None or not taken.isdisjoint([name for name, _ in pairs]):
                return UNSURE
            if members is None or not reads:
                return ()
            found, met = [], set(map(members.fold, names))
            for name, value in pairs:
                fault, repeated = members.fault(name, value), members.fold(name) in met
                met.add(members.fold(name))
                if repeated or fault is not None:
                    found.append((name, fault, repeated))
            return tuple(found) if len(raw) <= LONG or not found else UNSURE

        return faults

    # ---- keys and texts

    def _there(self, path: _Path) -> int | None:
        """The group that captured whether an object is there."""
        name: Name = (path, What.IS_THERE, "")
        self._looked.add(name)
        return self._at.get(name)

    def _key(self, path: str) -> Keys | ElementKeys:
        node = self._slots.schema.node(path)
        section: _Path = tuple(node.section.split(".")) if node.section else ()
        if node.element:
            return ElementKeys(node, self._at.get((section, What.ELEMENT, node.element)))
        at = self._at.get(((*section, node.member.name), What.KEY, ""))
        return Keys(self._slots, node, at, self._there(section))

    def _text(self, node: Node) -> Reader:
        """The reader of the values of a member."""
        here: _Path = tuple(node.path.split("."))
        if "[]" in node.section:
            return self._list_texts(node)
        there = self._there(here)
        if node.is_open and there is not None:
            return Values(self._at.get((here, What.OBJECT, "")), there, LazyObject, None)
        at = self._at.get((here, What.TEXT, ""))
        return Values(at, self._there(here[:-1]), _converter(node)) if at is not None else Unset()

    def _list_texts(self, node: Node) -> Reader:
        here: _Path = tuple(node.section.removesuffix("[]").split("."))
        there = self._there(here)
        if there is None:
            return Unset()
        elements = [(*here, place) for place in range(MOST_ELEMENTS)]
        texts = [self._at.get(((*each, node.member.name), What.TEXT, "")) for each in elements]
        groups = [self._there(each) for each in elements] if None in texts else texts
        return ListTexts(there, [each for each in groups if each is not None], _converter(node))


_unquoted: Final[Callable[[str], Any]] = itemgetter(slice(1, -1))


def _converter(node: Node) -> Callable[[str], Any]:
    """The function that converts a text with its quotes to the value of an entity."""
    kind = node.member.kind
    trim, empty = getattr(kind, "trim", False), getattr(kind, "empty", True)
    if empty and not trim:
        return _unquoted

    def convert(raw: str) -> Any:
        text = raw[1:-1].strip() if trim else raw[1:-1]
        return text if empty else text or None

    return convert


def _rows(columns: Sequence[Sequence[Any]], rows: int) -> Iterable[tuple[Any, ...]]:
    return zip(*columns, strict=True) if columns else repeat((), rows)


_MOST_KINDS: Final = 1024
_MOST_STARTS: Final = 64
