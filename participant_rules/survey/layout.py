"""The members of participants like one: what matches them in a JSON text, and what is captured of them."""

from collections.abc import Container, Mapping
from typing import Any, Final

from participant_rules.formats import PLAIN_EMAIL
from participant_rules.patterns import CAPTURED, FLAG, ODD, QUOTED, TEXT, Style, object_of

__all__ = ["ADDRESS", "INVITATION", "LOGIN", "MOST_SUBJECTS", "OPTED_OUT", "SENDING", "Layout", "Place"]

Place = tuple[str, str]
"""The section of a member, and its name."""

_TEXT: Final = f"(?:{TEXT}|null)"
_NAME: Final = f"(?:{CAPTURED}|null)"
_QUOTED: Final = f"(?:{QUOTED}|null)"
_TRUE: Final = "(?:false|(t)rue)"
_SEEDING: Final = r'(?:\{"([^}]+)"\}|\{\}|null)'  # what is between the outer quotes
_PARTICIPANT: Final[Mapping[str, str]] = {"enabled": f"(?:{FLAG}|(?!{FLAG}){ODD})"}
_INVITATION: Final[Mapping[str, str]] = {"optedOut": _TRUE, "sendInvitations": _TRUE}
_ANY_ADDRESS: Final = _NAME
_ODD_ADDRESS: Final = f'(?>"{PLAIN_EMAIL}"|({TEXT}|null))'
_LOGIN: Final[Mapping[str, str]] = {
    "login": _NAME,
    "password": _TEXT,
    "interviewer": _QUOTED,
    "status": _TEXT,
}
_SUBJECT: Final[Mapping[str, str]] = {
    "subjectName": QUOTED,
    "questionnaireSeeding": _SEEDING,
    "status": _TEXT,
}
_KNOWN: Final = {"invitationSection": _INVITATION, "loginSection": _LOGIN, "subjects": _SUBJECT}
INVITATION: Final[Place] = ("", "invitationSection")
LOGIN: Final[Place] = ("", "loginSection")
_SECTIONS: Final = frozenset({"invitationSection", "loginSection"})
_BRACE: Final = r"\{"
ADDRESS: Final[Place] = ("invitationSection", "emailAddress")
OPTED_OUT: Final[Place] = ("invitationSection", "optedOut")
SENDING: Final[Place] = ("invitationSection", "sendInvitations")
MOST_SUBJECTS: Final = 4


class Layout:
    """The members of participants like this one: what matches them, and what is captured.

    Addresses that are plain are captured where they `identify` participants. Of texts that nobody looks at
    the first layout knows only what is usual: null, or any text. The pattern is None where there are members
    that nobody knows, or a section that has no shape.
    """

    def __init__(self, body: Mapping[str, Any], style: Style, *, identify: bool, is_first: bool) -> None:
        self.style, self.addresses_identify, self._is_first = style, identify, is_first
        self.captured: list[Place] = []
        self.invites: tuple[str, ...] = ()
        members = {name: self._member(name, value) for name, value in body.items()}
        self.pattern = self._object(members, optional=_SECTIONS)
        self.at: dict[Place, list[int]] = {}
        """Where each member was captured; those of subjects several times."""
        for at, place in enumerate(self.captured):
            self.at.setdefault(place, []).append(at)

    def _object(self, members: Mapping[str, str | None], optional: Container[str] = ()) -> str | None:
        known = {name: pattern for name, pattern in members.items() if pattern is not None}
        return object_of(known, self.style, optional) if len(known) == len(members) else None

    def _member(self, name: str, value: Any) -> str | None:
        if name in _SECTIONS and value is None:
            return "null"
        if name == "loginSection" and (value.__class__ is not dict or "subjects" not in value):
            return None
        if name in _SECTIONS and value.__class__ is dict:
            self.captured.append(("", name))
            section = self._object({each: self._within(name, each, value[each]) for each in value})
            return section and section.replace(_BRACE, f"({_BRACE})", 1)  # tells that it is there
        return self._capture(("", name), value, _PARTICIPANT.get(name))

    def _within(self, section: str, name: str, value: Any) -> str | None:
        if (section, name) == ("invitationSection", "inviteSeeding"):
            return self._invites(value)
        if (section, name) == ("loginSection", "subjects"):
            return self._subjects(value)
        if (section, name) == ADDRESS:
            return self._capture(ADDRESS, value, _ANY_ADDRESS if self.addresses_identify else _ODD_ADDRESS)
        return self._capture((section, name), value, _KNOWN[section].get(name))

    def _capture(self, place: Place, value: Any, pattern: str | None) -> str | None:
        if pattern is _TEXT:
            return self._text(value)
        if pattern is not None:
            self.captured.append(place)
        return pattern

    def _text(self, value: Any) -> str:
        """What matches a text that nobody looks at."""
        if not self._is_first:
            return _TEXT
        return "null" if value is None else TEXT

    def _invites(self, seeding: Any) -> str | None:
        """The keys of the first one, in its order, and further ones, which are captured together."""
        if not seeding and (seeding is None or seeding.__class__ is dict):
            return "null" if seeding is None else r"\{\}"
        if seeding.__class__ is not dict:
            return None
        self.invites = tuple(seeding)
        self.captured.append(("invitationSection", "inviteSeeding"))
        further = f"((?:{self.style.item}{TEXT}{self.style.name}{_TEXT})*+)"
        usual = {name: self._text(text) for name, text in seeding.items()}
        return object_of(usual, self.style).removesuffix(r"\}") + further + r"\}"

    def _subjects(self, subjects: Any) -> str | None:
        first = subjects[0] if subjects.__class__ is list and subjects else None
        if first.__class__ is not dict or "subjectName" not in first:
            return None
        before = len(self.captured)
        one = self._object({name: self._within("subjects", name, value) for name, value in first.items()})
        if one is None:
            return None
        self.captured += self.captured[before:] * (MOST_SUBJECTS - 1)
        others = ""
        for _ in range(MOST_SUBJECTS - 1):
            others = f"(?:{self.style.item}{one}{others}|)"
        return rf"\[(?:{one}{others}|)\]"
