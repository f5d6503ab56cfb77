"""Payload to change and back, in the documented shape.

Source: "Participant Object", "Add/Update Participant" and "Bulk Add/Update Participants".
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from operator import attrgetter
from typing import Any, Final

from attrs import evolve, field, frozen

from participant_rules import jsontext
from participant_rules.due import refuse_other
from participant_rules.formats import is_date
from participant_rules.project.change import Change, Operation
from participant_rules.project.model import (
    DEMOGRAPHICS,
    SECONDARY,
    Demographics,
    Membership,
    Participant,
    Project,
    Segment,
)
from participant_rules.project.types import text_of
from participant_rules.project.values import trimmed
from participant_rules.repairing import offered
from participant_rules.ruleset import RuleSet
from participant_rules.schema.kinds import Path
from participant_rules.schema.members import camel_case, extras, member
from participant_rules.schema.shapes import Shape
from participant_rules.schema.tree import Schema
from participant_rules.unset import UNREADABLE, UNSET, Unset
from participant_rules.violations import Refused, Violation
from participant_rules.wire import Malformed, Wire, read_each, refuse_odd, unknown_field
from participant_rules.wrong_types import violations_of_types

__all__ = [
    "Batch",
    "Envelope",
    "answer",
    "answer_membership",
    "change_of",
    "read",
    "read_batch",
    "read_change",
    "read_segments",
    "read_stored",
    "read_stored_membership",
    "read_value",
    "write",
]

Faults = tuple[Violation, ...]

_request = Wire()
_stored = Wire(stored=True)


@frozen(weakref_slot=False)
class Envelope:
    """The body of a Bulk Add/Update without its rows."""

    participants: Mapping[str, Any] | Unset = member()
    send_default_invitation_notifications: bool | Unset = member()
    extras: Mapping[str, Any] = extras()


_ENVELOPE: Final = RuleSet((unknown_field,))
_ANY_PROJECTS: Final = Schema(Participant, UNSET)
_AROUND_ROWS: Final = Schema(Envelope, UNSET)


@frozen
class Batch:
    """A Bulk Add/Update: its rows, and the faults around them.

    `asked` is UNSET where the text has faults; then nothing else is judged.
    """

    changes: tuple[Change, ...] = ()
    faults: Faults = ()
    asked: Envelope | Unset = field(default=UNSET, repr=False)

    @property
    def notify(self) -> bool:
        """Whether invitation notifications go to the new participants."""
        return isinstance(self.asked, Envelope) and self.asked.send_default_invitation_notifications is True

    @property
    def undeclared(self) -> tuple[tuple[Path, str], ...]:
        """The names of members beside the documented ones."""
        return tuple(((), name) for name in self.asked.extras) if isinstance(self.asked, Envelope) else ()

    def documented(self, _path: Path) -> Iterable[str]:
        """The names of the members around the rows."""
        return Shape.of(Envelope).names

    @property
    def warnings(self) -> Faults:
        """The warnings around the rows."""
        return _ENVELOPE.warnings(self) if isinstance(self.asked, Envelope) else ()


def read(payload: object, *, project: str = "") -> Change:
    """The change of a payload (bytes, text or decoded JSON); raises Refused with every fault of its shape."""
    refuse_other(project, str, "the id of a project")
    change = read_change(payload, Operation.PUT, project)
    if change.faults:
        raise Refused(offered(change.faults, _ANY_PROJECTS, lambda: change.body))
    return change


def read_change(
    payload: object, operation: Operation, project: str, max_bytes: int = jsontext.MAX_BYTES
) -> Change:
    """The change of a body with the faults of its text, or else of its shape; never raises on bad input.

    What was asked is UNSET where the text has faults, UNREADABLE where it is no object.
    """
    data, faults = jsontext.read(payload, max_bytes=max_bytes)
    if faults:
        return Change(operation, project, faults=faults)
    return change_of(data, operation, project)


def change_of(data: object, operation: Operation, project: str) -> Change:
    """The change of a body's JSON value, with the faults of its shape."""
    asked, faults = read_value(data)
    return Change(operation, project, asked=asked, faults=faults, body=data)


def read_value(data: object) -> tuple[Participant | Unset, Faults]:
    """The participant of a body's JSON value and the faults of its shape."""
    return _request.read(Participant, data)


def read_batch(payload: object, *, project: str = "", max_bytes: int = jsontext.MAX_BYTES) -> Batch:
    """The batch of a body; never raises on bad input. Faults of a row have the row's own pointers."""
    data, faults = jsontext.read(payload, max_bytes=max_bytes)
    if faults:
        return Batch(faults=faults)
    if not isinstance(data, dict):
        return Batch((), (_wrong("an object"),), UNREADABLE)
    rest = {name: value for name, value in data.items() if name != "participants"}
    envelope, found = _request.read(Envelope, rest)
    faults = offered(found, _AROUND_ROWS, lambda: rest) if found else ()
    rows = data.get("participants")
    if not isinstance(rows, list):
        return Batch((), (_wrong("a list", "participants"), *faults), envelope)
    changes = tuple([change_of(row, Operation.BULK, project) for row in rows])
    return Batch(changes, faults, envelope)


def _wrong(expected: str, *path: str) -> Violation:
    return violations_of_types([(path, expected)])[0]


# ---- what is stored

_PLAIN: Final = frozenset({str, int, float, bool, type(None)})


def read_stored(data: object, project: Project) -> Participant:
    """A participant as a store holds it, read-only members included; raises Malformed.

    `secondaryIdentifier` is stored as the custom field that it is an alias for.
    """
    participant = _stored.read_stored(Participant, data, "participant")
    if participant.custom_fields and not _PLAIN.issuperset(map(type, participant.custom_fields.values())):
        refuse_odd(participant.custom_fields, "participant", "customFields")
    alias, fields = trimmed(participant.secondary_identifier), participant.custom_fields or {}
    if participant.secondary_identifier is UNSET:
        return participant
    if alias is not None and SECONDARY not in fields and project.has_secondary_identifier:
        fields = {**fields, SECONDARY: alias}
    return evolve(participant, secondary_identifier=UNSET, custom_fields=fields)


def read_segments(data: Mapping[str, Any]) -> Iterator[Segment]:
    """The `segments` of a project's definition, as a store holds them; raises Malformed."""
    seen = set[str]()
    for position, segment in enumerate(
        read_each(data, "segments", partial(_stored.read_stored, Segment, name="segment"))
    ):
        key = segment.segment_id.lower()
        if key in seen:
            raise Malformed.of(
                "segment", [(f"/segments/{position}/segmentID", "An earlier segment has the same id.")]
            )
        seen.add(key)
        yield segment


def read_stored_membership(data: object) -> Membership:
    """A segment of a participant as a server answers it; raises Malformed."""
    return _stored.read_stored(Membership, data, "segment")


def write(participant: Participant) -> dict[str, Any]:
    """The payload of a participant; absent members stay absent, undocumented ones are kept."""
    document = {**participant.extras, **_stored.write(participant)}
    if isinstance(participant.demographics, Demographics):
        document["demographics"] = {**participant.demographics.extras, **document["demographics"]}
    return document


# ---- what is answered

_NAMES: Final = tuple(map(camel_case, DEMOGRAPHICS))
_demographics: Final = attrgetter(*DEMOGRAPHICS)


def answer(participant: Participant) -> dict[str, Any]:
    """A participant as the server answers it: optional members are left out when there is nothing in them."""
    stored, fields = participant, dict(participant.custom_fields or {})
    demographics, link = stored.demographics, stored.link_identifier
    answered: dict[str, Any] = {"id": trimmed(stored.id), "enrolled": stored.enrolled is True}
    _add_date(answered, "enrollmentDate", stored.enrollment_date)
    _add_date(answered, "withdrawDate", stored.withdraw_date)
    answered["insertedDate"] = _date(stored.inserted_date)
    answered["invitationStatus"] = trimmed(stored.invitation_status)
    answered["participantIdentifier"] = trimmed(stored.participant_identifier)
    if SECONDARY in fields and (alias := text_of(fields[SECONDARY])):
        answered["secondaryIdentifier"] = alias
    if link is not UNSET and (text := trimmed(link)):
        answered["linkIdentifier"] = text
    if isinstance(demographics, Demographics) and (values := _answer_demographics(demographics)):
        answered["demographics"] = values
    answered["customFields"] = fields
    answered["excludeFromExport"] = stored.exclude_from_export is True
    answered["institutionCode"] = trimmed(stored.institution_code) or ""
    _add_date(answered, "addedToSegmentDate", stored.added_to_segment_date)
    return answered


def _add_date(answered: dict[str, Any], name: str, value: str | None | Unset) -> None:
    """Add a date, where there is one."""
    if value is not UNSET and (date := _date(value)) is not None:
        answered[name] = date


def _answer_demographics(demographics: Demographics) -> dict[str, str] | None:
    """The demographics that have a text, without white space at its ends; None where none has."""
    values = zip(_NAMES, _demographics(demographics), strict=True)
    return {
        name: text for name, value in values if value.__class__ is str and (text := value.strip())
    } or None


def answer_membership(membership: Membership) -> dict[str, str | None]:
    """A segment that a participant belongs to, as the server answers it."""
    return {
        "segmentID": membership.segment_id,
        "segmentName": trimmed(membership.segment_name),
        "addDate": _date(membership.add_date),
    }


def _date(value: str | None | Unset) -> str | None:
    """A date as it was given; one without a time gets one."""
    if value is UNSET:
        return None
    given = trimmed(value)
    return f"{given}T00:00:00+00:00" if given is not None and is_date(given) else given
