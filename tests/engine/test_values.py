"""The readings of a JSON value are those of a case of its entity."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import project, survey
from participant_rules.engine.case import RecordCase
from participant_rules.engine.slots import Slots, State
from participant_rules.engine.values import reader_of
from participant_rules.project.keys import schema_of
from participant_rules.schema.reads import IGNORED, UNDECLARED, Mode, Read, faults, malformed, state, value
from participant_rules.schema.tree import Node, Schema
from participant_rules.unknown import Unknown
from participant_rules.unset import UNREADABLE, UNSET
from participant_rules.wrong_types import violations_of_types
from tests.batch.samples import DECLARED, participant, row, survey_definition

POLICY = project.Policy()
REQUIRED = (*DECLARED, project.CustomField("R", "Text", required=True))
MODES = (Mode.STATE, Mode.MALFORMED)


def slots_of(schema: Schema) -> Slots:
    """All that can be read of an entity at once."""
    reads = [UNDECLARED, IGNORED]
    for node in schema.nodes.values():
        if node.element or node.member.read_only or node.is_list:
            continue
        in_list = "[]" in node.section
        if node.is_text and not in_list:
            reads += [state(node.path), malformed(node.path), value(node.path)]
        elif node.is_text or node.is_flag:
            reads += [value(node.path)]
        elif node.is_nested:
            reads += [state(node.path)]
        elif node.is_open and node.members is not None:
            reads += [faults(node.path)]
    return Slots.of(schema, reads)


class Reading:
    """The reading of a JSON value."""

    def __init__(self, slots: Slots, body: Any) -> None:
        self._slots = slots
        self.colons, keys, odd, self._texts, self.mistyped = reader_of(slots)(body) or (0, (), (), (), ())
        self.keys = dict(zip(slots.keys, keys, strict=True))
        self._odd = dict(odd)
        assert len(self._odd) == len(odd)
        assert all(slots.default(slot) != found for slot, found in odd)

    def __getitem__(self, read: Read) -> Any:
        """The value of a slot, or a text."""
        if read in self._slots.texts:
            return self._texts[self._slots.texts[read]]
        slot = self._slots.odd[read]
        return self._odd.get(slot, self._slots.default(slot))


def shown(case: RecordCase, read: Read) -> Any:
    """The same, by the case of an entity; raises Unknown where it does not judge that."""
    if read.mode in (Mode.UNDECLARED, Mode.IGNORED):
        return getattr(case, read.mode.value)
    node = case.schema.node(read.path)
    part = case.part(
        node.section.removesuffix("[]").rpartition(".")[0] if "[]" in node.section else node.section
    )
    if read.mode is Mode.FAULTS:
        return case.faults(read.path)
    if read.mode is Mode.MALFORMED:
        return case.malformed(read.path)
    if read.mode is Mode.STATE:
        return (
            State.UNREADABLE if getattr(part, node.member.attribute) is UNREADABLE else case.state(read.path)
        )
    return shown_of(case, part, node)


def shown_of(case: RecordCase, part: Any, node: Node) -> Any:
    """A value, or the values of a list's elements."""
    if "[]" not in node.section:
        return getattr(part, node.member.attribute)
    elements = getattr(part, case.schema.node(node.section.removesuffix("[]")).member.attribute)
    if not isinstance(elements, tuple):
        return elements
    return tuple(
        State.UNREADABLE if each is UNREADABLE else getattr(each, node.member.attribute) for each in elements
    )


def compare(case: RecordCase, slots: Slots, body: Any, sections: set[str]) -> None:
    """Whether all readings are as in the case, where it judges them at all."""
    reading = Reading(slots, body)
    for read in slots.reads:
        if read.mode in MODES and read.path in sections:
            continue  # a section that a survey does not want is judged by nobody
        if (
            read.mode is Mode.STATE
            and "." in read.path
            and reading[state(section_of(read))] is not State.PLAIN
        ):
            continue  # the state of its section says that it is left out
        try:
            expected = shown(case, read)
        except Unknown:
            continue
        assert reading[read] == expected, read


def section_of(read: Read) -> str:
    """The path of the section that a member stands in."""
    return read.path.rpartition(".")[0]


@given(
    st.integers(0, 2**32), st.sampled_from([0.01, 0.1, 0.3]), st.sampled_from([None, DECLARED, (), REQUIRED])
)
def test_rows(seed: int, how_odd: float, declared: Any) -> None:
    """States, faults, texts, strangers, keys, and whether all types are right."""
    random, definition = Random(seed), project.Project(id="P", custom_fields=declared)
    slots = slots_of(schema_of(definition, POLICY))
    for _ in range(10):
        body = row(random, how_odd)
        change = project.wire.change_of(body, project.Operation.BULK, "P")
        if not isinstance(change.asked, project.Participant):
            assert not isinstance(body, dict)
            continue
        case = project.Case.of(change, project.Known(definition), POLICY)
        compare(case, slots, body, set())
        reading = Reading(slots, body)
        assert violations_of_types(reading.mistyped) == change.faults
        keys = {path: key for path, key in reading.keys.items() if key.__class__ is str}
        assert keys == change.keys(definition, POLICY)


@given(st.integers(0, 2**32), st.sampled_from([0.01, 0.1, 0.3]))
def test_participants(seed: int, how_odd: float) -> None:
    """The same of the sections, lists and seedings of a survey."""
    random = Random(seed)
    definition = survey_definition(random)
    slots = slots_of(definition.schema)
    for _ in range(10):
        body = participant(random, definition, how_odd)
        change = survey.wire.change_of(survey.Change(survey.Operation.ADD, "S"), body)
        if not isinstance(change.asked, survey.Participant):
            assert not isinstance(body, dict)
            continue
        case = survey.Case.of(change, survey.Known(definition), survey.Caller())
        compare(case, slots, body, {"invitationSection", "loginSection"})
        reading = Reading(slots, body)
        assert violations_of_types(reading.mistyped) == change.faults
        identity, (key,) = definition.identity(change.asked), reading.keys.values()
        assert (definition.key(identity) if identity else None) == (
            key if isinstance(key, str) else None
        ) or (key is State.MALFORMED)


@given(st.integers(0, 2**32), st.sampled_from([0.01, 0.1, 0.3]))
def test_the_colons_of_a_text(seed: int, how_odd: float) -> None:
    """As many as a text has in which no name stands twice; else it is to be read strictly."""
    random, definition = Random(seed), project.Project(id="P", custom_fields=DECLARED)
    slots = Slots.of(schema_of(definition, POLICY), project.BULK["utc-offset-malformed"].reads or ())
    read = reader_of(slots)
    for _ in range(10):
        body = row(random, how_odd)
        reading = read(body)
        if reading is None:
            continue
        spare = json.dumps(body).count(":") - reading[0]
        others = sum(each.count(":") for each in strings_of(body, "utcOffset"))
        assert spare > others if holds_objects(body) else spare == others


def holds_objects(body: dict[str, Any]) -> bool:
    """Whether something holds members that nobody counts."""
    inner = [
        body,
        *[body[each] for each in ("demographics", "customFields") if isinstance(body.get(each), dict)],
    ]
    known = {id(each) for each in inner}
    return any(
        isinstance(value, dict | list) and id(value) not in known for each in inner for value in each.values()
    )


def strings_of(body: Any, *but: str) -> Iterator[str]:
    """All texts and names of a JSON value, without those of some members."""
    if isinstance(body, str):
        yield body
    for name, inner in body.items() if isinstance(body, dict) else ():
        yield name
        yield from strings_of(inner, *but) if name not in but else ()
    for each in body if isinstance(body, list) else ():
        yield from strings_of(each, *but)


@pytest.mark.parametrize("body", [None, 1, "A", [], [{}], True], ids=repr)
def test_what_is_no_object_is_not_read(body: object) -> None:
    """It has no members."""
    slots = Slots.of(schema_of(project.Project(id="P"), POLICY), ())
    assert reader_of(slots)(body) is None


def test_a_plain_record_has_nothing_odd() -> None:
    """A right record is decided by its texts and keys alone."""
    slots = slots_of(schema_of(project.Project(id="P"), POLICY))
    body = {
        "id": "I",
        "participantIdentifier": " A ",
        "invitationStatus": "pending",
        "secondaryIdentifier": "S",
        "institutionCode": "x",
        "excludeFromExport": False,
        "customFields": {"a": 1},
        "demographics": dict.fromkeys(("firstName", "middleName", "lastName", "preferredLanguage"), "x")
        | dict.fromkeys(("street1", "street2", "city", "state", "postalCode"), "x")
        | {"email": "Kim@Example.com", "mobilePhone": "5557778888", "gender": "F"}
        | {"dateOfBirth": "2000-01-31", "utcOffset": "-04:00:00"},
    }
    reading = reader_of(slots)(body)
    assert reading is not None
    colons, keys, odd, texts, mistyped = reading
    assert (keys, odd, mistyped) == (("i", "A", "kim@example.com", "+15557778888"), (), ())
    assert (colons, "A" in texts, UNSET in texts) == (json.dumps(body).count(":"), True, False)
