"""Whether an update keeps what is stored, told from its JSON values: it drops no subject and no value.

That is more than the laws ask for, so it proves only that those which compare with the stored participant
find nothing (the tests compare it with the rules).
"""

from collections.abc import Mapping
from typing import Any

from participant_rules.survey.model import InvitationSection, LoginSection, Participant, Subject

__all__ = ["keeps_all"]


def keeps_all(body: Mapping[str, Any], stored: Participant) -> bool:
    """Whether a body without doubts has every member, every subject, and every seed that is stored."""
    invitation, login = body.get("invitationSection"), body.get("loginSection")
    return (
        "enabled" in body
        and (invitation is None or _keeps_invitation(invitation, stored.invitation_section))
        and (login is None or _keeps_login(login, stored.login_section))
    )


def _keeps_invitation(section: Mapping[str, Any], stored: Any) -> bool:
    if not isinstance(stored, InvitationSection):
        return False
    whole = "optedOut" in section and "sendInvitations" in section and "emailAddress" in section
    return whole and _keeps_seeding(section.get("inviteSeeding"), stored.invite_seeding)


def _keeps_login(section: Mapping[str, Any], stored: Any) -> bool:
    if not isinstance(stored, LoginSection) or "password" not in section or "interviewer" not in section:
        return False
    sent, known = section["subjects"], stored.subjects or ()
    if len(sent) != len(known):
        return False
    by_name = {each.subject_name: each for each in known if isinstance(each, Subject)}
    for subject in sent:
        other = by_name.get(subject["subjectName"])
        if other is None:
            return False
        if not _keeps_seeding(subject.get("questionnaireSeeding"), other.questionnaire_seeding):
            return False
    return True


def _keeps_seeding(sent: Any, stored: Mapping[str, Any] | Any) -> bool:
    return sent is not None and (not stored or stored.keys() <= sent.keys())
