"""What records in doubt have in common: those with the same signs break the same laws.

Real files repeat their mistakes. For a participant who is new, or of whom it is not known whether he is
stored, the laws of a topic say no more than what is read here; so records with the same signs need be judged
once, and so do those parts of signs that can be judged apart (the tests compare them with the rules).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import Any, Final, Protocol

from participant_rules.formats import email_key
from participant_rules.rules import RuleSet
from participant_rules.survey.guards import (
    ADDRESS,
    IDENTITY,
    INTERVIEWER,
    INVITES,
    KEYS,
    SECTIONS,
    SEEDINGS,
    SUBJECTS,
    TOPICS,
    TYPES,
    are_distinct,
)
from participant_rules.survey.model import Survey, address_key
from participant_rules.unset import Unset

__all__ = ["TAKEN", "Shown", "ShownBody", "Sign", "Signs", "links_of", "parts_of", "signs_of"]

Sign = tuple[int, Any]
"""A topic in doubt, and what the laws of that topic look at."""

Signs = tuple[Sign, ...]
"""In the order of topics; none of who is clear."""

TAKEN: Final[Sign] = (IDENTITY, "taken")
"""Another participant has the identity."""


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
    def reach(self) -> tuple[Any, Any, bool | None]:
        """Whether he has opted out, whether he is to be invited, and whether his address is well formed.

        The last is None where he has none.
        """
        ...

    @property
    def invites(self) -> Collection[str]:
        """The keys of the invite seeding."""
        ...

    @property
    def has_distinct_keys(self) -> bool:
        """Whether no key of a seeding is there in two spellings."""
        ...

    @property
    def odd_seedings(self) -> Iterable[tuple[int, Mapping[str, Any]]]:
        """The places of subjects, and what is not right of their seedings."""
        ...

    @property
    def enabled(self) -> Any:
        """Whether he is enabled."""
        ...


class ShownBody:
    """The members of a JSON value that a walk has read."""

    def __init__(self, body: Mapping[str, Any], survey: Survey) -> None:
        self._body, self._survey = body, survey

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
    def reach(self) -> tuple[Any, Any, bool | None]:
        """Whether he has opted out, whether he is to be invited, and whether his address is well formed."""
        section = self._section("invitationSection")
        address = (section.get("emailAddress") or "").strip()
        well_formed = email_key(address) is not None if address else None
        return section.get("optedOut"), section.get("sendInvitations"), well_formed

    @property
    def invites(self) -> Collection[str]:
        """The keys of the invite seeding."""
        return self._section("invitationSection").get("inviteSeeding") or ()

    @property
    def _seedings(self) -> Sequence[Mapping[str, Any]]:
        return [each.get("questionnaireSeeding") or {} for each in self._subjects]

    @property
    def has_distinct_keys(self) -> bool:
        """Whether no key of a seeding is there in two spellings."""
        return all(map(are_distinct, (self.invites, *self._seedings)))

    @property
    def odd_seedings(self) -> Iterable[tuple[int, Mapping[str, Any]]]:
        """The places of subjects, and what is not right of their seedings."""
        return enumerate(map(self._survey.accepted.odd, self._seedings))

    @property
    def enabled(self) -> Any:
        """Whether he is enabled."""
        return self._body.get("enabled", True)


def signs_of(shown: Shown, doubts: int, survey: Survey) -> Signs | None:
    """The signs of doubts about somebody whose members were read; None where they do not tell all."""
    if doubts & ~_TOLD or (doubts & KEYS and not shown.has_distinct_keys):
        return None
    return tuple([(topic, read(shown, survey)) for topic, read in _readers_of(doubts)])


def parts_of(signs: Signs, links: Mapping[int, int]) -> list[Signs]:
    """Signs that can be judged apart, because no law of one part asks what a law of another one found.

    `links` are those of `links_of`. The faults of types stand before all that the laws say, so signs with
    them are one part.
    """
    if any(topic == TYPES for topic, _ in signs):
        return [signs]
    parts: dict[int, list[Sign]] = {}
    for topic, sign in signs:
        parts.setdefault(links.get(topic, topic), []).append((topic, sign))
    return [tuple(part) for part in parts.values()]


def links_of(laws: RuleSet) -> dict[int, int]:
    """For each topic those that are judged together with it: one of their laws silences another one."""
    topics = {law.code: TOPICS[law.clear] for law in laws if law.clear in TOPICS}
    told = {code: topic for code, topic in topics.items() if topic & _TOLD}
    links = {topic: topic for topic in told.values()}
    for law in laws:
        if law.code in told:
            linked = [told[code] for code in (law.code, *(told if law.gate else law.unless)) if code in told]
            together = reduce(or_, map(links.__getitem__, linked))
            links |= {topic: together for topic in links if topic & together}
    return links


def _sections(shown: Shown, _: Survey) -> Any:
    return shown.lacks


def _address(shown: Shown, _: Survey) -> Any:
    return shown.reach


def _identity(shown: Shown, survey: Survey) -> Any:
    name = (shown.login if survey.logged_on else None) or ""
    return shown.lacks[survey.logged_on], not name or name.isspace()


def _interviewer(shown: Shown, survey: Survey) -> Any:
    named, keys = shown.interviewer, survey.interviewer_keys
    known = named is not None and not isinstance(keys, Unset) and address_key(named) in (keys or ())
    return named is None, not named, known


def _subjects(shown: Shown, _: Survey) -> Any:
    names = shown.names
    return tuple([(not name, name.isspace(), names.index(name)) for name in names])


def _invites(shown: Shown, survey: Survey) -> Any:
    keys = survey.invitable_keys or ()
    return tuple([name for name in shown.invites if name.lower() not in keys])


def _seedings(shown: Shown, survey: Survey) -> Any:
    return tuple(_odd_seeds(shown, survey))


def _odd_seeds(shown: Shown, survey: Survey) -> Iterator[tuple[Any, ...]]:
    """The seeds in doubt; the text matters where it is one of those to choose from."""
    variables = survey.variables_by_key or {}
    for place, odd in shown.odd_seedings:
        for name, text in odd.items():
            variable = variables.get(name.lower())
            chosen = variable is not None and variable.is_choice
            yield place, name, text.__class__, text if chosen else None


def _types(shown: Shown, _: Survey) -> Any:
    """Whether a member that is no text is of the wrong type; those of seedings are told by their seeds."""
    return shown.enabled.__class__ is bool


_Reader = Callable[[Shown, Survey], Any]
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
def _readers_of(doubts: int) -> tuple[tuple[int, _Reader], ...]:
    return tuple([(topic, read) for topic, read in _READERS.items() if doubts & topic])


_TOLD: Final = TYPES | KEYS | SECTIONS | IDENTITY | INTERVIEWER | SUBJECTS | ADDRESS | INVITES | SEEDINGS
