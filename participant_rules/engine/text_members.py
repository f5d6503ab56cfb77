"""The code that reads the texts of a record."""

import re

from participant_rules.engine.code import CodeWriter
from participant_rules.schema.form import Form
from participant_rules.schema.reads import Mode
from participant_rules.schema.tree import Node

__all__ = ["TextMembers"]


class TextMembers(CodeWriter):
    """Writes the code that reads members whose values are texts."""

    def _text_member(self, node: Node, getter: str, indent: int, place: str, *, checked: bool) -> None:
        text, key = self._text(node), self._slots.keys.get(node.path)
        judged = self._slot(node, Mode.STATE) is not None or bool(self._judgements(node))
        if text is None and key is None and not judged:
            if not checked:
                self._add(indent, f"v = {getter}({node.member.name!r})")
                self._add(indent, "if v.__class__ not in TEXT:")
                self._wrong_type("v", node, place, indent + 1)
            return
        self._add(indent, f"v = {getter}({node.member.name!r}, UNSET)")
        self._add(indent, "if v.__class__ is str:")
        self._sound_text(node, text, key, indent + 1)
        self._add(indent, "elif v is None:")
        self._nothing(node, "None", "NULL", indent + 1)
        self._add(indent, "elif v is UNSET:")
        self._nothing(node, "UNSET", "ABSENT", indent + 1)
        self._add(indent, "else:")
        if not checked:
            self._wrong_type("v", node, place, indent + 1)
        self._nothing(node, "UNREADABLE", "UNREADABLE_STATE", indent + 1)

    def _nothing(self, node: Node, value: str, state: str, indent: int) -> None:
        """The code for a member without a text."""
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
        """The slots for malformed texts, and the forms beside the member's own that judge it."""
        return [
            (slot, read.form)
            for read, slot in self._slots.odd.items()
            if read.path == node.path and read.mode is Mode.MALFORMED
        ]

    def _sound_text(self, node: Node, text: int | None, key: int | None, indent: int) -> None:
        """The code for a text."""
        state, judgements = self._slot(node, Mode.STATE), self._judgements(node)
        if text is not None:
            self._add(indent, self._keep(node, text, _entity_text(node)))
        if key is None and state is None and not judgements:
            return
        if node.trims:
            self._add(indent, "v = v.strip()")
        self._add(indent, "if v:" if node.trims else "if v and not v.isspace():")
        own = [slot for slot, form in judgements if form is None]
        fills = [f"odd += (({state}, MALFORMED),)"] if state is not None else []
        fills += [f"odd += (({slot}, True),)" for slot in own]
        self._judged_text(node, key, fills, indent + 1)
        for slot, form in judgements:
            if form is not None:
                self._add(indent + 1, f"if {self._test(form, 'v')}: odd += (({slot}, True),)")
        self._add(indent, "else:")
        self._add(indent + 1, f"k{key} = None" if key is not None else "pass")
        if state is not None:
            self._add(indent + 1, f"odd += (({state}, NULL),)")

    def _judged_text(self, node: Node, key: int | None, fills: list[str], indent: int) -> None:
        """The code for the key of a text, and for one that its form refuses."""
        form = node.form
        self._add(indent, "pass")
        if form is not None and _has_colon(form):
            self._add(indent, "colons += v.count(':')")
        if key is not None:
            make = node.make_key if form is not None and form.key is not None else None
            self._add(indent, f"k{key} = {self._name(make, 'key')}(v)" if make is not None else f"k{key} = v")
            if make is not None:
                self._add(indent, f"if k{key} is None: k{key} = MALFORMED")
        if form is None or form.any_text or not fills:
            return
        test = self._test(form, "v")
        if key is not None and form.key is not None:
            admits = f" or not {self._name(form.admits, 'admits')}(k{key})" if form.admits else ""
            test = f"k{key} is MALFORMED{admits}"
        self._add(indent, f"if {test}: {'; '.join(fills)}")

    def _test(self, form: Form, text: str) -> str:
        """The expression that is true for a text that a form refuses."""
        choices = form.json.get("enum")
        if choices is not None:
            return f"{text} not in {self._name(frozenset(choices), 'CHOICES')}"
        if form.key is not None and form.admits is None:
            return f"{self._name(form.key, 'key')}({text}) is None"
        accepts = self._name(form.accepts, "accepts")
        if form.pattern:
            plain = self._name(re.compile(form.pattern).fullmatch, "plain")
            return f"not {plain}({text}) and not {accepts}({text})"
        return f"not {accepts}({text})"


def _entity_text(node: Node) -> str:
    """The expression for a text as an entity has it."""
    return str(node.member.kind.convert("v"))


def _has_colon(form: Form) -> bool:
    """Whether texts of a form have colons, as a UTC offset has."""
    return ":" in form.pattern.replace("(?:", "")
