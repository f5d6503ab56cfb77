"""Participants of a project, as MyDataHelps administers them."""

from participant_rules.project.api import Api
from participant_rules.project.bulk import BulkDecision, decide_all
from participant_rules.project.calls import BulkResult, Result
from participant_rules.project.case import Case, Change, Keys, Known, Operation, Stored, keys
from participant_rules.project.check import check, repair
from participant_rules.project.client import AsyncClient, Client
from participant_rules.project.credentials import AsyncServiceAccount, ServiceAccount, Token, TokenSource
from participant_rules.project.decision import Decision, decide
from participant_rules.project.keys import field_of, keys_of
from participant_rules.project.model import (
    CustomField,
    Demographics,
    FieldType,
    Gender,
    InvitationStatus,
    Member,
    Membership,
    Participant,
    Project,
    Segment,
)
from participant_rules.project.policy import Mint, Policy
from participant_rules.project.ports import Notifier, Page, Register, Roster, Write
from participant_rules.project.query import Query, Sort
from participant_rules.project.registrar import Registrar
from participant_rules.project.rules import (
    BULK,
    DELETE,
    FORM,
    PUT,
    QUERY,
    READ,
    RULES,
    SEGMENTS,
    SENTENCES,
    WITHDRAW,
)
from participant_rules.project.search import find_page
from participant_rules.project.wire import Batch, answer, read, read_batch, read_stored, write
from participant_rules.repairing import Repaired

__all__ = [
    "BULK",
    "DELETE",
    "FORM",
    "PUT",
    "QUERY",
    "READ",
    "RULES",
    "SEGMENTS",
    "SENTENCES",
    "WITHDRAW",
    "Api",
    "AsyncClient",
    "AsyncServiceAccount",
    "Batch",
    "BulkDecision",
    "BulkResult",
    "Case",
    "Change",
    "Client",
    "CustomField",
    "Decision",
    "Demographics",
    "FieldType",
    "Gender",
    "InvitationStatus",
    "Keys",
    "Known",
    "Member",
    "Membership",
    "Mint",
    "Notifier",
    "Operation",
    "Page",
    "Participant",
    "Policy",
    "Project",
    "Query",
    "Register",
    "Registrar",
    "Repaired",
    "Result",
    "Roster",
    "Segment",
    "ServiceAccount",
    "Sort",
    "Stored",
    "Token",
    "TokenSource",
    "Write",
    "answer",
    "check",
    "decide",
    "decide_all",
    "field_of",
    "find_page",
    "keys",
    "keys_of",
    "read",
    "read_batch",
    "read_stored",
    "repair",
    "write",
]
