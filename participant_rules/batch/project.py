"""Rows of a project's Bulk Add/Update, judged by the chunk."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import Any, Final

from attrs import evolve, field, frozen

from participant_rules import jsontext
from participant_rules.batch.chunks import ChunkResult, Draft, Settled
from participant_rules.batch.claims import Hasher, local
from participant_rules.batch.outcomes import Action
from participant_rules.jsontext import Glance
from participant_rules.project.case import Case, Change, Keys, Known, Operation, keys
from participant_rules.project.decision import Decision, Rows
from participant_rules.project.ledger import Entry, Ledger
from participant_rules.project.likeness import is_alike
from participant_rules.project.merge import merge
from participant_rules.project.model import Participant, Project, Stored
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.ports import Roster
from participant_rules.project.rules import BULK
from participant_rules.project.screen import Claim
from participant_rules.project.telling import Teller, teller_of
from participant_rules.project.wire import read_body, read_value
from participant_rules.rules import RuleSet
from participant_rules.unset import Unset
from participant_rules.violations import Violation

__all__ = ["ProjectTask"]

_Told = dict[int, Claim]  # rows that a screen can tell, by their places in a chunk
_Changes = dict[int, Change]  # the other ones


@frozen
class ProjectTask:
    """Records are rows of one Bulk Add/Update of a project.

    Without a `roster` it is not known who is stored, and what depends on that is not judged.
    """

    project: Project
    roster: Roster | None = field(default=None, repr=False)
    allow_update: bool = False
    policy: Policy = POLICY
    laws: RuleSet = field(default=BULK, repr=False)

    def __reduce__(self) -> tuple[type["ProjectTask"], tuple[Any, ...]]:
        """Travels between processes; our own laws, which cannot, are there already."""
        known = (self.project, self.roster, self.allow_update, self.policy)
        return type(self), known if self.laws is BULK else (*known, self.laws)

    def judge(
        self, *, hasher: Hasher = local, glance: Glance = jsontext.glance, warnings: bool = True
    ) -> "ProjectJudge":
        """The judge of these rows; without `warnings` it says violations only."""
        return ProjectJudge(self, hasher, glance, warnings=warnings)

    def ask(self, asked: Keys) -> Known:
        """What the roster answers; raises TypeError for one whose methods are coroutines."""
        if self.roster is None:
            return Known(self.project)
        known = self.roster.find(asked)
        if not isinstance(known, Known):
            raise TypeError("a batch asks a roster whose methods answer at once")
        return evolve(known, project=self.project)

    def rows(self, known: Known) -> Rows:
        """What decides rows on what is known."""
        return Rows(known, allow_update=self.allow_update, policy=self.policy, laws=self.laws)

    def change(self, asked: Participant | Unset, faults: tuple[Violation, ...]) -> Change:
        """A row that was read."""
        return Change(Operation.BULK, self.project.id, asked=asked, faults=faults)


class ProjectJudge:
    """Judges rows: those that can be told by their signs, the others by the rules."""

    def __init__(self, task: ProjectTask, hasher: Hasher, glance: Glance, *, warnings: bool) -> None:
        self.task, self.warns, self._hasher, self._glance = task, warnings, hasher, glance
        if task.laws is BULK:
            self.teller = teller_of(task.project, task.policy, warnings=warnings)
        else:
            self.teller = Teller(task.project, task.policy, task.laws, warnings=warnings)

    def contest(self) -> "ProjectContest":
        """A contest that no row has entered yet."""
        return ProjectContest(self)

    def judge(self, payloads: Sequence[object], first: int = 0, *, sound: bool = False) -> ChunkResult:
        """Judge each row as if it stood alone; see `Judge.judge`."""
        told, changes = self.look(payloads, sound=sound)
        rows = self.task.rows(self.task.ask(self.keys(told, changes)))
        draft = Draft(first, len(payloads))
        self._meet(told, payloads, changes, rows.ledger, draft)
        self._decide(changes, rows, draft)
        self._tell(told, payloads, rows.ledger, draft)
        return draft.finished()

    def look(self, payloads: Sequence[object], *, sound: bool = False) -> tuple[_Told, _Changes]:
        """The rows that the screen can tell, and the others."""
        glance, screen = _take if sound else self._glance, self.teller.screen
        told: _Told = {}
        changes: _Changes = {}
        for place, payload in enumerate(payloads):
            body, colons = glance(payload)
            claim = screen(body)
            if claim is not None and (claim[0] == colons or sound):
                told[place] = claim
            elif not sound and (colons < 0 or not jsontext.is_whole(payload, body, colons)):
                changes[place] = self.task.change(*read_body(payload))
            elif claim is not None:
                told[place] = claim
            else:
                changes[place] = self.task.change(*read_value(body))
        return told, changes

    def change(self, payload: object) -> Change:
        """A row that was told, as a change."""
        return self.task.change(*read_value(self.body(payload)))

    def body(self, payload: object) -> Any:
        """The JSON value of a row that was told: it is sound."""
        return self._glance(payload)[0] if isinstance(payload, bytes | str) else payload

    def keys(self, told: _Told, changes: _Changes) -> Keys:
        """The question about all the rows."""
        asked, claims = keys(changes.values(), self.task.policy), told.values()
        return Keys(
            self.task.project.id,
            asked.ids.union([each.id for each in claims if each.id]),
            asked.identifiers.union([each.identifier for each in claims if each.identifier]),
            asked.emails.union([each.email for each in claims if each.email]),
            self.task.policy,
            tuple(changes.values()),
            frozenset([each.phone for each in claims if each.phone]),
        )

    def _meet(
        self, told: _Told, payloads: Sequence[object], changes: _Changes, ledger: Ledger, draft: Draft
    ) -> None:
        """Take the rows that name somebody who is stored, or have what he has, from those that are told."""
        identifiers, emails, phones = ledger.identifiers.first, ledger.emails.first, ledger.phones.first
        met = [
            place
            for place, (_, name, identifier, email, phone, _, _) in told.items()
            if name is not None or identifier in identifiers or email in emails or phone in phones
        ]
        for place in met:
            claim = told[place]
            entry = identifiers.get(claim.identifier or "")
            if entry is None and claim.id is None:
                continue  # it adds somebody who has what another one has
            del told[place]
            if entry is not None and self.task.allow_update and self.teller.is_clear(claim, entry, ledger):
                draft.put(place, "none" if is_alike(self.body(payloads[place]), claim, entry) else "update")
                for kind, texts in _held(claim, entry):
                    draft.claim(repeat(place), self._hasher(kind, texts))
            else:
                changes[place] = self.change(payloads[place])

    def _decide(self, changes: _Changes, rows: Rows, draft: Draft) -> None:
        """Decide rows by the rules."""
        for place, change in changes.items():
            decision = rows.decide(change)
            draft.put(place, action_of(decision), _said(decision, warnings=self.warns))
            for kind, texts in _claimed(decision.case):
                draft.claim(repeat(place), self._hasher(kind, texts))

    def _tell(self, told: _Told, payloads: Sequence[object], ledger: Ledger, draft: Draft) -> None:
        """Say of rows that add somebody what their signs say, and what he has that is another one's."""
        emails, phones = ledger.emails.first, ledger.phones.first
        for place, claim in told.items():
            if claim.faults or (claim.odd and self.warns) or claim.email in emails or claim.phone in phones:
                stands, said = self.teller.of_new(claim, partial(self.body, payloads[place]), ledger)
                draft.put(place, "add" if stands else "refused", said)
        for kind, column in _COLUMNS.items():
            held: dict[int, Any] = {place: claim[column] for place, claim in told.items() if claim[column]}
            draft.claim(held, self._hasher(kind, held.values()))


_COLUMNS: Final = {"participantIdentifier": 2, "email": 3, "phone": 4}  # of what a claim holds


class ProjectContest:
    """Rows that claim the same, decided one after the other."""

    def __init__(self, judge: ProjectJudge) -> None:
        self._judge, self._task = judge, judge.task
        self._rows = self._task.rows(self._task.ask(Keys(self._task.project.id)))

    def decide(self, rows: Sequence[tuple[int, object]]) -> Iterator[Settled]:
        """Decide further rows in their order; see `Contest.decide`."""
        payloads = [payload for _, payload in rows]
        told, changes = self._judge.look(payloads)
        known = self._task.ask(self._judge.keys(told, changes))
        if not isinstance(known.participants, Unset):
            self._rows.learn(known.participants)
        identifiers = self._rows.ledger.identifiers.first
        for place, (number, payload) in enumerate(rows):
            claim = told.get(place)
            if claim is not None and claim.id is None and (claim.identifier or "") not in identifiers:
                yield number, *self._add(claim, payload, number)
            else:
                change = changes.get(place) or self._judge.change(payload)
                decision = self._rows.decide(change)
                yield number, action_of(decision), _said(decision, warnings=self._judge.warns)
                self._rows.stand(decision, number)

    def _add(self, claim: Claim, payload: object, row: int) -> tuple[Action, tuple[Violation, ...]]:
        """Add somebody who can be told by his signs, unless another one has his address or number."""
        ledger, body = self._rows.ledger, partial(self._judge.body, payload)
        stands, said = self._judge.teller.of_new(claim, body, ledger)
        if stands:
            added = _Added(self._judge, payload)
            ledger.enter_new(added, claim.identifier, claim.email, claim.phone, row)
        return "add" if stands else "refused", said


@frozen
class _Added:
    """An added participant, who is made of his payload when a later row speaks of him."""

    judge: ProjectJudge
    payload: object = field(repr=False)

    @property
    def participant(self) -> Participant:
        """The participant."""
        task = self.judge.task
        return merge(Case.of(self.judge.change(self.payload), Known(task.project, ()), task.policy))

    @property
    def as_stored(self) -> Stored:
        """As an earlier row left it."""
        return Stored(self.participant)


def action_of(decision: Decision) -> Action:
    """What would be done with a row."""
    if decision.violations:
        return "refused"
    action = decision.action
    return "none" if action == "delete" else action


def _said(decision: Decision, *, warnings: bool) -> tuple[Violation, ...]:
    return (*decision.violations, *decision.warnings) if warnings else decision.violations


def _held(claim: Claim, entry: Entry) -> Iterable[tuple[str, Sequence[str]]]:
    """What a row claims that updates a participant, and what that participant has."""
    held: Iterable[tuple[str, set[Any]]] = (
        ("id", {entry.id}),
        ("participantIdentifier", {entry.identifier}),
        ("email", {claim.email, entry.email_key}),
        ("phone", {claim.phone, entry.phone_key}),
    )
    return [(kind, [each for each in texts if each]) for kind, texts in held]


def _claimed(case: Case) -> Iterable[tuple[str, Sequence[str]]]:
    """What a row claims, and what the participant has whom it names."""
    asked, entry = case.change.asked, case.entry
    ids, identifiers = set[Any](), set[Any]()
    emails, phones = {case.email_key}, {case.phone_key}
    if isinstance(asked, Participant):
        ids.add(asked.id.lower() if isinstance(asked.id, str) else None)
        identifiers.add(asked.participant_identifier)
    if isinstance(entry, Entry):
        ids.add(entry.id)
        identifiers.add(entry.identifier)
        emails.add(entry.email_key)
        phones.add(entry.phone_key)
    held = (("id", ids), ("participantIdentifier", identifiers), ("email", emails), ("phone", phones))
    return [(kind, [each for each in texts if each]) for kind, texts in held]


def _take(payload: object) -> tuple[Any, int]:
    return payload, 0
