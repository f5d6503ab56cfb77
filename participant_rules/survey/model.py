"""The entities of a survey.

An entity is as it was asked or as it is stored: in a request what the payload left out is UNSET, a stored or
resulting participant has a value for everything. Members are documented at "Update Participant, Response
Definitions", variables at the vendor's "Get Survey Variables". Of a survey, what is left out is unknown.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any, Final, Self

from attrs import NOTHING, frozen

from participant_rules import definitions
from participant_rules.formats import email_key, fold
from participant_rules.formats.forms import EMAIL_ADDRESS
from participant_rules.schema.entity import Entity
from participant_rules.schema.form import ANY_TEXT
from participant_rules.schema.members import extras, member
from participant_rules.schema.tree import Node, Schema
from participant_rules.spelling import nearest
from participant_rules.survey.seeding import CHOICES, Code, InviteSeeding, QuestionnaireSeeding, Variable
from participant_rules.unset import Unset
from participant_rules.wire import Wire

__all__ = [
    "Caller",
    "Code",
    "InvitationSection",
    "LoginSection",
    "Participant",
    "Seeding",
    "Subject",
    "Survey",
    "Variable",
    "address_key",
]

IMPORTS: Final = ("scheduled", "running")

Seeding = Mapping[str, str | None | Unset]


def address_key(address: str) -> str:
    """The comparison key of an e-mail address: without regard to case and to white space at the ends."""
    return email_key(address.strip()) or fold(address)


def _identifies_by_login(survey: "Survey") -> bool:
    return survey.logged_on


def _identifies_by_address(survey: "Survey") -> bool:
    return not survey.logged_on


@frozen(weakref_slot=False)
class Subject(Entity):
    """The subject of a participant's answers; in a non-group questionnaire its name is empty."""

    subject_name: str | None | Unset = member()
    questionnaire_seeding: Seeding | None | Unset = member(members=QuestionnaireSeeding)
    status: str | None | Unset = member(read_only=True)
    extras: Mapping[str, Any] = extras()


@frozen(weakref_slot=False)
class LoginSection(Entity):
    """How a participant logs in, where the survey tracks its respondents."""

    login: str | None | Unset = member(form=ANY_TEXT, unique=_identifies_by_login)
    password: str | None | Unset = member()
    interviewer: str | None | Unset = member()
    status: str | None | Unset = member(read_only=True)
    subjects: tuple[Subject | Unset, ...] | None | Unset = member()
    extras: Mapping[str, Any] = extras()


@frozen(weakref_slot=False)
class InvitationSection(Entity):
    """How a participant is invited; the page spells the seeding in two ways, and both are read."""

    opted_out: bool | Unset = member()
    send_invitations: bool | Unset = member()
    email_address: str | None | Unset = member(trim=True, form=EMAIL_ADDRESS, unique=_identifies_by_address)
    invite_seeding: Seeding | None | Unset = member(members=InviteSeeding)
    invitation_seeding: Seeding | None | Unset = member(members=InviteSeeding)
    extras: Mapping[str, Any] = extras()


@frozen(weakref_slot=False)
class Participant(Entity):
    """A participant of a survey: the sections that the survey wants, and whether it is enabled."""

    invitation_section: InvitationSection | None | Unset = member()
    login_section: LoginSection | None | Unset = member()
    enabled: bool | Unset = member()
    extras: Mapping[str, Any] = extras()


@frozen(weakref_slot=False)
class Caller:
    """The caller: whether the user has the permission "Manage participants for SOI"."""

    manages_interviewers: bool = member(default=True)

    __attrs_post_init__ = definitions.verify


@frozen(weakref_slot=False, kw_only=True)
class Survey:
    """A survey, as much of it as the caller knows.

    `invited` is "Send email invites / reminders", `logged_on` "Allow Snap Online to track respondents"; these
    and `group` must be stated. What else is left out is unknown, and rules that need it do not run.
    `import_state` is null, "scheduled" or "running"; `interviewers` null where the survey allows none, else
    the e-mail addresses with access; `questionnaire_seeding` null where every variable may be seeded. With
    `fixed_subjects` an update keeps the names of the stored subjects.
    """

    id: str = member(default="")
    invited: bool = member(default=NOTHING)
    logged_on: bool = member(default=NOTHING)
    group: bool = member(default=NOTHING)
    import_state: str | None | Unset = member()
    interviewers: tuple[str, ...] | None | Unset = member()
    invite_seeding: tuple[str, ...] | Unset = member()
    questionnaire_seeding: tuple[str, ...] | None | Unset = member()
    variables: tuple[Variable, ...] | Unset = member()
    fixed_subjects: bool = member(default=True)

    def __attrs_post_init__(self) -> None:
        definitions.verify(self, "survey", _faults)

    def __repr__(self) -> str:
        """The known members; of the interviewers only their number, since they are people."""
        return definitions.shown(self, people={"interviewers"})

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The survey of a definition (JSON text, or its decoded object).

        Raises Malformed, which says where it is wrong: a member that is not known is. Members that the
        vendor's answers have are ignored.
        """
        return definitions.read(cls, data, "survey", _BESIDE, _faults)

    def to_json(self) -> dict[str, Any]:
        """The definition as a JSON object."""
        return _wire.write(self)

    @cached_property
    def variables_by_key(self) -> Mapping[str, Variable] | Unset:
        """The variables by the keys of their names."""
        if isinstance(self.variables, Unset):
            return self.variables
        return {each.variable_id.lower(): each for each in self.variables}

    @cached_property
    def seedable_keys(self) -> frozenset[str] | None | Unset:
        """The keys of the questionnaire seeding."""
        names = self.questionnaire_seeding
        return frozenset(map(str.lower, names)) if isinstance(names, tuple) else names

    @cached_property
    def invitable_keys(self) -> frozenset[str] | Unset:
        """The keys of the invite seeding."""
        names = self.invite_seeding
        return frozenset(map(str.lower, names)) if isinstance(names, tuple) else names

    @cached_property
    def interviewer_keys(self) -> frozenset[str] | None | Unset:
        """The keys of the interviewers' addresses."""
        addresses = self.interviewers
        return frozenset(map(address_key, addresses)) if isinstance(addresses, tuple) else addresses

    @cached_property
    def schema(self) -> Schema:
        """The schema of a participant's members."""
        return Schema(Participant, self)

    @cached_property
    def subject_schema(self) -> Schema:
        """The schema of a subject's members."""
        return Schema(Subject, self)

    @property
    def identity_path(self) -> str:
        """The path of the member that identifies participants."""
        return "loginSection.login" if self.logged_on else "invitationSection.emailAddress"

    @cached_property
    def _identifying(self) -> Node:
        return self.schema.node(self.identity_path)

    @cached_property
    def made(self) -> dict[Any, Any]:
        """The memory of derived objects that are made once and kept with it; no part of its value."""
        return {}

    @property
    def supports_participants(self) -> bool:
        """Whether there is a participant feature at all: invitations, logins, or both."""
        return self.invited or self.logged_on

    def key(self, identity: str) -> str:
        """The comparison key of an identity: that of the member; of a malformed one its folded text."""
        return self._identifying.key_of_value(identity) or fold(identity)

    def keys(self, identities: AbstractSet[str]) -> AbstractSet[str]:
        """The comparison keys of identities."""
        return identities if self._identifying.compares_as_written else set(map(self.key, identities))

    def identity(self, participant: Participant) -> str | None:
        """The unique id: "the login name if a logged in survey or else the email address"."""
        if self.logged_on:
            section = participant.login_section
            found = section.login if isinstance(section, LoginSection) else None
        else:
            invitation = participant.invitation_section
            found = invitation.email_address if isinstance(invitation, InvitationSection) else None
        return found if isinstance(found, str) and found.strip() else None

    def key_of(self, participant: object) -> str | None:
        """The comparison key of a participant's identity; None without one, and of anything else."""
        identity = self.identity(participant) if isinstance(participant, Participant) else None
        return None if identity is None else self.key(identity)


def _faults(survey: Survey) -> Iterator[tuple[str, str]]:
    """The faults of a definition with values of the right types: pointers and sentences."""
    if survey.import_state and survey.import_state not in IMPORTS:
        yield "/importState", f"The value must be {' or '.join(IMPORTS)}, or null."
    names: set[str] = set()
    for position, each in enumerate(survey.variables or ()):
        if each.variable_id.lower() in names:  # one of the two would do nothing
            yield f"/variables/{position}/variableId", "The variable is declared twice."
        names.add(each.variable_id.lower())
        kind = each.response_type or ""
        meant = nearest(kind, CHOICES) if kind not in CHOICES else None
        if meant is not None:  # a choice that is misspelt would have no codes
            yield (
                f"/variables/{position}/responseType",
                f"The value is unknown; the nearest known one is {meant}.",
            )


_wire = Wire(stored=True)
_BESIDE: Final = definitions.Beside(
    {  # at the vendor's "Get Survey" and "Get Survey Variables"
        Survey: (
            *("surveyId", "ownerId", "ownerName", "name", "path", "title", "displayName"),
            *("questionnaireTitle", "url", "interviewUrl", "interviewPreviewUrl", "interviewingState"),
        ),
        Variable: (
            *("order", "id", "label", "name", "questionText", "variableTypeId", "responseTypeId"),
            *("variableType", "codeCount"),
        ),
        Code: ("codeIndex",),
    },
    {"participants": None},
)
