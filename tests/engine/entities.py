"""An entity with all that templates know: sections, flags, states, lists of objects, and open objects."""

from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from attrs import field, frozen

from participant_rules.engine.slots import Slots
from participant_rules.formats.forms import DATE, EMAIL_ADDRESS, UTC_OFFSET
from participant_rules.schema.entity import Entity
from participant_rules.schema.form import ANY_TEXT, Form, key_form, one_of
from participant_rules.schema.members import extras, member
from participant_rules.schema.reads import IGNORED, UNDECLARED, Read, faults, malformed, state, value
from participant_rules.schema.tree import Schema
from participant_rules.unset import Unset

__all__ = ["READS", "Definition", "Participant", "slots_of", "survey_slots"]


@frozen
class Seeds:
    """Texts by names that compare without case: choices of some codes, or any text (None)."""

    choices: Mapping[str, frozenset[str] | None]
    unique: Mapping[str, Form] = field(factory=dict)

    def respell(self, name: str) -> None:
        """No name is repaired."""

    def names(self) -> None:
        """Any name may stand."""

    def fold(self, name: str) -> str:
        """Names compare without case."""
        return name.lower()

    def fault(self, name: str, text: Any) -> Hashable | None:
        """The codes that are unknown, or that nobody declares the name."""
        if name.lower() not in self.choices:
            return "undeclared"
        codes = self.choices[name.lower()]
        if codes is None or not text:
            return None
        return tuple(code for code in str(text).split(";") if code not in codes) or None

    def form(self, name: str) -> Form | None:
        """The form of a declared name."""
        if name.lower() not in self.choices:
            return None
        return (
            ANY_TEXT
            if self.choices[name.lower()] is None
            else Form(lambda text: self.fault(name, text) is None)
        )

    required: ClassVar[frozenset[str]] = frozenset()

    def absent(self, name: str) -> Hashable:
        """No name is required."""
        raise LookupError(name)


@frozen
class Fields:
    """Scalars by names that compare exactly."""

    forms: Mapping[str, Form]
    unique: Mapping[str, Form] = field(factory=dict)

    def respell(self, name: str) -> None:
        """No name is repaired."""

    def names(self) -> None:
        """Any name may stand."""

    def fold(self, name: str) -> str:
        """Names compare exactly."""
        return name

    def fault(self, name: str, given: Any) -> Hashable | None:
        """That it is undeclared, or mistyped."""
        form = self.forms.get(name)
        if form is None:
            return "undeclared"
        if given is None or given == "" or given.__class__ in form.scalars:
            return None
        return None if form.accepts(given) else "mistyped"

    def form(self, name: str) -> Form | None:
        """The form of a declared name."""
        return self.forms.get(name)

    required: ClassVar[frozenset[str]] = frozenset()

    def absent(self, name: str) -> Hashable:
        """No name is required."""
        raise LookupError(name)


@frozen(slots=False)
class Definition:
    """The definition of the entity."""

    logged_on: bool = True
    invites: tuple[str, ...] = ("surname", "forenames")
    seeds: Mapping[str, frozenset[str] | None] = field(factory=dict)
    fields: Mapping[str, Form] = field(factory=dict)
    unique_fields: Mapping[str, Form] = field(factory=dict)

    @cached_property
    def invite_seeds(self) -> Seeds:
        """Any text for the names of invitations."""
        return Seeds(dict.fromkeys(self.invites))


LOGIN = key_form(lambda text: text, keys=lambda texts: texts)


@frozen(weakref_slot=False)
class Subject(Entity):
    """An element of the list."""

    subject_name: str | None | Unset = member()
    questionnaire_seeding: Mapping[str, str | None | Unset] | None | Unset = member(
        members=lambda definition: Seeds(definition.seeds)
    )
    status: str | None | Unset = member(read_only=True)
    is_first: bool | Unset = member()
    kind: str | None | Unset = member(form=one_of(["A", "B"]))
    extras: Mapping[str, Any] = extras()


@frozen(weakref_slot=False)
class LoginSection(Entity):
    """A section with a list."""

    login: str | None | Unset = member(form=LOGIN, unique=lambda definition: definition.logged_on)
    password: str | None | Unset = member()
    interviewer: str | None | Unset = member()
    status: str | None | Unset = member(read_only=True)
    subjects: tuple[Subject | Unset, ...] | None | Unset = member()
    extras: Mapping[str, Any] = extras()


@frozen(weakref_slot=False)
class InvitationSection(Entity):
    """A section with flags and open objects."""

    opted_out: bool | Unset = member()
    send_invitations: bool | None | Unset = member()
    email_address: str | None | Unset = member(
        trim=True, form=EMAIL_ADDRESS, unique=lambda definition: not definition.logged_on
    )
    invite_seeding: Mapping[str, str | None | Unset] | None | Unset = member(
        members=lambda definition: definition.invite_seeds
    )
    invitation_seeding: Mapping[str, str | None | Unset] | None | Unset = member(
        members=lambda definition: definition.invite_seeds
    )
    since: str | None | Unset = member(trim=True, empty=False, form=DATE)
    offset: str | None | Unset = member(trim=True, empty=False, form=UTC_OFFSET)
    extras: Mapping[str, Any] = extras()


@frozen(weakref_slot=False)
class Participant(Entity):
    """The entity."""

    invitation_section: InvitationSection | None | Unset = member()
    login_section: LoginSection | None | Unset = member()
    enabled: bool | Unset = member()
    custom_fields: Mapping[str, Any] | None | Unset = member(
        members=lambda definition: Fields(definition.fields, definition.unique_fields)
    )
    extras: Mapping[str, Any] = extras()


READS: tuple[Read, ...] = (
    value("invitationSection.optedOut"),
    value("invitationSection.sendInvitations"),
    state("invitationSection.emailAddress"),
    state("invitationSection.invitationSeeding"),
    faults("invitationSection.inviteSeeding"),
    faults("invitationSection.invitationSeeding"),
    state("loginSection.login"),
    value("loginSection.interviewer"),
    value("loginSection.subjects[].subjectName"),
    faults("loginSection.subjects[].questionnaireSeeding"),
    UNDECLARED,
)
"""What the rules of surveys read."""

MORE_READS: tuple[Read, ...] = (
    *READS,
    IGNORED,
    faults("customFields"),
    value("customFields"),
    state("customFields"),
    state("enabled"),
    value("enabled"),
    malformed("invitationSection.since"),
    value("invitationSection.since"),
    state("invitationSection.offset"),
    state("loginSection.password"),
    malformed("invitationSection.since", DATE),
    malformed("invitationSection.emailAddress", one_of(["kim@example.com"])),
    value("loginSection.login"),
    value("loginSection.subjects[].isFirst"),
    malformed("loginSection.subjects[].kind"),
)


def slots_of(definition: Definition, reads: tuple[Read, ...] = READS) -> Slots:
    """The slots of some reads of the entity."""
    return Slots.of(Schema(Participant, definition), reads)


def survey_slots(data: Mapping[str, Any]) -> Slots:
    """The slots of a survey's definition in JSON."""
    seedable = set(data["questionnaireSeeding"])
    seeds: dict[str, frozenset[str] | None] = {}
    for each in data["variables"]:
        name = each["variableId"].lower()
        if name in seedable:
            is_text = each["responseType"] == "Text"
            seeds[name] = None if is_text else frozenset(code["codeValue"] for code in each["codes"])
    return slots_of(Definition(data["loggedOn"], tuple(data["inviteSeeding"]), seeds))
