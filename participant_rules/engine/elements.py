"""The members of open objects: their names, and patterns of their values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from participant_rules.engine.patterns import FLAG, INTEGER, NUMBER, SCALAR, TEXT, text_in
from participant_rules.schema.form import Form, OpenForm
from participant_rules.schema.kinds import Texts
from participant_rules.schema.tree import Node

__all__ = ["common_names", "is_never_wrong", "is_of_texts", "right_in", "scalar_in"]


def common_names(bodies: Sequence[Mapping[str, Any]]) -> tuple[str, ...] | None:
    """The names that objects begin with; None where that is not all of any."""
    shortest = min(map(tuple, bodies), key=len)
    return shortest if all(tuple(each)[: len(shortest)] == shortest for each in bodies) else None


def is_of_texts(node: Node) -> bool:
    """Whether the values of an open object are texts."""
    return isinstance(node.member.kind, Texts)


def scalar_in(node: Node) -> str:
    """The pattern of the values of an open object's member."""
    return f"(?:{TEXT}|null)" if is_of_texts(node) else SCALAR


def is_never_wrong(members: OpenForm, name: str, *, of_texts: bool) -> bool:
    """Whether a member has no fault whatever its value, as long as this holds no others."""
    form = members.form(name)
    if form is None or not form.any_text or not (of_texts or form.scalars >= {bool, int, float}):
        return False
    return all(members.fault(name, value) is None for value in ("", None))


def right_in(members: OpenForm, name: str, *, of_texts: bool) -> Iterator[str]:
    """The patterns of the values of a member that surely have no fault."""
    form = members.form(name)
    if form is None:
        return
    pattern = text_in(form)
    if pattern:
        is_right = members.fault(name, "") is None or not re.fullmatch(pattern, "")
        yield f'"(?:{pattern}){"" if is_right else _NOT_EMPTY}"'
    for value, raw in (("", '""'), (None, "null")):
        if members.fault(name, value) is None:
            yield raw
    if not of_texts:
        yield from _right_scalars(form)


def _right_scalars(form: Form) -> Iterator[str]:
    if bool in form.scalars:
        yield FLAG
    if {int, float} <= form.scalars:
        yield NUMBER
    elif int in form.scalars:
        yield INTEGER


_NOT_EMPTY: Final = '(?<!")'
