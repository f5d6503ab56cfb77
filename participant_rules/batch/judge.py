"""Records judged by the plan of a family's rules: read in columns, grouped by kind."""

from collections.abc import Sequence
from functools import partial
from itertools import compress
from typing import Any, Literal

from participant_rules import jsontext
from participant_rules.batch.chunks import ChunkResult
from participant_rules.batch.held_keys import Hasher
from participant_rules.batch.judged_chunk import JudgedChunk
from participant_rules.batch.outcomes import Action
from participant_rules.batch.records import Sound, Tabular
from participant_rules.batch.resolver import PlanResolver
from participant_rules.engine.columns import columns_reader
from participant_rules.engine.kind import RecordVerdict
from participant_rules.engine.readings import Readings
from participant_rules.engine.roll import Decided, Side
from participant_rules.engine.single import read_decoded, sound_object
from participant_rules.engine.slots import UNREAD, State
from participant_rules.jsontext import Glance
from participant_rules.unset import UNSET
from participant_rules.violations import Violation

__all__ = ["PlanJudge"]


class PlanJudge:
    """Judges records by the plan of a family's rules; see `judges.Judge`."""

    def __init__(self, side: Side, hasher: Hasher, glance: Glance, *, warnings: bool) -> None:
        self.side, self.hasher, self.warns = side, hasher, warnings
        self._plan, self._glance = side.plan, glance
        slots = side.plan.slots
        forms = {slots.keys[path]: slots.schema.node(path).form for path in side.naming}
        self._naming = [place for place, form in forms.items() if form is not None and form.key is not None]
        self.untold: dict[str, str] = {}
        """The rules that did not run for want of a fact; see `judges.Judge.untold`."""

    def resolver(self) -> PlanResolver:
        """A resolver that no record has entered yet."""
        return PlanResolver(self)

    def judge(self, payloads: Sequence[object], first: int = 0, *, sound: bool = False) -> ChunkResult:
        """Judge each record as if it stood alone; see `judges.Judge.judge`."""
        read, changes = self.read(payloads, sound=sound)
        return JudgedChunk(self, payloads, read, changes, first).result()

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
        self._take_out(payloads, found, changes)
        return found, changes

    def _take_out(self, payloads: Sequence[object], found: Readings, changes: dict[int, Any]) -> None:
        """Make changes of the records that are named by a malformed value: the store compares its text."""
        for at in self._naming:
            column = found.keys[at]
            if State.MALFORMED in column:
                odd = compress(found.places, [key is State.MALFORMED for key in column])
                changes.update({place: self.side.change(self.value(payloads[place])) for place in odd})
                found.only([key is not State.MALFORMED for key in column])

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
        trusted = bare(payload) if sound or payload.__class__ is Sound else sound_object(payload)
        decoded = read_decoded(self._plan, payload, self._glance, trusted)
        if decoded is None:  # what is trusted is a value: a text among them is no JSON text
            changes[place] = self.side.read(payload) if trusted is UNSET else self.side.change(trusted)
            return False
        reading, was_learned = decoded
        found.add(place, reading)
        return was_learned

    def value(self, payload: object) -> Any:
        """The JSON value of a payload that was read: it is sound."""
        is_text = isinstance(payload, bytes | str)
        return jsontext.sound_value(payload) if is_text else bare(payload)

    def outcome(self, decision: Decided) -> tuple[Action, tuple[Violation, ...]]:
        """The action that a record would cause, and all findings on it."""
        verdict = RecordVerdict(decision.found, decision.noted if self.warns else (), decision.untold)
        return self.outcome_of(verdict, decision.action)

    def outcome_of(
        self, verdict: RecordVerdict, action: Action | Literal["delete"]
    ) -> tuple[Action, tuple[Violation, ...]]:
        """The findings of a plan's verdict, and the action, given that of an accepted record."""
        if verdict.untold:
            self.untold.update(verdict.untold)
        found = (*verdict.violations, *verdict.warnings) if self.warns else verdict.violations
        if verdict.violations:
            return "refused", found
        return ("none" if action == "delete" else action), found


def bare(payload: object) -> object:
    """A decoded payload as a plain value."""
    return dict(payload) if isinstance(payload, Sound) else payload
