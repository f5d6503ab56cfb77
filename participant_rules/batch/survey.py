"""Participants sent to a survey one by one, judged by the chunk."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, Literal

from attrs import evolve, field, frozen

from participant_rules import jsontext
from participant_rules.batch.chunks import ChunkResult, Draft, Settled
from participant_rules.batch.claims import Hasher, local
from participant_rules.batch.outcomes import Action
from participant_rules.jsontext import Glance
from participant_rules.rules import RuleSet
from participant_rules.survey.case import EVERYTHING, Case, Change, Keys, Known, Operation
from participant_rules.survey.decision import Decision, Standing, decide
from participant_rules.survey.guards import GUARDS, walk, who_is_meant
from participant_rules.survey.model import Caller, Participant, Survey
from participant_rules.survey.ports import Roster
from participant_rules.survey.rules import RULES
from participant_rules.survey.wire import read_body, read_value
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["SurveyTask"]


@frozen
class SurveyTask:
    """Records are participants to be added or updated, each judged by its body.

    Without a `roster` it is not known who is stored, and what depends on that is not judged.
    """

    survey: Survey
    roster: Roster | None = field(default=None, repr=False)
    operation: Literal["add", "update"] = "update"
    caller: Caller = field(factory=Caller)
    rules: Mapping[Operation, RuleSet] = field(default=RULES, repr=False)

    def judge(
        self, *, hasher: Hasher = local, glance: Glance = jsontext.glance, warnings: bool = True
    ) -> "SurveyJudge":
        """The judge of these participants; without `warnings` it says violations only."""
        return SurveyJudge(self, hasher, glance, warnings=warnings)

    def ask(self, identities: frozenset[str]) -> Known:
        """What the roster answers; raises TypeError for one whose methods are coroutines."""
        if self.roster is None:
            return Known(self.survey)
        known = self.roster.find(Keys(self.survey.id, identities))
        if not isinstance(known, Known):
            raise TypeError("a batch asks a roster whose methods answer at once")
        return evolve(known, survey=self.survey)

    def change(self, asked: Participant | Unset, faults: tuple[Violation, ...]) -> Change:
        """A participant that was read."""
        return Change(Operation(self.operation), self.survey.id, asked=asked, faults=faults)

    def identity(self, change: Change) -> str | None:
        """The unique id in the body."""
        return self.survey.identity(change.asked) if isinstance(change.asked, Participant) else None


class SurveyJudge:
    """Judges participants: clear ones by a walk over their values, the others by the rules."""

    def __init__(self, task: SurveyTask, hasher: Hasher, glance: Glance, *, warnings: bool) -> None:
        self._task, self._hasher, self._glance, self._warns = task, hasher, glance, warnings
        self._walked = task.rules[Operation(task.operation)].guards <= GUARDS
        self._alone = Known(task.survey)

    def contest(self) -> "SurveyContest":
        """A contest that no participant has entered yet."""
        return SurveyContest(self._task, warnings=self._warns)

    def judge(self, payloads: Sequence[object], first: int = 0, *, sound: bool = False) -> ChunkResult:
        """Judge each participant as if it stood alone; see `Judge.judge`."""
        clear: dict[int, str | None] = {}
        changes: dict[int, tuple[Change, int]] = {}
        self._look(payloads, clear, changes, sound=sound)
        identities = {place: self._task.identity(change) for place, (change, _) in changes.items()} | clear
        known = self._task.ask(frozenset([each for each in identities.values() if each is not None]))
        self._meet(clear, payloads, changes, known)
        draft = Draft(first, len(payloads))
        for place in clear:
            draft.put(place, self._task.operation)
        for place, (change, doubts) in changes.items():
            case = Case.of(change, known, self._task.caller)
            case.doubts = doubts | who_is_meant(identities[place], self._task.operation, UNSET, known)
            decision = decide(case, self._task.rules)
            draft.put(place, _action(decision), _said(decision, warnings=self._warns))
        held = {place: self._task.survey.key(each) for place, each in identities.items() if each is not None}
        draft.claim(held, self._hasher("identity", held.values()))
        return draft.finished()

    def _look(
        self,
        payloads: Sequence[object],
        clear: dict[int, str | None],
        changes: dict[int, tuple[Change, int]],
        *,
        sound: bool,
    ) -> None:
        """Part the clear participants from those in doubt."""
        glance = _take if sound else self._glance
        operation, known, caller = self._task.operation, self._alone, self._task.caller
        for place, payload in enumerate(payloads):
            body, colons = glance(payload)
            doubts, names, identity = walk(body, operation, UNSET, known, caller)
            if not sound and names != colons and (colons < 0 or not jsontext.is_whole(payload, body, colons)):
                changes[place] = self._task.change(*read_body(Participant, payload)), EVERYTHING
            elif doubts or not self._walked:
                changes[place] = self._task.change(*read_value(Participant, body)), doubts
            else:
                clear[place] = identity

    def _meet(
        self,
        clear: dict[int, str | None],
        payloads: Sequence[object],
        changes: dict[int, tuple[Change, int]],
        known: Known,
    ) -> None:
        """Take those who are judged by what is stored from the clear ones."""
        for place, identity in list(clear.items()):
            if who_is_meant(identity, self._task.operation, UNSET, known):
                del clear[place]
                changes[place] = self._task.change(*read_body(Participant, payloads[place])), 0


class SurveyContest:
    """Participants of one identity, decided one after the other."""

    def __init__(self, task: SurveyTask, *, warnings: bool) -> None:
        self._task, self._warns = task, warnings
        self._standing = Standing(task.ask(frozenset()), caller=task.caller, rules=task.rules)
        self._asked = set[str]()

    def decide(self, rows: Sequence[tuple[int, object]]) -> Iterator[Settled]:
        """Decide further participants in their order; see `Contest.decide`."""
        changes = [self._task.change(*read_body(Participant, payload)) for _, payload in rows]
        new = {each for each in map(self._task.identity, changes) if each is not None} - self._asked
        self._asked |= new
        known = self._task.ask(frozenset(new))
        if not isinstance(known.participants, Unset):
            self._standing.learn(known.participants)
        for (number, _), change in zip(rows, changes, strict=True):
            decision = self._standing.decide(change)
            yield number, _action(decision), _said(decision, warnings=self._warns)
            self._standing.stand(decision)


def _action(decision: Decision) -> Action:
    if decision.violations:
        return "refused"
    action = decision.action
    return "none" if action == "delete" else action


def _said(decision: Decision, *, warnings: bool) -> tuple[Violation, ...]:
    return (*decision.violations, *decision.warnings) if warnings else decision.violations


def _take(payload: object) -> tuple[Any, int]:
    return payload, 0
