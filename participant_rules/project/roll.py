"""Who stands where while rows of a Bulk Add/Update are judged."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Final, Literal, Self

from attrs import evolve, field, frozen

from participant_rules.engine.plan import Facts
from participant_rules.engine.roll import Column, Held
from participant_rules.engine.slots import Keys as RecordKeys
from participant_rules.engine.slots import State
from participant_rules.facts import NOTHING_TOLD, Told
from participant_rules.project.case import Case, Change, Known, Named, Operation, Whose, keys
from participant_rules.project.decision import Action, Decision, Rows
from participant_rules.project.keys import ID, IDENTIFIER, schema_of
from participant_rules.project.ledger import Entry
from participant_rules.project.merge import changes_nothing, merge
from participant_rules.project.model import Participant, Project, Stored
from participant_rules.project.plan import SOMEBODY, ProjectPlan, plan_of
from participant_rules.project.policy import Policy
from participant_rules.project.ports import Roster
from participant_rules.project.wire import change_of, read_change
from participant_rules.ruleset import RuleSet
from participant_rules.unset import UNREADABLE, UNSET, Unset

__all__ = ["ProjectRoll", "ProjectSide"]

EMAIL: Final = "demographics.email"


@frozen(slots=False)
class ProjectSide:
    """What a project hands to whoever judges rows; see `engine.roll.Side`."""

    project: Project
    roster: Roster | None = field(repr=False)
    allow_update: bool
    policy: Policy
    rules: RuleSet = field(repr=False)
    warnings: bool = True
    facts: Told = field(default=NOTHING_TOLD, repr=False)
    action: Literal["add"] = "add"

    @cached_property
    def plan(self) -> ProjectPlan:
        """The plan of a bulk's rules."""
        asked = (self.project, self.policy, Operation.BULK, self.rules)
        return plan_of(*asked, warnings=self.warnings, told=self.facts)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the unique members."""
        return tuple(node.path for node in schema_of(self.project, self.policy).unique)

    naming: ClassVar[frozenset[str]] = frozenset({ID, IDENTIFIER})

    def unique(self) -> Iterator[str]:
        """The paths of the unique members: two rows that name one id are about the same participant."""
        return iter(self.paths)

    def roll(self, columns: Sequence[Column], changes: Sequence[Change]) -> "ProjectRoll":
        """Who stands where, as the roster answers one question."""
        return ProjectRoll(self, self.ask(columns, changes))

    def ask(self, columns: Sequence[Column], changes: Sequence[Change]) -> Known:
        """What the roster answers; raises TypeError for one whose methods are coroutines."""
        if self.roster is None:
            return Known(self.project)
        named = {
            path: frozenset([key for key in column if key.__class__ is str])
            for path, column in zip(self.paths, columns, strict=True)
        }
        asked = evolve(keys(changes, self.policy), project=self.project.id, named=named)
        known = self.roster.find(asked)
        if not isinstance(known, Known):
            raise TypeError("a batch asks a roster whose methods answer at once")
        return evolve(known, project=self.project)

    def read(self, payload: object) -> Change:
        """The change of a row."""
        return read_change(payload, Operation.BULK, self.project.id)

    def change(self, value: object) -> Change:
        """The change of a row's JSON value."""
        return change_of(value, Operation.BULK, self.project.id)


class ProjectRoll:
    """Who stands where; see `engine.roll.Roll`."""

    def __init__(self, side: ProjectSide, known: Known) -> None:
        self._side, self._paths = side, side.paths
        self._rows = Rows(
            known,
            allow_update=side.allow_update,
            policy=side.policy,
            rules=side.rules,
            facts=side.facts,
        )
        self._ledger = self._rows.ledger
        self._at = {path: place for place, path in enumerate(self._paths)}
        self._unheard = None if self._ledger.complete else UNSET

    @classmethod
    def of(cls, project: Project, known: Known, policy: Policy, rules: RuleSet) -> Self:
        """Who stands where for one payload."""
        return cls(ProjectSide(project, None, allow_update=True, policy=policy, rules=rules), known)

    def learn(self, columns: Sequence[Column], changes: Sequence[Change]) -> None:
        """Ask the roster about further rows."""
        known = self._side.ask(columns, changes)
        if not isinstance(known.participants, Unset):
            self._rows.learn(known.participants)

    def met(self, columns: Sequence[Column]) -> set[int]:
        """The rows with a key that somebody has; each that names an id is looked at alone too."""
        found = set[int]()
        for path, column in zip(self._paths, columns, strict=True):
            first = self._ledger.indices[path].first
            if UNREADABLE in column or not first.keys().isdisjoint(column):
                found.update([i for i, key in enumerate(column) if key is UNREADABLE or key in first])
        return found

    def strangers(self, columns: Sequence[Column]) -> Mapping[Facts, Sequence[int]]:
        """The facts of rows by which they name participants of whom nobody has heard."""
        ids, identifiers, emails = (columns[self._at[path]] for path in (ID, IDENTIFIER, EMAIL))
        rows = range(len(ids))
        if all(identifiers) and {*ids} <= _ABSENT:  # nearly all files are like this
            return {self._strange(Named.IDENTIFIER): rows}
        found: dict[Facts, list[int]] = {}
        for row, each in enumerate(zip(ids, identifiers, emails, strict=True)):
            found.setdefault(self._strange(_named(*each)), []).append(row)
        return found

    def _strange(self, named: Named) -> Facts:
        """The facts of a row that names somebody of whom nobody has heard."""
        stands = None if named is Named.EMAIL else self._unheard
        stands = UNSET if named in (Named.NOBODY, Named.UNREADABLE) else stands
        return (named, stands, False, frozenset[str](), self._side.allow_update, frozenset[str](), ())

    def facts(self, keys: RecordKeys) -> Facts | None:
        """The facts of a row by its keys; None where these do not tell them."""
        if State.MALFORMED in keys:
            return None
        id_, identifier, email = (keys[self._at[path]] for path in (ID, IDENTIFIER, EMAIL))
        named = _named(id_, identifier, email)
        entry = self._meant(named, id_, identifier)
        before = entry.keys if entry is not None else {}
        by_path = [
            (path, key) for path, key in zip(self._paths, keys, strict=True) if not isinstance(key, Unset)
        ]
        changed = frozenset([path for path, key in by_path if key != before.get(path)])
        whose = tuple(
            [(path, found) for path, key in by_path if key and (found := self._whose(path, str(key), entry))]
        )
        enrolled = entry is not None and entry.enrolled
        stands = SOMEBODY if entry is not None else None if named is Named.EMAIL else self._unheard
        stands = UNSET if named in (Named.NOBODY, Named.UNREADABLE) else stands
        unique = changed if whose or entry is not None else frozenset[str]()
        return (named, stands, enrolled, frozenset[str](), self._side.allow_update, unique, whose)

    def _meant(self, named: Named, id_: Any, identifier: Any) -> Entry | None:
        if named is Named.ID:
            return self._ledger.find(ID, id_)
        return self._ledger.find(IDENTIFIER, identifier) if named is Named.IDENTIFIER else None

    def _whose(self, path: str, key: str, entry: Entry | None) -> Whose | None:
        holder = self._ledger.find(path, key)
        if holder is None:
            return None
        return Whose.OWN if holder is entry else Whose.OTHER

    def adds(self, facts: Any) -> bool:
        """Whether a row with these facts adds somebody."""
        return facts[1] is not SOMEBODY

    def related(self, keys: RecordKeys, path: str) -> str | None:
        """The member of the earlier row that has the row's value."""
        holder = self._ledger.find(path, keys[self._at[path]])
        row = holder.rows.get(path) if holder is not None else None
        return None if row is None else f"/participants/{row}/{path.replace('.', '/')}"

    def action(self, value: Any, keys: RecordKeys) -> Action:
        """What a row does that stands, given its JSON value."""
        sent = {path: key for path, key in zip(self._paths, keys, strict=True) if key.__class__ is str}
        change = self._side.change(value).knows(sent, self._side.project, self._side.policy)
        case = self.case(change)
        if case.standing is None:
            return "add"
        return "none" if changes_nothing(case) else "update"

    def decide(self, change: Change) -> Decision:
        """The decision on a row."""
        return self._rows.decide(change)

    def case(self, change: Change) -> Case:
        """The case of a row."""
        return self._rows.case(change)

    def held(self, keys: RecordKeys) -> Iterable[Held]:
        """The keys of a row, and of the participant whom it means."""
        sent = [(path, key) for path, key in zip(self._paths, keys, strict=True) if key.__class__ is str]
        entry = next((found for path, key in sent[:2] if (found := self._ledger.find(path, key))), None)
        return {*sent, *(entry.keys.items() if entry is not None else ())}

    def held_of(self, decision: Decision) -> Iterable[Held]:
        """The same of a decision."""
        case = decision.case
        before = case.entry.keys if isinstance(case.entry, Entry) else {}
        return {*case.keys.items(), *before.items(), *case.taking.held}

    def add(self, payload: Callable[[], Any], keys: RecordKeys, row: int) -> None:
        """Let somebody stand whom an accepted row adds."""
        named = {path: key or None for path, key in zip(self._paths, keys, strict=True)}
        self._ledger.enter_new(_Added(self._side, payload), named, row)

    def stand(self, decision: Decision, row: int) -> None:
        """Let an accepted row stand."""
        self._rows.stand(decision, row)


@frozen
class _Added:
    """An added participant, who is made of his payload when a later row speaks of him."""

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


def _named(id_: Any, identifier: Any, email: Any) -> Named:
    """By what a row says who is meant."""
    if id_:
        return Named.ID
    if identifier and id_ is not UNREADABLE:
        return Named.IDENTIFIER
    if UNREADABLE in (id_, identifier, email):
        return Named.UNREADABLE
    return Named.EMAIL if email else Named.NOBODY


_ABSENT: Final = frozenset({None, UNSET})
