"""Participants to a survey: one call each."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from attrs import field, frozen

from participant_rules.batch.outcomes import Action
from participant_rules.delivery.rows import Arrival, Row
from participant_rules.delivery.waiting import Patience
from participant_rules.survey import Change, Client, Known, Operation, Participant, Stored, Survey, decide
from participant_rules.survey.case import Case
from participant_rules.survey.wire import read_change
from participant_rules.violations import Violation

__all__ = ["SurveyPost"]


@frozen
class SurveyPost:
    """Carries participants to a survey, to be added or updated, each in a call of its own."""

    most: ClassVar[int] = 1

    client: Client
    survey: Survey
    operation: Literal["add", "update"] = "update"
    patience: Patience = field(factory=Patience)

    def send(self, rows: Sequence[Row]) -> Sequence[Action]:
        """Send a participant; see `Post.send`."""
        (row,) = rows
        if self.operation == "add":
            self.client.add(self.survey.id, row.payload)
        else:
            self.client.update(self.survey.id, self._uid(row), row.payload)
        return [self.operation]

    def by_row(self, violations: Sequence[Violation]) -> dict[int, tuple[Violation, ...]]:
        """The violations are all about the only row."""
        return {0: tuple(violations)}

    def arrival(self, rows: Sequence[Row]) -> Arrival:
        """Whether a call arrived: the participant is as the row would make it.

        Who is otherwise is to be updated. Of somebody who was to be added nobody can tell then: somebody else
        may have been there before, or have changed what arrived.
        """
        (row,) = rows
        uid = self._uid(row)
        found = self.patience.find(lambda: self.client.get(self.survey.id, uid))
        if found is None:
            return Arrival.ABSENT
        if self._is_done(row, uid, found):
            return Arrival.ARRIVED
        return Arrival.ABSENT if self.operation == "update" else Arrival.UNKNOWN

    def _is_done(self, row: Row, uid: str, found: Participant) -> bool:
        """Whether an update by the row would change nothing."""
        change = read_change(Change(Operation.UPDATE, self.survey.id, uid), row.payload)
        known = Known(self.survey, {self.survey.key(uid): Stored(found)})
        decision = decide(Case.of(change, known, self.client.caller))
        return bool(decision) and not decision.changes

    def _uid(self, row: Row) -> str:
        """The identity in the row, by which the path names the participant."""
        asked = read_change(Change(Operation.ADD, self.survey.id), row.payload).asked
        identity = self.survey.identity(asked) if isinstance(asked, Participant) else None
        if identity is None:
            raise LookupError("a row that stands has an identity")
        return identity if self.survey.logged_on else identity.strip()
