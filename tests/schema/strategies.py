"""Payloads of any entity, drawn from the declarations of its members: nothing here knows a member."""

import re
from typing import Any, Final

from hypothesis import strategies as st

from participant_rules.schema.form import Form, OpenForm
from participant_rules.schema.kinds import Anything, Text
from participant_rules.schema.shapes import Shape
from participant_rules.schema.tree import Node, Schema

__all__ = ["members_of", "payloads_of", "right_values_of", "wrong_values_of"]

Values = st.SearchStrategy[Any]

_TEXTS: Final = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
_SCALARS: Final = st.one_of(_TEXTS, st.booleans(), st.integers())


def payloads_of(schema: Schema, *, wrong: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """Payloads with well formed, null or left out members; some are `wrong` if wanted.

    No value is unique, and none has a wrong type.
    """
    return _objects(schema, schema.shape, "", wrong=wrong)


def members_of(schema: Schema, path: str, *, wrong: bool = False) -> dict[str, Values]:
    """The values of the members of a documented object by their names; see `payloads_of`."""
    shape = schema.node(path).member.kind.entity  # type: ignore[attr-defined]  # of an entity
    return _members(schema, shape, path, wrong=wrong)


def right_values_of(form: Form) -> Values:
    """Values that a form accepts: its examples, and texts that match its pattern."""
    examples: list[Values] = [st.sampled_from(form.right)] if form.right else []
    if form.any_text:
        examples.append(_TEXTS)
    elif form.pattern:
        pattern = re.sub(r"^\(\?=[^)]*\)", "", form.pattern)  # what it says of the text behind it
        examples.append(st.from_regex(pattern, fullmatch=True).filter(form.accepts))
    return st.one_of(examples or [_TEXTS.filter(form.accepts)])


def wrong_values_of(form: Form) -> Values:
    """Values of a right type that a form refuses."""
    return st.sampled_from([each for each in form.wrong if isinstance(each, str)])


def _objects(schema: Schema, shape: Shape, section: str, *, wrong: bool) -> Values:
    return st.fixed_dictionaries({}, optional=_members(schema, shape, section, wrong=wrong))


def _members(schema: Schema, shape: Shape, section: str, *, wrong: bool) -> dict[str, Values]:
    return {
        each.name: _values(schema, schema.node(f"{section}.{each.name}".lstrip(".")), wrong=wrong)
        for each in shape.members
        if not each.read_only
    }


def _values(schema: Schema, node: Node, *, wrong: bool) -> Values:
    kind = node.member.kind
    if node.is_nested or node.is_list:
        path = f"{node.path}[]" if node.is_list else node.path
        part = _objects(schema, kind.entity, path, wrong=wrong)  # type: ignore[attr-defined]  # of an entity
        values = st.lists(part, max_size=3) if node.is_list else part
    elif node.is_open:
        others = _SCALARS if isinstance(kind, Anything) else _TEXTS
        values = _open_objects(node.members, others, wrong=wrong)
    elif isinstance(kind, Text):
        values = _of_form(node.form, wrong=wrong) if node.form is not None else _TEXTS
    else:
        values = st.booleans()
    return st.one_of(values, values, st.none()) if node.member.nullable else values


def _of_form(form: Form, *, wrong: bool) -> Values:
    right = right_values_of(form)
    has_wrong = any(isinstance(each, str) for each in form.wrong)
    return st.one_of(right, right, wrong_values_of(form)) if wrong and has_wrong else right


def _open_objects(members: OpenForm | None, others: Values, *, wrong: bool) -> Values:
    """Objects with declared names, or with any names where any may stand."""
    names = members.names() if members is not None else None
    if members is None or names is None:
        return st.dictionaries(st.from_regex("[A-Za-z][A-Za-z0-9_]{0,5}", fullmatch=True), others, max_size=3)
    forms = {name: members.form(name) for name in names}
    return st.fixed_dictionaries(
        {}, optional={name: _of_form(form, wrong=wrong) for name, form in forms.items() if form is not None}
    )
