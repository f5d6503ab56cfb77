"""Repairs of the member at a pointer: by the forms of members, and the names known there.

A value that its form accepts is never touched, and what a value becomes is accepted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from participant_rules.schema.flags import repair_flag
from participant_rules.schema.form import Fix, FixOf, Form, OpenForm, respelled
from participant_rules.schema.tree import Node, Schema
from participant_rules.spelling import loose
from participant_rules.unset import UNSET
from participant_rules.violations import Repair, pointer

__all__ = ["ColumnFix", "names_of", "places", "repair_at", "repaired", "value_at"]

ColumnFix = Callable[[Form], FixOf | None]
"""Gives the repair that a form makes of the other values of a column; None where there is none."""


def repair_at(
    schema: Schema, payload: Any, where: str, *, renames_only: bool = False, column: ColumnFix | None = None
) -> Repair | None:
    """The repair of the member at a JSON Pointer; None for one that is right, and where none is known.

    `schema` says what the payload, a JSON value, may hold. With `renames_only` a value is left as it is.
    """
    found = _find(schema, payload, names_of(where))
    if found is None:
        return None
    fix = None if renames_only else found.fix(column)
    if fix is not None:
        return Repair(where, fix.value, fix.certain)
    named = found.respelled()
    if named is None or found.has_another(named.value):
        return None
    return Repair(where[: where.rindex("/")] + pointer(named.value), found.value, named.certain, found.name)


def repaired(payload: Any, repairs: Iterable[Repair]) -> Any:
    """A copy of a payload with repairs; parts that have none are the same ones."""
    for each in repairs:
        payload = _with(payload, names_of(each.pointer), each)
    return payload


def value_at(payload: Any, names: Iterable[str]) -> Any:
    """The value that names lead to; UNSET where there is none."""
    for name in names:
        if not isinstance(payload, dict) or name not in payload:
            return UNSET
        payload = payload[name]
    return payload


def _with(value: Any, tokens: Sequence[str], repair: Repair) -> Any:
    token = tokens[0]
    if isinstance(value, list):
        place = int(token)
        return [*value[:place], _with(value[place], tokens[1:], repair), *value[place + 1 :]]
    if len(tokens) > 1:
        return {**value, token: _with(value[token], tokens[1:], repair)}
    if repair.renames is not None:
        return {token if name == repair.renames else name: each for name, each in value.items()}
    return {**value, token: repair.value}


def places(repair: Repair) -> Sequence[str]:
    """The names and positions that lead to the member that is repaired, as it is named before."""
    tokens = names_of(repair.pointer)
    return tokens if repair.renames is None else (*tokens[:-1], repair.renames)


# ---- what stands there


@frozen
class _Found:
    """A member of a payload: its object, its name and value, and its declaration."""

    container: Mapping[str, Any]
    name: str
    value: Any
    node: Node | None  # of the member, or of the open object that it stands in
    members: OpenForm | None  # of an open object
    siblings: Sequence[Node]

    def folds(self, name: str) -> str:
        """The comparison key of names here."""
        return self.members.fold(name) if self.members is not None else name

    def has_another(self, name: str) -> bool:
        """Whether the object has a member of that name, or one more that is another spelling of it."""
        spelt = sum(loose(each) == loose(name) for each in self.container)
        return spelt > (loose(self.name) == loose(name)) or any(
            self.folds(each) == self.folds(name) for each in self.container
        )

    def fix(self, column: ColumnFix | None) -> Fix | None:
        """The fix of the value."""
        if self.node is None or self.node.member.read_only or self.value is None:
            return None
        form = self.node.form if self.members is None else self.members.form(self.folds(self.name))
        if self.members is not None and form is None:
            return None
        if self.members is None and not self.node.is_text:
            is_wrong = self.node.is_flag and not isinstance(self.value, bool)
            return repair_flag(self.value) if is_wrong else None
        trims = self.members is None and self.node.trims
        return _fix(self.value.strip() if trims and isinstance(self.value, str) else self.value, form, column)

    def respelled(self) -> Fix | None:
        """The known name near to that of an unknown member."""
        if self.members is not None:
            is_known = self.members.form(self.folds(self.name)) is not None
            return None if is_known else self.members.respell(self.name)
        if self.node is not None:
            return None
        return respelled(self.name, [each.member.name for each in self.siblings if not each.member.read_only])


def _fix(value: Any, form: Form | None, column: ColumnFix | None) -> Fix | None:
    if isinstance(value, str) and (form is None or not value.strip()):
        return None
    if form is None:
        return _as_text(value, lambda _: True)
    found = form.fix(value)
    if found is None and form.among is not None and column is not None:
        of_column = column(form)
        found = form.fix(value, of_column) if of_column is not None else None
    if found is not None or isinstance(value, str) or form.accepts(value):
        return found
    text = _digits_of(value)
    return _as_text(value, form.accepts) or (form.fix(text) if text is not None else None)


def _digits_of(value: Any) -> str | None:
    """The digits of a whole number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return str(int(value))


def _as_text(value: Any, accepts: Callable[[str], bool]) -> Fix | None:
    """The text of a value that should be one: certain for a date, likely for a whole number.

    A number has lost zeros before it.
    """
    if isinstance(value, date):
        text = value.isoformat()
        return Fix(text, certain=True) if accepts(text) else None
    digits = _digits_of(value)
    return Fix(digits, certain=False) if digits is not None and accepts(digits) else None


def _find(schema: Schema, payload: Any, tokens: Sequence[str]) -> _Found | None:
    """The member that names and positions lead to; None for none."""
    section, around, value, node = "", payload, payload, None
    for depth, token in enumerate(tokens, start=1):
        around, is_last = value, depth == len(tokens)
        if isinstance(around, list) and token.isdecimal() and int(token) < len(around):
            value, section, node = around[int(token)], f"{section}[]", None
        elif not isinstance(around, dict) or token not in around:
            return None
        elif node is not None and node.members is not None:
            return _Found(around, token, around[token], node, node.members, ()) if is_last else None
        else:
            siblings = [
                each for each in schema.nodes.values() if each.section == section and not each.element
            ]
            section = f"{section}.{token}" if section else token
            value, node = around[token], schema.nodes.get(section)
            if is_last:
                return _Found(around, token, value, node, None, siblings)
            if node is None:
                return None
    return None


def names_of(where: str) -> tuple[str, ...]:
    """The names and positions of a JSON Pointer."""
    return tuple([each.replace("~1", "/").replace("~0", "~") for each in where.split("/")[1:]])
