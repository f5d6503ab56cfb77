"""Participants told from their JSON texts: what a walk over the body doubts, without decoding it.

A skim captures what the laws look at, a column for each member, and tells the identity and the signs of what
is in doubt. For those it shows their readers a body of what it captured.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, count, repeat
from typing import Any, Final

from participant_rules.formats import email_keys
from participant_rules.skims import (
    CAPTURED,
    FLAG,
    ODD,
    QUOTED,
    TEXT,
    Columns,
    Shape,
    Skimmer,
    Style,
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

_Place = tuple[str, str]
"""The section of a member, and its name."""

_TEXT: Final = f"(?:{TEXT}|null)"
_NAME: Final = f"(?:{CAPTURED}|null)"
_QUOTED: Final = f"(?:{QUOTED}|null)"
_TRUE: Final = "(?:false|(true))"
_SEEDING: Final = r'(?:\{(?:"([^}]+)")?\}|null)'  # what is between the outer quotes
_PARTICIPANT: Final[Mapping[str, str]] = {"enabled": f"(?:{FLAG}|(?!{FLAG}){ODD})"}
_INVITATION: Final[Mapping[str, str]] = {"optedOut": _TRUE, "sendInvitations": _TRUE, "emailAddress": _NAME}
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
_SECTIONS: Final = ("invitationSection", "loginSection")
_OPTED_OUT: Final[_Place] = ("invitationSection", "optedOut")
_SENDING: Final[_Place] = ("invitationSection", "sendInvitations")
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

    def shape_of(body: Any, style: Style) -> Shape[Skimmed] | None:
        layout = _Layout(body, style) if alone and body.__class__ is dict else None
        if layout is None or layout.pattern is None:
            return None
        return Shape(layout.pattern, _Teller(layout, survey).tell)

    return Skimmer(shape_of)


class _Layout:
    """The members of participants like this one: what matches them, and what is captured.

    The pattern is None where there are members that nobody knows, or a section that has no shape.
    """

    def __init__(self, body: Mapping[str, Any], style: Style) -> None:
        self.style = style
        self.captured: list[tuple[str, str]] = []  # the section of each captured member, and its name
        self._sections = set[str]()
        self.invites: tuple[str, ...] = ()
        self.pattern = self._object({name: self._member(name, value) for name, value in body.items()})

    @property
    def has_sections(self) -> tuple[bool, bool]:
        """Whether there is an invitation, and a login."""
        return "invitationSection" in self._sections, "loginSection" in self._sections

    def _object(self, members: Mapping[str, str | None]) -> str | None:
        known = {name: pattern for name, pattern in members.items() if pattern is not None}
        return object_of(known, self.style) if len(known) == len(members) else None

    def _member(self, name: str, value: Any) -> str | None:
        if name in _SECTIONS and value is None:
            return "null"
        if name in _SECTIONS and value.__class__ is dict:
            self._sections.add(name)
            return self._object({each: self._within(name, each, value[each]) for each in value})
        return self._capture("", name, _PARTICIPANT)

    def _within(self, section: str, name: str, value: Any) -> str | None:
        if (section, name) == ("invitationSection", "inviteSeeding"):
            return self._invites(value)
        if (section, name) == ("loginSection", "subjects"):
            return self._subjects(value)
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
        self.captured += captured * _MOST_SUBJECTS
        others = ""
        for _ in range(_MOST_SUBJECTS - 1):
            others = f"(?:{self.style.item}{one}{others})?+"
        return rf"\[(?:{one}{others})?+\]"

    def all_of(self, place: _Place) -> list[int]:
        """Where a member was captured."""
        return [at for at, captured in enumerate(self.captured) if captured == place]


class _Seedings:
    """The seedings of a survey as they are written, between their outer quotes.

    What people write of their own is not remembered, only choices are; so where nobody knows which these are,
    all are odd, and judged elsewhere.
    """

    def __init__(self, survey: Survey, style: Style) -> None:
        self._accepts, self._chosen = survey.accepted.seeding, not isinstance(survey.variables, Unset)
        self._between, self._middle = f'"{style.item}"', f'"{style.name}"'
        self._free = {key: 1 << place for place, key in enumerate(survey.accepted.free)}  # a bit for each key
        self._bits = dict(self._free)
        self._known: dict[str, int] = {}  # right choices, and the bits of their keys

    def odd(self, column: Iterable[str]) -> list[int]:
        """The places of those that are perhaps not right: no texts, a wrong one, or a key twice.

        It runs for every subject of a file, so it calls little.
        """
        known, free, between, middle = self._known.get, self._free.get, self._between, self._middle
        odd: list[int] = []
        for place, written in enumerate(column):
            if not written:
                continue
            bits, seeds = 0, written.split(between)
            for seed in seeds:
                bit = known(seed)
                if bit is None:
                    key, found, text = seed.partition(middle)
                    bit = free(key) if found and '"' not in text else 0
                bits += self._judged(seed) if bit is None else bit
            if bits.bit_count() != len(seeds):  # the bits of distinct keys, and no others, are as many
                odd.append(place)
        return odd

    def _judged(self, seed: str) -> int:
        """The bit of the key of a choice that was not met before; 0 where it is not right."""
        key, _, text = seed.partition(self._middle)
        if not self._chosen or '"' in key or not self._accepts({key: text}):
            return 0
        bit = self._bits.setdefault(key, 1 << len(self._bits))
        if len(self._known) < _ENOUGH:
            self._known[seed] = bit
        return bit


_ENOUGH: Final = 4096
_NONE: Final[Signs] = ()


class _Teller:
    """Tells of participants with a layout."""

    def __init__(self, layout: _Layout, survey: Survey) -> None:
        self.survey, self.layout = survey, layout
        self.invited, self.logging_on = layout.has_sections
        self._seedings = _Seedings(survey, layout.style)
        self.at = {place: layout.all_of(place) for place in layout.captured}
        self._always = self._doubts()

    def _doubts(self) -> int:
        """What is in doubt about everybody."""
        items = self.survey.invitable_keys or ()
        fits = (self.invited, self.logging_on) == (self.survey.invited, self.survey.logged_on)
        invites = all(name in items for name in self.layout.invites)
        return (0 if fits else SECTIONS) | (0 if invites else INVITES | KEYS)

    def tell(self, columns: Columns) -> list[Skimmed | None]:
        """Tell identities and signs."""
        captured = _Captured(columns, self.at)
        identities = captured.logins if self.survey.logged_on else captured.addresses
        doubts = [self._always] * len(columns[-1])
        _add(doubts, IDENTITY, _where(map(_is_blank, identities)))
        _add(doubts, TYPES, _where(captured.enabled))
        if self.invited:
            _add(doubts, ADDRESS, self._ill_addressed(captured))
            _add(doubts, INVITES | KEYS, _where(captured.further_invites))
        if self.logging_on:
            _add(doubts, INTERVIEWER, _where(captured.interviewers))
            _add(doubts, SUBJECTS, self._ill_named(captured.names))
        odd = self._odd(captured.seedings)
        _add(doubts, SEEDINGS, odd)
        told: list[Skimmed | None] = list(zip(identities, repeat(_NONE)))
        for place in _where(doubts):
            told[place] = self._doubtful(captured, place, doubts[place], odd.get(place, _NOTHING))
        return told

    def _doubtful(
        self, captured: "_Captured", place: int, doubts: int, odd: Mapping[int, Any]
    ) -> Skimmed | None:
        """What is told of somebody with these doubts, and these odd seedings."""
        try:
            signs = (
                None
                if None in odd.values()
                else signs_of(_Shown(self, captured, place, odd), doubts, self.survey)
            )
        except ValueError:  # what was captured is no JSON
            return None
        identities = captured.logins if self.survey.logged_on else captured.addresses
        identity = None if doubts & IDENTITY else identities[place]
        return None if signs is None else (identity, signs)

    def _ill_addressed(self, captured: "_Captured") -> list[int]:
        """The places of those who cannot be invited as it is said, or have no address."""
        addresses, needed = captured.addresses, not self.survey.logged_on
        each = zip(addresses, email_keys(addresses), captured.sending, captured.opted_out, strict=True)
        return [
            place
            for place, (address, key, sending, opted_out) in enumerate(each)
            if (key is None if address else sending or needed) or (sending and opted_out)
        ]

    def _ill_named(self, names: Sequence[Sequence[str]]) -> list[int]:
        """The places of those whose subjects are not distinct, or not named as the survey wants it."""
        everybody = enumerate(zip(*names, strict=True))
        if not self.survey.group:
            return [place for place, row in everybody if row != _NAMELESS]
        blank = {name for name in set().union(*names) if name and not name[1:-1].strip()}
        return [
            place
            for place, row in everybody
            if len({"", *row}) + row.count("") != len(_NAMELESS) + 1
            or not row[0]
            or (blank and not blank.isdisjoint(row))
        ]

    def _odd(self, columns: Sequence[Sequence[str]]) -> dict[int, dict[int, Any]]:
        """Those whose seedings are not right, and what is wrong, by subject; None for what was not read."""
        odd: dict[int, dict[int, Any]] = {}
        for subject, column in enumerate(columns):
            for place in self._seedings.odd(column):
                seeding = _texts(f'{{"{column[place]}"}}')
                wrong = None if seeding is None else self.survey.accepted.odd(seeding)
                if wrong is None or wrong:
                    odd.setdefault(place, {})[subject] = wrong
        return odd


class _Shown:
    """What was captured of a participant, of his seedings those that are odd; see `Shown`."""

    def __init__(self, teller: _Teller, captured: "_Captured", place: int, odd: Mapping[int, Any]) -> None:
        self._teller, self._captured, self._place, self._odd = teller, captured, place, odd

    @property
    def lacks(self) -> tuple[bool, bool]:
        return not self._teller.invited, not self._teller.logging_on

    @property
    def login(self) -> str:
        return self._captured.logins[self._place]

    @property
    def interviewer(self) -> str | None:
        quoted = self._captured.interviewers[self._place]
        return quoted[1:-1] if quoted else None

    @property
    def names(self) -> list[str]:
        quoted = [column[self._place] for column in self._captured.names]
        return [name[1:-1] for name in quoted if name]

    @property
    def reach(self) -> tuple[bool | None, bool | None, str]:
        captured, place, sent = self._captured, self._place, self._teller.at
        opted_out, sending = captured.opted_out[place] != "", captured.sending[place] != ""
        return (
            opted_out if _OPTED_OUT in sent else None,
            sending if _SENDING in sent else None,
            captured.addresses[place],
        )

    @property
    def invites(self) -> tuple[str, ...]:
        """Raises ValueError for what is no JSON."""
        further, item = self._captured.further_invites[self._place], self._teller.layout.style.item
        pairs = _pairs_of("{" + further[len(item) :] + "}") if further else ()
        return (*self._teller.layout.invites, *[name for name, _ in pairs])

    @property
    def seedings(self) -> list[Mapping[str, Any]]:
        return [self._odd.get(subject, _NOTHING) for subject in range(_MOST_SUBJECTS)]

    @property
    def enabled(self) -> Any:
        """Raises ValueError for what is no JSON."""
        odd = self._captured.enabled[self._place]
        return value_of(odd) if odd else True


class _Captured:
    """What was captured, a column for each member; of subjects for each place that one may have.

    The last column is blank: it stands for what was not captured.
    """

    def __init__(self, columns: Columns, at: Mapping[_Place, Sequence[int]]) -> None:
        def all_of(section: str, name: str) -> list[Sequence[str]]:
            return [columns[each] for each in at.get((section, name), ())]

        def one_of(section: str, name: str) -> Sequence[str]:
            return next(iter(all_of(section, name)), columns[-1])

        self.enabled = one_of("", "enabled")
        self.opted_out, self.sending = one_of(*_OPTED_OUT), one_of(*_SENDING)
        self.addresses = list(map(str.strip, one_of("invitationSection", "emailAddress")))
        self.further_invites = one_of("invitationSection", "inviteSeeding")
        self.logins, self.interviewers = (
            one_of("loginSection", "login"),
            one_of("loginSection", "interviewer"),
        )
        self.names = all_of("subjects", "subjectName")
        self.seedings = all_of("subjects", "questionnaireSeeding")


def _where(found: Iterable[object]) -> list[int]:
    return [*compress(count(), found)]


def _add(doubts: list[int], topic: int, places: Iterable[int]) -> None:
    for place in places:
        doubts[place] |= topic


def _is_blank(text: str) -> bool:
    return not text or text.isspace()


def _texts(text: str) -> dict[str, Any] | None:
    """An object of texts and nulls; None for any other, and where a name is there twice."""
    try:
        pairs = _pairs_of(text)
    except (RecursionError, ValueError):
        return None
    read = dict(pairs)
    plain = all(each.__class__ in _TEXTS for each in read.values())
    return read if plain and len(read) == len(pairs) and are_distinct(read) else None


_pairs_of = json.JSONDecoder(object_pairs_hook=list).decode
_NAMELESS: Final = ('""', *[""] * (_MOST_SUBJECTS - 1))
_NOTHING: Final[Mapping[int, Any]] = {}
_TEXTS: Final = frozenset({str, type(None)})
