"""The participant that results from a change.

An update is a full replacement: what the body leaves out gets its default, what is read-only is kept as
stored.
"""

from collections.abc import Iterator
from typing import Final

from attrs import evolve

from participant_rules.engine.case import known_value
from participant_rules.schema.building import builder
from participant_rules.survey.case import Case, Operation
from participant_rules.survey.model import InvitationSection, LoginSection, Participant, Subject
from participant_rules.unset import Unset

__all__ = ["result_of", "stored_of"]

NOT_STARTED: Final = "NotStarted"

_participant_of: Final = builder(Participant)
_invitation_section_of: Final = builder(InvitationSection)
_login_section_of: Final = builder(LoginSection)
_subject_of: Final = builder(Subject)
_NOBODYS: Final = LoginSection(status=NOT_STARTED)


def stored_of(case: Case) -> Participant | None:
    """The stored participant, as far as it is known."""
    return None if isinstance(case.known_stored, Unset) else case.known_stored


def result_of(case: Case) -> Participant | None:
    """The participant after an accepted change; None where it is deleted."""
    operation = case.change.operation
    if operation is Operation.DELETE:
        return None
    if operation in (Operation.ADD, Operation.UPDATE):
        return _completed(case)
    if operation in (Operation.ADD_SUBJECT, Operation.UPDATE_SUBJECT, Operation.DELETE_SUBJECT):
        return _with_subjects(case, tuple(_subjects_after(case)))
    return stored_of(case)


def _completed(case: Case) -> Participant:
    """The body with every default filled in and everything read-only kept."""
    asked, survey, stored = case.participant, case.survey, stored_of(case)
    return _participant_of(
        invitation_section=_invitation(case) if survey.invited else None,
        login_section=_login(case) if survey.logged_on else None,
        enabled=asked.enabled is not False,
        extras=stored.extras if stored else {},
    )


def _invitation(case: Case) -> InvitationSection:
    asked, address = case.invitation_section, case.invitation_section.email_address
    return _invitation_section_of(
        opted_out=asked.opted_out is True,
        send_invitations=asked.send_invitations is True,
        email_address=address.strip() if isinstance(address, str) else known_value(address),
        invite_seeding=dict(asked.invite_seeding or asked.invitation_seeding or {}),
    )


def _login(case: Case) -> LoginSection:
    asked, stored = case.login_section, stored_of(case)
    before = stored.login_section if stored else None
    kept = before if isinstance(before, LoginSection) else _NOBODYS
    subjects = case.stored_subjects if stored else {}
    return _login_section_of(
        login=asked.login,
        password=known_value(asked.password),
        interviewer=_interviewer(case, kept),
        status=kept.status,
        subjects=tuple(
            [
                _subject(each, subjects.get(each.subject_name))
                for each in case.subject_list
                if not isinstance(each, Unset)
            ]
        ),
    )


def _interviewer(case: Case, kept: LoginSection) -> str | None | Unset:
    """The stored interviewer where a caller without the permission sends null."""
    interviewer = case.interviewer
    if interviewer is None and not case.caller.manages_interviewers:
        return known_value(kept.interviewer)
    return interviewer


def _subject(asked: Subject, stored: Subject | None) -> Subject:
    return _subject_of(
        subject_name=asked.subject_name,
        questionnaire_seeding=dict(asked.questionnaire_seeding or {}),
        status=stored.status if stored else NOT_STARTED,
    )


def _subjects_after(case: Case) -> Iterator[Subject]:
    """The subjects of the participant after a subject call."""
    operation, stored = case.change.operation, case.stored_subjects
    for name, subject in stored.items():
        if operation is Operation.ADD_SUBJECT or name != case.path_subject:
            yield subject
        elif operation is Operation.UPDATE_SUBJECT:
            yield _subject(case.body_subject, subject)
    if operation is Operation.ADD_SUBJECT:
        yield _subject(case.body_subject, None)


def _with_subjects(case: Case, subjects: tuple[Subject, ...]) -> Participant:
    section = case.standing.login_section
    assert isinstance(section, LoginSection)  # noqa: S101  who has no login section has no subjects: 404
    return evolve(case.standing, login_section=evolve(section, subjects=subjects))
