"""The effects of accepted records, each on the state that the earlier ones left: by a server's decisions."""

from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve

from participant_rules.batch.judge import bare
from participant_rules.batch.tasks import ProjectTask, SurveyTask
from participant_rules.engine.roll import Roll, Side
from participant_rules.facts import NO_FACTS
from participant_rules.planning.records import Effect
from participant_rules.project.decision import Decision as ProjectDecision
from participant_rules.project.ledger import Entry
from participant_rules.survey.decision import Decision
from participant_rules.survey.model import InvitationSection

__all__ = ["Effects", "effects_of"]


class Effects:
    """Works out the effects of records; `known` says whether the stored participants are known."""

    def __init__(self, side: Side, invites: Callable[[Any], bool], *, known: bool) -> None:
        self.known, self._side, self._invites = known, side, invites
        self._roll: Roll | None = None
        self._number = 0

    def of(self, payloads: Sequence[object]) -> Sequence[Effect]:
        """The effects of further records that stand, in their order; the store is asked once."""
        changes = [self._side.read(bare(each)) for each in payloads]
        columns: list[list[Any]] = [[] for _ in self._side.unique()]  # every record is a change
        if self._roll is None:
            self._roll = self._side.roll(columns, changes)
        else:
            self._roll.learn(columns, changes)
        return [self._effect(self._roll, each) for each in changes]

    def _effect(self, roll: Roll, change: Any) -> Effect:
        """The effect of a record, which stands for the ones after it."""
        self._number += 1
        decision: Any = roll.decide(change)
        effect = Effect(decision.changes, self._invites(decision))
        roll.stand(decision, self._number)
        if isinstance(decision, ProjectDecision) and decision:
            _keep_result(decision)
        return effect


def effects_of(task: ProjectTask | SurveyTask, *, notify: bool = False) -> Effects:
    """The effects of a task's records; `notify` invites the participants that a bulk adds."""
    known = task.roster is not None
    if isinstance(task, SurveyTask):
        return Effects(evolve(task.side(), facts=NO_FACTS), _invites, known=known)
    side = evolve(task.side(), facts=NO_FACTS)
    return Effects(side, lambda decision: notify and decision.action == "add", known=known)


def _keep_result(decision: ProjectDecision) -> None:
    """Let the resulting participant stand instead of its decision, which holds more."""
    case, entry = decision.case, decision.case.entry
    if not isinstance(entry, Entry) and case.ledger is not None:
        found = [case.ledger.find(path, key) for path, key in case.keys.items()]
        entry = next(filter(None, found), None)
    if isinstance(entry, Entry):
        entry.standing = decision.as_stored


def _invites(decision: Decision) -> bool:
    """Whether invitations are sent to the participant as it stands after an accepted call."""
    result = decision.result if decision else None
    section = result.invitation_section if result is not None else None
    enabled = result is not None and result.enabled is not False
    return enabled and isinstance(section, InvitationSection) and section.send_invitations is True
