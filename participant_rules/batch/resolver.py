"""Records that hold the same keys, decided one after the other by the plan of a family's rules."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from participant_rules.batch.chunks import Resolved
from participant_rules.batch.judges import Key
from participant_rules.engine.kind import RecordVerdict
from participant_rules.engine.readings import Readings
from participant_rules.engine.roll import Roll
from participant_rules.engine.slots import Keys as RecordKeys

if TYPE_CHECKING:  # a judge makes resolvers
    from participant_rules.batch.judge import PlanJudge

__all__ = ["PlanResolver"]


class PlanResolver:
    """Records that hold the same keys, decided one after the other."""

    def __init__(self, judge: "PlanJudge") -> None:
        self._judge, self._side = judge, judge.side
        self._roll: Roll | None = None
        slots, naming = judge.side.plan.slots, judge.side.naming
        self._members = {path: (slots.schema.node(path), path in naming) for path in slots.keys}

    def decide(self, rows: Sequence[tuple[int, object]]) -> Iterator[tuple[Resolved, Sequence[Key]]]:
        """Decide further records in their order; see `judges.Resolver.decide`."""
        read, changes = self._judge.read([payload for _, payload in rows])
        if self._roll is None:
            self._roll = self._side.roll(read.keys, tuple(changes.values()))
        else:
            self._roll.learn(read.keys, tuple(changes.values()))
        at = {place: index for index, place in enumerate(read.places)}
        for place, (number, payload) in enumerate(rows):
            if place in at:
                keys = read.keys_of(at[place])
                decided = self._decide_one(self._roll, read, at[place], number, payload)
                body = partial(self._judge.value, payload)
                yield decided, self._keys(zip(self._members, keys, strict=True), body)
            else:
                change = changes[place]
                sent = self._keys(self._roll.keys(change), partial(getattr, change, "document"))
                yield self._decide_change(self._roll, change, number), sent

    def _keys(self, keys: Iterable[tuple[str, Any]], body: Callable[[], Any]) -> list[Key]:
        """The unique values of a record by their paths."""
        sent = [(self._members[path], key) for path, key in keys if key and key.__class__ is str]
        return [Key(node.pointer_in(body), key, names) for (node, names), key in sent]

    def _decide_one(self, roll: Roll, read: Readings, index: int, number: int, payload: object) -> Resolved:
        judge, plan, keys = self._judge, self._side.plan, read.keys_of(index)
        met, value = roll.meet(keys), partial(judge.value, payload)
        if met is None:
            return self._decide_change(roll, self._side.change(value()), number)
        kind = plan.kinds[read.odd[index]]
        cases: list[Any] = []
        case = partial(_noted, cases, roll, value, keys)
        verdict = kind.verdict(met.facts, read.texts_of(index), case, met.content)
        if not verdict.violations and not met.adds:
            return self._decide_change(roll, self._side.change(value()), number, verdict)
        if not verdict.violations:
            roll.add(value, keys, number)
            if self._side.action == "add":  # an update is decided once more, and takes then
                for each in cases:
                    each.taking.accept()
        action, found = judge.outcome_of(verdict, self._side.action)
        return number, action, plan.with_related(found, lambda path: roll.related(keys, path))

    def _decide_change(
        self, roll: Roll, change: Any, number: int, verdict: RecordVerdict | None = None
    ) -> Resolved:
        """Decide a change; where the plan's verdict on it is known its warnings need not be found again."""
        decision = roll.decide(change)
        if verdict is None or decision.found:
            action, found = self._judge.outcome(decision)
        else:
            action, found = self._judge.outcome_of(verdict, decision.action)
        roll.stand(decision, number)
        return number, action, found


def _noted(cases: list[Any], roll: Roll, value: Callable[[], Any], keys: RecordKeys) -> Any:
    """The case of a record's value, which is noted too."""
    case = roll.case(value(), keys)
    cases.append(case)
    return case
