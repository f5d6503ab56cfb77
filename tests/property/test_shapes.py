"""The generated accepting functions against their slow twins, on nearly right payloads."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import project, survey
from participant_rules.project.wire import Envelope
from participant_rules.schema.shapes import Mismatch, Shape
from participant_rules.unset import UNSET

ENTITIES = [
    survey.Survey,
    survey.Participant,
    survey.Subject,
    project.Project,
    project.Participant,
    Envelope,
]
SHAPES = [Shape.of(entity, stored=stored) for entity in ENTITIES for stored in (False, True)]
NAMES = [
    f"{each.entity.__module__.split('.')[1]}-{each.name}-{number % 2}" for number, each in enumerate(SHAPES)
]
ACCEPTING = [shape.accepting() for shape in SHAPES]

SCALARS = (
    st.none() | st.booleans() | st.integers(0, 1) | st.just(1.0) | st.sampled_from(["", " ", " a ", "b"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)


def payloads_of(shape: Shape) -> st.SearchStrategy[Any]:
    """Payloads of a shape: most members right, some anything, some left out, one undocumented."""
    members = {each.name: st.just(UNSET) | values_of(each.kind) | JSON for each in shape.members}
    objects = st.fixed_dictionaries(members, optional={"undocumented": JSON})
    left_out = objects.map(lambda each: {name: value for name, value in each.items() if value is not UNSET})
    return left_out | JSON


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Right values of a kind."""
    match type(kind).__name__:
        case "Text":
            return st.sampled_from(["", " ", " a ", "b"])
        case "Boolean":
            return st.booleans()
        case "Nested":
            return st.deferred(lambda: payloads_of(kind.entity))
        case "Several":
            return st.lists(st.deferred(lambda: payloads_of(kind.entity)), max_size=2)
        case "Strings":
            return st.lists(st.sampled_from(["a", "b"]), max_size=2)
        case _:
            return st.dictionaries(st.sampled_from("ab"), st.sampled_from(["x", None]) | JSON, max_size=2)


@pytest.mark.parametrize("number", range(len(SHAPES)), ids=NAMES)
@given(data=st.data())
def test_what_is_accepted_has_no_fault_and_is_the_same(number: int, data: st.DataObject) -> None:
    """The accepting function takes exactly the values without a fault, and makes the same of them."""
    shape, accept = SHAPES[number], ACCEPTING[number]
    payload = data.draw(payloads_of(shape))
    faults: list[tuple[Any, str]] = []
    try:
        slow = shape.read(payload, (), lambda path, expected: faults.append((path, expected)))
    except TypeError:  # a member that must be there is left out, and nobody reported it
        slow, faults = None, [((), "whole")]
    try:
        entity = accept(payload)
    except Mismatch:
        assert faults
        return
    assert not faults
    assert (type(entity), entity, everything(entity)) == (type(slow), slow, everything(slow))


def everything(entity: Any) -> Any:
    """An entity with the undocumented members of all its parts, which do not count when two are compared."""
    if isinstance(entity, tuple):
        return tuple(map(everything, entity))
    if not hasattr(entity, "__attrs_attrs__"):
        return repr(entity)
    return [(each.name, everything(getattr(entity, each.name))) for each in entity.__attrs_attrs__]
