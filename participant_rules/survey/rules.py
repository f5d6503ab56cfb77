"""The laws of survey participants: one function for each documented sentence, in the order of precedence.

Source: "Update Participant", section "HTTP Status Codes", which prints the sentences. A leading space and a
stray brace are really printed there; `text` repairs them for people. At the bottom stand the rule sets.
"""

from collections.abc import Iterator, Mapping

from attrs import evolve

from participant_rules import wire
from participant_rules.formats import email_key
from participant_rules.rules import At, RuleSet, at, rule
from participant_rules.survey import guards
from participant_rules.survey.case import Case, Operation, blank, told
from participant_rules.survey.model import address_key
from participant_rules.survey.omission import omissions
from participant_rules.unset import UNREADABLE, UNSET
from participant_rules.violations import Source

__all__ = [
    "ADD",
    "ADD_SUBJECT",
    "DELETE",
    "DELETE_SUBJECT",
    "FORM",
    "LIST",
    "READ",
    "READ_SUBJECT",
    "RULES",
    "SENTENCES",
    "UPDATE",
    "UPDATE_SUBJECT",
]

printed = Source("printed", "Update Participant, HTTP Status Codes")

# ---- gates: one that fires ends the judging


@rule(
    "The survey does not exist or you do not have access to it.",
    status=401,
    basis="documented",
    gate=True,
    clear=guards.call,
)
def survey_not_accessible(case: Case) -> Iterator[At]:
    """A call names a survey that exists and that the user has access to."""
    if case.known_survey is None:
        yield at()


@rule(
    " Survey does not support participants.",
    source=printed,
    basis="inferred",
    gate=True,
    clear=guards.call,
)
def participants_unsupported(case: Case) -> Iterator[At]:
    """A survey with participants sends invitations, tracks its respondents, or both."""
    if not case.survey.supports_participants:
        yield at()


@rule(
    " Participants cannot be added, updated or deleted whilst an import is scheduled or running.",
    source=printed,
    gate=True,
    clear=guards.call,
)
def import_in_progress(case: Case) -> Iterator[At]:
    """Nothing is written while an import is scheduled or running."""
    if case.import_state:
        yield at()


@rule("Participant not found.", status=404, source=printed, gate=True, clear=guards.call)
def participant_not_found(case: Case) -> Iterator[At]:
    """The id in the path names a participant."""
    if case.change.uid is not UNSET and case.stored is None:
        yield at()


@rule("Subject not found.", status=404, gate=True)
def subject_not_found(case: Case) -> Iterator[At]:
    """The subject name in the path names a subject of a participant who logs in."""
    names_one = case.change.subject_name is not UNSET
    if not case.survey.logged_on or (names_one and case.path_subject not in case.stored_subjects):
        yield at()


# ---- sections


@rule(
    "Participants require a login section.",
    pointer="/loginSection",
    source=printed,
    clear=guards.sections,
)
def login_section_required(case: Case) -> Iterator[At]:
    """A survey that tracks its respondents wants a login section."""
    if case.survey.logged_on and told(case.participant.login_section) is None:
        yield at()


@rule("You must provide a login name.", pointer="/loginSection/login", source=printed, clear=guards.identity)
def login_name_required(case: Case) -> Iterator[At]:
    """A participant who logs in has a login name."""
    if blank(case.login):
        yield at()


@rule(
    "Participants require an invitation section.",
    pointer="/invitationSection",
    source=printed,
    clear=guards.sections,
)
def invitation_section_required(case: Case) -> Iterator[At]:
    """A survey that sends invitations wants an invitation section."""
    if case.survey.invited and told(case.participant.invitation_section) is None:
        yield at()


@rule(
    "Participants should not have an invitation section.",
    pointer="/invitationSection",
    source=printed,
    clear=guards.sections,
)
def invitation_section_unexpected(case: Case) -> Iterator[At]:
    """A survey that only tracks its respondents wants no invitation section."""
    if not case.survey.invited and told(case.participant.invitation_section) is not None:
        yield at()


@rule(
    "Participants should not have a login section.",
    pointer="/loginSection",
    source=printed,
    clear=guards.sections,
)
def login_section_unexpected(case: Case) -> Iterator[At]:
    """A survey that only sends invitations wants no login section."""
    if not case.survey.logged_on and told(case.participant.login_section) is not None:
        yield at()


@rule(
    "The unique participant id provided in the URL must be the same as in the request body.",
    pointer="/loginSection/login or /invitationSection/emailAddress",
    source=printed,
    clear=guards.identity,
)
def identity_mismatch(case: Case) -> Iterator[At]:
    """The body's login name, or else its e-mail address, is the id of the path."""
    written, survey = case.identity, case.survey
    if written is not None and survey.key(written) != survey.key(case.uid):
        yield at("loginSection", "login") if survey.logged_on else at("invitationSection", "emailAddress")


# ---- interviewer


@rule(
    "Not allowed to add, update or delete an interviewer.",
    pointer="/loginSection/interviewer",
    source=printed,
    basis="inferred",
    clear=guards.interviewer,
)
def interviewer_not_allowed(case: Case) -> Iterator[At]:
    """Only a caller who may manage interviewers names one, and only where the survey allows them."""
    if case.interviewer is not None and not case.may_name_interviewer:
        yield at()


@rule(
    "Must provide an interviewer property and value cannot be null.",
    pointer="/loginSection/interviewer",
    source=printed,
    clear=guards.interviewer,
)
def interviewer_required(case: Case) -> Iterator[At]:
    """Where an interviewer may be named one is; an empty string means every interviewer."""
    if case.interviewer is None and case.may_name_interviewer:
        yield at()


@rule(
    "Interviewer does not have access to the survey.",
    pointer="/loginSection/interviewer",
    source=printed,
    clear=guards.interviewer,
)
def interviewer_without_access(case: Case) -> Iterator[At]:
    """The interviewer is the address of a user with access to the survey."""
    named = case.interviewer
    if named and case.may_name_interviewer and address_key(named) not in (case.interviewers or ()):
        yield at()


# ---- subjects


@rule(
    "Participants for this survey must have one subject.",
    pointer="/loginSection/subjects",
    source=printed,
    clear=guards.subjects,
)
def subject_required(case: Case) -> Iterator[At]:
    """In a non-group questionnaire a participant has a subject, and keeps it."""
    if case.survey.group:
        return
    if case.change.operation is Operation.DELETE_SUBJECT:
        yield at(pointer="")
    elif not case.subject_list:
        yield at()


@rule(
    "Participants for this survey must only have one subject and the subject name must be an empty string.",
    pointer="/loginSection/subjects",
    source=printed,
    clear=guards.subjects,
)
def subject_not_single(case: Case) -> Iterator[At]:
    """In a non-group questionnaire a participant has a single subject, whose name is empty."""
    if case.survey.group:
        return
    if case.change.operation is Operation.ADD_SUBJECT:
        yield at(pointer="")
    elif len(case.subject_list) > 1 or any(name != "" for name in case.subject_names):
        yield at()


@rule(
    "Participants for this survey must have at least one subject.",
    pointer="/loginSection/subjects",
    source=printed,
    clear=guards.subjects,
)
def subjects_required(case: Case) -> Iterator[At]:
    """In a group questionnaire a participant has subjects, and keeps the last one."""
    if not case.survey.group:
        return
    if case.change.operation is Operation.DELETE_SUBJECT:
        if len(case.stored_subjects) == 1:
            yield at(pointer="")
    elif not case.subject_list:
        yield at()


@rule(
    "Subject name cannot be blank for a group questionnaire.",
    pointer="/loginSection/subjects/{i}/subjectName",
    source=printed,
    clear=guards.subjects,
)
def subject_name_blank(case: Case) -> Iterator[At]:
    """In a group questionnaire every subject has a name."""
    if not case.survey.group:
        return
    for path, subject in case.subjects:
        if blank(subject.subject_name):
            yield at(*path, "subjectName")


# ---- invitation


@rule(
    "Participant cannot be opted out and have send invitations enabled at the same time.",
    pointer="/invitationSection",
    source=printed,
    clear=guards.address,
)
def opted_out_and_invited(case: Case) -> Iterator[At]:
    """Who has opted out gets no invitations."""
    if case.invitation_section.opted_out is True and case.invitation_section.send_invitations is True:
        yield at()


@rule(
    "You must provide a valid email address.",
    pointer="/invitationSection/emailAddress",
    source=printed,
    basis="inferred",
    unless=["identity-mismatch"],
    clear=guards.address,
)
def email_required(case: Case) -> Iterator[At]:
    """Who is invited, or known by the e-mail address alone, has a valid one."""
    address = case.email_address
    if blank(address):
        if case.address_is_needed:
            yield at()
    elif case.is_invite_only and email_key(address or "") is None:
        yield at()


@rule(
    "If an email address is provided, it must be valid.",
    pointer="/invitationSection/emailAddress",
    source=printed,
    basis="inferred",
    unless=["identity-mismatch"],
    clear=guards.address,
)
def email_malformed(case: Case) -> Iterator[At]:
    """The e-mail address of a participant who logs in may be left out, and is well formed."""
    address = case.email_address
    if case.survey.logged_on and not blank(address) and email_key(address or "") is None:
        yield at()


# ---- identity


@rule(
    "Participant with this login name does not exist.",
    pointer="/loginSection/login",
    source=printed,
    basis="inferred",
    clear=guards.identity,
)
def login_name_unknown(case: Case) -> Iterator[At]:
    """An update that is judged by its body alone names a participant by login name."""
    if (
        case.change.uid is UNSET
        and case.survey.logged_on
        and case.identity is not None
        and case.stored is None
    ):
        yield at()


@rule(
    "Participant with this login name already exists.",
    pointer="/loginSection/login",
    source=printed,
    clear=guards.identity,
)
def login_name_taken(case: Case) -> Iterator[At]:
    """A login name is unique within a survey."""
    if case.survey.logged_on and case.identity is not None and case.taken:
        yield at()


@rule(
    "Participant with this email address already exists.",
    pointer="/invitationSection/emailAddress",
    unless=["identity-mismatch", "email-required", "email-malformed"],
    clear=guards.identity,
)
def email_taken(case: Case) -> Iterator[At]:
    """An e-mail address is unique within an invite-only survey."""
    if case.is_invite_only and case.identity is not None and case.taken:
        yield at()


@rule(
    "Participants for this survey must have unique subjects.",
    pointer="/loginSection/subjects/{i}/subjectName",
    source=printed,
    clear=guards.subjects,
)
def subject_repeated(case: Case) -> Iterator[At]:
    """In a group questionnaire the names of the subjects differ."""
    if not case.survey.group:
        return
    adding = case.change.operation is Operation.ADD_SUBJECT
    earlier = set(case.stored_subjects) if adding else set()
    for path, subject in case.subjects:
        if blank(subject.subject_name) or subject.subject_name is UNREADABLE:
            continue
        if subject.subject_name in earlier:
            yield at(*path, "subjectName")
        earlier.add(subject.subject_name)


@rule("Participant to update does not exist.", source=printed, basis="inferred", clear=guards.identity)
def participant_vanished(case: Case) -> Iterator[At]:
    """The participant of an update is still there when the store commits it."""
    if case.vanished:
        yield at()


@rule(
    "Participant subjects do not match.",
    pointer="/loginSection/subjects",
    source=printed,
    basis="inferred",
    unless=[
        "subject-required",
        "subject-not-single",
        "subjects-required",
        "subject-name-blank",
        "subject-repeated",
    ],
    clear=guards.subjects,
)
def subjects_mismatch(case: Case) -> Iterator[At]:
    """An update keeps the names of the subjects."""
    if case.change.operation is Operation.UPDATE_SUBJECT:
        if told(case.body_subject.subject_name) != case.path_subject:
            yield at("subjectName")
    elif case.survey.group and case.survey.fixed_subjects:
        case.standing  # noqa: B018  who has no stored subjects has none to match
        if set(case.subject_names) != set(case.stored_subjects):
            yield at()


@rule(
    "Participant with this email address does not exist.",
    pointer="/invitationSection/emailAddress",
    source=printed,
    basis="inferred",
    clear=guards.identity,
)
def email_unknown(case: Case) -> Iterator[At]:
    """An update of an invite-only survey that is judged by its body alone names a participant by address."""
    if case.change.uid is UNSET and case.is_invite_only and case.identity is not None and case.stored is None:
        yield at()


# ---- seedings


@rule(
    "The invite seeding is spelt in two ways that differ.",
    pointer="/invitationSection/invitationSeeding",
    clear=guards.invites,
)
def invite_seeding_twice(case: Case) -> Iterator[At]:
    """A body that spells the invite seeding in both of the documented ways says the same with both."""
    section = case.invitation_section
    one, other = told(section.invite_seeding) or {}, told(section.invitation_seeding) or {}
    if UNSET in (section.invite_seeding, section.invitation_seeding):
        return
    for text in (*one.values(), *other.values()):
        told(text)
    if one != other:
        yield at()


@rule(
    "The seeding key '{item}' is there already, in another spelling.",
    pointer="{seeding}/{item}",
    clear=guards.keys,
)
def seeding_repeated(case: Case) -> Iterator[At]:
    """A seeding has each key once, whatever the case of its letters."""
    for path, seeding in case.seedings:
        if len(set(map(str.lower, seeding))) == len(seeding):
            continue
        earlier: set[str] = set()
        for name in seeding:
            if name.lower() in earlier:
                yield at(*path, name, item=name)
            earlier.add(name.lower())


@rule(
    " Participant invite seeding does not have a '{item}' seeding property.",
    pointer="/invitationSection/inviteSeeding/{item}",
    source=printed,
    basis="inferred",
    unless=["invite-seeding-twice"],
    clear=guards.invites,
)
def invite_seeding_unknown(case: Case) -> Iterator[At]:
    """The invite seeding has only keys of the survey; it need not have them all."""
    for seed in case.invite_seeds:
        if seed.key not in case.invitable:
            yield at(*seed.path, item=seed.name)


@rule(
    " Participant questionnaire seeding does not have a '{item}}}' seeding property.",
    text="Participant questionnaire seeding does not have a '{item}' seeding property.",
    pointer="/loginSection/subjects/{i}/questionnaireSeeding/{item}",
    source=printed,
    basis="inferred",
    clear=guards.seedings,
)
def questionnaire_seeding_unknown(case: Case) -> Iterator[At]:
    """The questionnaire seeding has only variables that the survey lets be seeded."""
    for seed in case.odd_seeds:
        if seed.key in case.variables and case.seedable is not None and seed.key not in case.seedable:
            yield at(*seed.path, item=seed.name)


@rule(
    " Survey does not have a '{item}' variable.",
    pointer="/loginSection/subjects/{i}/questionnaireSeeding/{item}",
    source=printed,
    clear=guards.seedings,
)
def variable_unknown(case: Case) -> Iterator[At]:
    """A seeded variable is one of the survey's."""
    for seed in case.odd_seeds:
        if seed.key not in case.variables:
            yield at(*seed.path, item=seed.name)


@rule(
    " Survey variable '{item}' is single choice. Multiple values are not allowed.",
    pointer="/loginSection/subjects/{i}/questionnaireSeeding/{item}",
    source=printed,
    clear=guards.seedings,
)
def choice_not_single(case: Case) -> Iterator[At]:
    """A single choice is seeded with one value."""
    for seed, variable, values in case.odd_choices:
        if variable.has_too_many(values):
            yield at(*seed.path, item=seed.name)


@rule(
    " Survey variable '{item}' cannot contain duplicate code values.",
    pointer="/loginSection/subjects/{i}/questionnaireSeeding/{item}",
    source=printed,
    clear=guards.seedings,
)
def choice_repeated(case: Case) -> Iterator[At]:
    """A multiple choice is seeded with each value once."""
    for seed, variable, values in case.odd_choices:
        if variable.repeats(values):
            yield at(*seed.path, item=seed.name)


@rule(
    " Survey variable '{item}' does not contain code value '{code}'.",
    pointer="/loginSection/subjects/{i}/questionnaireSeeding/{item}",
    source=printed,
    clear=guards.seedings,
)
def choice_unknown(case: Case) -> Iterator[At]:
    """A seeded code is one that the variable defines."""
    for seed, variable, values in case.odd_choices:
        for code in variable.unknown_codes(values):
            yield at(*seed.path, item=seed.name, code=code)


# ---- warnings


@rule(
    "The body leaves this out, which changes the stored value.",
    severity="warning",
    pointer="{member}",
    basis="documented",
    clear=guards.omissions,
)
def reset_by_omission(case: Case) -> Iterator[At]:
    """An update replaces the participant: what the body leaves out gets its default."""
    for path in omissions(case):
        yield at(*path)


unknown_field = evolve(wire.unknown_field, clear=guards.members)

SENTENCES = RuleSet(
    (
        survey_not_accessible,
        participants_unsupported,
        import_in_progress,
        participant_not_found,
        subject_not_found,
        login_section_required,
        login_name_required,
        invitation_section_required,
        invitation_section_unexpected,
        login_section_unexpected,
        identity_mismatch,
        interviewer_not_allowed,
        interviewer_required,
        interviewer_without_access,
        subject_required,
        subject_not_single,
        subjects_required,
        subject_name_blank,
        opted_out_and_invited,
        email_required,
        email_malformed,
        login_name_unknown,
        login_name_taken,
        email_taken,
        subject_repeated,
        participant_vanished,
        subjects_mismatch,
        email_unknown,
        invite_seeding_twice,
        seeding_repeated,
        invite_seeding_unknown,
        questionnaire_seeding_unknown,
        variable_unknown,
        choice_not_single,
        choice_repeated,
        choice_unknown,
        reset_by_omission,
        unknown_field,
    )
)
"""Every law of the family, in the order of precedence."""

LIST = SENTENCES.only("survey-not-accessible", "participants-unsupported")
READ = SENTENCES.only(*LIST.codes, "participant-not-found")
READ_SUBJECT = SENTENCES.only(*READ.codes, "subject-not-found")
DELETE = SENTENCES.only(*READ.codes, "import-in-progress", "participant-vanished")

SEEDS = (
    "seeding-repeated",
    "questionnaire-seeding-unknown",
    "variable-unknown",
    "choice-not-single",
    "choice-repeated",
    "choice-unknown",
)
ADD_SUBJECT = SENTENCES.only(
    *READ_SUBJECT.codes,
    "import-in-progress",
    "subject-not-single",
    "subject-name-blank",
    "subject-repeated",
    "participant-vanished",
    *SEEDS,
    "unknown-field",
)
UPDATE_SUBJECT = SENTENCES.only(
    *READ_SUBJECT.codes,
    "import-in-progress",
    "subject-name-blank",
    "participant-vanished",
    "subjects-mismatch",
    *SEEDS,
    "reset-by-omission",
    "unknown-field",
)
DELETE_SUBJECT = SENTENCES.only(
    *READ_SUBJECT.codes, "import-in-progress", "subject-required", "subjects-required", "participant-vanished"
)

FORM = SENTENCES.without(
    "survey-not-accessible",
    "import-in-progress",
    "participant-not-found",
    "subject-not-found",
    "login-name-unknown",
    "login-name-taken",
    "email-taken",
    "participant-vanished",
    "subjects-mismatch",
    "email-unknown",
    "reset-by-omission",
)
"""What a body and a survey's definition tell without asking a store."""

ADD = SENTENCES.without(
    "participant-not-found",
    "subject-not-found",
    "identity-mismatch",
    "login-name-unknown",
    "participant-vanished",
    "subjects-mismatch",
    "email-unknown",
    "reset-by-omission",
)
UPDATE = SENTENCES.without("subject-not-found", "login-name-taken", "email-taken")

RULES: Mapping[Operation, RuleSet] = {
    Operation.LIST: LIST,
    Operation.READ: READ,
    Operation.ADD: ADD,
    Operation.UPDATE: UPDATE,
    Operation.DELETE: DELETE,
    Operation.LIST_SUBJECTS: READ_SUBJECT,
    Operation.READ_SUBJECT: READ_SUBJECT,
    Operation.ADD_SUBJECT: ADD_SUBJECT,
    Operation.UPDATE_SUBJECT: UPDATE_SUBJECT,
    Operation.DELETE_SUBJECT: DELETE_SUBJECT,
}
"""The laws of each call."""
