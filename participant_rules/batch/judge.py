"""Records judged by the chunk: read in columns, grouped by kind, one question for each kind."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Literal

from participant_rules import jsontext
from participant_rules.batch.chunk_keys import ChunkKeys
from participant_rules.batch.chunks import ChunkResult, Draft, Resolved
from participant_rules.batch.held_keys import Hasher
from participant_rules.batch.judges import Key
from participant_rules.batch.outcomes import Action
from participant_rules.batch.records import Sound, Tabular
from participant_rules.engine.columns import columns_reader
from participant_rules.engine.kind import Kind, RecordVerdict
from participant_rules.engine.readings import Readings
from participant_rules.engine.roll import Decided, Roll, Side
from participant_rules.engine.slots import UNREAD
from participant_rules.engine.slots import Keys as RecordKeys
from participant_rules.jsontext import Glance
from participant_rules.violations import Violation

__all__ = ["PlanJudge"]


class PlanJudge:
    """Judges records by the plan of a family's rules; see `judges.Judge`."""

    def __init__(self, side: Side, hasher: Hasher, glance: Glance, *, warnings: bool) -> None:
        self.side, self.warns, self._hasher, self._glance = side, warnings, hasher, glance
        self._plan = side.plan
        self.untold: dict[str, str] = {}
        """The rules that did not run for want of a fact; see `judges.Judge.untold`."""

    def resolver(self) -> "PlanResolver":
        """A resolver that no record has entered yet."""
        return PlanResolver(self)

    def judge(self, payloads: Sequence[object], first: int = 0, *, sound: bool = False) -> ChunkResult:
        """Judge each record as if it stood alone; see `judges.Judge.judge`."""
        read, changes = self.read(payloads, sound=sound)
        roll = self.side.roll(read.keys, tuple(changes.values()))
        draft = Draft(first, len(payloads), self.side.action)
        held = ChunkKeys(self._hasher)
        met = roll.met(read.keys)
        for index in met:
            self._judge_met(draft, held, roll, read, index, payloads=payloads)
        self._judge_strangers(draft, held, roll, read, met, payloads)
        for place, change in changes.items():
            decision = roll.decide(change)
            draft.put(place, *self.outcome(decision))
            held.note(place, roll.held_of(decision))
        paths, at = self.side.unique(), self._plan.slots.keys
        held.take({path: read.keys[at[path]] for path in paths}, read.places, met)
        held.hold(draft)
        return draft.finished()

    # ---- reading

    def read(self, payloads: Sequence[object], *, sound: bool = False) -> tuple[Readings, dict[int, Any]]:
        """The readings of payloads, and the changes with faulty texts by their places."""
        found = self._by_columns(payloads)
        changes: dict[int, Any] = {}
        places: Sequence[int] = range(len(payloads))
        if len(found):
            known = {*found.places}
            places = [place for place in places if place not in known]
        read = partial(self._read_one, payloads, found, changes, sound=sound)
        self._plan.templates.sift(payloads, places, found, read)
        return found, changes

    def _by_columns(self, payloads: Sequence[object]) -> Readings:
        """The readings of a table's rows that need no payload."""
        slots, kinds = self._plan.slots, self._plan.kinds
        tabular = payloads if isinstance(payloads, Tabular) else None
        read = columns_reader(slots, tabular.columns, tabular.width) if tabular is not None else None
        if tabular is None or read is None:
            return Readings(slots)
        found = read(tabular.cells)
        if len(found) and UNREAD in found.texts_of(0):  # the same in all of them
            found.only([not kinds[odd].texts for odd in found.odd])
        return found

    def _read_one(
        self,
        payloads: Sequence[object],
        found: Readings,
        changes: dict[int, Any],
        place: int,
        *,
        sound: bool,
    ) -> bool:
        """Read a payload that no template reads; whether a template was learned of it."""
        payload = payloads[place]
        trusted = sound or payload.__class__ is Sound
        value, colons = (bare(payload), 0) if trusted else self._glance(payload)
        reading = self._plan.read(value) if colons >= 0 else None
        if reading is not None:
            counted, keys, odd, texts, mistyped = reading
            if trusted or counted == colons or jsontext.is_whole(payload, value, colons):
                found.add(place, (keys, odd, texts))
                return not mistyped and self._plan.templates.learn(payload, value)
        # What is trusted is a value: a text among them is no JSON text.
        changes[place] = self.side.change(bare(payload)) if trusted else self.side.read(payload)
        return False

    def value(self, payload: object) -> Any:
        """The JSON value of a payload that was read: it is sound."""
        is_text = isinstance(payload, bytes | str)
        return jsontext.sound_value(payload) if is_text else bare(payload)

    # ---- judging

    def _judge_strangers(  # noqa: PLR0917  told apart by their types
        self,
        draft: Draft,
        held: ChunkKeys,
        roll: Roll,
        read: Readings,
        met: set[int],
        payloads: Sequence[object],
    ) -> None:
        """Judge the records about unknown participants, all of a kind together."""
        kinds = [*map(self._plan.kinds.__getitem__, read.odd)]
        for facts, indices in roll.strangers(read.keys).items():
            by_kind: dict[Kind, list[int]] = defaultdict(list)
            for index in indices:
                by_kind[kinds[index]].append(index)
            for kind, some in by_kind.items():
                plain = kind.plain[facts]
                if plain is not None and plain.is_clean:
                    self.untold.update(plain.untold)
                    continue
                others = [index for index in some if index not in met] if met else some
                for index in others if plain else kind.suspects(facts, read.texts, others):
                    case = partial(self._case, held, roll, read, index, payloads)
                    verdict = plain or kind.verdict(facts, read.texts_of(index), case)
                    draft.put(read.places[index], *self.outcome_of(verdict, self.side.action))

    def _case(
        self, held: ChunkKeys, roll: Roll, read: Readings, index: int, payloads: Sequence[object]
    ) -> Any:
        """The case of one record; its shares of quotas are noted where there are own facts."""
        place = read.places[index]
        case = roll.case(self.value(payloads[place]), read.keys_of(index))
        return held.watched(place, case) if self._plan.family.fact_values else case

    def _judge_met(
        self,
        draft: Draft,
        held: ChunkKeys,
        roll: Roll,
        read: Readings,
        index: int,
        *,
        payloads: Sequence[object],
    ) -> None:
        place = read.places[index]
        met = roll.meet(read.keys_of(index))
        if met is None:
            decision = roll.decide(self.side.change(self.value(payloads[place])))
            draft.put(place, *self.outcome(decision))
            held.note(place, roll.held_of(decision))
            return
        kind = self._plan.kinds[read.odd[index]]
        case = partial(self._case, held, roll, read, index, payloads)
        verdict = kind.plain[met.facts] or kind.verdict(met.facts, read.texts_of(index), case)
        if verdict.violations or met.adds:
            draft.put(place, *self.outcome_of(verdict, self.side.action))
        else:
            action = met.action(self.value(payloads[place]))
            draft.put(place, *self.outcome_of(verdict, _action(action)))
        held.note(place, met.held)

    def outcome(self, decision: Decided) -> tuple[Action, tuple[Violation, ...]]:
        """The action that a record would cause, and all findings on it."""
        verdict = RecordVerdict(decision.found, decision.noted if self.warns else (), decision.untold)
        return self.outcome_of(verdict, _action(decision.action))

    def outcome_of(self, verdict: RecordVerdict, action: Action) -> tuple[Action, tuple[Violation, ...]]:
        """The action and the findings of a plan's verdict."""
        if verdict.untold:
            self.untold.update(verdict.untold)
        found = (*verdict.violations, *verdict.warnings) if self.warns else verdict.violations
        return ("refused" if verdict.violations else action), found


class PlanResolver:
    """Records that hold the same keys, decided one after the other."""

    def __init__(self, judge: PlanJudge) -> None:
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
        verdict = kind.verdict(met.facts, read.texts_of(index), case)
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
            action, found = self._judge.outcome_of(verdict, _action(decision.action))
        roll.stand(decision, number)
        return number, action, found


def _noted(cases: list[Any], roll: Roll, value: Callable[[], Any], keys: RecordKeys) -> Any:
    """The case of a record's value, which is noted too."""
    case = roll.case(value(), keys)
    cases.append(case)
    return case


def bare(payload: object) -> object:
    """A decoded payload as a plain value."""
    return dict(payload) if isinstance(payload, Sound) else payload


def _action(action: Literal["add", "update", "delete", "none"]) -> Action:
    """The action that a record would cause."""
    return "none" if action == "delete" else action
