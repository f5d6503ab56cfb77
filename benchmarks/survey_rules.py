"""The survey's rules in plain Python, as an application would write them, for every peer but ours.

They read a participant of any library by its attributes, and say in the documented words what is wrong where.
"""

from collections.abc import Iterator
from typing import Any

import email_validator
from survey_records import DEFINITION
from verdicts import Verdict

Wrong = list[tuple[str, str]]  # a pointer and the sentence

_INVITABLE = frozenset(DEFINITION["inviteSeeding"])
_SEEDABLE = frozenset(DEFINITION["questionnaireSeeding"])
_VARIABLES = {
    each["variableId"].lower(): (each["responseType"], frozenset(code["codeValue"] for code in each["codes"]))
    for each in DEFINITION["variables"]
}


def judge(participant: Any, logins: set[str], *, address_is_judged: bool = False) -> Verdict | None:
    """Where the rules are broken; a right one's login is taken."""
    wrong = complaints(participant, logins, address_is_judged=address_is_judged)
    return Verdict([pointer for pointer, _ in wrong]) if wrong else None


def complaints(participant: Any, logins: set[str], *, address_is_judged: bool = False) -> Wrong:
    """The broken rules of a survey with invitations, logins and groups; the login of a right one is taken."""
    wrong: Wrong = []
    if participant.invitationSection is None:
        wrong.append(("/invitationSection", "Participants require an invitation section."))
    else:
        _judge_invitation(participant.invitationSection, wrong, address_is_judged)
    if participant.loginSection is None:
        wrong.append(("/loginSection", "Participants require a login section."))
    else:
        _judge_login(participant.loginSection, logins, wrong)
    if not wrong:
        logins.add(participant.loginSection.login)
    return wrong


def _judge_invitation(section: Any, wrong: Wrong, address_is_judged: bool) -> None:
    if section.optedOut and section.sendInvitations:
        wrong.append(
            (
                "/invitationSection",
                "Participant cannot be opted out and have send invitations enabled at the same time.",
            )
        )
    address = section.emailAddress
    if not address:
        if section.sendInvitations:
            wrong.append(("/invitationSection/emailAddress", "You must provide a valid email address."))
    elif not address_is_judged:
        try:
            email_validator.validate_email(address, check_deliverability=False)
        except email_validator.EmailNotValidError:
            wrong.append(
                ("/invitationSection/emailAddress", "If an email address is provided, it must be valid.")
            )
    for key in section.inviteSeeding or ():
        if key.lower() not in _INVITABLE:
            sentence = f" Participant invite seeding does not have a '{key}' seeding property."
            wrong.append((f"/invitationSection/inviteSeeding/{key}", sentence))


def _judge_login(section: Any, logins: set[str], wrong: Wrong) -> None:
    if not section.login or not section.login.strip():
        wrong.append(("/loginSection/login", "You must provide a login name."))
    elif section.login in logins:
        wrong.append(("/loginSection/login", "Participant with this login name already exists."))
    if section.interviewer is not None:
        wrong.append(
            ("/loginSection/interviewer", "Not allowed to add, update or delete an interviewer."),
        )
    if not section.subjects:
        sentence = "Participants for this survey must have at least one subject."
        wrong.append(("/loginSection/subjects", sentence))
    names: set[str] = set()
    for position, subject in enumerate(section.subjects or ()):
        pointer = f"/loginSection/subjects/{position}"
        if not subject.subjectName or not subject.subjectName.strip():
            sentence = "Subject name cannot be blank for a group questionnaire."
            wrong.append((f"{pointer}/subjectName", sentence))
        elif subject.subjectName in names:
            sentence = "Participants for this survey must have unique subjects."
            wrong.append((f"{pointer}/subjectName", sentence))
        names.add(subject.subjectName)
        for key, text in (subject.questionnaireSeeding or {}).items():
            for sentence in _judge_seed(key, text):
                wrong.append((f"{pointer}/questionnaireSeeding/{key}", sentence))


def _judge_seed(key: str, text: str | None) -> Iterator[str]:
    if key.lower() not in _VARIABLES:
        yield f" Survey does not have a '{key}' variable."
        return
    if key.lower() not in _SEEDABLE:
        yield f" Participant questionnaire seeding does not have a '{key}}}' seeding property."
        return
    kind, codes = _VARIABLES[key.lower()]
    if kind == "Text" or not text:
        return
    values = [value for value in map(str.strip, text.split(";")) if value]
    if kind == "Single" and len(values) > 1:
        yield f" Survey variable '{key}' is single choice. Multiple values are not allowed."
        return
    if len(set(values)) < len(values):
        yield f" Survey variable '{key}' cannot contain duplicate code values."
    for code in dict.fromkeys(values):
        if code not in codes:
            yield f" Survey variable '{key}' does not contain code value '{code}'."
