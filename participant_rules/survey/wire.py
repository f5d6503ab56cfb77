"""Payload to participant and back, in the documented shape.

Source: "Update Participant", request body data and Response Definitions.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

from participant_rules import jsontext
from participant_rules.repairing import offered
from participant_rules.schema.tree import Schema
from participant_rules.survey.change import ENTITIES, Change, Operation
from participant_rules.survey.model import (
    Caller,
    InvitationSection,
    LoginSection,
    Participant,
    Subject,
    Survey,
)
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Refused, Violation
from participant_rules.wire import Malformed, Wire, read_each

__all__ = [
    "answer",
    "answer_subject",
    "answer_subjects",
    "change_of",
    "read",
    "read_body",
    "read_change",
    "read_participants",
    "read_stored",
    "read_stored_subject",
    "read_value",
    "summary",
    "write",
]

EntityT = TypeVar("EntityT", bound=Participant | Subject)

_ANY_SURVEYS: Final = Schema(Participant, UNSET)
_request = Wire()
_stored = Wire(stored=True)


def read(payload: object) -> Participant:
    """The participant of a payload (bytes, text, decoded JSON); raises Refused with all its faults."""
    change = read_change(Change(Operation.UPDATE), payload)
    if change.faults or not isinstance(change.asked, Participant):
        raise Refused(offered(change.faults, _ANY_SURVEYS, lambda: change.body))
    return change.asked


def read_change(call: Change, payload: object, max_bytes: int = jsontext.MAX_BYTES) -> Change:
    """A call with its body, and the faults of its text, or else of its shape; never raises on bad input."""
    asked, faults, body = read_body(call.operation, payload, max_bytes)
    return Change(call.operation, call.survey, call.uid, call.subject_name, asked, faults, body)


def read_body(
    operation: Operation, payload: object, max_bytes: int = jsontext.MAX_BYTES
) -> tuple[Participant | Subject | Unset, tuple[Violation, ...], Any]:
    """The entity of a call's body, the faults of its text or else of its shape, and its JSON value.

    Entity and value are UNSET where the text has faults; the entity is UNREADABLE where it is no object.
    """
    data, faults = jsontext.read(payload, max_bytes=max_bytes)
    if faults:
        return UNSET, faults, UNSET
    asked, faults = read_value(ENTITIES[operation], data)
    return asked, faults, data


def change_of(call: Change, data: object) -> Change:
    """A call with the JSON value of its body, and the faults of its shape."""
    asked, faults = read_value(ENTITIES[call.operation], data)
    return Change(call.operation, call.survey, call.uid, call.subject_name, asked, faults, data)


def read_value(entity: type[EntityT], data: object) -> tuple[EntityT | Unset, tuple[Violation, ...]]:
    """The entity of a body's JSON value and the faults of its shape."""
    return _request.read(entity, data)


def read_stored(data: object) -> Participant:
    """A participant as a store holds it, read-only members included; raises Malformed."""
    return _stored.read_stored(Participant, data, "participant")


def read_participants(data: Mapping[str, Any], survey: Survey) -> Iterator[Participant]:
    """The participants of a survey's definition, as a store holds them.

    Raises Malformed, with the place, where one has no identity, or that of an earlier one.
    """
    keys: set[str] = set()

    def read_one(data: object) -> Participant:
        participant = read_stored(data)
        key = survey.key_of(participant)
        if key is None or key in keys:
            fault = f"has no {survey.identity_path}" if key is None else "has the identity of an earlier one"
            raise Malformed.of("participant", [("", f"The participant {fault}.")])
        keys.add(key)
        return participant

    return read_each(data, "participants", read_one)


def read_stored_subject(data: object) -> Subject:
    """A subject as a server answers it; raises Malformed."""
    return _stored.read_stored(Subject, data, "subject")


def write(participant: Participant | Subject) -> dict[str, Any]:
    """The payload of an entity; absent members stay absent."""
    return _stored.write(participant)


def answer(participant: Participant, survey: Survey, caller: Caller) -> dict[str, Any]:
    """A participant as the server answers it: its summary with the seedings and the subjects."""
    answered = summary(participant, survey, caller)
    if survey.invited:
        section = participant.invitation_section or InvitationSection()
        seeding = section.invite_seeding or section.invitation_seeding or {}
        answered["invitationSection"]["inviteSeeding"] = dict(seeding)
    if survey.logged_on:
        answered["loginSection"]["subjects"] = answer_subjects(participant)
    return answered


def summary(participant: Participant, survey: Survey, caller: Caller) -> dict[str, Any]:
    """A participant as a list answers it: the sections of the survey without seedings and subjects."""
    answered: dict[str, Any] = {}
    if survey.invited:
        answered["invitationSection"] = _invitation(participant.invitation_section or InvitationSection())
    if survey.logged_on:
        answered["loginSection"] = _login(participant.login_section or LoginSection(), survey, caller)
    answered["enabled"] = participant.enabled is not False
    return answered


def answer_subjects(participant: Participant) -> list[dict[str, Any]]:
    """The subjects of a participant as the server answers them."""
    section = participant.login_section
    subjects = (section.subjects or ()) if isinstance(section, LoginSection) else ()
    return [answer_subject(each) for each in subjects if isinstance(each, Subject)]


def answer_subject(subject: Subject) -> dict[str, Any]:
    """A subject as the server answers it."""
    return {
        "subjectName": subject.subject_name or "",
        "questionnaireSeeding": dict(subject.questionnaire_seeding or {}),
        "status": subject.status or None,
    }


def _invitation(section: InvitationSection) -> dict[str, Any]:
    return {
        "optedOut": section.opted_out is True,
        "sendInvitations": section.send_invitations is True,
        "emailAddress": _text(section.email_address),
    }


def _login(section: LoginSection, survey: Survey, caller: Caller) -> dict[str, Any]:
    return {
        "login": _text(section.login),
        "password": _text(section.password),
        "interviewer": _interviewer(section, survey, caller),
        "status": _text(section.status),
    }


def _interviewer(section: LoginSection, survey: Survey, caller: Caller) -> str | None:
    """Null unless the survey allows interviewers and the caller may manage them; then a stored null is "".

    Where it is not known whether the survey allows any, the stored value is answered as it is.
    """
    if not caller.manages_interviewers or survey.interviewers is None:
        return None
    stored = _text(section.interviewer)
    return stored if survey.interviewers is UNSET else stored or ""


def _text(value: str | None | Unset) -> str | None:
    return None if isinstance(value, Unset) else value
