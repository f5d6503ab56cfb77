"""The rules of project participants: one for each law, in the order of precedence.

Source: "Participant Object" and "Add/Update Participant". The page prints laws, not errors: where it prints
one, its sentence is the message (quoted). At the bottom stand the rule sets.
"""

from collections.abc import Iterator
from typing import Final

from participant_rules.declared import immutable, unique, well_formed
from participant_rules.engine.slots import State
from participant_rules.project.case import Case, Operation
from participant_rules.project.forms import TEN_DIGITS
from participant_rules.project.ledger import Entry
from participant_rules.project.model import READ_ONLY, SECONDARY
from participant_rules.project.named import Named
from participant_rules.project.types import text_of
from participant_rules.rulebook import Rulebook
from participant_rules.rules import At, at, rule
from participant_rules.ruleset import RuleSet
from participant_rules.schema.reads import IGNORED, asked, faults, malformed, state
from participant_rules.spelling import hint
from participant_rules.unknown import Unknown
from participant_rules.violations import Source
from participant_rules.wire import unknown_field

__all__ = [
    "BULK",
    "DELETE",
    "FORM",
    "PUT",
    "QUERY",
    "READ",
    "RULES",
    "SEGMENTS",
    "SENTENCES",
    "WITHDRAW",
]

ALIAS = "secondaryIdentifier"
WRITTEN = (faults("customFields"), malformed(ALIAS), *map(asked, (ALIAS, "customFields")))
"""The reads of custom fields: the members of the object, and the alias of one of them."""

participant_object = Source("quoted", "Participant Object")
add_update = Source("quoted", "Add/Update Participant, Body Parameters")

# ---- who is meant


@rule("Project not found.", status=404, gate=True, reads=[])
def project_not_found(case: Case) -> Iterator[At]:
    """A call names a project that exists."""
    if case.known.project is None:
        yield at()


@rule(
    "To add a new participant, you must include either a ParticipantIdentifier or email.",
    source=add_update,
    reads=[],
)
def identity_required(case: Case) -> Iterator[At]:
    """A new participant has an identifier or an e-mail address."""
    case.asked  # noqa: B018  a call without a body adds nobody
    if case.named is Named.NOBODY:
        yield at()


@rule("Participant not found.", pointer="/id", status=404, reads=[])
def participant_not_found(case: Case) -> Iterator[At]:
    """An id names a participant, and so does the name in a path."""
    if case.named in (Named.ID, Named.PATH) and case.entry is None:
        yield at(pointer=case.named.value)


@rule(
    "The participant is there already, and allowUpdate is false.",
    pointer="/participantIdentifier or /id",
    basis="documented",
    reads=[],
)
def update_not_allowed(case: Case) -> Iterator[At]:
    """Without allowUpdate a bulk request only adds participants."""
    if not case.allow_update and isinstance(case.entry, Entry):
        yield at(pointer=case.named.value)


def _renames(case: Case) -> bool:
    """Whether the body gives an identifier to the participant of its id."""
    return case.named is Named.ID


participant_identifier_taken = unique(
    "participantIdentifier",
    "Must be unique within a project.",
    code="participant-identifier-taken",
    law="A participant is not given the identifier of another one.",
    when=_renames,
    source=participant_object,
)


# ---- values

invitation_status_unknown = well_formed(
    "invitationStatus",
    "Status of the participant’s invitation: pending, declined, cancelled, approved, notInvited, "
    "or null (not set).",
    code="invitation-status-unknown",
    law="An invitation status is one of the documented ones, in their spelling.",
    source=participant_object,
)


@rule(
    "The secondaryIdentifier is not the custom field SecondaryIdentifier that is sent along.",
    pointer="/secondaryIdentifier",
    reads=[state(ALIAS), *map(asked, (ALIAS, "customFields"))],
)
def secondary_identifier_conflict(case: Case) -> Iterator[At]:
    """Who sends the alias and the custom field says the same with both."""
    if case.state("secondaryIdentifier") is State.ABSENT or SECONDARY not in case.custom_fields:
        return
    if case.secondary_identifier != text_of(case.custom_fields[SECONDARY]):
        yield at()


email_malformed = well_formed(
    "demographics.email",
    "The e-mail address is not well formed.",
    code="email-malformed",
    law="An e-mail address is well formed.",
)

date_of_birth_malformed = well_formed(
    "demographics.dateOfBirth",
    "Date in YYYY-MM-DD format.",
    code="date-of-birth-malformed",
    law="A date of birth is a real date in the documented form.",
    source=participant_object,
)

gender_unknown = well_formed(
    "demographics.gender",
    "Gender code: M, F, O, or null.",
    code="gender-unknown",
    law="A gender is one of the documented codes, in their spelling.",
    source=participant_object,
)

mobile_phone_malformed = well_formed(
    "demographics.mobilePhone",
    "The number is no phone number.",
    code="mobile-phone-malformed",
    law="A phone number is possible in its region, or valid where the caller wants that.",
)

utc_offset_malformed = well_formed(
    "demographics.utcOffset",
    "Timezone represented as a UTC offset, e.g., -04:00:00.",
    code="utc-offset-malformed",
    law="A timezone is a UTC offset of hours, minutes and seconds.",
    source=participant_object,
)


@rule(
    "The project declares no such custom field{hint}.",
    pointer="/customFields/{name}",
    reads=[faults("customFields")],
)
def custom_field_undeclared(case: Case) -> Iterator[At]:
    """Where custom fields are declared, there are no others."""
    for name, fault in case.field_faults:
        if "undeclared" in fault:
            yield at("customFields", name, hint=hint(name, case.project.types or {}, "; {} is one"))


@rule(
    "The value does not read as the field's type, {type}.",
    pointer="/customFields/{name}",
    reads=WRITTEN,
)
def custom_field_mistyped(case: Case) -> Iterator[At]:
    """The value of a declared custom field reads as its type."""
    types = case.project.types or {}
    for name, fault in case.field_faults:
        if "mistyped" in fault:
            yield at("customFields", name, type=types[name].value)
    if "mistyped" in case.alias_fault:
        yield at(ALIAS, type=types[SECONDARY].value)


@rule("The field is required.", pointer="/customFields/{name}", reads=[faults("customFields"), state(ALIAS)])
def custom_field_required(case: Case) -> Iterator[At]:
    """A participant has a value of every required custom field, and keeps one."""
    left_out = []
    for name, fault in case.faults_by_name:
        if fault not in (("cleared",), ("absent",)):
            continue
        alias = _state_of_alias(case) if name == SECONDARY else State.ABSENT
        if fault == ("absent",) and alias is State.ABSENT:
            left_out.append(name)
        elif alias in (State.ABSENT, State.NULL) and case.clears_field(name):
            yield at("customFields", name)
    for name in left_out if left_out and case.adds else ():
        yield at("customFields", name)


def _state_of_alias(case: Case) -> State:
    """The state of the alias for a custom field; of a wrong type it is a value."""
    try:
        return case.state(ALIAS)
    except Unknown:
        return State.UNREADABLE


@rule(
    "The value is not one of those that the field allows.",
    pointer="/customFields/{name}",
    reads=WRITTEN,
)
def custom_field_not_allowed(case: Case) -> Iterator[At]:
    """The value of a custom field is one of those that it allows."""
    for place, _ in _with_fault(case, "not-allowed"):
        yield at(*place)


@rule(
    "The value is out of the field's range, {range}.",
    pointer="/customFields/{name}",
    reads=WRITTEN,
)
def custom_field_out_of_range(case: Case) -> Iterator[At]:
    """The value of a custom field lies in its range."""
    for place, name in _with_fault(case, "out-of-range"):
        yield at(*place, range=case.custom_forms.range_of(name))


def _with_fault(case: Case, sort: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The paths and names of custom fields with a new value that has a fault of this sort."""
    for name, fault in case.field_faults:
        if sort in fault:
            yield ("customFields", name), name
    if sort in case.alias_fault and not case.sends_field(SECONDARY):
        yield (ALIAS,), SECONDARY


# ---- what is fixed, and what is unique


def _has_enrolled(case: Case) -> bool:
    """Whether the participant meant has enrolled."""
    return case.enrolled


email_immutable = immutable(
    "demographics.email",
    "Cannot be updated once a participant has enrolled.",
    code="email-immutable",
    law="Who has enrolled keeps the e-mail address.",
    when=_has_enrolled,
    source=participant_object,
    unless=["email-malformed"],
)

mobile_phone_immutable = immutable(
    "demographics.mobilePhone",
    "Cannot be updated once a participant has enrolled.",
    code="mobile-phone-immutable",
    law="Who has enrolled keeps the mobile phone.",
    when=_has_enrolled,
    source=participant_object,
    unless=["mobile-phone-malformed"],
)

email_taken = unique(
    "demographics.email",
    "Must be unique within a project.",
    code="email-taken",
    law="No two participants have the same e-mail address.",
    source=participant_object,
    unless=["email-malformed"],
)

mobile_phone_taken = unique(
    "demographics.mobilePhone",
    "Must be unique within a project.",
    code="mobile-phone-taken",
    law="No two participants have the same mobile phone.",
    source=participant_object,
    unless=["mobile-phone-malformed"],
)


@rule(
    "Cannot be updated once a participant has enrolled.",
    pointer="/customFields/{name}",
    reads=[*map(asked, (ALIAS, "customFields"))],
)
def custom_field_immutable(case: Case) -> Iterator[At]:
    """Who has enrolled keeps the values of immutable custom fields."""
    forms = case.custom_forms
    if not forms.immutable or not case.enrolled:
        return
    for name, value in case.changed_fields:
        if name in forms.immutable and _SAID_ALONE.isdisjoint(forms.fault(name, value) or ()):
            yield at(*case.pointer_of_field(name))


_SAID_ALONE: Final = frozenset({"mistyped", "cleared"})
"""The faults of a custom field that silence what else is wrong with it."""


@rule(
    "Must be unique within a project.",
    pointer="/customFields/{name}",
    about="customFields",
    reads=[faults("customFields"), asked("customFields")],
)
def custom_field_taken(case: Case) -> Iterator[At]:
    """No two participants have the same value of a unique custom field."""
    mistyped = {name for name, fault in case.faults_by_name if "mistyped" in fault}
    for name in case.custom_forms.unique:
        path = f"customFields.{name}"
        if name not in mistyped and case.is_taken(path):
            yield at(*case.pointer_of_field(name), related=case.related(path))


# ---- warnings


@rule(
    "The member is deprecated: it is an alias of the custom field SecondaryIdentifier{ignored}.",
    severity="warning",
    pointer="/secondaryIdentifier",
    basis="documented",
    reads=[state("secondaryIdentifier")],
)
def secondary_identifier_deprecated(case: Case) -> Iterator[At]:
    """The custom field SecondaryIdentifier is set by its own name."""
    if case.state("secondaryIdentifier") is not State.ABSENT:
        missing = not case.project.has_secondary_identifier
        yield at(ignored=", which the project does not have" if missing else "")


@rule(
    "The member is read-only and is ignored.",
    severity="warning",
    pointer="/{member}",
    basis="documented",
    reads=[IGNORED],
)
def read_only_field(case: Case) -> Iterator[At]:
    """A request leaves out what only the server sets."""
    sent = {name for path, name in case.ignored if path == ()}
    for name in READ_ONLY:
        if name in sent:
            yield at(name)


@rule(
    "The name of a custom field has ASCII letters, digits and underscores.",
    pointer="/customFields/{name}",
    severity="warning",
    reads=[faults("customFields")],
)
def custom_field_name_malformed(case: Case) -> Iterator[At]:
    """The name of a custom field has ASCII letters, digits and underscores only."""
    for name, fault in case.field_faults:
        if "malformed-name" in fault:
            yield at("customFields", name)


@rule(
    "The vendor only accepts 10 digits.",
    severity="warning",
    pointer="/demographics/mobilePhone",
    basis="documented",
    reads=[malformed("demographics.mobilePhone"), malformed("demographics.mobilePhone", TEN_DIGITS)],
)
def mobile_phone_not_ten_digits(case: Case) -> Iterator[At]:
    """A phone number is written as ten digits."""
    phone = "demographics.mobilePhone"
    if case.malformed(phone, TEN_DIGITS) and not case.malformed(phone) and case.is_judged(phone):
        yield at()


SENTENCES = RuleSet(
    (
        project_not_found,
        identity_required,
        participant_not_found,
        update_not_allowed,
        participant_identifier_taken,
        invitation_status_unknown,
        secondary_identifier_conflict,
        email_malformed,
        date_of_birth_malformed,
        gender_unknown,
        mobile_phone_malformed,
        utc_offset_malformed,
        custom_field_undeclared,
        custom_field_mistyped,
        custom_field_required,
        custom_field_not_allowed,
        custom_field_out_of_range,
        email_immutable,
        mobile_phone_immutable,
        email_taken,
        mobile_phone_taken,
        custom_field_immutable,
        custom_field_taken,
        secondary_identifier_deprecated,
        read_only_field,
        unknown_field,
        custom_field_name_malformed,
        mobile_phone_not_ten_digits,
    )
)
"""Every rule of the family, in the order of precedence."""

QUERY = SENTENCES.only("project-not-found")
"""The rules of Query Participants."""

READ = SENTENCES.only("project-not-found", "participant-not-found")
"""The rules of Get Participant."""

SEGMENTS = READ
"""The rules of Get Participant Segments."""

DELETE = READ
"""The rules of Delete Participant."""

WITHDRAW = READ
"""The rules of Withdraw Participant."""

FORM = SENTENCES.without(
    "project-not-found",
    "participant-not-found",
    "update-not-allowed",
    "participant-identifier-taken",
    "email-immutable",
    "mobile-phone-immutable",
    "email-taken",
    "mobile-phone-taken",
    "custom-field-immutable",
    "custom-field-taken",
)
"""The rules of a body and a project's definition, which need no store."""

PUT = SENTENCES.without("update-not-allowed")
"""The rules of Add/Update Participant."""

BULK = SENTENCES
"""The rules of a row of Bulk Add/Update Participants."""

RULES: Rulebook[Operation] = Rulebook(
    {
        Operation.QUERY: QUERY,
        Operation.READ: READ,
        Operation.PUT: PUT,
        Operation.SEGMENTS: SEGMENTS,
        Operation.BULK: BULK,
        Operation.DELETE: DELETE,
        Operation.WITHDRAW: WITHDRAW,
    }
)
"""The rules of each call."""
