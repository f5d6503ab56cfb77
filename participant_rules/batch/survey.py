"""Participants sent to a survey one by one, judged by the chunk."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from attrs import evolve, field, frozen

from participant_rules import jsontext
from participant_rules.batch.chunks import ChunkResult, Draft, Settled
from participant_rules.batch.claims import Hasher, local
from participant_rules.batch.judges import told_of
from participant_rules.batch.outcomes import Action
from participant_rules.jsontext import Glance
from participant_rules.rules import RuleSet
from participant_rules.skims import Skimmer
from participant_rules.survey.case import EVERYTHING, Case, Change, Keys, Known, Operation, Stored
from participant_rules.survey.decision import Standing, decide
from participant_rules.survey.guards import GUARDS, IDENTITY, walk, who_is_meant
from participant_rules.survey.likeness import keeps_all
from participant_rules.survey.model import Caller, Participant, Survey
from participant_rules.survey.ports import Roster
from participant_rules.survey.rules import RULES
from participant_rules.survey.signs import ShownBody, Signs, signs_of
from participant_rules.survey.skim import Skimmed, skimmer_of
from participant_rules.survey.wire import read_body, read_value
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["SurveyTask"]


_SOMEBODY: Final = Stored(Participant())
"""Somebody of whom only the identity is known."""

_Told = dict[int, tuple[str | None, Signs]]  # identities and signs, by places in a chunk
_Doubted = tuple[Change, str | None, int]  # a change, its identity, and the topics in doubt
_Changes = dict[int, _Doubted]


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

    def __reduce__(self) -> tuple[type["SurveyTask"], tuple[Any, ...]]:
        """Travels between processes; our own laws, which cannot, are there already."""
        known = (self.survey, self.roster, self.operation, self.caller)
        return type(self), known if self.rules is RULES else (*known, self.rules)

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
    """Judges participants: those that can be told by their signs, the others by the rules."""

    def __init__(self, task: SurveyTask, hasher: Hasher, glance: Glance, *, warnings: bool) -> None:
        self._task, self._hasher, self._glance, self._warns = task, hasher, glance, warnings
        self._walked = task.rules[Operation(task.operation)].guards <= GUARDS
        self._alone = Known(task.survey)
        self._signs = _signs_of(task, warnings=warnings)
        self._skimmer = _skimmer_of(task)

    def contest(self) -> "SurveyContest":
        """A contest that no participant has entered yet."""
        return SurveyContest(self._task, self, warnings=self._warns)

    def judge(self, payloads: Sequence[object], first: int = 0, *, sound: bool = False) -> ChunkResult:
        """Judge each participant as if it stood alone; see `Judge.judge`."""
        told: _Told = {}
        changes: _Changes = {}
        self._look(payloads, told, changes, sound=sound)
        draft = Draft(first, len(payloads), self._task.operation)
        held = {place: identity for place, (identity, _) in told.items() if identity is not None}
        held |= {place: identity for place, (_, identity, _) in changes.items() if identity is not None}
        known = self._task.ask(frozenset(held.values()))
        keys = self._keys(held)
        self._meet(keys, payloads, told, changes, known)
        for place, (_, signs) in told.items():
            if signs:
                draft.put(place, *self._by_signs(signs, payloads[place]))
        for place, (change, identity, doubts) in changes.items():
            draft.put(place, *self._decided(change, identity, doubts, known))
        draft.claim(keys, self._hasher("identity", keys.values()))
        return draft.finished()

    def _look(self, payloads: Sequence[object], told: _Told, changes: _Changes, *, sound: bool) -> None:
        """Part the participants that can be told from the others."""
        glance = _take if sound else self._glance
        survey, operation, caller = self._task.survey, self._task.operation, self._task.caller
        known, learn = self._alone, self._skimmer.learn

        def read(place: int) -> bool:
            """Part one that is not told by skimming; whether its shape was learned."""
            body, colons = glance(payloads[place])
            doubts, names, identity = walk(body, operation, UNSET, known, caller)
            counted = names == colons or sound
            if not counted and (colons < 0 or not jsontext.is_whole(payloads[place], body, colons)):
                changes[place] = self._change(read_body(Participant, payloads[place]), EVERYTHING)
                return False
            signs = _NONE if not doubts else signs_of(ShownBody(body), doubts, survey) if names >= 0 else None
            if signs is None or not self._walked:
                changes[place] = self._change(read_value(Participant, body), doubts)
                return False
            told[place] = identity, signs
            return learn(payloads[place], body)

        told |= self._skimmer.sift(payloads, range(len(payloads)), read)

    def _body(self, payload: object) -> Any:
        """The JSON value of a payload that was told: it is sound."""
        return self._glance(payload)[0] if isinstance(payload, bytes | str) else payload

    def _change(self, read: tuple[Participant | Unset, tuple[Violation, ...]], doubts: int) -> _Doubted:
        change = self._task.change(*read)
        return change, self._task.identity(change), doubts

    def _keys(self, held: dict[int, str]) -> dict[int, str]:
        """What the identities compare by."""
        key = self._task.survey.key
        return held if self._task.survey.logged_on else {place: key(each) for place, each in held.items()}

    def _meet(
        self,
        keys: Mapping[int, str],
        payloads: Sequence[object],
        told: _Told,
        changes: _Changes,
        known: Known,
    ) -> None:
        """Take those who are judged by what is stored from those that are told."""
        participants, adds = known.participants, self._task.operation == "add"
        if isinstance(participants, Unset):
            return
        for place in [each for each, key in keys.items() if not adds or key in participants]:
            key, payload = keys[place], payloads[place]
            if place not in told:
                continue
            if not told[place][1] and key in participants:
                if adds:
                    told[place] = told[place][0], _TAKEN
                    continue
                if keeps_all(self._body(payload), participants[key].participant):
                    continue
            del told[place]
            changes[place] = self._change(read_body(Participant, payload), EVERYTHING)

    def _decided(
        self, change: Change, identity: str | None, doubts: int, known: Known
    ) -> tuple[Action, tuple[Violation, ...]]:
        """What the rules say."""
        case = Case.of(change, known, self._task.caller)
        case.doubts = doubts | who_is_meant(identity, self._task.operation, UNSET, known, self._task.survey)
        decision = decide(case, self._task.rules)
        return told_of(decision, warnings=self._warns)

    def _known_with(self, identity: str | None, signs: Signs) -> Known:
        """Nobody is known to be there but who has taken the identity."""
        if signs != _TAKEN or identity is None:
            return self._alone
        return evolve(self._alone, participants={self._task.survey.key(identity): _SOMEBODY})

    def clear(self, payloads: Sequence[object]) -> Mapping[int, str]:
        """The identities of those to be added of whom nothing can be said but that they are taken."""
        skimmed = self._skimmer.skim(payloads) if self._task.operation == "add" else {}
        return {place: identity for place, (identity, signs) in skimmed.items() if identity and not signs}

    def of_taken(self, payload: object) -> tuple[Action, tuple[Violation, ...]]:
        """What is said of somebody who is clear but whose identity is taken."""
        return self._by_signs(_TAKEN, payload)

    def _by_signs(self, signs: Signs, payload: object) -> tuple[Action, tuple[Violation, ...]]:
        """What was said of the first participant with the same signs."""
        said = self._signs.get(signs)
        if said is None:
            read = read_value(Participant, self._body(payload))
            change, identity, doubts = self._change(read, signs[0])  # the topics in doubt
            said = self._decided(change, identity, doubts, self._known_with(identity, signs))
            if len(self._signs) < _ENOUGH:
                self._signs[signs] = said
        return said


def _skimmer_of(task: SurveyTask) -> Skimmer[Skimmed]:
    """What skims participants, where the walk answers for the laws."""
    if task.rules[Operation(task.operation)].guards <= GUARDS:
        return skimmer_of(task.survey, task.caller)
    return Skimmer(lambda _body, _style: None)


_Remembered = dict[Signs, tuple[Action, tuple[Violation, ...]]]


def _signs_of(task: SurveyTask, *, warnings: bool) -> _Remembered:
    """What was said of signs; for laws of ours it is kept with the survey."""
    remembered: _Remembered = {}
    if task.rules is not RULES:
        return remembered
    kept: _Remembered = task.survey.made.setdefault((task.operation, task.caller, warnings), remembered)
    return kept


_ENOUGH: Final = 4096  # ways to be faulty; a file has a few
_NONE: Final[Signs] = ()
_TAKEN: Final[Signs] = (IDENTITY, "taken")


class SurveyContest:
    """Participants of one identity, decided one after the other."""

    def __init__(self, task: SurveyTask, judge: SurveyJudge, *, warnings: bool) -> None:
        self._task, self._judge, self._warns = task, judge, warnings
        self._standing = Standing(task.ask(frozenset()), caller=task.caller, rules=task.rules)
        self._asked = set[str | None]()

    def decide(self, rows: Sequence[tuple[int, object]]) -> Iterator[Settled]:
        """Decide further participants in their order; see `Contest.decide`."""
        clear = self._judge.clear([payload for _, payload in rows])
        changes = {
            place: self._task.change(*read_body(Participant, payload))
            for place, (_, payload) in enumerate(rows)
            if place not in clear
        }
        known = self._task.ask(frozenset(self._new(clear, changes)))
        if not isinstance(known.participants, Unset):
            self._standing.learn(known.participants)
        for place, (number, payload) in enumerate(rows):
            if place in clear:
                yield number, *self._add(self._task.survey.key(clear[place]), payload)
            else:
                decision = self._standing.decide(changes[place])
                yield number, *told_of(decision, warnings=self._warns)
                self._standing.stand(decision)

    def _add(self, key: str, payload: object) -> tuple[Action, tuple[Violation, ...]]:
        """Add somebody who is clear, unless the identity is taken; later additions ask no more than that."""
        if key in self._standing:
            return self._judge.of_taken(payload)
        self._standing.learn({key: _SOMEBODY})
        return "add", ()

    def _new(self, clear: Mapping[int, str], changes: Mapping[int, Change]) -> Iterator[str]:
        """The identities not asked for yet in any spelling: a store knows nothing of earlier rows."""
        for identity in (*clear.values(), *map(self._task.identity, changes.values())):
            key = None if identity is None else self._task.survey.key(identity)
            if identity is not None and key not in self._asked:
                self._asked.add(key)
                yield identity


def _take(payload: object) -> tuple[Any, int]:
    return payload, 0
