"""The rules of survey participants: one for each documented sentence, in the order of precedence.

Source: "Update Participant", section "HTTP Status Codes", which prints the sentences. A leading space and a
stray brace are really printed there; `text` repairs them for people. At the bottom stand the rule sets.
"""

from collections.abc import Iterable, Iterator, Mapping

from participant_rules.declared import unique, well_formed
from participant_rules.engine.case import known_value
from participant_rules.engine.slots import State
from participant_rules.rulebook import Rulebook
from participant_rules.rules import At, at, rule
from participant_rules.ruleset import RuleSet
from participant_rules.schema.reads import asked, faults, state
from participant_rules.spelling import hint
from participant_rules.survey.case import INVITES, SEEDS, Case, Operation, blank
from participant_rules.survey.model import address_key
from participant_rules.survey.omission import omissions
from participant_rules.survey.seeding import NOT_SEEDABLE, UNKNOWN, ChoiceFault
from participant_rules.unset import UNREADABLE, UNSET
from participant_rules.violations import Source
from participant_rules.wire import unknown_field

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

LOGIN = "loginSection.login"
INTERVIEWER = "loginSection.interviewer"
NAMES = "loginSection.subjects[].subjectName"
ADDRESS = "invitationSection.emailAddress"
OPTED_OUT = "invitationSection.optedOut"
SENDING = "invitationSection.sendInvitations"
SECTIONS = (state("loginSection"), state("invitationSection"))
IDENTITY = (state(LOGIN), state(ADDRESS))
ADDRESS_DIFFERS = "identity-mismatch at /invitationSection/emailAddress"
SEEDINGS = (*map(faults, INVITES), state(INVITES[0]), faults(SEEDS))

printed = Source("printed", "Update Participant, HTTP Status Codes")

# ---- gates: one that fires ends the judging


@rule(
    "The survey does not exist or you do not have access to it.",
    status=401,
    basis="documented",
    gate=True,
    reads=[],
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
    reads=[],
)
def participants_unsupported(case: Case) -> Iterator[At]:
    """A survey with participants sends invitations, tracks its respondents, or both."""
    if not case.survey.supports_participants:
        yield at()


@rule(
    " Participants cannot be added, updated or deleted whilst an import is scheduled or running.",
    source=printed,
    gate=True,
    reads=[],
)
def import_in_progress(case: Case) -> Iterator[At]:
    """Nothing is written while an import is scheduled or running."""
    if case.import_state:
        yield at()


@rule(
    "Participant not found.",
    status=404,
    source=printed,
    gate=True,
    reads=[],
)
def participant_not_found(case: Case) -> Iterator[At]:
    """The id in the path names a participant."""
    if case.has_uid and not case.is_there:
        yield at()


@rule("Subject not found.", status=404, gate=True, reads=[])
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
    reads=SECTIONS,
)
def login_section_required(case: Case) -> Iterator[At]:
    """A survey that tracks its respondents wants a login section."""
    if case.survey.logged_on and case.lacks("loginSection"):
        yield at()


@rule(
    "You must provide a login name.",
    pointer="/loginSection/login",
    source=printed,
    reads=[state(LOGIN)],
)
def login_name_required(case: Case) -> Iterator[At]:
    """A participant who logs in has a login name."""
    if case.lacks(LOGIN):
        yield at()


@rule(
    "Participants require an invitation section.",
    pointer="/invitationSection",
    source=printed,
    reads=SECTIONS,
)
def invitation_section_required(case: Case) -> Iterator[At]:
    """A survey that sends invitations wants an invitation section."""
    if case.survey.invited and case.lacks("invitationSection"):
        yield at()


@rule(
    "Participants should not have an invitation section.",
    pointer="/invitationSection",
    source=printed,
    reads=SECTIONS,
)
def invitation_section_unexpected(case: Case) -> Iterator[At]:
    """A survey that only tracks its respondents wants no invitation section."""
    if not case.survey.invited and not case.lacks("invitationSection"):
        yield at()


@rule(
    "Participants should not have a login section.",
    pointer="/loginSection",
    source=printed,
    reads=SECTIONS,
)
def login_section_unexpected(case: Case) -> Iterator[At]:
    """A survey that only sends invitations wants no login section."""
    if not case.survey.logged_on and not case.lacks("loginSection"):
        yield at()


@rule(
    "The unique participant id provided in the URL must be the same as in the request body.",
    pointer="/loginSection/login or /invitationSection/emailAddress",
    source=printed,
    reads=[LOGIN, ADDRESS],
)
def identity_mismatch(case: Case) -> Iterator[At]:
    """The body's login name, or else its e-mail address, is the id of the path."""
    uid, survey = case.uid, case.survey
    identity = case.identity
    if identity is not None and survey.key(identity) != survey.key(uid):
        yield at("loginSection", "login") if survey.logged_on else at("invitationSection", "emailAddress")


# ---- interviewer


@rule(
    "Not allowed to add, update or delete an interviewer.",
    pointer="/loginSection/interviewer",
    source=printed,
    basis="inferred",
    reads=[INTERVIEWER],
)
def interviewer_not_allowed(case: Case) -> Iterator[At]:
    """Only a caller who may manage interviewers names one, and only where the survey allows them."""
    if case.interviewer is not None and not case.may_name_interviewer:
        yield at()


@rule(
    "Must provide an interviewer property and value cannot be null.",
    pointer="/loginSection/interviewer",
    source=printed,
    reads=[INTERVIEWER],
)
def interviewer_required(case: Case) -> Iterator[At]:
    """Where an interviewer may be named one is; an empty string means every interviewer."""
    if case.interviewer is None and case.may_name_interviewer:
        yield at()


@rule(
    "Interviewer does not have access to the survey.",
    pointer="/loginSection/interviewer",
    source=printed,
    reads=[INTERVIEWER],
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
    reads=[NAMES],
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
    reads=[NAMES],
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
    reads=[NAMES],
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
    reads=[NAMES],
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
    reads=[OPTED_OUT, SENDING],
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
    unless=[ADDRESS_DIFFERS],
    reads=[state(ADDRESS), SENDING],
)
def email_required(case: Case) -> Iterator[At]:
    """Who is invited, or known by the e-mail address alone, has a valid one."""
    if case.lacks(ADDRESS):
        if case.address_is_needed:
            yield at()
    elif case.is_invite_only and case.state(ADDRESS) is State.MALFORMED:
        yield at()


def _tracks_respondents(case: Case) -> bool:
    """Whether the survey wants logins."""
    return case.survey.logged_on


def _is_invite_only(case: Case) -> bool:
    """Whether addresses identify participants."""
    return case.is_invite_only


email_malformed = well_formed(
    ADDRESS,
    "If an email address is provided, it must be valid.",
    code="email-malformed",
    law="The e-mail address of a participant who logs in may be left out, and is well formed.",
    when=_tracks_respondents,
    source=printed,
    basis="inferred",
)


# ---- identity


@rule(
    "Participant with this login name does not exist.",
    pointer="/loginSection/login",
    source=printed,
    basis="inferred",
    reads=IDENTITY,
)
def login_name_unknown(case: Case) -> Iterator[At]:
    """An update that is judged by its body alone names a participant by login name."""
    if not case.has_uid and case.survey.logged_on and case.has_identity and not case.is_there:
        yield at()


login_name_taken = unique(
    LOGIN,
    "Participant with this login name already exists.",
    code="login-name-taken",
    law="A login name is unique within a survey.",
    when=_tracks_respondents,
    source=printed,
    reads=IDENTITY,
)

email_taken = unique(
    ADDRESS,
    "Participant with this email address already exists.",
    code="email-taken",
    law="An e-mail address is unique within an invite-only survey.",
    when=_is_invite_only,
    unless=[ADDRESS_DIFFERS, "email-required", "email-malformed"],
    reads=IDENTITY,
)


@rule(
    "Participants for this survey must have unique subjects.",
    pointer="/loginSection/subjects/{i}/subjectName",
    source=printed,
    reads=[NAMES],
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


@rule(
    "Participant to update does not exist.",
    source=printed,
    basis="inferred",
    reads=[],
)
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
    reads=[NAMES],
)
def subjects_mismatch(case: Case) -> Iterator[At]:
    """An update keeps the names of the subjects."""
    if case.change.operation is Operation.UPDATE_SUBJECT:
        if known_value(case.body_subject.subject_name) != case.path_subject:
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
    reads=IDENTITY,
)
def email_unknown(case: Case) -> Iterator[At]:
    """An update of an invite-only survey that is judged by its body alone names a participant by address."""
    if not case.has_uid and case.is_invite_only and case.has_identity and not case.is_there:
        yield at()


# ---- seedings


def near(name: str, known: Iterable[str]) -> Mapping[str, str]:
    """The known name near to an unknown one, for the text that people read; no server has it."""
    found = hint(name, known, "; it has '{}'")
    return {"hint": found} if found else {}


@rule(
    "The invite seeding is spelt in two ways that differ.",
    pointer="/invitationSection/invitationSeeding",
    reads=[*map(state, INVITES), *map(asked, INVITES)],
)
def invite_seeding_twice(case: Case) -> Iterator[At]:
    """A body that spells the invite seeding in both of the documented ways says the same with both."""
    if State.ABSENT in (case.state(INVITES[0]), case.state(INVITES[1])):
        return
    section = case.invitation_section
    one, other = known_value(section.invite_seeding) or {}, known_value(section.invitation_seeding) or {}
    for text in (*one.values(), *other.values()):
        known_value(text)
    if one != other:
        yield at()


@rule(
    "The seeding key '{item}' is there already, in another spelling.",
    pointer="{seeding}/{item}",
    reads=SEEDINGS,
)
def seeding_repeated(case: Case) -> Iterator[At]:
    """A seeding has each key once, whatever the case of its letters."""
    for path, name, _, repeated in case.seeding_faults:
        if repeated:
            yield at(*path, name, item=name)


@rule(
    " Participant invite seeding does not have a '{item}' seeding property.",
    text="Participant invite seeding does not have a '{item}' seeding property{hint}.",
    pointer="/invitationSection/inviteSeeding/{item}",
    source=printed,
    basis="inferred",
    unless=["invite-seeding-twice"],
    reads=SEEDINGS,
)
def invite_seeding_unknown(case: Case) -> Iterator[At]:
    """The invite seeding has only keys of the survey; it need not have them all."""
    for path, name, fault, _ in case.invites_by_keys:
        if fault == UNKNOWN:
            keys = case.survey.invite_seeding or ()
            yield at(*path, name, item=name, **near(name, keys))


@rule(
    " Participant questionnaire seeding does not have a '{item}}}' seeding property.",
    text="Participant questionnaire seeding does not have a '{item}' seeding property.",
    pointer="/loginSection/subjects/{i}/questionnaireSeeding/{item}",
    source=printed,
    basis="inferred",
    reads=SEEDINGS,
)
def questionnaire_seeding_unknown(case: Case) -> Iterator[At]:
    """The questionnaire seeding has only variables that the survey lets be seeded."""
    for path, name, fault, _ in case.seeds_by("variables", "seedable"):
        if fault == NOT_SEEDABLE:
            yield at(*path, name, item=name)


@rule(
    " Survey does not have a '{item}' variable.",
    text="Survey does not have a '{item}' variable{hint}.",
    pointer="/loginSection/subjects/{i}/questionnaireSeeding/{item}",
    source=printed,
    reads=SEEDINGS,
)
def variable_unknown(case: Case) -> Iterator[At]:
    """A seeded variable is one of the survey's."""
    for path, name, fault, _ in case.seeds_by("variables"):
        if fault == UNKNOWN:
            variables = case.survey.variables_by_key or {}
            yield at(*path, name, item=name, **near(name, variables))


@rule(
    " Survey variable '{item}' is single choice. Multiple values are not allowed.",
    pointer="/loginSection/subjects/{i}/questionnaireSeeding/{item}",
    source=printed,
    reads=SEEDINGS,
)
def choice_not_single(case: Case) -> Iterator[At]:
    """A single choice is seeded with one value."""
    for path, name, fault, _ in case.seeds_by("variables"):
        if isinstance(fault, ChoiceFault) and fault.several:
            yield at(*path, name, item=name)


@rule(
    " Survey variable '{item}' cannot contain duplicate code values.",
    pointer="/loginSection/subjects/{i}/questionnaireSeeding/{item}",
    source=printed,
    reads=SEEDINGS,
)
def choice_repeated(case: Case) -> Iterator[At]:
    """A multiple choice is seeded with each value once."""
    for path, name, fault, _ in case.seeds_by("variables"):
        if isinstance(fault, ChoiceFault) and fault.repeated:
            yield at(*path, name, item=name)


@rule(
    " Survey variable '{item}' does not contain code value '{code}'.",
    text="Survey variable '{item}' does not contain code value '{code}'{hint}.",
    pointer="/loginSection/subjects/{i}/questionnaireSeeding/{item}",
    source=printed,
    reads=SEEDINGS,
)
def choice_unknown(case: Case) -> Iterator[At]:
    """A seeded code is one that the variable defines."""
    for path, name, fault, _ in case.seeds_by("variables"):
        for code in fault.unknown if isinstance(fault, ChoiceFault) else ():
            variable = (case.survey.variables_by_key or {})[name.lower()]
            yield at(*path, name, item=name, code=code, **near(code, variable.code_values or ()))


# ---- warnings


@rule(
    "The body leaves this out, which changes the stored value.",
    severity="warning",
    pointer="{member}",
    basis="documented",
    reads=[asked("enabled"), asked("invitationSection"), asked("loginSection")],
)
def reset_by_omission(case: Case) -> Iterator[At]:
    """An update replaces the participant: what the body leaves out gets its default."""
    for path in omissions(case):
        yield at(*path)


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
"""Every rule of the family, in the order of precedence."""

LIST = SENTENCES.only("survey-not-accessible", "participants-unsupported")
"""The rules of Get Participant List."""

READ = SENTENCES.only(*LIST.codes, "participant-not-found")
"""The rules of Get Participant, and of its list of subjects."""

READ_SUBJECT = SENTENCES.only(*READ.codes, "subject-not-found")
"""The rules of Get Participant Subject."""

DELETE = SENTENCES.only(*READ.codes, "import-in-progress", "participant-vanished")
"""The rules of Delete Participant."""

SEED_CODES = (
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
    *SEED_CODES,
    "unknown-field",
)
"""The rules of Add Participant Subject."""

UPDATE_SUBJECT = SENTENCES.only(
    *READ_SUBJECT.codes,
    "import-in-progress",
    "subject-name-blank",
    "participant-vanished",
    "subjects-mismatch",
    *SEED_CODES,
    "reset-by-omission",
    "unknown-field",
)
"""The rules of Update Participant Subject."""

DELETE_SUBJECT = SENTENCES.only(
    *READ_SUBJECT.codes, "import-in-progress", "subject-required", "subjects-required", "participant-vanished"
)
"""The rules of Delete Participant Subject."""

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
"""The rules of a body and a survey's definition, which need no store."""

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
"""The rules of Add Participant."""

UPDATE = SENTENCES.without("subject-not-found", "login-name-taken", "email-taken")
"""The rules of Update Participant."""

RULES: Rulebook[Operation] = Rulebook(
    {
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
)
"""The rules of each call."""
