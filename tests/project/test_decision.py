"""The outcome of a change: kept, cleared and changed values, and the action."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from participant_rules import project
from participant_rules.project.bulk import Rows
from participant_rules.project.memory import MemoryProjects

ID = "3a713a06-295d-4803-9602-776f09a1483b"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FULL: dict[str, Any] = {
    "id": ID,
    "enrolled": True,
    "enrollmentDate": "2020-06-16",
    "withdrawDate": "2021-06-16",
    "insertedDate": "2019-06-16T15:23:00.9+00:00",
    "invitationStatus": "approved",
    "participantIdentifier": "A-7",
    "linkIdentifier": "L",
    "demographics": {
        "email": "Lee@example.com",
        "firstName": "John",
        "middleName": "James",
        "lastName": "Smith",
        "dateOfBirth": "2000-06-16",
        "preferredLanguage": "en",
        "gender": "M",
        "street1": "123 Main Street",
        "street2": "Apartment #1",
        "city": "Anytown",
        "state": "NY",
        "postalCode": "12345",
        "mobilePhone": "(555) 777-8888",
        "utcOffset": "-04:00:00",
        "timeZone": "America/New_York",
    },
    "customFields": {"Medication1": "Warfarin", "Smoker": 0, "odd name": {"a": [1, None]}},
    "excludeFromExport": True,
    "institutionCode": "County",
    "accountEmail": "kept@example.com",
}


def ids() -> Any:
    """GUIDs that can be foretold."""
    numbers = count(1)
    return lambda: f"00000000-0000-0000-0000-{next(numbers):012d}"


def store_of(*participants: Mapping[str, Any], **definition: object) -> MemoryProjects:
    """A store with a fixed clock."""
    given = [{"id": "P", "participants": participants, **definition}]
    return MemoryProjects.from_json(given, now=lambda: NOW, new_id=ids())


def decided(payload: object, *participants: Mapping[str, Any], **definition: object) -> project.Decision:
    """The decision on an Add/Update."""
    change = project.read(payload, project="P")
    known = store_of(*participants, **definition).find(project.keys([change]))
    return project.decide(project.Case.of(change, known))


def after(payload: object, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The stored participant after an update by id, as a store writes it."""
    decision = decided({"id": ID} | dict(payload), stored)  # type: ignore[call-overload]
    assert decision, decision.violations
    return project.write(decision.participant)


def test_a_partial_update_keeps_everything_else() -> None:
    """Left out is unchanged, read-only and undocumented members included."""
    expected = FULL | {"institutionCode": "North"}
    assert after({"institutionCode": " North "}, FULL) == expected
    names = FULL["demographics"] | {"firstName": "Joan"}
    assert after({"demographics": {"firstName": "Joan"}}, FULL) == FULL | {"demographics": names}


@pytest.mark.parametrize("empty", [None, "", "  "], ids=repr)
def test_null_and_empty_clear(empty: object) -> None:
    """One after the other, each text but an immutable one."""
    for member in ("invitationStatus", "institutionCode"):
        assert after({member: empty}, FULL) == {name: value for name, value in FULL.items() if name != member}
    for member in FULL["demographics"]:
        if member in ("email", "mobilePhone", "timeZone"):
            continue
        left = {name: value for name, value in FULL["demographics"].items() if name != member}
        assert after({"demographics": {member: empty}}, FULL) == FULL | {"demographics": left}


def test_null_as_a_whole_is_left_out() -> None:
    """Nobody clears all demographics or custom fields by accident."""
    decision = decided({"id": ID, "demographics": None, "customFields": None}, FULL)
    assert (decision.action, decision.result) == ("none", decision.case.standing)


@pytest.mark.parametrize("empty", [None, ""], ids=repr)
def test_a_cleared_custom_field_is_gone(empty: object) -> None:
    """And the others stay."""
    fields = {"Smoker": 0, "odd name": {"a": [1, None]}}
    assert after({"customFields": {"Medication1": empty, "never": empty}}, FULL) == FULL | {
        "customFields": fields
    }


def test_custom_values_are_kept_as_they_are() -> None:
    """They are not trimmed, and 0, false, 0.0 and "0" are four values."""
    values: list[Any] = [" x ", "  ", False, 0.0, "0", [], {}]
    for value in values:
        fields = FULL["customFields"] | {"Smoker": value}
        assert repr(after({"customFields": {"Smoker": value}}, FULL)["customFields"]) == repr(fields)


@pytest.mark.parametrize(
    ("asked", "stored", "expected"), [(None, True, False), (False, True, False), (True, None, True)]
)
def test_exclude_from_export(asked: object, stored: object, expected: bool) -> None:
    """Null is false."""
    assert (
        after({"excludeFromExport": asked}, FULL | {"excludeFromExport": stored})["excludeFromExport"]
        is expected
    )


@pytest.mark.parametrize(("asked", "stored"), [(None, False), (None, None), (False, None), (True, True)])
def test_exclude_from_export_unchanged(asked: object, stored: object) -> None:
    """Nothing would change."""
    assert (
        decided({"id": ID, "excludeFromExport": asked}, FULL | {"excludeFromExport": stored}).action == "none"
    )


def test_before_enrollment_another_spelling_is_stored() -> None:
    """Of the same address or number: an update."""
    spelt = {"email": "LEE@example.com", "mobilePhone": "+15557778888"}
    decision = decided({"id": ID, "demographics": spelt}, FULL | {"enrolled": False})
    assert decision.action == "update"
    assert project.write(decision.participant)["demographics"] == FULL["demographics"] | spelt


def test_after_enrollment_the_stored_spelling_stays() -> None:
    """No change."""
    spelt = {"email": "LEE@example.com", "mobilePhone": "+15557778888"}
    decision = decided({"id": ID, "demographics": spelt}, FULL)
    assert (decision.action, decision.result) == ("none", decision.case.standing)


def test_what_a_get_answers_goes_back_unchanged() -> None:
    """With the action "none", legacy values included."""
    legacy = FULL | {
        "invitationStatus": "Sent",
        "demographics": {
            "email": " Not an address",
            "gender": "male",
            "mobilePhone": "ask",
            "utcOffset": "EST",
        },
        "customFields": {"SecondaryIdentifier": 7, "empty": None, "blank": "", "x y": True},
    }
    for stored in (FULL, legacy, {"id": ID}, FULL | {"enrolled": False}):
        change = project.read({"id": ID}, project="P")
        found = store_of(stored).find(project.keys([change])).participants or ()
        answered = project.answer(found[0].participant)
        decision = decided(answered, stored)
        assert (decision.violations, decision.action) == ((), "none")
        assert decision.result is decision.case.standing


def test_a_rename_by_id() -> None:
    """A blank or null identifier beside an id is left out: nobody loses an identifier."""
    assert after({"participantIdentifier": " A-8 "}, FULL) == FULL | {"participantIdentifier": "A-8"}
    for blank in (None, " "):
        assert decided({"id": ID, "participantIdentifier": blank}, FULL).action == "none"


def test_an_id_beside_wins() -> None:
    """An update by identifier never writes the id, and an id of another case is the same."""
    assert decided({"id": ID.upper()}, FULL).action == "none"
    assert decided({"id": None, "participantIdentifier": "A-7"}, FULL).action == "none"


def test_an_add_gets_what_it_does_not_bring() -> None:
    """An identifier that is not its id, and the time; no link identifier unless the project has them."""
    decision = decided(
        {"demographics": {"email": " a@example.com ", "firstName": ""}, "invitationStatus": None}
    )
    assert decision.action == "add"
    assert project.write(decision.participant) == {
        "id": "00000000-0000-0000-0000-000000000001",
        "enrolled": False,
        "insertedDate": "2026-01-02T03:04:05+00:00",
        "participantIdentifier": "00000000-0000-0000-0000-000000000002",
        "demographics": {"email": "a@example.com"},
        "customFields": {},
        "excludeFromExport": False,
    }


def test_generated_identifiers_have_the_prefix_of_the_project() -> None:
    """Link identifiers are GUIDs of their own."""
    row = {"demographics": {"email": "a@example.com"}}
    result = decided(row, participantIdentifierPrefix="X-", linkIdentifiers=True).participant
    assert result.participant_identifier == "X-00000000-0000-0000-0000-000000000002"
    assert result.link_identifier == "00000000-0000-0000-0000-000000000003"
    named = decided(
        {"participantIdentifier": "N"}, participantIdentifierPrefix="X-", linkIdentifiers=True
    ).participant
    assert (named.participant_identifier, named.link_identifier) == (
        "N",
        "00000000-0000-0000-0000-000000000002",
    )


def test_a_taken_identifier_is_drawn_again() -> None:
    """Whether the id has it, an earlier row, or the draw before."""
    drawn = iter(["1", "1", "2", "3"])
    known = project.Known(project.Project(id="P"), (), project.Mint(lambda: next(drawn)))
    rows = [
        project.read({"participantIdentifier": "2"}),
        project.read({"demographics": {"email": "a@example.com"}}),
    ]
    bulk = project.decide_all(rows, known)
    assert bulk[1].participant.participant_identifier == "3"
    drawn = iter(["1", "1", "2", "2", "1", "3"])
    linked = project.Known(project.Project(link_identifiers=True), (), project.Mint(lambda: next(drawn)))
    result = project.decide_all(rows[1:], linked)[0].participant
    assert (result.id, result.participant_identifier, result.link_identifier) == ("1", "2", "3")


def test_the_alias_writes_the_custom_field() -> None:
    """Where fields are undeclared or declare it; a value that says the same changes nothing."""
    declared = [{"name": "SecondaryIdentifier", "type": "Text"}]
    row = {"participantIdentifier": "N", "secondaryIdentifier": " S1 "}
    assert decided(row).participant.custom_fields == {"SecondaryIdentifier": "S1"}
    assert decided(row, customFields=declared).participant.custom_fields == {"SecondaryIdentifier": "S1"}
    assert decided(row, customFields=[]).participant.custom_fields == {}
    stored = {"id": ID, "customFields": {"SecondaryIdentifier": 7, "x": 1}}
    assert decided({"id": ID, "secondaryIdentifier": "7"}, stored).action == "none"
    assert after({"secondaryIdentifier": None}, stored)["customFields"] == {"x": 1}
    both = {"secondaryIdentifier": "8", "customFields": {"SecondaryIdentifier": 8}}
    assert after(both, stored)["customFields"] == {"SecondaryIdentifier": 8, "x": 1}


def test_undocumented_members_are_not_stored() -> None:
    """Neither beside the demographics nor in them, nor read-only ones."""
    row = {
        "participantIdentifier": "N",
        "enrolled": True,
        "x": 1,
        "demographics": {"name": "Lee", "city": "Ulm"},
    }
    saved = project.write(decided(row).participant)
    assert (saved["enrolled"], saved["demographics"], "x" in saved) == (False, {"city": "Ulm"}, False)


def test_the_order_of_members_is_no_change() -> None:
    """Of an object in a custom field; the order of a list is one."""
    stored = {"id": ID, "customFields": {"x": {"a": [1, 2], "b": 2}}}
    assert decided({"id": ID, "customFields": {"x": {"b": 2, "a": [1, 2]}}}, stored).action == "none"
    assert decided({"id": ID, "customFields": {"x": {"b": 2, "a": [2, 1]}}}, stored).action == "update"


@pytest.mark.parametrize("stored", [1, 1.0, True, "1", 0, 0.0, False], ids=repr)
def test_numbers_booleans_and_texts_are_different_values(stored: Any) -> None:
    """Also where Python compares them equal."""
    before = FULL | {"customFields": {"x": stored}}
    values = (1, 1.0, True, "1", 0, 0.0, False, "", None)
    kept = [each for each in values if decided(_with_x(each), before).action == "none"]
    assert list(map(repr, kept)) == [repr(stored)]


def _with_x(value: Any) -> dict[str, Any]:
    return {"id": ID, "customFields": {"x": value}}


def test_a_refused_change_has_the_action_none() -> None:
    """Its result is the participant as it stood; a decision is true when it stands."""
    decision = decided({"id": ID, "demographics": {"gender": "m"}}, FULL)
    assert (bool(decision), decision.action, decision.result) == (False, "none", decision.case.standing)
    with pytest.raises(LookupError):
        _ = decided({}).participant


def test_explain_has_a_verdict_of_every_rule() -> None:
    """Also of a row of a batch, after later rows have changed the ledger."""
    rows = [
        {"participantIdentifier": "N", "demographics": {"email": "a@example.com"}},
        {"participantIdentifier": "M"},
    ]
    bulk = project.decide_all([project.read(row) for row in rows], project.Known(project.Project(id="P"), ()))
    assert {each.outcome for each in bulk[0].explain()} == {"held"}
    outcomes = {each.rule.code: each.outcome for each in decided({"demographics": {"gender": "m"}}).explain()}
    assert (outcomes["gender-unknown"], outcomes["email-taken"]) == ("fired", "skipped")


# ---- batches


def bulk_of(
    rows: Sequence[object],
    *participants: Mapping[str, Any],
    accept: project.bulk.Accept = "all",
    allow_update: bool = True,
) -> project.BulkDecision:
    """The decision on a batch."""
    batch = project.read_batch({"participants": rows}, project="P")
    known = store_of(*participants).find(project.keys(batch.changes))
    return project.decide_all(batch.changes, known, allow_update=allow_update, accept=accept)


def test_later_rows_see_what_earlier_ones_did() -> None:
    """Each result is the participant as it stood after that row."""
    bulk = bulk_of(
        [
            {"participantIdentifier": "N", "demographics": {"city": "Ulm"}},
            {"participantIdentifier": "N", "demographics": {"state": "BW"}},
            {"participantIdentifier": "N", "demographics": {"city": "Ulm"}},
            {"id": ID, "participantIdentifier": "A-8"},
            {"participantIdentifier": "A-8", "institutionCode": None},
        ],
        FULL,
    )
    assert [each.action for each in bulk] == ["add", "update", "none", "update", "update"]
    found = [project.answer(each.participant).get("demographics") for each in bulk][:3]
    assert found == [{"city": "Ulm"}, {"city": "Ulm", "state": "BW"}, {"city": "Ulm", "state": "BW"}]
    assert (bulk.total_added, bulk.total_updated, len(bulk)) == (1, 3, 5)
    assert project.write(bulk[4].participant) == {
        name: value for name, value in FULL.items() if name != "institutionCode"
    } | {"participantIdentifier": "A-8"}


def test_an_identifier_given_up_is_added_anew() -> None:
    """By a later row; the participant that gave it up keeps the new one."""
    rows = [
        {"id": ID, "participantIdentifier": "A-8"},
        {"participantIdentifier": "A-7"},
        {"participantIdentifier": "A-8"},
    ]
    assert [each.action for each in bulk_of(rows, FULL)] == ["update", "add", "none"]


def test_all_or_nothing_or_the_good_rows() -> None:
    """A batch with a bad row is refused as a whole, unless the good ones are wanted."""
    rows = [{"participantIdentifier": "N"}, {"participantIdentifier": "M", "demographics": {"gender": "m"}}]
    refused, good = bulk_of(rows), bulk_of(rows, accept="good")
    assert (bool(refused), refused.accepted, refused.total_added) == (False, (), 0)
    assert (bool(good), good.accepted, good.total_added) == (True, (good[0],), 1)
    assert good.refused == (good[1],)
    assert [each.pointer for each in good.violations] == ["/participants/1/demographics/gender"]
    assert bulk_of(rows[:1]).accepted != ()


def test_the_violations_of_a_batch_are_in_order() -> None:
    """Shape first, then by row, then by precedence."""
    bulk = bulk_of(
        [
            {"demographics": {"gender": "m"}},
            {"participantIdentifier": "N", "institutionCode": 1, "invitationStatus": "x"},
            7,
        ]
    )
    assert [(each.code, each.pointer) for each in bulk.violations] == [
        ("wrong-type", "/participants/1/institutionCode"),
        ("wrong-type", "/participants/2"),
        ("identity-required", "/participants/0"),
        ("gender-unknown", "/participants/0/demographics/gender"),
        ("invitation-status-unknown", "/participants/1/invitationStatus"),
    ]


def test_an_unknown_project_is_found_once() -> None:
    """Whatever else is wrong with the rows."""
    batch = project.read_batch({"participants": [{"id": 1}, {}]})
    bulk = project.decide_all(batch.changes, project.Known(None, ()))
    assert [(each.code, each.pointer, each.status) for each in bulk.violations] == [
        ("project-not-found", "", 404)
    ]
    assert bulk.warnings == ()


def test_the_warnings_of_a_batch_are_by_row() -> None:
    """Their pointers begin with the row."""
    bulk = bulk_of([{"participantIdentifier": "N"}, {"participantIdentifier": "M", "x": 1, "enrolled": True}])
    assert [(each.code, each.pointer) for each in bulk.warnings] == [
        ("read-only-field", "/participants/1/enrolled"),
        ("unknown-field", "/participants/1/x"),
    ]


def test_a_store_without_ids() -> None:
    """A caller with participants without ids gets answers by their other keys."""
    stored = project.Stored(project.Participant(participant_identifier="A-7"))
    known = project.Known(project.Project(id="P"), (stored,))
    change = project.read({"participantIdentifier": "A-7", "institutionCode": "North"})
    (decision,) = project.decide_all([change], known, allow_update=True)
    assert decision.action == "update"
    assert decision.result == project.Participant(participant_identifier="A-7", institution_code="North")


# ---- rows that come later


def rows_of(*participants: Mapping[str, Any], allow_update: bool = True) -> tuple[Rows, MemoryProjects]:
    """Rows that are decided while nobody is known yet, and the store that may be asked."""
    known = project.Known(project.Project(id="P"), ())
    return Rows(known, allow_update=allow_update), store_of(*participants)


def learn(rows: Rows, store: MemoryProjects, *payloads: Mapping[str, Any]) -> None:
    """Ask the store about rows."""
    found = store.find(project.keys([project.read(each, project="P") for each in payloads])).participants
    assert isinstance(found, tuple)
    rows.learn(found)


def put(rows: Rows, number: int, payload: Mapping[str, Any], base: str = "") -> tuple[str, list[Any]]:
    """Decide a row and make it stand; returns its action, and its findings."""
    decision = rows.decide(project.read(payload, project="P"), base=base)
    rows.stand(decision, number)
    return decision.action, [(each.code, each.pointer, each.related) for each in decision.violations]


LEE = {"id": ID, "participantIdentifier": "A", "demographics": {"email": "lee@example.com"}}
KIM = {"id": ID.replace("3", "4"), "participantIdentifier": "B", "demographics": {"email": "kim@example.com"}}


def test_rows_are_decided_on_what_is_learned_and_on_what_stands() -> None:
    """A row that is only decided, or refused, leaves nothing behind."""
    rows, store = rows_of(LEE)
    row = {"participantIdentifier": "A", "demographics": {"email": "new@example.com"}}
    assert rows.decide(project.read(row)).action == "add"
    learn(rows, store, row)
    assert put(rows, 5, row) == ("update", [])
    other = {"participantIdentifier": "C", "demographics": {"email": "NEW@example.com"}}
    related = "/participants/5/demographics/email"
    assert put(rows, 6, other, "/row") == ("none", [("email-taken", "/row/demographics/email", related)])
    assert put(rows, 7, {"participantIdentifier": "C"}) == ("add", [])
    assert put(rows, 8, {"participantIdentifier": "D", "demographics": {"email": "lee@example.com"}}) == (
        "add",
        [],
    )


def test_a_participant_stands_as_the_rows_left_it() -> None:
    """However often the store answers it."""
    rows, store = rows_of(LEE)
    renamed: dict[str, Any] = {"id": ID, "participantIdentifier": "B"}
    released: dict[str, Any] = {"id": ID, "demographics": {"email": None}}
    for number, row in enumerate([renamed, released]):
        learn(rows, store, row, LEE)
        assert put(rows, number, row) == ("update", [])
    learn(rows, store, LEE)
    assert put(rows, 2, {"participantIdentifier": "A", "demographics": LEE["demographics"]}) == ("add", [])
    assert rows.ledger.indices["participantIdentifier"].first.keys() == {"A", "B"}


@pytest.mark.parametrize("first", [[], [KIM]], ids=["at once", "the second one before"])
def test_of_twins_the_first_added_counts(first: list[Mapping[str, Any]]) -> None:
    """A legacy store gave two one identifier: whichever of them was learned first."""
    elder = LEE | {"enrolled": True}
    rows, store = rows_of(elder, KIM | {"participantIdentifier": "A"})
    learn(rows, store, *[{"id": each["id"]} for each in first])
    row = {"participantIdentifier": "A", "demographics": {"email": "new@example.com"}}
    learn(rows, store, row)
    assert put(rows, 0, row) == ("none", [("email-immutable", "/demographics/email", None)])


def test_without_allow_update_rows_only_add() -> None:
    """Also where an earlier row has added the participant."""
    rows, _ = rows_of(allow_update=False)
    assert put(rows, 0, {"participantIdentifier": "A"}) == ("add", [])
    refused = ("update-not-allowed", "/participantIdentifier", None)
    assert put(rows, 1, {"participantIdentifier": "A"}) == ("none", [refused])


@pytest.mark.usefixtures("uncollected")
def test_a_store_without_ids_is_known_in_linear_time() -> None:
    """Each participant is entered once, whatever his keys are."""

    def seconds(count: int) -> float:
        people = [project.Participant(participant_identifier=str(number)) for number in range(count)]
        started = time.process_time()
        project.decide_all([], project.Known(project.Project(id="P"), tuple(map(project.Stored, people))))
        return time.process_time() - started

    assert min(seconds(10_000) for _ in range(3)) / min(seconds(2_000) for _ in range(3)) < 7.5


def test_facts_that_no_rule_reads() -> None:
    """They are an error of the caller's, also without a row."""
    with pytest.raises(ValueError, match="no rule reads the fact 'site'"):
        project.decide_all([], project.Known(project.Project(id="P"), ()), facts={"site": "north"})


def test_a_stored_participant_is_known_by_what_the_definition_says() -> None:
    """Its keys are made anew for another region, another unique field, and another policy."""
    kept = project.Participant(
        id=ID, demographics=project.Demographics(mobile_phone="020 7946 0958"), custom_fields={"F": "x"}
    )
    stored = project.Stored(kept, 1)
    change = project.read({"participantIdentifier": "N", "customFields": {"F": "x"}})
    phone = project.read({"participantIdentifier": "N", "demographics": {"mobilePhone": "+442079460958"}})
    unique = (project.CustomField("F", "Text", unique=True),)
    strict = project.Policy(phone_key=lambda text, region: f"{region} {text}")
    for definition, asked, policy, codes in (
        (project.Project(id="P"), phone, project.Policy(), []),
        (project.Project(id="P", default_region="GB"), phone, project.Policy(), ["mobile-phone-taken"]),
        (project.Project(id="P", default_region="GB"), phone, strict, []),
        (project.Project(id="P"), change, project.Policy(), []),
        (project.Project(id="P", custom_fields=unique), change, project.Policy(), ["custom-field-taken"]),
    ):
        known = project.Known(definition, (stored,))
        (decision,) = project.decide_all([asked], known, policy=policy)
        assert [each.code for each in decision.violations] == codes


@pytest.mark.parametrize("blank", [None, " "])
def test_nobody_loses_an_identifier(blank: str | None) -> None:
    """Beside an id a blank one is left out, and later rows find the participant by the one that stays."""
    store = MemoryProjects.from_json(
        [{"id": "P", "participants": [{"id": ID, "participantIdentifier": "A"}]}]
    )
    rows = [
        {"id": ID, "participantIdentifier": blank, "institutionCode": "1"},
        {"participantIdentifier": "A", "institutionCode": "2"},
    ]
    bulk = project.Registrar(store).put_many(
        project.read_batch({"participants": rows}, project="P").changes, allow_update=True
    )
    assert [each.action for each in bulk] == ["update", "update"]
    assert store.to_json()[0]["participants"] == [
        {"id": ID, "participantIdentifier": "A", "institutionCode": "2"}
    ]
