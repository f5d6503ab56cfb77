"""The generated function that reads one decoded record, from the declared members.

It takes the keys, what is not plain, and the values that rules read, in one walk over the JSON value. It runs
for every record that no template reads, which is why it calls little and asks for classes.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

from participant_rules.engine.members import Fault, OpenReader, absences
from participant_rules.engine.slots import Slots, ValueReading
from participant_rules.engine.text_members import TextMembers
from participant_rules.schema.kinds import Anything, Several, Texts
from participant_rules.schema.reads import Mode
from participant_rules.schema.tree import Node

__all__ = ["reader_of"]


def reader_of(slots: Slots) -> Callable[[Any], ValueReading | None]:
    """The function that reads a JSON value; it gives None for a value that is no object."""
    writer = _Writer(slots)
    exec(_compiled(writer.source()), writer.scope)  # noqa: S102  it is made of declared names, each as a literal
    reader: Callable[[Any], ValueReading | None] = writer.scope["read"]
    return reader


@lru_cache(maxsize=32)
def _compiled(source: str) -> CodeType:
    """The code of a source, which is the same for most definitions: it takes milliseconds to compile."""
    return compile(source, "<reader>", "exec")


class _Writer(TextMembers):
    """Writes the function's code."""

    def source(self) -> str:
        """The code."""
        keys = ", ".join(f"k{place}" for place in self._slots.keys.values())
        texts = ", ".join(f"t{place}" for place in self._slots.texts.values())
        self._add(0, "def read(body):")
        self._add(1, "if body.__class__ is not dict: return None")
        self._add(1, "odd = (); colons = len(body); mistyped = undeclared = ignored = ()")
        for variable in (*keys.split(", "), *texts.split(", ")):
            if variable:
                self._add(1, f"{variable} = UNSET")
        self._object("body", "", 1)
        for name, node in self._schema.aliases.items():
            self._alias(name, node)
        for name, mode in (("undeclared", Mode.UNDECLARED), ("ignored", Mode.IGNORED)):
            slot = self._slots.place("", mode)
            if slot is not None:
                self._add(1, f"if {name}: odd += (({slot}, {name}),)")
        self._add(1, f"if mistyped: odd += (({self._slots.types}, mistyped),)")
        comma = {True: ",", False: ""}
        keys += comma[bool(keys)]
        texts += comma[bool(texts)]
        self._add(1, f"return colons, ({keys}), odd, ({texts}), mistyped")
        return "\n".join(self._lines)

    # ---- objects

    def _object(self, variable: str, section: str, indent: int, place: str = "") -> None:
        """The code for the members of an object; `place` is the variable with its position in a list."""
        nodes = self._schema.members_in(section)
        read = {name: node for name, node in nodes.items() if not node.member.read_only}
        self._strangers(variable, section, nodes, read, indent, place=place)
        all_texts = all(node.is_text for node in read.values())
        if all_texts and read:
            self._add(indent, f"if not TEXT.issuperset(map(type, {variable}.values())):")
            self._all_texts(variable, section, read, indent + 1, place=place)
        getter = f"get{self._number}"
        self._add(indent, f"{getter} = {variable}.get")
        for node in read.values():
            self._member(node, getter, indent, place, checked=all_texts)

    def _all_texts(
        self, variable: str, section: str, read: dict[str, Node], indent: int, *, place: str
    ) -> None:
        """The code that finds wrong types among members that are all texts; such values become UNREADABLE."""
        expected = self._name({name: node.member.expected for name, node in read.items()}, "EXPECTED")
        self._add(
            indent,
            f"wrong = [n for n in {expected} if n in {variable} and {variable}[n].__class__ not in TEXT]",
        )
        self._add(indent, "if wrong:")
        path = f"{self._path(section, place)}n,"
        self._add(indent + 1, f"mistyped += tuple([(({path}), {expected}[n]) for n in wrong])")
        held = f"[{variable}[n].__class__ for n in wrong]"
        self._add(indent + 1, f"if not SCALAR.issuperset({held}): colons = -1")
        self._add(indent + 1, f"{variable} = {{**{variable}, **dict.fromkeys(wrong, UNREADABLE)}}")

    def _strangers(
        self,
        variable: str,
        section: str,
        nodes: Mapping[str, Node],
        read: dict[str, Node],
        indent: int,
        *,
        place: str,
    ) -> None:
        """The code for undocumented and for unread members."""
        known, documented = self._name(frozenset(read), "NAMES"), self._name(frozenset(nodes), "NAMES")
        path = self._path(section, place)
        self._add(indent, f"if not {variable}.keys() <= {known}:")
        self._add(indent + 1, f"others = [n for n in {variable} if n not in {known}]")
        self._add(indent + 1, "for n in others:")
        self._add(indent + 2, f"if {variable}[n].__class__ not in SCALAR: colons = -1")
        for kept, mode, test in (("undeclared", Mode.UNDECLARED, "not in"), ("ignored", Mode.IGNORED, "in")):
            if self._slots.place("", mode) is not None:
                named = f"[(({path}), n) for n in others if n {test} {documented}]"
                self._add(indent + 1, f"{kept} += tuple({named})")

    # ---- members

    def _member(self, node: Node, getter: str, indent: int, place: str, *, checked: bool) -> None:
        if node.is_nested:
            self._nested(node, getter, indent, place)
        elif node.is_list:
            self._list(node, getter, indent, place)
        elif node.is_open:
            self._open(node, getter, indent, place)
        elif node.is_flag:
            self._flag(node, getter, indent, place)
        else:
            self._text_member(node, getter, indent, place, checked=checked)

    def _flag(self, node: Node, getter: str, indent: int, place: str) -> None:
        slot, state = self._slot(node, Mode.VALUE), self._slot(node, Mode.STATE)
        if slot is None and state is None:
            default = "None" if node.member.nullable else "False"
            classes = "FLAG" if node.member.nullable else "(bool,)"
            self._add(indent, f"v = {getter}({node.member.name!r}, {default})")
            self._add(indent, f"if v.__class__ not in {classes}:")
            self._wrong_type("v", node, place, indent + 1)
            return
        self._add(indent, f"v = {getter}({node.member.name!r}, UNSET)")
        self._add(indent, "if v.__class__ is bool:")
        self._add(indent + 1, f"if v: odd += (({slot}, True),)" if slot is not None else "pass")
        if node.member.nullable:
            self._add(indent, "elif v is None:")
            self._fill(slot, "None", state, "NULL", indent + 1)
        self._add(indent, "elif v is UNSET:")
        self._fill(slot, "UNSET", state, "ABSENT", indent + 1)
        self._add(indent, "else:")
        self._wrong_type("v", node, place, indent + 1)
        self._fill(slot, "UNREADABLE", state, "UNREADABLE_STATE", indent + 1)

    # ---- parts

    def _nested(self, node: Node, getter: str, indent: int, place: str) -> None:
        state = self._slot(node, Mode.STATE)
        variable = f"o{self._number}"
        self._add(indent, f"{variable} = {getter}({node.member.name!r}, UNSET)")
        self._add(indent, f"if {variable}.__class__ is dict:")
        self._add(indent + 1, f"colons += len({variable})")
        self._object(variable, node.path, indent + 1, place)
        self._add(indent, f"elif {variable} is None:" if node.member.nullable else "elif False:")
        self._add(indent + 1, f"odd += (({state}, NULL),)" if state is not None else "pass")
        self._add(indent, f"elif {variable} is UNSET:")
        self._add(indent + 1, f"odd += (({state}, ABSENT),)" if state is not None else "pass")
        self._add(indent, "else:")
        self._wrong_type(variable, node, place, indent + 1)
        self._add(indent + 1, f"odd += (({state}, UNREADABLE_STATE),)" if state is not None else "pass")
        self._unreadable_keys(node, indent + 1)

    def _unreadable_keys(self, section: Node, indent: int) -> None:
        for path, place in self._slots.keys.items():
            if path.startswith(section.path + "."):
                self._add(indent, f"k{place} = UNREADABLE")

    def _list(self, node: Node, getter: str, indent: int, outer: str) -> None:
        texts = [p for read, p in self._slots.texts.items() if read.path.startswith(f"{node.path}[].")]
        faults = [p for read, p in self._slots.odd.items() if read.path.startswith(f"{node.path}[].")]
        variable, each, place = f"o{self._number}", f"e{self._number}", f"i{self._number}"
        self._add(indent, f"{variable} = {getter}({node.member.name!r}, UNSET)")
        self._add(indent, f"if {variable}.__class__ is list:")
        for text in texts:
            self._add(indent + 1, f"l{text} = []")
        for slot in faults:
            self._add(indent + 1, f"f{slot} = ()")
        self._add(indent + 1, f"for {place}, {each} in enumerate({variable}):")
        self._add(indent + 2, f"if {each}.__class__ is dict:")
        self._add(indent + 3, f"colons += len({each})")
        self._object(each, f"{node.path}[]", indent + 3, place)
        self._add(indent + 2, "else:")
        self._mistyped(each, self._path(f"{node.path}[]", place), Several.element, indent + 3)
        for text in texts:
            self._add(indent + 3, f"l{text}.append(UNREADABLE_STATE)")
        for text in texts:
            self._add(indent + 1, f"t{text} = tuple(l{text})")
        for slot in faults:
            self._add(indent + 1, f"if f{slot}: odd += (({slot}, f{slot}),)")
        self._add(indent, f"elif {variable} is None:" if node.member.nullable else "elif False:")
        self._without_list(texts, "None", indent + 1)
        self._add(indent, f"elif {variable} is UNSET:")
        self._without_list(texts, "UNSET", indent + 1)
        self._add(indent, "else:")
        self._wrong_type(variable, node, outer, indent + 1)
        self._without_list(texts, "UNREADABLE", indent + 1)

    def _without_list(self, texts: list[int], value: str, indent: int) -> None:
        self._add(indent, "pass")
        for text in texts:
            self._add(indent, f"t{text} = {value}")

    def _open(self, node: Node, getter: str, indent: int, place: str) -> None:
        state, text = self._slot(node, Mode.STATE), self._text(node)
        self._add(indent, f"v = {getter}({node.member.name!r}, UNSET)")
        self._add(indent, "if v.__class__ is dict:")
        self._members_of_open(node, indent + 1, place)
        for value, held in (("None", "NULL"), ("UNSET", "ABSENT")):
            self._add(indent, f"elif v is {value}:")
            self._fill(None, "", state, held, indent + 1)
            self._lacks(node, indent + 1)
            if text is not None:
                self._add(indent + 1, self._keep(node, text, value))
        self._add(indent, "else:")
        self._wrong_type("v", node, place, indent + 1)
        self._fill(None, "", state, "UNREADABLE_STATE", indent + 1)
        if text is not None:
            self._add(indent + 1, self._keep(node, text, "UNREADABLE"))

    def _members_of_open(self, node: Node, indent: int, place: str) -> None:
        """The code for the members of an open object that is there."""
        state, text = self._slot(node, Mode.STATE), self._text(node)
        scalars = "if not SCALAR.issuperset(map(type, v.values())): colons = -1"
        of_texts = not _takes_anything(node)
        self._add(indent, "colons += len(v)")
        if of_texts:
            self._add(indent, "if not TEXT.issuperset(map(type, v.values())):")
            wrong = f"(({self._path(node.path, place)}n), {Texts.element!r})"
            named = f"[{wrong} for n, w in v.items() if w.__class__ not in TEXT]"
            self._add(indent + 1, f"mistyped += tuple({named})")
            self._add(indent + 1, scalars)
            self._add(indent + 1, "v = {n: w if w.__class__ in TEXT else UNREADABLE for n, w in v.items()}")
        if text is not None:
            self._add(indent, self._keep(node, text, "v"))
        self._faults(node, indent, place)
        for each in self._schema.members_in(node.path).values():
            self._element(each, indent)
        if state is not None:
            self._add(indent, f"if not v: odd += (({state}, NULL),)")
        if not of_texts:
            self._add(indent, scalars)

    def _faults(self, node: Node, indent: int, place: str) -> None:
        """The code for the faults of an open object's members, where a rule reads them."""
        slot = self._slot(node, Mode.FAULTS)
        if slot is None or node.members is None:
            return
        reader = self._name(OpenReader(node.members), "members")
        in_list = "[]" in node.section
        keep, end = (f"f{slot} += ", "") if in_list else (f"odd += (({slot}, ", "),)")
        faults = f"tuple([(({self._path(node.path, place)}), *each) for each in found])"
        self._add(indent, f"found = {reader}.faults(v)")
        self._add(indent, f"if found: {keep}{faults}{end}")

    def _lacks(self, node: Node, indent: int) -> None:
        """The code for an object with required members that is not there."""
        slot = self._slot(node, Mode.FAULTS)
        absent: tuple[Fault, ...] = ()
        if slot is not None and node.members is not None:
            absent = absences(node.members, {})
        if absent:
            path = tuple(node.path.split("."))
            faults = self._name(tuple((path, *each) for each in absent), "ABSENT")
            self._add(indent, f"odd += (({slot}, {faults}),)")

    def _element(self, node: Node, indent: int) -> None:
        """The key of a unique member of an open object."""
        self._add(indent, f"w = v.get({node.element!r}, UNSET)")
        self._element_key(node, indent)

    def _alias(self, name: str, node: Node) -> None:
        """The key of a unique member of an open object that is sent under another name."""
        self._add(1, f"w, v = body.get({name!r}, UNSET), body.get({node.section!r})")
        self._add(1, f"if w.__class__ in TEXT and not (v.__class__ is dict and {node.element!r} in v):")
        self._element_key(node, 2)

    def _element_key(self, node: Node, indent: int) -> None:
        """The code that makes the key of the value in `w`."""
        key = self._slots.keys[node.path]
        self._add(indent, "if w.__class__ is str: w = w.strip() or None")
        make = node.form.key if node.form is not None else None
        made = f"{self._name(make, 'key')}(w)" if make is not None else "w"
        self._add(indent, f"k{key} = w if w is None or w is UNSET else {made}")
        self._add(indent, f"if k{key} is None and w is not None: k{key} = MALFORMED")


def _takes_anything(node: Node) -> bool:
    return isinstance(node.member.kind, Anything)
