"""A guard that vouches for a record is never wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import UNSET, RuleSet, project
from participant_rules.project import guards
from participant_rules.project.case import ledger_of
from participant_rules.project.wire import read_stored
from participant_rules.rules import Unknown

IDS = ["00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"]


def one_of(*values: object) -> st.SearchStrategy[object]:
    """One of these, null, or a value of the wrong type."""
    return st.sampled_from([*values, None, "", 1, True, []])


emails = one_of("a@example.com", "A@example.com", "b@example.com", "c@example.com", "no address")
phones = one_of("2125550100", "+1 212 555 0100", "2125550101", "2125550102", "5557778888", "555")
demographics = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "email": emails,
        "mobilePhone": phones,
        "gender": one_of("M", "m"),
        "dateOfBirth": one_of("2000-06-16", "2001-02-29", "2000-01-31", "1700-01-01", "never"),
        "utcOffset": one_of("-04:00:00", "UTC"),
    },
)
fields = st.none() | st.dictionaries(
    st.sampled_from(["T", "I", "x", "SecondaryIdentifier"]), one_of("1", "one", 1.5, {}), max_size=3
)
participants = st.fixed_dictionaries(
    {},
    optional={
        "id": one_of(*IDS, IDS[0].upper(), "nobody"),
        "participantIdentifier": one_of("A", "B", "C"),
        "invitationStatus": one_of("pending", "Pending"),
        "secondaryIdentifier": one_of("1", "one"),
        "demographics": demographics,
        "customFields": fields,
        "excludeFromExport": one_of(),
    },
)
projects = st.builds(
    project.Project,
    id=st.just("P"),
    custom_fields=st.sampled_from(
        [
            None,
            (),
            (project.CustomField("T", "Text"), project.CustomField("I", "Integer")),
            (project.CustomField("SecondaryIdentifier", "Integer"),),
        ]
    ),
)


def stored(number: int, data: dict[str, Any], *, enrolled: bool) -> project.Stored:
    """A stored participant; what cannot be stored is left out."""
    kept = {name: value for name, value in data.items() if name != "excludeFromExport"}
    kept = {name: value for name, value in kept.items() if isinstance(value, str)}
    contact = data.get("demographics") or {}
    texts = {name: value for name, value in contact.items() if isinstance(value, str)}
    given = kept | {"id": IDS[number], "enrolled": enrolled, "demographics": texts}
    return project.Stored(read_stored(given, project.Project()), 1)


@st.composite
def cases(draw: st.DrawFn) -> project.Case:
    """A row and what is known."""
    people = tuple(
        stored(number, draw(participants), enrolled=draw(st.booleans()))
        for number in range(draw(st.integers(0, 2)))
    )
    known = project.Known(draw(projects), people if draw(st.booleans()) else UNSET)
    policy = project.Policy(valid_phones=draw(st.booleans()))
    change = project.read_batch({"participants": [draw(participants)]}).changes[0]
    return project.Case.of(
        change,
        known,
        policy,
        ledger=ledger_of(known, policy),
        allow_update=draw(st.booleans()),
        lost=draw(st.sampled_from([frozenset(), frozenset(), frozenset({"email"}), frozenset({"id"})])),
    )


@pytest.mark.parametrize("name", sorted(each.__name__ for each in guards.GUARDS))
@given(cases())
def test_who_is_vouched_for_breaks_no_rule(name: str, case: project.Case) -> None:
    """The rules that share a guard find nothing where it says yes."""
    guard = getattr(guards, name)
    try:
        clear = guard(case)
    except Unknown:
        clear = False
    if clear:
        for rule in project.BULK:
            if rule.clear is guard:
                assert RuleSet((rule,)).violations(case) == ()


@given(cases())
def test_the_guards_change_no_verdict(case: project.Case) -> None:
    """With them and without them the same violations are found, and explain tells of the same ones."""
    told = [violation for verdict in project.BULK.explain(case) for violation in verdict.violations]
    assert [*project.BULK.violations(case), *project.BULK.warnings(case)] == told


def test_a_clean_record_starts_no_rule() -> None:
    """The guards vouch for all of it: an add, an update of who has enrolled, with fields declared."""
    row = {
        "participantIdentifier": "A",
        "invitationStatus": "pending",
        "secondaryIdentifier": None,
        "demographics": {
            "email": "a@example.com",
            "mobilePhone": "2125550100",
            "dateOfBirth": "2000-01-31",
            "gender": "M",
        },
        "customFields": {"T": "x", "I": 1},
    }
    declared = project.Project(
        custom_fields=(project.CustomField("T", "Text"), project.CustomField("I", "Integer"))
    )
    for people in ((), (stored(0, row, enrolled=True),)):
        case = project.Case.of(project.read(row), project.Known(declared, people))
        assert guards.is_clear(case)
