"""The planned outcome of one record, and the totals of all: values."""

from collections import Counter
from collections.abc import Mapping

from attrs import field, frozen

from participant_rules.batch.outcomes import Action, Outcome
from participant_rules.batch.summary import SummaryCounter
from participant_rules.changes import ChangeKind, MemberChange

__all__ = ["Effect", "PlannedRecord", "Totals", "TotalsCounter"]


@frozen
class Effect:
    """The effect of an accepted record beside its action.

    `changes` are those of an update, `invited` whether an invitation goes out.
    """

    changes: tuple[MemberChange, ...] = ()
    invited: bool = False


@frozen
class PlannedRecord:
    """A record: the outcome of its check, and its effect.

    `columns` are the columns of the changes, where the record is a row of a table that has them (else None).
    """

    outcome: Outcome
    effect: Effect = Effect()
    columns: tuple[str | None, ...] = ()

    @property
    def lost(self) -> int:
        """How many stored values a full replacement would lose."""
        return sum(each.omitted for each in self.effect.changes)


@frozen
class Totals:
    """Everything counted.

    `actions` counts the records by what would be done with them, `members` the members of updates by what
    becomes of them. `lost` are values that full replacements would lose, in `losing` records; `invited` are
    the records whose participant would be invited. Who is stored may be unknown (`known` is false): then it
    is unknown too what is changed and lost.
    """

    records: int
    actions: Mapping[Action, int]
    members: Mapping[ChangeKind, int]
    lost: int
    losing: int
    invited: int
    violations: int
    warnings: int
    known: bool = True


@frozen
class TotalsCounter:
    """Counts planned records as they come."""

    known: bool = True
    _summary: SummaryCounter = field(factory=SummaryCounter, init=False, repr=False)
    _members: Counter[ChangeKind] = field(factory=Counter, init=False, repr=False)
    _counts: Counter[str] = field(factory=Counter, init=False, repr=False)

    def add(self, planned: PlannedRecord) -> None:
        """Count a record."""
        self._summary.add(planned.outcome)
        self._members.update(each.kind for each in planned.effect.changes)
        invited = int(planned.effect.invited)
        self._counts.update(lost=planned.lost, losing=int(planned.lost > 0), invited=invited)

    def totals(self) -> Totals:
        """The totals counted so far."""
        summary, counts = self._summary.summary(), self._counts
        return Totals(
            records=summary.records,
            actions=summary.actions,
            members=dict(self._members),
            lost=counts["lost"],
            losing=counts["losing"],
            invited=counts["invited"],
            violations=summary.violations,
            warnings=summary.warnings,
            known=self.known,
        )
