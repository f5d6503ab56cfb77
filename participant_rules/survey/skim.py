"""Participants told from their JSON texts: what a walk over the body doubts, without decoding it.

A skim captures what the laws look at, and tells the identity and the signs of what is in doubt. For those it
shows their readers a body of what it captured.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from participant_rules.formats import email_key
from participant_rules.skims import (
    CAPTURED,
    FLAG,
    ODD,
    TEXT,
    Groups,
    Skimmer,
    Style,
    Tell,
    object_of,
    value_of,
)
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
from participant_rules.survey.model import Caller, Survey
from participant_rules.survey.signs import Signs, signs_of
from participant_rules.unset import Unset

__all__ = ["Skimmed", "skimmer_of"]

Skimmed = tuple[str | None, Signs]
"""The identity, None where it is in doubt, and the signs of all doubts."""

_TEXT: Final = f"(?:{TEXT}|null)"
_NAME: Final = f"(?:{CAPTURED}|null)"
_TRUE: Final = "(?:false|(true))"
_SEEDING: Final = r"(?:\{([^{}\[\]\\\x00-\x1f]*)\}|null)"
_PARTICIPANT: Final[Mapping[str, str]] = {"enabled": f"(?:{FLAG}|(?!{FLAG}){ODD})"}
_INVITATION: Final[Mapping[str, str]] = {"optedOut": _TRUE, "sendInvitations": _TRUE, "emailAddress": _NAME}
_LOGIN: Final[Mapping[str, str]] = {"login": _NAME, "password": _TEXT, "interviewer": _NAME, "status": _TEXT}
_SUBJECT: Final[dict[str, str]] = {
    "subjectName": CAPTURED,
    "questionnaireSeeding": _SEEDING,
    "status": _TEXT,
}
_NOT_BLANK: Final = rf'(?!"\s*"){CAPTURED}'
_SECTIONS: Final = ("invitationSection", "loginSection")
_CAPTURED: Final = (
    ("", "enabled"),
    ("invitationSection", "optedOut"),
    ("invitationSection", "sendInvitations"),
    ("invitationSection", "emailAddress"),
    ("loginSection", "login"),
    ("loginSection", "interviewer"),
)
_MOST_SUBJECTS: Final = 4


def skimmer_of(survey: Survey, caller: Caller) -> Skimmer[Skimmed]:
    """What skims participants of a survey whom that caller sends; it is kept with the survey.

    Whether somebody with that identity is there already is not its business.
    """
    known: Skimmer[Skimmed] | None = survey.made.get(caller)
    if known is None:
        known = survey.made[caller] = _skimmer(survey, caller)
    return known


def _skimmer(survey: Survey, caller: Caller) -> Skimmer[Skimmed]:
    alone = survey.admits and not (caller.manages_interviewers and survey.interviewers.__class__ is tuple)

    def shape(body: Any, style: Style) -> tuple[str, Tell[Skimmed]] | None:
        layout = _Layout(body, style, group=survey.group) if alone and body.__class__ is dict else None
        if layout is None or layout.pattern is None:
            return None
        return layout.pattern, _teller(layout, survey)

    return Skimmer(shape)


class _Layout:
    """The members of participants like this one: what matches them, and what is captured.

    The pattern is None where there are members that nobody knows, or a section that has no shape.
    """

    def __init__(self, body: Mapping[str, Any], style: Style, *, group: bool) -> None:
        self.style, self._group = style, group
        self.captured: list[tuple[str, str]] = []  # the section of each captured member, and its name
        self._sections = set[str]()
        self.invites: tuple[str, ...] = ()
        self.subject: list[str] = []  # what is captured of each subject
        members = {name: self._member(name, value) for name, value in body.items()}
        # Whoever asks for what is not captured here finds the last group, which nothing matches.
        self.pattern = self._object(members, end="(?:(?!)())?")

    @property
    def has_sections(self) -> tuple[bool, bool]:
        """Whether there is an invitation, and a login."""
        return "invitationSection" in self._sections, "loginSection" in self._sections

    def _object(self, members: Mapping[str, str | None], *, end: str = "") -> str | None:
        known = {name: pattern for name, pattern in members.items() if pattern is not None}
        return object_of(known, self.style) + end if len(known) == len(members) else None

    def _member(self, name: str, value: Any) -> str | None:
        if name in _SECTIONS and value is None:
            return "null"
        if name in _SECTIONS and value.__class__ is dict:
            self._sections.add(name)
            known = _INVITATION if name == "invitationSection" else _LOGIN
            return self._object({each: self._within(name, each, value[each], known) for each in value})
        return self._capture("", name, _PARTICIPANT)

    def _within(self, section: str, name: str, value: Any, known: Mapping[str, str]) -> str | None:
        where = section, name
        if where == ("invitationSection", "inviteSeeding") and value.__class__ is dict:
            self.invites = tuple(value)
            return object_of(dict.fromkeys(value, _TEXT), self.style)
        if where == ("invitationSection", "inviteSeeding") and value is None:
            return "null"
        if where == ("loginSection", "subjects"):
            return self._subjects(value)
        return self._capture(section, name, known)

    def _capture(self, section: str, name: str, known: Mapping[str, str]) -> str | None:
        if (section, name) in _CAPTURED:
            self.captured.append((section, name))
        return known.get(name)

    def _subjects(self, subjects: Any) -> str | None:
        first = subjects[0] if subjects.__class__ is list and subjects else None
        if first.__class__ is not dict or "subjectName" not in first:
            return None
        known = _SUBJECT | {"subjectName": _NOT_BLANK} if self._group else _SUBJECT
        one = self._object({name: known.get(name) for name in first})
        if one is None:
            return None
        self.subject = [name for name in first if name != "status"]
        self.captured += [("subjects", name) for _ in range(_MOST_SUBJECTS) for name in self.subject]
        others = ""
        for _ in range(_MOST_SUBJECTS - 1):
            others = f"(?:{self.style.item}{one}{others})?"
        return rf"\[(?:{one}{others})?\]"

    def at(self, section: str, name: str) -> int:
        """Where the groups have a member."""
        place = (section, name)
        return self.captured.index(place) if place in self.captured else len(self.captured)

    def all_of(self, name: str) -> slice:
        """Where the groups have a member of all subjects."""
        if name not in self.subject:
            return slice(0, 0)
        first = self.at("subjects", name)
        return slice(first, first + _MOST_SUBJECTS * len(self.subject), len(self.subject))


class _Seedings:
    """The seedings of a survey as they are written: what is between their braces."""

    def __init__(self, survey: Survey, style: Style) -> None:
        self._accepts, self._free = survey.accepted.seeding, survey.accepted.free
        self._between, self._middle = f'"{style.item}"', f'"{style.name}"'
        self._bits = {key: 1 << place for place, key in enumerate(self._free)}  # one for each key
        self._known: dict[str, int] = {}  # choices that were judged right, as they are written
        self._chosen = not isinstance(survey.variables, Unset)  # else people write it

    def read(self, written: str) -> dict[str, Any] | None:
        """Those of a subject; None where they are no texts, or keys are the same but for their case."""
        parts = written[1:-1].split(self._between)
        pairs = [part.partition(self._middle) for part in parts]
        if written.count('"') != _QUOTES * len(parts) or written[0] != '"' or written[-1] != '"':
            return None
        if not all(found for _, found, _ in pairs):
            return None
        seeding = {key: text for key, _, text in pairs}
        return seeding if len(seeding) == len(pairs) and are_distinct(seeding) else None

    def are_right(self, written: str) -> bool:
        """Whether all are right, and no key stands there twice."""
        parts, known, free, keys = written[1:-1].split(self._between), self._known, self._free, 0
        bits = self._bits if self._chosen else {}  # keys that nobody declared are not kept
        for part in parts:
            bit = known.get(part)
            if bit is None:
                key, found, text = part.partition(self._middle)
                if not found or (key not in free and not self._learn(part, key, text, bits)):
                    return False
                bit = bits[key]
            keys += bit
        count = len(parts)  # with a key that stands twice the sum has fewer bits
        return (
            keys.bit_count() == count
            and written.count('"') == _QUOTES * count
            and written[0] == '"' == written[-1]
        )

    def _learn(self, part: str, key: str, text: str, bits: dict[str, int]) -> bool:
        """Judge a choice that was not seen before."""
        if not self._accepts({key: text}):
            return False
        bit = bits.setdefault(key, 1 << len(bits))
        if self._chosen and len(self._known) < _ENOUGH:
            self._known[part] = bit
        return True


_QUOTES: Final = 4  # around a key and its text
_ENOUGH: Final = 4096
_NAMELESS: Final = {""}
_UNSEEDED: Final = (None,) * _MOST_SUBJECTS
_NONE: Final[Signs] = ()


def _teller(layout: _Layout, survey: Survey) -> Tell[Skimmed]:  # noqa: C901  its walk is told in one piece
    """What tells of participants with a layout."""
    at_enabled, at_out, at_sending, at_address, at_login, at_interviewer = (
        layout.at(section, name) for section, name in _CAPTURED
    )
    names_at, seedings_at = layout.all_of("subjectName"), layout.all_of("questionnaireSeeding")
    seedings = _Seedings(survey, layout.style)
    are_right, logged_on, group = seedings.are_right, survey.logged_on, survey.group
    always, (invited, logging_on) = _doubts(layout, survey), layout.has_sections
    show = _shower(layout, survey, seedings)

    def tell(groups: Groups) -> Skimmed | None:
        doubts, wrong, address, sending = always, _NONE, groups[at_address], groups[at_sending]
        if invited:
            address = (address or "").strip()
            if (sending and groups[at_out]) or (
                email_key(address) is None if address else sending or not logged_on
            ):
                doubts |= ADDRESS
        if logging_on:
            names = groups[names_at]
            count = _MOST_SUBJECTS - names.count(None)
            called = {*names[:count]}
            if len(called) != count or not (called if group else called == _NAMELESS):
                doubts |= SUBJECTS
            if groups[at_interviewer] is not None:
                doubts |= INTERVIEWER
            for written in groups[seedings_at]:
                if written and not are_right(written):
                    doubts |= SEEDINGS
                    wrong = *wrong, written
        if groups[at_enabled] is not None:
            doubts |= TYPES
        identity = groups[at_login] if logged_on else address
        if not identity or identity.isspace():
            identity, doubts = None, doubts | IDENTITY
        return show(groups, identity, doubts, wrong) if doubts else (identity, _NONE)

    return tell


def _doubts(layout: _Layout, survey: Survey) -> int:
    """What is in doubt about everybody with a layout."""
    items = survey.invitable_keys or ()
    fits = layout.has_sections == (survey.invited, survey.logged_on)
    invites = all(name in items for name in layout.invites)
    return (0 if fits else SECTIONS) | (0 if invites else INVITES | KEYS)


def _shower(
    layout: _Layout, survey: Survey, seedings: _Seedings
) -> Callable[[Groups, str | None, int, tuple[str, ...]], Skimmed | None]:
    """What shows the readers of signs what was captured; of the seedings those that are wrong."""
    at_enabled, *captured = (layout.at(*place) for place in _CAPTURED)
    names_at, seedings_at = layout.all_of("subjectName"), layout.all_of("questionnaireSeeding")
    invited, logging_on = layout.has_sections
    has_out, has_sending = (each in layout.captured for each in _CAPTURED[1:3])
    read = seedings.read

    def show(groups: Groups, identity: str | None, doubts: int, wrong: tuple[str, ...]) -> Skimmed | None:
        out, sending, address, login, interviewer = [groups[at] for at in captured]
        subjects = []
        for name, written in zip(groups[names_at], groups[seedings_at] or _UNSEEDED, strict=False):
            seeding = read(written) if written in wrong else {}
            if seeding is None:
                return None
            if name is not None:
                subjects.append({"subjectName": name, "questionnaireSeeding": seeding})
        invitation = {
            "optedOut": out is not None if has_out else None,
            "sendInvitations": sending is not None if has_sending else None,
            "emailAddress": address,
            "inviteSeeding": dict.fromkeys(layout.invites),
        }
        section = {"login": login, "interviewer": interviewer, "subjects": subjects}
        odd = groups[at_enabled]
        body = {
            "invitationSection": invitation if invited else None,
            "loginSection": section if logging_on else None,
            "enabled": odd is None or value_of(odd),
        }
        signs = signs_of(body, doubts, survey)
        return None if signs is None else (identity, signs)

    return show
