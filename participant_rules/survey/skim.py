"""Participants told from their JSON texts: what a walk over the body doubts, without decoding it.

A skim captures what the laws look at, a column for each member, and tells the identity and the signs of what
is in doubt.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from operator import not_
from typing import Any, Final, NamedTuple

from participant_rules.patterns import Style
from participant_rules.skims import Columns, Row, Shape, Skimmer, where
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
from participant_rules.survey.written import Seedings

__all__ = ["Doubtful", "Skimmed", "skimmer_of"]


class Doubtful(NamedTuple):
    """Somebody in doubt: his identity, None where it is in doubt too, and the signs of all doubts."""

    identity: str | None
    signs: Signs


Skimmed = str | Doubtful
"""The identity of somebody who is clear, or what is in doubt."""


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
    tried = count()

    def shape_of(body: Any, style: Style) -> Shape[Skimmed] | None:
        if not alone or body.__class__ is not dict:
            return None
        # Nearly all texts are of the first shape, so it is to be fast; others are often faults.
        layout = Layout(body, style, identify=not survey.logged_on, is_first=not next(tried))
        if layout.pattern is None:
            return None
        return Shape(layout.pattern, _Teller(layout, survey).tell)

    return Skimmer(shape_of)


class _Teller:
    """Tells of participants with a layout."""

    def __init__(self, layout: Layout, survey: Survey) -> None:
        self._survey, self._layout = survey, layout
        self._seedings = Seedings(survey, layout.style)
        items = survey.invitable_keys or ()
        self._always = 0 if all(name in items for name in layout.invites) else INVITES | KEYS

    def tell(self, columns: Columns) -> tuple[list[Skimmed], list[int]]:
        """Tell identities, and who is in doubt."""
        captured = Captured(columns, self._layout)
        odd = self._odd(captured.seedings)
        doubts = self._doubts(captured, odd)
        told, unsure = list[Skimmed](self._identities(captured)), list[int]()
        for place in where(doubts):
            doubtful = self._doubtful(captured, place, doubts[place], odd.get(place, _NOTHING))
            if doubtful is None:
                unsure.append(place)
            else:
                told[place] = doubtful
        return told, unsure

    def _identities(self, captured: Captured) -> Sequence[str]:
        return captured.logins if self._survey.logged_on else captured.addresses

    def _doubts(self, captured: Captured, odd: Iterable[int]) -> list[int]:
        """The topics in doubt: where a section is not there, nothing about it is."""
        uninvited, nameless = _lacking(captured.invited), _lacking(captured.logging_on)
        doubts = [self._always] * len(captured.enabled)
        _add(doubts, TYPES, where(captured.enabled))
        _add(doubts, ADDRESS, self._ill_addressed(captured))
        _add(doubts, INVITES | KEYS, where(captured.further_invites))
        _add(doubts, INTERVIEWER, where(captured.interviewers))
        _add(doubts, SUBJECTS, self._ill_named(captured.names))
        _add(doubts, SEEDINGS, odd)
        _drop(doubts, ADDRESS | INVITES | KEYS, uninvited)
        _drop(doubts, INTERVIEWER | SUBJECTS | SEEDINGS, nameless)
        _add(doubts, SECTIONS, uninvited if self._survey.invited else where(captured.invited))
        _add(doubts, SECTIONS, nameless if self._survey.logged_on else where(captured.logging_on))
        _add(doubts, IDENTITY, _lacking([*map(str.strip, self._identities(captured))]))
        return doubts

    def _doubtful(
        self, captured: Captured, place: int, doubts: int, odd: Mapping[int, Any]
    ) -> Doubtful | None:
        """What is told of somebody with these doubts, and these odd seedings."""
        if None in odd.values():
            return None
        try:
            signs = signs_of(ShownText(captured, place, odd), doubts, self._survey)
        except ValueError:  # what was captured is no JSON
            return None
        identity = None if doubts & IDENTITY else self._identities(captured)[place]
        # Half the price of the class.
        return None if signs is None else tuple.__new__(Doubtful, (identity, signs))

    def _ill_addressed(self, captured: Captured) -> Iterator[int]:
        """The places of those who cannot be invited as it is said, or have no address."""
        needed = not self._survey.logged_on
        for place, text in captured.no_addresses.items():
            if text or captured.sending[place] or needed:
                yield place
        yield from (place for place in where(captured.opted_out) if captured.sending[place])

    def _ill_named(self, names: Sequence[Sequence[str]]) -> list[int]:
        """The places of those whose subjects are not distinct, or not named as the survey wants it."""
        return where(map(_IllNamed(group=self._survey.group).__getitem__, zip(*names, strict=True)))

    def _odd(self, columns: Sequence[Sequence[str]]) -> dict[int, dict[int, Any]]:
        """Those whose seedings are not right, and what is wrong, by subject; None for what was not read."""
        odd: dict[int, dict[int, Any]] = {}
        for subject, column in enumerate(columns):
            for place, wrong in self._seedings.odd(column).items():
                odd.setdefault(place, {})[subject] = wrong
        return odd


class _IllNamed(dict[Row, bool]):
    """Whether these are not the names of one's subjects, in quotes; empty where there is no further one.

    Names repeat, so each row of them is judged once.
    """

    def __init__(self, *, group: bool) -> None:
        super().__init__()
        self._group = group

    def __missing__(self, names: Row) -> bool:
        given = [name for name in names if name]
        well = given and len({*given}) == len(given) and all(name[1:-1].strip() for name in given)
        self[names] = ill = not well if self._group else names != _NAMELESS
        return ill


def _add(doubts: list[int], topic: int, places: Iterable[int]) -> None:
    for place in places:
        doubts[place] |= topic


def _lacking(column: Sequence[str]) -> list[int]:
    """The places of what is blank in a column that seldom is."""
    return [] if all(column) else where(map(not_, column))


def _drop(doubts: list[int], topics: int, places: Iterable[int]) -> None:
    for place in places:
        doubts[place] &= ~topics


_NAMELESS: Final = ('""', *[""] * (MOST_SUBJECTS - 1))
_NOTHING: Final[Mapping[int, Any]] = {}
