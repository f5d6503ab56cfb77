"""Participants sent to a survey one by one, judged by the chunk."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal, NamedTuple

from attrs import evolve, field, frozen

from participant_rules import jsontext
from participant_rules.batch.chunks import ChunkResult, Draft, Settled
from participant_rules.batch.claims import Hasher, local
from participant_rules.batch.judges import told_of
from participant_rules.batch.outcomes import Action
from participant_rules.batch.repeats import Key
from participant_rules.jsontext import Glance
from participant_rules.rules import RuleSet
from participant_rules.survey.case import EVERYTHING, Case, Change, Keys, Known, Operation, Stored
from participant_rules.survey.decision import Standing, decide
from participant_rules.survey.guards import walk, who_is_meant
from participant_rules.survey.likeness import keeps_all
from participant_rules.survey.model import Caller, Participant, Survey
from participant_rules.survey.ports import Roster
from participant_rules.survey.rules import RULES
from participant_rules.survey.signs import TAKEN, ShownBody, Signs, signs_of
from participant_rules.survey.skim import Doubtful, Skimmed
from participant_rules.survey.telling import Teller, teller_of
from participant_rules.survey.wire import read_body, read_value
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["SurveyTask"]


_SOMEBODY: Final = Stored(Participant())
"""Somebody of whom only the identity is known."""

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

    def unique_keys(self, payload: object) -> Sequence[Key]:
        """The unique id; see `Task.unique_keys`."""
        identity = self.identity(self.change(*read_body(Participant, payload)))
        if not identity:
            return ()
        pointer = "/loginSection/login" if self.survey.logged_on else "/invitationSection/emailAddress"
        return [Key(pointer, self.survey.key(identity), names=True)]

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
        self._alone = Known(task.survey)
        self._teller = _teller_of(task, warnings=warnings)

    def contest(self) -> "SurveyContest":
        """A contest that no participant has entered yet."""
        return SurveyContest(self._task, self, warnings=self._warns)

    def judge(self, payloads: Sequence[object], first: int = 0, *, sound: bool = False) -> ChunkResult:
        """Judge each participant as if it stood alone; see `Judge.judge`."""
        looked = self._look(payloads, sound=sound)
        known = self._task.ask(frozenset(looked.identities.values()))
        keys = self._keys(looked.identities)
        if not isinstance(known.participants, Unset):
            self._meet(known.participants, keys, payloads, looked)
        draft = Draft(first, len(payloads), self._task.operation)
        for place, signs in looked.signs.items():
            draft.put(place, *self._told(signs, payloads[place]))
        for place, (change, identity, doubts) in looked.changes.items():
            draft.put(place, *self._decided(change, identity, doubts, known))
        draft.claim(keys, self._hasher("identity", keys.values()))
        return draft.finished()

    def _look(self, payloads: Sequence[object], *, sound: bool) -> "_Looked":
        """Part the participants that can be told from the others."""
        glance = _take if sound else self._glance
        survey, operation, caller = self._task.survey, self._task.operation, self._task.caller
        known, skimmer = self._alone, self._teller.skimmer
        read_alone: dict[int, Skimmed] = {}
        changes = _Changes()

        def read(place: int) -> bool:
            """Part one that is not told by skimming; whether its shape was learned."""
            body, colons = glance(payloads[place])
            doubts, names, identity = walk(body, operation, UNSET, known, caller)
            counted = names == colons or sound
            if not counted and (colons < 0 or not jsontext.is_whole(payloads[place], body, colons)):
                changes[place] = self._change(read_body(Participant, payloads[place]), EVERYTHING)
                return False
            signs: Signs | None = _NONE
            if doubts:
                signs = signs_of(ShownBody(body, survey), doubts, survey) if names >= 0 else None
            if signs is None or not self._teller.knows_laws:
                changes[place] = self._change(read_value(Participant, body), doubts)
                return False
            read_alone[place] = Doubtful(identity, signs) if identity is None or signs else identity
            return skimmer.learn(payloads[place], body)

        told = skimmer.sift(payloads, range(len(payloads)), read)
        told.update(read_alone)
        return _Looked.of(told, changes)

    def _body(self, payload: object) -> Any:
        """The JSON value of a payload that was told: it is sound."""
        return jsontext.sound_value(payload, self._glance) if isinstance(payload, bytes | str) else payload

    def _change(self, read: tuple[Participant | Unset, tuple[Violation, ...]], doubts: int) -> _Doubted:
        change = self._task.change(*read)
        return change, self._task.identity(change), doubts

    def _keys(self, held: dict[int, str]) -> dict[int, str]:
        """What the identities compare by."""
        key = self._task.survey.key
        return held if self._task.survey.logged_on else {place: key(each) for place, each in held.items()}

    def _meet(
        self,
        participants: Mapping[str, Stored],
        keys: Mapping[int, str],
        payloads: Sequence[object],
        looked: "_Looked",
    ) -> None:
        """Look at those who can be told in the light of who is stored."""
        _, signs, changes = looked
        adds = self._task.operation == "add"
        for place in [each for each, key in keys.items() if not adds or key in participants]:
            if place in changes:
                continue
            key, payload = keys[place], payloads[place]
            if adds:
                signs[place] = (*signs.get(place, _NONE), TAKEN)
            elif place in signs or key not in participants or not self._keeps_all(payload, participants[key]):
                signs.pop(place, None)
                changes[place] = self._change(read_body(Participant, payload), EVERYTHING)

    def _keeps_all(self, payload: object, stored: Stored) -> bool:
        return keeps_all(self._body(payload), stored.participant)

    def _decided(
        self, change: Change, identity: str | None, doubts: int, known: Known
    ) -> tuple[Action, tuple[Violation, ...]]:
        """What the rules say."""
        case = Case.of(change, known, self._task.caller)
        case.doubts = doubts | who_is_meant(identity, self._task.operation, UNSET, known, self._task.survey)
        decision = decide(case, self._task.rules)
        return told_of(decision, warnings=self._warns)

    def clear(self, payloads: Sequence[object]) -> dict[int, str]:
        """The identities of those to be added of whom nothing can be said but that they are taken."""
        skimmed = self._teller.skimmer.skim(payloads) if self._task.operation == "add" else {}
        return {place: each for place, each in skimmed.items() if isinstance(each, str)}

    def of_taken(self, payload: object) -> tuple[Action, tuple[Violation, ...]]:
        """What is said of somebody who is clear but whose identity is taken."""
        return self._told((TAKEN,), payload)

    def _told(self, signs: Signs, payload: object) -> tuple[Action, tuple[Violation, ...]]:
        """What is said of somebody with these signs."""
        stands, said = self._teller.said(signs, partial(self._body, payload))
        return self._task.operation if stands else "refused", said


def _teller_of(task: SurveyTask, *, warnings: bool) -> Teller:
    """What tells of participants; for our laws it is kept with the survey."""
    survey, operation, caller = task.survey, Operation(task.operation), task.caller
    if task.rules is RULES:
        return teller_of(survey, operation, caller, warnings=warnings)
    return Teller(survey, operation, caller, task.rules[operation], warnings=warnings)


class _Looked(NamedTuple):
    """Participants of a chunk, by their places.

    The identities that are not in doubt, the signs of those in doubt who can be told by them, and all others.
    """

    identities: dict[int, str]
    signs: dict[int, Signs]
    changes: _Changes

    @classmethod
    def of(cls, told: dict[int, Any], changes: _Changes) -> "_Looked":
        """Those who are told, whose identities take the places of what is told, and the others."""
        doubtful = {place: each for place, each in told.items() if isinstance(each, Doubtful)}
        doubted = {place: each.identity for place, each in doubtful.items()}
        doubted |= {place: identity for place, (_, identity, _) in changes.items()}
        told.update(doubted)
        for place in [place for place, identity in doubted.items() if identity is None]:
            del told[place]
        return cls(told, {place: each.signs for place, each in doubtful.items()}, changes)


_NONE: Final[Signs] = ()


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
