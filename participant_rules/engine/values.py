"""A decoded record is read by one function, which is generated from the declared members.

It takes the keys, what is not plain, and the values that rules read, in one walk over the JSON value. It runs
for every record that no template reads, which is why it calls little and asks for classes.
"""

import re
from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any, Final

from participant_rules.engine.members import Fault, OpenReader, absences
from participant_rules.engine.slots import Reading, Slots, State
from participant_rules.schema.form import Form
from participant_rules.schema.kinds import Anything
from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.tree import Node
from participant_rules.unset import UNREADABLE, UNSET, Unset

__all__ = ["reader_of"]

_SCALAR: Final = frozenset({str, NoneType, bool, int, float, Unset})  # a mistyped text was made UNREADABLE


def reader_of(slots: Slots) -> Callable[[Any], Reading | None]:
    """The function that reads a JSON value; it gives None for what is no object."""
    writer = _Writer(slots)
    source = writer.source()
    exec(source, writer.scope)  # noqa: S102  the code is made of declared names, each as a literal
    reader: Callable[[Any], Reading | None] = writer.scope["read"]
    return reader


class _Writer:
    """Writes the function."""

    def __init__(self, slots: Slots) -> None:
        self._slots, self._schema, self._lines = slots, slots.schema, list[str]()
        self._number = 0
        self.scope: dict[str, Any] = {
            "ABSENT": State.ABSENT,
            "MALFORMED": State.MALFORMED,
            "NULL": State.NULL,
            "NoneType": NoneType,
            "SCALAR": _SCALAR,
            "TEXT": frozenset({str, NoneType}),
            "FLAG": frozenset({bool, NoneType}),
            "UNREADABLE": UNREADABLE,
            "UNREADABLE_STATE": State.UNREADABLE,
            "UNSET": UNSET,
        }

    def source(self) -> str:
        """The code."""
        keys = ", ".join(f"k{place}" for place in self._slots.keys.values())
        texts = ", ".join(f"t{place}" for place in self._slots.texts.values())
        self._add(0, "def read(body):")
        self._add(1, "if body.__class__ is not dict: return None")
        self._add(1, "odd = (); colons = len(body); mistyped = False; undeclared = ignored = ()")
        for variable in (*keys.split(", "), *texts.split(", ")):
            if variable:
                self._add(1, f"{variable} = UNSET")
        self._object("body", "", 1)
        for name, mode in (("undeclared", Mode.UNDECLARED), ("ignored", Mode.IGNORED)):
            slot = self._slots.odd.get(Read("", mode))
            if slot is not None:
                self._add(1, f"if {name}: odd += (({slot}, {name}),)")
        comma = {True: ",", False: ""}
        keys += comma[bool(keys)]
        texts += comma[bool(texts)]
        self._add(1, f"return colons, ({keys}), odd, ({texts}), mistyped")
        return "\n".join(self._lines)

    def _add(self, indent: int, line: str) -> None:
        self._lines.append("    " * indent + line)

    def _mistyped(self, variable: str, indent: int) -> None:
        """Notes a value of a wrong type; the names in an object or a list are not counted."""
        self._add(indent, "mistyped = True")
        self._add(indent, f"if {variable}.__class__ not in SCALAR: colons = -1")

    def _name(self, value: Any, hint: str) -> str:
        """A name for a value in the code."""
        self._number += 1
        name = f"{hint}{self._number}"
        self.scope[name] = value
        return name

    def _slot(self, node: Node, mode: Mode) -> int | None:
        return self._slots.odd.get(Read(node.path, mode))

    def _text(self, node: Node) -> int | None:
        return self._slots.texts.get(Read(node.path, Mode.VALUE))

    # ---- objects

    def _object(self, variable: str, section: str, indent: int, place: str = "") -> None:
        """The members of an object; `place` is the variable with its position in a list."""
        nodes = self._schema.members_in(section)
        read = {name: node for name, node in nodes.items() if not node.member.read_only}
        self._strangers(variable, section, nodes, read, indent, place=place)
        all_texts = all(node.is_text for node in read.values())
        if all_texts and read:
            self._add(indent, f"if not TEXT.issuperset(map(type, {variable}.values())):")
            self._all_texts(variable, read, indent + 1)
        getter = f"get{self._number}"
        self._add(indent, f"{getter} = {variable}.get")
        for node in read.values():
            self._member(node, getter, indent, place, checked=all_texts)

    def _all_texts(self, variable: str, read: dict[str, Node], indent: int) -> None:
        """What is no text among members that all are: those that are read become UNREADABLE."""
        names = self._name(frozenset(read), "NAMES")
        self._add(
            indent, f"wrong = [n for n, v in {variable}.items() if n in {names} and v.__class__ not in TEXT]"
        )
        self._add(indent, "if wrong:")
        self._add(indent + 1, "mistyped = True")
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
        """The members that are none of those read."""
        known, documented = self._name(frozenset(read), "NAMES"), self._name(frozenset(nodes), "NAMES")
        path = self._path(section, place)
        self._add(indent, f"if not {variable}.keys() <= {known}:")
        self._add(indent + 1, f"others = [n for n in {variable} if n not in {known}]")
        self._add(
            indent + 1,
            f"if not SCALAR.issuperset([{variable}[n].__class__ for n in others]): colons = -1",
        )
        self._add(
            indent + 1, f"undeclared += tuple([(({path}), n) for n in others if n not in {documented}])"
        )
        self._add(indent + 1, f"ignored += tuple([(({path}), n) for n in others if n in {documented}])")

    def _path(self, section: str, place: str) -> str:
        """The code of the path of an object."""
        parts = list[str]()
        for name in section.split(".") if section else ():
            parts.append(repr(name.removesuffix("[]")))
            if name.endswith("[]"):
                parts.append(place)
        return ", ".join(parts) + "," if parts else ""

    # ---- members

    def _member(self, node: Node, getter: str, indent: int, place: str, *, checked: bool) -> None:
        name = node.member.name
        if node.is_nested:
            self._nested(node, getter, indent, place)
        elif node.is_list:
            self._list(node, getter, indent)
        elif node.is_open:
            self._open(node, getter, indent, place)
        elif node.is_flag:
            self._flag(node, getter, indent)
        elif node.is_text:
            self._text_member(node, getter, indent, checked=checked)
        else:
            raise NotImplementedError(name)

    def _flag(self, node: Node, getter: str, indent: int) -> None:
        slot, state = self._slot(node, Mode.VALUE), self._slot(node, Mode.STATE)
        if slot is None and state is None:
            default = "None" if node.member.nullable else "False"
            classes = "FLAG" if node.member.nullable else "(bool,)"
            self._add(indent, f"v = {getter}({node.member.name!r}, {default})")
            self._add(indent, f"if v.__class__ not in {classes}:")
            self._mistyped("v", indent + 1)
            return
        self._add(indent, f"v = {getter}({node.member.name!r}, UNSET)")
        self._add(indent, "if v.__class__ is bool:")
        self._add(indent + 1, f"if v: odd += (({slot}, True),)" if slot is not None else "pass")
        if node.member.nullable:
            self._add(indent, "elif v is None:")
            self._says(slot, "None", state, "NULL", indent + 1)
        self._add(indent, "elif v is UNSET:")
        self._says(slot, "UNSET", state, "ABSENT", indent + 1)
        self._add(indent, "else:")
        self._mistyped("v", indent + 1)
        self._says(slot, "UNREADABLE", state, "UNREADABLE_STATE", indent + 1)

    def _says(self, slot: int | None, value: str, state: int | None, named: str, indent: int) -> None:
        self._add(indent, "pass")
        if slot is not None:
            self._add(indent, f"odd += (({slot}, {value}),)")
        if state is not None:
            self._add(indent, f"odd += (({state}, {named}),)")

    def _text_member(self, node: Node, getter: str, indent: int, *, checked: bool) -> None:
        text, key = self._text(node), self._slots.keys.get(node.path)
        judged = self._slot(node, Mode.STATE) is not None or bool(self._judgements(node))
        if text is None and key is None and not judged:
            if not checked:
                self._add(indent, f"v = {getter}({node.member.name!r})")
                self._add(indent, "if v.__class__ not in TEXT:")
                self._mistyped("v", indent + 1)
            return
        self._add(indent, f"v = {getter}({node.member.name!r}, UNSET)")
        self._add(indent, "if v.__class__ is str:")
        self._sound_text(node, text, key, indent + 1)
        self._add(indent, "elif v is None:")
        self._nothing(node, "None", "NULL", indent + 1)
        self._add(indent, "elif v is UNSET:")
        self._nothing(node, "UNSET", "ABSENT", indent + 1)
        self._add(indent, "else:")
        self._mistyped("v", indent + 1)
        self._nothing(node, "UNREADABLE", "UNREADABLE_STATE", indent + 1)

    def _nothing(self, node: Node, value: str, state: str, indent: int) -> None:
        """What is said of a member without a text."""
        slot, text, key = self._slot(node, Mode.STATE), self._text(node), self._slots.keys.get(node.path)
        self._add(indent, "pass")
        if text is not None:
            self._add(indent, self._keep(node, text, value))
        if key is not None and value != "UNSET":
            self._add(indent, f"k{key} = {value}")
        if slot is not None:
            self._add(indent, f"odd += (({slot}, {state}),)")

    def _keep(self, node: Node, text: int, value: str) -> str:
        return f"l{text}.append({value})" if "[]" in node.section else f"t{text} = {value}"

    def _judgements(self, node: Node) -> list[tuple[int, Form | None]]:
        """The slots that tell whether a text is malformed, and the forms beside its own that judge it."""
        return [
            (slot, read.form)
            for read, slot in self._slots.odd.items()
            if read.path == node.path and read.mode is Mode.MALFORMED
        ]

    def _sound_text(self, node: Node, text: int | None, key: int | None, indent: int) -> None:
        """What is read of a text."""
        state, judgements = self._slot(node, Mode.STATE), self._judgements(node)
        if text is not None:
            self._add(indent, self._keep(node, text, _entity_text(node)))
        if key is None and state is None and not judgements:
            return
        if node.trims:
            self._add(indent, "v = v.strip()")
        self._add(indent, "if v:" if node.trims else "if v and not v.isspace():")
        own = [slot for slot, form in judgements if form is None]
        says = [f"odd += (({state}, MALFORMED),)"] if state is not None else []
        says += [f"odd += (({slot}, True),)" for slot in own]
        self._judged_text(node, key, says, indent + 1)
        for slot, form in judgements:
            if form is not None:
                self._add(indent + 1, f"if {self._test(form, 'v')}: odd += (({slot}, True),)")
        self._add(indent, "else:")
        self._add(indent + 1, f"k{key} = None" if key is not None else "pass")
        if state is not None:
            self._add(indent + 1, f"odd += (({state}, NULL),)")

    def _judged_text(self, node: Node, key: int | None, says: list[str], indent: int) -> None:
        """The key of a text, and what is said where its form refuses it."""
        form = node.form
        self._add(indent, "pass")
        if form is not None and _has_colon(form):
            self._add(indent, "colons += v.count(':')")
        if key is not None:
            make = node.make_key if form is not None and form.key is not None else None
            self._add(indent, f"k{key} = {self._name(make, 'key')}(v)" if make is not None else f"k{key} = v")
            if make is not None:
                self._add(indent, f"if k{key} is None: k{key} = MALFORMED")
        if form is None or not says:
            return
        test = self._test(form, "v")
        if key is not None and form.key is not None:
            admits = f" or not {self._name(form.admits, 'admits')}(k{key})" if form.admits else ""
            test = f"k{key} is MALFORMED{admits}"
        self._add(indent, f"if {test}: {'; '.join(says)}")

    def _test(self, form: Form, text: str) -> str:
        """The expression that is true for a text that a form refuses."""
        choices = form.json.get("enum")
        if choices is not None:
            return f"{text} not in {self._name(frozenset(choices), 'CHOICES')}"
        accepts = self._name(form.accepts, "accepts")
        if form.pattern:
            plain = self._name(re.compile(form.pattern).fullmatch, "plain")
            return f"not {plain}({text}) and not {accepts}({text})"
        return f"not {accepts}({text})"

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
        self._mistyped(variable, indent + 1)
        self._add(indent + 1, f"odd += (({state}, UNREADABLE_STATE),)" if state is not None else "pass")
        self._unreadable_keys(node, indent + 1)

    def _unreadable_keys(self, section: Node, indent: int) -> None:
        for path, place in self._slots.keys.items():
            if path.startswith(section.path + "."):
                self._add(indent, f"k{place} = UNREADABLE")

    def _list(self, node: Node, getter: str, indent: int) -> None:
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
        self._mistyped(each, indent + 3)
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
        self._mistyped(variable, indent + 1)
        self._without_list(texts, "UNREADABLE", indent + 1)

    def _without_list(self, texts: list[int], value: str, indent: int) -> None:
        self._add(indent, "pass")
        for text in texts:
            self._add(indent, f"t{text} = {value}")

    def _open(self, node: Node, getter: str, indent: int, place: str) -> None:
        slot, state, text = self._slot(node, Mode.FAULTS), self._slot(node, Mode.STATE), self._text(node)
        in_list = "[]" in node.section
        self._add(indent, f"v = {getter}({node.member.name!r}, UNSET)")
        self._add(indent, "if v.__class__ is dict:")
        self._add(indent + 1, "colons += len(v)")
        of_texts = not _takes_anything(node)
        if of_texts:
            self._add(indent + 1, "if not TEXT.issuperset(map(type, v.values())):")
            self._add(indent + 2, "mistyped = True")
            self._add(indent + 2, "if not SCALAR.issuperset(map(type, v.values())): colons = -1")
            self._add(indent + 2, "v = {n: w if w.__class__ in TEXT else UNREADABLE for n, w in v.items()}")
        if text is not None:
            self._add(indent + 1, self._keep(node, text, "v"))
        if slot is not None and node.members is not None:
            reader = self._name(OpenReader(node.members), "members")
            path = self._path(node.path, place)
            keep = f"f{slot} += " if in_list else f"odd += (({slot}, "
            end = "" if in_list else "),)"
            faults = f"tuple([(({path}), *each) for each in found])"
            self._add(indent + 1, f"found = {reader}.faults(v)")
            self._add(indent + 1, f"if found: {keep}{faults}{end}")
        for each in self._schema.members_in(node.path).values():
            self._element(each, indent + 1)
        if state is not None:
            self._add(indent + 1, f"if not v: odd += (({state}, NULL),)")
        if not of_texts:
            self._add(indent + 1, "if not SCALAR.issuperset(map(type, v.values())): colons = -1")
        absent = absences(node.members, {}) if slot is not None and node.members is not None else ()
        self._add(indent, "elif v is None:")
        self._says(None, "", state, "NULL", indent + 1)
        self._lacks(node, slot, absent, indent + 1)
        if text is not None:
            self._add(indent + 1, self._keep(node, text, "None"))
        self._add(indent, "elif v is UNSET:")
        self._says(None, "", state, "ABSENT", indent + 1)
        self._lacks(node, slot, absent, indent + 1)
        if text is not None:
            self._add(indent + 1, self._keep(node, text, "UNSET"))
        self._add(indent, "else:")
        self._mistyped("v", indent + 1)
        self._says(None, "", state, "UNREADABLE_STATE", indent + 1)
        if text is not None:
            self._add(indent + 1, self._keep(node, text, "UNREADABLE"))

    def _lacks(self, node: Node, slot: int | None, absent: tuple[Fault, ...], indent: int) -> None:
        """What is said where an object with required members is not there."""
        if absent:
            path = tuple(node.path.split("."))
            faults = self._name(tuple((path, *each) for each in absent), "ABSENT")
            self._add(indent, f"odd += (({slot}, {faults}),)")

    def _element(self, node: Node, indent: int) -> None:
        """The key of a unique member of an open object."""
        key = self._slots.keys[node.path]
        self._add(indent, f"w = v.get({node.element!r}, UNSET)")
        self._add(indent, "if w.__class__ is str: w = w.strip() or None")
        make = node.form.key if node.form is not None else None
        made = f"{self._name(make, 'key')}(w)" if make is not None else "w"
        self._add(indent, f"k{key} = w if w is None or w is UNSET else {made}")
        self._add(indent, f"if k{key} is None and w is not None: k{key} = MALFORMED")


def _entity_text(node: Node) -> str:
    """The expression for a text as an entity has it."""
    return str(node.member.kind.convert("v"))


def _takes_anything(node: Node) -> bool:
    return isinstance(node.member.kind, Anything)


def _has_colon(form: Form) -> bool:
    """Whether texts of a form have colons, as a UTC offset has."""
    return ":" in form.pattern.replace("(?:", "")
