"""The records of a chunk, each judged as if it stood alone: one question for each kind."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from participant_rules.batch.chunk_keys import ChunkKeys
from participant_rules.batch.chunks import ChunkResult, Draft
from participant_rules.engine.groups import Facts
from participant_rules.engine.kind import Kind
from participant_rules.engine.readings import Readings

if TYPE_CHECKING:  # a judge judges chunks
    from participant_rules.batch.judge import PlanJudge

__all__ = ["JudgedChunk"]


class JudgedChunk:
    """A chunk of payloads: the readings of those that a plan can judge, and the other ones as changes.

    The store is asked about all of them when it is made.
    """

    def __init__(
        self,
        judge: "PlanJudge",
        payloads: Sequence[object],
        read: Readings,
        changes: Mapping[int, Any],
        first: int,
    ) -> None:
        self._judge, self._payloads, self._read, self._changes = judge, payloads, read, changes
        side = judge.side
        self._plan = side.plan
        self._roll = side.roll(read.keys, tuple(changes.values()))
        self._draft = Draft(first, len(payloads), side.action)
        self._held = ChunkKeys(judge.hasher)

    def result(self) -> ChunkResult:
        """The outcomes of the records, and their keys."""
        read, roll, held = self._read, self._roll, self._held
        met = roll.met(read.keys)
        for index in met:
            self._judge_met(index)
        self._judge_strangers(met)
        for place, change in self._changes.items():
            self._decide(place, change)
        at = self._plan.slots.keys
        held.take({path: read.keys[at[path]] for path in self._judge.side.unique()}, read.places, met)
        held.hold(self._draft)
        return self._draft.finished()

    def _judge_strangers(self, met: set[int]) -> None:
        """Judge the records about participants unknown to the roll, all of a kind together."""
        kinds = [*map(self._plan.kinds.__getitem__, self._read.odd)]
        for facts, indices in self._roll.strangers(self._read.keys).items():
            by_kind: dict[Kind, list[int]] = defaultdict(list)
            for index in indices:
                by_kind[kinds[index]].append(index)
            for kind, some in by_kind.items():
                others = [index for index in some if index not in met] if met else some
                self._judge_kind(kind, facts, others)

    def _judge_kind(self, kind: Kind, facts: Facts, indices: Sequence[int]) -> None:
        """Judge records of one kind with the same facts: mostly nothing is wrong with any."""
        plain = kind.plain[facts]
        if plain is not None and plain.is_clean:
            self._judge.untold.update(plain.untold)
            return
        read, action = self._read, self._judge.side.action
        for index in indices if plain else kind.suspects(facts, read.texts, indices):
            verdict = plain or kind.verdict(facts, read.texts_of(index), partial(self._case, index))
            self._draft.put(read.places[index], *self._judge.outcome_of(verdict, action))

    def _judge_met(self, index: int) -> None:
        """Judge a record about a participant on the roll."""
        read, judge = self._read, self._judge
        place, met = read.places[index], self._roll.meet(read.keys_of(index))
        if met is None:
            self._decide(place, judge.side.change(self._value(index)))
            return
        kind, facts, case = self._plan.kinds[read.odd[index]], met.facts, partial(self._case, index)
        verdict = kind.plain[facts] or kind.verdict(facts, read.texts_of(index), case, met.content)
        adds = verdict.violations or met.adds
        action = judge.side.action if adds else met.action(self._value(index))
        self._draft.put(place, *judge.outcome_of(verdict, action))
        self._held.note(place, met.held)

    def _decide(self, place: int, change: Any) -> None:
        """Decide a change without the plan's readings."""
        decision = self._roll.decide(change)
        self._draft.put(place, *self._judge.outcome(decision))
        self._held.note(place, self._roll.held_of(decision))

    def _case(self, index: int) -> Any:
        """The case of one record; its shares of quotas are noted where there are own facts."""
        read = self._read
        case = self._roll.case(self._value(index), read.keys_of(index))
        return self._held.watched(read.places[index], case) if self._plan.family.fact_values else case

    def _value(self, index: int) -> Any:
        """The JSON value of one record."""
        return self._judge.value(self._payloads[self._read.places[index]])
