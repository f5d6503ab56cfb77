"""Participants of a survey, as Snap XMP Online administers them."""

from participant_rules.repairing import Repaired
from participant_rules.survey.api import Api
from participant_rules.survey.case import Case, Change, Keys, Known, Operation, Stored, keys
from participant_rules.survey.check import check, repair
from participant_rules.survey.client import AsyncClient, Client
from participant_rules.survey.credentials import Credentials
from participant_rules.survey.decision import Decision, decide, decide_all
from participant_rules.survey.model import (
    Caller,
    Code,
    InvitationSection,
    LoginSection,
    Participant,
    Subject,
    Survey,
    Variable,
)
from participant_rules.survey.ports import Page, Register, Roster, Write
from participant_rules.survey.registrar import Registrar
from participant_rules.survey.rules import (
    ADD,
    ADD_SUBJECT,
    DELETE,
    DELETE_SUBJECT,
    FORM,
    LIST,
    READ,
    READ_SUBJECT,
    RULES,
    SENTENCES,
    UPDATE,
    UPDATE_SUBJECT,
)
from participant_rules.survey.wire import read, read_stored, write

__all__ = [
    "ADD",
    "ADD_SUBJECT",
    "DELETE",
    "DELETE_SUBJECT",
    "FORM",
    "LIST",
    "READ",
    "READ_SUBJECT",
    "RULES",
    "SENTENCES",
    "UPDATE",
    "UPDATE_SUBJECT",
    "Api",
    "AsyncClient",
    "Caller",
    "Case",
    "Change",
    "Client",
    "Code",
    "Credentials",
    "Decision",
    "InvitationSection",
    "Keys",
    "Known",
    "LoginSection",
    "Operation",
    "Page",
    "Participant",
    "Register",
    "Registrar",
    "Repaired",
    "Roster",
    "Stored",
    "Subject",
    "Survey",
    "Variable",
    "Write",
    "check",
    "decide",
    "decide_all",
    "keys",
    "read",
    "read_stored",
    "repair",
    "write",
]
