"""A file on its way to a server: read, asked about, judged, sent, and reported of, in that order."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from attrs import define, evolve, field

from participant_rules import project, survey
from participant_rules.batch.judge import bare
from participant_rules.batch.outcomes import Finding, Outcome, Place
from participant_rules.batch.pipeline import RECORDS
from participant_rules.batch.records import Source
from participant_rules.batch.tasks import ProjectTask, SurveyTask
from participant_rules.calling import encoded
from participant_rules.delivery.journal import Journal
from participant_rules.delivery.marks import Marks
from participant_rules.delivery.posting import Posting
from participant_rules.delivery.rows import Mark, Post, Row, State
from participant_rules.delivery.waiting import Patience
from participant_rules.planning import Totals, TotalsCounter, plan_sources
from participant_rules.planning.effects import effects_of
from participant_rules.rules import Rule, fault
from participant_rules.violations import Violation

__all__ = ["DELIVERY", "Job", "arrival_unknown"]

arrival_unknown: Final = fault(
    "It is not known whether the record arrived; ask the server before it is sent again.",
    "arrival-unknown",
    "Of a call without an answer it is asked whether it arrived; where the server's answer does not tell, it "
    "is left.",
)
DELIVERY: Final[tuple[Rule, ...]] = (arrival_unknown,)
"""The rules about what was sent."""


@define
class Job:
    """The records of one source, on their way to a server.

    `task` judges them, `post` carries them, and `journal` says what an earlier run has done. `rules` are the
    laws by their codes in whose words an earlier run's refusals are said; without them those of the family.
    """

    source: Source
    task: ProjectTask | SurveyTask
    post: Post = field(repr=False)
    journal: Journal
    marks: Marks = field(repr=False)
    good_only: bool = False
    notify: bool = False
    patience: Patience = field(factory=Patience)
    rules: Mapping[str, Rule] = field(kw_only=True, repr=False)
    _outcomes: list[Outcome] = field(factory=list, init=False, repr=False)
    _known: list[Mark] = field(factory=list, init=False, repr=False)

    @rules.default
    def _of_the_family(self) -> Mapping[str, Rule]:
        own = project.SENTENCES if isinstance(self.task, ProjectTask) else survey.SENTENCES
        return {each.code: each for each in (*own, *DELIVERY)}

    # ---- read

    def payloads(self) -> Iterator[Any]:
        """The payloads of all records, read anew: JSON texts, or values."""
        for part in self.source.parts(RECORDS):
            yield from map(bare, part.read().payloads)

    def read(self) -> int:
        """Read all records, so that each is known again; how many there are."""
        marks = self.marks.again()
        self._known = [marks.of(_text(each)) for each in self.payloads()]
        return len(self._known)

    def resume(self) -> int:
        """Settle a call that an earlier run left open; returns the number of its records.

        Raises Stopped where the server cannot be asked.
        """
        open_ = {mark: action for _, mark, action in self.journal.open}
        rows = [
            Row(number, self._known[number], _text(payload), open_[self._known[number]])
            for number, payload in enumerate(self.payloads())
            if self._known[number] in open_
        ]
        return sum(1 for _ in self._posting().resume(rows))

    # ---- judge

    def plan(self, *, values: bool = False, progress: Callable[[int, int], None] | None = None) -> Totals:
        """Judge all records, and return the plan of the records still to be sent."""
        counter = TotalsCounter(effects_of(self.task).known)
        planned = plan_sources([self.source], self.task, notify=self.notify, values=values, progress=progress)
        self._outcomes = []
        for each in planned:
            self._outcomes.append(each.outcome)
            if self._known[each.outcome.number] not in self.journal.states:
                counter.add(each)
        return counter.totals()

    @property
    def is_judged(self) -> bool:
        """Whether its records are judged: before, nobody knows how many are to be sent."""
        return bool(self._outcomes) or not self._known

    @property
    def to_send(self) -> int:
        """How many records stand, and have not been sent yet."""
        return sum(self._is_to_send(each) for each in self._outcomes)

    def _is_to_send(self, outcome: Outcome) -> bool:
        return not outcome.refused and self._known[outcome.number] not in self.journal.states

    # ---- send

    def send(self) -> Iterator[tuple[Row, State]]:
        """Send the accepted records; see `Posting.send`."""
        return self._posting().send(self._rows())

    def _posting(self) -> Posting:
        return Posting(self.post, self.journal, self._place, good_only=self.good_only, patience=self.patience)

    def _place(self, number: int) -> int:
        return self._outcomes[number].place.row

    def _rows(self) -> Iterator[Row]:
        for outcome, payload in zip(self._outcomes, self.payloads(), strict=True):
            if self._is_to_send(outcome):
                yield Row(outcome.number, self._known[outcome.number], _text(payload), outcome.action)

    # ---- report

    def outcomes(self) -> Iterator[Outcome]:
        """The outcome of each record, refused or done; unsent records have none."""
        for each in self._outcomes:
            state = self.journal.states.get(self._known[each.number])
            if state is not None:
                yield self._after(each, state)
            elif each.refused:
                yield each

    def _after(self, outcome: Outcome, state: State) -> Outcome:
        """The outcome of a record that was sent."""
        warnings = tuple([each for each in outcome.findings if not each.is_error])
        if state.kind == "sent":
            return outcome._replace(action=state.action, findings=warnings)
        violations = (
            [arrival_unknown.violation()] if state.kind == "unknown" else map(self._worded, state.violations)
        )
        found = [self._finding(outcome, each) for each in violations]
        return outcome._replace(action="refused", findings=(*found, *warnings))

    def _finding(self, outcome: Outcome, violation: Violation) -> Finding:
        column = self.source.column(violation.pointer or "")
        return Finding(Place(outcome.file, outcome.place.row, column), violation)

    def _worded(self, violation: Violation) -> Violation:
        """The violation in words; a journal has its code alone, and no words that a sentence names."""
        if violation.message:
            return violation
        rule = self.rules.get(violation.code)
        if rule is None:
            return evolve(violation, message=violation.code, text=violation.code)
        sentence = rule.law if "{" in rule.text else rule.text
        return evolve(violation, message=sentence, text=sentence, source=rule.source, status=rule.status)


def _text(payload: object) -> bytes:
    """The JSON text of a payload, as it is sent; of one that is no JSON, which is never sent, its type."""
    if isinstance(payload, str | bytes | bytearray | memoryview):
        return payload.encode(errors="surrogatepass") if isinstance(payload, str) else bytes(payload)
    try:
        return encoded(payload)
    except (TypeError, ValueError, RecursionError):
        return type(payload).__name__.encode()
