"""How a check ends: everything counted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from participant_rules.batch.frequent import FrequentCounter
from participant_rules.batch.outcomes import Action, Filled, Finding, Outcome, Place, Repairable, Summary
from participant_rules.batch.records import Source
from participant_rules.batch.repairs import value_repaired
from participant_rules.violations import Severity

__all__ = ["SummaryCounter", "notices_of"]


class SummaryCounter:
    """The counter of outcomes as they come; with `every_warning` no warning is given once for all."""

    def __init__(self, *, every_warning: bool = False) -> None:
        self._actions = Counter[Action]()
        self._rules = Counter[str]()
        self._repairs = Counter[tuple[str, bool]]()
        self.violations = 0
        self.warnings = 0
        self.warned = 0
        self._frequent = None if every_warning else FrequentCounter()

    def add(self, outcome: Outcome) -> None:
        """Count a record and its findings."""
        self._actions[outcome.action] += 1
        if not outcome.findings:
            return
        rules, errors = self._rules, 0
        for finding in outcome.findings:
            rules[finding.violation.code] += 1
            errors += finding.violation.severity is Severity.ERROR
        self.violations += errors
        self.warnings += len(outcome.findings) - errors
        self.warned += outcome.action != "refused"
        if self._frequent is not None and errors < len(outcome.findings):
            self._frequent.add(outcome)
        for each in outcome.findings:
            self._count_repair(each)

    def _count_repair(self, finding: Finding) -> None:
        repair = finding.violation.repair
        if repair is not None and finding.violation.code != value_repaired.code:
            self._repairs[finding.violation.code, repair.certain] += 1

    def _repairable(self) -> Mapping[str, Repairable]:
        codes = dict.fromkeys(code for code, _ in self._repairs)
        return {code: Repairable(self._repairs[code, True], self._repairs[code, False]) for code in codes}

    @property
    def records(self) -> int:
        """How many records there were."""
        return self._actions.total()

    @property
    def refused(self) -> int:
        """How many records have a violation."""
        return self._actions["refused"]

    def summary(
        self,
        notices: Iterable[Finding] = (),
        *,
        stopped: bool = False,
        filled: Mapping[str, Filled] = MappingProxyType({}),
        skipped: Mapping[str, str] = MappingProxyType({}),
        sent: bool = False,
    ) -> Summary:
        """The counts, and the other facts known at the end; see `Summary`."""
        return Summary(
            records=self.records,
            actions=dict(self._actions),
            violations=self.violations,
            warnings=self.warnings,
            rules=dict(self._rules.most_common()),
            notices=tuple(notices),
            stopped=stopped,
            frequent=tuple(self._frequent.of(self.records)) if self._frequent is not None else (),
            filled=filled,
            skipped=skipped,
            sent=sent,
            repairs=self._repairable(),
        )


def notices_of(source: Source) -> list[Finding]:
    """The notices on a source as a whole."""
    return [Finding(Place(source.name, each.row, each.column), each.violation) for each in source.notices]
