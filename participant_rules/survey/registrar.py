"""Ask, decide, commit.

The store's own constraints have the last word: what it reports at commit becomes the very violation that the
rule would have given, and a stale decision is made again.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

from attrs import evolve, field, frozen

from participant_rules.conflicts import Stale, Taken, Vanished
from participant_rules.due import CALLER, REGISTER, a, refuse_other, with_methods
from participant_rules.facts import NO_FACTS, FactValues, are_facts
from participant_rules.rulebook import is_rulebook
from participant_rules.ruleset import RuleSet
from participant_rules.steps import Steps, hold, hold_async
from participant_rules.survey.case import Case, Change, Known, Operation, Stored, keys
from participant_rules.survey.change import ENTITIES, refuse_unasked, refuse_unknown
from participant_rules.survey.decision import Decision, decide
from participant_rules.survey.model import Caller, Participant, Subject
from participant_rules.survey.ports import Register, Write
from participant_rules.survey.rules import RULES
from participant_rules.turns import Deed, Turn, in_turn, turn_of
from participant_rules.unset import UNSET, Unset

__all__ = ["ATTEMPTS", "Registrar"]

ATTEMPTS: Final = 100  # decisions on one change before its last Stale passes through


@frozen
class Registrar:
    """Makes changes through a register, in the name of a caller and under a set of rules for each call.

    Methods return the Decision, which is true when the change was made. `submit` is for stores that answer at
    once, `asubmit` for stores whose methods are coroutines; the named calls have the same twins. Raises
    `Stale` when the store was never at rest, a `Taken` or `Vanished` that breaks no rule of the set, and
    whatever a failing store raises.

    Quotas among the facts are counted down by what is committed.
    """

    register: Register = field(validator=with_methods("find", "commit", due=REGISTER))
    caller: Caller = field(factory=Caller, validator=a(Caller, CALLER))
    rules: Mapping[Operation, RuleSet] = field(default=RULES, validator=is_rulebook, repr=False)
    facts: FactValues = field(default=NO_FACTS, validator=are_facts, repr=False)

    def submit(self, change: Change) -> Decision:
        """Make a change, or return its violations."""
        return hold(self.steps(change))

    async def asubmit(self, change: Change) -> Decision:
        """Make a change through an async register."""
        return await hold_async(self.steps(change))

    def add(self, survey: str, participant: Participant) -> Decision:
        """Add a participant."""
        return self.submit(_sending(participant, Operation.ADD, survey))

    async def aadd(self, survey: str, participant: Participant) -> Decision:
        """Add a participant through an async register."""
        return await self.asubmit(_sending(participant, Operation.ADD, survey))

    def update(self, survey: str, uid: str, participant: Participant) -> Decision:
        """Replace a participant, as far as it may change."""
        return self.submit(_sending(participant, Operation.UPDATE, survey, uid))

    async def aupdate(self, survey: str, uid: str, participant: Participant) -> Decision:
        """Replace a participant through an async register."""
        return await self.asubmit(_sending(participant, Operation.UPDATE, survey, uid))

    def delete(self, survey: str, uid: str) -> Decision:
        """Delete a participant."""
        return self.submit(_naming(Operation.DELETE, survey, uid))

    async def adelete(self, survey: str, uid: str) -> Decision:
        """Delete a participant through an async register."""
        return await self.asubmit(_naming(Operation.DELETE, survey, uid))

    def add_subject(self, survey: str, uid: str, subject: Subject) -> Decision:
        """Add a subject to a participant of a group questionnaire."""
        return self.submit(_sending(subject, Operation.ADD_SUBJECT, survey, uid))

    async def aadd_subject(self, survey: str, uid: str, subject: Subject) -> Decision:
        """Add a subject through an async register."""
        return await self.asubmit(_sending(subject, Operation.ADD_SUBJECT, survey, uid))

    def update_subject(self, survey: str, uid: str, name: str, subject: Subject) -> Decision:
        """Replace the seeding of a subject; the name `null` is that of a non-group questionnaire."""
        return self.submit(_sending(subject, Operation.UPDATE_SUBJECT, survey, uid, name))

    async def aupdate_subject(self, survey: str, uid: str, name: str, subject: Subject) -> Decision:
        """Replace the seeding of a subject through an async register."""
        return await self.asubmit(_sending(subject, Operation.UPDATE_SUBJECT, survey, uid, name))

    def delete_subject(self, survey: str, uid: str, name: str) -> Decision:
        """Delete a subject of a group questionnaire."""
        return self.submit(_naming(Operation.DELETE_SUBJECT, survey, uid, name))

    async def adelete_subject(self, survey: str, uid: str, name: str) -> Decision:
        """Delete a subject through an async register."""
        return await self.asubmit(_naming(Operation.DELETE_SUBJECT, survey, uid, name))

    def steps(self, change: Change) -> Steps[Decision]:
        """The conversation with the register."""
        attempts = ATTEMPTS
        while True:
            attempts -= 1
            known: Known = yield partial(self.register.find, keys([change]))
            refuse_unknown(known)
            case = Case.of(change, known, self.caller, facts=self.facts)
            decision = decide(case, self.rules)
            if decision.action == "none":
                return decision
            refuse_unasked(known)
            commit = partial(self.register.commit, _write(decision, known))
            try:
                if self.facts:
                    yield from in_turn(self._turn(decision), commit)
                else:
                    yield commit
            except Stale:
                if not attempts:
                    raise
            except (Taken, Vanished) as lost:
                decision = decide(_after(case, lost), self.rules)
                if decision:
                    raise
                return decision
            else:
                return decision

    def _turn(self, decision: Decision) -> Turn | None:
        """The turn of a commit, which takes of quotas; None without facts."""
        deed = Deed(decision.taker, decision.case.taking, deletes=decision.action == "delete")
        return turn_of(self.facts, [deed])


def _sending(
    entity: Participant | Subject,
    operation: Operation,
    survey: str,
    uid: str | Unset = UNSET,
    name: str | Unset = UNSET,
) -> Change:
    """The call with an entity; raises TypeError for one of another class."""
    kind = ENTITIES[operation]
    refuse_other(entity, kind, f"a {kind.__name__}, as survey.read(…) makes one,")
    return _naming(operation, survey, uid, name, entity)


def _naming(
    operation: Operation,
    survey: str,
    uid: str | Unset = UNSET,
    name: str | Unset = UNSET,
    entity: Participant | Subject | Unset = UNSET,
) -> Change:
    """The call with these names; raises TypeError for one that is no text."""
    refuse_other(survey, str, "the id of a survey")
    refuse_other(uid, str | Unset, "the unique id of a participant")
    refuse_other(name, str | Unset, "the name of a subject")
    return Change(operation, survey, uid, name, entity)


def _after(case: Case, lost: Taken | Vanished) -> Case:
    """The known facts after a conflict: a participant that is gone cannot be deleted, nor updated."""
    if isinstance(lost, Taken):
        return evolve(case, known_taken=True)
    if case.change.operation is Operation.DELETE:
        return evolve(case, known_stored=None)
    return evolve(case, vanished=True)


def _write(decision: Decision, known: Known) -> Write:
    change, result = decision.case.change, decision.result
    if change.operation is Operation.ADD:
        return Write(change.survey, None, result)
    return Write(change.survey, _before(decision.case, known), result)


def _before(case: Case, known: Known) -> Stored | None:
    identity = case.change.uid if isinstance(case.change.uid, str) else case.identity
    found = known.find(identity) if identity is not None else None
    return found if isinstance(found, Stored) else None
