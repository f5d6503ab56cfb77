"""The members of a survey's entities that the page does not document: none, unless `model` declares more."""

from typing import Final

from participant_rules.schema.further import Further
from participant_rules.survey.model import InvitationSection, LoginSection, Participant, Subject

__all__ = ["OF_INVITATION", "OF_LOGIN", "OF_PARTICIPANT", "OF_SUBJECT"]

OF_PARTICIPANT: Final = Further.beside(Participant, "enabled")
OF_INVITATION: Final = Further.beside(InvitationSection, "opted_out", "send_invitations", "email_address")
OF_LOGIN: Final = Further.beside(LoginSection, "login", "password", "interviewer", "status")
OF_SUBJECT: Final = Further.beside(Subject, "subject_name", "status")
