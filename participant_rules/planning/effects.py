"""The effects of accepted records, each on the state that the earlier ones left: by a server's decisions."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Protocol

from attrs import evolve

from participant_rules.batch.judge import bare
from participant_rules.batch.tasks import ProjectTask, SurveyTask
from participant_rules.planning.records import Effect
from participant_rules.project import case as of_project
from participant_rules.project.bulk import Rows
from participant_rules.project.change import keys
from participant_rules.project.decision import Decision as ProjectDecision
from participant_rules.project.ledger import Entry
from participant_rules.project.model import Stored
from participant_rules.project.wire import read_change as read_row
from participant_rules.survey.case import Change, Keys, Known, Operation
from participant_rules.survey.decision import Decision, Standing
from participant_rules.survey.model import InvitationSection, Participant
from participant_rules.survey.wire import read_change
from participant_rules.unset import Unset

__all__ = ["Effects", "effects_of"]


class Effects(Protocol):
    """Works out the effects of records."""

    known: bool
    """Whether the stored participants are known."""

    def of(self, payloads: Sequence[object]) -> Sequence[Effect]:
        """The effects of further records that stand, in their order; the store is asked once."""
        ...


def effects_of(task: ProjectTask | SurveyTask, *, notify: bool = False) -> Effects:
    """The effects of a task's records; `notify` invites the participants that a bulk adds."""
    return _OfRows(task, notify=notify) if isinstance(task, ProjectTask) else _OfParticipants(task)


class _OfRows:
    """Rows of a Bulk Add/Update."""

    def __init__(self, task: ProjectTask, *, notify: bool) -> None:
        self.known = task.roster is not None
        self._task, self._notify, self._row = task, notify, 0
        self._rows: Rows | None = None

    def of(self, payloads: Sequence[object]) -> Sequence[Effect]:
        project = self._task.project.id
        changes = [read_row(bare(each), of_project.Operation.BULK, project) for each in payloads]
        rows = self._asked(changes)
        return [self._effect(rows, each) for each in changes]

    def _effect(self, rows: Rows, change: of_project.Change) -> Effect:
        """The effect of a row, which stands for the ones after it."""
        decision = rows.decide(change)
        effect = Effect(decision.changes, self._notify and decision.action == "add")
        self._stand(rows, decision)
        return effect

    def _asked(self, changes: Sequence[of_project.Change]) -> Rows:
        """The rows, after asking the store about the participants of these changes."""
        task = self._task
        known = of_project.Known(task.project)
        if task.roster is not None:
            answer = task.roster.find(evolve(keys(changes, task.policy), project=task.project.id))
            if not isinstance(answer, of_project.Known):
                raise TypeError("a plan asks a roster whose methods answer at once")
            known = evolve(answer, project=task.project)
        if self._rows is None:
            rules = task.rules[of_project.Operation.BULK]
            self._rows = Rows(known, allow_update=task.allow_update, policy=task.policy, rules=rules)
        elif not isinstance(known.participants, Unset):
            self._rows.learn(known.participants)
        return self._rows

    def _stand(self, rows: Rows, decision: ProjectDecision) -> None:
        """Apply an accepted row; the resulting participant is kept, not its decision."""
        self._row += 1
        if not decision:
            return
        entry = decision.case.entry
        if isinstance(entry, Entry):
            rows.stand(decision, self._row)
            entry.standing = decision.as_stored
        else:
            case, row = decision.case, self._row
            member = partial(case.member_of_row, row=row)
            rows.ledger.take_in_new(Stored(decision.participant), {**case.keys}, member)


class _OfParticipants:
    """Participants that are sent to a survey one by one."""

    def __init__(self, task: SurveyTask) -> None:
        self.known = task.roster is not None
        self._task, self._asked = task, set[str]()
        self._operation = Operation(task.operation)
        self._standing: Standing | None = None

    def of(self, payloads: Sequence[object]) -> Sequence[Effect]:
        call = Change(self._operation, self._task.survey.id)
        changes = [read_change(call, bare(each)) for each in payloads]
        standing = self._learned(changes)
        return [self._effect(standing, each) for each in changes]

    def _effect(self, standing: Standing, change: Change) -> Effect:
        """The effect of a participant, which is applied for the later ones."""
        decision = standing.decide(change)
        effect = Effect(decision.changes, _invites(decision))
        standing.stand(decision)
        return effect

    def _learned(self, changes: Sequence[Change]) -> Standing:
        """The known participants, with the participants of these changes."""
        known = self._find(frozenset(self._identities(changes)) - self._asked)
        if self._standing is None:
            rules = {self._operation: self._task.rules[self._operation]}
            self._standing = Standing(known, caller=self._task.caller, rules=rules)
        elif not isinstance(known.participants, Unset):
            self._standing.learn(known.participants)
        return self._standing

    def _identities(self, changes: Sequence[Change]) -> Iterator[str]:
        survey = self._task.survey
        for each in changes:
            found = survey.identity(each.asked) if isinstance(each.asked, Participant) else None
            if found is not None:
                yield survey.key(found)

    def _find(self, identities: frozenset[str]) -> Known:
        survey, roster = self._task.survey, self._task.roster
        self._asked |= identities
        if roster is None:
            return Known(survey)
        answer = roster.find(Keys(survey.id, identities))
        if not isinstance(answer, Known):
            raise TypeError("a plan asks a roster whose methods answer at once")
        return evolve(answer, survey=survey)


def _invites(decision: Decision) -> bool:
    """Whether invitations are sent to the participant as it stands after an accepted call."""
    result = decision.result if decision else None
    section = result.invitation_section if result is not None else None
    enabled = result is not None and result.enabled is not False
    return enabled and isinstance(section, InvitationSection) and section.send_invitations is True
