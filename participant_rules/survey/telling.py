"""What is said of a participant, told by his signs: the rules are asked once for all with the same ones."""

from collections.abc import Callable, Iterable
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any, Final

from participant_rules.rules import RuleSet
from participant_rules.skims import Skimmer
from participant_rules.survey.case import Case, Change, Known, Operation, Stored
from participant_rules.survey.decision import decide
from participant_rules.survey.guards import GUARDS
from participant_rules.survey.model import Caller, Participant, Survey
from participant_rules.survey.rules import RULES
from participant_rules.survey.signs import TAKEN, Signs, links_of, parts_of
from participant_rules.survey.skim import Skimmed, skimmer_of
from participant_rules.survey.wire import read_value
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["Said", "Teller", "teller_of"]

Said = tuple[bool, tuple[Violation, ...]]
"""Whether somebody stands, and all that is said of him."""

_ENOUGH: Final = 4096  # ways to be faulty; a file has a few
_SOMEBODY: Final = Stored(Participant())  # of whom only the identity is known


class Teller:
    """Tells what the laws of a call say of participants who are new, or of whom it is not known.

    It knows only laws that are guarded: `knows_laws` says whether all are. Without `warnings` it says
    violations only.
    """

    def __init__(
        self, survey: Survey, operation: Operation, caller: Caller, laws: RuleSet, *, warnings: bool
    ) -> None:
        self.knows_laws = laws.guards <= GUARDS
        self.skimmer: Skimmer[Skimmed] = skimmer_of(survey, caller) if self.knows_laws else Skimmer(_no_shape)
        self._survey, self._operation, self._caller = survey, operation, caller
        self._laws, self._links, self._warns = laws, links_of(laws), warnings
        self._ranks = laws.ranks
        self._said: dict[Signs, Said] = {(): (True, ())}

    def said(self, signs: Signs, body: Callable[[], Any]) -> Said:
        """What was said of the first one with the same signs; `body` gives the JSON value of this one."""
        said = self._said.get(signs)
        if said is None:
            first, *others = parts_of(signs, self._links)
            if others:
                said = self._together([self.said(each, body) for each in (first, *others)])
            else:
                said = self._judged(signs, body())
            if len(self._said) < _ENOUGH:
                self._said[signs] = said
        return said

    def _together(self, said: Iterable[Said]) -> Said:
        """What is said of parts that were judged apart, in the order of the laws."""
        stands, found = zip(*said, strict=True)
        return all(stands), tuple(sorted(chain(*found), key=lambda each: self._ranks[each.code]))

    def _judged(self, signs: Signs, body: Any) -> Said:
        """What the laws of the topics in doubt say."""
        asked, faults = read_value(Participant, body)
        change = Change(self._operation, self._survey.id, asked=asked, faults=faults)
        case = Case.of(change, self._known_with(asked if TAKEN in signs else UNSET), self._caller)
        case.doubts = reduce(or_, [topic for topic, _ in signs])
        decision = decide(case, {self._operation: self._laws})
        found = decision.violations
        return not found, (*found, *decision.warnings) if self._warns else found

    def _known_with(self, taker: Participant | Unset) -> Known:
        """Nobody is known to be there, but who has taken that one's identity."""
        identity = None if isinstance(taker, Unset) else self._survey.identity(taker)
        if identity is None:
            return Known(self._survey)
        return Known(self._survey, {self._survey.key(identity): _SOMEBODY})


def teller_of(survey: Survey, operation: Operation, caller: Caller, *, warnings: bool) -> Teller:
    """The teller of a survey for our laws, which remembers what it was asked."""
    key = (operation, caller, warnings)
    teller: Teller | None = survey.made.get(key)
    if teller is None:
        teller = survey.made[key] = Teller(survey, operation, caller, RULES[operation], warnings=warnings)
    return teller


def _no_shape(_body: object, _style: object) -> None:
    """The shape of texts about which the laws are not known."""
