"""Payloads drawn from the declarations of an entity are as declared."""

from functools import partial
from typing import Any, Final

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from participant_rules.engine.values import reader_of
from participant_rules.project import CustomField, Project
from participant_rules.project.change import Operation
from participant_rules.project.keys import schema_of
from participant_rules.project.plan import plan_of
from participant_rules.project.policy import POLICY
from participant_rules.project.rules import BULK
from participant_rules.schema.reads import Mode
from tests.schema.strategies import payloads_of

PROJECTS: Final = [
    Project(),
    Project(
        custom_fields=(
            CustomField("Height", "Decimal"),
            CustomField("Seen", "Date"),
            CustomField("Smoker", "Boolean"),
            CustomField("Note", "Text"),
        )
    ),
]
SCHEMAS: Final = [schema_of(each, POLICY) for each in PROJECTS]
SLOTS: Final = [plan_of(each, POLICY, Operation.BULK, BULK, warnings=True).slots for each in PROJECTS]
READERS: Final = [reader_of(slots) for slots in SLOTS]
JUDGING: Final = [
    {
        slot
        for read, slot in slots.odd.items()
        if read.mode in {Mode.MALFORMED, Mode.FAULTS} and read.form is None
    }
    for slots in SLOTS
]
RIGHT: Final = [payloads_of(each) for each in SCHEMAS]
WRONG: Final = [payloads_of(each, wrong=True) for each in SCHEMAS]


def is_faulty(at: int, payload: dict[str, Any]) -> bool:
    """Whether a payload has a value that is not well formed; no value may have a wrong type."""
    reading = READERS[at](payload)
    assert reading is not None
    _, _, odd, _, mistyped = reading
    assert not mistyped
    return not JUDGING[at].isdisjoint(dict(odd))


@given(st.sampled_from(range(len(PROJECTS))), st.data())
def test_payloads_are_well_formed(at: int, data: st.DataObject) -> None:
    """Each of their values is one that its form accepts."""
    assert not is_faulty(at, data.draw(RIGHT[at]))


@pytest.mark.parametrize("at", [pytest.param(0, marks=pytest.mark.heavy), 1])
def test_wrong_payloads_are_drawn_too(at: int) -> None:
    """Where they are wanted; the smallest has one member."""
    found = find(WRONG[at], partial(is_faulty, at), settings=settings(database=None, max_examples=500))
    assert len(found) == 1
