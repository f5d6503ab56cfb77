"""Participants told from their JSON texts: what a walk over the body doubts, without decoding it.

A skim captures what the laws look at, a column for each member, and tells the identity and the signs of what
is in doubt.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, Final

from participant_rules.formats import email_keys
from participant_rules.skims import Columns, Shape, Skimmer, Style, where
from participant_rules.survey.captured import Captured, ShownText
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
)
from participant_rules.survey.layout import MOST_SUBJECTS, Layout
from participant_rules.survey.model import Caller, Survey
from participant_rules.survey.signs import Signs, signs_of
from participant_rules.survey.written import Seedings, texts_of

__all__ = ["Skimmed", "skimmer_of"]

Skimmed = tuple[str | None, Signs]
"""The identity, None where it is in doubt, and the signs of all doubts."""


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
        layout = Layout(body, style) if alone and body.__class__ is dict else None
        if layout is None or layout.pattern is None:
            return None
        return Shape(layout.pattern, _Teller(layout, survey).tell)

    return Skimmer(shape_of)


_NONE: Final[Signs] = ()


class _Teller:
    """Tells of participants with a layout."""

    def __init__(self, layout: Layout, survey: Survey) -> None:
        self._survey, self._layout = survey, layout
        self._invited, self._logging_on = layout.has_sections
        self._seedings = Seedings(survey, layout.style)
        self._always = self._doubts()

    def _doubts(self) -> int:
        """What is in doubt about everybody."""
        items = self._survey.invitable_keys or ()
        fits = (self._invited, self._logging_on) == (self._survey.invited, self._survey.logged_on)
        invites = all(name in items for name in self._layout.invites)
        return (0 if fits else SECTIONS) | (0 if invites else INVITES | KEYS)

    def tell(self, columns: Columns) -> list[Skimmed | None]:
        """Tell identities and signs."""
        captured = Captured(columns, self._layout)
        identities = captured.logins if self._survey.logged_on else captured.addresses
        doubts = [self._always] * len(columns[-1])
        _add(doubts, IDENTITY, where(map(_is_blank, identities)))
        _add(doubts, TYPES, where(captured.enabled))
        if self._invited:
            _add(doubts, ADDRESS, self._ill_addressed(captured))
            _add(doubts, INVITES | KEYS, where(captured.further_invites))
        if self._logging_on:
            _add(doubts, INTERVIEWER, where(captured.interviewers))
            _add(doubts, SUBJECTS, self._ill_named(captured.names))
        odd = self._odd(captured.seedings)
        _add(doubts, SEEDINGS, odd)
        told: list[Skimmed | None] = list(zip(identities, repeat(_NONE)))
        for place in where(doubts):
            told[place] = self._doubtful(captured, place, doubts[place], odd.get(place, _NOTHING))
        return told

    def _doubtful(
        self, captured: Captured, place: int, doubts: int, odd: Mapping[int, Any]
    ) -> Skimmed | None:
        """What is told of somebody with these doubts, and these odd seedings."""
        if None in odd.values():
            return None
        try:
            signs = signs_of(ShownText(captured, place, odd), doubts, self._survey)
        except ValueError:  # what was captured is no JSON
            return None
        identities = captured.logins if self._survey.logged_on else captured.addresses
        identity = None if doubts & IDENTITY else identities[place]
        return None if signs is None else (identity, signs)

    def _ill_addressed(self, captured: Captured) -> list[int]:
        """The places of those who cannot be invited as it is said, or have no address."""
        addresses, needed = captured.addresses, not self._survey.logged_on
        each = zip(addresses, email_keys(addresses), captured.sending, captured.opted_out, strict=True)
        return [
            place
            for place, (address, key, sending, opted_out) in enumerate(each)
            if (key is None if address else sending or needed) or (sending and opted_out)
        ]

    def _ill_named(self, names: Sequence[Sequence[str]]) -> list[int]:
        """The places of those whose subjects are not distinct, or not named as the survey wants it."""
        everybody = enumerate(zip(*names, strict=True))
        if not self._survey.group:
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
                seeding = texts_of(f'{{"{column[place]}"}}')
                wrong = None if seeding is None else self._survey.accepted.odd(seeding)
                if wrong is None or wrong:
                    odd.setdefault(place, {})[subject] = wrong
        return odd


def _add(doubts: list[int], topic: int, places: Iterable[int]) -> None:
    for place in places:
        doubts[place] |= topic


def _is_blank(text: str) -> bool:
    return not text or text.isspace()


_NAMELESS: Final = ('""', *[""] * (MOST_SUBJECTS - 1))
_NOTHING: Final[Mapping[int, Any]] = {}
