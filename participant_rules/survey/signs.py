"""What records in doubt have in common: those with the same signs break the same laws.

Real files repeat their mistakes. For a participant who is new, or of whom it is not known whether he is
stored, the laws of a topic say no more than what is read here from the values of a body; so records with the
same signs need be judged once (the tests compare them with the rules).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from participant_rules.formats import email_key
from participant_rules.survey.guards import (
    ADDRESS,
    IDENTITY,
    INTERVIEWER,
    INVITES,
    KEYS,
    SECTIONS,
    SEEDINGS,
    SUBJECTS,
    TYPES,
    are_distinct,
)
from participant_rules.survey.model import Survey, address_key
from participant_rules.unset import Unset

__all__ = ["Signs", "signs_of"]

Signs = tuple[Any, ...]


def signs_of(body: Mapping[str, Any], doubts: int, survey: Survey) -> Signs | None:
    """The signs of a body whose members a walk has read and doubts; None where they do not tell all."""
    if doubts & ~_TOLD or (doubts & KEYS and not all(map(are_distinct, _seedings_of(body)))):
        return None
    return (doubts, *[read(body, survey) for topic, read in _READERS.items() if doubts & topic])


def _section(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return body.get(name) or {}


def _subjects_of(body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return _section(body, "loginSection").get("subjects") or ()


def _seedings_of(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield _section(body, "invitationSection").get("inviteSeeding") or {}
    for subject in _subjects_of(body):
        yield subject.get("questionnaireSeeding") or {}


def _sections(body: Mapping[str, Any], _: Survey) -> Signs:
    return body.get("invitationSection") is None, body.get("loginSection") is None


def _address(body: Mapping[str, Any], _: Survey) -> Signs:
    section = _section(body, "invitationSection")
    address = (section.get("emailAddress") or "").strip()
    return section.get("optedOut"), section.get("sendInvitations"), address and email_key(address) is not None


def _identity(body: Mapping[str, Any], survey: Survey) -> Signs:
    name: str = (_section(body, "loginSection").get("login") if survey.logged_on else None) or ""
    return (not name or name.isspace(),)


def _interviewer(body: Mapping[str, Any], survey: Survey) -> Signs:
    named, keys = _section(body, "loginSection").get("interviewer"), survey.interviewer_keys
    known = named is not None and not isinstance(keys, Unset) and address_key(named) in (keys or ())
    return named is None, not named, known


def _subjects(body: Mapping[str, Any], _: Survey) -> Signs:
    names: list[str] = [each["subjectName"] for each in _subjects_of(body)]
    return tuple([(not name, name.isspace(), names.index(name)) for name in names])


def _invites(body: Mapping[str, Any], survey: Survey) -> Signs:
    keys = survey.invitable_keys or ()
    seeding = _section(body, "invitationSection").get("inviteSeeding") or {}
    return tuple([name for name in seeding if name.lower() not in keys])


def _seedings(body: Mapping[str, Any], survey: Survey) -> Signs:
    return tuple(_odd_seeds(body, survey))


def _odd_seeds(body: Mapping[str, Any], survey: Survey) -> Iterator[Signs]:
    """The seeds in doubt; the text matters where it is one of those to choose from."""
    variables = survey.variables_by_key or {}
    for place, subject in enumerate(_subjects_of(body)):
        for name, text in survey.accepted.odd(subject.get("questionnaireSeeding") or {}).items():
            variable = variables.get(name.lower())
            chosen = variable is not None and variable.is_choice
            yield place, name, text.__class__, text if chosen else None


def _types(body: Mapping[str, Any], _: Survey) -> Signs:
    """Whether a member that is no text is of the wrong type; those of seedings are told by their seeds."""
    return (body.get("enabled", True).__class__ is bool,)


_READERS: Final[Mapping[int, Callable[[Mapping[str, Any], Survey], Signs]]] = {
    SECTIONS: _sections,
    IDENTITY: _identity,
    INTERVIEWER: _interviewer,
    SUBJECTS: _subjects,
    ADDRESS: _address,
    INVITES: _invites,
    SEEDINGS: _seedings,
    TYPES: _types,
}
_TOLD: Final = TYPES | KEYS | SECTIONS | IDENTITY | INTERVIEWER | SUBJECTS | ADDRESS | INVITES | SEEDINGS
