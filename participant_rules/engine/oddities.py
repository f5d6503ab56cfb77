"""What is not plain about a text, given what the groups of its layout captured: as the walk has it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from participant_rules.engine.capture_groups import MOST_ELEMENTS, Name, What
from participant_rules.engine.layouts import Layout
from participant_rules.engine.slots import Odd, State
from participant_rules.schema.reads import IGNORED, UNDECLARED, Mode, Read
from participant_rules.schema.tree import Node
from participant_rules.unset import UNSET, Unset

__all__ = ["Held", "Path", "brackets_that_matter", "oddities_of"]

Path = tuple[str | int, ...]

Held = Mapping[Name, Any]
"""By the path of a member, what was captured of it and its name in an open object: brackets and letters as
they were captured, of texts the slots that they fill, of open objects their faults; blank for what is plain.
"""


def oddities_of(layout: Layout, held: Held) -> Odd:
    """The slots that do not hold their default."""
    walk = _Walk(layout, held)
    odd = [*walk.members("", (), layout.body)]
    for read, names in ((UNDECLARED, walk.undeclared), (IGNORED, walk.ignored)):
        slot = layout.slots.odd.get(read)
        if slot is not None and names:
            odd.append((slot, tuple(names)))
    return tuple(odd)


def brackets_that_matter(layout: Layout) -> set[Name]:
    """The groups of brackets without which it would not be known what is odd.

    What an object that is not there would hold is blank, so it is enough to look at what else is said of it.
    """
    names = [each.at for each in layout.groups if each.what is What.IS_THERE]
    usual = oddities_of(layout, {})
    return {name for name in names if any(oddities_of(layout, {name: each}) != usual for each in _NONE)}


class _Walk:
    """A walk over the members of a layout, in the order of a reader's."""

    def __init__(self, layout: Layout, held: Held) -> None:
        self._layout, self._held = layout, held
        self._slots, self._schema = layout.slots, layout.slots.schema
        self._faults: dict[int, tuple[Any, ...]] = {}  # of the elements of a list
        self.undeclared, self.ignored = list[Any](), list[Any]()

    def members(self, section: str, here: Path, body: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
        """The odd slots of an object that is there."""
        nodes = self._schema.members_in(section)
        for name in body:
            if name not in nodes:
                self.undeclared.append((here, name))
            elif nodes[name].member.read_only:
                self.ignored.append((here, name))
        for name, node in nodes.items():
            if not node.member.read_only:
                yield from self._member(node, (*here, name), body.get(name, UNSET))

    def _member(self, node: Node, here: Path, value: Any) -> Iterator[tuple[int, Any]]:
        if node.is_list:
            yield from self._list(node, here, value)
        elif value is UNSET:
            yield from self._without(node, UNSET, State.ABSENT)
        elif node.is_nested:
            yield from self._nested(node, here, value)
        elif node.is_open:
            yield from self._open(node, here)
        elif node.is_flag:
            yield from self._flag(node, here)
        else:
            yield from self._get(here, What.KEY) or self._get(here, What.JUDGED)

    def _get(self, here: Path, what: What, name: str = "") -> Any:
        return self._held.get((here, what, name), "")

    def _start(self, here: Path) -> str:
        """What a value begins with; a bracket where that makes no difference."""
        start: str = self._held.get((here, What.IS_THERE, ""), "{")
        return start

    def _without(self, node: Node, value: Unset | None, state: State) -> Iterator[tuple[int, Any]]:
        """What is said of a member that has no value."""
        flag, of_state = (self._slots.odd.get(Read(node.path, mode)) for mode in (Mode.VALUE, Mode.STATE))
        if flag is not None:
            yield flag, value
        if of_state is not None:
            yield of_state, state

    def _flag(self, node: Node, here: Path) -> Iterator[tuple[int, Any]]:
        slot, captured = self._slots.odd.get(Read(node.path)), self._get(here, What.FLAG)
        if captured == "n":
            yield from self._without(node, None, State.NULL)
        elif captured and slot is not None:
            yield slot, True

    def _nested(self, node: Node, here: Path, value: Any) -> Iterator[tuple[int, Any]]:
        start = self._start(here)
        if start == "{" and value is not None:
            yield from self.members(node.path, here, value)
        else:
            yield from self._without(node, UNSET, State.NULL if start else State.ABSENT)

    def _list(self, node: Node, here: Path, value: Any) -> Iterator[tuple[int, Any]]:
        if not value or self._start(here) in _NONE:
            return
        outer, self._faults = self._faults, {}
        for place in range(MOST_ELEMENTS):
            if self._start((*here, place)):
                yield from self.members(f"{node.path}[]", (*here, place), value[0])
        yield from [(slot, self._faults[slot]) for slot in sorted(self._faults)]
        self._faults = outer

    def _open(self, node: Node, here: Path) -> Iterator[tuple[int, Any]]:
        if self._start(here) == "n" or not self._layout.open.get(here, (True,)):
            yield from self._without(node, UNSET, State.NULL)
        slot = self._slots.odd.get(Read(node.path, Mode.FAULTS))
        if slot is None:
            return
        found = [self._get(here, What.ELEMENT, name) for name in self._layout.open.get(here, ())]
        found = [each for each in found if each]
        found += [*self._get(here, What.FURTHER), *self._get(here, What.MEMBERS)]
        faults = tuple([(here, *each) for each in found])
        if faults and "[]" in node.section:
            self._faults[slot] = (*self._faults.get(slot, ()), *faults)
        elif faults:
            yield slot, faults


_NONE: Final = ("", "n")
