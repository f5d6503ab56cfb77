"""Rows of a project's Bulk Add/Update, judged by the chunk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from participant_rules.project.likeness import is_alike, may_become
from participant_rules.project.model import Participant, Project
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.ports import Roster
from participant_rules.project.rules import BULK
from participant_rules.project.screen import Claim, Signs, screen_of
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
    """Judges rows: those that a screen can tell by their signs, the others by the rules."""

    def __init__(self, task: ProjectTask, hasher: Hasher, glance: Glance, *, warnings: bool) -> None:
        self._task, self._hasher, self._glance, self._warns = task, hasher, glance, warnings
        self._screen = screen_of(task.project, task.policy) if task.laws is BULK else _tells_nothing
        self._signs: dict[tuple[Signs, Signs], tuple[Violation, ...]] = {}

    def contest(self) -> "ProjectContest":
        """A contest that no row has entered yet."""
        return ProjectContest(self._task, warnings=self._warns)

    def judge(self, payloads: Sequence[object], first: int = 0, *, sound: bool = False) -> ChunkResult:
        """Judge each row as if it stood alone; see `Judge.judge`."""
        told: _Told = {}
        changes: _Changes = {}
        self._look(payloads, told, changes, sound=sound)
        rows = self._task.rows(self._task.ask(self._keys(told, changes)))
        draft = Draft(first, len(payloads))
        self._meet(told, payloads, changes, rows.ledger, draft)
        self._decide(changes, rows, draft)
        self._tell(told, payloads, rows, draft)
        return draft.finished()

    def _look(self, payloads: Sequence[object], told: _Told, changes: _Changes, *, sound: bool) -> None:
        """Part the rows that the screen can tell from the others."""
        glance, screen = _take if sound else self._glance, self._screen
        for place, payload in enumerate(payloads):
            body, colons = glance(payload)
            claim = screen(body)
            if claim is not None and (claim[0] == colons or sound):
                told[place] = claim
            elif not sound and (colons < 0 or not jsontext.is_whole(payload, body, colons)):
                changes[place] = self._task.change(*read_body(payload))
            elif claim is not None:
                told[place] = claim
            else:
                changes[place] = self._task.change(*read_value(body))

    def _body(self, payload: object) -> Any:
        """The JSON value of a row that was told: it is sound."""
        return self._glance(payload)[0] if isinstance(payload, bytes | str) else payload

    def _keys(self, told: _Told, changes: _Changes) -> Keys:
        """The question about all the rows."""
        asked, claims = keys(changes.values(), self._task.policy), told.values()
        return Keys(
            self._task.project.id,
            asked.ids.union([each.id for each in claims if each.id]),
            asked.identifiers.union([each.identifier for each in claims if each.identifier]),
            asked.emails.union([each.email for each in claims if each.email]),
            self._task.policy,
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
            claim = told.pop(place)
            entry = identifiers.get(claim.identifier or "")
            if entry is None and claim.id is None:
                told[place] = _taken(claim, emails, phones)
            elif entry is not None and self._may_update(claim, entry, ledger):
                draft.put(place, "none" if is_alike(self._body(payloads[place]), claim, entry) else "update")
                for kind, texts in _held(claim, entry):
                    draft.claim(repeat(place), self._hasher(kind, texts))
            else:
                changes[place] = self._task.change(*read_value(self._body(payloads[place])))

    def _may_update(self, claim: Claim, entry: Entry, ledger: Ledger) -> bool:
        """Whether it is sure that a row stands which names that participant, and that nothing is said of it."""
        if not self._task.allow_update or claim.id is not None or claim.faults:
            return False
        if claim.odd and (claim.odd != _NOT_TEN_DIGITS or (self._warns and claim.phone != entry.phone_key)):
            return False
        return may_become(claim, entry, ledger)

    def _decide(self, changes: _Changes, rows: Rows, draft: Draft) -> None:
        """Decide rows by the rules."""
        for place, change in changes.items():
            decision = rows.decide(change)
            draft.put(place, action_of(decision), _said(decision, warnings=self._warns))
            for kind, texts in _claimed(decision.case):
                draft.claim(repeat(place), self._hasher(kind, texts))

    def _tell(self, told: _Told, payloads: Sequence[object], rows: Rows, draft: Draft) -> None:
        """Say of rows that add somebody and meet nobody what their signs say."""
        for place, claim in told.items():
            if claim.faults or (claim.odd and self._warns):
                action: Action = "refused" if claim.faults else "add"
                draft.put(place, action, self._by_signs(claim, payloads[place], rows))
        for kind, column in _COLUMNS.items():
            held: dict[int, Any] = {place: claim[column] for place, claim in told.items() if claim[column]}
            draft.claim(held, self._hasher(kind, held.values()))

    def _by_signs(self, claim: Claim, payload: object, rows: Rows) -> tuple[Violation, ...]:
        """What was said of the first row with the same signs."""
        signs = claim.faults, claim.odd
        said = self._signs.get(signs)
        if said is None:
            change = self._task.change(*read_value(self._body(payload)))
            said = _said(rows.decide(change), warnings=self._warns)
            if len(self._signs) < _ENOUGH:
                self._signs[signs] = said
        return said


_COLUMNS: Final = {"participantIdentifier": 2, "email": 3, "phone": 4}  # of what a claim holds
_NOT_TEN_DIGITS: Final = ("mobilePhone",)  # the sign
_ENOUGH: Final = 4096  # ways to be odd or faulty; a file has a few


class ProjectContest:
    """Rows that claim the same, decided one after the other."""

    def __init__(self, task: ProjectTask, *, warnings: bool) -> None:
        self._task, self._warns = task, warnings
        self._rows = task.rows(task.ask(Keys(task.project.id)))

    def decide(self, rows: Sequence[tuple[int, object]]) -> Iterator[Settled]:
        """Decide further rows in their order; see `Contest.decide`."""
        changes = [self._task.change(*read_body(payload)) for _, payload in rows]
        known = self._task.ask(keys(changes, self._task.policy))
        if not isinstance(known.participants, Unset):
            self._rows.learn(known.participants)
        for (number, _), change in zip(rows, changes, strict=True):
            decision = self._rows.decide(change)
            said = _said(decision, warnings=self._warns)
            yield number, action_of(decision), said
            self._rows.stand(decision, number)


def action_of(decision: Decision) -> Action:
    """What would be done with a row."""
    if decision.violations:
        return "refused"
    action = decision.action
    return "none" if action == "delete" else action


def _said(decision: Decision, *, warnings: bool) -> tuple[Violation, ...]:
    return (*decision.violations, *decision.warnings) if warnings else decision.violations


def _taken(claim: Claim, emails: Mapping[str, Entry], phones: Mapping[str, Entry]) -> Claim:
    """The claim of a row that adds somebody, with the signs of what a stored participant has already."""
    taken = [
        sign
        for sign, key, held in (("email!", claim.email, emails), ("phone!", claim.phone, phones))
        if key in held
    ]
    return claim._replace(faults=(*claim.faults, *taken))


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


def _tells_nothing(_body: object) -> None:
    """The screen for laws that it does not know."""
