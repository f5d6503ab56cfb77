"""Ask, decide, commit.

The store's own constraints have the last word: what it reports at commit becomes the very violation that the
rule would have given, and a stale decision is made again.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from attrs import field, frozen

from participant_rules.conflicts import Conflict, Taken, Vanished
from participant_rules.due import A_POLICY, REGISTER, a, refuse_other, with_methods
from participant_rules.facts import NO_FACTS, FactValues, are_facts
from participant_rules.project.bulk import Accept, BulkDecision, decide_all
from participant_rules.project.case import Case, Change, Known, Operation, keys
from participant_rules.project.change import due_changes, refuse_unasked, refuse_unknown
from participant_rules.project.decision import Decision, decide
from participant_rules.project.keys import ID, IDENTIFIER, field_of, found_by_body
from participant_rules.project.named import Named
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.ports import Notifier, Register, Write
from participant_rules.project.rules import RULES
from participant_rules.rulebook import is_rulebook
from participant_rules.ruleset import RuleSet
from participant_rules.steps import Steps, hold, hold_async
from participant_rules.turns import Deed, Turn, in_turn, turn_of

__all__ = ["ATTEMPTS", "Registrar"]

ATTEMPTS: Final = 100  # decisions on one change before its last conflict passes through


@frozen
class Registrar:
    """Makes changes through a register, under a policy and a set of rules for each call.

    Methods return the Decision, which is true when the change was made. `submit` is for stores that answer at
    once, `asubmit` for stores whose methods are coroutines; the named calls have the same twins. Raises
    `Stale` when the store was never at rest, `Taken` for a unique value that no rule is about, and whatever a
    failing store raises.

    Quotas among the facts are counted down by what is committed.
    """

    register: Register = field(validator=with_methods("find", "commit", due=REGISTER))
    policy: Policy = field(default=POLICY, validator=a(Policy, A_POLICY))
    rules: Mapping[Operation, RuleSet] = field(default=RULES, validator=is_rulebook, repr=False)
    facts: FactValues = field(default=NO_FACTS, validator=are_facts, repr=False)
    notifier: Notifier | None = field(default=None, repr=False)

    def submit(self, change: Change) -> Decision:
        """Make a change, or return its violations."""
        return hold(self.steps(change))

    async def asubmit(self, change: Change) -> Decision:
        """Make a change through an async register."""
        return await hold_async(self.steps(change))

    def put(self, change: Change) -> Decision:
        """Add a participant, or update the one that the change names."""
        return self.submit(change)

    async def aput(self, change: Change) -> Decision:
        """Add or update through an async register."""
        return await self.asubmit(change)

    def put_many(
        self,
        changes: Iterable[Change],
        *,
        allow_update: bool = False,
        accept: Accept = "all",
        notify: bool = False,
    ) -> BulkDecision:
        """Add or update many in one commit: all or nothing, or with `accept="good"` the good rows.

        With `notify` the notifier invites those that were added.
        """
        return hold(self.bulk_steps(changes, allow_update=allow_update, accept=accept, notify=notify))

    async def aput_many(
        self,
        changes: Iterable[Change],
        *,
        allow_update: bool = False,
        accept: Accept = "all",
        notify: bool = False,
    ) -> BulkDecision:
        """Add or update many through an async register."""
        steps = self.bulk_steps(changes, allow_update=allow_update, accept=accept, notify=notify)
        return await hold_async(steps)

    def delete(self, project: str, participant: str, *, by_id: bool = False) -> Decision:
        """Delete a participant, named by identifier or by id."""
        return self.submit(_naming(Operation.DELETE, project, participant, by_id=by_id))

    async def adelete(self, project: str, participant: str, *, by_id: bool = False) -> Decision:
        """Delete through an async register."""
        return await self.asubmit(_naming(Operation.DELETE, project, participant, by_id=by_id))

    def withdraw(self, project: str, participant: str, *, by_id: bool = False) -> Decision:
        """Withdraw a participant, named by identifier or by id."""
        return self.submit(_naming(Operation.WITHDRAW, project, participant, by_id=by_id))

    async def awithdraw(self, project: str, participant: str, *, by_id: bool = False) -> Decision:
        """Withdraw through an async register."""
        return await self.asubmit(_naming(Operation.WITHDRAW, project, participant, by_id=by_id))

    def steps(self, change: Change) -> Steps[Decision]:
        """The conversation about one change."""
        asked, attempts = keys([change], self.policy), ATTEMPTS
        while True:
            attempts -= 1
            known: Known = yield partial(self.register.find, asked)
            refuse_unknown(known)
            decision = decide(Case.of(change, known, self.policy, facts=self.facts), self.rules)
            if decision.action == "none":
                return decision
            refuse_unasked(known)
            commit = partial(self.register.commit, [_write(decision)])
            try:
                if self.facts:
                    yield from in_turn(self._turn([decision]), commit)
                else:
                    yield commit
            except Conflict as conflict:
                loss = _loss(decision, conflict)
                if loss is not None:
                    case = Case.of(change, known, self.policy, lost=frozenset({loss}), facts=self.facts)
                    refused = decide(case, self.rules)
                    if not refused:
                        return refused
                if not attempts or loss is not None:  # what is lost is unique, and no rule is about it
                    raise
            else:
                return decision

    def bulk_steps(
        self, changes: Iterable[Change], *, allow_update: bool, accept: Accept, notify: bool
    ) -> Steps[BulkDecision]:
        """The conversation about a batch."""
        changes = due_changes(changes)
        asked, attempt = keys(changes, self.policy), 1
        lost: dict[int, frozenset[str]] = {}
        while True:
            known: Known = yield partial(self.register.find, asked)
            bulk = decide_all(
                changes,
                known,
                allow_update=allow_update,
                accept=accept,
                policy=self.policy,
                rules=self.rules,
                lost=lost,
                facts=self.facts,
            )
            rows = [row for row, each in enumerate(bulk) if bulk and each.action != "none"]
            if not rows:
                return bulk
            refuse_unasked(known)
            accepted = [bulk[row] for row in rows]
            commit = partial(self.register.commit, [_write(each) for each in accepted])
            try:
                yield from in_turn(self._turn(accepted), commit)
            except Conflict as conflict:
                position = getattr(conflict, "position", 0)
                if position not in range(len(rows)):  # of no write: it is not known whose
                    raise
                row = rows[position]
                loss = _loss(bulk[row], conflict)
                if loss is not None and loss not in lost.get(row, ()):
                    lost[row] = lost.get(row, frozenset()) | {loss}
                elif loss is not None or attempt == ATTEMPTS:
                    raise
                else:
                    attempt += 1
            else:
                if notify:
                    yield from self._notify(bulk)
                return bulk

    def _turn(self, accepted: Iterable[Decision]) -> Turn | None:
        """The turn of a commit, which takes of quotas; None without facts."""
        return turn_of(self.facts, map(_deed, accepted)) if self.facts else None

    def _notify(self, bulk: BulkDecision) -> Steps[None]:
        added = [each.participant for each in bulk.accepted if each.action == "add"]
        if self.notifier is not None and added:
            yield partial(self.notifier.invite, bulk[0].case.project.id, added)


def _naming(operation: Operation, project: str, participant: str, *, by_id: bool) -> Change:
    """The call with these names; raises TypeError for one that is no text."""
    refuse_other(project, str, "the id of a project")
    refuse_other(participant, str, "the identifier or id of a participant")
    return Change(operation, project, participant, by_id)


def _write(decision: Decision) -> Write:
    case, action, after = decision.case, decision.action, decision.result
    if action == "delete" or after is None:
        return Write(case.project.id, case.before)
    known = found_by_body(case.keys, after, case.project, case.policy) if action == "add" else None
    return Write(case.project.id, case.before, after, known)


def _deed(decision: Decision) -> Deed:
    taker = ("project", decision.case.project.id, str(decision.participant.id).lower())
    return Deed(taker, decision.case.taking, deletes=decision.action == "delete")


def _loss(decision: Decision, conflict: Conflict) -> str | None:
    """The path that another writer took from the change; None where it is to be asked and decided again.

    An identifier that was free is now somebody's, or one that was somebody's is free: the same row now
    updates instead of adding, or adds instead of updating. An identifier or id of our making is made again.
    """
    named = decision.case.named
    if isinstance(conflict, Vanished):
        return "id" if named in (Named.ID, Named.PATH) else None
    if not isinstance(conflict, Taken) or conflict.field == field_of(ID):
        return None
    return conflict.field if conflict.field != field_of(IDENTIFIER) or named is Named.ID else None
