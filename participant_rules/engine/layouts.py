"""The regular expression of JSON texts like some that were met, and what its groups capture."""

from collections.abc import Container, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Any, Final, NamedTuple

from participant_rules.engine.patterns import (
    FLAG,
    INTEGER,
    NUMBER,
    SCALAR,
    TEXT,
    Style,
    object_of,
    text_in,
    well_formed,
)
from participant_rules.engine.slots import Slots, nodes_in
from participant_rules.schema.form import Form, OpenForm
from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.shapes import Texts
from participant_rules.schema.tree import Node

__all__ = ["MOST_ELEMENTS", "Captured", "Layout", "Name", "What", "can_be_captured", "is_of_texts", "judgements"]

MOST_ELEMENTS: Final = 4
"""The elements of a list that an expression knows; a text with more does not match."""

_MOST_MEMBERS: Final = 256
"""The members of a text to learn from: each takes about a millisecond to compile."""


class What(Enum):
    """What a group captures."""

    IS_THERE = "the bracket of an object or a list, n for null"
    FLAG = "t for true, n for null"
    KEY = "the text of a unique value"
    TEXT = "a text with its quotes"
    JUDGED = "a text that may be malformed, with its quotes, or null"
    ELEMENT = "a member of an open object that may be wrong"
    FURTHER = "the members of an open object behind those of the first text"
    MEMBERS = "the members of an open object, between its braces"
    OBJECT = "an open object as a whole"


Name = tuple[tuple[str | int, ...], What, str]
"""What a group captures of which member: its path, with the places of elements, and perhaps a name in it."""


class Captured(NamedTuple):
    """What a group captures of which member; `path` has the places of elements in it."""

    path: tuple[str | int, ...]
    what: What
    node: Node
    name: str = ""
    """That of the member of an open object."""

    @property
    def at(self) -> Name:
        """What names the group."""
        return self.path, self.what, self.name


class Layout:
    """The members that texts have, in their order.

    `bodies` are the decoded texts to learn from, the one to be matched first. What nobody reads is as it is in
    these, unless the layout is `general`. Raises ValueError where such texts cannot be read.
    """

    def __init__(
        self,
        slots: Slots,
        bodies: Sequence[Any],
        style: Style,
        *,
        general: bool = False,
        without: Container[Name] = (),
    ) -> None:
        self.slots, self.style, self._general, self._without = slots, style, general, without
        self.body, self._bodies = bodies[0], bodies
        self.groups: list[Captured] = []
        self.open: dict[tuple[str | int, ...], tuple[str, ...]] = {}
        """The names of open objects whose members are captured one by one."""
        self._members = 0
        self.pattern = self._object("", (), bodies)

    @cached_property
    def at(self) -> Mapping[Name, int]:
        """The number of each group."""
        return {each.at: number for number, each in enumerate(self.groups)}

    def leaner(self, without: Container[Name]) -> "Layout":
        """The same without some groups of brackets."""
        return Layout(self.slots, self._bodies, self.style, general=self._general, without=without)

    def _capture(self, node: Node, here: tuple[str | int, ...], what: What, pattern: str, name: str = "") -> str:
        self.groups.append(Captured(here, what, node, name))
        return f"({pattern})"

    def _count(self, members: int) -> None:
        self._members += members
        if self._members > _MOST_MEMBERS:
            raise ValueError("there are too many members to learn from")

    # ---- documented members

    def _object(self, section: str, here: tuple[str | int, ...], bodies: Sequence[Any]) -> str:
        nodes = nodes_in(self.slots.schema, section)
        self._count(len(bodies[0]))
        members, optional = dict[str, str](), set[str]()
        for name, value in bodies[0].items():
            node = nodes.get(name)
            if node is None or node.member.read_only:
                members[name] = _constant(value)
                continue
            values = [each[name] for each in bodies if name in each]
            members[name] = self._member(node, (*here, name), values)
            if node.is_nested:
                optional.add(name)
        if any(_requires(node) for name, node in nodes.items() if name not in bodies[0]):
            raise ValueError("an object with required members is not there")
        return object_of(members, self.style, optional)

    def _member(self, node: Node, here: tuple[str | int, ...], values: Sequence[Any]) -> str:
        if node.is_nested:
            return self._nested(node, here, values)
        if node.is_list:
            return self._list(node, here, values)
        if node.is_open:
            return self._open(node, here, values)
        if node.is_flag:
            return self._flag(node, here, values)
        return self._text(node, here, values)

    def _flag(self, node: Node, here: tuple[str | int, ...], values: Sequence[Any]) -> str:
        _require(values, bool, None)
        if not {Read(node.path), Read(node.path, Mode.STATE)} & self.slots.odd.keys():
            return f"(?:{FLAG}|null)" if node.member.nullable else f"(?:{FLAG})"
        true = self._capture(node, here, What.FLAG, "t(?=rue)|n(?=ull)" if node.member.nullable else "t(?=rue)")
        return f"(?:false|{true}[a-z]{{3}})"

    def _text(self, node: Node, here: tuple[str | int, ...], values: Sequence[Any]) -> str:
        _require(values, str, None)
        is_text, is_judged = Read(node.path) in self.slots.texts, bool(judgements(self.slots, node))
        if node.path in self.slots.keys:
            return self._key(node, here, is_text=is_text)
        if not is_judged:
            return self._value(node, here) if is_text else self._ignored(values)
        ahead = f"(?={self._value(node, here)})" if is_text else ""
        plain = [*filter(None, [self._plain(node)]), *self._blank(node)]
        odd = self._capture(node, here, What.JUDGED, f"{TEXT}|null")
        return f"{ahead}(?>{'|'.join([*plain, odd])})"

    def _ignored(self, values: Sequence[Any]) -> str:
        """A text that nobody reads."""
        classes = set(map(type, values))
        if self._general or len(classes) > 1:
            return f"(?:{TEXT}|null)"
        return TEXT if classes == {str} else "null"

    def _value(self, node: Node, here: tuple[str | int, ...]) -> str:
        if "[]" in node.section:  # each element says that it is there
            return self._capture(node, here, What.TEXT, f"{TEXT}|null")
        return f"(?:{self._capture(node, here, What.TEXT, TEXT)}|null)"

    def _key(self, node: Node, here: tuple[str | int, ...], *, is_text: bool) -> str:
        ahead = f"(?={self._value(node, here)})" if is_text else ""
        return f'{ahead}(?:"{self._capture(node, here, What.KEY, _INSIDE)}"|null)'

    def _plain(self, node: Node) -> str:
        """Texts of which nothing is said; empty where none is known."""
        found = judgements(self.slots, node)
        forms = {each.form if each.form is not None else node.form for each in found}
        return well_formed(forms.pop()) if len(forms) == 1 else ""

    def _blank(self, node: Node) -> tuple[str, ...]:
        """What is blank, where nothing is said of that."""
        return () if Read(node.path, Mode.STATE) in self.slots.odd else ('""', "null")

    def _there(self, node: Node, here: tuple[str | int, ...], bracket: str) -> str:
        """Captures what a value begins with, n for null."""
        if (here, What.IS_THERE, "") in self._without:
            return ""
        return f"(?={self._capture(node, here, What.IS_THERE, f'[{bracket}n]')})"

    # ---- parts

    def _nested(self, node: Node, here: tuple[str | int, ...], values: Sequence[Any]) -> str:
        _require(values, dict, None)
        there = self._there(node, here, "{")
        bodies = [each for each in values if each is not None]
        if values[0] is None:
            return f"{there}null"
        inner = self._object(node.path, here, bodies)
        return f"{there}(?:{inner}|null)" if node.member.nullable else f"{there}{inner}"

    def _list(self, node: Node, here: tuple[str | int, ...], values: Sequence[Any]) -> str:
        _require(values, list, None)
        there = self._there(node, here, r"\[")
        if not values[0]:
            return f"{there}null" if values[0] is None else rf"{there}\[\]"
        elements = [each for held in values for each in held or ()]
        _require(elements, dict)
        if max(len(held or ()) for held in values) > MOST_ELEMENTS:
            raise ValueError("a list is too long")
        written = [self._element(node, (*here, place), elements) for place in range(MOST_ELEMENTS)]
        others = ""
        for each in reversed(written[1:]):
            others = f"(?:{self.style.item}{each}{others}|)"
        null = "|null" if node.member.nullable else ""
        return rf"{there}(?:\[(?:{written[0]}{others}|)\]{null})"

    def _element(self, node: Node, here: tuple[str | int, ...], bodies: Sequence[Any]) -> str:
        return self._there(node, here, "{") + self._object(f"{node.path}[]", here, bodies)

    # ---- objects whose names a definition makes

    def _open(self, node: Node, here: tuple[str | int, ...], values: Sequence[Any]) -> str:
        _require(values, dict, None)
        there = self._there(node, here, "{")
        bodies = [each for each in values if each is not None]
        if not bodies:
            return f"{there}null"
        names = _common(bodies)
        tells_empty = Read(node.path, Mode.STATE) in self.slots.odd
        if _requires(node) and not node.members.required.issubset(names or ()):  # type: ignore[union-attr]
            raise ValueError("required members have no place of their own")
        if names is None and tells_empty:
            raise ValueError("it would not be known whether the object is empty")
        if names is None or "[]" in node.section:
            if nodes_in(self.slots.schema, node.path):
                raise ValueError("a member with a key has no place of its own")
            self._before_object(node, here)
            written = self._whole(node, here)
        else:
            self._count(len(names))
            self.open[here] = names
            self._before_object(node, here)
            is_empty = tells_empty and not names
            written = r"\{\}" if is_empty else self._by_names(node, here, names, bodies)
        if Read(node.path) in self.slots.texts:
            written = f"({written})"
        return f"{there}{written}" if _requires(node) else f"{there}(?:{written}|null)"

    def _before_object(self, node: Node, here: tuple[str | int, ...]) -> None:
        if Read(node.path) in self.slots.texts:
            self._capture(node, here, What.OBJECT, "")

    def _whole(self, node: Node, here: tuple[str | int, ...]) -> str:
        if is_of_texts(node):  # between the outer quotes, so that it is easily split
            return rf"\{{(?:(?=\"){self._capture(node, here, What.MEMBERS, '[^}]*+')}(?<=\")|)\}}"
        return rf"\{{{self._capture(node, here, What.MEMBERS, '[^}]*+')}\}}"

    def _by_names(
        self, node: Node, here: tuple[str | int, ...], names: Sequence[str], bodies: Sequence[Any]
    ) -> str:
        unique = nodes_in(self.slots.schema, node.path)
        members = dict[str, str]()
        for name in names:
            if name in unique:
                members[name] = self._capture(node, here, What.ELEMENT, SCALAR, name)
            else:
                values = [each[name] for each in bodies]
                members[name] = self._member_of(node, here, name, values, repeated=_repeats(node, names, name))
        further = f"(?:{self.style.item}{TEXT}{self.style.name}{_scalar(node)})"
        if not names:
            first = f"{TEXT}{self.style.name}{_scalar(node)}{further}*+"
            return rf"\{{{self._capture(node, here, What.FURTHER, f'(?:{first})?+')}\}}"
        captured = self._capture(node, here, What.FURTHER, f"{further}*+")
        return object_of(members, self.style).removesuffix(r"\}") + captured + r"\}"

    def _member_of(
        self, node: Node, here: tuple[str | int, ...], name: str, values: Sequence[Any], *, repeated: bool
    ) -> str:
        if Read(node.path, Mode.FAULTS) not in self.slots.odd or node.members is None:
            return self._ignored(values) if is_of_texts(node) else SCALAR
        odd = self._capture(node, here, What.ELEMENT, _scalar(node), name)
        plain = () if repeated else tuple(_right(node.members, name, of_texts=is_of_texts(node)))
        return f"(?>{'|'.join([*plain, odd])})"


def _requires(node: Node) -> bool:
    """Whether an open object has members that have to be there."""
    return node.members is not None and bool(node.members.required)


def can_be_captured(slots: Slots) -> bool:
    """Whether templates can say all that is read: of the elements of lists no keys, and no deeper texts."""
    nodes = [slots.schema.node(path) for path in [*slots.keys, *[read.path for read in slots.texts]]]
    in_lists = [node for node in nodes if "[]" in node.section]
    return all(
        node.section.endswith("[]") and node.section.count("[]") == 1 and node.is_text and not node.unique
        for node in in_lists
    )


def judgements(slots: Slots, node: Node) -> list[Read]:
    """What is read of a text beside its value: its state, and whether forms refuse it."""
    return [
        read for read in slots.odd if read.path == node.path and read.mode in (Mode.STATE, Mode.MALFORMED)
    ]


def _require(values: Sequence[Any], *classes: type | None) -> None:
    """Raise ValueError where a value has a wrong type."""
    if not {type(None) if each is None else each for each in classes}.issuperset(map(type, values)):
        raise ValueError("a value has a wrong type")


def _constant(value: Any) -> str:
    """What matches a value of which only the name is read."""
    _require([value], str, None, bool, int, float)  # type: ignore[arg-type]
    return SCALAR


def _common(bodies: Sequence[Mapping[str, Any]]) -> tuple[str, ...] | None:
    """The names that objects begin with; None where that is not all of any."""
    shortest = min(map(tuple, bodies), key=len)
    return shortest if all(tuple(each)[: len(shortest)] == shortest for each in bodies) else None


def _repeats(node: Node, names: Sequence[str], name: str) -> bool:
    """Whether an earlier one of some names compares equal."""
    if node.members is None:
        return False
    fold = node.members.fold
    return fold(name) in [fold(each) for each in names[: names.index(name)]]


def is_of_texts(node: Node) -> bool:
    """Whether the values of an open object are texts."""
    return isinstance(node.member.kind, Texts)


def _scalar(node: Node) -> str:
    """What a member of an open object may be."""
    return f"(?:{TEXT}|null)" if is_of_texts(node) else SCALAR


def _right(members: OpenForm, name: str, *, of_texts: bool) -> Iterator[str]:
    """What matches the values of a member that surely have no fault."""
    form = members.form(name)
    if form is None:
        return
    pattern = text_in(form)
    if pattern:
        yield f'"(?:{pattern})"'
    for value, written in (("", '""'), (None, "null")):
        if members.fault(name, value) is None:
            yield written
    if not of_texts:
        yield from _right_scalars(form)


def _right_scalars(form: Form) -> Iterator[str]:
    if bool in form.scalars:
        yield FLAG
    if {int, float} <= form.scalars:
        yield NUMBER
    elif int in form.scalars:
        yield INTEGER


_INSIDE: Final = '[^"]*+'
