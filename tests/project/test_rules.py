"""Every law of the family fires where it should, and does not where it nearly should."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from participant_rules import at, project, rule
from participant_rules.project.memory import MemoryProjects
from participant_rules.violations import Severity, Violation
from tests.asked import asked_of_project as read_body

ID = "3a713a06-295d-4803-9602-776f09a1483b"
OTHER = "c9238480-6a9d-11eb-9439-0242ac130002"
LEE = {
    "id": ID,
    "participantIdentifier": "A-7",
    "demographics": {"email": "Lee@example.com", "mobilePhone": "(555) 777-8888"},
}
KIM = {
    "id": OTHER,
    "participantIdentifier": "B-1",
    "demographics": {"email": "kim@example.com", "mobilePhone": "+1 212 555 0100"},
}
Found = list[tuple[str, str]]


def judged(
    payload: object, *stored: Mapping[str, Any], policy: project.Policy | None = None, **definition: object
) -> tuple[Violation, ...]:
    """The findings of an Add/Update's dry run in a project with these participants."""
    policy = policy or project.Policy()
    store = MemoryProjects.from_json([{"id": "P", "participants": stored, **definition}], policy=policy)
    asked, faults = read_body(payload)
    change = project.Change(project.Operation.PUT, "P", asked=asked, faults=faults)
    decision = project.decide(project.Case.of(change, store.find(project.keys([change], policy)), policy))
    return (*decision.violations, *decision.warnings)


def errors(payload: object, *stored: Mapping[str, Any], **definition: Any) -> Found:
    """The codes and pointers of the errors."""
    return [
        (each.code, each.pointer or "")
        for each in judged(payload, *stored, **definition)
        if each.severity is Severity.ERROR
    ]


def warnings(payload: object, *stored: Mapping[str, Any], **definition: Any) -> Found:
    """The codes and pointers of the warnings."""
    return [
        (each.code, each.pointer or "")
        for each in judged(payload, *stored, **definition)
        if each.severity is Severity.WARNING
    ]


def rows(
    *payloads: object,
    stored: Sequence[Mapping[str, Any]] = (),
    allow_update: bool = True,
    **definition: object,
) -> list[tuple[str, str, str | None]]:
    """The codes, pointers and related pointers of a batch's errors."""
    store = MemoryProjects.from_json([{"id": "P", "participants": stored, **definition}])
    batch = project.read_batch({"participants": list(payloads)}, project="P")
    bulk = project.decide_all(
        batch.changes, store.find(project.keys(batch.changes)), allow_update=allow_update
    )
    return [(each.code, each.pointer or "", each.related) for each in bulk.violations]


def demographics(**values: object) -> dict[str, object]:
    """A participant with an identifier and these demographics."""
    return {"participantIdentifier": "N", "demographics": values}


# ---- who is meant


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"id": None, "participantIdentifier": " ", "demographics": {"email": ""}},
        {"demographics": None},
        {"demographics": {"mobilePhone": "5557778888"}},
    ],
)
def test_identity_required(payload: object) -> None:
    """Without id, identifier and address nobody is meant."""
    assert errors(payload) == [("identity-required", "")]


@pytest.mark.parametrize(
    "payload", [{"participantIdentifier": "x"}, {"demographics": {"email": "x@example.com"}}, {"id": ID}]
)
def test_an_identity_is_enough(payload: object) -> None:
    """Id, identifier or address identifies the participant."""
    assert errors(payload, LEE) == []


def test_participant_not_found() -> None:
    """An id names a stored participant, without regard to case, and wins over an identifier."""
    assert errors({"id": OTHER, "participantIdentifier": "A-7"}, LEE) == [("participant-not-found", "/id")]
    assert errors({"id": ID.upper()}, LEE) == []
    assert errors({"id": "no guid"}, LEE) == [("participant-not-found", "/id")]


def test_update_not_allowed_points_at_what_named_the_participant() -> None:
    """Without allowUpdate a row names no stored participant, nor one that an earlier row added."""
    assert rows({"participantIdentifier": "A-7"}, stored=[LEE], allow_update=False) == [
        ("update-not-allowed", "/participants/0/participantIdentifier", None)
    ]
    assert rows({"id": ID}, stored=[LEE], allow_update=False) == [
        ("update-not-allowed", "/participants/0/id", None)
    ]
    twice = [{"participantIdentifier": "x"}, {"participantIdentifier": "x"}]
    assert rows(*twice, allow_update=False) == [
        ("update-not-allowed", "/participants/1/participantIdentifier", None)
    ]
    assert rows(*twice) == []
    assert rows({"participantIdentifier": "a-7"}, stored=[LEE], allow_update=False) == []


def test_after_update_not_allowed_all_rules_run() -> None:
    """Immutability and uniqueness are judged all the same."""
    enrolled = LEE | {"enrolled": True}
    row = {
        "id": ID,
        "participantIdentifier": "B-1",
        "demographics": {"email": "kim@example.com", "gender": "m"},
    }
    assert [code for code, _, _ in rows(row, stored=[enrolled, KIM], allow_update=False)] == [
        "update-not-allowed",
        "participant-identifier-taken",
        "gender-unknown",
        "email-immutable",
        "email-taken",
    ]


def test_participant_identifier_taken() -> None:
    """A rename takes nobody's identifier; one's own and a blank one are no rename."""
    assert errors({"id": ID, "participantIdentifier": " B-1 "}, LEE, KIM) == [
        ("participant-identifier-taken", "/participantIdentifier")
    ]
    assert errors({"id": ID, "participantIdentifier": "A-7"}, LEE, KIM) == []
    assert errors({"id": ID, "participantIdentifier": ""}, LEE, KIM) == []
    assert errors({"id": ID, "participantIdentifier": "b-1"}, LEE, KIM) == []


def test_an_identifier_taken_in_the_batch_names_the_row() -> None:
    """The related pointer distinguishes it from a stored one."""
    found = rows({"participantIdentifier": "N"}, {"id": ID, "participantIdentifier": "N"}, stored=[LEE])
    assert found == [
        (
            "participant-identifier-taken",
            "/participants/1/participantIdentifier",
            "/participants/0/participantIdentifier",
        )
    ]


# ---- values


@pytest.mark.parametrize("value", ["Approved", "notinvited", "open"])
def test_invitation_status_unknown(value: str) -> None:
    """A status is one of the documented ones in exact case."""
    found = judged({"participantIdentifier": "x", "invitationStatus": value})
    assert [(each.code, each.pointer, each.message) for each in found] == [
        (
            "invitation-status-unknown",
            "/invitationStatus",
            (
                "Status of the participant’s invitation: pending, declined, cancelled, approved, notInvited, "
                "or null (not set)."
            ),
        )
    ]


@pytest.mark.parametrize("value", ["pending", "declined", "cancelled", "approved", " notInvited ", None, " "])
def test_invitation_status_known(value: str | None) -> None:
    """The documented ones, null and blank are fine."""
    assert errors({"participantIdentifier": "x", "invitationStatus": value}) == []


@pytest.mark.parametrize(
    ("alias", "field"),
    [("S1", "S2"), ("S1", None), (None, "S1"), ("s1", "S1"), ("5", 6), ("true", "True")],
    ids=repr,
)
def test_secondary_identifier_conflict(alias: object, field: object) -> None:
    """The alias and the custom field that is sent along say the same."""
    payload = {"participantIdentifier": "x", "secondaryIdentifier": alias}
    assert errors(payload | {"customFields": {"SecondaryIdentifier": field}}) == [
        ("secondary-identifier-conflict", "/secondaryIdentifier")
    ]


@pytest.mark.parametrize(
    ("alias", "field"), [("S1", " S1"), ("", None), (None, ""), ("5", 5), ("true", True)], ids=repr
)
def test_secondary_identifier_agreement(alias: object, field: object) -> None:
    """Null and empty agree, and a value agrees with its JSON text."""
    payload = {"participantIdentifier": "x", "secondaryIdentifier": alias}
    assert errors(payload | {"customFields": {"SecondaryIdentifier": field}}) == []
    assert errors(payload | {"customFields": {"secondaryIdentifier": "another"}}) == []
    assert errors({"participantIdentifier": "x", "customFields": {"SecondaryIdentifier": field}}) == []


@pytest.mark.parametrize(
    "value", ["not-an-email", "a b@example.com", "lee@localhost", '"a"@example.com', "a@[::1]"]
)
def test_email_malformed(value: str) -> None:
    """An address is well formed; a malformed one is compared with nobody's."""
    assert errors(demographics(email=value)) == [("email-malformed", "/demographics/email")]
    assert errors({"demographics": {"email": value}}) == [("email-malformed", "/demographics/email")]
    enrolled = {"participantIdentifier": "N", "enrolled": True, "demographics": {"email": "lee@example.com"}}
    assert errors(demographics(email=value), enrolled) == [("email-malformed", "/demographics/email")]


@pytest.mark.parametrize("value", [" lee@titan.local ", "müller@bücher.example.com", None, ""])
def test_email_well_formed(value: str | None) -> None:
    """Special-use domains and other scripts are fine, and so is no address."""
    assert errors(demographics(email=value)) == []


@pytest.mark.parametrize(
    "value", ["16/06/2000", "2000-6-16", "20000616", "2001-02-29", "2000-W24-5", "２０００-06-16"]
)
def test_date_of_birth_malformed(value: str) -> None:
    """A date of birth is a real date in just the documented form."""
    assert errors(demographics(dateOfBirth=value)) == [
        ("date-of-birth-malformed", "/demographics/dateOfBirth")
    ]


@pytest.mark.parametrize("value", ["2000-02-29", " 1850-01-31 ", None, ""])
def test_date_of_birth_well_formed(value: str | None) -> None:
    """A leap day is real."""
    assert errors(demographics(dateOfBirth=value)) == []


@pytest.mark.parametrize("value", ["m", "Male", "X"])
def test_gender_unknown(value: str) -> None:
    """A gender code is M, F or O."""
    assert errors(demographics(gender=value)) == [("gender-unknown", "/demographics/gender")]


@pytest.mark.parametrize("value", ["M", "F", " O ", None, ""])
def test_gender_known(value: str | None) -> None:
    """The documented codes, null and blank."""
    assert errors(demographics(gender=value)) == []


@pytest.mark.parametrize("value", ["555", "call me", "+999123456789"])
def test_mobile_phone_malformed(value: str) -> None:
    """A number is possible; a malformed one is compared with nobody's."""
    assert errors(demographics(mobilePhone=value)) == [
        ("mobile-phone-malformed", "/demographics/mobilePhone")
    ]
    enrolled = {"participantIdentifier": "N", "enrolled": True, "demographics": {"mobilePhone": "2125550100"}}
    assert errors(demographics(mobilePhone=value), enrolled) == [
        ("mobile-phone-malformed", "/demographics/mobilePhone")
    ]


def test_mobile_phone_is_read_in_the_region_of_the_project() -> None:
    """A national number is possible where it is at home."""
    berlin = demographics(mobilePhone="030 123456")
    assert errors(berlin, defaultRegion="DE") == []
    assert errors(berlin) == [("mobile-phone-malformed", "/demographics/mobilePhone")]
    stored = {"participantIdentifier": "x", "demographics": {"mobilePhone": "+49 30 123456"}}
    assert errors(berlin, stored, defaultRegion="DE") == [("mobile-phone-taken", "/demographics/mobilePhone")]


def test_valid_phones_are_an_option() -> None:
    """The documented number is possible and not valid."""
    strict = project.Policy(valid_phones=True)
    assert errors(demographics(mobilePhone="5557778888")) == []
    assert errors(demographics(mobilePhone="5557778888"), policy=strict) == [
        ("mobile-phone-malformed", "/demographics/mobilePhone")
    ]
    assert errors(demographics(mobilePhone="2123456789"), policy=strict) == []
    assert errors(demographics(mobilePhone="5557778888"), LEE | {"enrolled": True}, policy=strict) == [
        ("mobile-phone-malformed", "/demographics/mobilePhone")
    ]
    assert errors({"id": ID, "demographics": {"mobilePhone": "5557778888"}}, LEE, policy=strict) == []


@pytest.mark.parametrize("value", ["-4:00", "UTC", "+14:00:01", "-15:00:00", "+01:60:00"])
def test_utc_offset_malformed(value: str) -> None:
    """An offset has hours, minutes and seconds, within 14 hours."""
    assert errors(demographics(utcOffset=value)) == [("utc-offset-malformed", "/demographics/utcOffset")]


@pytest.mark.parametrize("value", ["-04:00:00", "05:30:00", "+14:00:00", None, ""])
def test_utc_offset_well_formed(value: str | None) -> None:
    """A missing sign means plus."""
    assert errors(demographics(utcOffset=value)) == []


TYPED: dict[str, Any] = {
    "customFields": [
        {"name": "T", "type": "Text"},
        {"name": "I", "type": "Integer"},
        {"name": "D", "type": "Decimal"},
        {"name": "W", "type": "Date"},
        {"name": "SecondaryIdentifier", "type": "Integer"},
    ]
}


@pytest.mark.parametrize("value", ["v", None, "", 0])
def test_custom_field_undeclared(value: object) -> None:
    """Where fields are declared there are no others, whatever their value."""
    payload = {"participantIdentifier": "x", "customFields": {"t": value}}
    assert errors(payload, **TYPED) == [("custom-field-undeclared", "/customFields/t")]
    assert errors(payload) == []
    assert errors(payload, customFields=[]) == [("custom-field-undeclared", "/customFields/t")]


MISTYPED: dict[str, tuple[Any, ...]] = {
    "T": ([], {}, [1]),
    "I": (1.0, 1.5, True, "1.0", " 1", "1\n", "x", "+", "１", [], {}),
    "D": (True, "1e5", "1,5", "0x1", "NaN", " 1.5", "1.5.1", [], {}),
    "W": (20000616, True, "16.06.2000", "2000-02-30", "2000-06-16T25:00:00Z", [], {}),
}
WELL_TYPED: dict[str, tuple[Any, ...]] = {
    "T": ("x", 1, 1.5, True, False, None, ""),
    "I": (0, -7, "+12", "-3", "007", 10**30, None, ""),
    "D": (0, 1.5, -2, "1.50", "-0.5", "+3", None, ""),
    "W": ("2000-06-16", "2000-06-16T10:00:00Z", "2000-06-16T10:00:00.123+02:00", None, ""),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in MISTYPED.items() for value in values], ids=repr
)
def test_custom_field_mistyped(name: str, value: object) -> None:
    """The value of a declared field reads as its type."""
    payload = {"participantIdentifier": "x", "customFields": {name: value}}
    assert errors(payload, **TYPED) == [("custom-field-mistyped", f"/customFields/{name}")]
    assert errors(payload) == []


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WELL_TYPED.items() for value in values], ids=repr
)
def test_custom_field_typed(name: str, value: object) -> None:
    """Values of the type, and null and empty, which clear."""
    assert errors({"participantIdentifier": "x", "customFields": {name: value}}, **TYPED) == []


def test_a_mistyped_alias_is_pointed_at_itself() -> None:
    """The secondaryIdentifier is written to a custom field that has a type."""
    assert errors({"participantIdentifier": "x", "secondaryIdentifier": "S1"}, **TYPED) == [
        ("custom-field-mistyped", "/secondaryIdentifier")
    ]
    assert errors({"participantIdentifier": "x", "secondaryIdentifier": "12"}, **TYPED) == []
    assert errors({"participantIdentifier": "x", "secondaryIdentifier": "S1"}, customFields=[]) == []
    assert errors({"participantIdentifier": "x", "secondaryIdentifier": "S1"}) == []
    unreadable = {"participantIdentifier": "x", "secondaryIdentifier": "S1", "customFields": 1}
    assert errors(unreadable, **TYPED) == [
        ("wrong-type", "/customFields"),
        ("custom-field-mistyped", "/secondaryIdentifier"),
    ]


# ---- what is fixed, and what is unique


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("email", "new@example.com"),
        ("email", None),
        ("email", " "),
        ("mobilePhone", "2125550199"),
        ("mobilePhone", None),
        ("mobilePhone", "(555) 777-8888 x5"),
    ],
)
def test_address_and_number_are_immutable_after_enrollment(member: str, value: str | None) -> None:
    """Another key, and none, is a change."""
    code = {"email": "email-immutable", "mobilePhone": "mobile-phone-immutable"}[member]
    payload = {"id": ID, "demographics": {member: value}}
    assert errors(payload, LEE | {"enrolled": True}) == [(code, f"/demographics/{member}")]
    assert errors(payload, LEE) == []
    assert errors(payload, LEE | {"enrolled": False, "withdrawDate": "2020-01-01"}) == []


def test_a_first_value_is_a_change() -> None:
    """An enrolled participant without an address does not get one; without one none is cleared."""
    bare = {"id": ID, "enrolled": True, "demographics": {}}
    payload = {"id": ID, "demographics": {"email": "a@example.com", "mobilePhone": "2125550199"}}
    assert errors(payload, bare) == [
        ("email-immutable", "/demographics/email"),
        ("mobile-phone-immutable", "/demographics/mobilePhone"),
    ]
    assert errors({"id": ID, "demographics": {"email": None, "mobilePhone": ""}}, bare) == []


@pytest.mark.parametrize(
    "values",
    [
        {"email": "LEE@EXAMPLE.COM", "mobilePhone": "+15557778888"},
        {"firstName": "Lee"},
        {},
        None,
    ],
)
def test_another_spelling_is_no_change(values: object) -> None:
    """The key counts, and a left out member does not change."""
    assert errors({"id": ID, "demographics": values}, LEE | {"enrolled": True}, KIM) == []


def test_stored_address_and_number_are_taken() -> None:
    """Another participant has the key, in whatever spelling; nobody in the batch is named."""
    payload = demographics(email="LEE@EXAMPLE.com", mobilePhone="+1-555-777-8888")
    found = judged(payload, LEE)
    assert [(each.code, each.pointer, each.message, each.related) for each in found[:2]] == [
        ("email-taken", "/demographics/email", "Must be unique within a project.", None),
        ("mobile-phone-taken", "/demographics/mobilePhone", "Must be unique within a project.", None),
    ]
    near = demographics(email="leee@example.com", mobilePhone="5557778889")
    assert errors(near, LEE) == []


def test_an_address_alone_never_updates() -> None:
    """An e-mail-only row is an add, so the address of a stored participant is taken."""
    assert errors({"demographics": {"email": "lee@example.com"}}, LEE) == [
        ("email-taken", "/demographics/email")
    ]


def test_in_a_batch_the_earlier_row_is_named() -> None:
    """Only when the other one is in the batch, and by the row that brought the value."""
    first, second = (
        demographics(email="n@example.com", mobilePhone="2125550177"),
        {"demographics": {"email": "N@example.com", "mobilePhone": "+1 212 555 0177"}},
    )
    assert rows({"participantIdentifier": "x"}, first, second) == [
        ("email-taken", "/participants/2/demographics/email", "/participants/1/demographics/email"),
        (
            "mobile-phone-taken",
            "/participants/2/demographics/mobilePhone",
            "/participants/1/demographics/mobilePhone",
        ),
    ]
    untouched = {"id": ID, "demographics": {"email": "lee@example.com", "firstName": "Lee"}}
    assert rows(untouched, {"demographics": {"email": "lee@example.com"}}, stored=[LEE]) == [
        ("email-taken", "/participants/1/demographics/email", None)
    ]


def test_what_is_given_up_is_free_for_later_rows() -> None:
    """Addresses, numbers and identifiers, though the store still answers their old holder."""
    new = demographics(email="lee@example.com", mobilePhone="5557778888")
    given_up = {"id": ID, "demographics": {"email": None, "mobilePhone": "2125550111"}}
    assert rows(given_up, new, stored=[LEE]) == []
    cleared = {"id": ID, "demographics": {"email": "", "mobilePhone": None}}
    assert rows(cleared, new, stored=[LEE]) == []
    assert [code for code, _, _ in rows(new, given_up, stored=[LEE])] == ["email-taken", "mobile-phone-taken"]
    renamed = {"id": ID, "participantIdentifier": "A-8"}
    assert rows(
        renamed,
        {"participantIdentifier": "A-7"},
        {"id": OTHER, "participantIdentifier": "A-7"},
        stored=[LEE, KIM],
    ) == [
        (
            "participant-identifier-taken",
            "/participants/2/participantIdentifier",
            "/participants/1/participantIdentifier",
        )
    ]


def test_a_refused_row_leaves_nothing_behind() -> None:
    """Later rows see neither its keys nor its identifier, and its given up keys are not free."""
    bad = {"participantIdentifier": "N", "demographics": {"email": "n@example.com", "gender": "m"}}
    later = [{"participantIdentifier": "N"}, {"demographics": {"email": "n@example.com"}}]
    assert [pointer for _, pointer, _ in rows(bad, *later, allow_update=False)] == [
        "/participants/0/demographics/gender"
    ]
    kept = {"id": ID, "demographics": {"email": None, "gender": "m"}}
    assert [
        code for code, _, _ in rows(kept, {"demographics": {"email": "lee@example.com"}}, stored=[LEE])
    ] == [
        "gender-unknown",
        "email-taken",
    ]


def test_without_a_participant_only_the_form_is_judged() -> None:
    """Immutability and uniqueness need to know the participant."""
    taken = {"mobilePhone": "5557778888", "gender": "m"}
    assert errors({"demographics": taken}, LEE) == [
        ("identity-required", ""),
        ("gender-unknown", "/demographics/gender"),
    ]
    assert errors({"id": OTHER, "participantIdentifier": "A-7", "demographics": taken}, LEE) == [
        ("participant-not-found", "/id"),
        ("gender-unknown", "/demographics/gender"),
    ]
    by_both = {"id": 1, "participantIdentifier": "A-7"}
    for identity in (
        {"id": 1},
        by_both,
        {"participantIdentifier": 1},
        {"demographics": taken | {"email": 1}},
    ):
        payload = {"demographics": taken} | identity
        assert [code for code, _ in errors(payload, LEE)] == ["wrong-type", "gender-unknown"]


def test_a_wrong_type_silences_only_what_reads_it() -> None:
    """An identifier that cannot be read beside an id is no matter to the address."""
    payload = {
        "id": ID,
        "participantIdentifier": 5,
        "demographics": {"email": "kim@example.com", "gender": 1},
    }
    assert errors(payload, LEE, KIM) == [
        ("wrong-type", "/participantIdentifier"),
        ("wrong-type", "/demographics/gender"),
        ("email-taken", "/demographics/email"),
    ]
    assert errors(
        {"id": ID, "participantIdentifier": 5, "customFields": 3, "excludeFromExport": "no"}, LEE
    ) == [
        ("wrong-type", "/participantIdentifier"),
        ("wrong-type", "/customFields"),
        ("wrong-type", "/excludeFromExport"),
    ]


def test_the_rule_sets() -> None:
    """Their laws in the order of precedence; the gate ends the judging, and 404 is for missing things."""
    assert project.SENTENCES.codes == (
        "project-not-found",
        "identity-required",
        "participant-not-found",
        "update-not-allowed",
        "participant-identifier-taken",
        "invitation-status-unknown",
        "secondary-identifier-conflict",
        "email-malformed",
        "date-of-birth-malformed",
        "gender-unknown",
        "mobile-phone-malformed",
        "utc-offset-malformed",
        "custom-field-undeclared",
        "custom-field-mistyped",
        "custom-field-required",
        "custom-field-not-allowed",
        "custom-field-out-of-range",
        "email-immutable",
        "mobile-phone-immutable",
        "email-taken",
        "mobile-phone-taken",
        "custom-field-immutable",
        "custom-field-taken",
        "secondary-identifier-deprecated",
        "read-only-field",
        "unknown-field",
        "custom-field-name-malformed",
        "mobile-phone-not-ten-digits",
    )
    assert project.BULK == project.SENTENCES
    assert project.SENTENCES.without("update-not-allowed") == project.PUT
    assert project.QUERY.codes == ("project-not-found",)
    for each in (project.READ, project.SEGMENTS, project.DELETE, project.WITHDRAW):
        assert each.codes == ("project-not-found", "participant-not-found")
    assert [each.code for each in project.SENTENCES if each.gate] == ["project-not-found"]
    not_found = [each.code for each in project.SENTENCES if each.status == 404]
    assert not_found == ["project-not-found", "participant-not-found"]
    unknown = project.Case.of(project.read({"demographics": {"gender": "m"}}), project.Known(None, ()))
    assert [each.code for each in project.PUT.violations(unknown)] == ["project-not-found"]


def test_the_table_is_the_order() -> None:
    """All violations of one payload, in the order of precedence."""
    payload = {
        "id": ID,
        "participantIdentifier": "B-1",
        "invitationStatus": "open",
        "secondaryIdentifier": "S1",
        "customFields": {"SecondaryIdentifier": "S2", "x": 1},
        "demographics": {
            "email": "kim@example.com",
            "dateOfBirth": "never",
            "gender": "m",
            "mobilePhone": "2125550100",
            "utcOffset": "UTC",
            "name": "Lee",
        },
        "enrolled": False,
    }
    assert [each.code for each in judged(payload, LEE | {"enrolled": True}, KIM, **TYPED)] == [
        "participant-identifier-taken",
        "invitation-status-unknown",
        "secondary-identifier-conflict",
        "date-of-birth-malformed",
        "gender-unknown",
        "utc-offset-malformed",
        "custom-field-undeclared",
        "custom-field-mistyped",
        "custom-field-mistyped",
        "email-immutable",
        "mobile-phone-immutable",
        "email-taken",
        "mobile-phone-taken",
        "secondary-identifier-deprecated",
        "read-only-field",
        "unknown-field",
    ]


# ---- legacy values


LEGACY = {
    "id": ID,
    "enrolled": True,
    "participantIdentifier": "old one",
    "invitationStatus": "Sent",
    "demographics": {
        "email": "Not-An-Address",
        "dateOfBirth": "16.06.2000",
        "gender": "male",
        "mobilePhone": "ask mum",
        "utcOffset": "EST",
        "firstName": " Lee ",
    },
    "customFields": {"odd name": {"a": [1]}, "I": "many", "SecondaryIdentifier": 7},
    "accountEmail": "x@example.com",
}


def test_what_is_stored_goes_back_unjudged() -> None:
    """No format, immutability or uniqueness violation for a value that is the same."""
    twin = {"demographics": {"email": "Not-An-Address", "mobilePhone": "Ask Mum"}}
    assert errors(LEGACY, LEGACY, twin, **TYPED) == []
    shouted = {"id": ID, "demographics": {"email": "NOT-AN-ADDRESS", "mobilePhone": "ASK MUM"}}
    assert errors(shouted, LEGACY, **TYPED) == []


def test_a_legacy_alias_goes_back_unjudged() -> None:
    """And another one of its kind does not."""
    stored = {"id": ID, "customFields": {"SecondaryIdentifier": "old"}}
    assert errors({"id": ID, "secondaryIdentifier": "old"}, stored, **TYPED) == []
    assert errors({"id": ID, "secondaryIdentifier": "older"}, stored, **TYPED) == [
        ("custom-field-mistyped", "/secondaryIdentifier")
    ]


def test_another_legacy_value_is_judged() -> None:
    """It is the same value that is not judged, not the same field."""
    values = {"dateOfBirth": "17.06.2000", "gender": "Male", "utcOffset": "est"}
    assert [
        code for code, _ in errors({"id": ID, "invitationStatus": "sent", "demographics": values}, LEGACY)
    ] == [
        "invitation-status-unknown",
        "date-of-birth-malformed",
        "gender-unknown",
        "utc-offset-malformed",
    ]
    fields = {"odd name": {"a": [True]}, "I": "More"}
    assert errors({"id": ID, "customFields": fields}, LEGACY, **TYPED) == [
        ("custom-field-undeclared", "/customFields/odd name"),
        ("custom-field-mistyped", "/customFields/I"),
    ]


# ---- warnings


def test_secondary_identifier_deprecated() -> None:
    """It has a warning, and another one where the project has no such field."""
    assert warnings({"participantIdentifier": "x", "secondaryIdentifier": None}) == [
        ("secondary-identifier-deprecated", "/secondaryIdentifier")
    ]
    found = judged({"participantIdentifier": "x", "secondaryIdentifier": "S"}, customFields=[])
    assert found[0].message.endswith("which the project does not have.")
    assert warnings({"participantIdentifier": "x"}) == []


def test_read_only_and_unknown_members_are_warned_about() -> None:
    """Whatever their type; one that differs in case only names the documented one."""
    payload = {
        "participantIdentifier": "x",
        "enrolled": "yes",
        "enrollmentDate": 1,
        "withdrawDate": [],
        "insertedDate": {},
        "linkIdentifier": None,
        "addedToSegmentDate": True,
        "accountEmail": 1,
        "ID": "x",
        "demographics": {"name": "Lee", "timeZone": None},
    }
    assert [(code, pointer) for code, pointer in warnings(payload)] == [
        ("read-only-field", "/enrolled"),
        ("read-only-field", "/enrollmentDate"),
        ("read-only-field", "/withdrawDate"),
        ("read-only-field", "/insertedDate"),
        ("read-only-field", "/linkIdentifier"),
        ("read-only-field", "/addedToSegmentDate"),
        ("unknown-field", "/accountEmail"),
        ("unknown-field", "/ID"),
        ("unknown-field", "/demographics/name"),
        ("unknown-field", "/demographics/timeZone"),
    ]
    assert errors(payload) == []
    assert "; id is" in next(each.message for each in judged(payload) if each.pointer == "/ID")


def test_custom_field_name_malformed() -> None:
    """Only where fields are undeclared, and not where the field is stored with that value."""
    payload = {"participantIdentifier": "x", "customFields": {"odd name": 1, "Ok_1": 2, "é": 3}}
    assert warnings(payload) == [
        ("custom-field-name-malformed", "/customFields/odd name"),
        ("custom-field-name-malformed", "/customFields/é"),
    ]
    assert warnings(payload, customFields=[]) == []
    assert warnings(payload, payload) == []


def test_mobile_phone_not_ten_digits() -> None:
    """The vendor takes ten digits and nothing else."""
    assert warnings(demographics(mobilePhone="(555) 777-8888")) == [
        ("mobile-phone-not-ten-digits", "/demographics/mobilePhone")
    ]
    assert warnings(demographics(mobilePhone=" 5557778888 ")) == []
    assert (
        warnings({"participantIdentifier": "A-7", "demographics": {"mobilePhone": "(555) 777-8888"}}, LEE)
        == []
    )


def test_of_a_malformed_number_no_form_is_said() -> None:
    """It is an error, or the very text that is stored, with nothing beside it."""
    assert warnings(demographics(mobilePhone="12")) == []
    stored = {"id": ID, "participantIdentifier": "A-7", "demographics": {"mobilePhone": "no number"}}
    sent = {"participantIdentifier": "A-7", "demographics": {"mobilePhone": "No Number "}}
    assert (errors(sent, stored), warnings(sent, stored)) == ([], [])
    sent["demographics"] = {"mobilePhone": None}
    assert (errors(sent, stored), warnings(sent, stored)) == ([], [])


# ---- what is not known


def test_without_a_store_only_what_is_known_is_judged() -> None:
    """Form rules run, and so do the rows of a batch against each other."""
    assert [each.code for each in project.check({"id": ID, "demographics": {"gender": "m"}})] == [
        "gender-unknown"
    ]
    batch = {
        "participants": [demographics(email="a@example.com"), {"demographics": {"email": "A@example.com"}}]
    }
    found = project.check(batch, operation="bulk")
    assert [(each.code, each.pointer, each.related) for each in found] == [
        ("email-taken", "/participants/1/demographics/email", "/participants/0/demographics/email")
    ]
    unsure = {
        "participants": [
            demographics(email="a@example.com"),
            {"id": ID, "demographics": {"email": "A@example.com"}},
        ]
    }
    assert project.check(unsure, operation="bulk") == ()


def test_form_needs_only_the_payload() -> None:
    """FORM is the laws that need no store."""
    found = project.check({"demographics": {"gender": "m"}}, rules={project.Operation.PUT: project.FORM})
    assert [each.code for each in found] == ["identity-required", "gender-unknown"]


def test_a_law_of_ones_own_is_added() -> None:
    """A caller adds a law with a plus."""

    @rule("Staff register with their work address.", pointer="/demographics/email")
    def staff_address(case: project.Case):  # type: ignore[no-untyped-def]  # noqa: ANN202
        if not (case.demographics.email or "").endswith("@example.com"):
            yield at()

    rules = {**project.RULES, project.Operation.PUT: project.PUT + staff_address}
    assert [each.code for each in project.check(demographics(email="a@example.org"), rules=rules)] == [
        "staff-address"
    ]


def test_recognise_knows_a_sentence_of_the_page() -> None:
    """A server's sentence becomes a violation again."""
    found = project.PUT.recognise("Gender code: M, F, O, or null.")
    assert found is not None
    assert (found.code, found.pointer) == ("gender-unknown", "/demographics/gender")
