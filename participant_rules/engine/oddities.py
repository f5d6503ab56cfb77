"""The odd slots of a text, from the groups that its layout captured: equal to those of the value reader."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from participant_rules.engine.capture_groups import MOST_ELEMENTS, Name, What
from participant_rules.engine.layouts import Layout
from participant_rules.engine.slots import Odd, State
from participant_rules.schema.reads import IGNORED, UNDECLARED, Mode
from participant_rules.schema.tree import Node
from participant_rules.unset import UNSET, Unset

__all__ = ["Held", "Path", "Starts", "brackets_that_matter", "oddities_of"]

Path = tuple[str | int, ...]

Held = Mapping[Name, Any]
"""By the path of a member, what was captured of it and its name in an open object: letters as they were
captured, of texts the slots that they fill, of open objects their faults; blank for what is plain.
"""

Starts = Mapping[Name, str]
"""The captured brackets by group, n for null; a bracket where it makes no difference."""

Step = Callable[[Held], Iterable[tuple[int, Any]]]


def oddities_of(layout: Layout, starts: Starts) -> Callable[[Held], Odd]:
    """The function that gives the slots that do not hold their default, of texts with these brackets."""
    return partial(_together, tuple(_Steps(layout, starts).of_body()))


def _together(steps: Iterable[Step], held: Held) -> Odd:
    odd: list[tuple[int, Any]] = []
    for step in steps:
        odd += step(held)
    return tuple(odd)


def brackets_that_matter(layout: Layout) -> set[Name]:
    """The groups of brackets on which the odd slots depend.

    What an object that is not there would hold is blank, so it is enough to look at its other slots.
    """
    names = [each.at for each in layout.groups if each.what is What.IS_THERE]
    usual = oddities_of(layout, {})({})
    return {name for name in names if any(oddities_of(layout, {name: each})({}) != usual for each in _NONE)}


class _Steps:
    """The steps that give the odd slots of the members of a layout, in the value reader's order."""

    def __init__(self, layout: Layout, starts: Starts) -> None:
        self._layout, self._starts = layout, starts
        self._slots, self._schema = layout.slots, layout.slots.schema
        self._undeclared: list[Any] = []
        self._ignored: list[Any] = []

    def of_body(self) -> Iterator[Step]:
        """The steps of a whole text."""
        yield from self._members("", (), self._layout.body)
        for read, names in ((UNDECLARED, self._undeclared), (IGNORED, self._ignored)):
            slot = self._slots.odd.get(read)
            if slot is not None and names:
                yield _always([(slot, tuple(names))])

    def _members(self, section: str, here: Path, body: Mapping[str, Any]) -> Iterator[Step]:
        """The steps of an object that is there."""
        nodes = self._schema.members_in(section)
        for name in body:
            if name not in nodes:
                self._undeclared.append((here, name))
            elif nodes[name].member.read_only:
                self._ignored.append((here, name))
        for name, node in nodes.items():
            if not node.member.read_only:
                yield from self._member(node, (*here, name), body.get(name, UNSET))

    def _member(self, node: Node, here: Path, value: Any) -> Iterator[Step]:
        if node.is_list:
            yield from self._list(node, here, value)
        elif value is UNSET:
            yield from self._without(node, UNSET, State.ABSENT)
        elif node.is_nested:
            yield from self._nested(node, here, value)
        elif node.is_open:
            yield from self._open(node, here)
        elif node.is_flag:
            yield self._flag(node, here)
        else:
            key, judged = (here, What.KEY, ""), (here, What.JUDGED, "")
            yield lambda held: held.get(key) or held.get(judged) or ()

    def _start(self, here: Path) -> str:
        """The first letter of a value."""
        return self._starts.get((here, What.IS_THERE, ""), "{")

    def _without(self, node: Node, value: Unset | None, state: State) -> Iterator[Step]:
        """The step of a member without a value, if it fills a slot."""
        odd = self._odd_without(node, value, state)
        if odd:
            yield _always(odd)

    def _odd_without(self, node: Node, value: Unset | None, state: State) -> list[tuple[int, Any]]:
        flag, of_state = (self._slots.place(node.path, mode) for mode in (Mode.VALUE, Mode.STATE))
        return [(slot, held) for slot, held in ((flag, value), (of_state, state)) if slot is not None]

    def _flag(self, node: Node, here: Path) -> Step:
        slot, name = self._slots.place(node.path, Mode.VALUE), (here, What.FLAG, "")
        null = self._odd_without(node, None, State.NULL)
        true = [(slot, True)] if slot is not None else []

        def flag(held: Held) -> Iterable[tuple[int, Any]]:
            raw = held.get(name)
            return null if raw == "n" else true if raw else ()

        return flag

    def _nested(self, node: Node, here: Path, value: Any) -> Iterator[Step]:
        start = self._start(here)
        if start == "{" and value is not None:
            yield from self._members(node.path, here, value)
        else:
            yield from self._without(node, UNSET, State.NULL if start else State.ABSENT)

    def _list(self, node: Node, here: Path, value: Any) -> Iterator[Step]:
        if not value or self._start(here) in _NONE:
            return
        elements = [(*here, place) for place in range(MOST_ELEMENTS)]
        steps = [
            step
            for each in elements
            if self._start(each)
            for step in self._members(f"{node.path}[]", each, value[0])
        ]
        yield partial(_of_elements, steps)

    def _open(self, node: Node, here: Path) -> Iterator[Step]:
        if self._start(here) == "n" or not self._layout.open.get(here, (True,)):
            yield from self._without(node, UNSET, State.NULL)
        slot = self._slots.place(node.path, Mode.FAULTS)
        if slot is None:
            return
        elements = [(here, What.ELEMENT, name) for name in self._layout.open.get(here, ())]
        others = [(here, What.FURTHER, ""), (here, What.MEMBERS, "")]

        def faults(held: Held) -> Iterable[tuple[int, Any]]:
            found = [held[name] for name in elements if held.get(name)]
            found += [each for name in others for each in held.get(name, ())]
            return [(slot, tuple([(here, *each) for each in found]))] if found else ()

        yield faults


def _always(odd: list[tuple[int, Any]]) -> Step:
    return lambda _: odd


def _of_elements(steps: Sequence[Step], held: Held) -> Iterable[tuple[int, Any]]:
    """The odd slots of the elements of a list: the faults of all of them stand in one."""
    odd: list[tuple[int, Any]] = []
    faults: dict[int, tuple[Any, ...]] = {}
    for step in steps:
        for slot, value in step(held):
            if value.__class__ is tuple:
                faults[slot] = (*faults.get(slot, ()), *value)
            else:
                odd.append((slot, value))
    return [*odd, *sorted(faults.items())]


_NONE: Final = ("", "n")
