"""The roll of participants while they are sent to a survey one by one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

from attrs import evolve, field, frozen

from participant_rules.due import answered_at_once
from participant_rules.engine.groups import Facts
from participant_rules.engine.roll import Held
from participant_rules.engine.slots import Column
from participant_rules.engine.slots import Keys as RecordKeys
from participant_rules.facts import NO_FACTS, FactValues
from participant_rules.ruleset import RuleSet
from participant_rules.survey.case import Case, Change, Keys, Known, Operation, Stored
from participant_rules.survey.change import refuse_unknown
from participant_rules.survey.decision import Action, Decision, Standing
from participant_rules.survey.model import Caller, Participant, Survey
from participant_rules.survey.plan import SurveyPlan, facts_by, plan_of
from participant_rules.survey.ports import Roster
from participant_rules.survey.wire import change_of, read_change
from participant_rules.unset import UNSET, Unset

__all__ = ["SurveyRoll", "SurveySide"]

_SOMEBODY: Final = Stored(Participant())
"""A participant of which only the identity is known."""


@frozen(slots=False)
class SurveySide:
    """The survey's side of judging participants; see `engine.roll.Side`."""

    survey: Survey
    roster: Roster | None = field(repr=False)
    action: Literal["add", "update"]
    caller: Caller
    rules: RuleSet = field(repr=False)
    warnings: bool = True
    facts: FactValues = field(default=NO_FACTS, repr=False)

    @cached_property
    def call(self) -> Change:
        """The call that sends a participant, without its body."""
        return Change(Operation(self.action), self.survey.id)

    @cached_property
    def plan(self) -> SurveyPlan:
        """The plan of the call's rules."""
        asked = (self.survey, self.call.operation, self.caller, self.rules)
        return plan_of(*asked, warnings=self.warnings, fact_values=self.facts)

    @property
    def naming(self) -> frozenset[str]:
        """The path of the identity."""
        return frozenset({self.survey.identity_path})

    def unique(self) -> Iterator[str]:
        """The path of the identity."""
        yield self.survey.identity_path

    def roll(self, columns: Sequence[Column], changes: Sequence[Change]) -> "SurveyRoll":
        """The roll that the roster answers to one question."""
        return SurveyRoll(self, columns, changes)

    def read(self, payload: object) -> Change:
        """The change of a participant."""
        return read_change(self.call, payload)

    def change(self, value: object) -> Change:
        """The change of a participant's JSON value."""
        return change_of(self.call, value)

    def ask(self, identities: frozenset[str]) -> Known:
        """The answer of the roster; raises TypeError for a roster of coroutines."""
        if self.roster is None:
            return Known(self.survey)
        known: Known = answered_at_once(self.roster.find(Keys(self.survey.id, identities)), "a batch")
        refuse_unknown(known)
        return evolve(known, survey=self.survey)


class SurveyRoll:
    """The roll of participants; see `engine.roll.Roll`."""

    def __init__(self, side: SurveySide, columns: Sequence[Column], changes: Sequence[Change]) -> None:
        self._side = side
        self._asked: set[str] = set()
        known = side.ask(self._new(columns, changes))
        rules = {side.call.operation: side.rules}
        self._standing = Standing(known, caller=side.caller, rules=rules, facts=side.facts)
        self._path = side.survey.identity_path
        # Of whom nobody has heard: not there, where everybody was asked.
        unheard: bool | Unset = False if self._standing.complete else UNSET
        self._strange = facts_by(adds=self._adds, is_stored=unheard)
        self._heard = facts_by(adds=self._adds, is_stored=True)

    @property
    def _adds(self) -> bool:
        return self._side.action == "add"

    def _new(self, columns: Sequence[Column], changes: Sequence[Change]) -> frozenset[str]:
        """The identities not asked for yet: a store knows nothing of earlier records."""
        (column,) = columns
        named = {key for key in column if key.__class__ is str}
        keys = [self._side.survey.key_of(each.asked) for each in changes]
        named.update(filter(None, keys))
        new = named - self._asked
        self._asked |= new
        return frozenset(new)

    def learn(self, columns: Sequence[Column], changes: Sequence[Change]) -> None:
        """Ask the roster about further participants."""
        known = self._side.ask(self._new(columns, changes))
        if not isinstance(known.participants, Unset):
            self._standing.learn(known.participants)

    def met(self, columns: Sequence[Column]) -> set[int]:
        """The stored participants."""
        (column,) = columns
        if self._standing.is_disjoint(column):
            return set()
        return {i for i, key in enumerate(column) if key in self._standing}

    def strangers(self, columns: Sequence[Column]) -> Mapping[Facts, Sequence[int]]:
        """The facts of participants unknown to the roll; without an identity nothing is known."""
        (column,) = columns
        if self._strange == _NOBODY or all(column):  # where nobody was asked, both are the same
            return {self._strange: range(len(column))}
        named = [i for i, key in enumerate(column) if key]
        return {self._strange: named, _NOBODY: [i for i, key in enumerate(column) if not key]}

    def meet(self, keys: RecordKeys) -> "_Met":
        """The participant that an identity means."""
        (key,) = keys
        side = self._side
        if not key:
            return _Met(_NOBODY, (), side, UNSET)
        facts = self._heard if key in self._standing else self._strange
        stored = UNSET if self._adds else self._standing.participant(key)
        return _Met(facts, ((self._path, key),) if key.__class__ is str else (), side, stored)

    def related(self, _keys: RecordKeys, _path: str) -> None:
        """None: no other participant is named."""
        return

    def keys(self, change: Change) -> Iterable[Held]:
        """The identity of a participant, where it is well formed."""
        identifying = self._side.survey.schema.node(self._path)
        key = identifying.key_of(change.asked) if isinstance(change.asked, Participant) else None
        return [] if key is None else [(self._path, key)]

    def decide(self, change: Change) -> Decision:
        """The decision on a participant."""
        return self._standing.decide(change)

    def case(self, value: Any, _keys: RecordKeys) -> Case:
        """The case of a participant."""
        return self._standing.case(self._side.change(value))

    def held_of(self, decision: Decision) -> Iterable[Held]:
        """The identity of a decided participant, and its shares of quotas."""
        key = self._side.survey.key_of(decision.case.change.asked)  # also of a malformed one
        return [*([(self._path, key)] if key is not None else ()), *decision.case.taking.held]

    def add(self, payload: Callable[[], Any], keys: RecordKeys, row: int) -> None:
        """Add or replace the participant of an accepted record."""
        (key,) = keys
        if not self._adds:
            self.stand(self.decide(self._side.change(payload())), row)
        elif isinstance(key, str):
            self._standing.learn({key: _SOMEBODY})

    def stand(self, decision: Decision, _row: int) -> None:
        """Let an accepted decision stand."""
        self._standing.stand(decision)


class _Met(NamedTuple):
    """The participant that an identity means; see `engine.roll.Met`. Its action is that of the call."""

    facts: Facts
    held: Iterable[Held]
    side: SurveySide
    stored: Participant | None | Unset

    def content(self) -> Mapping[str, Any]:
        """The stored participant."""
        return {"known_stored": self.stored, "path_uid": UNSET, "fact_values": self.side.facts}

    @property
    def adds(self) -> bool:
        """Whether the action is known without the payload."""
        return True

    def action(self, _value: Any) -> Action:
        """The action of an accepted participant."""
        return self.side.action


_NOBODY: Final[Facts] = (UNSET, UNSET, False, False)
