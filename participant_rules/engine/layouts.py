"""The regular expression of JSON texts of one layout, and the groups that it captures."""

from collections.abc import Container, Mapping, Sequence
from functools import cached_property
from types import NoneType
from typing import Any, Final

from participant_rules.engine.capture_groups import MOST_ELEMENTS, CaptureGroup, Name, What, judgements
from participant_rules.engine.elements import common_names, is_never_wrong, is_of_texts, right_in, scalar_in
from participant_rules.engine.patterns import FLAG, SCALAR, TEXT, Style, object_of, well_formed
from participant_rules.engine.slots import Slots
from participant_rules.schema.reads import Mode
from participant_rules.schema.tree import Node

__all__ = ["Layout"]

_MOST_MEMBERS: Final = 256
"""The members of a text to learn from: each takes about a millisecond to compile."""


class Layout:
    """The members that texts have, in their order.

    `bodies` are the decoded texts to learn from, the one to be matched first. What nobody reads is as it is
    in these, unless the layout is `general`. Raises ValueError where such texts cannot be read.
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
        self.groups: list[CaptureGroup] = []
        self.open: dict[tuple[str | int, ...], tuple[str, ...]] = {}
        """The names of open objects whose members are captured one by one."""
        self.repeated: set[Name] = set()
        """The members of open objects whose names compare equal to earlier ones."""
        self._members = 0
        self.pattern = self._object("", (), bodies)

    @cached_property
    def at(self) -> Mapping[Name, int]:
        """The number of each group."""
        return {each.at: number for number, each in enumerate(self.groups)}

    def leaner(self, without: Container[Name]) -> "Layout":
        """The layout without some groups of brackets."""
        return Layout(self.slots, self._bodies, self.style, general=self._general, without=without)

    def _capture(
        self, node: Node, here: tuple[str | int, ...], what: What, pattern: str, name: str = ""
    ) -> str:
        self.groups.append(CaptureGroup(here, what, node, name))
        return f"({pattern})"

    def _count(self, members: int) -> None:
        self._members += members
        if self._members > _MOST_MEMBERS:
            raise ValueError("there are too many members to learn from")

    # ---- documented members

    def _object(self, section: str, here: tuple[str | int, ...], bodies: Sequence[Any]) -> str:
        nodes = self.slots.schema.members_in(section)
        self._count(len(bodies[0]))
        members: dict[str, str] = {}
        optional: set[str] = set()
        for name in bodies[0]:
            node = nodes.get(name)
            if node is None or node.member.read_only:
                members[name] = self._constant([each[name] for each in bodies if name in each])
                continue
            values = [each[name] for each in bodies if name in each]
            members[name] = self._member(node, (*here, name), values)
            if node.is_nested:
                optional.add(name)
        if not section and not self.slots.schema.aliases.keys().isdisjoint(bodies[0]):
            raise ValueError("a unique value is sent under another name")
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

    def _constant(self, values: Sequence[Any]) -> str:
        """The pattern of a value of which only the name is read."""
        _require(values, str, None, bool, int, float)
        is_usual = not self._general and {str, NoneType}.issuperset(map(type, values))
        return f"(?:{TEXT}|null)" if is_usual else SCALAR

    def _flag(self, node: Node, here: tuple[str | int, ...], values: Sequence[Any]) -> str:
        _require(values, bool, None)
        places = [self.slots.place(node.path, mode) for mode in (Mode.VALUE, Mode.STATE)]
        if places == [None, None]:
            return f"(?:{FLAG}|null)" if node.member.nullable else f"(?:{FLAG})"
        true = self._capture(
            node, here, What.FLAG, "t(?=rue)|n(?=ull)" if node.member.nullable else "t(?=rue)"
        )
        return f"(?:false|{true}[a-z]{{3}})"

    def _text(self, node: Node, here: tuple[str | int, ...], values: Sequence[Any]) -> str:
        _require(values, str, None)
        is_text, is_judged = self.slots.text_place(node.path) is not None, bool(judgements(self.slots, node))
        if node.path in self.slots.keys:
            return self._key(node, here, is_text=is_text)
        if not is_judged:
            return self._value(node, here) if is_text else self._ignored(values)
        ahead = f"(?={self._value(node, here)})" if is_text else ""
        plain = [*filter(None, [self._plain(node)]), *self._blank(node)]
        odd = self._capture(node, here, What.JUDGED, f"{TEXT}|null")
        return f"{ahead}(?>{'|'.join([*plain, odd])})"

    def _ignored(self, values: Sequence[Any]) -> str:
        """The pattern of a text that no rule reads."""
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
        """The pattern of texts that fill no slot; empty where none is known."""
        found = judgements(self.slots, node)
        forms = {each.form if each.form is not None else node.form for each in found}
        return well_formed(forms.pop()) if len(forms) == 1 else ""

    def _blank(self, node: Node) -> tuple[str, ...]:
        """The patterns of blank values, where these fill no slot."""
        return () if self.slots.place(node.path, Mode.STATE) is not None else ('""', "null")

    def _there(self, node: Node, here: tuple[str | int, ...], bracket: str) -> str:
        """The look-ahead that captures the first letter of a value, n for null."""
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
        patterns = [self._element(node, (*here, place), elements) for place in range(MOST_ELEMENTS)]
        others = ""
        for each in reversed(patterns[1:]):
            others = f"(?:{self.style.item}{each}{others}|)"
        null = "|null" if node.member.nullable else ""
        return rf"{there}(?:\[(?:{patterns[0]}{others}|)\]{null})"

    def _element(self, node: Node, here: tuple[str | int, ...], bodies: Sequence[Any]) -> str:
        return self._there(node, here, "{") + self._object(f"{node.path}[]", here, bodies)

    # ---- objects whose names a definition makes

    def _open(self, node: Node, here: tuple[str | int, ...], values: Sequence[Any]) -> str:
        _require(values, dict, None)
        there = self._there(node, here, "{")
        bodies = [each for each in values if each is not None]
        if not bodies:
            if _requires(node):
                raise ValueError("an object with required members is null")
            return f"{there}null"
        names = common_names(bodies)
        reads_state = self.slots.place(node.path, Mode.STATE) is not None
        if _requires(node) and not node.members.required.issubset(names or ()):  # type: ignore[union-attr]
            raise ValueError("required members have no place of their own")
        if names is None and reads_state:
            raise ValueError("it would not be known whether the object is empty")
        if names is None or "[]" in node.section:
            if self.slots.schema.members_in(node.path):
                raise ValueError("a member with a key has no place of its own")
            self._before_object(node, here)
            pattern = self._whole(node, here)
        else:
            self._count(len(names))
            self.open[here] = names
            self._before_object(node, here)
            is_empty = reads_state and not names
            pattern = r"\{\}" if is_empty else self._by_names(node, here, names, bodies)
        if self.slots.text_place(node.path) is not None:
            pattern = f"({pattern})"
        return f"{there}{pattern}" if _requires(node) else f"{there}(?:{pattern}|null)"

    def _before_object(self, node: Node, here: tuple[str | int, ...]) -> None:
        if self.slots.text_place(node.path) is not None:
            self._capture(node, here, What.OBJECT, "")

    def _whole(self, node: Node, here: tuple[str | int, ...]) -> str:
        if is_of_texts(node):  # without the first quote, so that it is easily split
            return rf"\{{(?:\"{self._capture(node, here, What.MEMBERS, '[^}]++')}(?<=\")|)\}}"
        return rf"\{{{self._capture(node, here, What.MEMBERS, '[^}]*+')}\}}"

    def _by_names(
        self, node: Node, here: tuple[str | int, ...], names: Sequence[str], bodies: Sequence[Any]
    ) -> str:
        unique = self.slots.schema.members_in(node.path)
        members: dict[str, str] = {}
        met: set[str] = set()
        for name in names:
            folded = node.members.fold(name) if node.members is not None else name
            if folded in met:
                self.repeated.add((here, What.ELEMENT, name))
            met.add(folded)
            if name in unique:
                members[name] = self._capture(node, here, What.ELEMENT, SCALAR, name)
            else:
                values = [each[name] for each in bodies]
                members[name] = self._member_of(node, here, name, values)
        further = f"(?:{self.style.item}{TEXT}{self.style.name}{scalar_in(node)})"
        if not names:
            first = f"{TEXT}{self.style.name}{scalar_in(node)}{further}*+"
            return rf"\{{{self._capture(node, here, What.FURTHER, f'(?:{first})?+')}\}}"
        further_group = self._capture(node, here, What.FURTHER, f"{further}*+")
        return object_of(members, self.style).removesuffix(r"\}") + further_group + r"\}"

    def _member_of(self, node: Node, here: tuple[str | int, ...], name: str, values: Sequence[Any]) -> str:
        if self.slots.place(node.path, Mode.FAULTS) is None or node.members is None:
            return self._ignored(values) if is_of_texts(node) else SCALAR
        is_plain, of_texts = (here, What.ELEMENT, name) not in self.repeated, is_of_texts(node)
        if is_plain and is_never_wrong(node.members, name, of_texts=of_texts):
            return scalar_in(node)
        odd = self._capture(node, here, What.ELEMENT, scalar_in(node), name)
        plain = right_in(node.members, name, of_texts=of_texts) if is_plain else ()
        return f"(?>{'|'.join([*plain, odd])})"


def _requires(node: Node) -> bool:
    """Whether an open object has members that have to be there."""
    return node.members is not None and bool(node.members.required)


def _require(values: Sequence[Any], *classes: type | None) -> None:
    """Raise ValueError where a value has a wrong type."""
    if not {type(None) if each is None else each for each in classes}.issuperset(map(type, values)):
        raise ValueError("a value has a wrong type")


_INSIDE: Final = '[^"]*+'
