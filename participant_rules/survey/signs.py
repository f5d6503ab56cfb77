"""What records in doubt have in common: those with the same signs break the same laws.

Real files repeat their mistakes. For a participant who is new, or of whom it is not known whether he is
stored, the laws of a topic say no more than what is read here; so records with the same signs need be judged
once (the tests compare them with the rules).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Protocol

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

__all__ = ["Shown", "ShownBody", "Signs", "signs_of"]

Signs = tuple[Any, ...]


class Shown(Protocol):
    """What is read of a participant who is in doubt; what is not in doubt need not be right."""

    @property
    def lacks(self) -> tuple[bool, bool]:
        """Whether there is no invitation, and no login."""
        ...

    @property
    def login(self) -> str | None:
        """The login name."""
        ...

    @property
    def interviewer(self) -> str | None:
        """The address of the interviewer."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """The names of the subjects."""
        ...

    @property
    def reach(self) -> tuple[Any, Any, str]:
        """Whether he has opted out, whether he is to be invited, and his address, trimmed."""
        ...

    @property
    def invites(self) -> Collection[str]:
        """The keys of the invite seeding."""
        ...

    @property
    def seedings(self) -> Sequence[Mapping[str, Any]]:
        """The seedings of the subjects."""
        ...

    @property
    def enabled(self) -> Any:
        """Whether he is enabled."""
        ...


class ShownBody:
    """The members of a JSON value that a walk has read."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body

    def _section(self, name: str) -> Mapping[str, Any]:
        return self._body.get(name) or {}

    @property
    def _subjects(self) -> Sequence[Mapping[str, Any]]:
        return self._section("loginSection").get("subjects") or ()

    @property
    def lacks(self) -> tuple[bool, bool]:
        """Whether there is no invitation, and no login."""
        return self._body.get("invitationSection") is None, self._body.get("loginSection") is None

    @property
    def login(self) -> str | None:
        """The login name."""
        return self._section("loginSection").get("login")

    @property
    def interviewer(self) -> str | None:
        """The address of the interviewer."""
        return self._section("loginSection").get("interviewer")

    @property
    def names(self) -> Sequence[str]:
        """The names of the subjects."""
        return [each["subjectName"] for each in self._subjects]

    @property
    def reach(self) -> tuple[Any, Any, str]:
        """Whether he has opted out, whether he is to be invited, and his address, trimmed."""
        section = self._section("invitationSection")
        address = (section.get("emailAddress") or "").strip()
        return section.get("optedOut"), section.get("sendInvitations"), address

    @property
    def invites(self) -> Collection[str]:
        """The keys of the invite seeding."""
        return self._section("invitationSection").get("inviteSeeding") or ()

    @property
    def seedings(self) -> Sequence[Mapping[str, Any]]:
        """The seedings of the subjects."""
        return [each.get("questionnaireSeeding") or {} for each in self._subjects]

    @property
    def enabled(self) -> Any:
        """Whether he is enabled."""
        return self._body.get("enabled", True)


def signs_of(shown: Shown, doubts: int, survey: Survey) -> Signs | None:
    """The signs of doubts about somebody whose members were read; None where they do not tell all."""
    if doubts & ~_TOLD or (doubts & KEYS and not all(map(are_distinct, (shown.invites, *shown.seedings)))):
        return None
    return (doubts, *[read(shown, survey) for read in _readers_of(doubts)])


def _sections(shown: Shown, _: Survey) -> Signs:
    return shown.lacks


def _address(shown: Shown, _: Survey) -> Signs:
    opted_out, sending, address = shown.reach
    return opted_out, sending, address and email_key(address) is not None


def _identity(shown: Shown, survey: Survey) -> Signs:
    name = (shown.login if survey.logged_on else None) or ""
    return (not name or name.isspace(),)


def _interviewer(shown: Shown, survey: Survey) -> Signs:
    named, keys = shown.interviewer, survey.interviewer_keys
    known = named is not None and not isinstance(keys, Unset) and address_key(named) in (keys or ())
    return named is None, not named, known


def _subjects(shown: Shown, _: Survey) -> Signs:
    names = shown.names
    return tuple([(not name, name.isspace(), names.index(name)) for name in names])


def _invites(shown: Shown, survey: Survey) -> Signs:
    keys = survey.invitable_keys or ()
    return tuple([name for name in shown.invites if name.lower() not in keys])


def _seedings(shown: Shown, survey: Survey) -> Signs:
    return tuple(_odd_seeds(shown, survey))


def _odd_seeds(shown: Shown, survey: Survey) -> Iterator[Signs]:
    """The seeds in doubt; the text matters where it is one of those to choose from."""
    variables = survey.variables_by_key or {}
    for place, seeding in enumerate(shown.seedings):
        for name, text in survey.accepted.odd(seeding).items():
            variable = variables.get(name.lower())
            chosen = variable is not None and variable.is_choice
            yield place, name, text.__class__, text if chosen else None


def _types(shown: Shown, _: Survey) -> Signs:
    """Whether a member that is no text is of the wrong type; those of seedings are told by their seeds."""
    return (shown.enabled.__class__ is bool,)


_Reader = Callable[[Shown, Survey], Signs]
_READERS: Final[Mapping[int, _Reader]] = {
    SECTIONS: _sections,
    IDENTITY: _identity,
    INTERVIEWER: _interviewer,
    SUBJECTS: _subjects,
    ADDRESS: _address,
    INVITES: _invites,
    SEEDINGS: _seedings,
    TYPES: _types,
}


@lru_cache(maxsize=256)
def _readers_of(doubts: int) -> tuple[_Reader, ...]:
    return tuple([read for topic, read in _READERS.items() if doubts & topic])


_TOLD: Final = TYPES | KEYS | SECTIONS | IDENTITY | INTERVIEWER | SUBJECTS | ADDRESS | INVITES | SEEDINGS
