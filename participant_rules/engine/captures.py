"""What a layout captured of many texts becomes their readings: by columns, so that nearly all is done in C."""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import compress, count, repeat
from typing import Any, Final, TypeVar

from participant_rules.engine.keyed import KeyReader, refusal_of
from participant_rules.engine.layouts import MOST_ELEMENTS, Captured, Layout, What, is_of_texts
from participant_rules.engine.objects import UNSURE, Members, WrittenObject, pairs_in
from participant_rules.engine.oddities import Held, oddities_of
from participant_rules.engine.patterns import value_of
from participant_rules.engine.recent import Recent
from participant_rules.engine.slots import Keys, Odd, Texts, nodes_in
from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.tree import Node
from participant_rules.unset import UNSET

__all__ = ["Captures", "Columns", "TextReading", "where"]

Columns = Sequence[Sequence[str]]
"""What was captured of some texts: for each group a text of each, empty where the group matched nothing.

The last column is blank.
"""

TextReading = tuple[Keys, Odd, Texts]
"""What is read of a text that is sound and has no value of a wrong type: see `slots.Reading`."""

Column = Sequence[Any]
_Reader = Callable[[Columns], Column]
_Path = tuple[str | int, ...]


class Captures:
    """Reads what a layout captured."""

    def __init__(self, layout: Layout) -> None:
        self._layout, self._slots, self._at = layout, layout.slots, layout.at
        self._keys = [self._key(path) for path in self._slots.keys]
        self._texts = [self._text(self._slots.schema.node(read.path)) for read in self._slots.texts]
        self._names = list[Any]()
        self._small = list[_Reader]()
        for each in layout.groups:
            reader = self._verdicts(each)
            if reader is not None:
                self._names.append((each.path, each.what, each.name))
                self._small.append(reader)
        keyed = [each.name for each in self._keys if each.judges]
        self._names = [*keyed, *self._names]
        self._odd: Recent[Any, Odd] = Recent(self._oddities, _MOST_KINDS)
        self._met_unsure = False

    def read(self, columns: Columns) -> tuple[list[TextReading], Collection[int]]:
        """The readings of texts, and the places of those of which it is not sure."""
        rows = len(columns[-1])
        keys, small = list[Column](), list[Column]()
        for each in self._keys:
            found, verdicts = each.read(columns)
            keys.append(found)
            if verdicts is not None:
                small.append(verdicts)
        small += [reader(columns) for reader in self._small]
        odd = list(map(self._odd.__getitem__, _rows(small, rows)))
        texts = [reader(columns) for reader in self._texts]
        readings = list(zip(_rows(keys, rows), odd, _rows(texts, rows), strict=True))
        unsure = [place for place, each in enumerate(odd) if each is UNSURE] if self._met_unsure else ()
        return readings, unsure

    def _oddities(self, row: tuple[Any, ...]) -> Odd:
        if UNSURE in row:
            self._met_unsure = True
            return UNSURE  # type: ignore[return-value]  # a mark, which is taken out
        held: Held = dict(zip(self._names, row, strict=True))
        return oddities_of(self._layout, held)

    # ---- what is small

    def _verdicts(self, captured: Captured) -> _Reader | None:
        """What reads a group that may say that something is odd."""
        at, node = self._at[captured.path, captured.what, captured.name], captured.node
        reads_faults = Read(node.path, Mode.FAULTS) in self._slots.odd
        if captured.what in (What.IS_THERE, What.FLAG):
            return lambda columns: columns[at]
        if captured.what is What.JUDGED:
            return _judging(at, refusal_of(self._slots, node).of_written)
        if captured.what is What.ELEMENT and reads_faults:
            return _judging(at, self._fault_of(captured))
        if captured.what is What.FURTHER:
            return _judging(at, self._further_of(captured))
        if captured.what is What.MEMBERS:
            read = node.members if reads_faults else None
            members = Members(read, self._layout.style, of_texts=is_of_texts(node))
            return lambda columns: members.verdicts(columns[at])
        return None

    def _fault_of(self, captured: Captured) -> Callable[[str], Any]:
        """What gives the fault of one member of an open object."""
        members, name = captured.node.members, captured.name
        assert members is not None  # noqa: S101  faults are read
        names = self._layout.open[captured.path]
        repeated = members.fold(name) in map(members.fold, names[: names.index(name)])

        def fault(written: str) -> Any:
            found = members.fault(name, value_of(written))
            if found is None and not repeated:
                return ()
            return (name, found, repeated) if len(written) <= _LONG else UNSURE

        return fault

    def _further_of(self, captured: Captured) -> Callable[[str], Any]:
        """What gives the faults of the members behind those of the first text."""
        node, names = captured.node, self._layout.open[captured.path]
        members, item = node.members, self._layout.style.item
        taken = {*names, *nodes_in(self._slots.schema, node.path)}  # a key has a place of its own
        of_texts, reads = is_of_texts(node), Read(node.path, Mode.FAULTS) in self._slots.odd

        def faults(written: str) -> Any:
            pairs = pairs_in(written[len(item) :] if names else written, of_texts=of_texts)
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
            return tuple(found) if len(written) <= _LONG or not found else UNSURE

        return faults

    # ---- keys and texts

    def _there(self, path: _Path) -> int | None:
        """The group that captured whether the object is there that a member stands in."""
        return self._at.get((path[:-1], What.IS_THERE, ""))

    def _key(self, path: str) -> KeyReader:
        node = self._slots.schema.node(path)
        here: _Path = tuple(path.split("."))
        if node.element:
            here = (*node.section.split("."), node.element)
            at = self._at.get((here[:-1], What.ELEMENT, node.element))
            return KeyReader(self._slots, node, here, at, None, of_element=True)
        return KeyReader(self._slots, node, here, self._at.get((here, What.KEY, "")), self._there(here))

    def _text(self, node: Node) -> _Reader:
        """What reads the values of a member."""
        here: _Path = tuple(node.path.split("."))
        if "[]" in node.section:
            return self._texts_in_list(node)
        there = self._at.get((here, What.IS_THERE, ""))
        if node.is_open and there is not None:
            return _values(self._at.get((here, What.OBJECT, "")), there, WrittenObject, None)
        at = self._at.get((here, What.TEXT, ""))
        return _values(at, self._there(here), _converter(node)) if at is not None else _unset

    def _texts_in_list(self, node: Node) -> _Reader:
        here: _Path = tuple(node.section.removesuffix("[]").split("."))
        there, convert = self._at.get((here, What.IS_THERE, "")), _converter(node)
        if there is None:
            return _unset
        elements = [(*here, place) for place in range(MOST_ELEMENTS)]
        groups = [self._at.get(((*each, node.member.name), What.TEXT, "")) for each in elements]
        is_there = [self._at.get((each, What.IS_THERE, "")) for each in elements]
        chosen = [each for each in (is_there if None in groups else groups) if each is not None]

        def texts(row: tuple[str, ...]) -> Any:
            if row[0] != "[":
                return None if row[0] else UNSET
            return tuple([_element(each, convert) for each in row[1:] if each])

        known: Recent[tuple[str, ...], Any] = _Short(texts)
        return lambda columns: list(
            map(known.__getitem__, zip(columns[there], *[columns[at] for at in chosen], strict=True))
        )


class _Short(Recent[Any, Any]):
    """Remembers what is made of texts, but for long ones."""

    def __missing__(self, key: Any) -> Any:
        """What is made of a text, or of several."""
        size = len(key) if key.__class__ is str else sum(map(len, key))
        return self._make(key) if size > _LONG else super().__missing__(key)


def _judging(at: int, judge: Callable[[str], Any]) -> _Reader:
    """What reads a group that is mostly blank: blank where it is, else the verdict on what was captured."""
    known: Recent[str, Any] = _Short(judge)

    def verdicts(columns: Columns) -> Column:
        column = columns[at]
        if not any(column):
            return column
        found: list[Any] = list(column)
        for place in where(column):
            found[place] = known[found[place]]
        return found

    return verdicts


def _values(at: int | None, there: int | None, convert: Callable[[str], Any], null: Any = UNSET) -> _Reader:
    """What reads values, with None for null.

    `there` is the group of the object that they stand in, or of the object that is the value itself; `null`
    is for a null in its place.
    """

    def values(columns: Columns) -> Column:
        column = columns[at if at is not None else -1]
        found = [convert(each) if each else None for each in column] if any(column) else [None] * len(column)
        if there is None or (starts := columns[there]).count("{") == len(starts):
            return found
        missing = {"n": null, "": UNSET}
        return [missing.get(start, each) for each, start in zip(found, starts, strict=True)]

    return values


def _unset(columns: Columns) -> Column:
    return [UNSET] * len(columns[-1])


def _converter(node: Node) -> Callable[[str], Any]:
    """What makes the value of an entity of a text with its quotes."""
    kind = node.member.kind
    trim, empty = getattr(kind, "trim", False), getattr(kind, "empty", True)

    def convert(written: str) -> Any:
        text = written[1:-1].strip() if trim else written[1:-1]
        return text if empty else text or None

    return convert


def _element(written: str, convert: Callable[[str], Any]) -> Any:
    if written == "null":
        return None
    return convert(written) if written[0] == '"' else UNSET


def _rows(columns: Sequence[Column], rows: int) -> Iterable[tuple[Any, ...]]:
    return zip(*columns, strict=True) if columns else repeat((), rows)


T = TypeVar("T")


def where(found: Iterable[object]) -> list[int]:
    """The places of what is true in a column."""
    return [*compress(count(), found)]


_LONG: Final = 256  # characters of what is remembered
_MOST_KINDS: Final = 1024
