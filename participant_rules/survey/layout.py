"""The members of participants like one: what matches them in a JSON text, and what is captured of them."""

from collections.abc import Container, Mapping
from typing import Any, Final

from participant_rules.formats import PLAIN_EMAIL
from participant_rules.skims import CAPTURED, FLAG, ODD, QUOTED, TEXT, Style, object_of

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

    Addresses that are plain are captured where they `identify` participants. The pattern is None where there
    are members that nobody knows, or a section that has no shape.
    """

    def __init__(self, body: Mapping[str, Any], style: Style, *, identify: bool) -> None:
        self.style, self.addresses_identify = style, identify
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
        return self._capture("", name, _PARTICIPANT)

    def _within(self, section: str, name: str, value: Any) -> str | None:
        if (section, name) == ("invitationSection", "inviteSeeding"):
            return self._invites(value)
        if (section, name) == ("loginSection", "subjects"):
            return self._subjects(value)
        if (section, name) == ADDRESS:
            return self._capture(
                section, name, {name: _ANY_ADDRESS if self.addresses_identify else _ODD_ADDRESS}
            )
        return self._capture(section, name, _INVITATION if section == "invitationSection" else _LOGIN)

    def _capture(self, section: str, name: str, known: Mapping[str, str]) -> str | None:
        pattern = known.get(name)
        if pattern is not None and pattern is not _TEXT:
            self.captured.append((section, name))
        return pattern

    def _invites(self, seeding: Any) -> str | None:
        """The keys of the first one, in its order, and further ones, which are captured together."""
        if not seeding and (seeding is None or seeding.__class__ is dict):
            return "null" if seeding is None else r"\{\}"
        if seeding.__class__ is not dict:
            return None
        self.invites = tuple(seeding)
        self.captured.append(("invitationSection", "inviteSeeding"))
        further = f"((?:{self.style.item}{TEXT}{self.style.name}{_TEXT})*+)"
        return object_of(dict.fromkeys(seeding, _TEXT), self.style).removesuffix(r"\}") + further + r"\}"

    def _subjects(self, subjects: Any) -> str | None:
        first = subjects[0] if subjects.__class__ is list and subjects else None
        if first.__class__ is not dict or "subjectName" not in first:
            return None
        one = self._object({name: _SUBJECT.get(name) for name in first})
        if one is None:
            return None
        captured = [("subjects", name) for name in first if _SUBJECT[name] is not _TEXT]
        self.captured += captured * MOST_SUBJECTS
        others = ""
        for _ in range(MOST_SUBJECTS - 1):
            others = f"(?:{self.style.item}{one}{others}|)"
        return rf"\[(?:{one}{others}|)\]"
