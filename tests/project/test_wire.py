"""Payload to change and back: the readings, the refusals, and the members left out of an answer."""

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import UNSET, Refused, project
from participant_rules.project.model import DEMOGRAPHICS
from participant_rules.project.wire import read_stored
from participant_rules.schema.members import camel_case
from participant_rules.wire import Malformed

SAMPLE = {
    "id": "3a713a06-295d-4803-9602-776f09a1483b",
    "enrolled": True,
    "invitationStatus": "approved",
    "insertedDate": "2020-06-16T15:23:00.9+00:00",
    "enrollmentDate": "2020-06-16T15:23:00.967+00:00",
    "participantIdentifier": "4c9d3554-7cb1-456e-89ca-5387bda4803c",
    "linkIdentifier": "0971fbcd-ec92-414c-bd49-41a3c8b6547b",
    "demographics": {
        "email": "somebody@example.com",
        "firstName": "John",
        "middleName": "James",
        "lastName": "Smith",
        "dateOfBirth": "2000-06-16",
        "preferredLanguage": "en",
        "gender": "M",
        "utcOffset": "-04:00:00",
        "street1": "123 Main Street",
        "street2": "Apartment #1",
        "city": "Anytown",
        "state": "NY",
        "postalCode": "12345",
    },
    "customFields": {"Medication1": "Warfarin", "Smoker": 0, "SurgeryDate": "2021-08-10"},
    "excludeFromExport": False,
    "institutionCode": "County",
}
PROJECT = project.Project()


def answered(stored: object) -> object:
    """The answer for a stored participant."""
    return project.answer(read_stored(stored, PROJECT))


def test_the_sample_is_answered_as_it_is_printed() -> None:
    """Every member of the page's participant."""
    assert answered(SAMPLE) == SAMPLE


def test_an_answer_always_has_some_members() -> None:
    """And leaves out the others when there is nothing in them."""
    least = {
        "id": "x",
        "enrolled": False,
        "insertedDate": None,
        "invitationStatus": None,
        "participantIdentifier": None,
        "customFields": {},
        "excludeFromExport": False,
        "institutionCode": "",
    }
    assert answered({"id": "x"}) == least
    empty = dict.fromkeys(SAMPLE.keys() - {"id"}) | {
        "accountEmail": "x",
        "linkIdentifier": "",
    }
    assert answered({"id": "x"} | empty) == least
    assert answered({"id": "x", "demographics": {"email": " ", "city": None, "timeZone": "UTC"}}) == least


def test_dates_are_answered_as_they_were_given() -> None:
    """A bare date gets a time; a date of birth does not."""
    dates = dict.fromkeys(
        ("enrollmentDate", "withdrawDate", "insertedDate", "addedToSegmentDate"), "2020-06-16"
    )
    found = answered({"id": "x", "demographics": {"dateOfBirth": "2000-06-16"}, **dates})
    assert isinstance(found, dict)
    assert {name: found[name] for name in dates} == dict.fromkeys(dates, "2020-06-16T00:00:00+00:00")
    assert found["demographics"] == {"dateOfBirth": "2000-06-16"}


@pytest.mark.parametrize(
    ("value", "expected"), [("S1", "S1"), (" S1", "S1"), (7, "7"), (True, "true"), ([1], "[1]")], ids=repr
)
def test_the_alias_is_answered_while_the_field_has_a_value(value: object, expected: str) -> None:
    """As a string."""
    found = answered({"id": "x", "customFields": {"SecondaryIdentifier": value}})
    assert isinstance(found, dict)
    assert (found["secondaryIdentifier"], found["customFields"]) == (expected, {"SecondaryIdentifier": value})


@pytest.mark.parametrize("value", [None, ""], ids=repr)
def test_the_alias_of_nothing_is_left_out(value: object) -> None:
    """Neither null nor empty."""
    assert "secondaryIdentifier" not in answered({"id": "x", "customFields": {"SecondaryIdentifier": value}})  # type: ignore[operator]


def test_every_documented_string_is_trimmed() -> None:
    """And an empty one is null; custom values are kept."""
    blank = dict.fromkeys(("id", "invitationStatus", "secondaryIdentifier", "institutionCode"), " \t")
    payload = blank | {
        "participantIdentifier": "\u00a0N ",
        "demographics": {name: f" {name}\n" for name in SAMPLE["demographics"] | {"mobilePhone": 1}},  # type: ignore[operator]
        "customFields": {"x": " y "},
    }
    asked = project.read(payload).asked
    expected: Any = {name: camel_case(name) for name in DEMOGRAPHICS}
    assert asked == project.Participant(
        id=None,
        invitation_status=None,
        secondary_identifier=None,
        institution_code=None,
        participant_identifier="N",
        demographics=project.Demographics(**expected),
        custom_fields={"x": " y "},
    )


def test_a_payload_is_bytes_text_or_json() -> None:
    """Left out, null and a value are three things."""
    payload = {"participantIdentifier": "N", "demographics": None}
    asked = project.Participant(participant_identifier="N", demographics=None)
    expected = project.Change(project.Operation.PUT, "P", asked=asked)
    for each in (payload, json.dumps(payload), json.dumps(payload).encode()):
        assert project.read(each, project="P") == expected
    assert asked.invitation_status is UNSET


def test_every_wrong_type_is_refused_at_once() -> None:
    """Nothing is coerced; null is fine but for nothing."""
    payload: dict[str, Any] = {name: [] for name in SAMPLE.keys() - {"demographics"}}
    with pytest.raises(Refused) as refused:
        project.read({**payload, "demographics": {"email": 1, "mobilePhone": True}})
    assert {(each.code, each.pointer) for each in refused.value.violations} == {
        ("wrong-type", f"/{name}")
        for name in (
            "id",
            "invitationStatus",
            "participantIdentifier",
            "excludeFromExport",
            "institutionCode",
            "customFields",
            "demographics/email",
            "demographics/mobilePhone",
        )
    }
    names = [*payload, "demographics", "secondaryIdentifier"]
    assert project.read(dict.fromkeys(names)).faults == ()
    assert "SECRET" not in str(refused.value) + repr(project.read({"id": "SECRET"}))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", [("not-json", "")]),
        (b'{"participants": [{"id": "a", "id": "b"}]}', [("key-repeated", "/participants/0/id")]),
        (b"[]", [("wrong-type", "")]),
        (b"{}", [("wrong-type", "/participants")]),
        (b'{"participants": null}', [("wrong-type", "/participants")]),
        (
            b'{"participants": {}, "sendDefaultInvitationNotifications": null}',
            [("wrong-type", "/participants"), ("wrong-type", "/sendDefaultInvitationNotifications")],
        ),
    ],
    ids=repr,
)
def test_the_faults_around_the_rows(body: bytes, expected: list[tuple[str, str]]) -> None:
    """They are the batch's own."""
    batch = project.read_batch(body)
    assert ([(each.code, each.pointer) for each in batch.faults], batch.changes) == (expected, ())


def test_the_rows_of_a_batch() -> None:
    """Their faults are their own; unknown members around them are a warning."""
    body = {
        "participants": [{"id": "x"}, None, {"id": 1}],
        "sendDefaultInvitationNotifications": True,
        "Participants": [],
    }
    batch = project.read_batch(body, project="P")
    assert [(each.operation, each.project) for each in batch.changes] == [("bulk", "P")] * 3
    assert [[(each.code, each.pointer) for each in change.faults] for change in batch.changes] == [
        [],
        [("wrong-type", "")],
        [("wrong-type", "/id")],
    ]
    assert (batch.notify, batch.faults) == (True, ())
    assert [(each.code, each.pointer) for each in batch.warnings] == [("unknown-field", "/Participants")]
    assert "participants is" in batch.warnings[0].message
    assert not project.read_batch({"participants": []}).notify


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)
values = st.none() | texts
scalars = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)
participants = st.fixed_dictionaries(
    {"id": st.uuids().map(str)},
    optional={
        **dict.fromkeys(
            ("invitationStatus", "participantIdentifier", "institutionCode", "linkIdentifier"), values
        ),
        **{
            name: st.sampled_from(["2020-06-16", "2020-06-16T15:23:00Z", None])
            for name in ("insertedDate", "withdrawDate")
        },
        "enrolled": st.booleans() | st.none(),
        "excludeFromExport": st.booleans() | st.none(),
        "demographics": st.none()
        | st.dictionaries(
            st.sampled_from(["email", "city", "mobilePhone", "gender", "x"]), values, max_size=4
        ),
        "customFields": st.none()
        | st.dictionaries(texts | st.just("SecondaryIdentifier"), scalars, max_size=3),
        "accountEmail": scalars,
    },
)


@given(participants)
def test_an_answer_goes_back_unchanged(data: dict[str, object]) -> None:
    """Whatever is stored: no violation, and nothing would change."""
    stored = project.Stored(read_stored(data, PROJECT), 1)
    change = project.read(project.answer(stored.participant))
    decision = project.decide(project.Case.of(change, project.Known(PROJECT, (stored,))))
    assert (decision.violations, decision.action) == ((), "none")


@given(participants)
def test_what_is_written_is_read_again(data: dict[str, object]) -> None:
    """A stored participant, its undocumented members included."""
    participant = read_stored(data, PROJECT)
    again = read_stored(project.write(participant), PROJECT)
    assert (again, project.write(again)) == (participant, project.write(participant))


@given(
    st.binary(max_size=40)
    | st.text(max_size=40)
    | st.dictionaries(st.sampled_from(["id", "demographics", "customFields", "participants"]), scalars)
)
def test_checking_never_raises(payload: object) -> None:
    """On whatever input."""
    project.check(payload)
    project.check(payload, operation="bulk")


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (
            {"id": UUID(int=1), "demographics": {"dateOfBirth": date(2000, 1, 1)}},
            (
                "/id The value is of the type UUID, which JSON does not have.; "
                "/demographics/dateOfBirth The value is of the type date, which JSON does not have."
            ),
        ),
        (
            {"customFields": {"Site": "Ghent", "Since": date(2000, 1, 1), "Doses": [Decimal(1)]}},
            (
                "/customFields/Since The value is of the type date, which JSON does not have.; "
                "/customFields/Doses/0 The value is of the type Decimal, which JSON does not have."
            ),
        ),
    ],
    ids=["members", "fields"],
)
def test_what_a_database_holds_and_json_does_not(stored: object, said: str) -> None:
    """A row of a caller's own tables is told what is in it, before it would be answered."""
    with pytest.raises(Malformed) as wrong:
        project.read_stored(stored, project.Project(id="P"))
    assert str(wrong.value) == f"participant: {said}"
    fields = {"any": [1, {"JSON": None}]}
    assert project.read_stored({"customFields": fields}, project.Project(id="P")).custom_fields == fields
