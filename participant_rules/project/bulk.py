"""A batch: its rows decided one after the other, and the decision on all of them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Final, Literal

from attrs import field, frozen
from attrs.validators import in_

from participant_rules.changes import MemberChange
from participant_rules.due import A_POLICY, ALLOW_UPDATE, refuse_other
from participant_rules.facts import NO_FACTS, FactValues, refuse_strange
from participant_rules.project.case import Case, Change, Known, Operation, ledger_of
from participant_rules.project.change import due_changes, refuse_unknown
from participant_rules.project.decision import Decision, decided
from participant_rules.project.keys import ID, IDENTIFIER
from participant_rules.project.ledger import Entry, Ledger
from participant_rules.project.model import Stored
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.rules import RULES
from participant_rules.quotas import Counts
from participant_rules.rulebook import rules_of
from participant_rules.ruleset import RuleSet
from participant_rules.violations import Violation

__all__ = ["Accept", "BulkDecision", "Rows", "decide_all"]

Accept = Literal["all", "good"]

_NOTHING: Final = frozenset[str]()
_NONE_LOST: Final[Mapping[int, frozenset[str]]] = {}


@frozen
class BulkDecision:
    """The decision on a batch: true when it stands, as a whole or, by `accept="good"`, its good rows.

    It is the sequence of its rows' decisions.
    """

    decisions: tuple[Decision, ...] = field(repr=False)
    accept: Accept = field(default="all", validator=in_(("all", "good")))

    def __bool__(self) -> bool:
        """Whether the accepted rows are to be written."""
        return self.accept == "good" or not self.refused

    def __iter__(self) -> Iterator[Decision]:
        """The rows' decisions, in their order."""
        return iter(self.decisions)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.decisions)

    def __getitem__(self, row: int) -> Decision:
        """The decision on a row."""
        return self.decisions[row]

    @cached_property
    def refused(self) -> tuple[Decision, ...]:
        """The rows that do not stand."""
        return tuple(each for each in self.decisions if each.found)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Every error: of the rows' shapes first, then by row, then by precedence."""
        shapes: list[Violation] = []
        others: list[Violation] = []
        for each in self.refused:
            if each.case.known.project is None:
                return each.violations  # it is the whole batch that is refused, once
            count = len(each.case.change.faults)
            shapes += each.violations[:count]
            others += each.violations[count:]
        return (*shapes, *others)

    @property
    def warnings(self) -> tuple[Violation, ...]:
        """The warnings, which refuse nothing, by row."""
        return tuple(warning for each in self.decisions for warning in each.warnings)

    @property
    def changes(self) -> tuple[MemberChange, ...]:
        """The differences of accepted rows to stored participants, member by member, by row."""
        return tuple(change for each in self.accepted for change in each.changes)

    @property
    def accepted(self) -> tuple[Decision, ...]:
        """The rows that are taken: none where the batch is refused."""
        return tuple(each for each in self.decisions if each) if self else ()

    @property
    def total_added(self) -> int:
        """The number of participants added."""
        return sum(each.action == "add" for each in self.accepted)

    @property
    def total_updated(self) -> int:
        """The number of participants updated."""
        return sum(each.action == "update" for each in self.accepted)


def decide_all(
    changes: Iterable[Change],
    known: Known,
    *,
    allow_update: bool = False,
    accept: Accept = "all",
    policy: Policy = POLICY,
    rules: Mapping[Operation, RuleSet] = RULES,
    lost: Mapping[int, frozenset[str]] = _NONE_LOST,
    facts: FactValues = NO_FACTS,
) -> BulkDecision:
    """Judge the rows of a batch one by one, each on the result of the accepted ones before it.

    Pointers start with `/participants/{row}`. `lost` names by row what the store reported at commit; `facts`
    are the caller's own, and quotas among them are counted down.
    """
    refuse_unknown(known)
    refuse_other(policy, Policy, A_POLICY)
    refuse_other(allow_update, bool, ALLOW_UPDATE)
    refuse_strange(facts, rules)
    chosen = rules_of(rules, Operation.BULK)
    rows = Rows(known, allow_update=allow_update, policy=policy, rules=chosen, facts=facts)
    decisions = []
    for row, change in enumerate(due_changes(changes)):
        decision = rows.decide(change, base=f"/participants/{row}", lost=lost.get(row, _NOTHING))
        rows.stand(decision, row)
        decisions.append(decision)
    return BulkDecision(tuple(decisions), accept)


class Rows:
    """The rows of a batch, decided one after the other, each on the result of the accepted ones before it.

    `ledger` is that after the rows that were made to stand.
    """

    def __init__(
        self,
        known: Known,
        *,
        allow_update: bool,
        policy: Policy = POLICY,
        rules: RuleSet = RULES[Operation.BULK],
        facts: FactValues = NO_FACTS,
    ) -> None:
        self._known, self._policy, self._rules = known, policy, rules
        self._allow_update = allow_update
        self._facts, self._counts = facts, Counts()
        self.ledger = ledger_of(known, policy)

    def learn(self, stored: Iterable[Stored]) -> None:
        """Take in a store's answer about further rows; known participants stay as earlier rows left them."""
        project = self._known.project
        if project is not None:
            self.ledger.order([self.ledger.take_in(each, project, self._policy) for each in stored])

    def decide(self, change: Change, *, base: str = "", lost: frozenset[str] = _NOTHING) -> Decision:
        """The decision on the next row; its pointers start with `base`."""
        case = self.case(change, lost=lost)
        return decided(case, self._rules, base)

    def case(self, change: Change, *, lost: frozenset[str] = _NOTHING) -> Case:
        """The case of the next row, with the known facts about its participant."""
        return Case.of(
            change,
            self._known,
            self._policy,
            ledger=self.ledger,
            allow_update=self._allow_update,
            lost=lost,
            facts=self._facts,
            counts=self._counts,
        )

    def stand(self, decision: Decision, row: int) -> None:
        """Make an accepted row, for the ones after it to see; a refused one leaves nothing behind."""
        if decision:
            taking = decision.case.taking
            if taking.held and decision.action != "none":
                taking.accept()
            _stand(self.ledger, decision, row)


def _stand(ledger: Ledger, decision: Decision, row: int) -> None:
    """Make an accepted row, for the ones after it to see."""
    case = decision.case
    entry = case.entry
    if not isinstance(entry, Entry):
        ledger.take_in_new(decision, case.keys, partial(case.member_of_row, row=row))
        return
    entry.standing.as_stored  # noqa: B018  made now, so that a long row of updates is no deep recursion
    entry.standing = decision
    for path in case.changed_keys:
        if path != ID and not (path == IDENTIFIER and path not in case.keys):
            ledger.set_key(entry, path, case.keys.get(path), case.member_of_row(path, row))
