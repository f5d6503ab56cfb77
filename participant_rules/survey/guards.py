"""Cheap tests for a clean record: each vouches that the rules which share it hold.

A guard that says no proves nothing, the rules are asked; one that says yes is never wrong, and the tests compare
every guard with its rules. They read the bodies directly, since they run for every record of a batch.
"""

from participant_rules.formats import email_key
from participant_rules.survey.case import Case
from participant_rules.survey.model import InvitationSection, LoginSection, Participant, Subject
from participant_rules.unset import UNSET

__all__ = [
    "address_fits",
    "admitted",
    "documented",
    "identified",
    "interviewer_fits",
    "sections_fit",
    "seeds_fit",
    "stored_is_unknown",
    "subjects_fit",
]


def admitted(case: Case) -> bool:
    """The survey takes participants and writes now, and the path names somebody."""
    survey = case.known_survey
    if survey is None or survey.import_state:
        return False
    return (survey.logged_on or survey.invited) and (
        case.known_stored is not None or case.change.uid is UNSET
    )


def sections_fit(case: Case) -> bool:
    """The body has the sections that the survey wants and no others."""
    asked, survey = case.change.asked, case.known_survey
    return (
        asked.__class__ is Participant
        and survey is not None
        and (asked.login_section.__class__ is LoginSection) is survey.logged_on
        and (asked.invitation_section.__class__ is InvitationSection) is survey.invited
    )


def identified(case: Case) -> bool:
    """The body names the participant of the path, or one that is there, or a new one."""
    asked, survey = case.change.asked, case.known_survey
    if asked.__class__ is not Participant or survey is None:
        return False
    section = asked.login_section if survey.logged_on else asked.invitation_section
    if section.__class__ is LoginSection:
        written = section.login
    elif section.__class__ is InvitationSection:
        written = section.email_address
    else:
        return False
    if written.__class__ is not str or not written or written.isspace():
        return False
    known = case.known_stored is not None and not case.known_taken and not case.vanished
    return known and (case.change.uid == written or case.change.uid is UNSET)


def interviewer_fits(case: Case) -> bool:
    """No interviewer is named where none may be."""
    asked, survey = case.change.asked, case.known_survey
    if asked.__class__ is not Participant or survey is None:
        return False
    section = asked.login_section
    if section.__class__ is not LoginSection:
        return True
    if section.interviewer is not None and section.interviewer is not UNSET:
        return False
    return not case.caller.manages_interviewers or not isinstance(survey.interviewers, tuple)


def subjects_fit(case: Case) -> bool:
    """The subjects are those of the questionnaire: one without a name, or a group of different names."""
    asked, survey = case.change.asked, case.known_survey
    if asked.__class__ is not Participant or survey is None or case.change.faults:
        return False
    section = asked.login_section
    if section.__class__ is not LoginSection:
        return True
    names = [subject.subject_name for subject in section.subjects or () if subject]
    if not survey.group:
        return names == [""]
    distinct = set(names)
    if len(distinct) != len(names) or not names or not all([name and not name.isspace() for name in names]):
        return False
    return case.known_stored is UNSET or not survey.fixed_subjects or distinct == case.stored_subjects.keys()


def address_fits(case: Case) -> bool:
    """The e-mail address is well formed, or neither there nor needed."""
    asked, survey = case.change.asked, case.known_survey
    if asked.__class__ is not Participant or survey is None:
        return False
    section = asked.invitation_section
    if section.__class__ is not InvitationSection:
        return True
    if section.opted_out and section.send_invitations:
        return False
    address = section.email_address
    if address.__class__ is str:
        return email_key(address) is not None
    return survey.logged_on and not section.send_invitations


def seeds_fit(case: Case) -> bool:
    """Every seeding key and value is one that was judged right before."""
    asked, survey = case.change.asked, case.known_survey
    if survey is None or case.change.faults:
        return False
    if asked.__class__ is Subject:
        return survey.accepted.seeding(asked.questionnaire_seeding)
    if asked.__class__ is not Participant:
        return False
    section = asked.invitation_section
    if section.__class__ is InvitationSection:
        if section.invitation_seeding is not UNSET:
            return False
        invitable = survey.invitable_keys or ()
        for name in section.invite_seeding or ():
            if name not in invitable:
                return False
    login = asked.login_section
    if login.__class__ is LoginSection:
        accepts = survey.accepted.seeding
        for subject in login.subjects or ():
            if subject and not accepts(subject.questionnaire_seeding):
                return False
    return True


def documented(case: Case) -> bool:
    """The body has documented members only."""
    asked = case.change.asked
    if asked.__class__ is not Participant or asked.extras:
        return False
    invitation, login = asked.invitation_section, asked.login_section
    if invitation.__class__ is InvitationSection and invitation.extras:
        return False
    if login.__class__ is not LoginSection:
        return True
    return not login.extras and not any([subject and subject.extras for subject in login.subjects or ()])


def stored_is_unknown(case: Case) -> bool:
    """There is nothing to compare the body with."""
    return case.known_stored is UNSET
