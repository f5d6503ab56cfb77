"""The entities of a project.

An entity is as it was asked or as it is stored: in a request what the payload left out is UNSET and null is
None; of a stored participant both say that there is nothing. Members are documented at "Participant Object".
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, Self

from attrs import NOTHING, field, fields, frozen

from participant_rules import definitions
from participant_rules.formats import is_region
from participant_rules.formats.forms import DATE, UTC_OFFSET
from participant_rules.project import forms
from participant_rules.project.types import SECONDARY, CustomField, FieldType, fault_of
from participant_rules.schema.entity import Entity
from participant_rules.schema.form import ANY_TEXT, one_of
from participant_rules.schema.members import camel_case, extras, member
from participant_rules.unset import Unset
from participant_rules.wire import Wire

__all__ = [
    "DEMOGRAPHICS",
    "READ_ONLY",
    "SECONDARY",
    "CustomField",
    "Demographics",
    "FieldType",
    "Gender",
    "InvitationStatus",
    "Member",
    "Membership",
    "Participant",
    "Project",
    "Segment",
    "Stored",
]


class InvitationStatus(StrEnum):
    """Status of the participant's invitation; null is "not set"."""

    PENDING = "pending"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    APPROVED = "approved"
    NOT_INVITED = "notInvited"


class Gender(StrEnum):
    """Gender code."""

    MALE = "M"
    FEMALE = "F"
    OTHER = "O"


_GENDERS: Final = {each.name: each.value for each in Gender}
_LIKELY: Final = {
    **dict.fromkeys(("man", "masculine", "m\u00e4nnlich", "homme", "masculin", "hombre", "masculino"), "M"),
    **dict.fromkeys(("woman", "feminine", "weiblich", "femme", "mujer", "femenino"), "F"),
    **dict.fromkeys(("non-binary", "diverse", "divers", "autre", "otro"), "O"),
}


@frozen(weakref_slot=False)
class Demographics(Entity):
    """Basic participant demographics."""

    email: str | None | Unset = member(trim=True, empty=False, form=forms.email, unique=True)
    first_name: str | None | Unset = member(trim=True, empty=False)
    middle_name: str | None | Unset = member(trim=True, empty=False)
    last_name: str | None | Unset = member(trim=True, empty=False)
    date_of_birth: str | None | Unset = member(trim=True, empty=False, form=DATE)
    preferred_language: str | None | Unset = member(trim=True, empty=False)
    gender: str | None | Unset = member(trim=True, empty=False, form=one_of(Gender, _GENDERS, _LIKELY))
    street1: str | None | Unset = member(trim=True, empty=False)
    street2: str | None | Unset = member(trim=True, empty=False)
    city: str | None | Unset = member(trim=True, empty=False)
    state: str | None | Unset = member(trim=True, empty=False)
    postal_code: str | None | Unset = member(trim=True, empty=False)
    mobile_phone: str | None | Unset = member(trim=True, empty=False, form=forms.phone, unique=True)
    utc_offset: str | None | Unset = member(trim=True, empty=False, form=UTC_OFFSET)
    extras: Mapping[str, Any] = extras()


DEMOGRAPHICS: Final = tuple(each.name for each in fields(Demographics) if "wire" in each.metadata)
"""The attributes of the demographics."""


@frozen(weakref_slot=False)
class Participant(Entity):
    """A participant of a project; read-only members are ignored in a request."""

    id: str | None | Unset = member(trim=True, empty=False, form=forms.ID, unique=True)
    enrolled: bool | None | Unset = member(read_only=True)
    enrollment_date: str | None | Unset = member(read_only=True)
    withdraw_date: str | None | Unset = member(read_only=True)
    inserted_date: str | None | Unset = member(read_only=True)
    invitation_status: str | None | Unset = member(trim=True, empty=False, form=one_of(InvitationStatus))
    participant_identifier: str | None | Unset = member(trim=True, empty=False, form=ANY_TEXT, unique=True)
    secondary_identifier: str | None | Unset = member(
        trim=True, empty=False, form=forms.secondary, alias=f"customFields.{SECONDARY}"
    )
    link_identifier: str | None | Unset = member(read_only=True)
    demographics: Demographics | None | Unset = member()
    custom_fields: Mapping[str, Any] | None | Unset = member(members=forms.fields)
    exclude_from_export: bool | None | Unset = member()
    institution_code: str | None | Unset = member(trim=True, empty=False)
    added_to_segment_date: str | None | Unset = member(read_only=True)
    extras: Mapping[str, Any] = extras()


READ_ONLY: Final = tuple(
    camel_case(each.name) for each in fields(Participant) if each.metadata.get("read_only")
)
"""The documented members that a request cannot set."""


@frozen
class Stored:
    """A stored participant and its version: any value but None that changes whenever the participant does.

    Without a version it stands only since an earlier row of the same batch.
    """

    participant: Participant
    version: object = None
    found_by: tuple[Any, ...] | None = field(default=None, init=False, eq=False, repr=False)
    """Its keys, and the terms that they were made with, for later questions; no part of its value."""

    def kept(self, found_by: tuple[Any, ...] | None) -> Self:
        """Itself, with the keys that are known of it; None for none."""
        object.__setattr__(self, "found_by", found_by)
        return self

    @property
    def as_stored(self) -> Self:
        """Itself: the participant that a write replaces."""
        return self


@frozen(weakref_slot=False, kw_only=True)
class Project:
    """A project, as far as its participants depend on it.

    `custom_fields` is None where they are undeclared. `default_region` is where a phone number without
    calling code is at home, `participant_identifier_prefix` begins the identifiers that are made for new
    participants, and `link_identifiers` says whether link identifiers are made too.
    """

    id: str = member(default="")
    custom_fields: tuple[CustomField, ...] | None = member(default=None)
    default_region: str = member(default="US")
    participant_identifier_prefix: str = member(default="")
    link_identifiers: bool = member(default=False)

    __repr__ = definitions.shown

    def __attrs_post_init__(self) -> None:
        definitions.verify(self, "project", _faults)

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The project of a definition (JSON text, or its decoded object).

        Raises Malformed, which says where it is wrong: a member that is not known is.
        """
        return definitions.read(cls, data, "project", _BESIDE, _faults)

    def to_json(self) -> dict[str, Any]:
        """The definition as a JSON object."""
        return _wire.write(self)

    @cached_property
    def types(self) -> Mapping[str, FieldType] | None:
        """The types of the declared fields by name; None where fields are undeclared."""
        if self.custom_fields is None:
            return None
        return {each.name: FieldType(each.type) for each in self.custom_fields}

    @cached_property
    def keyed_by(self) -> tuple[Any, ...]:
        """The terms that the keys of unique members depend on."""
        unique = tuple((each.name, each.type) for each in self.custom_fields or () if each.unique)
        return (self.default_region, unique)

    @cached_property
    def made(self) -> dict[Any, Any]:
        """The memory of derived objects that are made once and kept with it; no part of its value."""
        return {}

    @property
    def has_secondary_identifier(self) -> bool:
        """Whether `secondaryIdentifier` has a custom field to be written to."""
        return self.types is None or SECONDARY in self.types


@frozen(weakref_slot=False)
class Member:
    """A participant of a segment, by its id, and since when."""

    id: str = member(default=NOTHING)
    add_date: str | None | Unset = member()


@frozen(weakref_slot=False)
class Segment:
    """A named part of a project's participants."""

    segment_id: str = member(default=NOTHING, wire="segmentID")
    segment_name: str | None | Unset = member()
    members: tuple[Member, ...] = member(default=())


@frozen(weakref_slot=False)
class Membership:
    """A segment that a participant belongs to, and since when."""

    segment_id: str = member(default=NOTHING, wire="segmentID")
    segment_name: str | None | Unset = member()
    add_date: str | None | Unset = member()


def _faults(project: Project) -> Iterator[tuple[str, str]]:
    """The faults of a definition with values of the right types: pointers and sentences."""
    if not is_region(project.default_region):
        yield "/defaultRegion", "The value must be a region of phone numbers, such as US or GB."
    names: set[str] = set()
    for position, each in enumerate(project.custom_fields or ()):
        if each.name in names:
            yield f"/customFields/{position}/name", "The name is declared twice."
        names.add(each.name)
        fault = fault_of(each)
        if fault is not None:
            yield f"/customFields/{position}/{fault[0]}", f"{fault[1]} ({each.name})"


_wire = Wire(stored=True)
_BESIDE: Final = definitions.Beside(
    {Project: ("name", "code", "description")}, {"participants": None, "segments": Segment}
)
