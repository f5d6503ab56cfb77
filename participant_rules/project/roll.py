"""The roll of participants while rows of a Bulk Add/Update are judged."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import compress, count
from operator import itemgetter
from typing import Any, ClassVar, Final, Literal, Self

from attrs import evolve, field, frozen

from participant_rules.due import answered_at_once
from participant_rules.engine.groups import Facts
from participant_rules.engine.roll import Held
from participant_rules.engine.slots import Column, State
from participant_rules.engine.slots import Keys as RecordKeys
from participant_rules.facts import NO_FACTS, FactValues
from participant_rules.project.bulk import Rows
from participant_rules.project.case import Case, Change, Holder, Known, Operation, keys
from participant_rules.project.change import refuse_unknown
from participant_rules.project.decision import Action, Decision
from participant_rules.project.keys import ID, IDENTIFIER, member_of_row, schema_of
from participant_rules.project.ledger import Entry
from participant_rules.project.merge import changes_nothing, merge, shows_change
from participant_rules.project.model import Participant, Project, Stored
from participant_rules.project.named import FINDS, Named, named_by
from participant_rules.project.plan import SOMEBODY, ProjectPlan, plan_of
from participant_rules.project.policy import Policy
from participant_rules.project.ports import Roster
from participant_rules.project.wire import change_of, read_change
from participant_rules.ruleset import RuleSet
from participant_rules.schema.tree import Node
from participant_rules.unset import UNREADABLE, UNSET, Unset

__all__ = ["ProjectRoll", "ProjectSide", "facts_of_stranger", "naming_of"]

EMAIL: Final = "demographics.email"


@frozen(slots=False)
class ProjectSide:
    """The project's side of judging rows; see `engine.roll.Side`."""

    project: Project
    roster: Roster | None = field(repr=False)
    allow_update: bool
    policy: Policy
    rules: RuleSet = field(repr=False)
    warnings: bool = True
    facts: FactValues = field(default=NO_FACTS, repr=False)
    action: Literal["add"] = "add"

    @cached_property
    def plan(self) -> ProjectPlan:
        """The plan of a bulk's rules."""
        asked = (self.project, self.policy, Operation.BULK, self.rules)
        return plan_of(*asked, warnings=self.warnings, fact_values=self.facts)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths of the unique members."""
        return tuple(node.path for node in schema_of(self.project, self.policy).unique)

    naming: ClassVar[frozenset[str]] = frozenset({ID, IDENTIFIER})

    def unique(self) -> Iterator[str]:
        """The paths of the unique members: two rows that name one id are about the same participant."""
        return iter(self.paths)

    def roll(self, columns: Sequence[Column], changes: Sequence[Change]) -> "ProjectRoll":
        """The roll that the roster answers to one question."""
        return ProjectRoll(self, self.ask(columns, changes))

    def ask(self, columns: Sequence[Column], changes: Sequence[Change]) -> Known:
        """The answer of the roster; raises TypeError for a roster of coroutines."""
        if self.roster is None:
            return Known(self.project)
        named = {
            path: frozenset([key for key in column if key.__class__ is str])
            for path, column in zip(self.paths, columns, strict=True)
        }
        asked = evolve(keys(changes, self.policy), project=self.project.id, named=named)
        known: Known = answered_at_once(self.roster.find(asked), "a batch")
        refuse_unknown(known)
        return evolve(known, project=self.project)

    def read(self, payload: object) -> Change:
        """The change of a row."""
        return read_change(payload, Operation.BULK, self.project.id)

    def change(self, value: object) -> Change:
        """The change of a row's JSON value."""
        return change_of(value, Operation.BULK, self.project.id)


@lru_cache(maxsize=256)
def naming_of(unique: tuple[Node, ...]) -> Callable[[Any], tuple[Any, Any, Any]]:
    """The function that takes the id, the identifier and the address of the keys of unique members."""
    at = {node.path: place for place, node in enumerate(unique)}
    return itemgetter(at[ID], at[IDENTIFIER], at[EMAIL])


def facts_of_stranger(named: Named, *, complete: bool, allow_update: bool) -> Facts:
    """The facts of a row that names a participant unknown to a roll, `complete` or not."""
    is_free = named is Named.EMAIL or (complete and named not in (Named.NOBODY, Named.UNREADABLE))
    return (named, None if is_free else UNSET, False, _NOTHING, allow_update, _NOTHING, ())


class ProjectRoll:
    """The roll of participants; see `engine.roll.Roll`."""

    def __init__(self, side: ProjectSide, known: Known) -> None:
        self._side, self.allow_update = side, side.allow_update
        self._rows = Rows(
            known,
            allow_update=side.allow_update,
            policy=side.policy,
            rules=side.rules,
            facts=side.facts,
        )
        self._ledger = self._rows.ledger
        self.paths = side.paths
        self.is_complete = self._ledger.complete
        self.content = {"ledger": self._ledger, "fact_values": side.facts}
        self.holders = tuple([(path, self._ledger.indices[path].first) for path in self.paths])
        self._at = {path: place for place, path in enumerate(self.paths)}
        self._naming = naming_of(schema_of(side.project, side.policy).unique)

    @classmethod
    def of(cls, project: Project, known: Known, policy: Policy, rules: RuleSet) -> Self:
        """The roll for one payload."""
        return cls(ProjectSide(project, None, allow_update=True, policy=policy, rules=rules), known)

    def learn(self, columns: Sequence[Column], changes: Sequence[Change]) -> None:
        """Ask the roster about further rows."""
        known = self._side.ask(columns, changes)
        if not isinstance(known.participants, Unset):
            self._rows.learn(known.participants)

    def met(self, columns: Sequence[Column]) -> set[int]:
        """The rows with a key that a participant on the roll has, or with one that cannot be read."""
        found: set[int] = set()
        for (_, first), column in zip(self.holders, columns, strict=True):
            if not first.keys().isdisjoint(column):
                found.update(compress(count(), map(first.__contains__, column)))
            if not {str}.issuperset(map(type, column)) and UNREADABLE in column:
                found.update([i for i, key in enumerate(column) if key is UNREADABLE])
        return found

    def strangers(self, columns: Sequence[Column]) -> Mapping[Facts, Sequence[int]]:
        """The facts of rows that name participants unknown to the roll."""
        ids, identifiers, emails = self._naming(columns)
        rows = range(len(ids))
        if all(identifiers) and {*ids} <= _ABSENT:  # nearly all files are like this
            return {self._strange(Named.IDENTIFIER): rows}
        found: dict[Facts, list[int]] = {}
        for row, each in enumerate(zip(ids, identifiers, emails, strict=True)):
            found.setdefault(self._strange(named_by(*each)), []).append(row)
        return found

    def _strange(self, named: Named) -> Facts:
        """The facts of a row that names a participant unknown to the roll."""
        return facts_of_stranger(named, complete=self.is_complete, allow_update=self.allow_update)

    def meet(self, keys: RecordKeys) -> "_Met | None":
        """The participant of a row by its keys; None where these are not enough."""
        named = named_by(*self._naming(keys))
        path = FINDS.get(named)
        entry = self._ledger.find(path, keys[self._at[path]]) if path is not None else None
        if entry is not None and State.MALFORMED in keys:
            return None  # it compares by its text
        return _Met(self, keys, named, entry)

    def related(self, keys: RecordKeys, path: str) -> str | None:
        """The member of the earlier row that has the row's value."""
        holder = self._ledger.find(path, keys[self._at[path]])
        return holder.rows.get(path) if holder is not None else None

    def keys(self, change: Change) -> Iterable[Held]:
        """The keys of a row, as far as they can be read."""
        return change.keys(self._side.project, self._side.policy).items()

    def decide(self, change: Change) -> Decision:
        """The decision on a row."""
        return self._rows.decide(change)

    def case(self, value: Any, keys: RecordKeys) -> Case:
        """The case of a row by its JSON value and its keys."""
        sent = {path: key for path, key in zip(self.paths, keys, strict=True) if key.__class__ is str}
        return self._rows.case(self._side.change(value).knows(sent, self._side.project, self._side.policy))

    def held_of(self, decision: Decision) -> Iterable[Held]:
        """The keys of a decided row, and of its participant."""
        case = decision.case
        before = case.entry.keys if isinstance(case.entry, Entry) else {}
        return {*case.keys.items(), *before.items(), *case.taking.held}

    def add(self, payload: Callable[[], Any], keys: RecordKeys, row: int) -> None:
        """Add the participant of an accepted row."""
        named = {path: key or None for path, key in zip(self.paths, keys, strict=True)}
        schema = self._side.plan.slots.schema
        member = partial(member_of_row, schema, row=row, body=payload)
        self._ledger.take_in_new(_Added(self._side, payload), named, member)

    def stand(self, decision: Decision, row: int) -> None:
        """Let an accepted row stand."""
        self._rows.stand(decision, row)


class _Met:
    """The participant of a row; see `engine.roll.Met`."""

    __slots__ = ("_entry", "_keys", "_roll", "_sent", "adds", "facts")

    def __init__(self, roll: ProjectRoll, keys: RecordKeys, named: Named, entry: Entry | None) -> None:
        self._roll, self._keys, self._entry, self.adds = roll, keys, entry, entry is None
        self._sent: list[Held] = []
        changed, holders = self._compared({} if entry is None else entry.keys)
        if entry is not None:
            enrolled = entry.enrolled
            self.facts: Facts = (named, SOMEBODY, enrolled, _NOTHING, roll.allow_update, changed, holders)
        else:
            strange = facts_of_stranger(named, complete=roll.is_complete, allow_update=roll.allow_update)
            self.facts = (*strange[:-2], changed, holders) if holders else strange

    def _compared(self, before: Mapping[str, str]) -> tuple[frozenset[str], tuple[tuple[str, Holder], ...]]:
        """The paths of the unique members that the row changes, and the holders of its keys that are held."""
        sent, entry = self._sent, self._entry
        changed: list[str] = []
        holders: list[tuple[str, Holder]] = []
        for (path, first), key in zip(self._roll.holders, self._keys, strict=True):
            if key.__class__ is str:
                sent.append((path, key))
                holder = first.get(key)
                if holder is not None:
                    holders.append((path, _OWN if holder is entry else _OTHER))
            elif key.__class__ is Unset:
                continue
            if key != before.get(path):
                changed.append(path)
        return frozenset(changed) if changed else _NOTHING, tuple(holders)

    @property
    def held(self) -> Iterable[Held]:
        """The keys of the row, and of its participant."""
        return self._sent if self._entry is None else {*self._sent, *self._entry.keys.items()}

    def content(self) -> Mapping[str, Any]:
        """The stored participant, and the ledger."""
        entry, roll = self._entry, self._roll
        return {"_stands": None if entry is None else entry.standing, **roll.content}

    def action(self, value: Any) -> Action:
        """The action of an accepted row, given its JSON value."""
        assert self._entry is not None  # noqa: S101  a row that adds is not asked
        changes = shows_change(value, self._entry.standing.participant)
        if changes is None:
            changes = not changes_nothing(self._roll.case(value, self._keys))
        return "update" if changes else "none"


@frozen
class _Added:
    """An added participant, made from its payload when a later row names it."""

    side: ProjectSide
    payload: Callable[[], Any] = field(repr=False)

    @property
    def participant(self) -> Participant:
        """The participant."""
        change = self.side.change(self.payload())
        return merge(Case.of(change, Known(self.side.project, ()), self.side.policy))

    @property
    def as_stored(self) -> Stored:
        """As an earlier row left it."""
        return Stored(self.participant)


_ABSENT: Final = frozenset({None, UNSET})
_OWN: Final = Holder.OWN
_OTHER: Final = Holder.OTHER
_NOTHING: Final = frozenset[str]()
