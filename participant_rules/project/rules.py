"""The laws of project participants: one function for each, in the order of precedence.

Source: "Participant Object" and "Add/Update Participant". The page prints laws, not errors: where it prints
one, its sentence is the message (quoted). At the bottom stand the rule sets.
"""

import re
from collections.abc import Iterator, Mapping

from participant_rules.formats import is_date, is_utc_offset
from participant_rules.project import guards
from participant_rules.project.case import Case, Named, Operation
from participant_rules.project.ledger import Entry
from participant_rules.project.model import GENDERS, READ_ONLY, SECONDARY, STATUSES
from participant_rules.project.values import TYPES, is_nothing, text_of
from participant_rules.rules import At, RuleSet, at, rule
from participant_rules.unset import UNSET
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
    "related",
]

participant_object = Source("quoted", "Participant Object")
add_update = Source("quoted", "Add/Update Participant, Body Parameters")

# ---- who is meant


@rule("Project not found.", status=404, gate=True, clear=guards.identified)
def project_not_found(case: Case) -> Iterator[At]:
    """A call names a project that exists."""
    if case.known.project is None:
        yield at()


@rule(
    "To add a new participant, you must include either a ParticipantIdentifier or email.",
    source=add_update,
    clear=guards.identified,
)
def identity_required(case: Case) -> Iterator[At]:
    """A new participant has an identifier or an e-mail address."""
    case.asked  # noqa: B018  a call without a body adds nobody
    if case.named is Named.NOBODY:
        yield at()


@rule("Participant not found.", pointer="/id", status=404, clear=guards.identified)
def participant_not_found(case: Case) -> Iterator[At]:
    """An id names a participant, and so does the name in a path."""
    if case.named in (Named.ID, Named.PATH) and case.entry is None:
        yield at(pointer=case.named.value)


@rule(
    "The participant is there already, and allowUpdate is false.",
    pointer="/participantIdentifier or /id",
    basis="documented",
    clear=guards.identified,
)
def update_not_allowed(case: Case) -> Iterator[At]:
    """Without allowUpdate a bulk request only adds participants."""
    if not case.allow_update and isinstance(case.entry, Entry):
        yield at(pointer=case.named.value)


@rule(
    "Must be unique within a project.",
    pointer="/participantIdentifier",
    source=participant_object,
    clear=guards.identified,
)
def participant_identifier_taken(case: Case) -> Iterator[At]:
    """A participant is not given the identifier of another one."""
    entry, holder = case.meant, case.identifier_holder
    if case.new_identifier is None:
        return
    if "participantIdentifier" in case.lost or holder not in (None, entry):
        yield at(related=related(case.identifier_row, "/participantIdentifier"))


# ---- values


@rule(
    "Status of the participant’s invitation: pending, declined, cancelled, approved, notInvited, "
    "or null (not set).",
    pointer="/invitationStatus",
    source=participant_object,
    clear=guards.values_fit,
)
def invitation_status_unknown(case: Case) -> Iterator[At]:
    """An invitation status is one of the documented ones, in their spelling."""
    status = case.new_invitation_status
    if status is not None and status not in STATUSES:
        yield at()


@rule(
    "The secondaryIdentifier is not the custom field SecondaryIdentifier that is sent along.",
    pointer="/secondaryIdentifier",
    clear=guards.fields_fit,
)
def secondary_identifier_conflict(case: Case) -> Iterator[At]:
    """Who sends the alias and the custom field says the same with both."""
    if case.asked.secondary_identifier is UNSET or SECONDARY not in case.custom_fields:
        return
    if case.secondary_identifier != text_of(case.custom_fields[SECONDARY]):
        yield at()


@rule("The e-mail address is not well formed.", pointer="/demographics/email", clear=guards.email_fits)
def email_malformed(case: Case) -> Iterator[At]:
    """An e-mail address is well formed."""
    if case.new_email is not None and case.email_key is None:
        yield at()


@rule(
    "Date in YYYY-MM-DD format.",
    pointer="/demographics/dateOfBirth",
    source=participant_object,
    clear=guards.values_fit,
)
def date_of_birth_malformed(case: Case) -> Iterator[At]:
    """A date of birth is a real date in the documented form."""
    born = case.new_demographic("date_of_birth")
    if born is not None and not is_date(born):
        yield at()


@rule(
    "Gender code: M, F, O, or null.",
    pointer="/demographics/gender",
    source=participant_object,
    clear=guards.values_fit,
)
def gender_unknown(case: Case) -> Iterator[At]:
    """A gender is one of the documented codes, in their spelling."""
    gender = case.new_demographic("gender")
    if gender is not None and gender not in GENDERS:
        yield at()


@rule("The number is no phone number.", pointer="/demographics/mobilePhone", clear=guards.phone_fits)
def mobile_phone_malformed(case: Case) -> Iterator[At]:
    """A phone number is possible in its region, or valid where the caller wants that."""
    if case.new_phone is None:
        return
    if case.phone_key is None or not case.policy.admits(case.phone_key, case.project.default_region):
        yield at()


@rule(
    "Timezone represented as a UTC offset, e.g., -04:00:00.",
    pointer="/demographics/utcOffset",
    source=participant_object,
    clear=guards.values_fit,
)
def utc_offset_malformed(case: Case) -> Iterator[At]:
    """A timezone is a UTC offset of hours, minutes and seconds."""
    offset = case.new_demographic("utc_offset")
    if offset is not None and not is_utc_offset(offset):
        yield at()


@rule("The project declares no such custom field.", pointer="/customFields/{name}", clear=guards.fields_fit)
def custom_field_undeclared(case: Case) -> Iterator[At]:
    """Where custom fields are declared, there are no others."""
    types = case.project.types
    for name, _ in case.new_fields:
        if types is not None and name not in types:
            yield at("customFields", name)


@rule(
    "The value does not read as the field's type, {type}.",
    pointer="/customFields/{name}",
    clear=guards.fields_fit,
)
def custom_field_mistyped(case: Case) -> Iterator[At]:
    """The value of a declared custom field reads as its type."""
    types = case.project.types or {}
    for name, value in case.new_fields:
        if name in types and not is_nothing(value) and not TYPES[types[name]](value):
            yield at("customFields", name, type=types[name].value)
    alias = case.new_secondary_identifier
    if alias is not None and SECONDARY in types and not TYPES[types[SECONDARY]](alias):
        yield at("secondaryIdentifier", type=types[SECONDARY].value)


# ---- what is fixed, and what is unique


@rule(
    "Cannot be updated once a participant has enrolled.",
    pointer="/demographics/email",
    source=participant_object,
    unless=["email-malformed"],
    clear=guards.email_fits,
)
def email_immutable(case: Case) -> Iterator[At]:
    """Who has enrolled keeps the e-mail address."""
    if case.meant and case.standing and case.standing.enrolled and case.changes_email:
        yield at()


@rule(
    "Cannot be updated once a participant has enrolled.",
    pointer="/demographics/mobilePhone",
    source=participant_object,
    unless=["mobile-phone-malformed"],
    clear=guards.phone_fits,
)
def mobile_phone_immutable(case: Case) -> Iterator[At]:
    """Who has enrolled keeps the mobile phone."""
    if case.meant and case.standing and case.standing.enrolled and case.changes_phone:
        yield at()


@rule(
    "Must be unique within a project.",
    pointer="/demographics/email",
    source=participant_object,
    unless=["email-malformed"],
    clear=guards.email_fits,
)
def email_taken(case: Case) -> Iterator[At]:
    """No two participants have the same e-mail address."""
    entry, holder = case.meant, case.email_holder
    if case.new_email is None:
        return
    if "email" in case.lost or holder not in (None, entry):
        yield at(related=related(case.email_row, "/demographics/email"))


@rule(
    "Must be unique within a project.",
    pointer="/demographics/mobilePhone",
    source=participant_object,
    unless=["mobile-phone-malformed"],
    clear=guards.phone_fits,
)
def mobile_phone_taken(case: Case) -> Iterator[At]:
    """No two participants have the same mobile phone."""
    entry, holder = case.meant, case.phone_holder
    if case.new_phone is None:
        return
    if "mobilePhone" in case.lost or holder not in (None, entry):
        yield at(related=related(case.phone_row, "/demographics/mobilePhone"))


def related(row: int | None, member: str) -> str | None:
    """The member of the earlier row that has the value; None when it was stored before."""
    return None if row is None else f"/participants/{row}{member}"


# ---- warnings


@rule(
    "The member is deprecated: it is an alias of the custom field SecondaryIdentifier{ignored}.",
    severity="warning",
    pointer="/secondaryIdentifier",
    basis="documented",
)
def secondary_identifier_deprecated(case: Case) -> Iterator[At]:
    """The custom field SecondaryIdentifier is set by its own name."""
    if case.asked.secondary_identifier is not UNSET:
        missing = not case.project.has_secondary_identifier
        yield at(ignored=", which the project does not have" if missing else "")


@rule("The member is read-only and is ignored.", severity="warning", pointer="/{member}", basis="documented")
def read_only_field(case: Case) -> Iterator[At]:
    """A request leaves out what only the server sets."""
    for name in READ_ONLY:
        if name in case.asked.extras:
            yield at(name)


_PLAIN_NAME = re.compile(r"[A-Za-z0-9_]+").fullmatch


@rule(
    "The name of a custom field has ASCII letters, digits and underscores.",
    severity="warning",
    pointer="/customFields/{name}",
)
def custom_field_name_malformed(case: Case) -> Iterator[At]:
    """The name of a custom field has ASCII letters, digits and underscores only."""
    if case.project.types is not None:
        return
    for name, _ in case.new_fields:
        if not _PLAIN_NAME(name):
            yield at("customFields", name)


_TEN_DIGITS = re.compile(r"[0-9]{10}").fullmatch


@rule(
    "The vendor only accepts 10 digits.",
    severity="warning",
    pointer="/demographics/mobilePhone",
    basis="documented",
)
def mobile_phone_not_ten_digits(case: Case) -> Iterator[At]:
    """A phone number is written as ten digits."""
    phone = case.new_phone
    if phone is not None and not _TEN_DIGITS(phone) and case.phone_key is not None:
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
        email_immutable,
        mobile_phone_immutable,
        email_taken,
        mobile_phone_taken,
        secondary_identifier_deprecated,
        read_only_field,
        unknown_field,
        custom_field_name_malformed,
        mobile_phone_not_ten_digits,
    )
)
"""Every law of the family, in the order of precedence."""

QUERY = SENTENCES.only("project-not-found")
READ = SENTENCES.only("project-not-found", "participant-not-found")
SEGMENTS = READ
DELETE = READ
WITHDRAW = READ

FORM = SENTENCES.without(
    "project-not-found",
    "participant-not-found",
    "update-not-allowed",
    "participant-identifier-taken",
    "email-immutable",
    "mobile-phone-immutable",
    "email-taken",
    "mobile-phone-taken",
)
"""What a body and a project's definition tell without asking a store."""

PUT = SENTENCES.without("update-not-allowed")
BULK = SENTENCES

RULES: Mapping[Operation, RuleSet] = {
    Operation.QUERY: QUERY,
    Operation.READ: READ,
    Operation.PUT: PUT,
    Operation.SEGMENTS: SEGMENTS,
    Operation.BULK: BULK,
    Operation.DELETE: DELETE,
    Operation.WITHDRAW: WITHDRAW,
}
"""The laws of each call."""
