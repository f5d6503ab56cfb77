"""Losses of a full replacement: members that an update leaves out although something else is stored."""

from collections.abc import Iterator, Mapping

from participant_rules.schema.kinds import Path
from participant_rules.survey.case import Case, blank
from participant_rules.survey.model import InvitationSection, LoginSection, Participant, Seeding, Subject
from participant_rules.unset import UNSET, Unset

__all__ = ["omissions"]


def omissions(case: Case) -> Iterator[Path]:
    """The paths of members that the body leaves out where the default would change the stored value."""
    asked, stored = case.asked, case.standing
    if isinstance(asked, Subject):
        yield from _of_subject(asked, case.stored_subjects.get(case.path_subject), ())
        return
    if asked.enabled is UNSET and stored.enabled is False:
        yield ("enabled",)
    if isinstance(asked.invitation_section, InvitationSection):
        yield from _of_invitation(asked.invitation_section, stored)
    if isinstance(asked.login_section, LoginSection):
        yield from _of_login(asked.login_section, stored, managed=case.caller.manages_interviewers)
        for path, subject in case.subjects:
            name = subject.subject_name
            yield from _of_subject(subject, case.stored_subjects.get(name), path)


def _of_invitation(asked: InvitationSection, participant: Participant) -> Iterator[Path]:
    stored = participant.invitation_section
    if not isinstance(stored, InvitationSection):
        return
    if asked.opted_out is UNSET and stored.opted_out is True:
        yield "invitationSection", "optedOut"
    if asked.send_invitations is UNSET and stored.send_invitations is True:
        yield "invitationSection", "sendInvitations"
    if asked.email_address is UNSET and not blank(stored.email_address):
        yield "invitationSection", "emailAddress"
    either = asked.invite_seeding if asked.invitation_seeding is UNSET else asked.invitation_seeding
    yield from _of_seeding(either, stored.invite_seeding, ("invitationSection", "inviteSeeding"))


def _of_login(asked: LoginSection, participant: Participant, *, managed: bool) -> Iterator[Path]:
    stored = participant.login_section
    if not isinstance(stored, LoginSection):
        return
    if asked.password is UNSET and not blank(stored.password):
        yield "loginSection", "password"
    if managed and asked.interviewer is UNSET and not blank(stored.interviewer):
        yield "loginSection", "interviewer"


def _of_subject(asked: Subject, stored: Subject | None, path: Path) -> Iterator[Path]:
    if stored is not None:
        here = (*path, "questionnaireSeeding")
        yield from _of_seeding(asked.questionnaire_seeding, stored.questionnaire_seeding, here)


def _of_seeding(asked: Seeding | None | Unset, stored: Seeding | None | Unset, path: Path) -> Iterator[Path]:
    """A seeding that is left out as a whole, or the keys that it leaves out."""
    if not stored or (asked and stored.keys() <= asked.keys()):  # most are like this
        return
    lost = {key: text for key, text in stored.items() if not blank(text)}
    if asked is UNSET and lost:
        yield path
    elif isinstance(asked, Mapping):
        kept = {key.lower() for key in asked}
        yield from ((*path, key) for key in lost if key.lower() not in kept)
