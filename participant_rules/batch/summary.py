"""How a check ends: everything counted."""

from collections import Counter
from collections.abc import Iterable

from participant_rules.batch.outcomes import Action, Finding, Outcome, Place, Repairable, Summary
from participant_rules.batch.records import Source
from participant_rules.batch.repairs import value_repaired

__all__ = ["SummaryCounter", "notices_of"]


class SummaryCounter:
    """Counts outcomes as they come."""

    def __init__(self) -> None:
        self._actions = Counter[Action]()
        self._rules = Counter[str]()
        self._repairs = Counter[tuple[str, bool]]()
        self.violations = 0
        self.warnings = 0
        self.warned = 0

    def add(self, outcome: Outcome) -> None:
        """Count a record and its findings."""
        self._actions[outcome.action] += 1
        if not outcome.findings:
            return
        errors = sum(each.is_error for each in outcome.findings)
        self.violations += errors
        self.warnings += len(outcome.findings) - errors
        self.warned += outcome.action != "refused"
        self._rules.update(each.violation.code for each in outcome.findings)
        for each in outcome.findings:
            self._count_repair(each)

    def _count_repair(self, finding: Finding) -> None:
        repair = finding.violation.repair
        if repair is not None and finding.violation.code != value_repaired.code:
            self._repairs[finding.violation.code, repair.certain] += 1

    @property
    def records(self) -> int:
        """How many records there were."""
        return self._actions.total()

    @property
    def refused(self) -> int:
        """How many records have a violation."""
        return self._actions["refused"]

    def summary(self, notices: Iterable[Finding] = (), *, stopped: bool = False) -> Summary:
        """What was counted."""
        rules = dict(self._rules.most_common())
        counted = dict(self._actions)
        repairs = {
            code: Repairable(self._repairs[code, True], self._repairs[code, False])
            for code in rules
            if self._repairs[code, True] or self._repairs[code, False]
        }
        said = tuple(notices)
        return Summary(self.records, counted, self.violations, self.warnings, rules, said, stopped, repairs)


def notices_of(source: Source) -> list[Finding]:
    """What is odd about a source as a whole."""
    return [Finding(Place(source.name, each.row, each.column), each.violation) for each in source.notices]
