"""One walk over a body, which says what about it is in doubt.

The rules that look at one topic share its guard. Where the walk has no doubt, no rule of that topic finds
anything (the tests compare the walk with the rules); a doubt proves nothing, and the rules are asked. Nearly
all records of a batch are clear, so the walk reads the JSON values as they are: a clear record need not
become an entity. It runs for every record, which is why it calls little and asks for classes instead of
instances.
"""

from collections.abc import Collection, Mapping, Sequence
from types import NoneType
from typing import Any, Final

from participant_rules.formats import email_key
from participant_rules.rules import Guard
from participant_rules.survey.case import EVERYTHING, Case, Known, Operation
from participant_rules.survey.likeness import keeps_all
from participant_rules.survey.model import Caller, Participant, Survey
from participant_rules.unset import UNSET, Unset

__all__ = [
    "GUARDS",
    "address",
    "are_distinct",
    "call",
    "identity",
    "interviewer",
    "invites",
    "keys",
    "members",
    "omissions",
    "sections",
    "seedings",
    "subjects",
    "walk",
    "who_is_meant",
]

(
    CALL,
    SECTIONS,
    IDENTITY,
    INTERVIEWER,
    SUBJECTS,
    ADDRESS,
    INVITES,
    SEEDINGS,
    KEYS,
    OMISSIONS,
    MEMBERS,
    TYPES,
) = (1 << place for place in range(12))
_OF_INVITATION: Final = ADDRESS | INVITES | KEYS | MEMBERS
_OF_SUBJECT: Final = SUBJECTS | SEEDINGS | KEYS | MEMBERS
_OF_LOGIN: Final = INTERVIEWER | _OF_SUBJECT
_UNREAD: Final = -(1 << 40)  # names: stays below zero whatever is added


def _guard(topics: int) -> Guard:
    def is_clear(case: Case) -> bool:
        return not case.doubts & topics

    return is_clear


call = _guard(CALL)
sections = _guard(SECTIONS)
identity = _guard(IDENTITY)
interviewer = _guard(INTERVIEWER)
subjects = _guard(SUBJECTS)
address = _guard(ADDRESS)
invites = _guard(INVITES)
seedings = _guard(SEEDINGS)
keys = _guard(KEYS)
omissions = _guard(OMISSIONS)
members = _guard(MEMBERS)

TOPICS: Final[Mapping[Guard | None, int]] = {
    call: CALL,
    sections: SECTIONS,
    identity: IDENTITY,
    interviewer: INTERVIEWER,
    subjects: SUBJECTS,
    address: ADDRESS,
    invites: INVITES,
    seedings: SEEDINGS,
    keys: KEYS,
    omissions: OMISSIONS,
    members: MEMBERS,
}
"""The topic of each guard."""

GUARDS: Final = frozenset(TOPICS)
"""What the walk answers for: rules with these guards alone need not be asked where it has no doubt."""

# Every documented member, left out: laid under a section that lacks some, it shows whether there are others.
_PARTICIPANT: Final[dict[str, Any]] = {"invitationSection": None, "loginSection": None, "enabled": True}
_INVITATION: Final[dict[str, Any]] = {
    "optedOut": False,
    "sendInvitations": False,
    "emailAddress": None,
    "inviteSeeding": None,
}
_LOGIN: Final[dict[str, Any]] = dict.fromkeys(("login", "password", "interviewer", "status", "subjects"))
_SUBJECT: Final[dict[str, Any]] = dict.fromkeys(("subjectName", "questionnaireSeeding", "status"))
_TEXT: Final = frozenset({str, NoneType})
SCALAR: Final = frozenset({str, NoneType, bool, int, float})
_NONE: Final[dict[str, Any]] = {}


def walk(
    body: Any, operation: Operation | str, uid: Any, known: Known, caller: Caller
) -> tuple[int, int, str | None]:
    """The topics of a body that are in doubt, the number of names in its objects, and its identity.

    The topics are one bit each. The number is below zero where the walk has not read all of the body; the
    identity is None where it is in doubt.
    """
    survey = known.survey
    if survey is None or body.__class__ is not dict:
        return EVERYTHING, _UNREAD, None
    doubts, names, written = 0, len(body), None
    whole = body if body.keys() == _PARTICIPANT.keys() else _PARTICIPANT | body
    invitation, login = whole["invitationSection"], whole["loginSection"]
    if whole["enabled"].__class__ is not bool or len(whole) != len(_PARTICIPANT):
        plain = whole["enabled"].__class__ in SCALAR and len(whole) == len(_PARTICIPANT)
        doubts, names = (TYPES, names) if plain else (MEMBERS, _UNREAD)
    if (invitation is None) is survey.invited or (login is None) is survey.logged_on:
        doubts |= SECTIONS
    if invitation is not None:
        found, read, written = _walk_invitation(invitation, survey)
        doubts |= found
        names += read
    if survey.logged_on:
        written = None
    if login is not None:
        found, read, name = _walk_login(login, survey, caller)
        doubts |= found
        names += read
        written = name if survey.logged_on else written
    if written.__class__ is not str or not written or written.isspace():
        written, doubts = None, doubts | IDENTITY
    if uid is UNSET and isinstance(known.participants, Unset):
        return doubts if survey.admits else doubts | CALL, names, written
    return doubts | who_is_meant(written, operation, uid, known, survey, body=body), names, written


def _walk_invitation(section: Any, survey: Survey) -> tuple[int, int, Any]:  # noqa: C901  one walk, told in one piece
    """The doubts, the number of names, and the address."""
    if section.__class__ is not dict:
        return _OF_INVITATION, _UNREAD, None
    names = len(section)
    if names != len(_INVITATION):
        section = _INVITATION | section
    try:
        opted_out, sending = section["optedOut"], section["sendInvitations"]
        written, seeding = section["emailAddress"], section["inviteSeeding"]
    except KeyError:
        return _OF_INVITATION, _UNREAD, None
    if seeding is None:
        seeding = _NONE
    if (
        opted_out.__class__ is not bool
        or sending.__class__ is not bool
        or (written.__class__ is not str and written is not None)
        or seeding.__class__ is not dict
        or len(section) != len(_INVITATION)
    ):
        return _OF_INVITATION, _UNREAD, None
    doubts = 0
    if written:
        written = written.strip()
    if (opted_out and sending) or (
        email_key(written) is None if written else sending or not survey.logged_on
    ):
        doubts = ADDRESS
    invitable = survey.invitable_keys or _NONE
    for key, text in seeding.items():
        if text.__class__ is not str and text is not None:
            return _OF_INVITATION, _UNREAD, written
        if key not in invitable:
            doubts |= INVITES | KEYS
    return doubts, names + len(seeding), written


def _walk_login(section: Any, survey: Survey, caller: Caller) -> tuple[int, int, Any]:
    """The doubts, the number of names, and the login name."""
    if section.__class__ is not dict:
        return _OF_LOGIN, _UNREAD, None
    names = len(section)
    if names != len(_LOGIN):
        section = _LOGIN | section
    try:
        name, password, interviewer = section["login"], section["password"], section["interviewer"]
        status, subjects = section["status"], section["subjects"]
    except KeyError:
        return _OF_LOGIN, _UNREAD, section.get("login")
    if (
        subjects.__class__ is not list
        or name.__class__ not in _TEXT
        or password.__class__ not in _TEXT
        or interviewer.__class__ not in _TEXT
        or status.__class__ not in _TEXT
        or len(section) != len(_LOGIN)
    ):
        return _OF_LOGIN, _UNREAD, name
    doubts, read = _walk_subjects(subjects, survey)
    if interviewer is not None or (caller.manages_interviewers and survey.interviewers.__class__ is tuple):
        doubts |= INTERVIEWER
    return doubts, names + read, name


def _walk_subjects(subjects: Sequence[Any], survey: Survey) -> tuple[int, int]:
    """The doubts, and the number of names."""
    doubts = names = 0
    called = set()
    accepts = survey.accepted.seeding
    for subject in subjects:
        if subject.__class__ is not dict:
            return _OF_SUBJECT, _UNREAD
        names += len(subject)
        whole = subject if len(subject) == len(_SUBJECT) else _SUBJECT | subject
        try:
            name, seeding, status = whole["subjectName"], whole["questionnaireSeeding"], whole["status"]
        except KeyError:
            return _OF_SUBJECT, _UNREAD
        if name.__class__ is not str or status.__class__ not in _TEXT or len(whole) != len(_SUBJECT):
            return _OF_SUBJECT, _UNREAD
        called.add(name)
        if seeding is not None:
            if seeding.__class__ is dict and accepts(seeding):
                names += len(seeding)
            elif seeding.__class__ is dict and SCALAR.issuperset(map(type, seeding.values())):
                names += len(seeding)
                doubts |= SEEDINGS if are_distinct(seeding) else SEEDINGS | KEYS
                if not _TEXT.issuperset(map(type, seeding.values())):
                    doubts |= TYPES
            else:
                return _OF_SUBJECT, _UNREAD
    if len(called) != len(subjects) or not (_all_named(called) if survey.group else called == _NAMELESS):
        doubts |= SUBJECTS
    return doubts, names


_NAMELESS: Final = {""}


def _all_named(called: set[str]) -> bool:
    """Whether there is a subject, and no blank name."""
    return bool(called) and "" not in called and not any(map(str.isspace, called))


def are_distinct(keys: Collection[str]) -> bool:
    """Whether no seeding key is there in two spellings."""
    return len(set(map(str.lower, keys))) == len(keys)


def who_is_meant(
    written: str | None,
    operation: Operation | str,
    uid: Any,
    known: Known,
    survey: Survey,
    *,
    body: Any = None,
) -> int:
    """The doubts about the call and about the participant, who is new, or there, and the one of the path."""
    participants = known.participants
    doubts = 0 if survey.admits else CALL
    if written is not None and uid is not UNSET and uid != written:
        doubts |= IDENTITY
    meant = written if uid is UNSET else uid
    if isinstance(participants, Unset) or meant is None:
        return doubts
    found = participants.get(meant if survey.logged_on else survey.key(meant))
    if operation == "add":
        return doubts if found is None else doubts | IDENTITY
    if found is None:
        return doubts | CALL | IDENTITY if known.complete else doubts
    return doubts if body is not None and _keeps(body, found.participant) else doubts | OMISSIONS | SUBJECTS


def _keeps(body: Any, stored: Participant) -> bool:
    """Whether an update keeps all that is stored; a body in doubt may lack what is looked for."""
    try:
        return keeps_all(body, stored)
    except (AttributeError, KeyError, TypeError):
        return False
